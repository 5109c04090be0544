"""The engine's queue: one job after the other, each with one end, whatever a job does and whoever stops it.

The jobs are stood in for, and the lines go into a text.
"""

import io
import json
import queue
import threading
from collections.abc import Callable

import pytest

from xception_gui import jobs
from xception_gui.domain.lines import decode_event, encode
from xception_gui.domain.messages.base import Event, Failed, Finished, Message, Phase, PhaseStarted, Stopped
from xception_gui.domain.messages.dataset import CheckRequest
from xception_gui.domain.messages.engine import Rejected, StopRequest
from xception_gui.domain.messages.machine import CacheRequest, CacheResult
from xception_gui.engine.events import EventWriter
from xception_gui.engine.service import JobService
from xception_gui.words.errors import failure_text

PATIENCE = 60  # seconds, for a slow machine; whoever waits so long has found a mistake
DONE = Finished(CacheResult(1, 2, "cache"))


class Lines(io.StringIO):
    """What the engine writes, a line at a time, and what was flushed of it."""

    def __init__(self) -> None:
        super().__init__()
        self.flushed: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._read = 0

    def flush(self) -> None:
        text = self.getvalue()[self._read :]
        self._read += len(text)
        for line in text.splitlines():
            self.flushed.put(line)


class Engine:
    """A service whose jobs are functions of this test."""

    def __init__(self) -> None:
        self.lines = Lines()
        self.writer = EventWriter(self.lines)
        self.service = JobService(self.writer)
        self.work: dict[str, Callable] = {}  # by the data set that is asked for
        self.began: list[str] = []

    def run_job(self, request, report, stop, leave) -> None:
        self.began.append(request.dataset)
        self.work.get(request.dataset, lambda report, stop, leave: report(DONE))(report, stop, leave)

    def ask(self, name: str, request: Message | None = None) -> None:
        self.service.take(encode(request or CheckRequest(name), name))

    def next(self) -> tuple[str | None, Event]:
        return decode_event(self.lines.flushed.get(timeout=PATIENCE))


@pytest.fixture
def engine(monkeypatch) -> Engine:
    engine = Engine()
    monkeypatch.setattr(jobs, "run_job", engine.run_job)
    yield engine
    engine.service.close(PATIENCE)


def until_stopped(report, stop, leave) -> None:
    report(PhaseStarted(Phase.CHECKING))
    while not stop():
        pass
    report(Stopped(resumable=leave()))


def test_jobs_are_done_in_the_order_in_which_they_were_asked_for(engine):
    names = [str(number) for number in range(20)]
    for name in names:
        engine.ask(name)
    assert [engine.next() for _ in names] == [(name, DONE) for name in names]
    assert engine.began == names


def test_a_stop_is_for_the_job_that_it_names_and_for_no_other(engine):
    engine.work["first"] = until_stopped
    for name in ("first", "second", "third"):
        engine.ask(name)
    assert engine.next() == ("first", PhaseStarted(Phase.CHECKING))
    engine.ask("second", StopRequest())
    engine.ask("nobody", StopRequest())
    engine.ask("first", StopRequest())
    assert [engine.next() for _ in range(3)] == [
        ("first", Stopped(resumable=False)),
        ("second", Stopped()),
        ("third", DONE),
    ]
    assert engine.began == ["first", "third"]


def test_a_job_that_breaks_down_has_an_end_too_and_the_next_one_is_done(engine):
    def break_down(report, stop, leave):
        report(PhaseStarted(Phase.CHECKING))
        raise ZeroDivisionError("division by zero")

    engine.work["first"] = break_down
    engine.ask("first")
    engine.ask("second")
    engine.next()
    name, end = engine.next()
    assert (name, end.code) == ("first", "unexpected")
    assert isinstance(end, Failed) and "division by zero" in failure_text(end).what
    assert engine.next() == ("second", DONE)


