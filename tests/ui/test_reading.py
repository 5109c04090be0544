"""Reading the wizard's folder ahead of a training: when it goes on, when it gives way, and what is seen of it."""

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QLabel, QListView, QProgressBar

from tests.ui.wizard import ALL_SPEED, CHECK, PETS, QUICK_SPEED, RECIPE, START, Wizard, checked
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Phase, PhaseStarted, Progress
from xception_gui.domain.messages.dataset import CheckRequest, DatasetSplit, EmbedRequest, EmbedResult, Problem
from xception_gui.domain.messages.machine import MeasureSpeedRequest
from xception_gui.domain.messages.training import EpochFinished, LearningOutlook, Notice, NoticeCode, TrainRequest
from xception_gui.domain.messages.using import EvaluateRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.domain.run_state import start_of
from xception_gui.ui.dataset.recipe_step import RecipeCard
from xception_gui.ui.plots.curve_plot import CurvePlot
from xception_gui.words.errors import TEXTS

BEGUN = (PhaseStarted(Phase.CHECKING, 100), DatasetSplit(80, 20, 0), PhaseStarted(Phase.EMBEDDING, 100))


def fit(images, accuracy=0.8, recalls=(0.9, 0.7)):
    return EpochFinished(1, images, 0.1, 1.0, 0.5, accuracy, None, 0.1, True, True, recalls)


def has_read(done):
    return Progress(Phase.EMBEDDING, done, 100, done / 10)


@pytest.fixture
def wizard(qtbot, qapp, tmp_path):
    return Wizard(qtbot, qapp, tmp_path)


@pytest.fixture
def checked_wizard(wizard):
    wizard.go_to(CHECK)
    return wizard


def reading_jobs(wizard):
    return [job for job in wizard.reader.jobs if isinstance(job.request, EmbedRequest)]


def plot(wizard, quantity):
    return wizard.part(CurvePlot, f"check_{quantity}_plot")


def test_the_pictures_are_read_as_soon_as_it_is_known_that_they_can_be_learned_from(wizard):
    wizard.page.open_folder(PETS)
    assert reading_jobs(wizard) == [] and not wizard.is_shown("check_learning")
    wizard.check_job.finish(checked())
    assert [job.request for job in reading_jobs(wizard)] == [EmbedRequest(PETS)]
    assert wizard.is_shown("check_learning")


def test_a_folder_that_can_not_be_taught_with_is_not_read(wizard):
    one = Problem("too-few-classes", (), severity="error", details={"path": PETS})
    wizard.page.open_folder(PETS)
    wizard.check_job.finish(checked({"cats": 9}, problems=(one,)))
    assert reading_jobs(wizard) == [] and not wizard.is_shown("check_learning")


def test_how_far_it_is_and_what_it_knows_is_said(checked_wizard):
    wizard = checked_wizard
    (job,) = reading_jobs(wizard)
    assert wizard.words("check_learning_words") == "Reading pictures…"
    job.say(*BEGUN, has_read(10))
    assert wizard.words("check_learning_words") == "Reading pictures: 10 of 100 · about 9 s left"
    assert not wizard.is_shown("check_learning_knows")
    job.say(fit(12, 0.62), fit(30, 0.81), has_read(50))
    assert wizard.words("check_learning_knows") == "Tells cats from dogs 8 times out of 10, after 30 pictures."
    assert wizard.words("check_learning_remark").startswith("A preview.")
    bar = wizard.part(QProgressBar, "check_learning_progress")
    assert (bar.isVisible(), bar.value(), bar.maximum()) == (True, 50, 100)


