"""`demo`: training and classification on pictures that the program draws itself."""

import argparse
import os
import shlex
import subprocess
from pathlib import Path

from xception_gui import paths
from xception_gui.cli.documents import named
from xception_gui.cli.exit_status import ExitStatus
from xception_gui.cli.printing import say
from xception_gui.cli.running import Terminal, predictions_of, result_of
from xception_gui.cli.verbs.evaluate import print_evaluation
from xception_gui.cli.verbs.predict import print_predictions
from xception_gui.cli.verbs.train import print_train
from xception_gui.diagnostics import logger
from xception_gui.display import why_no_screen
from xception_gui.domain.messages.dataset import DrawSamplesRequest
from xception_gui.domain.messages.training import TrainRequest, TrainResult
from xception_gui.domain.messages.using import EvaluateRequest, PredictRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.edition import console_name, window_command
from xception_gui.runs.free_name import free_name

ORDER = 10
HELP = "draw sample pictures, train a model on them, and classify new ones"

PATIENCE = 300
"""Seconds that the screenshots of the window may take."""

COMMAND_VARIABLE = "XCEPTION_GUI_COMMAND"
"""Environment variable: the command with which a script started this program."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments to its parser."""
    parser.add_argument("--headless", action="store_true", help="stay in the terminal even if there is a display")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Run the verb. Return the exit status."""
    return ExitStatus.STOPPED if run_demo(terminal, headless=arguments.headless).stopped else ExitStatus.DONE


def run_demo(terminal: Terminal, *, headless: bool) -> TrainResult:
    """Draw the sample set, train Quick on it, evaluate the model, and classify new pictures.

    Raises:
        ProgramError: CANNOT_WRITE, and what the jobs raise.
        JobStopped: stopped before there was a result.
    """
    reason = "You chose --headless." if headless else why_no_screen()
    if reason is not None:
        say(f"The demo stays in the terminal. {reason}", terminal.out)
    samples = result_of(DrawSamplesRequest(str(paths.data_folder() / "sample pictures")), terminal)
    models = paths.data_folder() / "models"
    run = models / free_name(models, "road scenes")
    training = TrainRequest(samples.dataset, str(run), make_recipe(Preset.QUICK))
    trained = result_of(training, terminal)
    print(file=terminal.out)
    print_train(trained, terminal.out)
    if trained.stopped:
        return trained
    evaluated = result_of(EvaluateRequest(str(run)), terminal)
    print(file=terminal.out)
    print_evaluation(evaluated, terminal.out)
    result, predictions = predictions_of(PredictRequest(str(run), (samples.new_pictures,)), terminal)
    command = os.environ.get(COMMAND_VARIABLE) or console_name()
    print("\nPredictions for pictures that the model has never seen:", file=terminal.out)
    print_predictions(named(predictions, result.classes, 3), 3, terminal.out)
    print("\nTry the model on a picture of your own:", file=terminal.out)
    say(f"    {command} predict {shlex.quote(str(run))} PICTURE", terminal.out)
    if reason is None:
        _open_window(run, samples.new_pictures, terminal)
    else:
        _write_page_pictures(run, samples.new_pictures, terminal)
    return trained


def _open_window(run: Path, new_pictures: str, terminal: Terminal) -> None:
    """Show the model in a new process, as this one holds all that the jobs loaded. Returns once it has ended."""
    print("\nThe window opens with this model. Close it to return here.", file=terminal.out)
    subprocess.run([*window_command(), str(run), new_pictures], check=False)


def _write_page_pictures(run: Path, new_pictures: str, terminal: Terminal) -> None:
    """Write screenshots of what the window would show, if Qt's libraries are installed."""
    folder = run.with_name(free_name(run.parent, f"{run.name} - pages"))
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [*window_command(), "--page-pictures", str(folder), str(run), new_pictures]
    try:
        ended = subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE, check=False)
        done = ended.returncode == 0
        if not done:
            for line in ended.stderr.decode(errors="backslashreplace").splitlines():
                logger.warning("No screenshots of the window: %s", line)
    except subprocess.TimeoutExpired:
        done = False
    if done:
        print("\nScreenshots of this model in the window:", file=terminal.out)
        say(f"    {folder}", terminal.out)
    else:
        print("\nNo screenshots of the window could be made: libraries that Qt needs are missing.", file=terminal.out)
