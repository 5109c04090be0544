"""Reading and writing `run.json`: format 2, and format 1, which must always be readable.

The part that a list of models shows comes before the pictures, so that it can be read without them.
"""

import json
import os
from io import BufferedReader
from typing import Any, Literal

import msgspec

from xception_gui.domain.architecture import XCEPTION, UnknownArchitectureError, architecture_named
from xception_gui.runs.escaped_names import escaped, unescaped
from xception_gui.runs.format_1 import Format1
from xception_gui.runs.schema import Recorded, RunHead, RunRecord, SplitOutline, SplitRecord

FORMAT = 2

MAX_BYTES_READ_SLOWLY = 30_000_000
"""Limit of a record with names that aren't UTF-8, which only Python's own parser reads: it takes twenty times the
file's size in memory."""

HEAD_BYTES = 100_000
"""Bytes at the start of a file in which the pictures begin, unless there are thousands of classes."""

_PICTURES_BEGIN = ',\n "split": {\n'
"""Can't occur inside a JSON string, where line ends are escaped."""

_END = "\n }\n}\n"


class NewerFormatError(ValueError):
    """A record was written by a newer release.

    Attributes:
        found: its format.
    """

    def __init__(self, found: int) -> None:
        super().__init__(f"format {found}, where this version knows {FORMAT}")
        self.found = found


def to_json(record: RunRecord) -> str:
    """Return the text of `run.json`: one line for each picture, to keep the file small."""
    fields = {name: msgspec.to_builtins(getattr(record, name)) for name in record.__struct_fields__ if name != "split"}
    outline = msgspec.to_builtins(_renamed(record.split.outline, escaped))
    head = json.dumps({"format": FORMAT, **fields, "outline": outline}, ensure_ascii=False, indent=1)
    parts = (f'  "{part}": [{_lines(getattr(record.split, part))}]' for part in SplitRecord.__struct_fields__)
    return head.removesuffix("\n}") + _PICTURES_BEGIN + ",\n".join(parts) + _END


def _lines(pictures: Recorded) -> str:
    lines = ((escaped(picture.relative), picture.sha256, picture.label) for picture in pictures)
    return ",".join(f"\n   {json.dumps(line, ensure_ascii=False)}" for line in lines)


def from_json(data: bytes) -> RunRecord:
    """Return the record that `to_json` of this or an earlier release wrote.

    Raises:
        NewerFormatError, UnknownArchitectureError: a later release wrote it.
        ValueError, RecursionError: it is damaged or inconsistent, or leads elsewhere.
    """
    try:
        written = msgspec.json.decode(data, type=_writing_of(msgspec.json.decode(data, type=_Release)))
    except (msgspec.ValidationError, NewerFormatError, UnknownArchitectureError):
        raise
    except ValueError:  # also for names that aren't UTF-8, which msgspec refuses
        if len(data) > MAX_BYTES_READ_SLOWLY:
            raise
        document = json.loads(data)
        record = msgspec.convert(document, _writing_of(msgspec.convert(document, _Release))).record()
        _refuse_what_no_file_is_called(record)
        return record
    return written.record()


def head_from_json(file: BufferedReader) -> tuple[RunHead, SplitOutline] | None:
    """Return the part of a record that a list of models shows, without reading its pictures.

    Returns:
        None if the file isn't as this release writes it, or its end is missing: then all of it must be read, which also
        finds what is wrong.
    """
    head, marker, _ = file.read(HEAD_BYTES).partition(_PICTURES_BEGIN.encode())
    if not marker:
        return None
    file.seek(-len(_END), os.SEEK_END)
    if file.read() != _END.encode():
        return None
    try:
        written = msgspec.json.decode(head + b"}", type=_Head)
        return written, _renamed(written.outline, unescaped)
    except (ValueError, RecursionError):
        return None


class _Release(msgspec.Struct, frozen=True):
    """What tells a record of a later release, whatever else is in it."""

    format: int = 1
    architecture: Any = XCEPTION.name  # in a later format, it may be anything


class _Head(RunHead, frozen=True, kw_only=True):
    format: Literal[2]
    outline: SplitOutline


class _Format2(RunHead, frozen=True, kw_only=True):
    split: SplitRecord

    def __post_init__(self) -> None:
        """Skip the checks of `RunHead`: they run on the converted record."""

    def record(self) -> RunRecord:
        head = {name: getattr(self, name) for name in RunHead.__struct_fields__}
        parts = (self.split.train, self.split.val, self.split.test)
        return RunRecord(**head, split=SplitRecord(*map(_unescaped, parts)))


def _writing_of(release: _Release) -> type[Format1] | type[_Format2]:
    if release.format > FORMAT:
        raise NewerFormatError(release.format)
    if isinstance(release.architecture, str):
        architecture_named(release.architecture)
    match release.format:
        case 1:
            return Format1
        case 2:
            return _Format2
    raise ValueError(f"unknown format {release.format}")


def _unescaped(pictures: Recorded) -> Recorded:
    names = (unescaped(picture.relative) for picture in pictures)
    return tuple(
        picture if name is picture.relative else msgspec.structs.replace(picture, relative=name)
        for picture, name in zip(pictures, names, strict=True)
    )


def _renamed(outline: SplitOutline, rename: Any) -> SplitOutline:
    return msgspec.structs.replace(
        outline,
        samples=tuple(map(rename, outline.samples)),
        looked_for=tuple(map(rename, outline.looked_for)),
    )


def _refuse_what_no_file_is_called(record: RunRecord) -> None:
    """Refuse lone surrogates that don't stand for a byte of a file's name.

    Raises:
        ValueError: there is one.
    """
    for name in (record.dataset, *record.classes, *(picture.relative for picture in record.split.all)):
        name.encode("utf-8", errors="surrogateescape")
