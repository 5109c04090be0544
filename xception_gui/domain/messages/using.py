"""Messages about using models: predictions and evaluation."""

from __future__ import annotations

import msgspec

from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.base import Event, JobRequest, JobResult
from xception_gui.domain.messages.dataset import LeftOut


class ModelOpened(Event, frozen=True):
    """A model was opened. Sent before the first picture."""

    classes: tuple[str, ...]  # of the model, in the order of all probabilities


class PicturePredicted(Event, frozen=True):
    """The prediction for one picture, sent as soon as it is known, in the order of the request.

    Plain numbers, because there may be a million pictures and a hundred classes: names would take 30 times as long.
    """

    path: str
    probabilities: tuple[float, ...] = ()  # of all classes, 0..1; empty: the picture can't be read
    error: str | None = None  # a Reason: why it can't be read
    detail: str = ""  # the value for the place in the reason's text
    given: int = 0  # index of the request's path that is this picture, or contains it


class PredictResult(JobResult, frozen=True):
    """The number of pictures. Their predictions were reported one by one by PicturePredicted."""

    classes: tuple[str, ...]  # of the model
    pictures: int
    unreadable: int  # of these
    stopped: bool = False  # before the last picture

    @property
    def was_stopped(self) -> bool:
        """Whether the job was stopped early."""
        return self.stopped


class PredictRequest(JobRequest[PredictResult], frozen=True):
    """Classify pictures: files, and folders with everything below them."""

    run: str
    paths: tuple[str, ...]


class ClassMetrics(msgspec.Struct, frozen=True):
    """Metrics of one class, 0..1; None if undefined, as described in `domain/metrics.py`.

    Records of earlier releases have 0 instead.
    """

    precision: float | None
    recall: float | None
    f1: float | None
    support: int  # pictures of this class


class PictureEvaluated(Event, frozen=True):
    """The prediction for a picture with a known class."""

    path: str
    label: int  # index of its actual class
    ranking: tuple[int, ...]  # the three most probable classes, then the actual one if not among them
    probabilities: tuple[float, ...]  # of these, 0..1


class EvaluateResult(JobResult, frozen=True):
    """Metrics of a run."""

    classes: tuple[str, ...]
    accuracy: float
    log_loss: float
    images: int
    trained_on: int  # how many of these are training pictures of the run
    left_out: tuple[LeftOut, ...]
    per_class: dict[str, ClassMetrics]
    confusion_matrix: tuple[tuple[int, ...], ...]  # rows: actual classes, columns: predicted classes
    dataset: str | None = None  # as given; None: the run's own validation pictures
    parts: dict[str, int] = {}  # pictures in each part (train, val, test); empty: no parts


class EvaluateRequest(JobRequest[EvaluateResult], frozen=True):
    """Evaluate a run on its own validation pictures or on a data set."""

    run: str
    dataset: str | None = None
    folders: Folders = Folders.AUTO
