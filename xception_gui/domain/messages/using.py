"""What is asked of a model, and what it says."""

from __future__ import annotations

import msgspec

from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.base import Event, JobRequest, JobResult
from xception_gui.domain.messages.dataset import LeftOut


class ModelOpened(Event, frozen=True):
    """A model is open; comes before the first picture."""

    classes: tuple[str, ...]  # that it knows, in the order of all probabilities


class PicturePredicted(Event, frozen=True):
    """One picture's result, as soon as it is there. In the order asked for.

    Plain numbers, as there may be a million pictures of a hundred classes: names cost thirty times as much.
    """

    path: str
    probabilities: tuple[float, ...] = ()  # of all classes, 0..1; empty: the picture can't be read
    error: str | None = None  # a Reason: why not
    detail: str = ""  # what fills the place in its words
    given: int = 0  # which of the request's paths it is, or was found below


class PredictResult(JobResult, frozen=True):
    """How many pictures there were; what they show was told by PicturePredicted, one by one."""

    classes: tuple[str, ...]  # that the model knows
    pictures: int
    unreadable: int  # of them
    stopped: bool = False  # before the last picture

    @property
    def was_stopped(self) -> bool:
        """Whether it was stopped before its end."""
        return self.stopped


class PredictRequest(JobRequest[PredictResult], frozen=True):
    """Say what the pictures show: files, and folders with everything below them."""

    run: str
    paths: tuple[str, ...]


class ClassMetrics(msgspec.Struct, frozen=True):
    """How one class fares. 0..1 each; None where the figure isn't defined, as `domain/metrics.py` has it.

    What earlier releases recorded has 0 there.
    """

    precision: float | None
    recall: float | None
    f1: float | None
    support: int  # pictures of this class


class PictureEvaluated(Event, frozen=True):
    """What was said about a picture whose class is known."""

    path: str
    label: int  # what it is: the number of its class
    ranking: tuple[int, ...]  # the three most probable classes, and the right one if it isn't among them
    probabilities: tuple[float, ...]  # of these, 0..1


class EvaluateResult(JobResult, frozen=True):
    """How good a run is."""

    classes: tuple[str, ...]
    accuracy: float
    log_loss: float
    images: int
    trained_on: int  # how many of them the run was trained on
    left_out: tuple[LeftOut, ...]
    per_class: dict[str, ClassMetrics]
    confusion_matrix: tuple[tuple[int, ...], ...]  # rows: what it was, columns: what was said
    dataset: str | None = None  # as it was given; None: the run's own validation pictures
    parts: dict[str, int] = {}  # pictures of each of its parts (train, val, test); empty: it isn't divided into parts


class EvaluateRequest(JobRequest[EvaluateResult], frozen=True):
    """Say how good a run is, on its own validation pictures or on a data set."""

    run: str
    dataset: str | None = None
    folders: Folders = Folders.AUTO
