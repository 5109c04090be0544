"""The contents of `run.json`. The file may be a stranger's: it must be consistent and must not lead elsewhere."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import chain
from pathlib import Path, PureWindowsPath
from typing import Annotated, Any

import msgspec

from xception_gui.domain.architecture import XCEPTION, architecture_named
from xception_gui.domain.questions import CLASS
from xception_gui.domain.recipe import Precision, Recipe
from xception_gui.domain.runtime import LITERT
from xception_gui.domain.sampling import spread_evenly

MAX_CLASSES = 10_000
"""Limit of a model's classes: a head for this many takes 268 MB."""

MAX_BYTES = 100_000_000
"""Limit of `run.json`, some 900,000 pictures. In memory, it takes four times as much."""

LONGEST_TEXT = 1_000
"""Characters of a class, which is a folder's name, or of another text about a model."""

MAX_VERSIONS = 100
"""Limit of parts of the program whose versions are recorded."""

Hash = Annotated[str, msgspec.Meta(min_length=64, max_length=64)]
"""SHA-256, in hexadecimal digits. The length is checked during parsing, so that a long list can't fill the memory."""

Count = Annotated[int, msgspec.Meta(ge=0, lt=2**31)]

SAMPLES = 4
"""Pictures of a run that a list shows."""

LOOKED_FOR = 5
"""Pictures that are looked for, to tell whether a run's data set is still in its place: looking for thousands on a
sleeping drive would take long."""

_DIGITS = re.compile(r"[0-9a-f]*")


class Status(StrEnum):
    """How far a run is."""

    TRAINING = "training"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"


ENDED = frozenset({Status.FINISHED, Status.STOPPED})
"""How a training came to its end, with a model."""


