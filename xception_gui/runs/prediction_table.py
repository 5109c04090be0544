"""Predictions as a table that scripts and spreadsheets open.

Names of files and classes come from outside and must stay names in it: a class that is called like one of the table's
own columns gets a column `error (class)`, and what a spreadsheet would take for a formula gets an apostrophe before it,
as a person would write it there. `read_table` takes both away again, exactly.
"""

import contextlib
import csv
import io
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xception_gui.domain.errors import ErrorCode, ProgramError, cannot_write
from xception_gui.domain.predictions import PicturePrediction, Prediction
from xception_gui.files.atomic import making, write_text

COLUMNS = ("path", "class", "probability", "error")
"""The first columns; the probability of each class follows."""


@dataclass(frozen=True, slots=True)
class TableFormat:
    """How a table is written."""

    separator: str = ","  # of columns
    decimal: str = "."  # in numbers
    has_mark: bool = False  # begins with a byte-order mark


FOR_SCRIPTS = TableFormat()
"""Comma, point, UTF-8: the same everywhere."""


def for_spreadsheets(decimal: str) -> TableFormat:
    """Return the format that the spreadsheets of a system open as a table: where numbers have a comma, columns don't.

    Args:
        decimal: the system's decimal sign.
    """
    return TableFormat(";", ",", has_mark=True) if decimal == "," else TableFormat(has_mark=True)


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
    path: Path, predictions: Sequence[PicturePrediction], classes: Sequence[str], form: TableFormat = FOR_SCRIPTS
) -> None:
    """Write a table where `refuse_place` had nothing against it and has nothing now. Pipes and devices are written to.

    Args:
        path: where to.
        predictions: a row each.
        classes: a column each.
        form: of the table.

    Raises:
        ProgramError: TABLE_EXISTS, CANNOT_WRITE.
    """
    text = (BYTE_ORDER_MARK if form.has_mark else "") + table(predictions, classes, form)
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


def table(predictions: Sequence[PicturePrediction], classes: Sequence[str], form: TableFormat = FOR_SCRIPTS) -> str:
    """Return a row for each picture: path, class, probability, error, and the probability of each class."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, delimiter=form.separator)
    rows.writerow([*COLUMNS, *(as_text(column_of(name)) for name in classes)])
    for picture in predictions:
        said = {prediction.class_name: prediction.probability for prediction in picture.predictions}
        best = picture.predictions[0] if picture.predictions else None
        rows.writerow(
            [
                as_text(picture.path),
                as_text(best.class_name) if best else "",
                _as_number(best.probability, form) if best else "",
                as_text(picture.error or ""),
                *(_as_number(said[name], form) if name in said else "" for name in classes),
            ]
        )
    return text.getvalue()


def read_table(text: str) -> tuple[tuple[str, ...], tuple[PicturePrediction, ...]]:
    """Read what `table` has written, in whichever format: the classes, and what was said of each picture.

    Raises:
        ValueError: it is no such table.
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    form = next((form for form in _FORMATS if text.startswith(form.separator.join(COLUMNS))), None)
    if form is None:
        raise ValueError(f"The table doesn't begin with the columns {', '.join(COLUMNS)}.")
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=form.separator, strict=True)
    classes = tuple(class_of(from_text(column)) for column in header[len(COLUMNS) :])
    return classes, tuple(_prediction_in(row, classes, form) for row in rows)


def _prediction_in(row: list[str], classes: Sequence[str], form: TableFormat) -> PicturePrediction:
    path, best, _, error, *cells = row
    said = [
        Prediction(name, float(cell.replace(form.decimal, ".")))
        for name, cell in zip(classes, cells, strict=True)
        if cell
    ]
    said.sort(key=lambda one: (-one.probability, one.class_name != from_text(best)))
    return PicturePrediction(from_text(path), tuple(said), from_text(error) or None)


# --- Names as cells -----------------------------------------------------------------------------------------------


def column_of(class_name: str) -> str:
    """Name the column of a class: as the class, or `error (class)` where the table has such a column of its own.

    What looks like such a name gets one more “ (class)”, so that no two classes share a column.
    """
    return f"{class_name}{_OF_CLASS}" if _TAKEN.fullmatch(class_name) else class_name


def class_of(column: str) -> str:
    """Name the class of a column: undoes `column_of`."""
    return column.removesuffix(_OF_CLASS) if _TAKEN.fullmatch(column) else column


def as_text(text: str) -> str:
    """Have a cell taken for text, whatever stands in it: an apostrophe goes before what would begin a formula.

    Also after what may part cells, as tables are opened with other separators than their own; and before apostrophes,
    so that `from_text` knows which ones are to be taken away (“CSV injection”, OWASP).
    """
    return _BEGINS_FORMULA.sub("'", text)


def from_text(cell: str) -> str:
    """Undo `as_text`."""
    return _MARKED.sub("", cell)


_OF_CLASS = " (class)"
_TAKEN = re.compile(rf"({'|'.join(COLUMNS)})( \(class\))*", re.IGNORECASE)

_SEPARATORS = ",;|\t\r\n"
_BEGINS_FORMULA = re.compile(rf"\A(?=['=+\-@＝＋－＠\t\r\n])|(?<=[{_SEPARATORS}])(?=['=+\-@＝＋－＠])")
_MARKED = re.compile(rf"\A'|(?<=[{_SEPARATORS}])'")
_FORMATS = (FOR_SCRIPTS, for_spreadsheets(","))


def _as_number(value: float, form: TableFormat) -> str:
    return str(value).replace(".", form.decimal)


def _is_a_table(path: Path) -> bool:
    mark, known = BYTE_ORDER_MARK.encode(), tuple(form.separator.join(COLUMNS).encode() for form in _FORMATS)
    with path.open("rb") as file:
        beginning = file.read(len(mark) + len(known[0]))
    return not beginning or beginning.removeprefix(mark).startswith(known)
