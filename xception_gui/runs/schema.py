"""What `run.json` holds. It may be a stranger's: it is believed only where it makes sense and leads nowhere."""

from __future__ import annotations

import json
import math
import os
import re
from enum import StrEnum
from functools import cached_property
from pathlib import Path, PureWindowsPath
from typing import Annotated, Any

import msgspec

from xception_gui.domain.architecture import XCEPTION, architecture_named
from xception_gui.domain.recipe import Precision, Recipe
from xception_gui.domain.runtime import LITERT

FORMAT = 1

MAX_CLASSES = 10_000
"""That a model may tell apart: their head takes 268 MB."""

MAX_BYTES = 100_000_000
"""Of `run.json`, that is some 900,000 pictures. Read, it takes four times as much memory."""

MAX_BYTES_READ_SLOWLY = 30_000_000
"""Of one with names that aren't UTF-8, which only Python's own parser reads: it takes twenty times as much."""

LONGEST_TEXT = 1_000
"""Letters of a class, which is a folder's name, or of what else is told of a model."""

MOST_VERSIONS = 100
"""Of parts of the program that are told."""

Hash = Annotated[str, msgspec.Meta(min_length=64, max_length=64)]
"""SHA-256, in hexadecimal digits. As its length is asked for while it is read, no list of nothings fills the memory."""

Entries = tuple[tuple[str, Hash], ...]
"""Relative path, with slashes, and content hash of pictures."""

_HASH = re.compile(r"[0-9a-f]{64}")


class Status(StrEnum):
    """How far a run is."""

    TRAINING = "training"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"


class SplitRecord(msgspec.Struct, frozen=True):
    """Relative path and content hash of every picture of a run."""

    train: Entries
    val: Entries
    test: Entries = ()


class Figures(msgspec.Struct, frozen=True, omit_defaults=True):
    """How good the model is, by the predictor that will be used."""

    val_accuracy: float
    val_log_loss: float
    best_epoch: int | None = None  # None for Quick; 0: the model that training started from
    epochs: int | None = None  # trained; None for Quick
    strength: float | None = None  # L2, of a head that was fitted
    test_accuracy: float | None = None
    test_log_loss: float | None = None
    rests_on: int | None = None  # training pictures, where some of them weren't read

    def __post_init__(self) -> None:
        for share in (self.val_accuracy, self.test_accuracy):
            if share is not None and not 0 <= share <= 1:
                raise ValueError(f"its accuracy is {share}, and can only be from 0 to 1")
        for loss in (self.val_log_loss, self.test_log_loss, self.strength):
            if loss is not None and not 0 <= loss < math.inf:
                raise ValueError(f"one of its figures is {loss}, and can only be a number from 0 up")
        for count in (self.best_epoch, self.epochs, self.rests_on):
            if count is not None and not 0 <= count < 2**31:
                raise ValueError(f"it counts {count} epochs or pictures")


