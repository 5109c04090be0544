"""The window's end of an engine: whatever becomes of the process, every job ends, once."""

import os
import resource
import signal
import sys
import textwrap
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QProcess, QTimer, qInstallMessageHandler

from tests.conftest import draw_dataset
from tests.programs import PATIENCE
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Failed, Finished, PhaseStarted, Progress, Stopped
from xception_gui.domain.messages.dataset import CheckRequest, CheckResult, DatasetSplit
from xception_gui.domain.messages.models import ListRunsRequest, RunsResult
from xception_gui.domain.messages.training import TrainRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.edition import console_command
from xception_gui.paths import program_folder
from xception_gui.ui.engines.engine_client import EngineClient, engine_command
from xception_gui.words.errors import failure_text

LIST = ListRunsRequest(())
LONG = 1000 * PATIENCE  # milliseconds

PRELUDE = """
import json, os, sys
def say(**fields):
    print(json.dumps(fields), flush=True)
def progress(number, done):
    say(id=number, type="progress", phase="checking", done=done, total=20000, seconds=1.0)
def finish(number):
    say(id=number, type="finished", result={"type": "runs_result", "runs": []})
def ids():
    for line in sys.stdin:
        yield json.loads(line)["id"]
"""


class Told:
    """What a job has told."""

    def __init__(self, job) -> None:
        self.events, self.ends = [], []
        job.reported.connect(self.events.append)
        job.ended.connect(self.ends.append)

    @property
    def end(self):
        (end,) = self.ends
        return end


@pytest.fixture
def program(qapp):
    """Make a client of a program in place of the engine; all are ended at the end."""
    made = []

    def make(code: str) -> EngineClient:
        made.append(EngineClient("stand-in", command=[sys.executable, "-c", PRELUDE + textwrap.dedent(code)]))
        return made[-1]

    yield make
    for client in made:
        client.close()


def wait_for_ends(qtbot, *all_told):
    qtbot.waitUntil(lambda: all(told.ends for told in all_told), timeout=LONG)


def long_training(dataset, out):
    """A training of random weights that would take hours."""
    recipe = make_recipe(Preset.TUTORIAL, image_size=71, epochs=10_000, batch_size=4, weights="none", val_fraction=0.25)
    return TrainRequest(str(dataset), str(out), recipe)


def test_a_check_is_told_in_order_and_ends_once(qtbot, engine, tiny_dataset):
    told = Told(engine.start(CheckRequest(str(tiny_dataset))))
    assert engine.is_busy
    assert told.events == []  # nothing before the caller has connected
    wait_for_ends(qtbot, told)
    assert isinstance(told.events[0], PhaseStarted)
    done = [event.done for event in told.events if isinstance(event, Progress)]
    assert done == sorted(done) and done[-1] == 16
    assert isinstance(told.end, Finished) and isinstance(told.end.result, CheckResult)
    assert told.end.result.classes == {"blue": 8, "red": 8}
    assert not engine.is_busy


def test_several_jobs_are_worked_on_one_after_the_other_by_one_process(qtbot, engine, tiny_dataset):
    busy = []
    engine.busy_changed.connect(busy.append)
    first, second, third = (Told(engine.start(CheckRequest(str(tiny_dataset)))) for _ in range(3))
    number = engine.process_id()
    ends = []
    for told in (first, second, third):
        assert told.ends == ends == []
    wait_for_ends(qtbot, first, second, third)
    assert engine.process_id() == number
    assert busy == [True, False]


def test_a_job_that_runs_is_stopped(qtbot, engine, tiny_dataset, tmp_path):
    job = engine.start(long_training(tiny_dataset, tmp_path / "run"))
    told = Told(job)
    qtbot.waitUntil(lambda: any(isinstance(event, DatasetSplit) for event in told.events), timeout=LONG)
    job.stop()
    wait_for_ends(qtbot, told)
    assert isinstance(told.end, Stopped)


def test_a_job_that_waits_is_stopped_and_the_one_before_it_goes_on(qtbot, engine, tmp_path):
    large = draw_dataset(tmp_path / "large", {"red": (220, 60, 60), "blue": (60, 60, 220)}, count=60)
    first, second = engine.start(CheckRequest(str(large))), engine.start(CheckRequest(str(large)))
    of_first, of_second = Told(first), Told(second)
    second.stop()
    wait_for_ends(qtbot, of_first, of_second)
    assert isinstance(of_first.end, Finished)
    assert of_second.end == Stopped()
    second.stop()  # too late; nothing happens