class RecordedPicture(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A picture of a run, one line in `run.json`."""

    relative: str  # path below the data set, with slashes
    sha256: Hash  # of the file's bytes
    label: Annotated[int, msgspec.Meta(ge=0)]  # index of its class in the run's classes


Recorded = tuple[RecordedPicture, ...]


class SplitRecord(msgspec.Struct, frozen=True):
    """All pictures of a run."""

    train: Recorded
    val: Recorded
    test: Recorded = ()

    @property
    def all(self) -> Iterator[RecordedPicture]:
        """The pictures of all parts."""
        return chain(self.train, self.val, self.test)

    @property
    def outline(self) -> SplitOutline:
        """The part that a list of models shows."""
        of_label: dict[int, str] = {}
        for picture in self.val:
            of_label.setdefault(picture.label, picture.relative)
        return SplitOutline(
            train=len(self.train),
            val=len(self.val),
            test=len(self.test),
            samples=spread_evenly([of_label[label] for label in sorted(of_label)], SAMPLES),
            looked_for=tuple(picture.relative for picture in spread_evenly(self.val, LOOKED_FOR)),
        )


class SplitOutline(msgspec.Struct, frozen=True):
    """The part of a split that a list of models shows. It precedes the split in `run.json`, which needn't be read
    then."""

    train: Count  # pictures
    val: Count
    test: Count
    samples: Annotated[tuple[str, ...], msgspec.Meta(max_length=SAMPLES)]  # validation pictures of different classes
    looked_for: Annotated[tuple[str, ...], msgspec.Meta(max_length=LOOKED_FOR)]  # they tell whether it is in place

    def __post_init__(self) -> None:
        refuse_elsewhere((*self.samples, *self.looked_for))


class Figures(msgspec.Struct, frozen=True, omit_defaults=True):
    """How good the model is, measured with the predictor that will be used."""

    val_accuracy: float
    val_log_loss: float
    best_epoch: int | None = None  # None for Quick; 0: the model that the training started from
    epochs: int | None = None  # epochs trained; None for Quick
    strength: float | None = None  # L2, if a head was fitted
    test_accuracy: float | None = None
    test_log_loss: float | None = None
    rests_on: int | None = None  # training pictures used, if some couldn't be read

    def __post_init__(self) -> None:
        for share in (self.val_accuracy, self.test_accuracy):
            if share is not None and not 0 <= share <= 1:
                raise ValueError(f"an accuracy of {share}, which must be from 0 to 1")
        for loss in (self.val_log_loss, self.test_log_loss, self.strength):
            if loss is not None and not 0 <= loss < math.inf:
                raise ValueError(f"a figure of {loss}, which must be a number from 0 up")
        for count in (self.best_epoch, self.epochs, self.rests_on):
            if count is not None and not 0 <= count < 2**31:
                raise ValueError(f"{count} epochs or pictures")


class RunHead(msgspec.Struct, frozen=True, kw_only=True):
    """A run, as described in `run.json` before its pictures."""

    status: Status
    recipe: Recipe
    question: str = CLASS  # that the model answers
    classes: tuple[str, ...]  # possible answers; a label is an index in this list
    dataset: str
    has_parts: bool  # the data set came in train and validation folders
    backbone: str | None  # SHA-256; None until it exists
    image_size: int  # of the model; until there is one, that of Quick's
    versions: dict[str, str]
    device: str
    created: str  # ISO 8601, with the time zone
    seconds: float = 0.0
    figures: Figures | None = None
    runtime: str = LITERT  # for its figures, and for predictions where available
    runtime_seconds: dict[str, float] = {}  # of each runtime for a picture, where the model was trained
    precision: Precision | None = None  # of the network in training; None for Quick
    architecture: str = XCEPTION.name  # of the backbone; the only one in earlier releases

    def __post_init__(self) -> None:
        architecture_named(self.architecture)
        if self.question != CLASS:
            raise ValueError(f"unknown question “{self.question[:LONGEST_TEXT]}” (known: “{CLASS}”)")
        if self.image_size not in (self.recipe.image_size, self.recipe.network_size):
            raise ValueError(f"a picture size of {self.image_size}, but {self.recipe.image_size} in the recipe")
        if not 2 <= len(self.classes) <= MAX_CLASSES or len(set(self.classes)) != len(self.classes):
            raise ValueError(f"a model needs from two to {MAX_CLASSES:,} different classes")
        named = (*self.versions, *self.versions.values(), *self.runtime_seconds)
        texts = (*self.classes, self.device, self.created, self.runtime, *named)
        if max(map(len, texts)) > LONGEST_TEXT or max(len(self.versions), len(self.runtime_seconds)) > MAX_VERSIONS:
            raise ValueError("some texts are too long")
        if not all(0 <= seconds < math.inf for seconds in self.runtime_seconds.values()):
            raise ValueError("an impossible time of a runtime")
        if not 0 <= self.seconds < math.inf:
            raise ValueError(f"a training of {self.seconds} seconds")

    def place_of(self, relative: str) -> Path | None:
        """Return where a picture may be looked for; None if that could be outside the person's own computer.

        The folder of a shared model's pictures is a name without a path, which would be relative to the current folder.
        A path that Windows takes for another computer's would be accessed over the network.
        """
        if not is_on_this_computer(self.dataset) or (os.name == "nt" and _SPECIAL.search(relative)):
            return None
        return Path(self.dataset, relative)


class RunRecord(RunHead, frozen=True, kw_only=True):
    """A run, as described in `run.json`."""

    split: SplitRecord

    def __post_init__(self) -> None:
        super().__post_init__()
        for part in (self.split.train, self.split.val, self.split.test):
            refuse_elsewhere([picture.relative for picture in part])
            wrong = next((picture for picture in part if picture.label >= len(self.classes)), None)
            if wrong is not None:
                raise ValueError(f"“{wrong.relative}” has the label {wrong.label}, but there are fewer classes")
            if _DIGITS.fullmatch("".join([picture.sha256 for picture in part])) is None:
                raise ValueError("the hash of a picture is not a SHA-256")

    def replaced(self, **fields: Any) -> RunRecord:
        """Return the record with some fields replaced."""
        return msgspec.structs.replace(self, **fields)


def is_on_this_computer(path: str) -> bool:
    """Return whether a stranger's path names a place on this computer: neither relative to the current folder, nor on
    what Windows takes for another computer, with either kind of slash."""
    return Path(path).is_absolute() and not PureWindowsPath(path).drive.startswith("\\\\")


def refuse_elsewhere(names: Sequence[str]) -> None:
    """Check that paths lead to something below a folder. Thousands are checked at once.

    Raises:
        ValueError: one leads elsewhere, or to the folder itself.
    """
    if not names or not _leads_elsewhere("/\0/".join(names)):
        return
    wrong = next((name for name in names if _leads_elsewhere(name)), "")
    raise ValueError(f"“{wrong}” is not a picture of the data set")


def _leads_elsewhere(name: str) -> bool:
    around = f"/{name}/"
    return "//" in around or "/./" in around or "/../" in around


_SPECIAL = re.compile(r"[\\:]")
"""Windows takes the first for a slash, and the second for the end of a drive's name."""
