"""The last lines of an engine's log, which a failure may come with."""

from xception_gui.domain.messages.base import Failed

LOG = "log"
"""Among a failure's details: the last lines of the engine's log."""


def log_of(failure: Failed) -> str:
    """Return the last lines of the log that a failure comes with; empty where there are none."""
    return str(failure.details.get(LOG, ""))
