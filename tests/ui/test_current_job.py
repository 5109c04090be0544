"""One job at a time: what the last one says is heard, and nothing of those before it."""

import pytest

from tests.ui.engines import FakeEngine
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Phase, PhaseStarted
from xception_gui.domain.messages.using import EvaluateRequest
from xception_gui.ui.engines.current_job import CurrentJob

FIRST, SECOND = EvaluateRequest("/models/first"), EvaluateRequest("/models/second")
TESTING, CONVERTING = PhaseStarted(Phase.TESTING), PhaseStarted(Phase.CONVERTING)


@pytest.fixture
def engine(qapp):
    return FakeEngine()


@pytest.fixture
def job(engine):
    return CurrentJob(engine.client)


@pytest.fixture
def heard(job):
    """What it says, and whether it runs then."""
    said = []
    job.reported.connect(lambda event: said.append((event, job.is_running)))
    job.ended.connect(lambda end: said.append((end.code, job.is_running)))
    return said


def test_a_job_is_heard_to_its_end_and_has_ended_then(engine, job, heard):
    job.start(FIRST)
    assert job.is_running
    job.stop()
    engine.job.say(TESTING)
    engine.job.fail(ErrorCode.NOT_A_RUN)
    assert engine.job.stop_asked
    assert heard == [(TESTING, True), ("not-a-run", False)]


@pytest.mark.parametrize("starts_another", [True, False])
def test_one_that_is_given_up_is_asked_to_stop_and_heard_no_more(engine, job, heard, starts_another):
    job.start(FIRST)
    if starts_another:
        job.start(SECOND)
    else:
        job.give_up()
    first = engine.jobs[0]
    first.say(CONVERTING)
    first.fail(ErrorCode.NOT_A_RUN)
    assert first.stop_asked and heard == [] and job.is_running == starts_another


def test_a_job_can_be_given_up_by_whoever_hears_it(engine, job, heard):
    job.reported.connect(lambda _event: job.give_up())
    job.start(FIRST)
    engine.job.say(TESTING, CONVERTING)
    assert [event for event, _ in heard] == [TESTING]


def test_the_end_of_one_can_be_the_start_of_the_next(engine, job, heard):
    job.ended.connect(lambda _end: job.start(SECOND) if len(engine.jobs) == 1 else None)
    job.start(FIRST)
    engine.job.fail(ErrorCode.NOT_A_RUN)
    assert job.is_running and engine.job.request == SECOND and not engine.jobs[0].stop_asked


def test_where_none_runs_there_is_nothing_to_stop(engine, job, heard):
    job.stop()
    job.give_up()
    assert not job.is_running and engine.jobs == [] and heard == []
