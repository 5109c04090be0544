"""What stands between pages and engines: checks, speed, trainings, and the states that events lead to."""

from pathlib import Path

import pytest

from tests.recordings import QUICK, TUTORIAL, recording
from tests.ui.engines import FakeEngine
from tests.ui.wizard import ALL_SPEED, PETS, QUICK_SPEED, checked
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Phase, PhaseStarted, Progress
from xception_gui.domain.messages.dataset import CheckRequest
from xception_gui.domain.messages.machine import MeasureSpeedRequest, SpeedResult
from xception_gui.domain.messages.models import RunSummary
from xception_gui.domain.messages.training import BatchFinished, ResumeRequest, TrainingResumed
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.domain.run_state import RunState
from xception_gui.ui.dataset.dataset_check import CheckState, DatasetCheck
from xception_gui.ui.dataset.machine_speed import MachineSpeed
from xception_gui.ui.engines.engines import Engines
from xception_gui.ui.models.training import Training


@pytest.fixture
def reader():
    return FakeEngine()


@pytest.fixture
def trainer():
    return FakeEngine()


@pytest.fixture
def check(qapp, reader):
    return DatasetCheck(reader.client, qapp)


@pytest.fixture
def speed(qapp, reader, trainer):
    return MachineSpeed(reader.client, trainer.client, qapp)


@pytest.fixture
def training(qapp, trainer):
    return Training(trainer.client, qapp)


def test_a_check_goes_from_nothing_to_a_result(check, reader):
    assert not check.state.is_running
    check.check(PETS)
    assert check.state == CheckState(dataset=PETS) and check.state.is_running
    reader.job.say(PhaseStarted(Phase.CHECKING, 10), Progress(Phase.CHECKING, 4, 10, 1.0))
    assert (check.state.done, check.state.total) == (4, 10)
    reader.job.finish(checked())
    assert check.state.result == checked() and not check.state.is_running


def test_a_check_that_fails_is_over(check, reader):
    check.check(PETS)
    reader.job.fail(ErrorCode.DATASET_NOT_FOUND, path=PETS)
    assert check.state.failure.code == ErrorCode.DATASET_NOT_FOUND
    assert not check.state.is_running
    check.check_again()
    assert reader.job.request == CheckRequest(PETS)
    assert check.state.is_running and check.state.failure is None


def test_of_two_checks_the_second_counts(check, reader):
    check.check("/first")
    check.check("/second")
    first, second = reader.jobs
    assert first.stop_asked and not second.stop_asked
    first.say(Progress(Phase.CHECKING, 9, 10, 1.0))
    first.finish(checked({"a": 1}))
    assert check.state == CheckState(dataset="/second")
    second.finish(checked())
    assert check.state.result == checked()


def test_a_folder_that_is_forgotten_is_not_looked_through(check, reader):
    check.check(PETS)
    check.clear()
    assert reader.job.stop_asked and check.state == CheckState()
    reader.job.finish(checked())
    assert check.state == CheckState()


def test_speed_is_measured_once_first_without_keras_and_then_with_it(speed, reader, trainer):
    changes = []
    speed.changed.connect(lambda: changes.append(speed.result))
    speed.measure()
    speed.measure()
    assert reader.requests(MeasureSpeedRequest) == [MeasureSpeedRequest()] and trainer.jobs == []
    reader.job.finish(QUICK_SPEED)
    assert trainer.requests(MeasureSpeedRequest) == [MeasureSpeedRequest(training=True)]
    trainer.job.finish(ALL_SPEED)
    speed.measure()
    assert (len(reader.jobs), len(trainer.jobs)) == (1, 1)
    assert changes == [QUICK_SPEED, ALL_SPEED]


