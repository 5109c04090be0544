"""What `run.json` holds. It may be a stranger's: it is believed only where it makes sense and leads nowhere."""

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
"""That a model may tell apart: their head takes 268 MB."""

MAX_BYTES = 100_000_000
"""Of `run.json`, that is some 900,000 pictures. Read, it takes four times as much memory."""

LONGEST_TEXT = 1_000
"""Letters of a class, which is a folder's name, or of what else is told of a model."""

MAX_VERSIONS = 100
"""Of parts of the program that are told."""

Hash = Annotated[str, msgspec.Meta(min_length=64, max_length=64)]
"""SHA-256, in hexadecimal digits. As its length is asked for while it is read, no list of nothings fills the memory."""

Count = Annotated[int, msgspec.Meta(ge=0, lt=2**31)]

SAMPLES = 4
"""Pictures of a run that a list shows."""

LOOKED_FOR = 5
"""Pictures that are looked for, to tell whether a run's data set is where it was: looking for thousands on a drive that
sleeps takes its time."""

_DIGITS = re.compile(r"[0-9a-f]*")


class Status(StrEnum):
    """How far a run is."""

    TRAINING = "training"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"


class RecordedPicture(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A picture of a run, one line in `run.json`."""

    relative: str  # path below the data set, with slashes
    sha256: Hash  # of its bytes
    label: Annotated[int, msgspec.Meta(ge=0)]  # the answer to the run's question: the number of one of its classes


Recorded = tuple[RecordedPicture, ...]


class SplitRecord(msgspec.Struct, frozen=True):
    """Every picture of a run."""

    train: Recorded
    val: Recorded
    test: Recorded = ()

    @property
    def all(self) -> Iterator[RecordedPicture]:
        """The pictures of all parts."""
        return chain(self.train, self.val, self.test)

    @property
    def outline(self) -> SplitOutline:
        """What a list of models shows of it."""
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
    """What a list of models shows of a split. It stands in `run.json` before the split, which needn't be read then."""

    train: Count  # pictures
    val: Count
    test: Count
    samples: Annotated[tuple[str, ...], msgspec.Meta(max_length=SAMPLES)]  # validation pictures of different classes
    looked_for: Annotated[tuple[str, ...], msgspec.Meta(max_length=LOOKED_FOR)]  # where they are, the data set is

    def __post_init__(self) -> None:
        refuse_elsewhere((*self.samples, *self.looked_for))


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


class RunHead(msgspec.Struct, frozen=True, kw_only=True):
    """A run, as `run.json` tells it before it names the pictures."""

    status: Status
    recipe: Recipe
    question: str = CLASS  # that the model answers
    classes: tuple[str, ...]  # the answers that there are; a label is a place in this list
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

    def __post_init__(self) -> None:
        architecture_named(self.architecture)
        if self.question != CLASS:
            raise ValueError(f"it answers the question “{self.question[:LONGEST_TEXT]}”, and can only answer “{CLASS}”")
        if self.image_size != self.recipe.image_size:
            raise ValueError(f"its image size is {self.image_size}, and {self.recipe.image_size} in its recipe")
        if not 2 <= len(self.classes) <= MAX_CLASSES or len(set(self.classes)) != len(self.classes):
            raise ValueError(f"it needs from two to {MAX_CLASSES:,} different classes")
        texts = (*self.classes, self.device, self.created, self.runtime, *self.versions, *self.versions.values())
        if max(map(len, texts)) > LONGEST_TEXT or len(self.versions) > MAX_VERSIONS:
            raise ValueError("some of its texts are longer than any can be")
        if not 0 <= self.seconds < math.inf:
            raise ValueError(f"its training took {self.seconds} seconds")

    def place_of(self, relative: str) -> Path | None:
        """Return where a picture may be looked for; None where that would be another place than the person's own.

        The folder of a shared model's pictures is a name without a place, and would be looked for wherever the program
        was started. What Windows takes for another computer would be asked over the network.
        """
        if not is_on_this_computer(self.dataset) or (os.name == "nt" and _SPECIAL.search(relative)):
            return None
        return Path(self.dataset, relative)


class RunRecord(RunHead, frozen=True, kw_only=True):
    """A run, as `run.json` tells it."""

    split: SplitRecord

    def __post_init__(self) -> None:
        super().__post_init__()
        for part in (self.split.train, self.split.val, self.split.test):
            refuse_elsewhere([picture.relative for picture in part])
            wrong = next((picture for picture in part if picture.label >= len(self.classes)), None)
            if wrong is not None:
                raise ValueError(f"“{wrong.relative}” has the label {wrong.label}, and its classes end before")
            if _DIGITS.fullmatch("".join([picture.sha256 for picture in part])) is None:
                raise ValueError("what stands for the contents of a picture is no hash")

    def replaced(self, **fields: Any) -> RunRecord:
        """Return the same record with other `fields`."""
        return msgspec.structs.replace(self, **fields)


def is_on_this_computer(path: str) -> bool:
    """Return whether a path of a stranger's names a place of this computer: neither one below wherever the program was
    started, nor one that Windows takes for another computer, whichever slashes it is written with."""
    return Path(path).is_absolute() and not PureWindowsPath(path).drive.startswith("\\\\")


def refuse_elsewhere(names: Sequence[str]) -> None:
    """Make sure that paths lead to something below a folder. Thousands are looked at in one go.

    Raises:
        ValueError: one leads elsewhere, or to the folder itself.
    """
    if not names or not _leads_elsewhere("/\0/".join(names)):
        return
    wrong = next((name for name in names if _leads_elsewhere(name)), "")
    raise ValueError(f"“{wrong}” is no picture of its data set")


def _leads_elsewhere(name: str) -> bool:
    around = f"/{name}/"
    return "//" in around or "/./" in around or "/../" in around


_SPECIAL = re.compile(r"[\\:]")
"""Windows takes one for a slash, and the other for the end of a drive's name."""
