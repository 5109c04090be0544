"""Results for people, on stdout. What can't be seen in names is written out: a terminal would obey some of it."""

from collections.abc import Iterable, Sequence
from typing import IO

from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages import (
    CheckResult,
    EvaluateResult,
    ExportResult,
    LeftOut,
    PicturePrediction,
    TrainResult,
)
from xception_gui.domain.visible import visible

SHOWN_LEFT_OUT = 50
"""Files that are listed; `--json` gives all of them."""


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
    print(
        f"On {result.val_images} validation pictures: accuracy {result.val_accuracy:.3f}, "
        f"log loss {result.val_log_loss:.3f}.",
        file=out,
    )
    if isinstance(result.test_images, int):
        print(
            f"On {result.test_images} test pictures: accuracy {result.test_accuracy:.3f}, "
            f"log loss {result.test_log_loss:.3f}.",
            file=out,
        )


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
    """Say how good a run is: figures, classes, and what was taken for what."""
    print(f"Accuracy {result.accuracy:.3f}, log loss {result.log_loss:.3f} on {result.images} pictures.", file=out)
    if result.trained_on:
        print(f"The model has learned from {result.trained_on} of them, which flatters it.", file=out)
    rows = [
        (name, f"{m.precision:.3f}", f"{m.recall:.3f}", f"{m.f1:.3f}", str(m.support))
        for name, m in result.per_class.items()
    ]
    print(file=out)
    print_table([("class", "precision", "recall", "F1", "pictures"), *rows], out)
    print("\nWhat it said (columns) against what it was (rows):", file=out)
    counts = [
        (name, *(str(count) for count in row))
        for name, row in zip(result.classes, result.confusion_matrix, strict=True)
    ]
    print_table([("", *result.classes), *counts], out)
    _print_left_out(result.left_out, out)


def print_predictions(predictions: Iterable[PicturePrediction], top: int, out: IO[str]) -> None:
    """Say what each picture shows."""
    for picture in predictions:
        classes = ", ".join(f"{said.class_name} {said.probability:.1%}" for said in picture.predictions[:top])
        say(f"{picture.path}: {picture.error or classes}", out)


def say(line: str, out: IO[str]) -> None:
    """Print one line."""
    print(visible(line), file=out)


def print_table(rows: Sequence[Sequence[str]], out: IO[str]) -> None:
    """Print rows in columns, the first to the left, the others to the right; wide characters take two places."""
    rows = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = [first + " " * (widths[0] - _width(first))]
        cells += [" " * (width - _width(cell)) + cell for cell, width in zip(others, widths[1:], strict=True)]
        print("  ".join(cells).rstrip(), file=out)


def _width(text: str) -> int:
    from rich.cells import cell_len

    return len(text) if text.isascii() else cell_len(text)


def _print_left_out(left_out: Sequence[LeftOut], out: IO[str]) -> None:
    if not left_out:
        return
    print(f"\nLeft out: {len(left_out)} files.", file=out)
    for file in left_out[:SHOWN_LEFT_OUT]:
        say(f"  {file.path}: {file.reason}", out)
    if len(left_out) > SHOWN_LEFT_OUT:
        print(f"  … and {len(left_out) - SHOWN_LEFT_OUT} more; --json lists all.", file=out)
