"""Messages of engines that don't belong to a job."""

from __future__ import annotations

from xception_gui.domain.messages.base import Event, Message

PROTOCOL_VERSION = 2
"""1: finished sentences, and class names with each prediction. 2: codes with details, and probabilities in the order of
the classes in `model_opened`."""


class Hello(Event, frozen=True):
    """The engine is ready."""

    version: str
    protocol: int = PROTOCOL_VERSION


class Rejected(Event, frozen=True):
    """A line was not a valid request."""

    reason: str
    line: str  # its beginning


class StopRequest(Message, frozen=True, tag="stop"):
    """Stop the job with this id and keep its best model so far."""
