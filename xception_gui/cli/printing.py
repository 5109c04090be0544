"""Results for people, on stdout. What can't be seen in names is written out: a terminal would obey some of it."""

import os
from collections.abc import Iterable, Sequence
from typing import IO

from xception_gui.cli.progress import files
from xception_gui.domain.confusions import confusions
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.dataset import CheckResult, LeftOut
from xception_gui.domain.messages.exporting import ExportResult
from xception_gui.domain.messages.training import TrainResult
from xception_gui.domain.messages.using import EvaluateResult, PicturePrediction
from xception_gui.domain.percent import percent, right_ones, too_few
from xception_gui.domain.visible import visible

SHOWN_LEFT_OUT = 50
"""Files that are listed; `--json` gives all of them."""

SHOWN_CONFUSIONS = 20
"""Pairs of classes that are listed where the whole confusion matrix would be too wide; `--json` gives all of it."""

USUAL_COLUMNS = 100
"""Letters in a line, where it isn't a terminal that is written to."""


def print_check(result: CheckResult, out: IO[str]) -> None:
    """Say what is in a data set."""
    if result.classes:
        rows = [(name, str(count)) for name, count in result.classes.items()]
        print_table([("class", "pictures"), *rows, ("all", str(result.used))], out)
    if result.has_parts:
        parts = ", ".join(f"“{folder}” ({part})" for folder, part in result.part_folders.items())
        say(f"Taken as parts, not as classes: {parts}. If they are classes, say --folders classes.", out)
    for problem in result.problems:
        if problem.severity != "error":  # those are for stderr
            say(f"- {problem.message}", out)
    if not any(problem.code == ErrorCode.DATASET_EMPTY for problem in result.problems):  # that says it already
        _print_left_out(result.left_out, out)


def print_train(result: TrainResult, out: IO[str]) -> None:
    """Say how a training ended."""
    say(f"The model is in “{result.run}”.", out)
    _print_measured(result.val_images, "validation", result.val_accuracy, result.val_log_loss, out)
    accuracy, log_loss = result.test_accuracy, result.test_log_loss
    if isinstance(result.test_images, int) and isinstance(accuracy, float) and isinstance(log_loss, float):
        _print_measured(result.test_images, "test", accuracy, log_loss, out)


def _print_measured(pictures: int, part: str, accuracy: float, log_loss: float, out: IO[str]) -> None:
    figures = f"accuracy {accuracy:.3f}, log loss {log_loss:.3f}"
    print(f"On {pictures} {part} pictures: {figures}.{few_words(accuracy, pictures)}", file=out)


def few_words(accuracy: float, pictures: int) -> str:
    """Say where pictures are too few to tell how good a model is, else nothing."""
    if not too_few(pictures):
        return ""
    return f" That is {right_ones(accuracy, pictures)} of {pictures} right: too few to tell."


def print_export(result: ExportResult, out: IO[str]) -> None:
    """Say what was written, and how near it is to the model that it was made of."""
    say(f"Written: “{result.path}”, {result.bytes / 1e6:.1f} MB.", out)
    pictures = (
        "drawn pictures (no validation picture was found)" if result.pictures_generated else "validation pictures"
    )
    say(
        f"Checked on {result.pictures_checked} {pictures}: probabilities differ from the predictor's by at most "
        f"{result.largest_difference:.4f}. Details: “{result.check_file}”.",
        out,
    )


def print_evaluation(result: EvaluateResult, out: IO[str]) -> None:
    """Say how good a run is and on what: figures, classes, and what was taken for what."""
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
    matrix = _in_columns([("", *result.classes), *counts])
    if max(map(_width, matrix)) <= _columns_of(out):
        print("\nWhat it said (columns) against what it was (rows):", file=out)
        print("\n".join(matrix), file=out)
    else:
        _print_confusions(result, out)
    _print_left_out(result.left_out, out)


def _tested_on(result: EvaluateResult) -> str:
    """Say which pictures they were."""
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


def _columns_of(out: IO[str]) -> int:
    """Say how wide a line may be: as the terminal, or as many have it."""
    try:
        return os.get_terminal_size(out.fileno()).columns
    except (OSError, ValueError):  # a file, a pipe, or nothing of the system's
        return USUAL_COLUMNS


def print_predictions(predictions: Iterable[PicturePrediction], top: int, out: IO[str]) -> None:
    """Say what each picture shows."""
    for picture in predictions:
        classes = ", ".join(f"{said.class_name} {percent(said.probability)}" for said in picture.predictions[:top])
        say(f"{picture.path}: {picture.error or classes}", out)


def say(line: str, out: IO[str]) -> None:
    """Print one line."""
    print(visible(line), file=out)


def print_table(rows: Sequence[Sequence[str]], out: IO[str]) -> None:
    """Print rows in columns, the first to the left, the others to the right; wide characters take two places."""
    print("\n".join(_in_columns(rows)), file=out)


def _in_columns(rows: Sequence[Sequence[str]]) -> list[str]:
    rows = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *others in rows:
        cells = [first + " " * (widths[0] - _width(first))]
        cells += [" " * (width - _width(cell)) + cell for cell, width in zip(others, widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return lines


def _width(text: str) -> int:
    from rich.cells import cell_len

    return len(text) if text.isascii() else cell_len(text)


def _print_left_out(left_out: Sequence[LeftOut], out: IO[str]) -> None:
    if not left_out:
        return
    print(f"\nLeft out: {files(len(left_out))}.", file=out)
    for file in left_out[:SHOWN_LEFT_OUT]:
        say(f"  {file.path}: {file.reason}", out)
    if len(left_out) > SHOWN_LEFT_OUT:
        print(f"  … and {len(left_out) - SHOWN_LEFT_OUT} more; --json lists all.", file=out)
