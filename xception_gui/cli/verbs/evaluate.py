"""`evaluate`: measures how good a model is."""

import argparse
from typing import IO

from xception_gui.cli.arguments import UsageError, add_folders, add_json, add_run, file_name, folders_of
from xception_gui.cli.documents import document_of
from xception_gui.cli.exit_status import ExitStatus
from xception_gui.cli.printing import (
    columns_of,
    counted,
    few_words,
    in_columns,
    print_left_out,
    print_table,
    say,
    width_of,
)
from xception_gui.cli.running import Terminal, result_of
from xception_gui.domain.confusions import confusions
from xception_gui.domain.messages.using import EvaluateRequest, EvaluateResult

ORDER = 50
HELP = "measure how good a model is"

SHOWN_CONFUSIONS = 20
"""Pairs of classes that are listed if the confusion matrix is too wide; `--json` has the whole matrix."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments to its parser."""
    add_run(parser)
    parser.add_argument(
        "dataset",
        type=file_name,
        nargs="?",
        metavar="DATASET",
        help="data set to evaluate the model on; without one, the model's own validation pictures are used",
    )
    add_folders(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Run the verb. Return the exit status."""
    if arguments.folders and arguments.dataset is None:
        raise UsageError("--folders needs a data set, and none was given")
    request = EvaluateRequest(arguments.run, arguments.dataset, folders_of(arguments))
    result = result_of(request, terminal)
    if arguments.json:
        terminal.print_json(document_of(result))
    else:
        print_evaluation(result, terminal.out)
    return ExitStatus.DONE


def print_evaluation(result: EvaluateResult, out: IO[str]) -> None:
    """Print accuracy and log loss, the figures of each class, and the confusion matrix."""
    figures = f"Accuracy {result.accuracy:.3f}, log loss {result.log_loss:.3f}"
    say(f"{figures} on {_tested_on(result)}.{few_words(result.accuracy, result.images)}", out)
    if result.trained_on:
        better = "The figures look better than they are"
        print(f"{better}: the model was trained on {result.trained_on} of these pictures.", file=out)
    rows = [
        (name, _figure(m.precision), _figure(m.recall), _figure(m.f1), str(m.support))
        for name, m in result.per_class.items()
    ]
    print(file=out)
    print_table([("class", "precision", "recall", "F1", "pictures"), *rows], out)
    counts = [
        (name, *(str(count) for count in row))
        for name, row in zip(result.classes, result.confusion_matrix, strict=True)
    ]
    matrix = in_columns([("", *result.classes), *counts])
    if max(map(width_of, matrix)) <= columns_of(out):
        print("\nPredicted (columns) vs. actual (rows):", file=out)
        print("\n".join(matrix), file=out)
    else:
        _print_confusions(result, out)
    print_left_out(result.left_out, out)


def _tested_on(result: EvaluateResult) -> str:
    """Return which pictures a model was tested on."""
    if result.dataset is None:
        return f"the model's {counted(result.images, 'validation picture')}"
    found = f"{counted(result.images, 'picture')} in “{result.dataset}”"
    parts = ", ".join(f"{name} {count}" for name, count in result.parts.items())
    return f"{found} ({parts})" if parts else found


def _figure(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"


def _print_confusions(result: EvaluateResult, out: IO[str]) -> None:
    """Print the most frequent mistakes, for when the confusion matrix is wider than the terminal."""
    found = confusions(result.confusion_matrix)
    if not found:
        print("\nNo mistakes.", file=out)
        return
    print("\nMost frequent mistakes:", file=out)
    rows = [
        (result.classes[one.row], result.classes[one.column], f"{one.count} of {one.pictures}")
        for one in found[:SHOWN_CONFUSIONS]
    ]
    print_table([("actual", "predicted", "pictures"), *rows], out)
    more = len(found) - SHOWN_CONFUSIONS
    others = f" … and {more} more pairs;" if more > 0 else ""
    print(f" {others} --json has the whole confusion matrix.", file=out)
