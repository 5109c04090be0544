"""The program in bad surroundings: a folder full of files that are named as Python's modules, variables that set its
libraries up for something else, an account with packages and settings of its own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import xception_gui
from tests.programs import PATIENCE, PROGRAM, run_program
from tests.traps import OF_LIBRARIES, OF_PYTHON, OF_WINDOWS, Trap
from xception_gui.ui.engines.engine_client import engine_command

AS_A_MODULE = [sys.executable, "-m", "xception_gui"]


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    return Trap(tmp_path / "downloaded")


@pytest.fixture
def script(tmp_path: Path) -> list[str]:
    """What pip makes of the wheel's entry point, as its newer releases write it."""
    path = tmp_path / "bin" / "xception-gui"
    path.parent.mkdir()
    path.write_text("import sys\nfrom xception_gui.__main__ import start\nsys.exit(start())\n")
    return [sys.executable, str(path)]


def offscreen(**variables: str) -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", **variables}


def test_a_window_that_is_started_in_a_folder_with_python_files_runs_none_of_them(trap, colours_run, tiny_dataset):
    """It predicts, so its engines work: also on what was named from that folder, which isn't theirs."""
    shutil.copytree(colours_run, trap.folder / "run")
    shutil.copy(next(tiny_dataset.rglob("*.png")), trap.folder / "picture.png")
    done = run_program("--self-test", "run", "picture.png", program=AS_A_MODULE, cwd=trap.folder, env=offscreen())
    assert trap.caught == ""
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["predicted"]


def test_an_engine_that_is_started_there_runs_none_of_them(trap):
    done = subprocess.run(engine_command(), cwd=trap.folder, input="", capture_output=True, text=True, timeout=PATIENCE)
    assert (trap.caught, done.returncode, json.loads(done.stdout)["type"]) == ("", 0, "hello")


def test_a_command_takes_paths_from_the_folder_that_it_is_given_in_and_nothing_else(trap, script, tiny_dataset):
    tiny_dataset.rename(trap.folder / "pictures")
    for program in (PROGRAM, AS_A_MODULE, script):
        done = run_program("check", "pictures", "--json", program=program, cwd=trap.folder)
        assert (trap.caught, done.returncode) == ("", 0), done.stderr
        assert json.loads(done.stdout)["classes"] == {"blue": 8, "red": 8}


def test_variables_of_python_and_of_libraries_change_nothing(trap, script, tiny_dataset, tmp_path):
    """As somebody who works with them has set them: for good, in the files that a shell reads."""
    environment = {**os.environ, **OF_PYTHON, **OF_LIBRARIES, "PYTHONPATH": str(trap.folder)}
    figures = []
    for program, variables in ((PROGRAM, {}), (PROGRAM, environment), (script, environment)):
        words = ("train", tiny_dataset, "--out", tmp_path / f"run {len(figures)}", "--image-size", "71", "--json")
        done = run_program(*words, program=program, env={**os.environ, **variables})
        assert (trap.caught, done.returncode) == ("", 0), done.stderr
        figures.append(json.loads(done.stdout)["val_log_loss"])
    assert len(set(figures)) == 1


DRAW_A_PLOT = """
import json
from xception_gui.surroundings import forget_settings
forget_settings()
from xception_gui.app import make_application
app = make_application()
import pyqtgraph
print(json.dumps([pyqtgraph.Qt.QT_LIB, pyqtgraph.PlotWidget().grab().isNull()]))
"""


def test_variables_of_qt_do_not_keep_the_window_from_drawing():
    done = subprocess.run(
        [sys.executable, "-c", DRAW_A_PLOT],
        env=offscreen(**OF_WINDOWS),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["PySide6", False]


KERAS_AS_IT_IS_SET = """
import json, sys
from xception_gui.surroundings import forget_settings
forget_settings()
import xception_gui.finetune.architectures.build
import keras
print(json.dumps([keras.config.backend(), keras.config.image_data_format(), keras.config.floatx(),
                  keras.config.epsilon(), keras.config.max_epochs()]))
"""


def test_keras_is_set_up_by_the_program_and_not_by_the_account(tmp_path):
    settings = {"image_data_format": "channels_first", "floatx": "float64", "epsilon": 1, "backend": "jax"}
    (tmp_path / ".keras").mkdir()
    for folder in (tmp_path, tmp_path / ".keras"):
        (folder / "keras.json").write_text(json.dumps(settings))
    done = subprocess.run(
        [sys.executable, "-c", KERAS_AS_IT_IS_SET],
        env={**os.environ, **OF_LIBRARIES, "HOME": str(tmp_path), "KERAS_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["tensorflow", "channels_last", "float32", 1e-07, None]


def test_a_program_among_an_accounts_own_packages_finds_itself_and_no_other(trap, tmp_path):
    """As `pip install --user` puts it, where Python alone doesn't look, ahead of another one that is installed."""
    place = tmp_path / "site-packages"
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(xception_gui.__file__).parent, place / "xception_gui", ignore=without)
    (place / "xception_gui" / "__init__.py").write_text('__version__ = "of this account"\n')
    (place / "random.py").write_text((trap.folder / "random.py").read_text())
    environment = {**os.environ, "PYTHONPATH": str(place)}
    done = run_program("--version", program=AS_A_MODULE, cwd=trap.folder, env=environment)
    assert (trap.caught, done.stdout) == ("", "xception-gui of this account\n"), done.stderr
