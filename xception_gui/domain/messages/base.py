"""What all messages have in common: requests in, events out, and the end of every job.

Each request names its result, and both stand in the module of their topic. All of them are frozen structs of plain
values; `domain/lines.py` writes and reads them as lines of JSON.

**Codes cross, words are made at the edge.** What a person is to read travels as a code with details (`Details`, or one
`detail`). `words/` has the sentences, one table for each kind of code, and only the command line and the window use it:
import-linter holds that nothing else does. The fields that held ready sentences up to protocol 1 (`Notice.text`,
`LeftOut.reason`, `Problem.message`, `Failed.what`, `.why` and `.fix`) are read for ever, as `events.jsonl` of earlier
runs has them, and written empty; where one isn't empty, it is what is shown. `RunSummary.broken` and
`PreviewReady.error`, which were never kept on a disk, hold a code now.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Generic, TypeVar

import msgspec


def _tag(name: str) -> str:
    """`TrainRequest` → `train`, `EpochFinished` → `epoch_finished`."""
    words = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
    return words.removesuffix("_request")


Detail = str | int | float | tuple[str | tuple[str, ...], ...]
"""A name, a number, a code, or names, or groups of them."""

Details = dict[str, Detail]
"""What fills the places in the words of a code, by the name of the place."""


class Message(msgspec.Struct, frozen=True, tag=_tag):
    """What travels as a line."""


class JobResult(Message, frozen=True):
    """What a job comes to."""

    @property
    def was_stopped(self) -> bool:
        """Whether it is only what was reached until the job was stopped."""
        return False


AnyResult = TypeVar("AnyResult", bound=JobResult)


class JobRequest(Message, Generic[AnyResult], frozen=True):
    """What a job is asked for; `AnyResult` is what it comes to. Its paths are absolute, as are those of the result."""


class Event(Message, frozen=True):
    """What is told while a job is done, or at its end."""


class Phase(StrEnum):
    """What a job is doing."""

    CHECKING = "checking"  # reading the data set
    CONVERTING = "converting"  # making the backbone of a network
    EMBEDDING = "embedding"  # passing pictures through the backbone
    FITTING = "fitting"  # fitting the head
    LOADING = "loading"  # building the network to train
    TRAINING = "training"
    TESTING = "testing"  # computing the figures that are reported
    PREDICTING = "predicting"
    EXPORTING = "exporting"
    DRAWING = "drawing"  # the sample pictures
    MEASURING = "measuring"  # how fast the machine is


class PhaseStarted(Event, frozen=True):
    """A phase begins. `total`: how many pictures it will look at, None where it can't be said."""

    phase: Phase
    total: int | None = None


class Progress(Event, frozen=True):
    """How far the phase is, in pictures."""

    phase: Phase
    done: int
    total: int
    seconds: float  # since the phase began


class Finished(Event, Generic[AnyResult], frozen=True):
    """The job is done."""

    result: AnyResult


class Stopped(Event, Generic[AnyResult], frozen=True):
    """The job was stopped; its result is what was reached till then, None if that was nothing."""

    result: AnyResult | None = None
    resumable: bool = False  # a training that was saved, to be gone on with


class Failed(Event, frozen=True):
    """The job could not be done."""

    code: str  # an ErrorCode
    details: Details = {}
    what: str = ""  # sentences, up to protocol 1
    why: str = ""
    fix: str = ""


End = Finished[Any] | Stopped[Any] | Failed


def plain(message: msgspec.Struct) -> dict[str, Any]:
    """Turn a message into dicts, lists, texts and numbers, as JSON knows them."""
    return msgspec.to_builtins(message, str_keys=True)  # type: ignore[no-any-return]
