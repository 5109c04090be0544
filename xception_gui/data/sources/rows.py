"""Rows of a data set, from any source: pictures, each with its answers, its group and its part."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from xception_gui.domain.questions import CLASS


class Part(StrEnum):
    """The parts of a data set that a source can name."""

    TRAIN = "train"
    VAL = "val"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Row:
    """A file that should hold a picture, and what its source says of it. Its contents have not been read."""

    path: Path
    relative: str  # path below the data set, with slashes
    answers: Mapping[str, str] = field(hash=False)  # question → answer: the picture's labels
    part: Part | None = None  # None: the split decides
    group: str | None = None  # shared by pictures that belong together, for instance of one animal; None: no group

    @property
    def class_name(self) -> str:
        """The answer to the question for the class."""
        return self.answers[CLASS]

    @property
    def may_be_learned(self) -> bool:
        """Whether it may be a training picture: it isn't in a validation or test part."""
        return self.part in (None, Part.TRAIN)