def test_the_curve_grows_and_is_marked_as_preliminary(checked_wizard):
    wizard = checked_wizard
    (job,) = reading_jobs(wizard)
    job.say(*BEGUN, fit(12, 0.6), fit(30, 0.8))
    curves = plot(wizard, "accuracy")._curves
    assert curves.validation == ((12, 0.6), (30, 0.8)) and curves.end == 80
    assert curves.training == () and curves.firm_from > 80
    wizard.click("check_show_loss")
    assert plot(wizard, "loss").isVisible() and not plot(wizard, "accuracy").isVisible()
    assert plot(wizard, "loss")._curves.validation == ((12, 0.5), (30, 0.5))


def test_the_classes_say_how_well_they_are_known(checked_wizard):
    wizard = checked_wizard
    reading_jobs(wizard)[0].say(*BEGUN, fit(12))
    model = wizard.part(QListView, "check_class_list").model()
    said = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert said == ["cats: 60 pictures, 90 % correct so far", "dogs: 40 pictures, 70 % correct so far"]
    reading_jobs(wizard)[0].say(replace(fit(30), recalls_of=(10, 30)))
    said = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert said == ["cats: 60 pictures, 9 of 10 correct so far", "dogs: 40 pictures, 70 % correct so far"]
    wizard.page.open_folder("/home/ada/cars")
    wizard.check_job.finish(checked())
    assert model.index(0, 0).data() == "cats: 60 pictures"


def test_at_its_end_it_says_what_more_pictures_would_bring(checked_wizard):
    wizard = checked_wizard
    (job,) = reading_jobs(wizard)
    job.say(*BEGUN, fit(80, 0.91), LearningOutlook(80, 0.91, 160, 0.92, 0.94, "dogs"))
    job.finish(EmbedResult(100))
    assert wizard.words("check_learning_knows") == "Tells cats from dogs 9 times out of 10, after all 80 pictures."
    assert wizard.words("check_learning_remark").splitlines()[0] == (
        "With twice as many pictures, 92 to 94 of 100 predictions would probably be correct, instead of 91. "
        "More pictures of “dogs” would help most."
    )
    assert wizard.words("check_learning_words") == "Learning curve, measured on 20 validation pictures"
    assert not wizard.is_shown("check_learning_progress")
    wizard.page.go_to(CHECK)
    assert len(reading_jobs(wizard)) == 1  # there is nothing left to read


def test_it_goes_on_through_the_wizard(checked_wizard):
    wizard = checked_wizard
    wizard.speed.result = ALL_SPEED
    for step in (RECIPE, START):
        wizard.click("data_next")
        assert wizard.step == step and wizard.reading.state.is_running
    assert not reading_jobs(wizard)[0].stop_asked


def test_it_waits_while_the_computer_is_measured_and_goes_on_where_it_was(checked_wizard):
    wizard = checked_wizard
    (job,) = reading_jobs(wizard)
    job.say(*BEGUN, fit(12, 0.6), fit(30, 0.8))
    wizard.click("data_next")
    assert job.stop_asked and wizard.measurements(wizard.reader)
    wizard.measurements(wizard.reader)[0].finish(QUICK_SPEED)
    assert len(reading_jobs(wizard)) == 1  # the training is still to be measured
    wizard.measurements(wizard.trainer)[0].finish(ALL_SPEED)
    assert len(reading_jobs(wizard)) == 2 and wizard.reading.state.is_running
    assert [one.images for one in wizard.reading.state.epochs] == [12, 30]
    reading_jobs(wizard)[1].say(*BEGUN, fit(12, 0.61))
    assert [(one.images, one.val_accuracy) for one in wizard.reading.state.epochs] == [(12, 0.61), (30, 0.8)]


def test_it_goes_on_where_the_computer_can_not_be_measured(checked_wizard):
    wizard = checked_wizard
    wizard.click("data_next")
    wizard.measurements(wizard.reader)[0].fail(ErrorCode.UNEXPECTED, found="", log="")
    assert wizard.reading.state.is_running


