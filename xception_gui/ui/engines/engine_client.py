"""The window's side of an engine: one process that reads requests and writes events, as lines."""

import time
import weakref
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import psutil
from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from xception_gui.diagnostics import logger
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.lines import LineError, decode_event_in_steps, encode
from xception_gui.domain.messages.base import Event, Failed, Finished, JobRequest, Stopped
from xception_gui.domain.messages.engine import Hello, Rejected, StopRequest
from xception_gui.edition import console_command
from xception_gui.paths import program_folder
from xception_gui.ui.engines import engine_end

SECONDS_AT_A_TIME = 0.006
"""Seconds of reading lines before other events of the window are handled."""

MILLISECONDS_TO_LEAVE = 4000
"""Time for an idle engine to end by itself."""

MILLISECONDS_TO_SAVE = 20_000
"""Time for a busy engine: to finish a training step and save the training."""
SECONDS_OF_SILENCE = 120
"""Silence after which a busy engine may hang: loading Keras, a conversion or a step on a slow computer take a minute."""

MILLISECONDS_BETWEEN_LOOKS = 5000
"""Between checks whether an engine has fallen silent."""

MAX_SAID = 4000
"""Last characters of stderr that are kept: a program that can't even start says why there."""

NOT_RUNNING = QProcess.ProcessState.NotRunning


def engine_command() -> list[str]:
    """Return the command that starts an engine."""
    return [*console_command(), "--engine"]


class Job(QObject):
    """A request that an engine works on.

    Signals:
        reported: an event that isn't the end.
        ended: Finished, Stopped or Failed; exactly once, even if the engine dies.
    """

    reported = Signal(object)
    ended = Signal(object)

    def __init__(self, engine: "EngineClient", request_id: str) -> None:
        super().__init__(engine)
        self.id = request_id
        # Weak: otherwise a job could be the last owner of its engine, and destroy the engine and all its jobs during its own
        # destruction.
        self._engine = weakref.ref(engine)

    def stop(self) -> None:
        """Ask the engine to stop the job."""
        engine = self._engine()
        if engine is not None:
            engine.ask_to_stop(self.id)


