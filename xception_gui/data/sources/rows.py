"""What a data set consists of, wherever it comes from: pictures, each with its answers, its group and its part."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from xception_gui.domain.questions import CLASS


class Part(StrEnum):
    """Which part of a data set a picture belongs to, where its source says so."""

    TRAIN = "train"
    VAL = "val"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Row:
    """A file that should hold a picture, and what its source says of it. Its contents have not been read."""

    path: Path
    relative: str  # below the data set, with slashes
    answers: Mapping[str, str] = field(hash=False)  # question → answer: the picture's labels
    part: Part | None = None  # None: the split decides
    group: str | None = None  # of pictures that belong together, as those of one animal do; None: it is on its own

    @property
    def class_name(self) -> str:
        """The answer to the question which class it shows."""
        return self.answers[CLASS]

    @property
    def may_be_learned(self) -> bool:
        """Whether no validation or test part keeps it from being learned from."""
        return self.part in (None, Part.TRAIN)
