"""`xception-gui --engine`: serves jobs to the process at the other end of its stdin and stdout."""

import os
import signal
from types import FrameType
from typing import TYPE_CHECKING

from xception_gui import __version__, diagnostics
from xception_gui.domain.messages.engine import Hello

if TYPE_CHECKING:
    from xception_gui.engine.service import JobService

_ENDING = (signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else []))
"""Signals that ask the process to end: from its parent, at a log-out, or at a shutdown."""

SECONDS_WITHOUT_A_SIGN = 120
"""Limit without an event after stdin has closed: a job may take its time to save the best model, but must report."""


def run_engine() -> int:
    """Serve requests until stdin ends or the process is asked to terminate; then stop the running job, and save a
    training.

    Standard output is for events: what native libraries print there goes to the log.
    """
    diagnostics.start_log("engine")
    events = diagnostics.keep_stdout()
    diagnostics.divert_native_output(2)

    from xception_gui.engine.events import EventWriter

    writer = EventWriter(events)
    writer(Hello(__version__))

    from xception_gui.engine.service import JobService

    service = JobService(writer)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the parent process
    _read_requests(service)
    ended = service.close(SECONDS_WITHOUT_A_SIGN)
    if not ended:
        diagnostics.logger.error("The job showed no sign of life for %d seconds", SECONDS_WITHOUT_A_SIGN)
        os._exit(1)
    return 0


def _read_requests(service: "JobService") -> None:
    """Read until stdin ends or the process is asked to terminate. Both can happen at almost the same time, and more
    than once: a log-out closes the window and signals every process."""
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
    """Ignore further requests to terminate: they must not disturb the shutdown."""
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)
