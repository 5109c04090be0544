"""`predict`: classifies pictures."""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from xception_gui.cli.arguments import UsageError, add_json, add_run, file_name
from xception_gui.cli.documents import named
from xception_gui.cli.exit_status import ExitStatus
from xception_gui.cli.printing import SHOWN_LEFT_OUT, counted, say
from xception_gui.cli.running import Terminal, predictions_of
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages.base import plain
from xception_gui.domain.messages.using import PredictRequest
from xception_gui.domain.percent import percent
from xception_gui.domain.predictions import PicturePrediction
from xception_gui.runs import prediction_table

ORDER = 40
HELP = "classify pictures with a model"

STDOUT = "/dev/stdout"
"""A special name after --csv: the table is written to the stream of results."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments to its parser."""
    add_run(parser)
    parser.add_argument(
        "paths", type=file_name, nargs="+", metavar="PICTURE_OR_FOLDER", help="pictures, or folders of pictures"
    )
    parser.add_argument("--csv", type=file_name, metavar="FILE", help="write all probabilities to a table")
    parser.add_argument("--top", type=int, default=3, metavar="N", help="classes shown per picture (default: 3)")
    add_json(parser)


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Run the verb. Return the exit status."""
    if arguments.top < 1:
        raise UsageError(f"--top must be 1 or more. Received: {arguments.top}")
    if arguments.csv and arguments.csv != STDOUT:
        prediction_table.refuse_place(Path(arguments.csv))
    request = PredictRequest(arguments.run, tuple(arguments.paths))
    result, told = predictions_of(request, terminal)
    predictions = named(told, result.classes, None if arguments.csv else arguments.top)
    if arguments.csv == STDOUT:
        terminal.print_table(prediction_table.table(predictions, result.classes))
    elif arguments.json:
        terminal.print_json([_shortened(plain(picture), arguments.top) for picture in predictions])
    else:
        print_predictions(predictions, arguments.top, terminal.out)
    if arguments.json or arguments.csv or not terminal.out.isatty():  # else they are visible among the results
        print_unreadable(predictions, terminal.err)
    if arguments.csv and arguments.csv != STDOUT:
        prediction_table.write_csv(Path(arguments.csv), predictions, result.classes)
    if result.stopped:
        return ExitStatus.STOPPED
    if result.unreadable < result.pictures:
        return ExitStatus.DONE
    were = "was" if result.pictures == 1 else "were"
    found = f"{counted(result.pictures, 'file')} {were} tried." if result.pictures else "No files were found."
    raise ProgramError(ErrorCode.NOTHING_READABLE, found=found)


def _shortened(picture: dict[str, Any], top: int) -> dict[str, Any]:
    return {**picture, "predictions": picture["predictions"][:top]}


def print_predictions(predictions: Iterable[PicturePrediction], top: int, out: IO[str]) -> None:
    """Print the prediction of each picture."""
    for picture in predictions:
        classes = ", ".join(f"{said.class_name} {percent(said.probability)}" for said in picture.predictions[:top])
        say(f"{picture.path}: {picture.error or classes}", out)


def print_unreadable(predictions: Iterable[PicturePrediction], err: IO[str]) -> None:
    """Print which files could not be classified, and why."""
    unreadable = [picture for picture in predictions if picture.error is not None]
    for picture in unreadable[:SHOWN_LEFT_OUT]:
        say(f"xception-gui: {picture.path}: {picture.error}", err)
    if len(unreadable) > SHOWN_LEFT_OUT:
        print(f"xception-gui: … and {len(unreadable) - SHOWN_LEFT_OUT} more could not be read.", file=err)
