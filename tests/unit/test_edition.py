"""Which program this is, and how the others beside it are started."""

import os
import sys
from pathlib import Path

import pytest

from xception_gui import edition, paths
from xception_gui.surroundings import forget_settings


@pytest.fixture
def packaged(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")


def test_from_source_everything_is_this_python_alone_with_this_program():
    program = str(Path(edition.__file__).with_name("__main__.py"))
    alone = [sys.executable, "-I", "-X", "utf8", program]
    assert edition.window_command() == edition.console_command() == alone


@pytest.mark.parametrize("name", ["xception-gui", "xception-gui-lite"])
@pytest.mark.parametrize("started", ["", "-cli"])
def test_packaged_each_program_finds_the_other(packaged, monkeypatch, name, started):
    monkeypatch.setattr(sys, "executable", f"/opt/{name}/{name}{started}")
    assert edition.window_command() == [f"/opt/{name}/{name}"]
    assert edition.console_command() == [f"/opt/{name}/{name}-cli"]
    assert edition.desktop_id() == name
    assert edition.console_name() == f"{name}-cli"


def test_names_of_programs_keep_their_suffix(packaged, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/opt/xception-gui/xception-gui.exe")
    assert edition.console_command() == ["/opt/xception-gui/xception-gui-cli.exe"]


def test_programs_that_are_started_from_here_find_the_libraries_of_the_system(packaged, monkeypatch):
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/xception-gui/_internal")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/usr/local/lib")
    monkeypatch.delenv("PYINSTALLER_RESET_ENVIRONMENT", raising=False)
    edition.forget_own_libraries()
    assert os.environ["LD_LIBRARY_PATH"] == "/usr/local/lib"
    assert os.environ.pop("PYINSTALLER_RESET_ENVIRONMENT") == "1"  # engines find their own all the same
    edition.forget_own_libraries()
    assert os.environ.pop("PYINSTALLER_RESET_ENVIRONMENT") == "1"
    assert "LD_LIBRARY_PATH" not in os.environ


def test_from_source_the_environment_stays_as_it_is(monkeypatch):
    monkeypatch.setenv("LD_LIBRARY_PATH", "/usr/local/lib")
    edition.forget_own_libraries()
    assert os.environ["LD_LIBRARY_PATH"] == "/usr/local/lib"


WISHES = ("CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS", "TF_FORCE_GPU_ALLOW_GROWTH", "HDF5_USE_FILE_LOCKING")
WISHES += ("QT_SCALE_FACTOR", "QT_QPA_PLATFORM", "QT_IM_MODULE", "LANG", "NO_COLOR", "TMPDIR", "XCEPTION_GUI_HOME")
SETTINGS = ("KERAS_BACKEND", "KERAS_HOME", "TF_XLA_FLAGS", "XLA_FLAGS", "TF_ENABLE_ONEDNN_OPTS", "ONEDNN_MAX_CPU_ISA")
SETTINGS += (
    "TF2_BEHAVIOR",
    "AUTOGRAPH_VERBOSITY",
    "LIBHEIF_SECURITY_LIMITS",
    "NPY_DISABLE_CPU_FEATURES",
    "HDF5_PLUGIN_PATH",
    "PYQTGRAPH_QT_LIB",
    "QT_STYLE_OVERRIDE",
    "QT_PLUGIN_PATH",
)


@pytest.fixture
def set_up(monkeypatch):
    for name in (*WISHES, *SETTINGS):
        monkeypatch.setenv(name, "1")


def test_what_sets_libraries_up_is_forgotten_and_what_a_person_wishes_is_kept(set_up):
    forget_settings()
    assert [name for name in (*WISHES, *SETTINGS) if name in os.environ] == [*WISHES]


def test_a_packaged_program_keeps_the_place_of_qts_plugins_that_it_has_set_itself(set_up, packaged):
    forget_settings()
    assert [name for name in SETTINGS if name in os.environ] == ["QT_PLUGIN_PATH"]


def test_a_home_named_from_this_folder_is_the_same_from_another_one(monkeypatch, tmp_path):
    monkeypatch.setenv(paths.HOME_VARIABLE, "home")
    monkeypatch.chdir(tmp_path)
    paths.settle_home()
    monkeypatch.chdir("/")
    assert paths.data_folder() == tmp_path / "home" / "data"
