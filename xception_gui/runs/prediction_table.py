"""Predictions as a table that spreadsheets open."""

import contextlib
import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages import PicturePrediction
from xception_gui.runs.atomic import cannot_write, making, write_text

COLUMNS = ("path", "class", "probability", "error")
"""The first columns; the probability of each class follows."""

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""At the start of a file it tells spreadsheets that the text is UTF-8; without it they garble Chinese names."""


def refuse_place(path: Path) -> None:
    """Make sure, before any work, that a table can be written and that nothing else is lost by it.

    A name forgotten after --csv makes a picture of it; only an earlier table of this program is ever replaced.

    Raises:
        ProgramError: TABLE_EXISTS, CANNOT_WRITE.
    """
    try:
        if not _target(path).parent.is_dir():
            raise cannot_write(path, FileNotFoundError("its folder is not there"))
        if path.is_dir():
            raise cannot_write(path, IsADirectoryError("it is a folder"))
        if path.is_file() and not _is_a_table(path):
            raise ProgramError(ErrorCode.TABLE_EXISTS, path=path)
    except OSError as error:
        raise cannot_write(path, error) from error


def _target(path: Path) -> Path:
    """Find the file that a path leads to: a link stays one.

    Raises:
        OSError: its links lead in a circle, or it may not be looked at.
    """
    with contextlib.suppress(FileNotFoundError):
        path.stat()  # or a circle would be told as each Python tells it, or not at all
    return path.resolve()


def write_csv(
    path: Path, predictions: Sequence[PicturePrediction], classes: Sequence[str], *, for_spreadsheets: bool = False
) -> None:
    """Write a table where `refuse_place` had nothing against it and has nothing now. Pipes and devices are written to.

    Args:
        path: where to.
        predictions: a row each.
        classes: a column each.
        for_spreadsheets: begin with a byte-order mark. Scripts that read the table do better without one.

    Raises:
        ProgramError: TABLE_EXISTS, CANNOT_WRITE.
    """
    text = (BYTE_ORDER_MARK if for_spreadsheets else "") + table(predictions, classes)
    try:
        target = _target(path)
        if not os.path.lexists(target):
            with making(target) as temporary:
                temporary.write_bytes(text.encode("utf-8", errors="backslashreplace"))
        elif not target.is_file():
            target.write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
        elif _is_a_table(target):
            write_text(target, text)
        else:
            raise ProgramError(ErrorCode.TABLE_EXISTS, path=path)
    except FileExistsError as error:
        raise ProgramError(ErrorCode.TABLE_EXISTS, path=path) from error
    except OSError as error:
        raise cannot_write(path, error) from error


def table(predictions: Sequence[PicturePrediction], classes: Sequence[str]) -> str:
    """Give a row for each picture: path, class, probability, error, and the probability of each class."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow([*COLUMNS, *classes])
    for picture in predictions:
        said = {prediction.class_name: prediction.probability for prediction in picture.predictions}
        best = picture.predictions[0] if picture.predictions else None
        rows.writerow(
            [
                picture.path,
                best.class_name if best else "",
                best.probability if best else "",
                picture.error or "",
                *(said.get(name, "") for name in classes),
            ]
        )
    return text.getvalue()


def _is_a_table(path: Path) -> bool:
    mark, columns = BYTE_ORDER_MARK.encode(), ",".join(COLUMNS).encode()
    with path.open("rb") as file:
        beginning = file.read(len(mark) + len(columns))
    return not beginning or beginning.removeprefix(mark).startswith(columns)