def test_it_gives_way_to_whatever_else_the_reader_is_asked_for(checked_wizard):
    wizard = checked_wizard
    (job,) = reading_jobs(wizard)
    job.say(*BEGUN, fit(12))
    wizard.reader.start(EvaluateRequest("/run"))
    assert job.stop_asked and not wizard.reading.state.is_running
    assert wizard.words("check_learning_words") == "Reading is paused. The pictures read so far are kept."
    assert wizard.is_shown("check_learning_knows")
    job.say(fit(80))
    assert len(wizard.reading.state.epochs) == 1  # it isn't listened to any more
    wizard.page.hide()
    wizard.page.show()  # the person comes back
    assert len(reading_jobs(wizard)) == 2 and wizard.reading.state.is_running


def test_another_folder_is_read_instead(checked_wizard):
    wizard = checked_wizard
    (job,) = reading_jobs(wizard)
    job.say(*BEGUN, fit(12))
    wizard.page.open_folder("/home/ada/cars")
    assert job.stop_asked and wizard.reading.state is None and not wizard.is_shown("check_learning")
    wizard.check_job.finish(checked())
    assert reading_jobs(wizard)[-1].request == EmbedRequest("/home/ada/cars")
    assert wizard.reading.state.epochs == ()


def test_no_folder_is_not_read(checked_wizard):
    wizard = checked_wizard
    wizard.check.clear()
    assert reading_jobs(wizard)[0].stop_asked and wizard.reading.state is None


def test_a_folder_that_is_checked_again_is_read_anew(checked_wizard):
    wizard = checked_wizard
    reading_jobs(wizard)[0].say(*BEGUN, fit(12))
    wizard.check.check_again()
    wizard.check_job.finish(checked())
    assert len(reading_jobs(wizard)) == 2 and wizard.reading.state.epochs == ()


def test_a_failure_is_a_quiet_line_and_is_not_tried_again(checked_wizard):
    wizard = checked_wizard
    (job,) = reading_jobs(wizard)
    job.say(*BEGUN, fit(12))
    job.fail(ErrorCode.ENGINE_DIED, found="signal 9")
    assert wizard.words("check_learning_words") == "Reading stopped. Training will read the remaining pictures."
    assert wizard.can("data_next") and not wizard.is_shown("check_failure")
    wizard.page.go_to(CHECK)
    assert len(reading_jobs(wizard)) == 1


@pytest.mark.parametrize("code", [ErrorCode.PICTURES_GONE, ErrorCode.DATASET_NOT_FOUND, ErrorCode.TOO_FEW_CLASSES])
def test_a_folder_that_vanishes_is_told_in_words_and_can_be_checked_again(checked_wizard, code):
    wizard = checked_wizard
    (job,) = reading_jobs(wizard)
    job.say(*BEGUN, fit(12))
    assert not wizard.is_shown("check_learning_again")
    job.fail(code, path=PETS)
    words = wizard.words("check_learning_words")
    assert "paused" not in words and TEXTS[code].what.format(path=PETS) in words
    wizard.click("check_learning_again")
    assert wizard.reader.jobs[-1].request == CheckRequest(PETS)
    wizard.check_job.finish(checked())
    assert len(reading_jobs(wizard)) == 2 and not wizard.is_shown("check_learning_again")


def test_some_pictures_that_vanish_are_told_too(checked_wizard):
    wizard = checked_wizard
    (job,) = reading_jobs(wizard)
    job.say(*BEGUN, fit(79), Notice(NoticeCode.PICTURES_CHANGED, text="1 of 100 pictures can't be read any more."))
    job.finish(EmbedResult(99))
    assert "can no longer be read" in wizard.words("check_learning_words")
    assert wizard.is_shown("check_learning_again")


def test_while_a_model_is_trained_nothing_is_read(checked_wizard):
    wizard = checked_wizard
    wizard.reading.stop()
    wizard.training.start(TrainRequest("/other", "/run", make_recipe(Preset.TUTORIAL)))
    wizard.page.go_to(CHECK)
    assert len(reading_jobs(wizard)) == 1
    wizard.trainer.job.be_stopped()
    wizard.page.go_to(CHECK)
    assert len(reading_jobs(wizard)) == 2


