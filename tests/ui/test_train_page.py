"""Watching a training, from recorded events: figures, phases, plots, the log, stopping and failing."""

import re

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QPlainTextEdit, QProgressBar, QPushButton, QWidget

from tests.recordings import QUICK, TUTORIAL, recording
from tests.ui.engines import FakeEngine, without_end
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Finished, Phase, PhaseStarted, Progress
from xception_gui.domain.messages.dataset import DatasetSplit
from xception_gui.domain.messages.models import ReadLogRequest, RunSummary, TrainingLogResult
from xception_gui.domain.messages.training import (
    BatchFinished,
    EpochFinished,
    LearningOutlook,
    Notice,
    NoticeCode,
    TrainRequest,
    TrainResult,
)
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.ui.kit import texts
from xception_gui.ui.kit.cards import FigureCard
from xception_gui.ui.kit.message_card import MessageCard
from xception_gui.ui.models.training import Training
from xception_gui.ui.plots.curve_plot import CurvePlot
from xception_gui.ui.plots.plot_data import Quantity, curves_of
from xception_gui.ui.train.past_training import PastTraining
from xception_gui.ui.train.train_page import TrainPage

FINE_TUNE = TrainRequest("/home/ada/pets", "/home/ada/models/pets", make_recipe(Preset.FINE_TUNE, epochs=3))


class Watched:
    """The page, and the engine that trains."""

    def __init__(self, qtbot, parent) -> None:
        self.qtbot = qtbot
        self.engine = FakeEngine()
        self.training = Training(self.engine.client, parent)
        self.viewer = FakeEngine()
        self.past = PastTraining(self.viewer.client, parent)
        self.page = TrainPage(self.training, self.past)
        qtbot.addWidget(self.page)
        self.page.resize(1000, 760)
        with qtbot.waitExposed(self.page):
            self.page.show()

    def start(self, request, *events) -> None:
        self.training.start(request)
        self.say(*events)

    def say(self, *events) -> None:
        """Report, and have it shown."""
        self.engine.job.say(*events)
        self.training.changed.emit()  # which comes by itself a moment later
        QApplication.processEvents()

    def part(self, kind, name):
        found = self.page.findChild(kind, name)
        assert found is not None, f"There is no {name}"
        return found

    def click(self, name) -> None:
        wanted = self.part(QWidget, name)
        assert wanted.isVisible(), f"{name} can't be seen"
        self.qtbot.mouseClick(wanted, Qt.MouseButton.LeftButton)

    def is_shown(self, name) -> bool:
        return self.part(QWidget, name).isVisible()

    def figure(self, name) -> str:
        """What a card says below its name."""
        return self.part(FigureCard, name).accessibleName().partition(": ")[2]

    @property
    def title(self) -> tuple[str, str]:
        return tuple(label.text() for label in self.page.findChildren(QLabel)[:2])

    def words(self, name) -> str:
        return self.part(QLabel, name).text()


@pytest.fixture
def watched(qtbot, qapp):
    made = Watched(qtbot, qapp)
    yield made
    if made.training.is_running:
        made.engine.job.be_stopped()


def test_before_the_first_training_it_says_how_to_begin(qtbot, watched):
    assert watched.is_shown("train_empty") and not watched.is_shown("train_progress")
    with qtbot.waitSignal(watched.page.new_model_wanted):
        watched.click("train_new_model")


def test_the_phases_of_quick(watched):
    watched.start(QUICK)
    assert watched.title == ("Training “quick”", "Quick")
    assert watched.words("train_phase") == "Starting…"
    said = []
    for event in recording("quick")[:-1]:
        watched.say(event)
        said.append(re.sub(r"\d+ of", "n of", watched.words("train_phase")))
    assert list(dict.fromkeys(said)) == [
        "Checking the pictures · n of 25",
        "Reading the pictures · n of 24",
        "Learning the classes…",
    ]
    assert watched.title[1] == "Quick · 24 pictures, 2 classes"
    assert watched.is_shown("train_stop") and not watched.is_shown("train_results")


def test_quick_learns_while_it_reads(watched):
    events = recording("quick")
    first_fit = next(number for number, event in enumerate(events) if isinstance(event, EpochFinished))
    watched.start(QUICK, *events[: first_fit + 2])
    assert watched.figure("train_accuracy") == "4 of 4 preliminary"
    assert watched.figure("train_loss") == "0.000 preliminary"
    assert watched.part(FigureCard, "train_best").accessibleName() == "Trained on: 4 pictures"
    assert watched.figure("train_speed").startswith("6.4 ")
    bar = watched.part(QProgressBar, "train_progress")
    assert (bar.value(), bar.maximum()) == (9, 24)
    assert "about" in watched.words("train_time_left")