def test_a_measurement_that_was_stopped_is_made_another_time(speed, reader, trainer):
    speed.measure()
    speed.stop()
    assert reader.job.stop_asked
    reader.job.be_stopped()
    assert speed.result is None and not speed.has_failed
    speed.measure()
    reader.job.finish(QUICK_SPEED)
    speed.stop()
    trainer.job.be_stopped()
    speed.measure()
    assert trainer.requests(MeasureSpeedRequest) == [MeasureSpeedRequest(training=True)] * 2
    assert speed.result == QUICK_SPEED


def test_a_measurement_that_ends_before_it_hears_that_it_was_stopped_leads_to_no_other(speed, reader, trainer):
    speed.measure()
    speed.stop()
    reader.job.finish(QUICK_SPEED)
    assert speed.result == QUICK_SPEED and trainer.jobs == []


def test_where_keras_is_missing_what_is_known_stays_and_nothing_is_tried_again(speed, reader, trainer):
    speed.measure()
    reader.job.finish(QUICK_SPEED)
    trainer.job.fail(ErrorCode.KERAS_MISSING, found="no module")
    speed.measure()
    assert speed.has_failed and speed.result == QUICK_SPEED
    assert len(trainer.jobs) == 1


def test_a_measurement_without_a_training_part_is_asked_again(speed, reader, trainer):
    speed.stop()  # nothing runs
    speed.measure()
    reader.job.finish(SpeedResult("CPU", 0.2))
    assert trainer.requests(MeasureSpeedRequest) == [MeasureSpeedRequest(training=True)]


def test_a_recorded_training_leads_to_its_end(training, trainer):
    ended = []
    training.ended.connect(ended.append)
    training.start(QUICK)
    assert training.is_running and trainer.job.request == QUICK
    trainer.job.say(*recording("quick"))
    assert not training.is_running
    (state,) = ended
    assert isinstance(state, RunState) and state is training.state
    assert state.result == recording("quick")[-1].result
    assert [entry.event for entry in state.log][-1] == recording("quick")[-1]


def test_a_thousand_steps_are_told_a_few_times_and_the_last_is_not_forgotten(qtbot, training, trainer):
    training.start(TUTORIAL)
    steps = [event for event in recording("tutorial") if isinstance(event, BatchFinished)][:5] * 200
    seen = []
    training.changed.connect(lambda: seen.append(len(training.state.batches)))
    trainer.job.say(*steps)
    assert seen == []
    qtbot.waitUntil(lambda: seen == [1000])


def test_a_new_phase_is_told_at_once(training, trainer):
    training.start(TUTORIAL)
    seen = []
    training.changed.connect(lambda: seen.append(training.state.phase))
    trainer.job.say(PhaseStarted(Phase.LOADING))
    assert seen == [Phase.LOADING]


def test_stopping_is_asked_once_and_said(training, trainer):
    training.stop()  # nothing runs
    training.start(TUTORIAL)
    training.stop()
    assert trainer.job.stop_asked and training.state.stop_asked and training.is_running
    trainer.job.be_stopped()
    assert not training.is_running and training.state.result is None


def test_what_failed_is_tried_again_as_it_was(training, trainer):
    training.start_again()  # there is nothing to try
    assert trainer.jobs == []
    training.start(TUTORIAL)
    training.start_again()  # it runs
    assert len(trainer.jobs) == 1
    trainer.job.fail(ErrorCode.OUT_OF_MEMORY, memory="2 GB")
    training.start_again()
    assert trainer.job.request == TUTORIAL
    assert training.is_running and training.state.failure is None


def test_what_failed_half_way_is_tried_again_beside_what_it_left(training, trainer, tmp_path):
    request = type(QUICK)(PETS, str(tmp_path / "pets"), QUICK.recipe)
    training.start(request)
    (tmp_path / "pets").mkdir()  # by the engine, before it died; no run is ever overwritten
    trainer.job.fail(ErrorCode.ENGINE_DIED, found="")
    training.start_again()
    assert trainer.job.request == type(QUICK)(PETS, str(tmp_path / "pets 2"), QUICK.recipe)
    assert training.state.run == str(tmp_path / "pets 2")


