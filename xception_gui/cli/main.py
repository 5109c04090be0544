"""From arguments to a verb, and from however it ends to an exit status."""

import argparse
import os
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from xception_gui import diagnostics
from xception_gui.cli import printing
from xception_gui.cli.arguments import make_parser
from xception_gui.cli.progress import files
from xception_gui.cli.running import Terminal, predictions_of, result_of
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.folders import Folders
from xception_gui.domain.lines import plain
from xception_gui.domain.messages.base import JobResult
from xception_gui.domain.messages.dataset import CheckRequest
from xception_gui.domain.messages.exporting import ExportFormat, ExportRequest
from xception_gui.domain.messages.training import ResumeRequest, TrainRequest
from xception_gui.domain.messages.using import EvaluateRequest, PredictRequest
from xception_gui.domain.recipe import (
    RANDOM_WEIGHTS,
    Augmentation,
    Precision,
    Preset,
    Recipe,
    RecipeError,
    Training,
    make_recipe,
)
from xception_gui.domain.visible import visible
from xception_gui.jobs.reporting import system_refused
from xception_gui.runs import prediction_table
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.schema import Status

STDOUT = "/dev/stdout"
"""As a name after --csv: the table goes where results go."""

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_STOPPED = 130  # as shells say it of Ctrl-C


class UsageError(ValueError):
    """Arguments that can't be meant."""


def run_command_line(words: Sequence[str]) -> int:
    """Do what the words say. Returns the exit status."""
    arguments = make_parser().parse_args(words)  # says what is wrong and exits with 2
    diagnostics.start_log(arguments.verb)
    terminal = Terminal(diagnostics.keep_stdout(), diagnostics.keep_stderr())
    try:
        return _VERBS[arguments.verb](arguments, terminal)
    except (RecipeError, UsageError) as error:
        print(f"xception-gui {arguments.verb}: {visible(str(error))}", file=terminal.err)
        return EXIT_USAGE
    except ProgramError as error:
        terminal.print_failure(error)
        return EXIT_FAILED
    except JobStopped as stopped:
        saved = f"The training was saved; {_how_to_go_on(arguments)}."
        words = saved if stopped.resumable else "Stopped before there was anything to keep."
        print(f"xception-gui: {words}", file=terminal.err)
        return EXIT_STOPPED
    except KeyboardInterrupt:
        if _has_left_a_training(arguments):
            print(f"xception-gui: Ended at once; {_how_to_go_on(arguments)}.", file=terminal.err)
        return EXIT_STOPPED
    except BrokenPipeError:  # whoever read our output has had enough
        return EXIT_FAILED
    except OSError as error:  # stdout on a full disk, say
        terminal.print_failure(system_refused(error))
        return EXIT_FAILED
    except Exception as error:
        diagnostics.logger.exception("The command line failed")
        found = traceback.format_exception_only(error)[-1].strip()
        terminal.print_failure(ProgramError(ErrorCode.UNEXPECTED, found=found, log=diagnostics.log_file()))
        return EXIT_FAILED


def _how_to_go_on(arguments: argparse.Namespace) -> str:
    """Say how a training that these words have begun is gone on with."""
    if arguments.verb != "train":  # the demo's, whose next one draws and trains anew
        return "the window goes on with it, on its page Start"
    return "the same words go on with it" if arguments.resume else "the same words with --resume go on with it"


def _has_left_a_training(arguments: argparse.Namespace) -> bool:
    if arguments.verb != "train":
        return False
    try:
        return RunFolder(Path(arguments.out)).read_record().status in (Status.TRAINING, Status.FAILED)
    except ProgramError:  # it had not begun
        return False


def _check(arguments: argparse.Namespace, terminal: Terminal) -> int:
    result = result_of(CheckRequest(arguments.dataset, _folders(arguments)), terminal)
    if arguments.json:
        terminal.print_json(_document(result))
    else:
        printing.print_check(result, terminal.out)
    for problem in result.problems:
        if problem.severity == "error":
            print(f"xception-gui: {visible(problem.message)}", file=terminal.err)
    return EXIT_DONE if result.can_be_trained_on else EXIT_FAILED


def _train(arguments: argparse.Namespace, terminal: Terminal) -> int:
    result = result_of(_training_request(arguments), terminal)
    if arguments.json:
        terminal.print_json(_document(result))
    else:
        printing.print_train(result, terminal.out)
    return EXIT_STOPPED if result.stopped else EXIT_DONE


