"""The window's end of an engine: one process, requests as lines in, events as lines out."""

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
"""How long lines are read before the window gets its turn again."""

MILLISECONDS_TO_LEAVE = 4000
"""How long an engine that is not needed any more may take to end by itself."""

MILLISECONDS_TO_SAVE = 20_000
"""How long one that is at work may take: a step of a training, and saving it."""
SECONDS_OF_SILENCE = 120
"""How long an engine at work may say nothing: loading Keras, a conversion, a step on a slow machine take a minute."""

MILLISECONDS_BETWEEN_LOOKS = 5000
"""Whether an engine has fallen silent."""

MAX_SAID = 4000
"""Characters of what an engine wrote on stderr that are kept: there, a program says why it can't even start."""

NOT_RUNNING = QProcess.ProcessState.NotRunning


def engine_command() -> list[str]:
    """Return how an engine is started."""
    return [*console_command(), "--engine"]


class Job(QObject):
    """A request that an engine works on.

    Signals:
        reported: an event that isn't the end.
        ended: Finished, Stopped or Failed; exactly once, whatever becomes of the engine.
    """

    reported = Signal(object)
    ended = Signal(object)

    def __init__(self, engine: "EngineClient", request_id: str) -> None:
        super().__init__(engine)
        self.id = request_id
        # Weak: an engine that nothing else holds would be destroyed, and its jobs with it, in the middle of a job's own
        # destruction.
        self._engine = weakref.ref(engine)

    def stop(self) -> None:
        """Ask it to stop, politely."""
        engine = self._engine()
        if engine is not None:
            engine.ask_to_stop(self.id)


class EngineClient(QObject):
    """One engine process, started when first needed and again after it has died.

    Signals:
        busy_changed: bool, whether it has work.
        job_started: Job, whoever asked for it.
        fell_silent: it is at work, and has not been heard of for long.
        heard_again: it is heard of again, or has ended.
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
        self._ending: list[QProcess] = []  # asked to end, and not yet seen to
        self._pieces: list[bytes] = []  # of a line whose end has not come yet
        self._lines: deque[bytes] = deque()
        self._decoding: Iterator[tuple[str | None, Event] | None] | None = None  # of the line that is being read
        self._decoded: tuple[str | None, Event] | None = None  # and not delivered yet
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._read_some)
        self._number = 0  # of the process; Qt forgets it when that ends
        self._said = ""  # on stderr
        self._last_sign = 0.0  # seconds, of the clock that never goes back
        self._is_silent = False
        self._was_ended = False  # because it was silent
        self._looks = QTimer(self)
        self._looks.setInterval(MILLISECONDS_BETWEEN_LOOKS)
        self._looks.timeout.connect(self._look_for_a_sign)

    @property
    def is_busy(self) -> bool:
        """Whether a job has not ended yet."""
        return bool(self._jobs)

    def start(self, request: JobRequest[Any]) -> Job:
        """Send a request. Its job reports nothing before this has returned."""
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
        """Ask a job to stop; nothing happens if it has just ended."""
        if request_id in self._jobs and self._process is not None:
            self._write(encode(StopRequest(), request_id))

    def process_id(self) -> int | None:
        """Return the number of its process, None while there is none."""
        return self._process.processId() or None if self._process is not None else None

    def memory(self) -> int | None:
        """Return how much memory its process uses, in bytes; None while there is none."""
        number = self.process_id()
        try:
            return psutil.Process(number).memory_info().rss if number else None
        except psutil.Error:
            return None

    def keep_waiting(self) -> None:
        """Give it as long again to be heard of."""
        self._last_sign = time.monotonic()
        self._is_silent = False

    def end_by_force(self) -> None:
        """End a process that hangs: its jobs fail, in words, and the next one gets another process."""
        if self._process is not None:
            self._was_ended = True
            self._process.kill()

    def recycle(self) -> None:
        """Let an idle process end, and with it give back the memory that its jobs have filled; the next job has another."""
        if self._jobs or self._process is None:
            return
        process, self._process = self._process, None
        self._pieces.clear()
        process.blockSignals(True)
        process.closeWriteChannel()
        self._ending.append(process)

    def ask_to_end(self) -> None:
        """Have the process end for good; a running job keeps what it has, and a training is saved."""
        self._is_closed = True
        self._turn.stop()
        self._looks.stop()
        if self._process is not None:
            self._process.blockSignals(True)
            self._process.closeWriteChannel()
            self._ending.append(self._process)
            self._process = None

    def close(self) -> None:
        """End the process for good: politely, then by force."""
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
        if self._process is not None:  # it may have failed to start at once
            self._process.write(line.encode() + b"\n")

    def _start_process(self) -> None:
        self._said = ""
        self._was_ended = False
        process = self._process = QProcess(self)
        process.setWorkingDirectory(str(program_folder()))  # not where the window was started: anything may lie there
        process.setProcessChannelMode(QProcess.ProcessChannelMode.SeparateChannels)
        process.started.connect(self._on_started)
        process.readyReadStandardOutput.connect(self._on_output)
        process.readyReadStandardError.connect(self._on_error_output)
        process.errorOccurred.connect(self._on_error)
        process.finished.connect(self._on_finished)
        process.start(self._command[0], self._command[1:])

    def _on_started(self) -> None:
        """Lower its priority: whoever works on this machine goes first."""
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
        if ended:  # a line of megabytes comes in many pieces, which are put together once
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
        """Read a line in two steps, or deliver what was read: a line of megabytes takes its time in each."""
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
            # Later: some systems say so before `start` has returned, and nobody listens to its job yet.
            ids = list(self._jobs)
            QTimer.singleShot(0, self, lambda: self._fail(ids, failure))

    def _on_finished(self, exit_code: int, status: QProcess.ExitStatus) -> None:
        """Deliver what it still said; whatever has no end then gets one."""
        if self._process is None:
            return
        self._on_output()
        self._on_error_output()
        self._turn.stop()
        number, said, was_ended = self._number, self._said, self._was_ended
        self._drop_process()  # what is started from now on, by whoever hears of an end, gets another one
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