def test_quick_has_learned(watched):
    watched.start(QUICK, *recording("quick"))
    assert watched.title[0] == "“quick” is ready"
    assert watched.words("train_phase") == "Finished in 5 s."
    assert watched.figure("train_loss") == "0.000 on validation pictures"
    assert watched.words("train_time_left") == ""
    bar = watched.part(QProgressBar, "train_progress")
    assert bar.value() == bar.maximum() > 0
    assert not watched.is_shown("train_stop")
    assert not watched.is_shown("train_failure")


def test_what_has_learned_can_be_used(qtbot, watched):
    watched.start(QUICK, *recording("quick"))
    for name, wanted in (
        ("train_results", watched.page.results_wanted),
        ("train_predict", watched.page.predict_wanted),
    ):
        with qtbot.waitSignal(wanted) as asked:
            watched.click(name)
        assert asked.args == [QUICK.out]


def test_a_training_of_the_network_says_epoch_step_and_speed(watched):
    events = recording("tutorial")
    steps = [number for number, event in enumerate(events) if isinstance(event, BatchFinished)]
    watched.start(TUTORIAL, *events[: steps[6] + 1])
    assert watched.words("train_phase") == "Epoch 2 · batch 2 of 5"
    assert watched.title[1] == "Tutorial · epoch 2 of 3 · 24 pictures, 2 classes"
    assert watched.figure("train_accuracy") == "2 of 4 too few to tell"
    assert watched.part(FigureCard, "train_best").accessibleName() == "Best so far: epoch 1 2 of 4"
    assert watched.figure("train_speed") == "12.7 pictures/s"


def test_the_start_of_a_fine_tuning_is_a_model_too(watched):
    start = EpochFinished(0, 0, None, None, 0.3, 0.9, None, 1.0, True)
    watched.start(FINE_TUNE, DatasetSplit(80, 20, 0), PhaseStarted(Phase.TRAINING, 240), start)
    assert watched.figure("train_best") == "Quick before fine-tuning"
    watched.say(EpochFinished(1, 80, 0.2, 0.95, 0.2, 0.95, 1e-5, 9.0, True))
    assert watched.figure("train_best") == "epoch 1 95.0 %"
    watched.say(EpochFinished(2, 80, 0.1, 0.99, 0.25, 0.96, 1e-5, 9.0, False))
    assert watched.figure("train_best") == "epoch 1 95.0 %"
    assert watched.figure("train_accuracy") == "96.0 % on validation pictures"


@pytest.mark.parametrize(("kept", "best"), [(False, "epoch 1 of 2"), (True, "Quick before fine-tuning")])
def test_at_the_end_the_best_is_what_was_kept_whatever_the_loss(kept, best, watched):
    """Few validation pictures can't tell which has the lower loss."""
    start = EpochFinished(0, 0, None, None, 0.19, 0.9, None, 1.0, True)
    watched.start(FINE_TUNE, DatasetSplit(80, 20, 0), PhaseStarted(Phase.TRAINING, 240), start)
    watched.say(EpochFinished(1, 80, 0.2, 0.95, 0.2, 0.95, 1e-5, 9.0, True))
    watched.say(EpochFinished(2, 80, 0.1, 0.99, 0.25, 0.96, 1e-5, 9.0, False))
    assert watched.figure("train_best") == "Quick before fine-tuning"
    notices = [Notice(NoticeCode.QUICK_KEPT)] if kept else []
    result = TrainResult(FINE_TUNE.out, "fine-tune", ("a", "b"), 80, 20, 0.97, 0.18, 2, 60.0, False)
    watched.say(*notices, Finished(result))
    assert watched.figure("train_best") == best


def test_an_accuracy_on_few_pictures_is_a_count_as_on_all_pages(watched):
    watched.start(FINE_TUNE, DatasetSplit(70, 18, 0), PhaseStarted(Phase.TRAINING, 210))
    watched.say(EpochFinished(1, 70, 0.2, 0.95, 0.2, 1.0, 1e-5, 9.0, True))
    assert watched.figure("train_accuracy") == "18 of 18 too few to tell"
    assert watched.figure("train_best") == "epoch 1 18 of 18"
    assert "validation accuracy 18 of 18, log loss 0.200" in watched.words("train_last_line")


