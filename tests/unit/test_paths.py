"""The weights are found wherever the program lies."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from xception_gui import paths

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


@pytest.mark.parametrize("folder", [paths.data_folder, paths.cache_folder, paths.log_folder])
def test_one_variable_moves_all_the_persons_folders(folder, monkeypatch, tmp_path):
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    assert folder().parent == tmp_path
    monkeypatch.delenv(paths.HOME_VARIABLE)
    assert folder().parent != tmp_path
    assert "xception-gui" in folder().parts
