"""Jobs report as fast as can be read, and end once, whatever happens."""

import errno

import pytest

from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.messages.base import Failed, Finished, Phase, Progress, Stopped
from xception_gui.domain.messages.dataset import CheckRequest
from xception_gui.domain.messages.training import BatchFinished, TrainRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.jobs import reporting
from xception_gui.jobs.reporting import ThrottledReport, end_of
from xception_gui.jobs.run_job import run_job
from xception_gui.jobs.training.recorder import Recorder
from xception_gui.runs.run_folder import RunFolder
from xception_gui.words.errors import failure_text


def test_at_most_ten_progress_events_a_second_and_the_last_one_always():
    events, now = [], 0.0
    report = ThrottledReport(events.append, clock=lambda: now)
    for done in range(1, 1001):
        now = done / 1024  # a number without a rest in binary
        report(Progress(Phase.CHECKING, done, 1000, now))
    *events, last = events
    assert [event.done for event in events] == [1 + 103 * number for number in range(10)]  # the first after 0.1 s each
    assert last.done == 1000


def test_the_last_step_of_an_epoch_and_everything_else_passes_at_once():
    events = []
    report = ThrottledReport(events.append, clock=lambda: 0.0)
    for step in (1, 2, 3):
        report(BatchFinished(1, step, 3, 5, 0.5, 0.5, 1.0))
    report(Stopped())
    assert [type(event) for event in events] == [BatchFinished, BatchFinished, Stopped]
    assert events[1].step == 3


@pytest.mark.parametrize("is_training", [False, True])
def test_every_job_reports_no_faster_than_that(is_training, tiny_dataset, tmp_path, monkeypatch):
    """A training also writes no more of it down."""
    monkeypatch.setattr(reporting, "SECONDS_BETWEEN_PROGRESS", 1e9)
    events, run = [], RunFolder(tmp_path / "run")
    recipe = make_recipe(Preset.QUICK, image_size=71)
    request = TrainRequest(str(tiny_dataset), str(run.path), recipe) if is_training else CheckRequest(str(tiny_dataset))
    run_job(request, events.append, lambda: False)
    told = [(event.phase, event.done) for event in events if isinstance(event, Progress)]
    assert told == [("checking", 1), ("checking", 16), *([("embedding", 16)] if is_training else [])]
    if is_training:
        assert run.events.read_text().count('"progress"') == 3


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ProgramError(ErrorCode.NOT_A_RUN, path="x"), ErrorCode.NOT_A_RUN),
        (OSError(errno.ENOSPC, "No space left on device"), ErrorCode.SYSTEM_REFUSED),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), ErrorCode.SYSTEM_REFUSED),
        (MemoryError(), ErrorCode.OUT_OF_MEMORY),
        (ZeroDivisionError("division by zero"), ErrorCode.UNEXPECTED),
    ],
)
def test_whatever_goes_wrong_is_told_in_words(error, code):
    def work():
        raise error

    end = end_of(work)
    assert isinstance(end, Failed)
    assert end.code == code
    assert failure_text(end).what
    assert failure_text(end).why
    assert failure_text(end).fix
    assert "None" not in failure_text(end).what
    assert "{" not in str(failure_text(end))


def test_stopped_before_anything_was_reached():
    def work():
        raise JobStopped

    assert end_of(work) == Stopped()


def test_a_job_ends_once_and_last(tiny_dataset):
    for dataset in (tiny_dataset, tiny_dataset / "nowhere"):
        events = []
        run_job(CheckRequest(str(dataset)), events.append, lambda: False)
        ends = [event for event in events if isinstance(event, Finished | Stopped | Failed)]
        assert ends == events[-1:]


def test_a_log_that_can_not_be_written_stops_nothing(tmp_path, monkeypatch):
    events = []
    recorder = Recorder(events.append)
    (tmp_path / "run").mkdir()
    recorder.open(RunFolder(tmp_path / "run"))

    def full(event):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(recorder._log, "write", full)
    recorder(Stopped())
    recorder.close()
    assert events == [Stopped()]
