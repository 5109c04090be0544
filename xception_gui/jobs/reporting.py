"""Reporting of jobs: throttled at the source, and with exactly one end."""

import time
import traceback
from collections.abc import Callable

from xception_gui.diagnostics import log_file, logger
from xception_gui.domain.errors import ErrorCode, Finding, JobStopped, ProgramError, system_finding
from xception_gui.domain.messages.base import (
    End,
    Failed,
    Finished,
    JobResult,
    Message,
    Phase,
    PhaseStarted,
    Progress,
    Stopped,
)
from xception_gui.domain.messages.training import BatchFinished
from xception_gui.inference.machine import memory_in_words

Report = Callable[[Message], None]
Stop = Callable[[], bool]


def never() -> bool:
    """A stop flag that never stops, for work that must be completed."""
    return False


def raise_if_stopped(stop: Stop) -> None:
    """Raise JobStopped if `stop()` is true."""
    if stop():
        raise JobStopped


SECONDS_BETWEEN_PROGRESS = 0.1


class ThrottledReport:
    """Passes on at most ten progress events a second, and every other event at once.

    The last step of a phase or an epoch is never dropped.
    """

    def __init__(self, report: Report, clock: Callable[[], float] = time.monotonic) -> None:
        self._report = report
        self._clock = clock
        self._next = -float("inf")

    def __call__(self, event: Message) -> None:
        """Pass an event on, or drop it."""
        if isinstance(event, Progress | BatchFinished) and not _is_last(event):
            now = self._clock()
            if now < self._next:
                return
            self._next = now + SECONDS_BETWEEN_PROGRESS
        self._report(event)


def _is_last(event: Progress | BatchFinished) -> bool:
    return event.done == event.total if isinstance(event, Progress) else event.step == event.steps


class PhaseReport:
    """Reports the progress of one phase, in pictures."""

    def __init__(self, report: Report, phase: Phase, total: int) -> None:
        self._report = report
        self._phase = phase
        self._total = total
        self._done = 0
        self._began = time.monotonic()
        report(PhaseStarted(phase, total))

    def advance(self, pictures: int = 1) -> None:
        """Report that this many more pictures are done."""
        self._done += pictures
        self._report(Progress(self._phase, self._done, self._total, time.monotonic() - self._began))


def end_of(work: Callable[[], JobResult]) -> End:
    """Do the work, and return its outcome as one event, whatever is raised."""
    try:
        result = work()
    except JobStopped as stopped:
        return Stopped(resumable=stopped.resumable)
    except ProgramError as error:
        return failed(error)
    except MemoryError:
        return failed(ProgramError(ErrorCode.OUT_OF_MEMORY, memory=memory_in_words()))
    except OSError as error:
        logger.exception("A job failed")
        return failed(system_refused(error))
    except Exception as error:
        logger.exception("A job failed")
        found = traceback.format_exception_only(error)[-1].strip()
        return failed(ProgramError(ErrorCode.UNEXPECTED, found=found, log=log_file()))
    return Stopped(result) if result.was_stopped else Finished(result)


def system_refused(error: OSError) -> ProgramError:
    """Turn an unforeseen error of the operating system into one of the program."""
    at = {"place": Finding.AT_A_FILE, "path": error.filename} if error.filename else {}
    return ProgramError(ErrorCode.SYSTEM_REFUSED, found=system_finding(error), **at)


def failed(error: ProgramError) -> Failed:
    """Turn an error into an event."""
    return Failed(error.code, error.details)
