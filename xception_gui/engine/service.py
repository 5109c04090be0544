"""One job at a time, on its own thread, so that the main thread can always read `stop`."""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from xception_gui.diagnostics import log_file, logger
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.lines import LineError, decode_request
from xception_gui.domain.messages.base import Failed, Finished, JobRequest, Message, Stopped
from xception_gui.domain.messages.engine import Rejected, StopRequest
from xception_gui.engine.events import EventWriter

SHOWN_OF_A_LINE = 200  # characters quoted of a line that can't be read


@dataclass(frozen=True, slots=True)
class _Job:
    id: str
    request: JobRequest[Any]
    stop: threading.Event = field(default_factory=threading.Event)


class JobService:
    """Reads lines, queues their requests and runs them in order on the thread `gpu`.

    Every accepted request ends in exactly one Finished, Stopped or Failed; a line that is not a request is answered
    with Rejected and otherwise ignored.
    """

    def __init__(self, write: EventWriter) -> None:
        self._write = write
        self._lock = threading.Lock()
        self._jobs: dict[str, _Job] = {}  # queued or running
        self._leaving = threading.Event()
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        # A daemon, so that a job that can't be stopped doesn't keep the process running.
        self._thread = threading.Thread(target=self._work, name="gpu", daemon=True)
        self._thread.start()

    def take(self, line: str) -> None:
        """Process one line from the client."""
        try:
            request_id, request = decode_request(line)
        except LineError as error:
            self._write(Rejected(str(error), line.strip()[:SHOWN_OF_A_LINE]))
            return
        if isinstance(request, StopRequest):
            self._stop(request_id)
        else:
            self._start(_Job(request_id, request), line)

    def close(self, patience: float) -> bool:
        """Stop everything, since the process must end; a training is saved so that it can be resumed.

        Returns whether it has ended, or False after `patience` seconds without an event.
        """
        self._leaving.set()
        with self._lock:
            for job in self._jobs.values():
                job.stop.set()
        self._queue.put(None)
        while self._thread.is_alive() and time.monotonic() < self._write.last_event + patience:
            self._thread.join(1.0)
        return not self._thread.is_alive()

    def _start(self, job: _Job, line: str) -> None:
        with self._lock:
            taken = job.id in self._jobs
            if not taken:
                self._jobs[job.id] = job
        if taken:
            reason = f"A job with the id “{job.id}” is still running."
            self._write(Rejected(reason, line.strip()[:SHOWN_OF_A_LINE]), job.id)
            return
        self._queue.put(job)

    def _stop(self, request_id: str) -> None:
        with self._lock:
            job = self._jobs.get(request_id)
        if job is not None:  # else it has just ended anyway
            job.stop.set()

    def _work(self) -> None:
        while (job := self._queue.get()) is not None:
            report: Callable[[Message], None] = partial(self._report, job)
            try:
                if job.stop.is_set():
                    report(Stopped())
                else:
                    self._run(job, report)
            except Exception as error:  # jobs handle their errors; if that fails, the client is still told
                logger.exception("Job %s ended without an end", job.id)
                report(_failed(error))
            finally:
                self._forget(job)

    def _run(self, job: _Job, report: Callable[[Message], None]) -> None:
        from xception_gui.jobs import run_job  # imports pictures and arrays: not needed for the greeting

        logger.info("Job %s: %s", job.id, type(job.request).__name__)
        run_job(job.request, report, job.stop.is_set, self._leaving.is_set)
        logger.info("Job %s has ended", job.id)

    def _report(self, job: _Job, event: Message) -> None:
        """Write an event. After the last one, a job's id is free: the client may reuse it at once."""
        if isinstance(event, Finished | Stopped | Failed):
            self._forget(job)
        self._write(event, job.id)

    def _forget(self, job: _Job) -> None:
        with self._lock:
            if self._jobs.get(job.id) is job:
                del self._jobs[job.id]


def _failed(error: Exception) -> Failed:
    unexpected = ProgramError(ErrorCode.UNEXPECTED, found=error, log=log_file())
    return Failed(unexpected.code, unexpected.details)
