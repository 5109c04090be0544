"""`demo`: the main job on pictures that the program draws itself."""

import os
import shlex
import sys
from itertools import count
from pathlib import Path

from xception_gui import paths
from xception_gui.cli import printing
from xception_gui.cli.running import Terminal, result_of
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages import (
    EvaluateRequest,
    EvaluateResult,
    PredictRequest,
    PredictResult,
    TrainRequest,
    TrainResult,
)
from xception_gui.domain.recipe import Preset, make_recipe

COMMAND_VARIABLE = "XCEPTION_GUI_COMMAND"
"""Environment variable: how whoever started this program calls it."""


def run_demo(terminal: Terminal, *, headless: bool) -> TrainResult:
    """Draw the sample set, train Quick on it, show how good it is, and predict pictures that it hasn't seen.

    Raises:
        ProgramError: CANNOT_WRITE, and what the jobs raise.
        JobStopped: stopped before there was a model.
    """
    print(_why_in_the_terminal(headless), file=terminal.out)
    dataset, new_pictures = _draw_samples(terminal)
    run = _free_name(paths.data_folder() / "models", "road scenes")
    trained = result_of(TrainRequest(str(dataset), str(run), make_recipe(Preset.QUICK)), TrainResult, terminal)
    print(file=terminal.out)
    printing.print_train(trained, terminal.out)
    if trained.stopped:
        return trained
    evaluated = result_of(EvaluateRequest(str(run)), EvaluateResult, terminal)
    print(file=terminal.out)
    printing.print_evaluation(evaluated, terminal.out)
    predicted = result_of(PredictRequest(str(run), (str(new_pictures),)), PredictResult, terminal)
    command = os.environ.get(COMMAND_VARIABLE, "xception-gui")
    print("\nWhat it says about pictures that it has never seen:", file=terminal.out)
    printing.print_predictions(predicted.predictions, 3, terminal.out)
    print(
        f"\nTry it on a picture of your own:\n    {command} predict {shlex.quote(str(run))} PICTURE",
        file=terminal.out,
    )
    return trained


def _why_in_the_terminal(headless: bool) -> str:
    if headless:
        return "Running in the terminal, as asked."
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return "There is no display here: running in the terminal."
    return "Running in the terminal: this release has no window yet."


def _draw_samples(terminal: Terminal) -> tuple[Path, Path]:
    from xception_gui.data.sample_set import write_sample_set

    folder = paths.data_folder() / "sample pictures"
    print("Drawing sample pictures of roads: clear, busy, jammed …", file=terminal.err)
    try:
        samples = write_sample_set(folder)
    except OSError as error:
        raise ProgramError(ErrorCode.CANNOT_WRITE, path=folder, found=error.strerror or error) from error
    return samples.dataset, samples.new_pictures


def _free_name(folder: Path, name: str) -> Path:
    """Find a name that isn't taken: `name`, `name 2`, `name 3` …"""
    names = (folder / (name if number == 1 else f"{name} {number}") for number in count(1))
    return next(path for path in names if not path.exists())