def test_a_process_that_is_killed_ends_all_its_jobs_once_and_the_next_starts_another(
    qtbot, engine, tiny_dataset, tmp_path
):
    running = Told(engine.start(long_training(tiny_dataset, tmp_path / "run")))
    waiting = Told(engine.start(CheckRequest(str(tiny_dataset))))
    qtbot.waitUntil(lambda: bool(running.events), timeout=LONG)
    number = engine.process_id()
    os.kill(number, signal.SIGKILL)
    wait_for_ends(qtbot, running, waiting)
    for told in (running, waiting):
        assert isinstance(told.end, Failed)
        assert told.end.code == ErrorCode.ENGINE_DIED
        why = failure_text(told.end).why
        assert "test" in why and "SIGKILL" in why  # which engine, and the signal
    assert engine.process_id() is None and not engine.is_busy
    again = Told(engine.start(CheckRequest(str(tiny_dataset))))
    wait_for_ends(qtbot, again)
    assert isinstance(again.end, Finished)
    assert engine.process_id() not in (number, None)
    assert len(running.ends) == len(waiting.ends) == 1


def test_a_program_that_is_not_there_fails_in_words(qtbot, qapp):
    client = EngineClient("gone", command=["/there/is/no/such program", "--engine"])
    told = Told(client.start(LIST))
    assert told.ends == []
    wait_for_ends(qtbot, told)
    assert told.end.code == ErrorCode.ENGINE_NOT_STARTED
    assert failure_text(told.end).fix
    assert not client.is_busy
    again = Told(client.start(LIST))
    wait_for_ends(qtbot, again)
    assert again.end.code == ErrorCode.ENGINE_NOT_STARTED
    assert len(told.ends) == 1


def test_a_system_that_refuses_at_once_is_told_of_after_start_has_returned(qtbot, qapp):
    """As Windows does for a missing program, and Linux where no file can be opened any more."""
    client = EngineClient("refused")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    before = qInstallMessageHandler(lambda *_said: None)  # Qt warns of it too, and rightly
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(list(Path("/proc/self/fd").iterdir())) // 2, hard))
    try:
        told = Told(client.start(LIST))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        qInstallMessageHandler(before)
    assert told.ends == []
    wait_for_ends(qtbot, told)
    assert told.end.code == ErrorCode.ENGINE_NOT_STARTED
    again = Told(client.start(LIST))
    wait_for_ends(qtbot, again)
    assert isinstance(again.end, Finished)
    client.close()


def test_rubbish_between_the_lines_is_passed_over(qtbot, program):
    client = program(
        """
        for number in ids():
            print("libfoo: loaded")
            sys.stdout.buffer.write(b"\\xff\\xfe\\x00 not text\\n\\n[1, 2]\\n" + b"[" * 100_000 + b"\\n")
            say(type="progress")
            say(id="of nobody", type="stopped")
            say(id=number, type="invented_later", value=1)
            progress(number, 7)
            sys.stdout.write('{"id": "' + number + '", "type": "pro')
            sys.stdout.flush()
            sys.stdout.write('gress", "phase": "checking", "done": 8, "total": 9, "seconds": 1}\\n')
            finish(number)
        """
    )
    for _ in range(2):
        told = Told(client.start(LIST))
        wait_for_ends(qtbot, told)
        assert [event.done for event in told.events] == [7, 8]
        assert told.end == Finished(RunsResult(()))


def test_a_request_that_is_rejected_fails(qtbot, program):
    client = program("for number in ids(): say(id=number, type='rejected', reason='Too new.', line='{')")
    told = Told(client.start(LIST))
    wait_for_ends(qtbot, told)
    assert told.end.code == ErrorCode.UNEXPECTED
    assert "Too new." in failure_text(told.end).what


