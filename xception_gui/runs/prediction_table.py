"""Predictions as a table for scripts and spreadsheets.

Names of files and classes may be a stranger's and must stay names: a class with the name of one of the table's own
columns gets the column `error (class)`, and a cell that a spreadsheet would take for a formula gets a leading
apostrophe, as a person would type it. `read_table` undoes both exactly.
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
    """The conventions of a table."""

    separator: str = ","  # between columns
    decimal: str = "."  # in numbers
    has_mark: bool = False  # starts with a byte-order mark


FOR_SCRIPTS = TableFormat()
"""Comma, point, UTF-8: the same everywhere."""


def for_spreadsheets(decimal: str) -> TableFormat:
    """Return the format that spreadsheets open as a table: semicolons between columns if numbers have a comma.

    Args:
        decimal: the system's decimal sign.
    """
    return TableFormat(";", ",", has_mark=True) if decimal == "," else TableFormat(has_mark=True)


BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""At the start of a file, this tells spreadsheets that the text is UTF-8; without it they garble Chinese names."""


def refuse_place(path: Path) -> None:
    """Check, before any work, that a table can be written and that this destroys nothing else.

    If the name after --csv is forgotten, a picture's path takes its place: only a table of this program is replaced.

    Raises:
        ProgramError: TABLE_EXISTS, CANNOT_WRITE.
    """
    try:
        if not _target(path).parent.is_dir():
            raise cannot_write(path, FileNotFoundError("its folder doesn't exist"))
        if path.is_dir():
            raise cannot_write(path, IsADirectoryError("this is a folder"))
        if path.is_file() and not _is_a_table(path):
            raise ProgramError(ErrorCode.TABLE_EXISTS, path=path)
    except OSError as error:
        raise cannot_write(path, error) from error


def _target(path: Path) -> Path:
    """Return the file that a path leads to, so that a link stays a link.

    Raises:
        OSError: its links form a loop, or it may not be accessed.
    """
    with contextlib.suppress(FileNotFoundError):
        path.stat()  # each Python release reports a loop differently, or not at all
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
    """Return the column of a class: its name, or `error (class)` if the table itself has a column with this name.

    A class whose name already looks like that gets another “ (class)”, so that no two classes share a column.
    """
    return f"{class_name}{_OF_CLASS}" if _TAKEN.fullmatch(class_name) else class_name


def class_of(column: str) -> str:
    """Return the class of a column; undoes `column_of`."""
    return column.removesuffix(_OF_CLASS) if _TAKEN.fullmatch(column) else column


def as_text(text: str) -> str:
    """Make a spreadsheet read a cell as text: put an apostrophe before characters that would begin a formula.

    That includes characters after a possible separator, since tables are opened with separators other than their own;
    and apostrophes, so that `from_text` knows which ones to remove (“CSV injection”, OWASP).
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
