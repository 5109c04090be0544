"""Messages about pictures and data sets."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.base import Details, Event, JobRequest, JobResult
from xception_gui.domain.recipe import Augmentation


class LeftOut(msgspec.Struct, frozen=True, gc=False):
    """A skipped file and its reason."""

    path: str
    code: str  # a Reason
    detail: str = ""  # the value for the place in the reason's text
    reason: str = ""  # a sentence, up to protocol 1


class ProblemCode(StrEnum):
    """The kinds of problems of a data set; one that prevents training has an ErrorCode instead."""

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
    """A problem of a data set that people should know about."""

    code: str  # a ProblemCode, or an ErrorCode
    paths: tuple[str, ...]
    severity: str = "warning"  # or "error": prevents training
    details: Details = {}
    message: str = ""  # a sentence, up to protocol 1


class DatasetChecked(Event, frozen=True):
    """The contents of the data set of a training."""

    classes: dict[str, int]
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]


class DatasetSplit(Event, frozen=True):
    """The sizes of the split: training, validation and test pictures."""

    train_images: int
    val_images: int
    test_images: int


class CheckResult(JobResult, frozen=True):
    """The contents of a data set."""

    classes: dict[str, int]
    used: int
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]
    samples: dict[str, tuple[str, ...]] = {}  # some pictures of each class
    embedded: int = 0  # pictures with cached embeddings
    has_parts: bool = False  # the data set has its own split
    part_folders: dict[str, str] = {}  # folder → train, val or test, also if these folders are used as classes

    @property
    def can_be_trained_on(self) -> bool:
        """Whether no problem prevents training."""
        return all(problem.severity != "error" for problem in self.problems)


class CheckRequest(JobRequest[CheckResult], frozen=True):
    """Check a data set: what is in it and what is wrong with it."""

    dataset: str
    folders: Folders = Folders.AUTO


class EmbedResult(JobResult, frozen=True):
    """The result of reading a data set ahead."""

    images: int  # pictures that have embeddings now
    stopped: bool = False

    @property
    def was_stopped(self) -> bool:
        """Whether the job was stopped early."""
        return self.stopped


class EmbedRequest(JobRequest[EmbedResult], frozen=True):
    """Compute the embeddings of a data set ahead of a training, and measure how good Quick would be.

    The split is that of a recipe with the same values.
    """

    dataset: str
    seed: int = 0
    val_fraction: float = 0.2
    folders: Folders = Folders.AUTO


class SamplesResult(JobResult, frozen=True):
    """Where the sample pictures are."""

    dataset: str
    new_pictures: str  # a folder of pictures to classify


class DrawSamplesRequest(JobRequest[SamplesResult], frozen=True):
    """Draw the sample pictures into a folder, unless they are already there."""

    folder: str


class PreviewShape(StrEnum):
    """How a picture is fitted into a preview."""

    SQUARE = "square"  # cropped at the centre
    WHOLE = "whole"


class PreviewReady(Event, frozen=True):
    """A preview of a picture is ready, or why there is none."""

    path: str
    file: str | None  # JPEG, in the cache
    error: str | None = None  # a Reason, or an ErrorCode
    look: int = 0  # 1, 2, …: augmented versions of the picture; 0: the picture itself
    details: Details = {}  # of the error


class PreviewResult(JobResult, frozen=True):
    """All previews were reported by PreviewReady."""


class PreviewRequest(JobRequest[PreviewResult], frozen=True):
    """Make previews of pictures in the cache, so that the window needn't open a stranger's files."""

    paths: tuple[str, ...]
    size: int  # pixels: side of a square, or longer side of a whole picture
    shape: PreviewShape = PreviewShape.SQUARE


class PreviewAugmentationRequest(JobRequest[PreviewResult], frozen=True):
    """Make previews of pictures as a training sees them: each unchanged, then augmented."""

    paths: tuple[str, ...]
    size: int  # pixels, width and height
    augment: Augmentation
    seed: int = 0
    looks: int = 2  # augmented versions of each picture