def test_a_training_that_was_asked_for_is_told_what_was_learned(checked_wizard):
    wizard = checked_wizard
    foretold = LearningOutlook(80, 0.91, 160, 0.92, 0.94, None)
    reading_jobs(wizard)[0].say(*BEGUN, fit(12), fit(80), foretold)
    ahead = wizard.reading.state
    same = start_of(TrainRequest(PETS, "/run", make_recipe(Preset.QUICK)), 0.0, ahead)
    assert [one.images for one in same.epochs] == [12, 80] and same.outlook == foretold
    for other in (
        TrainRequest(PETS, "/run", make_recipe(Preset.QUICK, seed=1)),
        TrainRequest(PETS, "/run", make_recipe(Preset.QUICK, image_size=160)),
        TrainRequest(PETS, "/run", make_recipe(Preset.QUICK, val_fraction=0.3)),
        TrainRequest(PETS, "/run", make_recipe(Preset.QUICK, max_per_class=20)),
        TrainRequest(PETS, "/run", make_recipe(Preset.FINE_TUNE)),
        TrainRequest("/other", "/run", make_recipe(Preset.QUICK)),
    ):
        assert start_of(other, 0.0, ahead).epochs == () and start_of(other, 0.0, ahead).outlook is None


def test_pictures_that_were_read_count_in_the_time_that_a_training_takes(checked_wizard):
    wizard = checked_wizard
    wizard.speed.result = ALL_SPEED
    wizard.click("data_next")

    def quick():
        return wizard.page.findChild(object, "recipe_quick").accessibleName().rsplit(".", 1)[1].strip()

    before = quick()
    reading_jobs(wizard)[0].say(*BEGUN, has_read(90))
    wizard.click("data_back")
    wizard.click("data_next")
    assert (before, quick()) == ("about 10 s", "about 3 s")
    assert wizard.reader.requests(CheckRequest) and not wizard.reader.requests(MeasureSpeedRequest)


def test_what_was_read_stays_read_while_the_curve_is_fitted_and_afterwards(checked_wizard):
    wizard = checked_wizard
    wizard.speed.result = ALL_SPEED
    wizard.click("data_next")
    quick = wizard.part(RecipeCard, "recipe_quick")
    (job,) = reading_jobs(wizard)
    job.say(PhaseStarted(Phase.CHECKING, 100), Progress(Phase.CHECKING, 100, 100, 0.1))  # looked at, and not read
    assert "about 10 s" in quick.accessibleName()
    job.say(*BEGUN, has_read(100))
    assert "about 2 s" in quick.accessibleName()
    job.say(PhaseStarted(Phase.FITTING))
    assert "about 2 s" in quick.accessibleName()
    job.finish(EmbedResult(100))
    assert "about 2 s" in quick.accessibleName()
    wizard.reading.read("/other", checked())
    assert wizard.reading.pictures_read == 0


def test_all_steps_tell_the_same_time_of_a_reading(checked_wizard):
    wizard = checked_wizard
    wizard.speed.result = ALL_SPEED  # at 0.1 s a picture; other programs are at work now
    reading_jobs(wizard)[0].say(*BEGUN, *(Progress(Phase.EMBEDDING, done, 100, float(done)) for done in (1, 10)))
    assert wizard.words("check_learning_words").endswith("about 1 min 30 s left")
    wizard.click("data_next")
    assert "about 1 min 30 s" in wizard.part(RecipeCard, "recipe_quick").accessibleName()
    wizard.click("data_next")
    assert "about 1 min 30 s" in {label.text() for label in wizard.page.start_step.findChildren(QLabel)}
    reading_jobs(wizard)[0].say(Progress(Phase.EMBEDDING, 100, 100, 11.0))
    assert "about 1 min 30 s" not in {label.text() for label in wizard.page.start_step.findChildren(QLabel)}
