"""The common base of all messages: requests in, events out, and the end of every job.

Each request names its result, and both are in the module of their topic. All messages are frozen structs of plain
values; `domain/lines.py` encodes and decodes them as lines of JSON.

**Codes cross, words are made at the edge.** Texts for people travel as a code with details (`Details`, or one
`detail`). `words/` has the sentences, one table for each kind of code; import-linter ensures that only the command line
and the window use it. Up to protocol 1, some fields held finished sentences (`Notice.text`, `LeftOut.reason`,
`Problem.message`, `Failed.what`, `.why` and `.fix`). They will always be read, since `events.jsonl` of earlier runs
contains them, and are written empty; one that isn't empty is shown. `RunSummary.broken` and `PreviewReady.error`,
which were never saved, hold a code now.
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
"""A name, a number, a code, several names, or groups of names."""

Details = dict[str, Detail]
"""The values for the places in the text of a code, by place."""


class Message(msgspec.Struct, frozen=True, tag=_tag):
    """A message, sent as one line."""


class JobResult(Message, frozen=True):
    """The result of a job."""

    @property
    def was_stopped(self) -> bool:
        """Whether the job was stopped early, so that this is a partial result."""
        return False


AnyResult = TypeVar("AnyResult", bound=JobResult)


class JobRequest(Message, Generic[AnyResult], frozen=True):
    """A request for a job with the result `AnyResult`. All paths in requests and results are absolute."""


class Event(Message, frozen=True):
    """Something that a job reports while it runs, or at its end."""


class Phase(StrEnum):
    """The phases of jobs."""

    CHECKING = "checking"  # reading the data set
    CONVERTING = "converting"  # converting a network to a backbone
    EMBEDDING = "embedding"  # passing pictures through the backbone
    FITTING = "fitting"  # fitting the head
    LOADING = "loading"  # building the network to train
    TRAINING = "training"
    TESTING = "testing"  # computing the reported accuracy and loss
    PREDICTING = "predicting"
    EXPORTING = "exporting"
    DRAWING = "drawing"  # the sample pictures
    MEASURING = "measuring"  # the speed of the computer


class PhaseStarted(Event, frozen=True):
    """A phase begins. `total`: the number of pictures in the phase, None if unknown."""

    phase: Phase
    total: int | None = None


class Progress(Event, frozen=True):
    """The progress of the phase, in pictures."""

    phase: Phase
    done: int
    total: int
    seconds: float  # since the phase began


class Finished(Event, Generic[AnyResult], frozen=True):
    """The job is done."""

    result: AnyResult


class Stopped(Event, Generic[AnyResult], frozen=True):
    """The job was stopped. `result`: what it had achieved by then, None if nothing."""

    result: AnyResult | None = None
    resumable: bool = False  # a training that was saved and can be resumed


class Failed(Event, frozen=True):
    """The job failed."""

    code: str  # an ErrorCode
    details: Details = {}
    what: str = ""  # sentences, up to protocol 1
    why: str = ""
    fix: str = ""


End = Finished[Any] | Stopped[Any] | Failed


def plain(message: msgspec.Struct) -> dict[str, Any]:
    """Convert a message to JSON types: dicts, lists, texts and numbers."""
    return msgspec.to_builtins(message, str_keys=True)  # type: ignore[no-any-return]
