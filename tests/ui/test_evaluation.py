"""What is known of how good a run is, while an engine finds it out."""

import pytest

from tests.ui.engines import FakeEngine
from tests.ui.evaluated import CLASSES, evaluated, picture, rubbish, say
from xception_gui.domain.messages.base import Failed, Phase, PhaseStarted, Progress, Stopped
from xception_gui.domain.messages.models import RunSummary
from xception_gui.domain.messages.using import EvaluateRequest
from xception_gui.ui.results.evaluation import Evaluation, EvaluationState

FAILURE = Failed("run-damaged", what="what", why="why", fix="fix")


@pytest.fixture
def fake():
    return FakeEngine()


@pytest.fixture
def evaluation(qapp, fake):
    return Evaluation(fake.client)


def test_opening_a_run_has_it_evaluated(evaluation, fake):
    summary = RunSummary("/runs/a", 1)
    evaluation.open("/runs/a", summary)
    assert fake.job.request == EvaluateRequest("/runs/a")
    assert evaluation.state == EvaluationState("/runs/a", summary, is_running=True)


def test_everything_said_is_there_at_the_end(evaluation, fake):
    evaluation.open("/runs/a", None)
    result = evaluated(rubbish(), CLASSES)
    say(fake.job, rubbish(), result)
    assert list(evaluation.state.pictures) == rubbish()
    assert evaluation.state.result is result
    assert not evaluation.state.is_running


def test_thousands_of_pictures_are_told_at_once(evaluation, fake):
    pictures = [picture(f"/p/{n}.jpg", "glass", ("glass", 0.9)) for n in range(20_000)]
    evaluation.open("/runs/a", None)
    told = []
    evaluation.changed.connect(lambda: told.append(len(evaluation.state.pictures)))
    say(fake.job, pictures, evaluated(pictures, ["glass", "metal"]))
    assert told == [20_000]


def test_progress_is_told_while_it_runs(qtbot, evaluation, fake):
    evaluation.open("/runs/a", None)
    fake.job.reported.emit(PhaseStarted(Phase.TESTING, 228))
    fake.job.reported.emit(Progress(Phase.TESTING, 97, 228, 1.0))
    qtbot.waitUntil(lambda: evaluation.state.done == 97)
    assert evaluation.state.total == 228
    assert evaluation.state.is_running


def test_opening_another_run_stops_the_former_and_drops_what_it_still_says(qtbot, evaluation, fake):
    evaluation.open("/runs/a", None)
    former = fake.job
    former.reported.emit(rubbish()[0])
    evaluation.open("/runs/b", None)
    assert former.stop_asked
    say(former, rubbish(), evaluated(rubbish(), CLASSES))
    fake.job.reported.emit(Progress(Phase.TESTING, 1, 5, 1.0))
    qtbot.waitUntil(lambda: evaluation.state.done == 1)
    assert evaluation.state == EvaluationState("/runs/b", done=1, total=5, is_running=True)


def test_a_run_that_is_open_is_not_evaluated_twice(evaluation, fake):
    evaluation.open("/runs/a", None)
    evaluation.open("/runs/a", None)
    say(fake.job, rubbish(), evaluated(rubbish(), CLASSES))
    summary = RunSummary("/runs/a", 1)
    evaluation.open("/runs/a", summary)
    assert len(fake.jobs) == 1
    assert evaluation.state.summary is summary
    assert evaluation.state.result is not None


def test_asked_for_it_is_evaluated_again_from_the_start(evaluation, fake):
    evaluation.open("/runs/a", None)
    say(fake.job, rubbish(), evaluated(rubbish(), CLASSES))
    evaluation.retry()
    assert len(fake.jobs) == 2
    assert evaluation.state == EvaluationState("/runs/a", is_running=True)


def test_opening_a_run_again_that_failed_tries_again(evaluation, fake):
    evaluation.open("/runs/a", None)
    fake.job.ended.emit(FAILURE)
    assert evaluation.state == EvaluationState("/runs/a", failure=FAILURE)
    evaluation.open("/runs/a", None)
    assert len(fake.jobs) == 2
    assert evaluation.state.failure is None


def test_stopping_asks_the_engine_and_leaves_no_result(evaluation, fake):
    evaluation.stop()  # nothing is open: nothing happens
    evaluation.open("/runs/a", None)
    evaluation.stop()
    assert fake.job.stop_asked
    assert evaluation.state.is_running  # until it has stopped
    fake.job.ended.emit(Stopped())
    assert evaluation.state == EvaluationState("/runs/a")


def test_closing_leaves_nothing_open(evaluation, fake):
    evaluation.open("/runs/a", None)
    evaluation.close()
    assert fake.job.stop_asked
    fake.job.ended.emit(FAILURE)
    evaluation.retry()
    assert evaluation.state == EvaluationState()
    assert len(fake.jobs) == 1


def test_a_renamed_run_is_not_evaluated_again(evaluation, fake):
    evaluation.open("/runs/a", None)
    say(fake.job, rubbish(), evaluated(rubbish(), CLASSES))
    evaluation.follow_renaming("/runs/other", "/runs/x")
    evaluation.follow_renaming("/runs/a", "/runs/b")
    evaluation.open("/runs/b", None)
    assert len(fake.jobs) == 1
    assert evaluation.state.run == "/runs/b"


def test_a_run_that_is_renamed_before_it_was_measured_is_measured_where_it_is_now(evaluation, fake):
    """Its request waits behind others, with a name that it hasn't any more."""
    evaluation.open("/runs/a", RunSummary("/runs/a", 1))
    evaluation.follow_renaming("/runs/a", "/runs/b")
    old, new = fake.jobs
    assert old.stop_asked and new.request == EvaluateRequest("/runs/b")
    old.ended.emit(FAILURE)
    assert evaluation.state == EvaluationState("/runs/b", RunSummary("/runs/b", 1), is_running=True)
    say(new, rubbish(), evaluated(rubbish(), CLASSES))
    assert evaluation.state.result is not None and evaluation.state.failure is None


def test_what_is_being_stopped_isnt_begun_again_by_a_renaming(evaluation, fake):
    evaluation.open("/runs/a", None)
    evaluation.stop()
    evaluation.follow_renaming("/runs/a", "/runs/b")
    assert len(fake.jobs) == 1 and evaluation.state.run == "/runs/b"
    fake.job.be_stopped()
    assert not evaluation.state.is_running
    evaluation.retry()
    evaluation.follow_renaming("/runs/b", "/runs/c")
    assert fake.job.request == EvaluateRequest("/runs/c")


def test_what_failed_is_found_out_again_where_the_run_is_now(evaluation, fake):
    evaluation.open("/runs/a", RunSummary("/runs/a", 1))
    fake.job.ended.emit(FAILURE)
    evaluation.follow_renaming("/runs/a", "/runs/b")
    assert len(fake.jobs) == 1 and evaluation.state.failure == FAILURE
    evaluation.retry()
    assert fake.job.request == EvaluateRequest("/runs/b")
