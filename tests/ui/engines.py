"""A stand-in for an engine, for what a test says in its place: recorded events, failures, anything."""

from collections.abc import Iterable
from typing import Any, cast

from PySide6.QtCore import QObject, Signal

from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Event, Failed, Finished, JobResult, Message, Stopped
from xception_gui.ui.engines.engine_client import EngineClient


class FakeJob(QObject):
    """A job that says what the test has it say."""

    reported = Signal(object)
    ended = Signal(object)

    def __init__(self, request: Message) -> None:
        super().__init__()
        self.request = request
        self.stop_asked = False

    def stop(self) -> None:
        self.stop_asked = True

    def say(self, *events: Event) -> None:
        """Report events; ends end it."""
        for event in events:
            (self.ended if isinstance(event, Finished | Stopped | Failed) else self.reported).emit(event)

    def finish(self, result: JobResult) -> None:
        self.ended.emit(Finished(result))

    def be_stopped(self, result: JobResult | None = None) -> None:
        self.ended.emit(Stopped(result))

    def fail(self, code: ErrorCode, **details: str) -> None:
        self.ended.emit(failed(code, **details))


class FakeEngine(QObject):
    """Takes requests and keeps their jobs."""

    job_started = Signal(object)
    fell_silent = Signal()
    heard_again = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.jobs: list[FakeJob] = []
        self.used: int | None = None  # bytes
        self.waited_for = 0
        self.recycled = 0
        self.was_ended = False

    def start(self, request: Message) -> FakeJob:
        self.jobs.append(FakeJob(request))
        self.job_started.emit(self.jobs[-1])
        return self.jobs[-1]

    def memory(self) -> int | None:
        return self.used

    def keep_waiting(self) -> None:
        self.waited_for += 1

    def recycle(self) -> None:
        self.recycled += 1

    def end_by_force(self) -> None:
        self.was_ended = True

    @property
    def client(self) -> EngineClient:
        """Itself, for what asks for a real one."""
        return cast(EngineClient, self)

    @property
    def job(self) -> FakeJob:
        """The last one."""
        return self.jobs[-1]

    def requests(self, kind: type[Message]) -> list[Any]:
        """What was asked of this kind."""
        return [job.request for job in self.jobs if isinstance(job.request, kind)]


def failed(code: ErrorCode, **details: str) -> Failed:
    """Fail as an engine does."""
    return Failed(code, details)


def without_end(events: Iterable[Event]) -> list[Event]:
    """All that was reported before a job ended."""
    return [event for event in events if not isinstance(event, Finished | Stopped | Failed)]