def test_the_memory_is_read(watched):
    watched.engine.used = 1_500_000_000
    watched.start(QUICK)
    assert watched.figure("train_memory").startswith("1.5 GB of ")
    watched.engine.used = 2_000_000_000
    watched.page._figures._readings.timeout.emit()  # as it does once a second
    assert watched.figure("train_memory").startswith("2.0 GB of ") and watched.page._figures._readings.isActive()
    watched.engine.job.be_stopped()
    assert watched.figure("train_memory").startswith("–") and not watched.page._figures._readings.isActive()


def test_stopping_keeps_the_best_and_says_so(watched):
    watched.start(TUTORIAL, *recording("tutorial")[:20])
    watched.click("train_stop")
    assert watched.engine.job.stop_asked
    assert "keeping the best model" in watched.words("train_phase")
    assert not watched.part(QPushButton, "train_stop").isEnabled()
    watched.engine.job.be_stopped(replace(recording("tutorial")[-1].result, stopped=True))
    assert watched.title[0] == "Training “tutorial” was stopped"
    assert watched.words("train_phase") == "Stopped after 27 s. The best model was kept."
    assert watched.is_shown("train_results")


def test_stopping_before_there_is_a_model_keeps_nothing_and_says_so(watched):
    watched.start(TUTORIAL, *recording("tutorial")[:7])
    watched.click("train_stop")
    watched.engine.job.be_stopped()
    assert watched.title[0] == "Training “tutorial” was stopped"
    assert watched.words("train_phase") == "Stopped before there was a model to keep."
    assert not watched.is_shown("train_results") and not watched.is_shown("train_predict")


def test_a_failure_says_what_to_do_and_can_be_tried_again(watched):
    watched.start(TUTORIAL, *recording("tutorial")[:12])
    watched.engine.job.fail(ErrorCode.TRAINING_DIVERGED, learning_rate="0.001")
    card = watched.part(MessageCard, "train_failure")
    assert card.isVisible()
    assert "unstable" in card.words and "0.001" in card.words and "lower learning rate" in card.words
    assert watched.title[0] == "Training “tutorial” failed"
    assert watched.words("train_phase") == "Training failed."
    watched.click("train_again")
    assert watched.engine.job.request == TUTORIAL and len(watched.engine.jobs) == 2
    assert not card.isVisible()
    assert watched.words("train_phase") == "Starting…"
    assert watched.figure("train_accuracy").startswith("–")


def test_a_failure_after_hours_has_its_room_in_a_small_window(watched):
    watched.page.resize(760, 600)
    watched.start(TUTORIAL, *without_end(recording("tutorial")))
    watched.engine.job.fail(ErrorCode.ENGINE_DIED, found="It was ended by force. " * 6, log="the last line")
    QApplication.processEvents()
    for name in ("train_again", "train_copy_details", "train_failure_why", "train_loss_card"):
        part = watched.part(QWidget, name)
        assert part.isVisible() and part.height() >= part.minimumSizeHint().height(), name
    watched.click("train_copy_details")
    assert QApplication.clipboard().text().endswith("the last line\n")


def test_the_log_can_be_opened_and_copied(watched):
    watched.start(TUTORIAL, *recording("tutorial"))
    assert not watched.is_shown("train_log")
    assert watched.words("train_last_line").endswith("Model saved: validation accuracy 2 of 4, log loss 0.693.")
    watched.click("train_show_log")
    lines = watched.part(QPlainTextEdit, "train_log").toPlainText().splitlines()
    assert len(lines) == 12
    assert all(re.match(r"\d\d:\d\d:\d\d  \S", line) for line in lines)
    watched.click("train_copy_log")
    assert QApplication.clipboard().text().splitlines() == lines
    watched.click("train_show_log")
    assert not watched.is_shown("train_log")


def test_the_details_of_a_failure_can_be_copied(watched):
    watched.start(QUICK, *recording("quick")[:5])
    watched.engine.job.fail(ErrorCode.OUT_OF_MEMORY, memory="2 GB")
    watched.click("train_copy_details")
    copied = QApplication.clipboard().text()
    assert "Checking the pictures (25)" in copied and "There is not enough memory" in copied and "2 GB" in copied


