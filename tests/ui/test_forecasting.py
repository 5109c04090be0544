"""Whether fine-tuning will pay, asked beside its recipe: a trial that can be cancelled, advice that can be taken."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from tests.ui.wizard import ALL_SPEED, PETS, QUICK_SPEED, RECIPE, Wizard, checked
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Phase, PhaseStarted, Progress
from xception_gui.domain.messages.dataset import EmbedRequest
from xception_gui.domain.messages.training import BatchFinished, ForecastRequest, ForecastResult, TrainRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.ui.kit.progress_bar import ProgressBar

PAYS = ForecastResult(5.6, 10.2, 120, 540.0)
MANY = checked({"cats": 300, "dogs": 200})
NOTHING = ForecastResult(-1.0, 0.4, 120, 540.0)


@pytest.fixture
def wizard(qtbot, qapp, tmp_path):
    return Wizard(qtbot, qapp, tmp_path)


@pytest.fixture
def asked(wizard):
    """The recipe step with Fine-tune chosen, where a forecast was asked for."""
    wizard.go_to(RECIPE, MANY)
    wizard.measurements(wizard.reader)[0].finish(QUICK_SPEED)
    wizard.measurements(wizard.trainer)[0].finish(ALL_SPEED)
    wizard.click("recipe_fine_tune")
    assert "about" in wizard.words("recipe_forecast_words")
    wizard.click("recipe_forecast_try")
    return wizard


def test_it_is_only_asked_beside_fine_tune(wizard):
    wizard.go_to(RECIPE, MANY)
    assert not wizard.is_shown("recipe_forecast")
    wizard.click("recipe_fine_tune")
    assert wizard.is_shown("recipe_forecast") and wizard.can("recipe_forecast_try")
    wizard.click("recipe_tutorial")
    assert not wizard.is_shown("recipe_forecast")


def test_with_few_pictures_no_trial_is_offered(wizard):
    """It would take as long as the training, and end without an answer."""
    wizard.go_to(RECIPE, checked({"cats": 90, "dogs": 90}))
    wizard.click("recipe_fine_tune")
    assert "few pictures" in wizard.words("recipe_forecast_words") and not wizard.is_shown("recipe_forecast_try")


def test_a_trial_shows_how_far_it_is_and_what_it_found(asked):
    (job,) = asked.forecasts
    assert job.request == ForecastRequest(PETS, make_recipe(Preset.FINE_TUNE))
    bar = asked.part(ProgressBar, "recipe_forecast_progress")
    job.say(PhaseStarted(Phase.EMBEDDING, 80), Progress(Phase.EMBEDDING, 20, 80, 1.0))
    assert (bar.value(), bar.maximum()) == (20, 80)
    job.say(PhaseStarted(Phase.TRAINING, 180), BatchFinished(2, 1, 4, 3, 0.5, 0.8, 30.0, 16, 60))
    assert (bar.value(), bar.maximum()) == (76, 180)
    assert asked.words("recipe_forecast_words") == "Training…"
    job.finish(PAYS)
    assert "6 to 10 more of 100 pictures" in asked.words("recipe_forecast_words")
    assert "about 9 min" in asked.words("recipe_forecast_remark")
    assert "120" in asked.words("recipe_forecast_remark")
    assert not asked.is_shown("recipe_forecast_quick") and not asked.is_shown("recipe_forecast_progress")


def test_the_advice_to_use_quick_is_one_click_away(asked):
    asked.forecasts[0].finish(NOTHING)
    assert "nothing" in asked.words("recipe_forecast_words")
    asked.click("recipe_forecast_quick")
    assert asked.page.recipe_step.preset is Preset.QUICK and not asked.is_shown("recipe_forecast")


def test_a_trial_that_is_cancelled_can_be_repeated(asked):
    asked.click("recipe_forecast_stop")
    assert asked.forecasts[0].stop_asked and asked.can("recipe_forecast_try")
    asked.forecasts[0].be_stopped()
    asked.click("recipe_forecast_try")
    assert len(asked.forecasts) == 2


def test_a_trial_that_fails_says_why_and_can_be_repeated(asked):
    asked.forecasts[0].fail(ErrorCode.PICTURES_GONE)
    assert asked.words("recipe_forecast_words") and asked.can("recipe_forecast_try")


def test_what_was_found_holds_for_that_recipe_only(asked):
    asked.forecasts[0].finish(PAYS)
    asked.click("recipe_advanced")
    asked.type("recipe_epochs", "3")
    assert asked.can("recipe_forecast_try")
    asked.type("recipe_epochs", "12")
    assert "6 to 10 more" in asked.words("recipe_forecast_words")


def test_pictures_are_not_read_ahead_meanwhile(asked):
    """Both would embed the same pictures."""
    reading = [job for job in asked.reader.jobs if isinstance(job.request, EmbedRequest)]
    assert all(job.stop_asked for job in reading)
    asked.forecasts[0].finish(PAYS)
    assert len([job for job in asked.reader.jobs if isinstance(job.request, EmbedRequest)]) == len(reading) + 1


def test_a_training_comes_first(asked):
    asked.training.start(TrainRequest(PETS, str(asked.place / "other"), make_recipe(Preset.QUICK)))
    assert asked.forecasts[0].stop_asked
    assert not asked.can("recipe_forecast_try")
    assert "finished training" in asked.words("recipe_forecast_words")


def test_another_folder_has_no_forecast_yet(asked):
    asked.forecasts[0].finish(PAYS)
    asked.page.open_folder("/home/ada/letters")
    asked.check_job.finish(MANY)
    asked.click("data_next")
    assert asked.can("recipe_forecast_try") and "6 to 10" not in asked.words("recipe_forecast_words")


def test_what_was_forecast_goes_along_with_the_training_that_it_is_about(asked):
    asked.forecasts[0].finish(PAYS)
    asked.click("data_next")
    asked.click("data_next")
    assert asked.wanted[-1].forecast == (5.6, 10.2)


def test_a_training_with_another_recipe_has_no_forecast(asked):
    asked.forecasts[0].finish(PAYS)
    asked.click("recipe_quick")
    asked.click("data_next")
    asked.click("data_next")
    assert asked.wanted[-1].recipe.preset is Preset.QUICK and asked.wanted[-1].forecast is None


def test_the_speed_is_measured_afterwards_if_it_gave_way(wizard):
    wizard.go_to(RECIPE, MANY)
    wizard.measurements(wizard.reader)[0].finish(QUICK_SPEED)
    wizard.click("recipe_fine_tune")
    wizard.click("recipe_forecast_try")
    (given_way,) = wizard.measurements(wizard.trainer)
    assert given_way.stop_asked
    given_way.be_stopped()
    wizard.forecasts[0].finish(PAYS)
    _, again = wizard.measurements(wizard.trainer)
    again.finish(ALL_SPEED)
    assert "6 to 10 more" in wizard.words("recipe_forecast_words")


@pytest.fixture
def keyboard(qtbot, wizard):
    """Press the part of the window that has the keyboard's focus; returns the name of the one that has it then."""

    def press(key=Qt.Key.Key_Space):
        qtbot.keyClick(wizard.page.window().focusWidget(), key)
        return wizard.page.window().focusWidget().objectName()

    return press