def test_what_failed_after_its_run_had_begun_goes_on_in_it(training, trainer, tmp_path):
    request = type(TUTORIAL)(PETS, str(tmp_path / "pets"), TUTORIAL.recipe)
    training.start(request)
    (tmp_path / "pets").mkdir()
    (tmp_path / "pets" / "run.json").touch()
    trainer.job.fail(ErrorCode.ENGINE_DIED, found="")
    training.start_again()
    assert trainer.job.request == ResumeRequest(str(tmp_path / "pets"))
    assert training.state.run == str(tmp_path / "pets") and training.state.recipe == TUTORIAL.recipe


def begun(folder: Path) -> str:
    """A folder that a training had begun in, as far as names tell."""
    folder.mkdir()
    (folder / "run.json").touch()
    return str(folder)


def test_what_failed_goes_on_in_its_run_also_when_that_was_renamed(training, trainer, tmp_path):
    training.start(type(TUTORIAL)(PETS, begun(tmp_path / "pets"), TUTORIAL.recipe))
    trainer.job.fail(ErrorCode.ENGINE_DIED, found="")
    (tmp_path / "pets").rename(tmp_path / "cats")
    training.follow_renaming(str(tmp_path / "pets"), str(tmp_path / "cats"))
    training.start_again()
    assert trainer.job.request == ResumeRequest(str(tmp_path / "cats"))
    assert training.state.run == str(tmp_path / "cats")


def test_what_was_gone_on_with_is_tried_again_with_the_recipe_and_the_pictures_that_it_has(training, trainer, tmp_path):
    """Its run was told where the pictures are now, and thrown away after it."""
    run, recipe = begun(tmp_path / "pets"), make_recipe(Preset.FINE_TUNE, epochs=7)
    training.resume(RunSummary(run, 1, status="training", preset="fine-tune", dataset="/old"))
    trainer.job.say(TrainingResumed(PETS, recipe))
    trainer.job.fail(ErrorCode.ENGINE_DIED, found="")
    training.follow_locating(str(tmp_path / "another"), "/elsewhere")
    training.follow_locating(run, "/moved")
    (tmp_path / "pets").rename(tmp_path / "trash")
    training.start_again()
    assert trainer.job.request == type(QUICK)("/moved", run, recipe)


def test_a_training_that_goes_on_shows_what_it_was(training, trainer):
    training.resume(RunSummary("/home/ada/models/pets", 1, status="training", preset="fine-tune", dataset="/old"))
    assert trainer.job.request == ResumeRequest("/home/ada/models/pets")
    assert training.is_running and training.state.recipe.preset is Preset.FINE_TUNE
    recipe = make_recipe(Preset.FINE_TUNE, epochs=7)
    trainer.job.say(TrainingResumed(PETS, recipe))
    assert (training.state.dataset, training.state.planned_epochs) == (PETS, 7)


def test_the_memory_is_that_of_the_process_that_trains(training, trainer):
    assert training.memory() is None
    trainer.used = 123
    assert training.memory() == 123


def test_of_four_engines_the_trainer_disturbs_least_and_is_waited_for_last(qapp, monkeypatch):
    engines, asked = Engines(qapp), []
    assert [engine.name for engine in engines.all] == ["viewer", "predictor", "reader", "trainer"]
    niceness = {engine.name: engine._niceness for engine in engines.all}
    assert 0 < niceness["viewer"] < niceness["predictor"] < niceness["reader"] < niceness["trainer"]
    for engine in engines.all:
        monkeypatch.setattr(engine, "ask_to_end", lambda name=engine.name: asked.append(f"ask {name}"))
        monkeypatch.setattr(engine, "close", lambda name=engine.name: asked.append(f"close {name}"))
    engines.close()
    names = ["viewer", "predictor", "reader", "trainer"]
    assert asked == [f"ask {name}" for name in names] + [f"close {name}" for name in names]
