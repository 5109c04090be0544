"""What is asked and told about pictures and data sets."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.base import Details, Event, JobRequest, JobResult
from xception_gui.domain.recipe import Augmentation


class LeftOut(msgspec.Struct, frozen=True, gc=False):
    """A file that isn't used, and why."""

    path: str
    code: str  # a Reason
    detail: str = ""  # what fills the place in the reason's words
    reason: str = ""  # a sentence, up to protocol 1


class ProblemCode(StrEnum):
    """Which problem of a data set it is, unless an ErrorCode says that it can't be trained on."""

    UNREADABLE = "unreadable"
    DUPLICATES = "duplicates"
    DUPLICATES_ACROSS_CLASSES = "duplicates-across-classes"
    CLASS_TOO_SMALL = "class-too-small"
    CLASS_NOT_TRAINED = "class-not-trained"
    OUTSIDE_CLASSES = "outside-classes"
    SYSTEM_FILES = "system-files"
    OUTSIDE_PARTS = "outside-parts"
    CLASS_NAMES_ALIKE = "class-names-alike"
    SAME_INNER_FOLDERS = "same-inner-folders"
    PART_AS_CLASS = "part-as-class"
    EMPTY_CLASS = "empty-class"
    CLASS_NOT_VALIDATED = "class-not-validated"
    UNEQUAL_CLASSES = "unequal-classes"


class Problem(msgspec.Struct, frozen=True):
    """Something about a data set that a person should know."""

    code: str  # a ProblemCode, or an ErrorCode
    paths: tuple[str, ...]
    severity: str = "warning"  # or "error": can't be trained on
    details: Details = {}
    message: str = ""  # a sentence, up to protocol 1


class DatasetChecked(Event, frozen=True):
    """What is in the data set that is trained on."""

    classes: dict[str, int]
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]


class DatasetSplit(Event, frozen=True):
    """How many pictures are learned from, and how many are kept for testing."""

    train_images: int
    val_images: int
    test_images: int


class CheckResult(JobResult, frozen=True):
    """What is in a data set."""

    classes: dict[str, int]
    used: int
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]
    samples: dict[str, tuple[str, ...]] = {}  # some pictures of each class
    embedded: int = 0  # pictures whose embeddings are cached
    has_parts: bool = False  # the data set has a split of its own
    part_folders: dict[str, str] = {}  # folder → train, val or test: what they are, or would be if they weren't classes

    @property
    def can_be_trained_on(self) -> bool:
        """Nothing that was found forbids a training."""
        return all(problem.severity != "error" for problem in self.problems)


class CheckRequest(JobRequest[CheckResult], frozen=True):
    """Say what is in a data set and what is wrong with it."""

    dataset: str
    folders: Folders = Folders.AUTO


class EmbedResult(JobResult, frozen=True):
    """A data set was read."""

    images: int  # that have embeddings now
    stopped: bool = False

    @property
    def was_stopped(self) -> bool:
        """Whether it was stopped before its end."""
        return self.stopped


class EmbedRequest(JobRequest[EmbedResult], frozen=True):
    """Read a data set ahead of a training, which then finds its embeddings, and show how good Quick would be.

    The split is the one that a recipe with these fields has.
    """

    dataset: str
    seed: int = 0
    val_fraction: float = 0.2
    folders: Folders = Folders.AUTO


class SamplesResult(JobResult, frozen=True):
    """Where the sample pictures are."""

    dataset: str
    new_pictures: str  # a folder of pictures to predict


class DrawSamplesRequest(JobRequest[SamplesResult], frozen=True):
    """Draw the sample pictures into a folder, or find that they are there."""

    folder: str


class PreviewShape(StrEnum):
    """How a picture is made small enough to be shown."""

    SQUARE = "square"  # cropped around the middle
    WHOLE = "whole"


class PreviewReady(Event, frozen=True):
    """A small copy of a picture is there, or why there is none."""

    path: str
    file: str | None  # JPEG, in the cache
    error: str | None = None  # a Reason, or an ErrorCode
    look: int = 0  # from 1 on: as a training may see it, one of several
    details: Details = {}  # of the error


class PreviewResult(JobResult, frozen=True):
    """All previews were told of by PreviewReady."""


class PreviewRequest(JobRequest[PreviewResult], frozen=True):
    """Make small copies of pictures, in the cache, that can be shown without opening a stranger's file."""

    paths: tuple[str, ...]
    size: int  # pixels: the side of a square, the longer side of a whole picture
    shape: PreviewShape = PreviewShape.SQUARE


class PreviewAugmentationRequest(JobRequest[PreviewResult], frozen=True):
    """Make small copies of pictures as a training would see them: each as it is, then as it may look in an epoch."""

    paths: tuple[str, ...]
    size: int  # pixels, both ways
    augment: Augmentation
    seed: int = 0
    looks: int = 2  # of each picture, beside the one as it is
