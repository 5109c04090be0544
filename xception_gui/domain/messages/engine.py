"""What is between an engine and whoever drives it, beside its jobs."""

from __future__ import annotations

from xception_gui.domain.messages.base import Event, Message

PROTOCOL_VERSION = 1


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
