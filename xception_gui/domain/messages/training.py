"""What is asked and told about trainings."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.base import Details, Event, JobRequest, JobResult
from xception_gui.domain.recipe import Recipe


class NoticeCode(StrEnum):
    """Which notice it is."""

    RANDOM_WEIGHTS = "random-weights"
    OWN_BACKBONE = "own-backbone"
    FEWER_PICTURES = "fewer-pictures"
    NO_EPOCH = "no-epoch"
    QUICK_KEPT = "quick-kept"
    DIVERGED = "went-astray"
    PRECISION = "precision"
    BATCH_HALVED = "batch-halved"
    UNEQUAL_CLASSES = "unequal-classes"
    STOPPED_EARLY = "stopped-early"
    NOT_SAVED = "not-saved"
    RESUMED = "resumed"
    PICTURES_CHANGED = "pictures-changed"
    ACCELERATOR_FAILED = "accelerator-failed"


class Notice(Event, frozen=True):
    """Something to know while a job runs."""

    code: NoticeCode
    details: Details = {}
    text: str = ""  # a sentence, up to protocol 1


class TrainingResumed(Event, frozen=True):
    """A training that was interrupted goes on; what it had reported until then follows once more."""

    dataset: str
    recipe: Recipe


class BatchFinished(Event, frozen=True):
    """A training step is done. Throttled."""

    epoch: int  # from 1
    step: int  # from 1
    steps: int  # in an epoch
    epochs: int  # planned
    loss: float  # of this batch
    accuracy: float  # of this batch, 0..1
    images_per_second: (
        float  # over the last seconds; 0: not known yet, as the first step, which compiles, doesn't count
    )
    images: int = 0  # that the epoch has passed so far
    epoch_images: int = 0  # in an epoch


class EpochFinished(Event, frozen=True):
    """An epoch is done, or a refit of the head (Quick), or the starting model is measured (epoch 0)."""

    epoch: int
    images: int  # pictures seen in this epoch, or fitted
    loss: float | None  # mean over the pictures of the epoch, while they were learned
    accuracy: float | None  # likewise, 0..1
    val_loss: float
    val_accuracy: float
    learning_rate: float | None
    seconds: float
    best: bool  # the lowest validation loss so far
    preliminary: bool = False  # a fit (Quick) on the pictures that were read so far
    recalls: tuple[float, ...] = ()  # of a fit: of each class, on the validation pictures, 0..1
    validation_seconds: float = 0.0  # of an epoch: how many of its seconds the validation took
    recalls_of: tuple[int, ...] = ()  # of a fit: the validation pictures of each class, that `recalls` are shares of


class LearningOutlook(Event, frozen=True):
    """What twice as many pictures would probably bring. Only told where the learning curve shows it."""

    images: int  # learned from
    accuracy: float  # with them, on the validation pictures
    images_then: int
    low: float  # accuracy with those; the interval holds it in four of five cases
    high: float
    class_name: str | None = None  # whose pictures would bring most, where that shows too


class TrainResult(JobResult, frozen=True, omit_defaults=False):
    """A finished or stopped training. Figures are the predictor's, on the validation pictures."""

    run: str
    recipe: str
    classes: tuple[str, ...]
    train_images: int
    val_images: int
    val_accuracy: float
    val_log_loss: float
    epochs: int | None  # trained; None for Quick
    seconds: float
    stopped: bool
    test_images: int | msgspec.UnsetType = msgspec.UNSET
    test_accuracy: float | msgspec.UnsetType = msgspec.UNSET
    test_log_loss: float | msgspec.UnsetType = msgspec.UNSET

    @property
    def was_stopped(self) -> bool:
        """Whether it was stopped before its end."""
        return self.stopped


class TrainRequest(JobRequest[TrainResult], frozen=True):
    """Train a model on the data set and keep it as the run folder `out`."""

    dataset: str
    out: str
    recipe: Recipe
    folders: Folders = Folders.AUTO


class ResumeRequest(JobRequest[TrainResult], frozen=True):
    """Go on with the training of a run that was interrupted. What it had reported is reported again first."""

    run: str
