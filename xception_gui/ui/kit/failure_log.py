"""The last lines of an engine's log, which a failure may contain."""

from xception_gui.domain.messages.base import Failed

LOG = "log"
"""Key in a failure's details: the last lines of the engine's log."""


def log_of(failure: Failed) -> str:
    """Return the last lines of the log in a failure, empty if there are none."""
    return str(failure.details.get(LOG, ""))
