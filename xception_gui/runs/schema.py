"""What `run.json` holds."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

import msgspec

from xception_gui.domain.embedding import LITERT
from xception_gui.domain.recipe import Precision, Recipe

FORMAT = 1


class Status(StrEnum):
    """How far a run is."""

    TRAINING = "training"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"


class SplitRecord(msgspec.Struct, frozen=True):
    """Relative path and content hash of every picture of a run."""

    train: tuple[tuple[str, str], ...]
    val: tuple[tuple[str, str], ...]
    test: tuple[tuple[str, str], ...] = ()


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


class RunRecord(msgspec.Struct, frozen=True):
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
    format: int = FORMAT

    def __post_init__(self) -> None:
        if self.format != FORMAT:
            raise ValueError(f"its format is {self.format}, and this release knows {FORMAT}")
        if self.image_size != self.recipe.image_size:
            raise ValueError(f"its image size is {self.image_size}, and {self.recipe.image_size} in its recipe")
        if len(self.classes) < 2 or len(set(self.classes)) != len(self.classes):
            raise ValueError("it needs two different classes or more")
        for relative, _ in (*self.split.train, *self.split.val, *self.split.test):
            self.class_of(relative)

    def class_of(self, relative: str) -> str:
        """Read the class of a picture off its path below the data set.

        Raises:
            ValueError: the path leads out of the data set, or to no class of this run.
        """
        folders = relative.split("/")[:-1]
        depth = 1 if self.has_parts else 0
        if not folders[depth:] or folders[depth] not in self.classes or ".." in folders or not folders[0]:
            raise ValueError(f"“{relative}” is no picture of its classes")
        return folders[depth]

    def as_json(self) -> str:
        """Write it as `run.json` holds it."""
        return json.dumps(msgspec.to_builtins(self, str_keys=True), ensure_ascii=False, indent=1) + "\n"

    def replaced(self, **fields: Any) -> RunRecord:
        """Give the same record with other `fields`."""
        return msgspec.structs.replace(self, **fields)