def test_by_keyboard_one_button_follows_another(wizard, keyboard):
    wizard.go_to(RECIPE, MANY)
    wizard.click("recipe_fine_tune")
    assert keyboard(Qt.Key.Key_Tab) == "recipe_forecast_try"
    assert keyboard() == "recipe_forecast_stop"
    wizard.forecasts[0].say(PhaseStarted(Phase.EMBEDDING, 80), Progress(Phase.EMBEDDING, 20, 80, 1.0))
    assert keyboard() == "recipe_forecast_try"
    assert keyboard() == "recipe_forecast_stop"
    wizard.forecasts[0].be_stopped()
    wizard.forecasts[1].finish(NOTHING)
    assert wizard.page.window().focusWidget().objectName() == "recipe_forecast_quick"
    assert keyboard() == "recipe_quick" and wizard.page.recipe_step.preset is Preset.QUICK


def test_by_keyboard_a_forecast_that_recommends_fine_tuning_is_where_the_trial_was(asked, keyboard):
    asked.forecasts[0].finish(PAYS)
    assert asked.page.window().focusWidget().objectName() == "recipe_forecast_words"


def test_a_forecast_takes_no_focus_from_elsewhere(asked):
    asked.part(QWidget, "recipe_advanced").setFocus()
    asked.forecasts[0].finish(NOTHING)
    assert asked.page.window().focusWidget().objectName() == "recipe_advanced"