@pytest.mark.parametrize("end", [DONE, Stopped(), Failed("x", what="what", why="why", fix="fix")])
def test_with_its_end_an_id_is_free_and_not_before(end, engine):
    def end_and_wait(report, stop, leave):
        report(PhaseStarted(Phase.CHECKING))
        assert may_end.wait(PATIENCE)
        report(end)
        assert may_go.wait(PATIENCE)

    may_end, may_go = threading.Event(), threading.Event()
    engine.work["same"] = end_and_wait
    engine.ask("same")
    engine.next()
    engine.ask("same")
    name, refused = engine.next()
    assert name == "same" and isinstance(refused, Rejected) and "“same”" in refused.reason
    assert json.loads(refused.line)["dataset"] == "same"
    may_end.set()
    assert engine.next() == ("same", end)
    engine.ask("same", CheckRequest("another"))  # taken, though the job before it isn't off the thread yet
    may_go.set()
    assert engine.next() == ("same", DONE)


def test_a_job_that_ends_late_takes_nothing_from_the_one_that_has_its_id_by_then(engine):
    """Its id is free with its end; what the thread does after that must not free it once more."""
    goes, may_go = threading.Event(), threading.Event()

    def end_and_wait(report, stop, leave):
        report(DONE)
        goes.set()
        assert may_go.wait(PATIENCE)

    engine.work |= {"late": end_and_wait, "next": until_stopped}
    engine.ask("late")
    engine.next()
    assert goes.wait(PATIENCE)
    engine.ask("late", CheckRequest("next"))
    may_go.set()
    engine.next()
    engine.ask("late", StopRequest())
    assert engine.next() == ("late", Stopped(resumable=False))


def test_what_is_no_request_is_answered_by_its_beginning(engine):
    engine.service.take("  rubbish" + "x" * 1000 + "\n")
    name, refused = engine.next()
    assert name is None and isinstance(refused, Rejected)
    assert refused.line == "rubbish" + "x" * 193 and refused.reason


def test_the_end_of_the_engine_leaves_what_goes_on_and_stops_what_waits(engine):
    engine.work["first"] = until_stopped
    engine.ask("first")
    engine.ask("second")
    engine.next()
    assert engine.service.close(PATIENCE) is True
    assert [engine.next() for _ in range(2)] == [("first", Stopped(resumable=True)), ("second", Stopped())]
    assert engine.began == ["first"]


def test_a_job_that_shows_no_sign_of_life_is_not_waited_for(engine):
    may_go = threading.Event()

    def hang(report, stop, leave):
        report(PhaseStarted(Phase.CHECKING))
        assert may_go.wait(PATIENCE)
        report(DONE)

    engine.work["first"] = hang
    engine.ask("first")
    engine.next()
    assert engine.service.close(patience=-1.0) is False
    may_go.set()


def test_an_engine_without_a_job_ends_at_once(engine):
    assert engine.service.close(PATIENCE) is True


# --- The door out -------------------------------------------------------------------------------------------------


def test_events_are_whole_lines_that_are_there_at_once():
    lines = Lines()
    write = EventWriter(lines)
    threads = [
        threading.Thread(target=lambda name=name: [write(CacheRequest(), name) for _ in range(50)]) for name in "abc"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [json.loads(lines.flushed.get_nowait())["id"] for _ in range(150)]
    assert sorted(found) == sorted("abc" * 50)


def test_once_nobody_listens_events_are_dropped_and_still_count_as_signs_of_life():
    class Closed(io.StringIO):
        written = 0

        def write(self, text):
            self.written += 1
            raise BrokenPipeError

    closed = Closed()
    write = EventWriter(closed)
    write.last_event = 0.0
    write(DONE)
    first = write.last_event
    assert first > 0
    write.last_event = 0.0
    write(DONE)
    assert write.last_event >= first
    assert closed.written == 1


def test_whoever_is_stopped_as_the_process_goes_can_see_that_it_is_left(engine):
    """Else a training could take it for a stop of the person's, and end instead of being saved to be gone on with."""
    stopped_before: list[str] = []

    class Leaving(threading.Event):
        def set(self) -> None:
            stopped_before.extend(job.id for job in engine.service._jobs.values() if job.stop.is_set())
            super().set()

    engine.service._leaving = Leaving()
    engine.work["first"] = until_stopped
    engine.ask("first")
    engine.next()
    assert engine.service.close(PATIENCE)
    assert engine.next() == ("first", Stopped(resumable=True))
    assert stopped_before == []
