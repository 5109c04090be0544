"""`xception-gui --engine`: serves jobs to whoever holds the other end of its stdin and stdout."""

import os
import signal
from types import FrameType
from typing import TYPE_CHECKING

from xception_gui import __version__, diagnostics
from xception_gui.domain.messages.engine import Hello

if TYPE_CHECKING:
    from xception_gui.engine.service import JobService

_ENDING = (signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else []))
"""What asks the process to go: whoever started it, a log-out, the machine going down."""

SECONDS_WITHOUT_A_SIGN = 120
"""After its stdin has closed, a job may take its time to keep the best model, but must show signs of life."""


def run_engine() -> int:
    """Serve requests until stdin ends or the process is asked to terminate; the running job is stopped then, and a
    training saved.

    Standard output belongs to events: native libraries that print there print into the log.
    """
    diagnostics.start_log("engine")
    events = diagnostics.keep_stdout()
    diagnostics.divert_native_output(2)

    from xception_gui.engine.events import EventWriter

    writer = EventWriter(events)
    writer(Hello(__version__))

    from xception_gui.engine.service import JobService

    service = JobService(writer)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the one who drives the engine
    _read_requests(service)
    ended = service.close(SECONDS_WITHOUT_A_SIGN)
    if not ended:
        diagnostics.logger.error("The job showed no sign of life for %d seconds", SECONDS_WITHOUT_A_SIGN)
        os._exit(1)
    return 0


def _read_requests(service: "JobService") -> None:
    """Read until stdin ends or the process is asked to terminate, which can happen within a few instructions of each
    other, and more than once: a log-out closes the window and asks everybody."""
    stdin = os.fdopen(os.dup(0), "r", encoding="utf-8", errors="backslashreplace")
    try:
        for number in _ENDING:
            signal.signal(number, _terminate)
        try:
            for line in stdin:
                if line.strip():
                    service.take(line)
        finally:
            _ignore_from_now_on()
    except _Terminated:
        diagnostics.logger.info("Asked to terminate")


class _Terminated(Exception):  # noqa: N818 - no error: somebody asked for it
    pass


def _terminate(signal_number: int, frame: FrameType | None) -> None:
    _ignore_from_now_on()
    raise _Terminated


def _ignore_from_now_on() -> None:
    """The end has begun; who asks for it again must not disturb it."""
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)