def _training_request(arguments: argparse.Namespace) -> TrainRequest | ResumeRequest:
    """Take the words for a new training, or for one to go on with.

    Raises:
        RecipeError: no such recipe can be meant.
        UsageError: the training was begun with something else.
        ProgramError: NOT_A_RUN, RUN_DAMAGED.
    """
    fields = _recipe_fields(arguments)
    if not arguments.resume:
        return TrainRequest(
            arguments.dataset,
            arguments.out,
            make_recipe(Preset(arguments.recipe or Preset.QUICK), **fields),
            _folders(arguments),
        )
    record = RunFolder(Path(arguments.out)).read_record()
    if os.path.realpath(arguments.dataset) != os.path.realpath(record.dataset):
        raise UsageError(f"“{arguments.out}” is a training on “{record.dataset}”, not on “{arguments.dataset}”.")
    taken = Folders.PARTS if record.has_parts else Folders.CLASSES
    if _folders(arguments) not in (Folders.AUTO, taken):
        raise UsageError(f"“{arguments.out}” was begun with --folders {taken}, not {arguments.folders}.")
    begun = msgspec.to_builtins(record.recipe)
    begun |= begun.pop("training") or {}
    if begun["weights"] not in (None, RANDOM_WEIGHTS):  # the first release kept the path as it was given
        begun["weights"] = str(Path(begun["weights"]).absolute())
    for name, value in (fields | ({"preset": arguments.recipe} if arguments.recipe else {})).items():
        if begun.get(name) != value:
            option = "recipe" if name == "preset" else name.replace("_", "-")
            raise UsageError(f"“{arguments.out}” was begun with --{option} {begun.get(name)}, not {value}.")
    return ResumeRequest(arguments.out)


def _folders(arguments: argparse.Namespace) -> Folders:
    return Folders(arguments.folders or Folders.AUTO)


def _recipe_fields(arguments: argparse.Namespace) -> dict[str, Any]:
    """Give what the words say of the recipe's fields."""
    names = {*Recipe.__struct_fields__, *Training.__struct_fields__}
    if arguments.weights not in (None, RANDOM_WEIGHTS):
        arguments.weights = str(Path(arguments.weights).absolute())
    if arguments.augment is not None:
        arguments.augment = Augmentation(arguments.augment)
    if arguments.precision is not None:
        arguments.precision = Precision(arguments.precision)
    return {name: value for name, value in vars(arguments).items() if name in names and value is not None}


def _predict(arguments: argparse.Namespace, terminal: Terminal) -> int:
    if arguments.top < 1:
        raise UsageError(f"--top must be 1 or more. Received: {arguments.top}")
    if arguments.csv and arguments.csv != STDOUT:
        prediction_table.refuse_place(Path(arguments.csv))
    request = PredictRequest(arguments.run, tuple(arguments.paths))
    result, predictions = predictions_of(request, terminal)
    if arguments.csv == STDOUT:
        terminal.print_table(prediction_table.table(predictions, result.classes))
    elif arguments.json:
        terminal.print_json([_shortened(plain(picture), arguments.top) for picture in predictions])
    else:
        printing.print_predictions(predictions, arguments.top, terminal.out)
    if arguments.csv and arguments.csv != STDOUT:
        prediction_table.write_csv(Path(arguments.csv), predictions, result.classes)
    if result.stopped:
        return EXIT_STOPPED
    if result.unreadable < result.pictures:
        return EXIT_DONE
    were = "was" if result.pictures == 1 else "were"
    found = f"{files(result.pictures)} {were} looked at." if result.pictures else "There was no file to look at."
    raise ProgramError(ErrorCode.NOTHING_READABLE, found=found)


def _evaluate(arguments: argparse.Namespace, terminal: Terminal) -> int:
    if arguments.folders and arguments.dataset is None:
        raise UsageError("--folders tells what the folders in DATASET are. Received: no DATASET")
    request = EvaluateRequest(arguments.run, arguments.dataset, _folders(arguments))
    result = result_of(request, terminal)
    if arguments.json:
        terminal.print_json(_document(result))
    else:
        printing.print_evaluation(result, terminal.out)
    return EXIT_DONE


def _export(arguments: argparse.Namespace, terminal: Terminal) -> int:
    export_format = ExportFormat(arguments.format)
    if export_format is ExportFormat.KERAS and not arguments.out.endswith(".keras"):
        raise UsageError(f"Keras opens only files whose names end in .keras. Received: {arguments.out}")
    result = result_of(ExportRequest(arguments.run, export_format, arguments.out), terminal)
    if arguments.json:
        terminal.print_json(_document(result))
    else:
        printing.print_export(result, terminal.out)
    return EXIT_DONE


def _doctor(arguments: argparse.Namespace, terminal: Terminal) -> int:
    from xception_gui.cli.doctor import examine, print_examination

    examination = examine()
    if arguments.json:
        terminal.print_json(plain(examination))
    else:
        print_examination(examination, terminal.out)
    return EXIT_DONE if examination.ok else EXIT_FAILED


def _demo(arguments: argparse.Namespace, terminal: Terminal) -> int:
    from xception_gui.cli.demo import run_demo

    return EXIT_STOPPED if run_demo(terminal, headless=arguments.headless).stopped else EXIT_DONE


def _document(result: JobResult) -> dict[str, Any]:
    fields = plain(result)
    del fields["type"]
    return fields


def _shortened(picture: dict[str, Any], top: int) -> dict[str, Any]:
    return {**picture, "predictions": picture["predictions"][:top]}


_VERBS = {
    "demo": _demo,
    "check": _check,
    "train": _train,
    "predict": _predict,
    "evaluate": _evaluate,
    "export": _export,
    "doctor": _doctor,
}
