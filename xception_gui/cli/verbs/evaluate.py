"""`evaluate`: how good a model is."""

import argparse
from typing import IO

from xception_gui.cli.arguments import UsageError, add_folders, add_json, add_run, file_name, folders_of
from xception_gui.cli.documents import document_of
from xception_gui.cli.exit_status import ExitStatus
from xception_gui.cli.printing import columns_of, few_words, in_columns, print_left_out, print_table, say, width_of
from xception_gui.cli.running import Terminal, result_of
from xception_gui.domain.confusions import confusions
from xception_gui.domain.messages.using import EvaluateRequest, EvaluateResult

ORDER = 50
HELP = "Say how good a model is."

SHOWN_CONFUSIONS = 20
"""Pairs of classes that are listed where the whole confusion matrix would be too wide; `--json` gives all of it."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what can be typed after the verb."""
    add_run(parser)
    parser.add_argument(
        "dataset",
        type=file_name,
        nargs="?",
        metavar="DATASET",
        help="folder of class folders; without it, the run's own validation pictures",
    )
    add_folders(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Do it. Return the exit status."""
    if arguments.folders and arguments.dataset is None:
        raise UsageError("--folders tells what the folders in DATASET are. Received: no DATASET")
    request = EvaluateRequest(arguments.run, arguments.dataset, folders_of(arguments))
    result = result_of(request, terminal)
    if arguments.json:
        terminal.print_json(document_of(result))
    else:
        print_evaluation(result, terminal.out)
    return ExitStatus.DONE


def print_evaluation(result: EvaluateResult, out: IO[str]) -> None:
    """Print how good a run is and on what: figures, classes, and what was taken for what."""
    figures = f"Accuracy {result.accuracy:.3f}, log loss {result.log_loss:.3f} on {result.images} pictures"
    say(f"{figures}: {_tested_on(result)}.{few_words(result.accuracy, result.images)}", out)
    if result.trained_on:
        print(f"The model has learned from {result.trained_on} of them, which flatters it.", file=out)
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
        print("\nWhat it said (columns) against what it was (rows):", file=out)
        print("\n".join(matrix), file=out)
    else:
        _print_confusions(result, out)
    print_left_out(result.left_out, out)


def _tested_on(result: EvaluateResult) -> str:
    """Return which pictures they were."""
    if result.dataset is None:
        return "the run's own validation pictures"
    if not result.parts:
        return f"all in “{result.dataset}”"
    parts = ", ".join(f"{name} {count}" for name, count in result.parts.items())
    return f"all in “{result.dataset}”, parts {parts}"


def _figure(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"


def _print_confusions(result: EvaluateResult, out: IO[str]) -> None:
    """Name the worst mistakes, where the whole matrix would be wider than the terminal."""
    found = confusions(result.confusion_matrix)
    if not found:
        print("\nIt took no picture for another class.", file=out)
        return
    print("\nWhat it mixed up most:", file=out)
    rows = [
        (result.classes[one.row], result.classes[one.column], f"{one.count} of {one.pictures}")
        for one in found[:SHOWN_CONFUSIONS]
    ]
    print_table([("it was", "it said", "pictures"), *rows], out)
    more = len(found) - SHOWN_CONFUSIONS
    others = f" … and {more} more pairs;" if more > 0 else ""
    print(f" {others} --json has the whole confusion matrix.", file=out)
