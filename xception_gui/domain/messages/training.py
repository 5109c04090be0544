"""Messages about trainings."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.base import Details, Event, JobRequest, JobResult
from xception_gui.domain.recipe import Recipe


class NoticeCode(StrEnum):
    """The kinds of notices."""

    RANDOM_WEIGHTS = "random-weights"
    OWN_BACKBONE = "own-backbone"
    FEWER_PICTURES = "fewer-pictures"
    NO_EPOCH = "no-epoch"
    QUICK_KEPT = "quick-kept"
    COMPARED_WITH_QUICK = "compared-with-quick"
    DIVERGED = "went-astray"
    PRECISION = "precision"
    FULL_SIZE = "full-size"
    FORECAST = "forecast"
    BATCH_HALVED = "batch-halved"
    UNEQUAL_CLASSES = "unequal-classes"
    STOPPED_EARLY = "stopped-early"
    NOT_SAVED = "not-saved"
    RESUMED = "resumed"
    PICTURES_CHANGED = "pictures-changed"
    ACCELERATOR_FAILED = "accelerator-failed"
    OTHER_RUNTIME = "other-runtime"  # a model is used


class Notice(Event, frozen=True):
    """Something that people should know while a job runs."""

    code: NoticeCode
    details: Details = {}
    text: str = ""  # a sentence, up to protocol 1


class TrainingResumed(Event, frozen=True):
    """An interrupted training is resumed. The events that it had reported before follow again."""

    dataset: str
    recipe: Recipe


class BatchFinished(Event, frozen=True):
    """A training step has finished. Throttled."""

    epoch: int  # from 1
    step: int  # from 1
    steps: int  # in an epoch
    epochs: int  # planned
    loss: float  # of this batch
    accuracy: float  # of this batch, 0..1
    images_per_second: (
        float  # over the last seconds; 0: not known yet, since the first step, which compiles, doesn't count
    )
    images: int = 0  # done in the epoch so far
    epoch_images: int = 0  # in an epoch


class EpochFinished(Event, frozen=True):
    """An epoch has finished, or a fit of the head (Quick), or the initial model was measured (epoch 0)."""

    epoch: int
    images: int  # pictures seen in this epoch, or fitted
    loss: float | None  # mean over the pictures of the epoch, measured during training
    accuracy: float | None  # likewise, 0..1
    val_loss: float
    val_accuracy: float
    learning_rate: float | None
    seconds: float
    best: bool  # the lowest validation loss so far
    preliminary: bool = False  # a fit (Quick) on the pictures read so far
    recalls: tuple[float, ...] = ()  # of a fit: recall of each class on the validation pictures, 0..1
    validation_seconds: float = 0.0  # of an epoch: the part of `seconds` spent on validation
    recalls_of: tuple[int, ...] = ()  # of a fit: number of validation pictures of each class


class LearningOutlook(Event, frozen=True):
    """Forecast of the accuracy with twice as many pictures. Only reported if the learning curve allows one."""

    images: int  # training pictures
    accuracy: float  # with these, on the validation pictures
    images_then: int
    low: float  # lower and upper end of the accuracy with those (80 % interval)
    high: float
    class_name: str | None = None  # the class whose pictures would help most, if known


class TrainResult(JobResult, frozen=True, omit_defaults=False):
    """A finished or stopped training. Accuracy and loss are the predictor's, on the validation pictures."""

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
        """Whether the training was stopped early."""
        return self.stopped


class ForecastResult(JobResult, frozen=True, omit_defaults=False):
    """What fine-tuning would probably bring, compared with Quick."""

    low: float  # more pictures of 100 that would be classified correctly: lower and upper end of the 80 % range
    high: float
    pictures: int  # that were held out to find out; 0: too few for a trial, which would take as long as the training
    seconds: float  # that fine-tuning would take; 0: unknown

    @property
    def range(self) -> tuple[float, float] | None:
        """`low` and `high`; None without a trial."""
        return (self.low, self.high) if self.pictures else None

    @property
    def pays(self) -> bool:
        """Whether fine-tuning is worth its time; without a trial, whoever trains finds out as quickly."""
        return not self.pictures or (self.low > 0 and self.high >= 1)


NO_TRIAL = ForecastResult(0.0, 0.0, 0, 0.0)
"""With few pictures."""


class ForecastRequest(JobRequest[ForecastResult], frozen=True):
    """Try out on part of the training pictures what fine-tuning with `recipe` would bring."""

    dataset: str
    recipe: Recipe
    folders: Folders = Folders.AUTO
    out: str | None = None  # the run folder of the training that will follow, if it is known: refused now, not then


class TrainRequest(JobRequest[TrainResult], frozen=True):
    """Train a model on a data set and save it as the run folder `out`."""

    dataset: str
    out: str
    recipe: Recipe
    folders: Folders = Folders.AUTO
    forecast: tuple[float, float] | None = None  # `ForecastResult.range`, which the training is to be compared with


class ResumeRequest(JobRequest[TrainResult], frozen=True):
    """Resume the interrupted training of a run. The events that it had reported are reported again first."""

    run: str
