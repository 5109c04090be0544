"""What is asked and told about runs and the folders that they are in."""

from __future__ import annotations

import msgspec

from xception_gui.domain.messages.base import Details, JobRequest, JobResult
from xception_gui.domain.recipe import Recipe


class RunSummary(msgspec.Struct, frozen=True):
    """What a list of runs shows of one; of a broken one, its path, and why it can't be opened."""

    path: str
    bytes: int  # on disk
    broken: str | None = None  # an ErrorCode: why it can't be opened
    status: str = ""  # training, finished, stopped, failed
    preset: str = ""
    classes: tuple[str, ...] = ()
    images: int = 0  # learned from, validated on and tested on
    train_images: int = 0
    rests_on: int | None = None  # training pictures, where some of them weren't read
    val_images: int = 0
    val_accuracy: float | None = None  # None: there is no model in it
    val_log_loss: float | None = None
    created: str = ""  # ISO 8601
    in_training: bool = False  # a process trains it now
    resumable: bool = False  # its training was interrupted and can go on
    dataset: str = ""
    dataset_found: bool = False  # its pictures lie where they were
    samples: tuple[str, ...] = ()  # some pictures of different classes
    details: Details = {}  # of what is broken


class RunsResult(JobResult, frozen=True):
    """All runs, the newest first, broken ones at the end."""

    runs: tuple[RunSummary, ...]


class ListRunsRequest(JobRequest[RunsResult], frozen=True):
    """List the runs in folders, and single ones that lie elsewhere."""

    folders: tuple[str, ...]
    runs: tuple[str, ...] = ()


class TrainingLogResult(JobResult, frozen=True):
    """What a run records of its training; what that reported was told on the way."""

    dataset: str
    recipe: Recipe
    seconds: float


class ReadLogRequest(JobRequest[TrainingLogResult], frozen=True):
    """Tell what the training of a run reported, as far as it was written down."""

    run: str


class RenameRunResult(JobResult, frozen=True):
    """Where the run is now."""

    run: str


class RenameRunRequest(JobRequest[RenameRunResult], frozen=True):
    """Give the folder of a run another name."""

    run: str
    name: str


class ShareModelResult(JobResult, frozen=True):
    """The file that was written."""

    path: str
    bytes: int


class ShareModelRequest(JobRequest[ShareModelResult], frozen=True):
    """Write a run as one file `out`, which doesn't exist yet, for others to open with this program."""

    run: str
    out: str


class AddModelResult(JobResult, frozen=True):
    """Where the run is: a new one, or the same that was there."""

    run: str


class AddModelRequest(JobRequest[AddModelResult], frozen=True):
    """Make a run of a file that was shared, in a folder of runs."""

    file: str
    folder: str


class LocateDatasetResult(JobResult, frozen=True):
    """How many of the run's pictures are there, unchanged."""

    found: int
    total: int


class LocateDatasetRequest(JobRequest[LocateDatasetResult], frozen=True):
    """Tell a run where its pictures are now."""

    run: str
    dataset: str