def test_the_log_of_another_training_begins_anew(watched):
    watched.start(TUTORIAL, *recording("tutorial"))
    watched.start(QUICK, *recording("quick")[:5])
    log = watched.part(QPlainTextEdit, "train_log").toPlainText()
    assert "random weights" not in log and len(log.splitlines()) == 3


def curves(watched, quantity):
    plot = watched.part(CurvePlot, f"train_{quantity}_plot")
    return plot._curves, plot._by_batch


def test_both_plots_show_all_that_was_told(watched):
    watched.start(TUTORIAL, *recording("tutorial"))
    loss, by_batch = curves(watched, "loss")
    assert len(loss.batches) == 15 and len(loss.validation) == 3 and loss.best == 3 and by_batch
    accuracy, _ = curves(watched, "accuracy")
    assert [y for _, y in accuracy.validation] == [0.5] * 3


def test_the_plot_shows_batches_or_epochs_as_chosen(watched):
    watched.start(TUTORIAL, *recording("tutorial"))
    watched.click("train_by_batch")
    assert not curves(watched, "loss")[1]
    watched.click("train_log_scale")
    assert watched.part(CurvePlot, "train_loss_plot")._plot.getPlotItem().ctrl.logYCheck.isChecked()
    assert not watched.part(CurvePlot, "train_accuracy_plot")._plot.getPlotItem().ctrl.logYCheck.isChecked()


def test_quick_has_no_batches_to_choose(watched):
    watched.start(QUICK, *recording("quick"))
    assert not watched.part(QCheckBox, "train_by_batch").isVisible()


@pytest.mark.parametrize("name", ["loss", "accuracy"])
def test_a_plot_can_be_saved(qtbot, watched, name):
    watched.start(TUTORIAL, *recording("tutorial"))
    with qtbot.waitSignal(watched.page.plot_wanted) as asked:
        watched.click(f"train_{name}_save")
    assert asked.args == [name]
    assert watched.page.plot(Quantity(name)) is watched.part(CurvePlot, f"train_{name}_plot")


def test_a_page_that_was_out_of_sight_shows_the_present_when_it_is_seen_again(watched):
    watched.start(QUICK, *recording("quick")[:3])
    watched.page.hide()
    watched.say(PhaseStarted(Phase.EMBEDDING, 24), Progress(Phase.EMBEDDING, 12, 24, 2.0))
    watched.page.show()
    assert watched.words("train_phase") == "Reading the pictures · 12 of 24"


def test_what_was_done_unasked_stays_in_sight_and_the_precision_stands_in_the_log(watched):
    precision = Notice(NoticeCode.PRECISION, text="The training computes in bfloat16.")
    watched.start(FINE_TUNE, precision)
    assert not watched.is_shown("train_notice")
    watched.say(Notice(NoticeCode.BATCH_HALVED, text="A batch of 16 pictures doesn't fit in memory."))
    assert watched.is_shown("train_notice")
    said = [label.text() for label in watched.part(QWidget, "train_notice").findChildren(QLabel)]
    assert any("doesn't fit" in text for text in said) and not any("bfloat16" in text for text in said)
    assert "bfloat16" in watched.part(QPlainTextEdit, "train_log").toPlainText()


@pytest.mark.parametrize(
    ("code", "tone"),
    [
        (NoticeCode.QUICK_KEPT, "news"),
        (NoticeCode.FULL_SIZE, "news"),
        (NoticeCode.FORECAST, "news"),
        (NoticeCode.STOPPED_EARLY, "news"),
        (NoticeCode.RESUMED, "news"),
        (NoticeCode.NOT_SAVED, "notice"),
        (NoticeCode.DIVERGED, "notice"),
    ],
)
def test_only_what_is_a_warning_has_the_colour_of_one(watched, code, tone):
    watched.start(FINE_TUNE, Notice(NoticeCode.PRECISION, text="bfloat16"), Notice(code, text="This has happened."))
    assert watched.part(MessageCard, "train_notice").property("role") == tone


def test_a_warning_among_news_is_seen_as_one(watched):
    watched.start(FINE_TUNE, Notice(NoticeCode.NOT_SAVED, text="A warning."), Notice(NoticeCode.RESUMED, text="News."))
    assert watched.part(MessageCard, "train_notice").property("role") == "notice"