class EngineClient(QObject):
    """One engine process, started when first needed and again after it has died.

    Signals:
        busy_changed: bool, whether the engine has jobs.
        job_started: Job, any new one.
        fell_silent: the engine has jobs, and hasn't sent anything for `SECONDS_OF_SILENCE`.
        heard_again: the engine has sent something again, or has ended.
    """

    busy_changed = Signal(bool)
    job_started = Signal(object)
    fell_silent = Signal()
    heard_again = Signal()

    def __init__(
        self, name: str, *, command: Sequence[str] = (), niceness: int = 0, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.name = name
        self._command = list(command) or engine_command()
        self._niceness = niceness
        self._process: QProcess | None = None
        self._jobs: dict[str, Job] = {}
        self._numbers = count(1)
        self._is_closed = False
        self._ending: list[QProcess] = []  # asked to end, and perhaps still running
        self._pieces: list[bytes] = []  # of an incomplete line
        self._lines: deque[bytes] = deque()
        self._decoding: Iterator[tuple[str | None, Event] | None] | None = None  # of the current line
        self._decoded: tuple[str | None, Event] | None = None  # not delivered yet
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._read_some)
        self._number = 0  # of the process; Qt no longer knows it after the end
        self._said = ""  # on stderr
        self._last_sign = 0.0  # seconds, monotonic clock
        self._is_silent = False
        self._was_ended = False  # by the person, because it hung
        self._looks = QTimer(self)
        self._looks.setInterval(MILLISECONDS_BETWEEN_LOOKS)
        self._looks.timeout.connect(self._look_for_a_sign)

    @property
    def is_busy(self) -> bool:
        """Whether there are jobs that have not ended."""
        return bool(self._jobs)

    def start(self, request: JobRequest[Any]) -> Job:
        """Send a request. Its job emits nothing before this returns."""
        job = Job(self, f"{self.name}-{next(self._numbers)}")
        self._jobs[job.id] = job
        if len(self._jobs) == 1:
            self.keep_waiting()
            self._looks.start()
            self.busy_changed.emit(True)
        if self._is_closed:
            QTimer.singleShot(0, self, lambda: self._deliver(job.id, Stopped()))
        else:
            self._send(encode(request, job.id))
        self.job_started.emit(job)
        return job

    def ask_to_stop(self, request_id: str) -> None:
        """Ask a job to stop; does nothing if the job has just ended."""
        if request_id in self._jobs and self._process is not None:
            self._write(encode(StopRequest(), request_id))

    def process_id(self) -> int | None:
        """Return the process ID, None without a process."""
        return self._process.processId() or None if self._process is not None else None

    def memory(self) -> int | None:
        """Return the memory of the process in bytes, None without a process."""
        number = self.process_id()
        try:
            return psutil.Process(number).memory_info().rss if number else None
        except psutil.Error:
            return None

    def keep_waiting(self) -> None:
        """Restart the time until the engine counts as silent."""
        self._last_sign = time.monotonic()
        self._is_silent = False

    def end_by_force(self) -> None:
        """Kill a process that hangs: its jobs fail with a reason, and the next job starts another process."""
        if self._process is not None:
            self._was_ended = True
            self._process.kill()

    def recycle(self) -> None:
        """End an idle process to free its memory; the next job starts another one."""
        if self._jobs or self._process is None:
            return
        process, self._process = self._process, None
        self._pieces.clear()
        process.blockSignals(True)
        process.closeWriteChannel()
        self._ending.append(process)

    def ask_to_end(self) -> None:
        """Ask the process to end for good; running jobs keep their results, and a training is saved."""
        self._is_closed = True
        self._turn.stop()
        self._looks.stop()
        if self._process is not None:
            self._process.blockSignals(True)
            self._process.closeWriteChannel()
            self._ending.append(self._process)
            self._process = None

    def close(self) -> None:
        """End the process for good: ask first, then kill."""
        self.ask_to_end()
        patience = MILLISECONDS_TO_SAVE if self._jobs else MILLISECONDS_TO_LEAVE
        for process in self._ending:
            if not process.waitForFinished(patience) and process.state() is not NOT_RUNNING:
                process.kill()
                process.waitForFinished(MILLISECONDS_TO_LEAVE)
            process.deleteLater()
        self._ending.clear()

    def _send(self, line: str) -> None:
        if self._process is None:
            self._start_process()
        self._write(line)

    def _write(self, line: str) -> None:
        if self._process is not None:  # the process may have failed to start
            self._process.write(line.encode() + b"\n")

    def _start_process(self) -> None:
        self._said = ""
        self._was_ended = False
        process = self._process = QProcess(self)
        process.setWorkingDirectory(str(program_folder()))  # not the current folder, which may contain anything
        process.setProcessChannelMode(QProcess.ProcessChannelMode.SeparateChannels)
        process.started.connect(self._on_started)
        process.readyReadStandardOutput.connect(self._on_output)
        process.readyReadStandardError.connect(self._on_error_output)
        process.errorOccurred.connect(self._on_error)
        process.finished.connect(self._on_finished)
        process.start(self._command[0], self._command[1:])

    def _on_started(self) -> None:
        """Lower the priority of the process, so that the computer stays responsive."""
        number = self.process_id()
        self._number = number or 0
        if not number or not self._niceness:
            return
        try:
            lower = getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", self._niceness)
            psutil.Process(number).nice(lower)
        except (psutil.Error, OSError) as error:
            logger.info("The priority of engine %s stays as it is: %s", self.name, error)

    def _on_output(self) -> None:
        assert self._process is not None
        self._hear()
        *ended, rest = bytes(self._process.readAllStandardOutput().data()).split(b"\n")
        if ended:  # a line of megabytes arrives in many pieces, which are joined once
            ended[0] = b"".join([*self._pieces, ended[0]])
            self._pieces.clear()
        self._pieces.append(rest)
        self._lines.extend(ended)
        if self._lines and not self._turn.isActive():
            self._turn.start()

    def _on_error_output(self) -> None:
        assert self._process is not None
        text = bytes(self._process.readAllStandardError().data()).decode(errors="backslashreplace").strip()
        if text:
            self._said = f"{self._said}\n{text}".strip()[-MAX_SAID:]
            for line in text.splitlines():
                logger.warning("Engine %s says: %s", self.name, line)

    def _look_for_a_sign(self) -> None:
        if not self._is_silent and time.monotonic() - self._last_sign > SECONDS_OF_SILENCE:
            self._is_silent = True
            self.fell_silent.emit()

    def _hear(self) -> None:
        was_silent = self._is_silent
        self.keep_waiting()
        if was_silent:
            self.heard_again.emit()

    def _read_some(self) -> None:
        until = time.monotonic() + SECONDS_AT_A_TIME
        while self._has_more and time.monotonic() < until:
            self._take_a_step()
        if self._has_more:
            self._turn.start()

    @property
    def _has_more(self) -> bool:
        return bool(self._lines or self._decoding or self._decoded)

    def _take_a_step(self) -> None:
        """Decode a line in two steps, or deliver the decoded event: each step takes long for a line of megabytes."""
        if self._decoded is not None:
            decoded, self._decoded = self._decoded, None
            self._take(*decoded)
            return
        if self._decoding is None:
            self._decoding = decode_event_in_steps(self._lines.popleft())
        try:
            self._decoded = next(self._decoding)
        except LineError as error:
            logger.warning("Engine %s wrote what is no event: %s", self.name, error)
            self._decoding = None
        if self._decoded is not None:
            self._decoding = None

    def _take(self, request_id: str | None, event: Event) -> None:
        if isinstance(event, Hello):
            logger.info("Engine %s is there, process %s", self.name, self.process_id())
            return
        if isinstance(event, Rejected):
            logger.error("Engine %s rejected a request: %s", self.name, event.reason)
        self._deliver(request_id, event)

    def _deliver(self, request_id: str | None, event: Event) -> None:
        job = self._jobs.get(request_id or "")
        if job is None:
            return
        if isinstance(event, Rejected):
            event = engine_end.failure(ErrorCode.UNEXPECTED, event.reason)
        if not isinstance(event, Finished | Stopped | Failed):
            job.reported.emit(event)
            return
        del self._jobs[job.id]
        job.ended.emit(event)
        job.deleteLater()
        if not self._jobs:
            self._looks.stop()
            self.busy_changed.emit(False)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            failure = engine_end.failure(ErrorCode.ENGINE_NOT_STARTED, self._process.errorString())
            self._drop_process()
            # Later: some systems report this before `start` has returned, when the job has no listeners yet.
            ids = list(self._jobs)
            QTimer.singleShot(0, self, lambda: self._fail(ids, failure))

    def _on_finished(self, exit_code: int, status: QProcess.ExitStatus) -> None:
        """Deliver the remaining events; jobs without an end then fail."""
        if self._process is None:
            return
        self._on_output()
        self._on_error_output()
        self._turn.stop()
        number, said, was_ended = self._number, self._said, self._was_ended
        self._drop_process()  # jobs started by listeners from now on get a new process
        ids = list(self._jobs)
        while self._has_more:
            self._take_a_step()
        left = [request_id for request_id in ids if request_id in self._jobs]
        crashed = status is QProcess.ExitStatus.CrashExit
        logger.log(40 if left else 20, "Engine %s has ended, %s %d", self.name, status.name, exit_code)
        if left and was_ended:
            self._fail(left, engine_end.ended_as_it_hung(self.name, number))
        elif left:
            self._fail(left, engine_end.died(self.name, number, exit_code, crashed=crashed, said=said))

    def _drop_process(self) -> None:
        assert self._process is not None
        self._process.deleteLater()
        self._process = None
        self._pieces.clear()

    def _fail(self, ids: list[str], failure: Failed) -> None:
        for request_id in ids:
            self._deliver(request_id, failure)
