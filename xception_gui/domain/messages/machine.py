"""Messages about this computer."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from xception_gui.domain.messages.base import JobRequest, JobResult


class StoredKind(StrEnum):
    """The kinds of data that the program stores on disk."""

    PICTURES = "pictures"  # cached results about pictures
    PREVIEWS = "previews"
    PASTED = "pasted"
    NETWORKS = "networks"
    LOGS = "logs"
    MODELS = "models"
    SAMPLES = "samples"


class Stored(msgspec.Struct, frozen=True):
    """The data of one kind on disk."""

    kind: StoredKind
    bytes: int
    folder: str
    is_cache: bool  # whether emptying the cache deletes these data


class CacheResult(JobResult, frozen=True):
    """The current state of the cache, and other stored data."""

    bytes: int
    limit: int
    folder: str
    stored: tuple[Stored, ...] = ()


class CacheRequest(JobRequest[CacheResult], frozen=True):
    """Return the size and the limit of the cache, after emptying it or setting the limit if requested."""

    clear: bool = False
    limit: int | None = None  # bytes
    spared: tuple[str, ...] = ()  # names of pasted pictures that are kept because they are shown


class RuntimeResult(JobResult, frozen=True):
    """The runtime that new models use on this computer, and the reason."""

    runtime: str
    seconds: dict[str, float]  # of each runtime for a picture; empty: there is only one


class ChooseRuntimeRequest(JobRequest[RuntimeResult], frozen=True):
    """Return the runtime for new models, measuring first if needed."""


class SpeedResult(JobResult, frozen=True):
    """The speed of this computer, at 299 × 299 pixels."""

    device: str
    embedding_seconds: float  # per picture
    training_seconds: float | None = None  # per picture, in a training step of the whole network
    starting_seconds: float | None = None  # until Keras and the network are loaded
    precision: str = "float32"  # in which training_seconds was measured
    step_seconds: dict[str, float] = {}  # by precision: duration of the same small step


class MeasureSpeedRequest(JobRequest[SpeedResult], frozen=True):
    """Measure how fast this computer embeds pictures and, if requested, trains the network."""

    training: bool = False
