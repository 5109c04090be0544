"""The weights are found wherever the program lies, and the person's folders are the person's alone."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from tests.unit.test_deletion import listing
from xception_gui import diagnostics, paths
from xception_gui.data.cache import folders as cache_folders

PROJECT = Path(__file__).resolve().parents[2]


def test_in_the_source_tree():
    assert paths.models_folder() == PROJECT / "models"
    assert paths.shipped_weights().is_file()
    assert paths.shipped_backbone().is_file()


def test_in_a_frozen_program(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.shipped_backbone() == tmp_path / "models" / "xception_backbone.tflite"


def test_in_an_installed_wheel(tmp_path):
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*build, "--wheel-dir", str(tmp_path), str(PROJECT)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    wheel.unlink()
    code = "from xception_gui import paths; print(paths.shipped_backbone()); print(paths.shipped_weights())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "site", capture_output=True, text=True, check=True
    )
    for line in done.stdout.splitlines():
        assert Path(line).is_relative_to(tmp_path / "site" / "xception_gui" / "models")
        assert Path(line).is_file()
    shutil.rmtree(tmp_path / "site")


FOLDERS = pytest.mark.parametrize("folder", [paths.data_folder, paths.cache_folder, paths.log_folder])


@FOLDERS
def test_one_variable_moves_all_the_persons_folders(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    assert folder().parent == tmp_path
    monkeypatch.delenv(paths.HOME_VARIABLE)
    assert folder().parent != tmp_path
    assert "xception-gui" in folder().parts


posix = pytest.mark.skipif(not hasattr(os, "getuid"), reason="This system has no owners and modes of files")


@posix
@FOLDERS
def test_nobody_else_may_look_into_them(folder, monkeypatch, tmp_path):
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "new"))
    assert mode_of(folder()) == 0o700
    folder().chmod(0o755)  # as the first release made them
    assert mode_of(folder()) == 0o700


def mode_of(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


@pytest.fixture
def without_a_home(monkeypatch, tmp_path) -> Path:
    """An account without a home: the folder in which everybody may make some."""

    def no_home(*arguments: object, **options: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv(paths.HOME_VARIABLE)
    for name in ("data", "cache", "config", "log"):
        monkeypatch.setattr(paths.platformdirs, f"user_{name}_path", no_home)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path / f"xception-gui-{os.getuid()}"


@posix
def test_without_a_home_there_is_a_folder_of_ones_own(without_a_home):
    assert paths.log_folder() == without_a_home / "log"
    assert mode_of(without_a_home) == 0o700
    assert paths.cache_folder() == without_a_home / "cache"  # the next start finds it again


def link(place: Path, elsewhere: Path) -> None:
    place.symlink_to(elsewhere)


def open_to_all(place: Path, elsewhere: Path) -> None:
    place.mkdir()
    place.chmod(0o777)
    (place / "log").symlink_to(elsewhere / "log")
    (place / "cache").symlink_to(elsewhere / "cache")


def file(place: Path, elsewhere: Path) -> None:
    place.touch()


@posix
@pytest.mark.parametrize("trap", [link, open_to_all, file])
def test_a_trap_in_its_place_is_passed_by(without_a_home, tmp_path, trap):
    victim = tmp_path / "victim"
    for name in ("log", "cache/previews"):
        (victim / name).mkdir(parents=True)
        for number in range(40):
            (victim / name / f"20250101-000000-window-{number:09}.log").write_text("mine")
            (victim / name / f"{number:032}.jpg").write_bytes(bytes(1000))
    before = listing(victim)
    trap(without_a_home, victim)
    found = paths.log_folder().parent
    assert found not in (without_a_home, victim) and mode_of(found) == 0o700 and not found.is_symlink()
    assert paths.cache_folder().parent == found  # one for all, and for the next start
    diagnostics._delete_old_logs(paths.log_folder())
    cache_folders.tidy("previews", above=0, down_to=0)
    assert listing(victim) == before


@posix
@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="Only root can make another person's folder")
def test_nor_is_another_persons_folder_used(without_a_home):
    without_a_home.mkdir(0o700)
    os.chown(without_a_home, 12345, 12345)
    assert paths.log_folder().parent != without_a_home