def test_twenty_thousand_events_come_in_order_and_the_window_has_its_turns_between(qtbot, program):
    client = program(
        """
        for number in ids():
            for done in range(20000):
                progress(number, done)
            finish(number)
        """
    )
    told = Told(client.start(LIST))
    while client.findChild(QProcess).waitForReadyRead(500):
        pass  # the window is busy until all of it waits to be read
    turns = []  # how many events had come at each turn of the event loop
    clock = QTimer()
    clock.timeout.connect(lambda: turns.append(len(told.events)))
    clock.start(0)
    wait_for_ends(qtbot, told)
    assert [event.done for event in told.events] == list(range(20000))
    assert len(set(turns)) > 3


def end_before_the_window_has_its_turn(client):
    """Let the process end while the window is busy: what it said is still unread then."""
    assert client.findChild(QProcess).waitForFinished(LONG)


def test_what_a_process_said_before_it_died_is_not_lost(qtbot, program):
    client = program(
        """
        number = next(ids())
        for done in range(2000):
            progress(number, done)
        finish(number)
        os._exit(3)
        """
    )
    told = Told(client.start(LIST))
    end_before_the_window_has_its_turn(client)
    wait_for_ends(qtbot, told)
    assert len(told.events) == 2000
    assert isinstance(told.end, Finished)


@pytest.mark.parametrize("is_ended", [False, True], ids=["it died", "it hung"])
def test_why_a_process_ended_is_told_though_the_next_one_has_been_started_meanwhile(is_ended, qtbot, program, tmp_path):
    """Its last line ends one job, whose listener starts another: that makes a process, which has said nothing yet."""
    mark = tmp_path / "was here"
    client = program(
        f"""
        numbers = ids()
        if os.path.exists({str(mark)!r}):
            finish(next(numbers))
            next(numbers)
        open({str(mark)!r}, "w").close()
        first, second = next(numbers), next(numbers)
        print("out of paper", file=sys.stderr, flush=True)
        finish(first)
        if not {is_ended}:
            os._exit(3)
        next(numbers)
        """
    )
    first, followed = client.start(LIST), []
    first.ended.connect(lambda _end: followed.append(Told(client.start(LIST))))
    second = Told(client.start(LIST))
    if is_ended:
        assert client.findChild(QProcess).waitForReadyRead(LONG)
        client.end_by_force()
    end_before_the_window_has_its_turn(client)
    wait_for_ends(qtbot, second)
    wait_for_ends(qtbot, *followed)
    assert second.end.code == ErrorCode.ENGINE_DIED
    assert ("no longer responded" if is_ended else "exit status 3") in failure_text(second.end).why
    assert is_ended or "out of paper" in second.end.details["log"]
    assert isinstance(followed[0].end, Finished)


def test_who_starts_the_next_job_at_an_end_gets_a_process_that_lives(qtbot, program, tmp_path):
    """The last words of a process are read after it has ended; what they lead to must not be sent to it."""
    mark = tmp_path / "was here"
    client = program(
        f"""
        first = not os.path.exists({str(mark)!r})
        open({str(mark)!r}, "w").close()
        for number in ids():
            finish(number)
            if first:
                os._exit(3)
        """
    )
    followed = []
    first = client.start(LIST)
    told = Told(first)
    first.ended.connect(lambda _end: followed.append(Told(client.start(LIST))))
    end_before_the_window_has_its_turn(client)
    wait_for_ends(qtbot, told)
    wait_for_ends(qtbot, *followed)
    assert [type(one.end) for one in (told, *followed)] == [Finished, Finished]


def test_a_process_that_ends_politely_without_an_end_of_its_job_has_failed(qtbot, program):
    client = program("number = next(ids()); progress(number, 1); sys.exit(5)")
    told = Told(client.start(LIST))
    wait_for_ends(qtbot, told)
    assert told.end.code == ErrorCode.ENGINE_DIED
    assert "5" in failure_text(told.end).why


def test_an_engine_that_died_leaves_the_last_lines_of_its_log(qtbot, engine, tiny_dataset, tmp_path):
    told = Told(engine.start(LIST))
    wait_for_ends(qtbot, told)
    told = Told(engine.start(long_training(tiny_dataset, tmp_path / "run")))
    qtbot.waitUntil(lambda: bool(told.events), timeout=LONG)
    os.kill(engine.process_id(), signal.SIGKILL)
    wait_for_ends(qtbot, told)
    assert "memory" in failure_text(told.end).why and "SIGKILL" in failure_text(told.end).why
    assert "ListRunsRequest" in told.end.details["log"] and "TrainRequest" in told.end.details["log"]


