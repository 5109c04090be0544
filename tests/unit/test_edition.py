"""Which program this is, and how the others beside it are started."""

import os
import sys

import pytest

from xception_gui import edition


@pytest.fixture
def packaged(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")


def test_from_source_everything_is_a_module_of_this_python():
    assert edition.window_command() == edition.console_command() == [sys.executable, "-m", "xception_gui"]


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