def test_the_bar_follows_the_pictures_through_a_halved_batch_and_no_pace_is_shown_before_it_is_known(watched):
    watched.start(FINE_TUNE, PhaseStarted(Phase.TRAINING, 240))
    watched.say(BatchFinished(1, 1, 5, 3, 0.5, 0.75, 0.0, images=16, epoch_images=80))
    assert watched.figure("train_speed").startswith("–")
    assert watched.part(QProgressBar, "train_progress").value() == 16
    watched.say(BatchFinished(1, 2, 9, 3, 0.5, 0.75, 4.0, images=24, epoch_images=80))
    assert watched.figure("train_speed").startswith("4.0")
    assert watched.part(QProgressBar, "train_progress").value() == 24


def test_a_failure_is_gone_on_with_where_steps_were_made_and_begun_again_where_none_were(watched):
    events = recording("tutorial")
    first = next(number for number, event in enumerate(events) if isinstance(event, BatchFinished))
    for count, words in ((first, "Try again"), (first + 1, "Resume")):
        watched.start(TUTORIAL, *events[:count])
        watched.engine.job.fail(ErrorCode.OUT_OF_MEMORY, memory="2 GB")
        again = watched.part(QPushButton, "train_again")
        assert again.text() == again.accessibleName() == words
        assert not watched.is_shown("train_progress") and not watched.is_shown("train_accuracy")


def test_what_more_pictures_would_bring_is_said_of_a_whole_training_alone(watched):
    foretold = LearningOutlook(20, 0.91, 40, 0.92, 0.94, None)
    for stopped, is_said in ((False, True), (True, False)):
        watched.start(QUICK, *without_end(recording("quick")), foretold)
        assert not watched.is_shown("train_notice")  # it isn't over
        result = replace(recording("quick")[-1].result, stopped=stopped)
        (watched.engine.job.be_stopped if stopped else watched.engine.job.finish)(result)
        assert watched.is_shown("train_notice") == is_said


def test_time_left_is_said_no_more_once_it_stops(watched):
    events = recording("tutorial")
    steps = [number for number, event in enumerate(events) if isinstance(event, BatchFinished)]
    watched.start(TUTORIAL, *events[: steps[9] + 1])
    assert watched.words("train_time_left").endswith(" left")
    watched.click("train_stop")
    assert watched.words("train_time_left") == ""


def test_a_fast_machine_is_told_without_fractions(watched):
    watched.start(FINE_TUNE, PhaseStarted(Phase.TRAINING, 240))
    for speed, words in ((99.94, "99.9 pictures/s"), (100.2, "100 pictures/s"), (12_345.6, "12346 pictures/s")):
        watched.say(BatchFinished(1, 1, 5, 3, 0.5, 0.75, speed, images=16, epoch_images=80))
        assert watched.figure("train_speed") == words


def test_the_log_that_is_shown_goes_on_line_by_line(watched):
    watched.start(TUTORIAL, *recording("tutorial")[:3])
    watched.click("train_show_log")
    log = watched.part(QPlainTextEdit, "train_log")
    before = log.toPlainText().splitlines()
    watched.say(Notice(NoticeCode.BATCH_HALVED, text="A batch of 16 pictures doesn't fit in memory."))
    lines = log.toPlainText().splitlines()
    assert lines[:-1] == before and lines[-1].endswith("doesn't fit in memory.")
    assert watched.words("train_last_line").split() == lines[-1].split()


def test_one_epoch_with_everything_right(watched):
    one = replace(make_recipe(Preset.FINE_TUNE, epochs=1), seed=1)
    watched.start(TrainRequest("/p", "/models/一只猫", one), DatasetSplit(1, 1, 0), PhaseStarted(Phase.TRAINING, 1))
    watched.say(BatchFinished(1, 1, 1, 1, 0.0, 1.0, 0.0, images=1, epoch_images=1))
    watched.say(EpochFinished(1, 1, 0.0, 1.0, 0.0, 1.0, 1e-5, 9.0, True))
    assert watched.title == ("Training “一只猫”", "Fine-tune · epoch 1 of 1 · 2 pictures")
    assert watched.figure("train_accuracy") == "1 of 1 too few to tell"
    assert watched.figure("train_best") == "epoch 1 1 of 1"
    loss, _ = curves(watched, "loss")
    assert loss.end == 1 and loss.validation == ((1, 0.0),) and loss.best == 1


# --- A training that is long over -------------------------------------------------------------------------------------