def test_a_program_that_can_not_even_start_says_why(qtbot, program):
    client = program("import a_part_that_is_missing")
    told = Told(client.start(LIST))
    wait_for_ends(qtbot, told)
    assert told.end.code == ErrorCode.ENGINE_DIED and "exit status 1" in failure_text(told.end).why
    assert "a_part_that_is_missing" in told.end.details["log"]


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr("xception_gui.ui.engines.engine_client.SECONDS_OF_SILENCE", 0.0)
    monkeypatch.setattr("xception_gui.ui.engines.engine_client.MILLISECONDS_BETWEEN_LOOKS", 1)


SILENT_UNTIL_WOKEN = """
import time
number = next(ids())
progress(number, 1)
woken = next(ids())
finish(number)
"""


def test_an_engine_that_is_silent_is_asked_about_once_and_may_be_waited_for(qtbot, impatient, program):
    client = program(SILENT_UNTIL_WOKEN)
    silent, heard = [], []
    client.fell_silent.connect(lambda: silent.append(True))
    client.heard_again.connect(lambda: heard.append(True))
    job = client.start(LIST)
    told = Told(job)
    qtbot.waitUntil(lambda: bool(told.events) and len(silent) > len(heard), timeout=LONG)
    asked = len(silent)
    qtbot.wait(20)  # many looks later
    assert len(silent) == asked
    client.keep_waiting()
    qtbot.waitUntil(lambda: len(silent) == asked + 1, timeout=LONG)
    job.stop()
    wait_for_ends(qtbot, told)
    assert isinstance(told.end, Finished)
    assert heard


def test_an_engine_that_hangs_is_ended_and_the_next_job_has_another(qtbot, impatient, program):
    client = program(SILENT_UNTIL_WOKEN)
    told = Told(client.start(LIST))
    qtbot.waitUntil(lambda: bool(told.events), timeout=LONG)
    first = client.process_id()
    client.end_by_force()
    wait_for_ends(qtbot, told)
    assert told.end.code == ErrorCode.ENGINE_DIED and "no longer responded" in failure_text(told.end).why
    again = Told(client.start(LIST))
    qtbot.waitUntil(lambda: bool(again.events), timeout=LONG)
    assert client.process_id() != first


def test_closing_ends_the_process(qtbot, engine):
    told = Told(engine.start(LIST))
    wait_for_ends(qtbot, told)
    process = psutil.Process(engine.process_id())
    assert engine.memory() > 1_000_000
    engine.close()
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    assert engine.process_id() is None and engine.memory() is None
    engine.close()  # nothing is left to close


def test_closing_ends_a_process_that_does_not_listen(qtbot, program, monkeypatch):
    monkeypatch.setattr("xception_gui.ui.engines.engine_client.MILLISECONDS_TO_SAVE", 200)
    client = program(
        """
        import signal, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        number = next(ids())
        progress(number, 1)
        while True: time.sleep(60)
        """
    )
    told = Told(client.start(LIST))
    qtbot.waitUntil(lambda: bool(told.events), timeout=LONG)
    process = psutil.Process(client.process_id())
    client.close()
    assert not process.is_running()


def test_an_engine_lets_the_window_go_first(qtbot, qapp):
    client = EngineClient("nice", niceness=7)
    told = Told(client.start(LIST))
    wait_for_ends(qtbot, told)
    own = psutil.Process().nice()
    assert psutil.Process(client.process_id()).nice() == max(own, 7)
    client.close()


def test_an_engine_works_in_a_folder_of_the_programs_own(qtbot, program, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    client = program("number = next(ids()); progress(number, 1); next(ids())")
    told = Told(client.start(LIST))
    qtbot.waitUntil(lambda: bool(told.events), timeout=LONG)
    assert psutil.Process(client.process_id()).cwd() == str(program_folder())


def test_a_frozen_program_starts_the_console_program_beside_it(monkeypatch):
    assert engine_command() == [*console_command(), "--engine"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/xception-gui/xception-gui")
    assert engine_command() == ["/opt/xception-gui/xception-gui-cli", "--engine"]
