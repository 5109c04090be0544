"""Messages about runs and their folders."""

from __future__ import annotations

import msgspec

from xception_gui.domain.messages.base import Details, JobRequest, JobResult
from xception_gui.domain.recipe import Recipe


class RunSummary(msgspec.Struct, frozen=True):
    """An entry of a list of runs; for a broken run, its path and why it can't be opened."""

    path: str
    bytes: int  # on disk
    broken: str | None = None  # an ErrorCode: why it can't be opened
    status: str = ""  # training, finished, stopped, failed
    preset: str = ""
    classes: tuple[str, ...] = ()
    images: int = 0  # training, validation and test pictures
    train_images: int = 0
    rests_on: int | None = None  # training pictures that were used, if not all were read
    val_images: int = 0
    val_accuracy: float | None = None  # None: the run has no model
    val_log_loss: float | None = None
    created: str = ""  # ISO 8601
    in_training: bool = False  # a process is training it now
    resumable: bool = False  # its training was interrupted and can be resumed
    dataset: str = ""
    dataset_found: bool = False  # its pictures are where they were
    samples: tuple[str, ...] = ()  # some pictures of different classes
    details: Details = {}  # of `broken`
    has_quick: bool = False  # it keeps the model that its network was trained from
    kept_quick: bool = False  # Quick's model was better than the network that was trained from it


class RunsResult(JobResult, frozen=True):
    """All runs, newest first, broken ones at the end."""

    runs: tuple[RunSummary, ...]


class ListRunsRequest(JobRequest[RunsResult], frozen=True):
    """List the runs in folders, and single runs elsewhere."""

    folders: tuple[str, ...]
    runs: tuple[str, ...] = ()


class TrainingLogResult(JobResult, frozen=True):
    """The record of a training. Its recorded events were reported before this result."""

    dataset: str
    recipe: Recipe
    seconds: float


class ReadLogRequest(JobRequest[TrainingLogResult], frozen=True):
    """Report the recorded events of a run's training again."""

    run: str


class RenameRunResult(JobResult, frozen=True):
    """The new path of the run."""

    run: str


class RenameRunRequest(JobRequest[RenameRunResult], frozen=True):
    """Rename the folder of a run."""

    run: str
    name: str


class SeparateQuickResult(JobResult, frozen=True):
    """The path of the new run."""

    run: str


class SeparateQuickRequest(JobRequest[SeparateQuickResult], frozen=True):
    """Make a run of its own, beside the given one, from the model that its network was trained from."""

    run: str


class ShareModelResult(JobResult, frozen=True):
    """The file that was written."""

    path: str
    bytes: int


class ShareModelRequest(JobRequest[ShareModelResult], frozen=True):
    """Write a run as one file `out`, which doesn't exist yet, so that others can open it with this program."""

    run: str
    out: str


class AddModelResult(JobResult, frozen=True):
    """The path of the run: a new one, or an identical one that was already there."""

    run: str


class AddModelRequest(JobRequest[AddModelResult], frozen=True):
    """Unpack a shared model as a run in a folder of runs."""

    file: str
    folder: str


class LocateDatasetResult(JobResult, frozen=True):
    """The number of the run's pictures that were found there, unchanged."""

    found: int
    total: int


class LocateDatasetRequest(JobRequest[LocateDatasetResult], frozen=True):
    """Set the folder in which the pictures of a run are now."""

    run: str
    dataset: str