class RunRecord(msgspec.Struct, frozen=True, dict=True):
    """A run, as `run.json` tells it."""

    status: Status
    recipe: Recipe
    classes: tuple[str, ...]
    split: SplitRecord
    dataset: str
    has_parts: bool  # the data set came in train and validation folders
    backbone: str | None  # SHA-256; None until it exists
    image_size: int
    versions: dict[str, str]
    device: str
    created: str  # ISO 8601, with the time zone
    seconds: float = 0.0
    figures: Figures | None = None
    runtime: str = LITERT  # that its figures were computed with, and that predicts with it where it can be had
    precision: Precision | None = None  # that the network was trained in; None for Quick
    architecture: str = XCEPTION.name  # of the backbone; earlier releases knew no other
    format: int = FORMAT

    def __post_init__(self) -> None:
        if self.format != FORMAT:
            raise ValueError(f"its format is {self.format}, and this release knows {FORMAT}")
        architecture_named(self.architecture)
        if self.image_size != self.recipe.image_size:
            raise ValueError(f"its image size is {self.image_size}, and {self.recipe.image_size} in its recipe")
        if not 2 <= len(self.classes) <= MAX_CLASSES or len(self._known_classes) != len(self.classes):
            raise ValueError(f"it needs from two to {MAX_CLASSES:,} different classes")
        texts = (*self.classes, self.device, self.created, self.runtime, *self.versions, *self.versions.values())
        if max(map(len, texts)) > LONGEST_TEXT or len(self.versions) > MOST_VERSIONS:
            raise ValueError("some of its texts are longer than any can be")
        if not 0 <= self.seconds < math.inf:
            raise ValueError(f"its training took {self.seconds} seconds")
        for relative, sha256 in (*self.split.train, *self.split.val, *self.split.test):
            self.class_of(relative)
            if _HASH.fullmatch(sha256) is None:
                raise ValueError(f"“{sha256}” is no hash of a picture")

    @cached_property
    def _known_classes(self) -> frozenset[str]:
        return frozenset(self.classes)

    def class_of(self, relative: str) -> str:
        """Read the class of a picture off its path below the data set.

        Raises:
            ValueError: the path leads out of the data set, or to no class of this run.
        """
        names = relative.split("/")
        depth = 1 if self.has_parts else 0
        if not _LEADING_ELSEWHERE.isdisjoint(names) or not names[depth:-1] or names[depth] not in self._known_classes:
            raise ValueError(f"“{relative}” is no picture of its classes")
        return names[depth]

    def place_of(self, relative: str) -> Path | None:
        """Say where a picture may be looked for; None where that would be another place than the person's own.

        The folder of a shared model's pictures is a name without a place, and would be looked for wherever the program
        was started. What Windows takes for another computer would be asked over the network.
        """
        if not is_on_this_computer(self.dataset) or (os.name == "nt" and _SPECIAL.search(relative)):
            return None
        return Path(self.dataset, relative)

    def as_json(self) -> str:
        """Write it as `run.json` holds it: a line for each picture, so that many of them fit."""
        fields = msgspec.to_builtins(self, str_keys=True)
        split = {part: _lines(getattr(self.split, part)) for part in fields.pop("split")}
        parts = ",\n".join(f'  "{part}": [{lines}]' for part, lines in split.items())
        others = json.dumps({**fields, "escaped": True}, ensure_ascii=False, indent=1)
        return f'{others[:-2]},\n "split": {{\n{parts}\n }}\n}}\n'

    @classmethod
    def from_json(cls, data: bytes) -> RunRecord:
        """Read what `as_json` has written, now or in an earlier release.

        Raises:
            ValueError, RecursionError: it is damaged, makes no sense, or leads elsewhere.
        """
        try:
            written = msgspec.json.decode(data, type=_Written)
        except msgspec.ValidationError:
            raise
        except ValueError:  # also: a name that isn't UTF-8, which msgspec refuses
            if len(data) > MAX_BYTES_READ_SLOWLY:
                raise
            written = msgspec.convert(json.loads(data), _Written)
            _refuse_what_no_file_is_called(written)
        split = SplitRecord(
            *(
                tuple((_as_it_is(relative, escaped=written.escaped), sha256) for relative, sha256 in entries)
                for entries in (written.split.train, written.split.val, written.split.test)
            )
        )
        fields = {name: getattr(written, name) for name in cls.__struct_fields__}
        return cls(**{**fields, "split": split})

    def replaced(self, **fields: Any) -> RunRecord:
        """Give the same record with other `fields`."""
        return msgspec.structs.replace(self, **fields)


def is_on_this_computer(path: str) -> bool:
    """Say whether a path of a stranger's names a place of this computer: neither one below wherever the program was
    started, nor one that Windows takes for another computer, whichever slashes it is written with."""
    return Path(path).is_absolute() and not PureWindowsPath(path).drive.startswith("\\\\")


class _Written(RunRecord, frozen=True):
    """A record as it is written: names of pictures hold no character that means something else on another system."""

    escaped: bool = False  # in the first release they weren't

    def __post_init__(self) -> None:
        """Leave it to the record that is made of this one."""


_LEADING_ELSEWHERE = frozenset({"", ".", ".."})
"""What is no name of a file or a folder."""

_SPECIAL = re.compile(r"[\\:]")
"""Windows takes one for a slash, and the other for the end of a drive's name."""

_DRIVE = re.compile(r"(?:^|/)[A-Za-z]:")

_ESCAPES = {"%": "%25", "\\": "%5C", ":": "%3A"}
_ESCAPED = {escape: letter for letter, escape in _ESCAPES.items()}


def _refuse_what_no_file_is_called(record: RunRecord) -> None:
    """Refuse halves of letters that stand for no byte.

    Raises:
        ValueError: there is one.
    """
    entries = (*record.split.train, *record.split.val, *record.split.test)
    for name in (record.dataset, *record.classes, *(relative for relative, _ in entries)):
        name.encode("utf-8", errors="surrogateescape")


def _lines(entries: Entries) -> str:
    lines = (json.dumps([_escaped(relative), sha256], ensure_ascii=False) for relative, sha256 in entries)
    return "".join(f"\n   {line}," for line in lines).rstrip(",")


def _escaped(relative: str) -> str:
    return re.sub(r"[%\\:]", lambda found: _ESCAPES[found[0]], relative)


def _as_it_is(relative: str, *, escaped: bool) -> str:
    """Read the name of a picture as it is written.

    Raises:
        ValueError: it could lead elsewhere.
    """
    if "\\" in relative or (":" in relative and (escaped or _DRIVE.search(relative))):
        raise ValueError(f"“{relative}” is no picture of its classes")
    return re.sub("%25|%5C|%3A", lambda found: _ESCAPED[found[0]], relative) if escaped else relative
