"""From a folder to a training in four steps, with the way back always open."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from tests.recordings import QUICK
from tests.ui.wizard import ALL_SPEED, CHECK, FOLDER, PETS, QUICK_SPEED, RECIPE, START, Wizard, checked
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.dataset import CheckRequest, Problem
from xception_gui.domain.messages.machine import MeasureSpeedRequest
from xception_gui.domain.messages.training import TrainRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.ui.kit.message_bar import MessageBar
from xception_gui.ui.kit.message_card import MessageCard
from xception_gui.words.problems import problem_text


@pytest.fixture
def wizard(qtbot, qapp, tmp_path):
    return Wizard(qtbot, qapp, tmp_path)


def times(wizard):
    """What the recipe cards say about time."""
    cards = ("recipe_quick", "recipe_fine_tune", "recipe_tutorial")
    return [wizard.page.findChild(object, card).accessibleName().rsplit(".", 1)[1].strip() for card in cards]


def test_from_a_folder_to_the_request_that_trains(wizard, tmp_path):
    wizard.page.open_folder(PETS)
    assert wizard.step == CHECK
    assert wizard.check_job.request == CheckRequest(PETS)
    wizard.check_job.finish(checked())
    wizard.click("data_next")
    wizard.click("data_next")
    assert wizard.words("data_next") == "Start training"
    wizard.click("data_next")
    assert wizard.wanted == [TrainRequest(PETS, str(tmp_path / "pets"), make_recipe(Preset.QUICK))]


def test_it_begins_with_a_folder_and_no_way_on(qtbot, wizard):
    assert wizard.step == FOLDER
    assert not wizard.is_shown("data_next") and not wizard.is_shown("data_back")
    for name, wanted in (("data_choose", wizard.page.folder_wanted), ("data_samples", wizard.page.samples_wanted)):
        with qtbot.waitSignal(wanted):
            wizard.click(name)


def test_next_waits_for_the_check_and_back_does_not(wizard):
    wizard.page.open_folder(PETS)
    assert not wizard.can("data_next")
    assert "once the check is done" in wizard.words("data_hint")
    wizard.click("data_back")
    assert wizard.step == FOLDER
    wizard.click("data_next")  # the folder is chosen already
    assert wizard.step == CHECK
    wizard.check_job.finish(checked())
    assert wizard.can("data_next")


def test_back_leads_through_all_steps_and_keeps_everything(wizard):
    wizard.go_to(START)
    wizard.type("start_name", "my pets")
    for step in (RECIPE, CHECK, FOLDER):
        wizard.click("data_back")
        assert wizard.step == step
    for _ in range(3):
        wizard.click("data_next")
    assert wizard.step == START
    assert wizard.part(QLineEdit, "start_name").text() == "my pets"
    assert len(wizard.reader.requests(CheckRequest)) == 1


def test_the_steps_at_the_top_lead_back(wizard):
    wizard.go_to(START)
    wizard.click("data_stepper_2")
    assert wizard.step == CHECK
    assert not wizard.can("data_stepper_3")


def test_a_folder_that_can_not_be_learned_from_holds_the_wizard_at_the_check(wizard):
    problem = Problem("too-few-classes", (), severity="error", details={"path": PETS})
    wizard.page.open_folder(PETS)
    wizard.check_job.finish(checked({"cats": 60}, problems=(problem,)))
    assert not wizard.can("data_next")
    assert wizard.can("data_back")
    assert wizard.part(MessageCard, "check_failure").words == problem_text(problem)


def test_another_folder_starts_over_with_its_own_name(wizard, tmp_path):
    wizard.go_to(START)
    old = wizard.check_job
    wizard.page.open_folder("/home/ada/cars")
    assert wizard.step == CHECK and old is not wizard.check_job
    assert not wizard.can("data_next")
    wizard.check_job.finish(checked())
    wizard.click("data_next")
    wizard.click("data_next")
    wizard.click("data_next")
    assert wizard.wanted[0].dataset == "/home/ada/cars"
    assert wizard.wanted[0].out == str(tmp_path / "cars")


def test_from_a_folder_that_was_dropped_by_mistake_the_way_back_is_open(wizard):
    assert not wizard.is_shown("data_left")
    wizard.go_to(START)
    wizard.type("start_name", "my pets")
    wizard.page.open_folder("/home/ada/cars")
    assert wizard.part(MessageBar, "data_left").words == "“cars” replaced “pets”."
    assert wizard.part(QLineEdit, "start_name").text() == "cars"
    wizard.click("data_left_back")
    assert not wizard.is_shown("data_left") and wizard.check_job.request == CheckRequest(PETS)
    wizard.check_job.finish(checked())
    for _ in range(START - CHECK):
        wizard.click("data_next")
    assert wizard.wanted == [] and wizard.part(QLineEdit, "start_name").text() == "my pets"


def test_a_folder_that_was_trained_on_is_not_lost_and_needs_no_way_back(wizard):
    wizard.go_to(START)
    wizard.click("data_next")
    wizard.page.open_folder("/home/ada/cars")
    assert wizard.wanted and not wizard.is_shown("data_left")


def test_enter_in_the_name_starts_the_training_if_the_name_will_do(wizard, qtbot):
    wizard.go_to(START)
    name = wizard.part(QLineEdit, "start_name")
    wizard.type("start_name", "a/b")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert wizard.wanted == []
    wizard.type("start_name", "pets")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert wizard.wanted[0].out.endswith("pets")


def test_the_way_back_ends_where_the_new_folder_is_gone_on_with(wizard):
    wizard.go_to(CHECK)
    wizard.page.open_folder("/home/ada/cars")
    wizard.click("data_left_dismiss")
    assert not wizard.is_shown("data_left")
    wizard.go_to(CHECK)
    assert wizard.is_shown("data_left")
    wizard.click("data_next")
    assert not wizard.is_shown("data_left")


def test_the_same_folder_again_keeps_the_name_that_was_typed_until_it_is_used(wizard, tmp_path):
    wizard.go_to(START)
    wizard.type("start_name", "my pets")
    wizard.go_to(START)
    assert wizard.part(QLineEdit, "start_name").text() == "my pets"
    wizard.click("data_next")
    (tmp_path / "my pets").mkdir()  # by the engine
    wizard.go_to(START)
    assert wizard.part(QLineEdit, "start_name").text() == "pets"


def test_a_folder_that_vanishes_leads_back_to_the_check(wizard):
    wizard.go_to(RECIPE)
    wizard.check.check_again()
    wizard.check_job.fail(ErrorCode.DATASET_NOT_FOUND, path=PETS)
    assert wizard.step == CHECK
    assert PETS in wizard.part(MessageCard, "check_failure").words


def test_times_are_measured_when_a_recipe_is_to_be_chosen(wizard):
    wizard.go_to(CHECK)
    assert wizard.measurements(wizard.reader) == []
    wizard.click("data_next")
    assert times(wizard) == ["measuring…"] * 3
    (of_quick,) = wizard.measurements(wizard.reader)
    assert of_quick.request == MeasureSpeedRequest()
    of_quick.finish(QUICK_SPEED)
    assert times(wizard) == ["about 10 s", "measuring…", "measuring…"]
    assert wizard.words("data_hint") == "Times are based on the speed of this computer."
    (of_steps,) = wizard.measurements(wizard.trainer)
    assert of_steps.request == MeasureSpeedRequest(training=True)
    of_steps.finish(ALL_SPEED)
    assert times(wizard) == ["about 10 s", "about 10 min", "about 7 min"]


def test_pictures_that_are_embedded_already_take_no_time(wizard):
    wizard.go_to(RECIPE, checked(embedded=100))
    wizard.measurements(wizard.reader)[0].finish(QUICK_SPEED)
    assert times(wizard)[0] == "about 2 s"


def test_a_time_follows_what_is_changed_under_advanced(wizard):
    wizard.go_to(RECIPE)
    wizard.measurements(wizard.reader)[0].finish(QUICK_SPEED)
    wizard.click("recipe_advanced")
    wizard.type("recipe_max_per_class", "10")
    assert times(wizard)[0] == "about 4 s"


def test_what_can_not_be_measured_promises_nothing(wizard):
    wizard.go_to(RECIPE)
    wizard.measurements(wizard.reader)[0].finish(QUICK_SPEED)
    wizard.measurements(wizard.trainer)[0].fail(ErrorCode.KERAS_MISSING, found="no module")
    quick, *others = times(wizard)
    assert quick == "about 10 s"
    assert not any("measuring" in time or "about" in time for time in others)


def test_the_start_sums_up(wizard):
    wizard.go_to(RECIPE)
    wizard.measurements(wizard.reader)[0].finish(QUICK_SPEED)
    wizard.click("data_next")
    said = [label.text() for label in wizard.page.start_step.findChildren(object) if hasattr(label, "text")]
    for words in (PETS, "100 pictures in 2 classes", "Quick", "about 10 s"):
        assert words in said
    assert wizard.words("data_hint") == ""  # times were spoken of before


def test_while_a_model_learns_the_next_waits_and_is_told_why(wizard):
    wizard.go_to(RECIPE)
    wizard.training.start(QUICK)
    wizard.click("data_next")
    assert not wizard.can("data_next")
    assert "when “quick” is done" in wizard.page.start_step.busy.words
    wizard.trainer.job.be_stopped()
    assert wizard.can("data_next")
    assert not wizard.page.start_step.busy.isVisible()


def test_while_a_model_learns_nothing_is_measured_and_it_is_made_up_for(wizard):
    wizard.training.start(QUICK)
    wizard.go_to(RECIPE)
    assert wizard.measurements(wizard.reader) == []
    assert not any("measuring" in time for time in times(wizard))
    wizard.trainer.job.be_stopped()
    assert len(wizard.measurements(wizard.reader)) == 1
    assert times(wizard) == ["measuring…"] * 3


def test_a_training_that_starts_stops_the_measuring(wizard):
    wizard.go_to(RECIPE)
    (measuring,) = wizard.measurements(wizard.reader)
    wizard.click("data_next")
    wizard.click("data_next")
    assert measuring.stop_asked
    assert len(wizard.wanted) == 1


def test_the_name_of_the_model_that_was_just_trained_is_taken(wizard, tmp_path):
    wizard.go_to(START)
    wizard.click("data_next")
    wizard.training.start(wizard.wanted[0])
    (tmp_path / "pets").mkdir()  # by the engine
    wizard.trainer.job.be_stopped()
    assert not wizard.can("data_next")
    assert "already exists" in wizard.words("start_wrong") and wizard.is_shown("start_wrong")
    wizard.type("start_name", "pets again")
    assert wizard.can("data_next")


def test_the_keyboard_alone_leads_to_a_training(qtbot, wizard):
    wizard.go_to(START)
    name = wizard.part(QLineEdit, "start_name")
    assert name.hasFocus()
    qtbot.keyClicks(name, "by keyboard")  # over the suggestion, which is selected
    go = wizard.part(object, "data_next")
    go.setFocus()
    qtbot.keyClick(go, Qt.Key.Key_Space)
    assert wizard.wanted[0].out.endswith("by keyboard")


def test_a_training_that_tells_of_itself_all_the_time_costs_the_last_step_nothing(wizard):
    """It does so several times a second, and the window would stand still for as long as labels are built."""
    wizard.go_to(START)
    shown = wizard.page.start_step.findChildren(QLabel)
    wizard.training.start(TrainRequest(PETS, "/run", make_recipe(Preset.QUICK)))
    for _ in range(3):
        wizard.training.changed.emit()
    assert wizard.page.start_step.findChildren(QLabel) == shown
    wizard.click("data_back")
    wizard.click("recipe_tutorial")
    wizard.click("data_next")
    facts = [label.text() for label in wizard.page.start_step.findChildren(QLabel)]
    assert "Tutorial" in facts and "Quick" not in facts


def titles(wizard):
    """What stands over the page: title and what is below it."""
    return [label.text() for label in wizard.page.findChildren(QLabel)[:2]]


def test_every_step_says_what_it_is_about(wizard):
    assert titles(wizard)[0] == "New model"
    wizard.go_to(START)
    assert titles(wizard) == ["New model from “pets”", "Give your model a name."]
    wizard.click("data_back")
    assert titles(wizard)[1] == "Choose how thoroughly to train." and wizard.words("data_next") == "Next: name"
    wizard.click("data_back")
    assert titles(wizard)[1] == f"{PETS} · your files are only read, never changed"
    assert wizard.words("data_next") == "Next: recipe" and wizard.words("data_hint") == ""
    wizard.click("data_back")
    assert wizard.words("data_next") == "Next: check" and not wizard.is_shown("data_back")


def test_a_value_that_is_wrong_is_pointed_at_and_holds_the_wizard(wizard):
    wizard.go_to(RECIPE)
    wizard.click("recipe_advanced")
    wizard.type("recipe_image_size", "7")
    assert wizard.words("data_hint") == "Correct the marked value in Advanced settings." and not wizard.can("data_next")
    wizard.type("recipe_image_size", "299")
    assert wizard.can("data_next") and wizard.page.recipe_step.recipe == make_recipe(Preset.QUICK)


def test_no_more_pictures_are_counted_than_there_are_or_than_are_wanted(wizard):
    wizard.go_to(RECIPE, checked({"cats": 5, "dogs": 40}))
    wizard.click("recipe_advanced")
    wizard.type("recipe_max_per_class", "10")
    wizard.click("data_next")
    facts = [label.text() for label in wizard.page.start_step.findChildren(QLabel) if label.isVisible()]
    assert "15 pictures in 2 classes" in facts and "Estimated time" not in facts  # nothing was measured


def test_weights_that_were_typed_are_found_from_any_folder(wizard):
    wizard.go_to(RECIPE)
    wizard.page.recipe_step.show_weights("weights/../own.h5")
    wizard.click("data_next")
    wizard.click("data_next")
    assert wizard.wanted[0].recipe.weights == str(Path.cwd() / "own.h5")


def test_a_class_without_pictures_shows_none_and_counts_none(wizard):
    wizard.go_to(RECIPE, checked({"cats": 60, "dogs": 0}))
    assert wizard.can("data_next")
    wizard.click("recipe_fine_tune")
    wizard.click("data_next")
    assert "60 pictures in 2 classes" in [one.text() for one in wizard.page.start_step.findChildren(QLabel)]


def test_signals_of_the_steps_are_those_of_the_page(qtbot, wizard):
    wizard.go_to(RECIPE)
    wizard.click("recipe_advanced")
    with qtbot.waitSignal(wizard.page.weights_wanted):
        wizard.click("recipe_weights_choose")
