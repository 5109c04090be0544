"""What is between an engine and whoever drives it, beside its jobs."""

from __future__ import annotations

from xception_gui.domain.messages.base import Event, Message

PROTOCOL_VERSION = 2
"""1: sentences crossed, and each picture told its classes by name. 2: codes with details, and probabilities as numbers
in the order of the classes, which `model_opened` tells."""


class Hello(Event, frozen=True):
    """The engine is there."""

    version: str
    protocol: int = PROTOCOL_VERSION


class Rejected(Event, frozen=True):
    """A line that is no request."""

    reason: str
    line: str  # its beginning


class StopRequest(Message, frozen=True, tag="stop"):
    """Stop the request of this id, politely: the best model so far is kept."""
