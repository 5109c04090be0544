"""The page that says how good a model is, in all its states."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QSplitter, QWidget

from tests.ui.engines import FakeEngine
from tests.ui.evaluated import CLASSES, evaluated, rubbish, say
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Failed, Phase, PhaseStarted, Progress, Stopped
from xception_gui.domain.messages.dataset import LeftOut
from xception_gui.domain.messages.models import RunSummary
from xception_gui.domain.messages.training import Notice, NoticeCode
from xception_gui.domain.messages.using import EvaluateRequest
from xception_gui.ui.kit.cards import FigureCard
from xception_gui.ui.kit.labels import ElidedLabel
from xception_gui.ui.kit.message_card import MessageCard
from xception_gui.ui.kit.screens import LEAST
from xception_gui.ui.pictures.picture_grid import PictureGrid
from xception_gui.ui.pictures.thumbnails import Thumbnails
from xception_gui.ui.results.class_table import ClassTable
from xception_gui.ui.results.confusion_matrix import ConfusionMatrix
from xception_gui.ui.results.evaluation import Evaluation, EvaluationState
from xception_gui.ui.results.evaluation_view import shortened
from xception_gui.ui.results.results_page import ResultsPage, subtitle
from xception_gui.ui.shell import rail

RUN = "/runs/my rubbish"
SUMMARY = RunSummary(RUN, 1, preset="quick", val_accuracy=0.9, val_log_loss=0.31, created="2025-11-24T14:36:00+01:00")


@pytest.fixture
def fake():
    return FakeEngine()


@pytest.fixture
def evaluation(qapp, fake):
    return Evaluation(fake.client)


@pytest.fixture
def page(qtbot, evaluation):
    made = ResultsPage(evaluation, Thumbnails(FakeEngine().client, evaluation))
    qtbot.addWidget(made)
    made.resize(760, 600)
    made.show()
    return made


@pytest.fixture
def judged(page, evaluation, fake):
    """The page with an evaluation on it."""
    evaluation.open(RUN, SUMMARY)
    say(fake.job, rubbish(), evaluated(rubbish(), CLASSES))
    return page


def part(page, kind, name):
    found = page.findChild(kind, name)
    assert found is not None, f"There is no {name}"
    return found


def click(qtbot, page, name):
    wanted = part(page, QPushButton, name)
    assert wanted.isVisible(), f"{name} can't be clicked"
    qtbot.mouseClick(wanted, Qt.MouseButton.LeftButton)


def figure(page, name):
    return part(page, FigureCard, name).accessibleName()


def shown_pictures(page):
    return [item.path for item in part(page, PictureGrid, "results_pictures").items]


def title_of_pictures(page):
    return part(page, QLabel, "results_pictures_title").text()


def is_shown(page, name):
    return part(page, QWidget, name).isVisible()


def test_with_nothing_open_it_says_how_to_begin(qtbot, page):
    assert is_shown(page, "results_empty")
    assert not is_shown(page, "results_accuracy")
    assert not is_shown(page, "results_predict")
    with qtbot.waitSignal(page.models_wanted):
        click(qtbot, page, "results_choose_model")


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        (Phase.CHECKING, "Checking the pictures…"),
        (Phase.CONVERTING, "Preparing the network for predictions…"),
        (Phase.TESTING, "Evaluating the model on the validation pictures…"),
    ],
)
def test_while_a_model_is_judged_it_is_said_what_is_being_done(phase, words, qtbot, page, evaluation, fake):
    evaluation.open(RUN, SUMMARY)
    assert part(page, QLabel, "results_progress_words").text() == "Opening…"
    fake.job.reported.emit(PhaseStarted(phase, 228))
    qtbot.waitUntil(lambda: part(page, QLabel, "results_progress_words").text() == words)


def test_while_pictures_are_read_it_says_how_far_it_is(qtbot, page, evaluation, fake):
    evaluation.open(RUN, SUMMARY)
    fake.job.reported.emit(PhaseStarted(Phase.TESTING, 228))
    fake.job.reported.emit(Progress(Phase.TESTING, 97, 228, 3.0))
    bar = part(page, QProgressBar, "results_progress")
    qtbot.waitUntil(lambda: bar.value() == 97)
    assert bar.isVisible() and bar.maximum() == 228
    assert part(page, QLabel, "results_progress_count").text() == "97 of 228 pictures"
    assert figure(page, "results_accuracy") == "Accuracy: 90 %"  # known from the run
    assert figure(page, "results_log_loss") == "Log loss: 0.310"


def test_reading_can_be_stopped_and_started_again(qtbot, page, evaluation, fake):
    evaluation.open(RUN, SUMMARY)
    click(qtbot, page, "results_stop")
    assert fake.job.stop_asked
    fake.job.ended.emit(Stopped())
    assert "stopped" in part(page, MessageCard, "results_message").words
    click(qtbot, page, "results_retry")
    assert fake.job.request == EvaluateRequest(RUN)
    assert is_shown(page, "results_progress")


def test_a_failure_is_told_in_words_and_can_be_tried_again(qtbot, page, evaluation, fake):
    evaluation.open(RUN, SUMMARY)
    fake.job.ended.emit(Failed(ErrorCode.OUT_OF_MEMORY, {"memory": "2 GB"}))
    words = part(page, MessageCard, "results_message").words
    assert "There is not enough memory" in words and "2 GB" in words and "Close other programs" in words
    assert not is_shown(page, "results_locate")
    click(qtbot, page, "results_retry")
    assert len(fake.jobs) == 2


def test_pictures_that_were_moved_can_be_located(qtbot, page, evaluation, fake):
    evaluation.open(RUN, SUMMARY)
    fake.job.ended.emit(Failed(ErrorCode.PICTURES_MOVED, {"path": "/old/place"}))
    assert "/old/place" in part(page, MessageCard, "results_message").words
    assert not is_shown(page, "results_retry")
    with qtbot.waitSignal(page.locate_wanted) as wanted:
        click(qtbot, page, "results_locate")
    assert wanted.args == [RUN]


def test_the_four_figures(judged):
    assert figure(judged, "results_accuracy") == "Accuracy: 6 of 10 correct, but too few to tell"
    assert figure(judged, "results_log_loss") == "Log loss: 0.490 lower is better"
    assert figure(judged, "results_weakest") == "Weakest class: plastic 2 of 5 found"
    assert figure(judged, "results_most_mixed_up") == "Top mistake: plastic → glass 3 times"


def test_a_model_without_mistakes_mixes_nothing_up(page, evaluation, fake):
    right = [one for one in rubbish() if one.label == one.ranking[0]]
    evaluation.open(RUN, SUMMARY)
    say(fake.job, right, evaluated(right, CLASSES))
    assert figure(page, "results_weakest") == "Weakest class: none all found"
    assert figure(page, "results_most_mixed_up") == "Top mistake: none"
    assert title_of_pictures(page) == "3 of 3 glass correct"
    assert shown_pictures(page) == [f"/p/glass/{n}.jpg" for n in (2, 1, 0)]


def test_what_happened_once_happened_once(page, evaluation, fake):
    few = [one for one in rubbish() if "plastic/wrong" not in one.path]
    evaluation.open(RUN, SUMMARY)
    say(fake.job, few, evaluated(few, CLASSES))
    assert figure(page, "results_most_mixed_up") == "Top mistake: trash → plastic once"


def test_the_worst_mistake_is_looked_at_first(judged):
    assert part(judged, ConfusionMatrix, "results_matrix").chosen == (1, 0)
    assert title_of_pictures(judged) == "3 of 5 plastic predicted as glass"
    assert shown_pictures(judged) == [f"/p/plastic/wrong{n}.jpg" for n in (1, 2, 0)]
    first = part(judged, PictureGrid, "results_pictures").items[0]
    assert first.caption == "glass 88 %\nplastic 5 %"
    assert first.tool_tip.splitlines() == [
        "Actual: plastic",
        "Predicted: glass 88 %, trash 10 %, plastic 5 %",
        first.path,
    ]


def test_choosing_a_cell_shows_its_pictures(qtbot, judged):
    qtbot.keyClick(part(judged, ConfusionMatrix, "results_matrix"), Qt.Key.Key_Right)
    assert title_of_pictures(judged) == "2 of 5 plastic correct"
    assert shown_pictures(judged) == ["/p/plastic/0.jpg", "/p/plastic/1.jpg"]
    qtbot.keyClick(part(judged, ConfusionMatrix, "results_matrix"), Qt.Key.Key_Right)
    assert shown_pictures(judged) == []


def test_choosing_a_class_shows_its_mistakes(qtbot, judged):
    click(qtbot, judged, "results_show_classes")
    assert title_of_pictures(judged) == "4 mistakes with plastic"  # the least recognised one
    table = part(judged, ClassTable, "results_classes")
    table.choose("trash")
    assert title_of_pictures(judged) == "1 mistake with trash"
    assert shown_pictures(judged) == ["/p/trash/wrong.jpg"]
    click(qtbot, judged, "results_show_matrix")
    assert title_of_pictures(judged) == "3 of 5 plastic predicted as glass"


def test_opening_a_picture_names_it_among_the_others(qtbot, judged):
    with qtbot.waitSignal(judged.picture_opened) as opened:
        part(judged, PictureGrid, "results_pictures").opened.emit(1)
    assert opened.args == [[f"/p/plastic/wrong{n}.jpg" for n in (1, 2, 0)], 1]
    assert judged.captions == ["glass 88 % · plastic 5 %", "glass 70 % · plastic 5 %", "glass 52 % · plastic 5 %"]


def test_the_folder_of_a_picture_can_be_asked_for(qtbot, judged):
    with qtbot.waitSignal(judged.folder_wanted) as wanted:
        part(judged, PictureGrid, "results_pictures").folder_wanted.emit(2)
    assert wanted.args == ["/p/plastic/wrong0.jpg"]


def test_the_model_can_be_used(qtbot, judged):
    with qtbot.waitSignal(judged.predict_wanted) as wanted:
        click(qtbot, judged, "results_predict")
    assert wanted.args == [RUN]


def test_a_change_that_is_none_of_the_result_leaves_the_choice_alone(judged, evaluation):
    part(judged, ConfusionMatrix, "results_matrix").choose(2, 1)
    evaluation.open(RUN, msgspec.structs.replace(SUMMARY, preset="tutorial"))
    assert part(judged, ConfusionMatrix, "results_matrix").chosen == (2, 1)
    assert shown_pictures(judged) == ["/p/trash/wrong.jpg"]


def test_another_result_is_shown_from_its_worst_mistake(judged, evaluation, fake):
    part(judged, ConfusionMatrix, "results_matrix").choose(2, 1)
    evaluation.retry()
    assert not is_shown(judged, "results_matrix")
    say(fake.job, rubbish(), evaluated(rubbish(), CLASSES))
    assert title_of_pictures(judged) == "3 of 5 plastic predicted as glass"


def test_pictures_that_are_not_counted_are_told_of(page, evaluation, fake):
    evaluation.open(RUN, SUMMARY)
    gone = (LeftOut("/p/gone.jpg", "missing", reason="It is not there any more."),)
    say(fake.job, rubbish(), msgspec.structs.replace(evaluated(rubbish(), CLASSES), left_out=gone))
    told = part(page, QLabel, "results_left_out")
    assert told.isVisible()
    assert told.text().startswith("1 ")
    assert "/p/gone.jpg" in told.toolTip()


def test_nothing_is_told_of_when_all_are_counted(judged):
    assert not is_shown(judged, "results_left_out")


def test_the_subtitle_says_how_it_was_trained_and_what_it_was_judged_on(qapp):
    result = evaluated(rubbish(), CLASSES)
    words = subtitle(EvaluationState(RUN, SUMMARY, result=result))
    assert words.startswith("Quick · ")
    assert words.endswith("measured on 10 validation pictures")
    seen = subtitle(EvaluationState(RUN, SUMMARY, result=evaluated(rubbish(), CLASSES, trained_on=4)))
    assert seen.endswith("measured on 10 pictures, 4 of them used in training")


def test_two_long_names_leave_room_for_each_other():
    assert shortened("glass", "plastic") == ("glass", "plastic")
    first, second = shortened("a" * 60, "b" * 50 + "end")
    assert max(len(first), len(second)) <= 16
    assert second.endswith("end")


def test_the_widths_of_both_halves_can_be_kept(judged):
    splitter = part(judged, QSplitter, "results_splitter")
    splitter.setSizes([400, 280])
    kept, sizes = splitter.saveState(), splitter.sizes()
    splitter.setSizes([300, 380])
    assert splitter.sizes() != sizes
    splitter.restoreState(kept)
    assert splitter.sizes() == sizes


def test_everything_that_can_be_acted_on_has_its_names(judged):
    kinds = (QPushButton, ConfusionMatrix, ClassTable, PictureGrid, QProgressBar, FigureCard)
    for widget in (one for kind in kinds for one in judged.findChildren(kind)):
        assert widget.objectName().startswith("results_"), widget
        assert widget.accessibleName(), widget.objectName()


def test_a_model_that_rests_on_a_part_of_its_pictures_says_so(page, evaluation):
    evaluation.open(RUN, SUMMARY)
    assert not part(page, MessageCard, "results_rests_on").isVisible()
    evaluation.open(RUN, msgspec.structs.replace(SUMMARY, rests_on=340, train_images=906))
    card = part(page, MessageCard, "results_rests_on")
    assert card.isVisible()
    assert card.words == "The model was trained on only 340 of 906 training pictures; the others weren't read."


def test_a_model_that_is_measured_in_another_runtime_says_so(page, evaluation, fake):
    evaluation.open(RUN, SUMMARY)
    fake.job.reported.emit(
        Notice(NoticeCode.OTHER_RUNTIME, {"runtime": "OpenVINO (bfloat16)", "used": "LiteRT (float32)"})
    )
    say(fake.job, rubbish(), evaluated(rubbish(), CLASSES))
    card = part(page, MessageCard, "results_rests_on")
    assert card.isVisible() and "made with OpenVINO (bfloat16)" in card.words


@pytest.mark.parametrize("rests_on", [-1, 0, 907, 5000])
def test_a_count_that_can_be_none_is_not_told(page, evaluation, rests_on):
    evaluation.open(RUN, msgspec.structs.replace(SUMMARY, rests_on=rests_on, train_images=906))
    assert not part(page, MessageCard, "results_rests_on").isVisible()


def words_on(page):
    return {label.text() for label in page.findChildren(QLabel) if label.isVisible()}


def test_the_order_of_the_pictures_is_said_where_there_is_one(qtbot, judged):
    matrix = part(judged, ConfusionMatrix, "results_matrix")
    orders = {
        "most certain first",
        "least certain first",
        "missed first, then false alarms",
        "No mistakes here.",
        "No pictures here.",
    }
    for cell, said in (
        ((1, 0), {"most certain first"}),
        ((0, 0), {"least certain first"}),
        ((2, 2), set()),  # a single picture
        ((0, 2), {"No mistakes here."}),
    ):
        matrix.choose(*cell)
        assert words_on(judged) & orders == said, cell
    click(qtbot, judged, "results_show_classes")
    assert words_on(judged) & orders == {"missed first, then false alarms"}


def test_what_is_looked_at_is_said_over_it(qtbot, judged):
    both = {"Predicted vs. actual", "Results by class"}
    assert words_on(judged) & both == {"Predicted vs. actual"}
    click(qtbot, judged, "results_show_classes")
    assert words_on(judged) & both == {"Results by class"}
    click(qtbot, judged, "results_show_matrix")
    assert words_on(judged) & both == {"Predicted vs. actual"}


@pytest.mark.parametrize("view", ["results_show_matrix", "results_show_classes"])
def test_in_the_narrowest_window_no_heading_is_shortened(view, qtbot, judged):
    judged.resize(LEAST.width() - rail.LEAST_WIDTH, LEAST.height())
    click(qtbot, judged, view)
    judged.grab()
    labels = [one for one in judged.findChildren(ElidedLabel) if one.isVisible()]
    headings = [one for one in labels if one.objectName() != "results_pictures_title"]  # of names, as long as they are
    assert {"Weakest class", "Top mistake"} <= {one.text() for one in headings}
    assert [one.text() for one in headings if one.toolTip()] == []  # which only has what there was no room for


def test_a_class_without_pictures_and_one_with_a_single_one(page, evaluation, fake):
    few = [one for one in rubbish() if one.path == "/p/trash/wrong.jpg"]
    evaluation.open(RUN, SUMMARY)
    say(fake.job, few, evaluated(few, CLASSES))
    assert figure(page, "results_accuracy") == "Accuracy: 0 of 1 correct, but too few to tell"
    assert figure(page, "results_weakest") == "Weakest class: trash 0 of 1 found"
    assert figure(page, "results_most_mixed_up") == "Top mistake: trash → plastic once"
    assert title_of_pictures(page) == "1 of 1 trash predicted as plastic"
    part(page, ConfusionMatrix, "results_matrix").choose(0, 0)
    assert title_of_pictures(page) == "0 of 0 glass correct" and shown_pictures(page) == []
    assert "No pictures here." in words_on(page)


def test_what_is_told_of_files_is_told_of_the_first_twenty_and_forgotten_with_the_next_model(page, evaluation, fake):
    gone = tuple(LeftOut(f"/p/{n:02d}.jpg", "missing", reason="It is not there any more.") for n in range(30))
    evaluation.open(RUN, SUMMARY)
    say(fake.job, rubbish(), msgspec.structs.replace(evaluated(rubbish(), CLASSES), left_out=gone))
    told = part(page, QLabel, "results_left_out")
    assert (
        told.text().startswith("30 pictures were skipped")
        and "/p/19.jpg" in told.toolTip()
        and "/p/20.jpg" not in told.toolTip()
    )
    evaluation.open("/runs/other", None)
    assert not told.isVisible()
    assert figure(page, "results_accuracy") == "Accuracy: –" and figure(page, "results_weakest") == "Weakest class: –"
