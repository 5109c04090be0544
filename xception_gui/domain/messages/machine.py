"""What is asked and told about this computer."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from xception_gui.domain.messages.base import JobRequest, JobResult


class StoredKind(StrEnum):
    """What the program keeps on the disk."""

    PICTURES = "pictures"  # what was found out about them, to be the cache proper
    PREVIEWS = "previews"
    PASTED = "pasted"
    NETWORKS = "networks"
    LOGS = "logs"
    MODELS = "models"
    SAMPLES = "samples"


class Stored(msgspec.Struct, frozen=True):
    """One kind of what the program keeps on the disk."""

    kind: StoredKind
    bytes: int
    folder: str
    is_cache: bool  # whether emptying the cache deletes it


class CacheResult(JobResult, frozen=True):
    """The cache as it is now, and what else there is."""

    bytes: int
    limit: int
    folder: str
    stored: tuple[Stored, ...] = ()


class CacheRequest(JobRequest[CacheResult], frozen=True):
    """Say how much of the disk the cache takes and may take; first empty it or set its limit, if asked."""

    clear: bool = False
    limit: int | None = None  # bytes
    spared: tuple[str, ...] = ()  # names of pasted pictures that are shown just now: they stay


class SpeedResult(JobResult, frozen=True):
    """How fast this machine is, at 299 × 299 pixels."""

    device: str
    embedding_seconds: float  # a picture
    training_seconds: float | None = None  # a picture, in a training step of the whole network
    starting_seconds: float | None = None  # until Keras and the network are there
    precision: str = "float32"  # that training_seconds was measured in
    step_seconds: dict[str, float] = {}  # by precision: how long the same small step takes


class MeasureSpeedRequest(JobRequest[SpeedResult], frozen=True):
    """Measure how fast this machine embeds pictures and, if asked, trains the network."""

    training: bool = False