LONG_AGO = RunSummary(
    "/home/ada/models/tutorial",
    1000,
    status="finished",
    preset="tutorial",
    classes=("cats", "dogs"),
    train_images=20,
    val_images=4,
    val_accuracy=0.75,
    val_log_loss=0.5,
    created="2025-11-23T10:00:00+01:00",
    dataset="/home/ada/pictures",
)


def tell(watched, *events):
    """Answer what the log was asked for."""
    watched.viewer.job.say(*events)
    watched.viewer.job.finish(TrainingLogResult("/home/ada/pictures", TUTORIAL.recipe, 75.0))
    QApplication.processEvents()


def test_how_a_model_was_trained_is_shown_at_once_and_its_curves_a_moment_later(watched):
    watched.past.show(LONG_AGO)
    assert watched.viewer.job.request == ReadLogRequest(LONG_AGO.path)
    assert watched.page._title.text() == "“tutorial” is ready"
    assert watched.part(FigureCard, "train_accuracy").figure == "3 of 4"
    tell(watched, *without_end(recording("tutorial")))
    told = watched.page.state
    watched.training.start(TUTORIAL)
    watched.engine.job.say(*recording("tutorial"))
    for quantity in Quantity:
        assert curves_of(told, quantity) == curves_of(watched.training.state, quantity)
    assert watched.page._plots[Quantity.LOSS]._curves == curves_of(told, Quantity.LOSS)
    assert "24" in watched.page._subtitle.text() and told.result.seconds == 75.0


def test_the_best_epoch_of_a_model_is_told_as_at_the_end_of_its_training(watched):
    """Without the epoch's accuracy, which is that of the network before its head was fitted again."""
    watched.past.show(LONG_AGO)
    tell(watched, *without_end(recording("tutorial")))
    later = watched.part(FigureCard, "train_best").accessibleName()
    watched.past.show(None)
    watched.start(TUTORIAL, *recording("tutorial"))
    assert later == watched.part(FigureCard, "train_best").accessibleName()
    assert later.endswith("of 3")


def test_a_quick_model_without_a_log_says_what_it_was_trained_on(watched):
    """Such as the one that a fine-tuned model keeps."""
    watched.past.show(replace(LONG_AGO, preset="quick"))
    watched.viewer.job.finish(TrainingLogResult("/home/ada/pictures", QUICK.recipe, 1.0))
    assert watched.part(FigureCard, "train_best").accessibleName() == "Trained on: 20 pictures"


def test_a_training_of_which_nothing_was_written_down_has_its_figures(watched):
    watched.past.show(replace(LONG_AGO, status="stopped", created="long ago"))
    watched.viewer.job.fail(ErrorCode.RUN_DAMAGED, path="/home", file="run.json", found="nothing")
    assert watched.page._title.text() == "Training “tutorial” was stopped"
    assert watched.part(FigureCard, "train_loss").figure == texts.loss(0.5)
    assert not watched.is_shown("train_stop") and watched.is_shown("train_results")


def test_the_log_of_long_ago_has_no_times_that_nobody_knows(watched):
    watched.past.show(LONG_AGO)
    tell(watched, *without_end(recording("tutorial")))
    watched.click("train_copy_log")
    copied = QApplication.clipboard().text().splitlines()
    assert len(copied) > 5 and not [line for line in copied if re.match(r"\d+:\d\d", line)]


def test_a_training_that_runs_or_has_failed_is_shown_before_any_other(watched):
    watched.past.show(LONG_AGO)
    watched.start(QUICK)
    assert watched.page._title.text() == "Training “quick”"
    watched.engine.job.fail(ErrorCode.DATASET_NOT_FOUND, path="/gone")
    assert watched.page._title.text() == "Training “quick” failed"
    watched.start(QUICK, *recording("quick"))
    assert watched.page._title.text() == "“tutorial” is ready"  # until the new one is the current model
    watched.past.show(None)
    assert watched.page._title.text() == "“quick” is ready"


def test_what_was_asked_of_a_model_is_not_shown_of_the_next(watched):
    watched.past.show(LONG_AGO)
    late = watched.viewer.job
    watched.past.show(replace(LONG_AGO, path="/home/ada/models/other"))
    assert late.stop_asked
    late.say(*without_end(recording("tutorial")))
    late.finish(TrainingLogResult("/home/ada/pictures", TUTORIAL.recipe, 75.0))
    assert watched.page.state.run == "/home/ada/models/other" and watched.page.state.epochs == ()
