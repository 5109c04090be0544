"""How the parts of the window are connected: what is wanted on a page is done by whoever does it, and shown.

The whole window, with engines and a desktop that are played by the test; stories for each connection of `app.py`.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QLocale, QMimeData, QObject, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QDragEnterEvent, QDragLeaveEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLabel, QMessageBox, QProgressBar, QRadioButton

from tests.recordings import QUICK, TUTORIAL, recording
from tests.ui.desktop import FakeDesktop, FakeSleep
from tests.ui.engines import FakeEngine, FakeJob, without_end
from tests.ui.evaluated import CLASSES, evaluated, rubbish, say
from tests.ui.predicted import report, said
from tests.ui.program import drop, find, press
from tests.ui.test_start_page import BROKEN, GOOD, INTERRUPTED, MOVED, run
from tests.ui.whole_window import FakeEngines, job_of, settle, whole_window
from tests.ui.wizard import PETS, QUICK_SPEED, checked
from xception_gui import app as composition
from xception_gui.app import Program
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.export_formats import ExportFormat
from xception_gui.domain.messages.base import Message, Phase, PhaseStarted, Progress
from xception_gui.domain.messages.dataset import (
    CheckRequest,
    DrawSamplesRequest,
    EmbedRequest,
    PreviewAugmentationRequest,
    PreviewReady,
    PreviewRequest,
    PreviewResult,
    SamplesResult,
)
from xception_gui.domain.messages.exporting import ExportRequest, ExportResult
from xception_gui.domain.messages.machine import (
    CacheRequest,
    CacheResult,
    ChooseRuntimeRequest,
    MeasureSpeedRequest,
    RuntimeResult,
    SpeedResult,
)
from xception_gui.domain.messages.models import (
    AddModelRequest,
    AddModelResult,
    ListRunsRequest,
    LocateDatasetRequest,
    LocateDatasetResult,
    ReadLogRequest,
    RenameRunRequest,
    RenameRunResult,
    RunsResult,
    RunSummary,
    SeparateQuickRequest,
    SeparateQuickResult,
    ShareModelRequest,
    ShareModelResult,
)
from xception_gui.domain.messages.training import EpochFinished, ResumeRequest, TrainRequest
from xception_gui.domain.messages.using import EvaluateRequest, PredictRequest
from xception_gui.domain.recipe import Preset
from xception_gui.domain.runtime import LITERT
from xception_gui.ui.dataset.class_list import ClassList, columns_of
from xception_gui.ui.dataset.feature import DATA
from xception_gui.ui.desktop import file_dialogs
from xception_gui.ui.desktop.file_dialogs import Purpose
from xception_gui.ui.engines.silence import SilenceQuestion
from xception_gui.ui.export.feature import EXPORT
from xception_gui.ui.features import FEATURES
from xception_gui.ui.framework.navigator import Command
from xception_gui.ui.kit import texts
from xception_gui.ui.kit.labels import ElidedLabel
from xception_gui.ui.kit.screens import first_size
from xception_gui.ui.pictures import pasted_pictures
from xception_gui.ui.predict.feature import PREDICT
from xception_gui.ui.results.feature import RESULTS
from xception_gui.ui.shell.closing import ClosingQuestion
from xception_gui.ui.shell.incoming import Incoming
from xception_gui.ui.shell.status import running_jobs
from xception_gui.ui.start.feature import START
from xception_gui.ui.train import feature as training
from xception_gui.ui.train.feature import TRAIN

pytestmark = pytest.mark.usefixtures("undressed")

OTHER = run("cars", classes=("bus", "car"), created="2025-11-23T10:00:00+01:00")


@pytest.fixture
def desktop(monkeypatch):
    return FakeDesktop(monkeypatch)


@pytest.fixture
def program(qapp, settings, monkeypatch, desktop):
    """The window, in which nothing is put off to a later moment."""
    for later in ("MILLISECONDS_UNTIL_WATCHED", "MILLISECONDS_UNTIL_AWAKE"):
        monkeypatch.setattr(training, later, 0)
    with whole_window(qapp, settings, monkeypatch) as made:
        made[TRAIN].sleep = FakeSleep()
        yield made


NEED_SOMETHING = (
    *("stop", "copy_log", "save_loss", "save_accuracy"),
    *("share_model", "results", "export", "show_model", "save_table", "clear"),
)


def test_before_there_is_anything_nothing_can_be_done_with_it(program):
    assert can(program, *NEED_SOMETHING) == set()


@pytest.fixture
def listed(program):
    """The window, with models in its list."""
    show_models(program, GOOD, OTHER, INTERRUPTED, MOVED)
    return program


def show_models(program: Program, *runs: RunSummary) -> None:
    program.services.models.refresh()
    while program.services.models.is_listing:  # a list that was asked for before is asked for anew
        answer(program.engines.viewer, ListRunsRequest, RunsResult(runs))
    settle()


def answer(engine: FakeEngine, kind: type[Message], result: Message) -> None:
    """End the last job of a kind well."""
    job_of(engine, kind).finish(result)


def model(program: Program) -> str | None:
    """The model that predicts."""
    return program[PREDICT].queue.model.path if program[PREDICT].queue.model is not None else None


def trigger(program: Program, name: str) -> None:
    """Choose an entry of a menu that can be chosen."""
    action = program.window.findChild(QAction, name)
    assert action is not None and action.isEnabled(), name
    action.trigger()


def can(program: Program, *names: str) -> set[str]:
    """Which of the menus' actions can be chosen."""
    return {name for name in names if program.window.findChild(QAction, f"action_{name}").isEnabled()}


def jobs_shown(program: Program) -> list[tuple[str, int, int]]:
    """What the rail says is going on: words, done, of how many."""
    lines = [find(program, f"status_job_{number}") for number in (1, 2, 3)]
    shown = [(line.findChild(QLabel).text(), line.findChild(QProgressBar)) for line in lines if line.isVisible()]
    return [(words, bar.value(), bar.maximum()) for words, bar in shown]


def train(program: Program, request: TrainRequest = QUICK) -> None:
    """Train to the end."""
    program.services.training.start(request)
    name = Path(request.out).name
    program.engines.trainer.job.say(*recording(name))


def predict_some(program: Program, *names: str) -> None:
    """Predict with the first model to the end."""
    program.navigator.predict_with(GOOD.path)
    paths = [f"/p/{name}.jpg" for name in names or ("1", "2")]
    program.navigator.predict(paths)
    job = job_of(program.engines.predictor, PredictRequest)
    report(job, [said(path, "cats", 0.9, ("cats", "dogs")) for path in paths])
    job.be_stopped()


def evaluate(program: Program, path: str = GOOD.path) -> None:
    """Measure a model to the end."""
    program.navigator.show_results(path)
    say(job_of(program.engines.reader, EvaluateRequest), rubbish(), evaluated(rubbish(), CLASSES))


def box(program: Program, name: str) -> QMessageBox:
    return next(one for one in program.window.findChildren(QMessageBox, name) if one.isVisible())


def press_in_box(program: Program, name: str, button: str) -> None:
    next(one for one in box(program, name).buttons() if one.objectName() == button).click()


# --- A new model --------------------------------------------------------------------------------------------------


def test_a_folder_of_pictures_is_chosen_wherever_it_can_be(program, desktop):
    for name, page in (("start_choose", "start"), ("data_choose", "data"), ("check_another_folder", "data")):
        program.window.show_page(page)
        if name == "data_choose":
            program[DATA].page.go_to(0)
        if name == "check_another_folder":
            job_of(program.engines.reader, CheckRequest).fail(ErrorCode.DATASET_NOT_FOUND, path=PETS)
        press(program, name)
        assert program.window.page == "data"
        assert job_of(program.engines.reader, CheckRequest).request == CheckRequest("/chosen/dataset")
    trigger(program, "action_new_model")
    assert program.engines.reader.requests(CheckRequest) == [CheckRequest("/chosen/dataset")] * 4
    assert desktop.asked == [Purpose.DATASET] * 4


def test_who_chooses_nothing_begins_nothing(program, desktop):
    desktop.answers[Purpose.DATASET] = None
    press(program, "start_choose")
    assert program.window.page == "start" and program.engines.reader.jobs == []


def test_sample_pictures_are_drawn_once_and_learned_from(program, desktop):
    press(program, "start_samples")
    assert program.window.page == "data" and "Drawing sample pictures" in find(program, "check_progress_words").text()
    program.engines.reader.job.say(PhaseStarted(Phase.DRAWING, 300), Progress(Phase.DRAWING, 60, 300, 1.0))
    assert find(program, "check_progress_words").text() == "Drawing sample pictures: 60 of 300"
    assert jobs_shown(program) == [("Drawing sample pictures", 60, 300)]
    trigger(program, "action_samples")  # they are on their way
    (drawing,) = program.engines.reader.jobs
    assert isinstance(drawing.request, DrawSamplesRequest)
    drawing.finish(SamplesResult("/samples/learn", "/samples/new"))
    assert program.engines.reader.job.request == CheckRequest("/samples/learn")
    assert find(program, "start_name").text() == "learn"
    program.engines.reader.job.fail(ErrorCode.DATASET_NOT_FOUND, path="/samples/learn")
    assert jobs_shown(program) == []
    program[DATA].page.go_to(0)
    press(program, "data_samples")
    program.engines.reader.job.fail(ErrorCode.CANNOT_WRITE, path="/samples", found="read-only")
    assert "/samples" in find(program, "check_failure_what").text() + find(program, "check_failure_why").text()
    assert jobs_shown(program) == []
    press(program, "check_again")
    assert len(program.engines.reader.requests(DrawSamplesRequest)) == 3
    program.navigator.open_dataset(PETS)  # instead
    assert jobs_shown(program) == [("Checking pictures", 0, 0)]


def test_the_pictures_of_a_class_open_from_the_check(program, qtbot):
    program.navigator.open_dataset(PETS)
    result = replace(checked(), samples={"cats": ("/p/cats/1.jpg", "/p/cats/2.jpg"), "dogs": ("/p/dogs/1.jpg",)})
    job_of(program.engines.reader, CheckRequest).finish(result)
    program.window.resize(1900, 900)
    settle()
    classes = program.window.findChild(ClassList)
    row = classes.visualRect(classes.model().index(0, 0))
    second = columns_of(row, 8).pictures[1].center()
    qtbot.mouseDClick(classes.viewport(), Qt.MouseButton.LeftButton, pos=second)
    assert program.services.viewer.isVisible() and program.services.viewer.shown_path == "/p/cats/2.jpg"
    assert find(program, "viewer_caption").text() == "/p/cats"
    program.services.viewer.close()
    qtbot.mouseDClick(classes.viewport(), Qt.MouseButton.LeftButton, pos=columns_of(row, 8).name.center())
    assert program.services.viewer.shown_path == "/p/cats/1.jpg"
    program.services.viewer.close()
    classes.setCurrentIndex(classes.model().index(1, 0))
    qtbot.keyClick(classes, Qt.Key.Key_Return)
    assert program.services.viewer.isVisible() and program.services.viewer.shown_path == "/p/dogs/1.jpg"
    program.services.viewer.close()


def test_enter_presses_what_the_keyboard_has_reached_and_the_keyboard_stays_in_the_page(program, desktop, qtbot):
    find(program, "start_choose").setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    job_of(program.engines.reader, CheckRequest).finish(checked())
    for _ in range(3):
        find(program, "data_next").setFocus()
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Enter)
    settle()
    assert program.engines.trainer.requests(TrainRequest) and program.window.page == "train"
    focused = QApplication.focusWidget()
    assert focused is program[TRAIN].page or program[TRAIN].page.isAncestorOf(focused)
    qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert program[TRAIN].page.isAncestorOf(QApplication.focusWidget())


LOOKS = {
    "a folder": lambda program: program.navigator.open_dataset(PETS),
    "sample pictures": lambda program: program.navigator.draw_samples(),
    "another check": lambda program: program[DATA].page.check_step.check_again_wanted.emit(),
    "an evaluation": lambda program: program[RESULTS].evaluate(GOOD),
    "a drop": lambda program: program.navigator.predict(["/p/broken.jpg"]),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_whenever_files_are_looked_at_anew_so_are_thumbnails_that_failed(program, qtbot, look):
    def asked_for() -> list[FakeJob]:
        jobs = [job for job in program.engines.viewer.jobs if isinstance(job.request, PreviewRequest)]
        return [job for job in jobs if "/p/broken.jpg" in job.request.paths]

    program.services.thumbnails.pixmap("/p/broken.jpg")
    qtbot.waitUntil(lambda: len(asked_for()) == 1)
    asked_for()[0].say(PreviewReady("/p/broken.jpg", None, "It is damaged."))
    asked_for()[0].finish(PreviewResult())
    assert program.services.thumbnails.has_failed("/p/broken.jpg")
    look(program)
    program.services.thumbnails.pixmap("/p/broken.jpg")
    qtbot.waitUntil(lambda: len(asked_for()) == 2)


@pytest.mark.parametrize("look", [LOOKS["a folder"], LOOKS["another check"]], ids=["a folder", "another check"])
def test_whenever_a_folder_is_looked_at_anew_so_is_what_augmentation_does_to_its_pictures(program, look):
    def asked_for_in_recipe() -> int:
        program[DATA].page.go_to(2)
        press(program, "recipe_fine_tune")
        return len(program.engines.viewer.requests(PreviewAugmentationRequest))

    program.navigator.open_dataset(PETS)
    job_of(program.engines.reader, CheckRequest).finish(checked())
    before = asked_for_in_recipe()
    assert before == asked_for_in_recipe() > 0  # the same is shown again
    program[DATA].page.go_to(1)
    look(program)
    job_of(program.engines.reader, CheckRequest).finish(checked())
    assert asked_for_in_recipe() == before + 1


def test_what_is_found_in_a_folder_is_shown_while_it_is_found(program):
    program.navigator.open_dataset(PETS)
    check = job_of(program.engines.reader, CheckRequest)
    assert jobs_shown(program) == [("Checking pictures", 0, 0)]
    check.say(PhaseStarted(Phase.CHECKING, 500), Progress(Phase.CHECKING, 120, 500, 1.0))
    assert jobs_shown(program) == [("Checking pictures", 120, 500)]
    check.finish(checked())
    reading = job_of(program.engines.reader, EmbedRequest)
    assert jobs_shown(program) == [("Reading pictures", 0, 0)]
    reading.say(PhaseStarted(Phase.EMBEDDING, 100), Progress(Phase.EMBEDDING, 30, 100, 1.0))
    assert jobs_shown(program) == [("Reading pictures", 30, 100)]
    reading.be_stopped()
    assert jobs_shown(program) == []


def test_a_check_that_failed_goes_on_no_more(program):
    program.navigator.open_dataset(PETS)
    job_of(program.engines.reader, CheckRequest).fail(ErrorCode.DATASET_NOT_FOUND, path=PETS)
    assert jobs_shown(program) == []


def test_from_the_wizard_to_a_training_that_goes_on_from_what_was_learned(program, desktop, tmp_path):
    desktop.answers[Purpose.MODEL_PLACE] = [tmp_path]
    program.navigator.open_dataset(PETS)
    job_of(program.engines.reader, CheckRequest).finish(checked())
    reading = job_of(program.engines.reader, EmbedRequest)
    reading.say(*(event for event in recording("quick") if isinstance(event, EpochFinished)))
    program[DATA].page.go_to(3)
    press(program, "start_change_place")
    assert find(program, "start_place").text() == str(tmp_path)
    press(program, "data_next")
    settle()
    (request,) = program.engines.trainer.requests(TrainRequest)
    assert request.dataset == PETS and request.out == str(tmp_path / "pets")
    assert reading.stop_asked and program.engines.trainer.recycled == 1
    assert len(program.services.training.state.epochs) == len(program[DATA].reading.state.epochs) > 0
    assert program.window.page == "train"


def test_a_training_of_the_network_finds_keras_loaded_and_its_own_weights(program, desktop):
    desktop.answers[Purpose.MODEL] = [Path("/chosen/weights.h5"), Path("/chosen/other.h5")]
    program.navigator.open_dataset(PETS)
    job_of(program.engines.reader, CheckRequest).finish(checked())
    program[DATA].page.go_to(2)
    measuring = job_of(program.engines.reader, MeasureSpeedRequest)
    press(program, "recipe_fine_tune")
    press(program, "recipe_advanced")
    settle()
    press(program, "recipe_weights_choose")
    assert find(program, "recipe_weights").text() == "/chosen/weights.h5"
    assert job_of(program.engines.viewer, PreviewAugmentationRequest).request.paths == (
        f"{PETS}/cats/1.jpg",
        f"{PETS}/dogs/1.jpg",
    )
    press(program, "data_next")
    press(program, "data_next")
    assert measuring.stop_asked and program.engines.trainer.recycled == 0
    assert job_of(program.engines.trainer, TrainRequest).request.recipe.preset is Preset.FINE_TUNE


def test_what_the_check_lists_is_shown_in_its_folder(program, desktop, tmp_path):
    program[DATA].page.shown_in_folder.emit(str(tmp_path))
    program[START].page.shown_in_folder.emit(str(tmp_path / "not a folder.jpg"))
    program[START].page.shown_in_folder.emit("")  # there is nothing to show
    assert desktop.shown == [str(tmp_path)] * 2


def test_the_precision_of_trainings_is_said_in_the_rail_once_it_is_measured(program):
    program[DATA].speed.measure()
    answer(program.engines.reader, MeasureSpeedRequest, QUICK_SPEED)
    assert find(program, "status_device").text() == "CPU · float32"
    answer(program.engines.trainer, MeasureSpeedRequest, SpeedResult("CPU", 0.1, 1.0, 8.0, "bfloat16"))
    assert find(program, "status_device").text() == "CPU · training in bfloat16"


# --- Models -------------------------------------------------------------------------------------------------------


def test_what_is_wanted_of_a_model_in_the_list_is_done_with_that_model(listed, desktop):
    second = "model_2_menu_"
    trigger(listed, f"{second}predict")
    assert model(listed) == OTHER.path and listed.window.page == "predict"
    trigger(listed, f"{second}results")
    assert job_of(listed.engines.reader, EvaluateRequest).request == EvaluateRequest(OTHER.path)
    assert listed[RESULTS].evaluation.state.summary == OTHER and listed.window.page == "results"
    trigger(listed, f"{second}show_in_folder")
    assert desktop.shown == [str(Path(OTHER.path).parent)]  # there is no such folder: the one above it
    trigger(listed, f"{second}share")
    assert job_of(listed.engines.viewer, ShareModelRequest).request == ShareModelRequest(OTHER.path, "/chosen/share")
    trigger(listed, f"{second}export")
    assert "cars" in find(listed, "export_title").text() and listed[EXPORT].dialog.isVisible()
    trigger(listed, "model_4_menu_locate")
    locating = job_of(listed.engines.reader, LocateDatasetRequest)
    assert locating.request == LocateDatasetRequest(MOVED.path, "/chosen/locate")
    assert desktop.asked == [Purpose.SHARE, Purpose.LOCATE]


def test_pictures_that_are_found_again_are_told_of_and_their_model_measured(listed):
    listed.navigator.show_results(MOVED.path)
    job_of(listed.engines.reader, EvaluateRequest).fail(ErrorCode.PICTURES_MOVED, path="/old")
    press(listed, "results_locate")
    answer(listed.engines.reader, LocateDatasetRequest, LocateDatasetResult(1200, 1234))
    assert listed.engines.reader.requests(EvaluateRequest) == [EvaluateRequest(MOVED.path)] * 2
    assert "Pictures of “moved” located" in listed[START].page.notice.words
    assert listed[START].page.notice.property("role") == "news"
    assert f"Found {texts.number(1200)} of {texts.number(1234)} pictures." in listed[START].page.notice.words


def test_going_back_to_quick_adds_a_model_and_says_so(program):
    tuned = replace(GOOD, preset="fine-tune", has_quick=True)
    show_models(program, tuned)
    trigger(program, "model_1_menu_quick")
    assert job_of(program.engines.viewer, SeparateQuickRequest).request == SeparateQuickRequest(tuned.path)
    new = f"{tuned.path} (Quick)"
    answer(program.engines.viewer, SeparateQuickRequest, SeparateQuickResult(new))
    assert f"“{Path(new).name}” added" in program[START].page.notice.words
    assert program.services.models.is_listing  # the new one will be in the list
    trigger(program, "model_1_menu_quick")
    job_of(program.engines.viewer, SeparateQuickRequest).fail(ErrorCode.NOT_A_RUN, path=tuned.path)
    assert "added" not in program[START].page.notice.words and program[START].page.notice.isVisible()


def test_while_moved_pictures_are_looked_for_the_viewer_is_free(listed):
    """Thousands of files may be read then, and the window shows thumbnails and lists meanwhile."""
    before = len(listed.engines.viewer.jobs)
    listed.services.models.locate(MOVED.path, "/new")
    assert len(listed.engines.viewer.jobs) == before
    listed.services.models.rename(OTHER.path, "pets")
    assert job_of(listed.engines.viewer, RenameRunRequest).request == RenameRunRequest(OTHER.path, "pets")


def test_a_training_that_is_tried_again_looks_where_its_pictures_were_found(listed):
    train(listed)
    listed.services.models.locate(QUICK.out, "/new")
    answer(listed.engines.reader, LocateDatasetRequest, LocateDatasetResult(3, 3))
    assert listed.services.training.state.dataset == "/new"


def test_pictures_of_another_model_that_are_found_have_nothing_measured(listed):
    evaluate(listed)
    listed.services.models.locate(MOVED.path, "/new")
    answer(listed.engines.reader, LocateDatasetRequest, LocateDatasetResult(3, 3))
    assert len(listed.engines.reader.requests(EvaluateRequest)) == 1


def test_a_renamed_model_keeps_its_name_everywhere(listed):
    new = "/home/ada/models/kittens"
    evaluate(listed)
    predict_some(listed)
    train(listed, replace(QUICK, out=GOOD.path.replace("pets", "quick")))
    listed.navigator.export(GOOD.path)
    listed.services.models.rename(GOOD.path, "kittens")
    answer(listed.engines.viewer, RenameRunRequest, RenameRunResult(new))
    assert model(listed) == listed[RESULTS].evaluation.state.run == new
    assert listed[PREDICT].queue.has_results and listed[RESULTS].evaluation.state.result is not None
    assert "kittens" in find(listed, "export_title").text()
    listed.services.models.rename(listed.services.training.state.run, "fast")
    answer(listed.engines.viewer, RenameRunRequest, RenameRunResult("/home/ada/models/fast"))
    listed.window.show_page("train")
    show_models(listed, replace(GOOD, path="/home/ada/models/fast"))
    press(listed, "train_predict")
    assert listed.services.training.state.run == model(listed) == "/home/ada/models/fast"


def test_a_model_that_is_thrown_away_is_let_go_of_and_no_other(listed, monkeypatch):
    monkeypatch.setattr("xception_gui.ui.models.model_list.move_to_trash", lambda path: True)
    evaluate(listed)
    predict_some(listed)
    listed.services.models.throw_away(OTHER.path)
    assert model(listed) == listed[RESULTS].evaluation.state.run == GOOD.path
    listed.navigator.predict(["/p/3.jpg"])
    predicting = job_of(listed.engines.predictor, PredictRequest)
    listed.services.models.throw_away(GOOD.path)
    assert predicting.stop_asked
    assert listed[RESULTS].evaluation.state.run == "" and listed[PREDICT].queue.results == []
    assert model(listed) == MOVED.path  # the next newest
    assert listed[PREDICT].queue.offer.pictures == ("/p/1.jpg", "/p/2.jpg")


def test_a_model_that_can_not_be_opened_is_told_of_on_the_first_page(listed):
    listed.window.show_page("predict")
    listed.navigator.predict_with("/elsewhere/none")
    answer(listed.engines.viewer, ListRunsRequest, RunsResult((GOOD, BROKEN)))
    answer(listed.engines.viewer, ListRunsRequest, RunsResult((GOOD, BROKEN)))
    assert listed.window.page == "start"
    assert "“none” can't be opened" in listed[START].page.notice.words
    assert "There is no model in this folder." in listed[START].page.notice.words


def test_models_are_chosen_from_folders_and_from_files(listed, desktop):
    desktop.answers[Purpose.MODEL] = [Path(OTHER.path)]
    trigger(listed, "action_open_model")
    assert model(listed) == OTHER.path
    desktop.answers[Purpose.SHARE] = [Path("/chosen/a.xcmodel"), Path("/chosen/b.xcmodel")]
    trigger(listed, "action_open_shared")
    asked = [request.file for request in listed.engines.viewer.requests(AddModelRequest)]
    assert asked == ["/chosen/a.xcmodel", "/chosen/b.xcmodel"]


def test_models_to_predict_with_are_those_that_the_list_has_now(listed):
    names = find(listed, "predict_model")
    assert isinstance(names, QComboBox)
    assert [names.itemText(row) for row in range(names.count())] == ["pets", "cars", "moved"]
    assert names.currentText() == "pets"
    listed.navigator.predict_with(OTHER.path)
    assert names.currentText() == "cars"
    show_models(listed, OTHER)
    assert [names.itemText(row) for row in range(names.count())] == ["cars"]


def test_small_pictures_are_made_by_the_engine_that_answers_at_once(qtbot, listed):
    qtbot.waitUntil(lambda: bool(listed.engines.viewer.requests(PreviewRequest)))
    assert set(GOOD.samples) <= set(job_of(listed.engines.viewer, PreviewRequest).request.paths)


def test_a_shared_file_is_told_of_and_its_folder_shown(listed, desktop, tmp_path):
    listed.navigator.share(GOOD.path)
    answer(listed.engines.viewer, ShareModelRequest, ShareModelResult(str(tmp_path / "pets.xcmodel"), 1000))
    press_in_box(listed, "shared", "shared_show_in_folder")
    assert desktop.shown == [str(tmp_path)]
    settle()


def test_a_model_is_exported_and_its_folder_shown(listed, desktop, tmp_path):
    desktop.answers[Purpose.EXPORT] = [tmp_path / "pets.keras"]
    listed[DATA].speed.measure()
    answer(listed.engines.reader, MeasureSpeedRequest, QUICK_SPEED)
    measuring = job_of(listed.engines.trainer, MeasureSpeedRequest)
    listed.navigator.export(GOOD.path)
    press(listed, "export_keras")
    press(listed, "export_start")
    exporting = job_of(listed.engines.trainer, ExportRequest)
    assert exporting.request == ExportRequest(GOOD.path, ExportFormat.KERAS, str(tmp_path / "pets.keras"))
    assert measuring.stop_asked
    exporting.say(PhaseStarted(Phase.TESTING, 50), Progress(Phase.TESTING, 20, 50, 1.0))
    assert jobs_shown(listed) == [("Exporting “pets”", 20, 50)]
    exporting.finish(ExportResult(str(tmp_path / "pets.keras"), ExportFormat.KERAS, 1000))
    assert jobs_shown(listed) == []
    press(listed, "export_show_in_folder")
    assert desktop.shown == [str(tmp_path)]


@pytest.mark.parametrize(
    ("export_format", "name", "kinds"),
    [
        (ExportFormat.LITERT, "pets v1.2.tflite", "LiteRT models (*.tflite)"),
        (ExportFormat.LITERT_F16, "pets v1.2-f16.tflite", "LiteRT models (*.tflite)"),
        (ExportFormat.SAVED_MODEL, "pets v1.2-tensorflow", ""),
        (ExportFormat.ONNX, "pets v1.2.onnx", "ONNX models (*.onnx)"),
        (ExportFormat.KERAS, "pets v1.2.keras", "Keras models (*.keras)"),
    ],
)
def test_where_an_export_goes_is_asked_for_with_a_name_that_fits(program, monkeypatch, export_format, name, kinds):
    model = run("pets v1.2")
    show_models(program, model)
    asked = suggestions(monkeypatch)
    program.navigator.export(model.path)
    choice = program.window.findChild(QRadioButton, f"export_{export_format.replace('-', '_')}")
    choice.setEnabled(True)  # also where its packages are missing
    choice.click()
    press(program, "export_start")
    assert asked == [(name, kinds, False)]
    request = job_of(program.engines.trainer, ExportRequest).request
    assert request == ExportRequest(model.path, export_format, "/chosen/place")


def test_an_export_that_waits_follows_its_model_to_another_name(listed):
    listed[EXPORT].exports.start(ExportRequest(GOOD.path, ExportFormat.KERAS, "/out/pets.keras"))
    listed.services.models.rename(GOOD.path, "kittens")
    answer(listed.engines.viewer, RenameRunRequest, RenameRunResult("/home/ada/models/kittens"))
    assert job_of(listed.engines.trainer, ExportRequest).request.run == "/home/ada/models/kittens"


def suggestions(monkeypatch) -> list[tuple[str, str, bool]]:
    """Notes, of each file that is to be written, the name suggested, the kinds, and whether it may exist."""
    asked: list[tuple[str, str, bool]] = []

    def choose(parent, settings, purpose, title, suggested, kinds="", *, may_exist=True):
        asked.append((suggested, kinds, may_exist))
        return Path("/chosen/place")

    monkeypatch.setattr(file_dialogs, "choose_save_file", choose)
    return asked


def test_files_and_questions_about_a_model_hide_nothing_in_its_name(program, monkeypatch):
    model = run("pets\u202egpj", dataset_found=False)
    show_models(program, model)
    asked, titles = suggestions(monkeypatch), []
    monkeypatch.setattr(file_dialogs, "choose_folder", lambda *words: titles.append(words[3]))
    program.navigator.export(model.path)
    press(program, "export_keras")
    press(program, "export_start")
    program.navigator.share(model.path)
    program.navigator.locate(model.path)
    assert [name for name, *_ in asked] == ["petsgpj.keras", "petsgpj.xcmodel"]
    assert titles == ["Choose the folder with the pictures of “pets‹U+202E›gpj”"]


# --- Training -----------------------------------------------------------------------------------------------------


def test_an_interrupted_training_goes_on_undisturbed(listed):
    listed[DATA].speed.measure()
    measuring = job_of(listed.engines.reader, MeasureSpeedRequest)
    listed[DATA].reading.read(PETS, checked())
    reading = job_of(listed.engines.reader, EmbedRequest)
    press(listed, "model_3_resume")
    settle()
    assert job_of(listed.engines.trainer, ResumeRequest).request == ResumeRequest(INTERRUPTED.path)
    assert measuring.stop_asked and reading.stop_asked
    assert listed.window.page == "train"
    listed.window.show_page("start")
    listed.navigator.resume_training(INTERRUPTED.path)  # it goes on already
    listed.navigator.resume_training("/there/is/none")
    assert listed.window.page == "train" and len(listed.engines.trainer.jobs) == 1


def test_while_a_model_learns_the_list_the_rail_and_the_menus_say_so(listed):
    depends = "stop", "copy_log", "save_loss", "save_accuracy"
    assert can(listed, *depends) == set()
    listed.services.training.start(replace(QUICK, out=INTERRUPTED.path))
    settle()
    row = find(listed, "model_3")
    assert "Training now." in [label.text() for label in row.findChildren(ElidedLabel)]
    listed.engines.trainer.job.say(PhaseStarted(Phase.EMBEDDING, 24))
    assert jobs_shown(listed) == [("Training “interrupted”", 0, 24)]
    assert can(listed, *depends) == set(depends)
    trigger(listed, "action_stop")
    assert listed.engines.trainer.job.stop_asked
    listed.engines.trainer.job.be_stopped()
    settle()
    assert jobs_shown(listed) == []
    assert can(listed, *depends) == set(depends) - {"stop"}
    row = find(listed, "model_3")
    assert "Training now." not in [label.text() for label in row.findChildren(ElidedLabel)]


def test_what_has_learned_is_listed_and_used(listed, desktop):
    show_models(listed, replace(GOOD, path=QUICK.out), OTHER)
    train(listed)
    assert listed.engines.viewer.job.request == ListRunsRequest(
        (str(listed.services.models.folder()),), (QUICK.out,)
    )  # where it lies is remembered
    listed.window.show_page("train")
    press(listed, "train_results")
    assert listed[RESULTS].evaluation.state.run == QUICK.out and listed.window.page == "results"
    listed.window.show_page("train")
    press(listed, "train_predict")
    assert model(listed) == QUICK.out and listed.window.page == "predict"


def test_from_pages_with_nothing_on_them_a_way_leads_on(program):
    program.window.show_page("train")
    press(program, "train_new_model")
    assert program.window.page == "data"
    program.window.show_page("results")
    press(program, "results_choose_model")
    assert program.window.page == "start"
    show_models(program)
    program.window.show_page("predict")
    press(program, "predict_new_model")
    assert program.window.page == "data"


def test_a_plot_is_saved_from_the_page_and_from_the_menu(program, desktop, tmp_path):
    train(program, TUTORIAL)
    program.window.show_page("train")
    for number, press_it in enumerate(
        (
            lambda: press(program, "train_loss_save"),
            lambda: trigger(program, "action_save_loss"),
            lambda: trigger(program, "action_save_accuracy"),
        )
    ):
        desktop.answers[Purpose.PLOT] = [tmp_path / f"{number}.csv"]
        press_it()
    assert program[TRAIN].page._saved.words == "Plot saved as “2.csv”"
    press(program, "train_saved_show_in_folder")
    assert desktop.shown == [str(tmp_path)]
    program.window.show_page("start")
    program.window.show_page("train")
    assert not find(program, "train_saved").isVisible()
    heads = [(tmp_path / f"{number}.csv").read_text(encoding="utf-8").splitlines()[0] for number in range(3)]
    assert [head.rpartition(",")[2] for head in heads] == ["val_loss", "val_loss", "val_accuracy"]


def test_plots_are_there_once_their_library_is(program):
    program.services.plots.loaded.emit()
    assert set(program[TRAIN].page._plots) == set(program[DATA].page.check_step.learning._plots) != set()


def test_what_can_not_be_written_is_told_in_a_box(program, desktop, tmp_path):
    train(program, TUTORIAL)
    program.window.show_page("train")
    desktop.answers[Purpose.PLOT] = [tmp_path / "no such folder" / "loss.csv"]
    press(program, "train_loss_save")
    told = box(program, "writing_failed")
    assert "loss.csv" in told.text() and "Choose another folder" in told.text()
    assert told.windowTitle() == program.window.windowTitle()
    told.close()
    settle()
    assert program.window.findChildren(QMessageBox) == []  # nothing is left of it


def test_the_log_is_copied_from_the_menu(program):
    train(program)
    QGuiApplication.clipboard().clear()
    trigger(program, "action_copy_log")
    assert "Model saved" in QGuiApplication.clipboard().text()


def test_the_computer_stays_awake_while_a_model_learns_and_no_longer(qtbot, program):
    train(program)  # has ended before a computer could fall asleep
    settle()
    qtbot.wait(1)
    assert program[TRAIN].sleep.reasons == [] and program[TRAIN].sleep.released == 1
    program.services.training.start(QUICK)
    qtbot.waitUntil(lambda: program[TRAIN].sleep.reasons == ["A model is training"])
    assert program[TRAIN].sleep.released == 1
    program.engines.trainer.job.be_stopped()
    assert program[TRAIN].sleep.released == 2


def test_who_looks_elsewhere_is_told_how_a_training_has_ended(qtbot, program, desktop):
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow)
    train(program)
    assert desktop.told == []  # it is before everybody's eyes
    program.window.hide()
    qtbot.waitUntil(lambda: not program.window.isActiveWindow())
    train(program)
    assert desktop.told == [("“quick” is ready", "4 of 4 validation pictures correct, but too few to tell")]


# --- Results and predictions --------------------------------------------------------------------------------------


def test_results_are_looked_at_and_lead_on(listed, desktop, tmp_path):
    listed.navigator.show_results(GOOD.path)
    testing = job_of(listed.engines.reader, EvaluateRequest)
    assert jobs_shown(listed) == [("Evaluating the model", 0, 0)]
    say(testing, rubbish(), evaluated(rubbish(), CLASSES))
    assert jobs_shown(listed) == []
    listed[RESULTS].page._evaluation_view.pictures.opened.emit(1)
    assert listed.services.viewer.shown_path == "/p/plastic/wrong2.jpg"
    assert find(listed, "viewer_caption").text() == "glass 70 % · plastic 5 %"
    assert job_of(listed.engines.viewer, PreviewRequest).request.paths == ("/p/plastic/wrong2.jpg",)
    listed.services.viewer.folder_wanted.emit(str(tmp_path))
    listed.services.viewer.close()
    listed[RESULTS].page._evaluation_view.pictures.folder_wanted.emit(0)
    assert desktop.shown == [str(tmp_path), "/p/plastic"]
    press(listed, "results_predict")
    assert model(listed) == GOOD.path and listed.window.page == "predict"


def test_pictures_are_predicted_from_the_page_and_from_the_menu(listed, desktop):
    desktop.answers[Purpose.PICTURES] = [Path("/chosen/1.jpg"), Path("/chosen/2.jpg")]
    listed.navigator.predict_with(OTHER.path)
    for name in ("predict_choose_files", "action_predict_files"):
        trigger(listed, name)
        job = job_of(listed.engines.predictor, PredictRequest)
        assert job.request == PredictRequest(OTHER.path, ("/chosen/1.jpg", "/chosen/2.jpg"))
        job.be_stopped()
    for name in ("predict_choose_folder", "action_predict_folder"):
        listed.window.show_page("start")
        trigger(listed, name)
        job = job_of(listed.engines.predictor, PredictRequest)
        assert job.request == PredictRequest(OTHER.path, ("/chosen/1.jpg",))
        assert listed.window.page == "predict"
        job.be_stopped()


def test_pictures_are_predicted_with_the_newest_model_where_none_was_chosen(listed):
    listed.navigator.predict(["/a.jpg"])
    assert job_of(listed.engines.predictor, PredictRequest).request == PredictRequest(GOOD.path, ("/a.jpg",))
    listed[PREDICT].queue.clear()
    listed.navigator.predict_with(OTHER.path)
    listed.navigator.predict(["/b.jpg"])
    assert job_of(listed.engines.predictor, PredictRequest).request == PredictRequest(OTHER.path, ("/b.jpg",))


def test_another_model_is_chosen_at_the_top_of_the_page(qtbot, listed):
    listed.navigator.predict_with(GOOD.path)
    box_of_models = find(listed, "predict_model")
    qtbot.keyClick(box_of_models, Qt.Key.Key_Down)
    assert model(listed) == OTHER.path


def test_what_is_predicted_is_shown_in_the_rail_and_in_what_can_be_done(listed):
    depends = "share_model", "results", "export", "show_model", "save_table", "clear", "undo"
    assert can(listed, *depends) == {"share_model", "results", "export", "show_model"}
    listed.navigator.predict(["/p/1.jpg", "/p/2.jpg"])
    job = job_of(listed.engines.predictor, PredictRequest)
    assert jobs_shown(listed) == [("Classifying", 0, 2)]
    report(job, [said("/p/1.jpg")], total=2)
    job.be_stopped()
    assert jobs_shown(listed) == []
    assert can(listed, *depends) == set(depends) - {"undo"}
    trigger(listed, "action_clear")
    assert listed[PREDICT].queue.results == []
    assert can(listed, *depends) == {"share_model", "results", "export", "show_model", "undo"}
    trigger(listed, "action_undo")
    assert [one.path for one in listed[PREDICT].queue.results] == ["/p/1.jpg"]


def test_a_predicted_picture_is_looked_at_and_shown_in_its_folder(listed, desktop):
    predict_some(listed, "1", "2", "3")
    listed[PREDICT].page._list.picture_opened.emit(1)
    assert listed.services.viewer.shown_path == "/p/2.jpg"
    assert find(listed, "viewer_caption").text() == "cats 90 %"
    assert find(listed, "viewer_model").text() == "pets"
    rows = find(listed, "viewer_classes").model()
    assert [rows.index(n, 0).data().split()[0] for n in range(rows.rowCount())] == ["cats", "dogs"]
    listed.services.viewer.close()
    listed[PREDICT].page._list.shown_in_folder.emit("/p/3.jpg")
    assert desktop.shown == ["/p"]


def test_predictions_are_saved_as_a_table_that_spreadsheets_read(listed, desktop, tmp_path):
    listed.navigator.save_table()
    assert desktop.asked == []  # there are none
    predict_some(listed)
    for name, save in (
        ("1", lambda: press(listed, "predict_save")),
        ("2", lambda: trigger(listed, "action_save_table")),
    ):
        desktop.answers[Purpose.TABLE] = [tmp_path / f"{name}.csv"]
        save()
        written = (tmp_path / f"{name}.csv").read_bytes().decode()
        assert written.startswith("\ufeff")  # which tells them the encoding
        head, *rows = written.splitlines()
        assert "cats" in head and "dogs" in head and len(rows) == 2


@pytest.mark.parametrize(
    ("country", "kind", "beginning"),
    [
        (QLocale.Country.Germany, 0, "\ufeffpath;class;probability;error;"),
        (QLocale.Country.UnitedStates, 0, "\ufeffpath,class,probability,error,"),
        (QLocale.Country.Germany, 1, "path,class,probability,error,"),
    ],
)
def test_a_table_for_spreadsheets_is_one_for_those_of_this_system(
    country, kind, beginning, listed, desktop, tmp_path, monkeypatch
):
    monkeypatch.setattr(QLocale, "system", lambda: QLocale(QLocale.Language.AnyLanguage, country))
    predict_some(listed)
    desktop.kind, desktop.answers[Purpose.TABLE] = kind, [tmp_path / "a.csv"]
    listed.navigator.save_table()
    assert (tmp_path / "a.csv").read_bytes().decode().startswith(beginning)


def test_a_table_that_was_saved_is_told_of_with_the_way_to_it(listed, desktop, tmp_path):
    predict_some(listed)
    desktop.answers[Purpose.TABLE] = [tmp_path / "no such folder" / "p.csv"]
    press(listed, "predict_save")
    box(listed, "writing_failed").close()
    assert not find(listed, "predict_saved").isVisible()
    desktop.answers[Purpose.TABLE] = [tmp_path / "p.csv"]
    press(listed, "predict_save")
    assert listed[PREDICT].page._saved.words == "Saved 2 predictions to “p.csv”"
    press(listed, "predict_saved_show_in_folder")
    assert desktop.shown == [str(tmp_path)]
    listed.window.show_page("start")
    listed.window.show_page("predict")
    assert not find(listed, "predict_saved").isVisible()


def test_predictions_are_searched_from_any_page(listed):
    predict_some(listed)
    listed.window.show_page("start")
    listed.window.activateWindow()
    trigger(listed, "action_search")
    assert listed.window.page == "predict"
    assert listed.window.focusWidget() is find(listed, "predict_search")


def test_the_menu_is_about_the_current_model_whatever_page_is_shown(listed, desktop):
    listed.navigator.predict_with(GOOD.path)
    evaluate(listed, OTHER.path)
    for page in ("results", "data"):
        listed.window.show_page(page)
        trigger(listed, "action_show_model")
        trigger(listed, "action_export")
        assert "cars" in find(listed, "export_title").text()
        trigger(listed, "action_share_model")
        assert job_of(listed.engines.viewer, ShareModelRequest).request.run == OTHER.path
    trigger(listed, "action_results")
    assert listed[RESULTS].evaluation.state.run == OTHER.path and listed.window.page == "results"
    assert desktop.shown == [str(Path(OTHER.path).parent)] * 2


# --- The current model --------------------------------------------------------------------------------------------


def chosen_in_boxes(program: Program) -> set[str]:
    """The model that is named wherever one can be chosen."""
    boxes = [find(program, f"{page}_model") for page in ("train", "results", "predict")]
    return {box.currentText() for box in boxes}


def test_a_model_that_is_chosen_on_any_page_is_that_of_all(qtbot, listed):
    assert chosen_in_boxes(listed) == {"pets"}
    listed.navigator.predict_with(OTHER.path)
    assert chosen_in_boxes(listed) == {"cars"}
    listed.window.show_page("results")
    assert job_of(listed.engines.reader, EvaluateRequest).request == EvaluateRequest(OTHER.path)
    qtbot.keyClick(find(listed, "results_model"), Qt.Key.Key_Down)
    assert chosen_in_boxes(listed) == {"moved"} and model(listed) == MOVED.path
    assert listed[RESULTS].evaluation.state.run == MOVED.path
    listed.window.show_page("predict")
    qtbot.keyClick(find(listed, "predict_model"), Qt.Key.Key_Up)
    assert chosen_in_boxes(listed) == {"cars"}
    listed.window.show_page("train")
    assert job_of(listed.engines.viewer, ReadLogRequest).request == ReadLogRequest(OTHER.path)
    assert listed[TRAIN].page.state.run == OTHER.path
    qtbot.keyClick(find(listed, "train_model"), Qt.Key.Key_Up)
    assert chosen_in_boxes(listed) == {"pets"} and listed[TRAIN].page.state.run == model(listed) == GOOD.path
    assert listed.window.page == "train"


def test_nothing_is_measured_or_opened_while_nobody_looks(listed):
    listed.services.current.choose(OTHER)
    assert listed.engines.reader.jobs == listed.engines.predictor.jobs == []
    listed.window.show_page("predict")
    assert [job.request for job in listed.engines.predictor.jobs] == [PredictRequest(OTHER.path, ())]
    for page in ("results", "start", "results"):
        listed.window.show_page(page)
    assert listed.engines.reader.requests(EvaluateRequest) == [EvaluateRequest(OTHER.path)]


def test_where_the_model_in_sight_is_gone_the_next_one_is_got_ready(listed):
    evaluate(listed, GOOD.path)
    show_models(listed, OTHER, MOVED)
    assert listed[RESULTS].evaluation.state.run == OTHER.path
    listed.window.show_page("predict")
    listed.window.show_page("train")
    show_models(listed, MOVED)
    assert listed[TRAIN].page.state.run == MOVED.path and listed[RESULTS].evaluation.state.run == OTHER.path


def test_results_of_models_that_were_looked_at_are_there_at_once(listed):
    evaluate(listed, GOOD.path)
    evaluate(listed, OTHER.path)
    listed.navigator.show_results(GOOD.path)
    assert listed[RESULTS].evaluation.state.result is not None
    assert len(listed.engines.reader.requests(EvaluateRequest)) == 2


def test_the_current_model_is_the_same_after_a_restart_and_a_model_that_has_gone_is_none(qapp, settings, monkeypatch):
    with whole_window(qapp, settings, monkeypatch) as first:
        show_models(first, GOOD, OTHER)
        first.navigator.predict_with(OTHER.path)
    with whole_window(qapp, settings, monkeypatch) as second:
        show_models(second, GOOD, OTHER)
        assert chosen_in_boxes(second) == {"cars"} and model(second) == OTHER.path
    with whole_window(qapp, settings, monkeypatch) as third:
        show_models(third, GOOD, replace(OTHER, broken="It is damaged."))
        assert model(third) == GOOD.path


def test_what_has_been_trained_is_the_current_model(listed):
    listed.navigator.predict_with(OTHER.path)
    train(listed)
    show_models(listed, replace(GOOD, path=QUICK.out), GOOD, OTHER)
    assert model(listed) == QUICK.out and chosen_in_boxes(listed) == {"quick"}
    listed.window.show_page("train")
    assert listed[TRAIN].page.state is listed.services.training.state  # which knows more than what was written down


def test_a_list_that_gets_a_newer_model_changes_nothing_under_somebody_s_hands(listed):
    listed.navigator.predict(["/p/1.jpg"])  # with the newest, as none was chosen
    report(job_of(listed.engines.predictor, PredictRequest), [said("/p/1.jpg")])
    show_models(listed, run("newer"), GOOD, OTHER)
    assert model(listed) == GOOD.path and listed[PREDICT].queue.has_results


def test_a_list_that_does_not_know_yet_that_its_model_was_renamed_chooses_no_other(listed):
    listed.navigator.predict_with(OTHER.path)
    listed.services.models.refresh()
    old_list = job_of(listed.engines.viewer, ListRunsRequest)
    listed.services.models.rename(OTHER.path, "buses")
    answer(listed.engines.viewer, RenameRunRequest, RenameRunResult("/home/ada/models/buses"))
    old_list.finish(RunsResult((GOOD, OTHER)))
    assert model(listed) == "/home/ada/models/buses"
    answer(listed.engines.viewer, ListRunsRequest, RunsResult((GOOD, replace(OTHER, path="/home/ada/models/buses"))))
    assert model(listed) == "/home/ada/models/buses" and chosen_in_boxes(listed) == {"buses"}


# --- What comes in ------------------------------------------------------------------------------------------------


def shared_models(program: Program, *names: str) -> None:
    """Have the viewer unpack the files that were dropped, one after the other."""
    for number, name in enumerate(names):
        job = [job for job in program.engines.viewer.jobs if isinstance(job.request, AddModelRequest)][number]
        job.finish(AddModelResult(f"/home/ada/models/{name}"))


def test_of_several_shared_models_the_last_predicts_what_is_dropped_with_them(listed, tmp_path):
    third = run("third")
    show_models(listed, GOOD, OTHER, third)
    files = [tmp_path / name for name in ("pets.xcmodel", "1.jpg", "cars.xcmodel", "2.jpg", "third.xcmodel")]
    drop(listed, *files)
    added = [request.file for request in listed.engines.viewer.requests(AddModelRequest)]
    assert added == [str(files[0]), str(files[2]), str(files[4])]
    shared_models(listed, "pets", "cars")
    assert listed[PREDICT].queue.is_running is False  # that they are there is enough
    job_of(listed.engines.viewer, AddModelRequest).finish(AddModelResult(third.path))
    asked = [request for request in listed.engines.predictor.requests(PredictRequest) if request.paths]
    assert asked == [PredictRequest(third.path, (str(files[1]), str(files[3])))]
    assert listed.window.page == "predict"


def test_a_shared_model_alone_is_opened(listed, tmp_path):
    drop(listed, tmp_path / "cars.xcmodel")
    shared_models(listed, "cars")
    assert model(listed) == OTHER.path and not listed[PREDICT].queue.is_running


def test_of_shared_models_one_that_is_damaged_is_told_of_and_the_others_are_there(listed, tmp_path):
    drop(listed, tmp_path / "bad.xcmodel", tmp_path / "cars.xcmodel")
    bad, good = (job for job in listed.engines.viewer.jobs if isinstance(job.request, AddModelRequest))
    bad.fail(ErrorCode.RUN_DAMAGED, path=str(tmp_path / "bad.xcmodel"), file="run.json", found="not JSON")
    assert listed.window.page == "start"
    assert (
        "“bad.xcmodel” can't be opened" in listed[START].page.notice.words
        and "damaged" in listed[START].page.notice.words
    )
    good.finish(AddModelResult(OTHER.path))
    assert model(listed) == OTHER.path and listed.window.page == "predict"


def test_a_model_that_can_not_be_shared_is_told_why(listed):
    listed.navigator.share(GOOD.path)
    job_of(listed.engines.viewer, ShareModelRequest).fail(ErrorCode.CANNOT_WRITE, path="/out", found="read-only")
    told = box(listed, "shared")
    assert "/out" in told.text() and told.icon() is QMessageBox.Icon.Warning
    told.close()
    settle()
    assert listed.window.findChildren(QMessageBox) == []


def test_a_model_is_dropped_with_the_pictures_that_it_is_to_predict(program, tmp_path):
    folder = tmp_path / "pets"
    folder.mkdir()
    (folder / "run.json").touch()
    here = replace(GOOD, path=str(folder))
    show_models(program, OTHER, here)
    drop(program, folder, tmp_path / "1.jpg", tmp_path / "2.jpg")
    asked = [request for request in program.engines.predictor.requests(PredictRequest) if request.paths]
    assert asked == [PredictRequest(str(folder), (str(tmp_path / "1.jpg"), str(tmp_path / "2.jpg")))]
    program.window.show_page("start")
    drop(program, folder)
    assert program.window.page == "predict"


def test_a_folder_is_learned_from_or_predicted_by_the_page_that_it_is_dropped_on(listed, tmp_path):
    drop(listed, tmp_path)
    assert job_of(listed.engines.reader, CheckRequest).request == CheckRequest(str(tmp_path))
    assert listed.window.page == "data"
    listed.window.show_page("predict")
    drop(listed, tmp_path)
    assert job_of(listed.engines.predictor, PredictRequest).request == PredictRequest(GOOD.path, (str(tmp_path),))


def test_what_is_refused_is_told_where_it_was_dropped(program, tmp_path):
    for page, told_on in (("data", "start"), ("start", "start"), ("train", "predict")):
        program.window.show_page(page)
        program[START].page.notice.hide()
        drop(program, tmp_path, tmp_path)
        assert program.window.page is told_on
        notice = program[START].page.notice if told_on == "start" else program[PREDICT].page._refusal
        assert "drop a single folder" in notice.words and notice.isVisible()
    program.window.show_page("start")
    program.drops.take(Incoming(refusal="This is only an address."))
    assert program[START].page.notice.words == "That didn't work This is only an address."


@pytest.mark.parametrize("how", ["closed", "another page", "samples", "a model is renamed", "a model is deleted"])
def test_what_did_not_work_is_not_told_for_ever(listed, monkeypatch, how):
    monkeypatch.setattr("xception_gui.ui.models.model_list.move_to_trash", lambda path: True)
    listed.drops.take(Incoming(refusal="This is only an address."))
    assert find(listed, "start_notice").isVisible()
    match how:
        case "closed":
            press(listed, "start_notice_dismiss")
        case "another page":
            drop(listed, Path("/p/1.jpg"))
            listed.window.show_page("start")
        case "samples":
            press(listed, "start_samples")
        case "a model is renamed":
            listed.services.models.rename(OTHER.path, "buses")
            answer(listed.engines.viewer, RenameRunRequest, RenameRunResult("/home/ada/models/buses"))
        case "a model is deleted":
            listed.services.models.throw_away(OTHER.path)
    assert not find(listed, "start_notice").isVisible()


def test_a_picture_is_pasted_or_told_why_not(listed, monkeypatch):
    picture = QImage(6, 4, QImage.Format.Format_RGB32)
    picture.fill(QColor(200, 100, 50))
    QGuiApplication.clipboard().setImage(picture)
    trigger(listed, "action_paste")
    (kept,) = job_of(listed.engines.predictor, PredictRequest).request.paths
    assert QImage(kept).pixelColor(2, 2) == QColor(200, 100, 50) and listed.window.page == "predict"

    def fail(_data: bytes, _suffix: str) -> str:
        raise OSError(28, "No space left on device")

    assert listed.services.pasted.shown == (Path(kept).name,)
    monkeypatch.setattr(pasted_pictures, "keep", fail)
    trigger(listed, "action_paste")
    assert listed[PREDICT].page._refusal.words == (
        "The picture couldn't be saved: there is no space left on the disk. "
        "Save it as a file yourself, then drop the file."
    )


def test_whatever_may_be_dropped_lights_up_the_places_for_it(program):
    zones = [find(program, name) for name in ("start_drop", "data_drop", "predict_zone")]
    mime = QMimeData()
    mime.setText("a cat")
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(program.window.rect().center(), Qt.DropAction.CopyAction, mime, buttons, keys)
    QApplication.sendEvent(program.window, enter)
    assert [zone.property("role") for zone in zones] == ["drop-over"] * 3
    QApplication.sendEvent(program.window, QDragLeaveEvent())
    assert [zone.property("role") for zone in zones] == ["drop"] * 3


# --- The window itself --------------------------------------------------------------------------------------------


def test_everything_that_pages_and_menus_ask_for_is_done_by_somebody(program):
    asked_for = {name: command for name, command in vars(program.navigator).items() if isinstance(command, Command)}
    assert len(asked_for) > 20 and [name for name, one in asked_for.items() if not one.has_handler] == []


def test_whatever_goes_on_is_listed_in_the_rail_the_long_things_first(listed):
    parts = [listed[feature] for feature in FEATURES]
    listed[PREDICT].queue.predict(["/p/1.jpg"])
    listed.navigator.show_results(GOOD.path)
    listed[EXPORT].exports.start(ExportRequest(GOOD.path, ExportFormat.KERAS, "/out/pets.keras"))
    listed.services.training.start(QUICK)
    listed.navigator.open_dataset(PETS)
    words = ["Training “quick”", "Exporting “pets”", "Checking pictures", "Evaluating the model", "Classifying"]
    assert [job.words for job in running_jobs(parts)] == words
    assert [said for said, *_ in jobs_shown(listed)] == words[:3]


def left_by(program: Program) -> list[bool]:
    """Whether the program was left, once for each time."""
    left: list[bool] = []
    program.leaving.leave_wanted.connect(lambda: left.append(True))
    return left


@pytest.mark.parametrize("name", ["action_close", "action_quit"])
def test_closing_the_window_leaves_the_program_where_nothing_goes_on(program, name):
    left = left_by(program)
    trigger(program, name)
    assert left == [True]


def test_a_window_that_is_brought_back_during_a_training_stays_when_that_ends(program):
    left = left_by(program)
    program.services.training.start(QUICK)
    program.window.close()
    press_in_box(program, "closing_question", "closing_keep")
    assert not program.window.isVisible()
    program.on_started_again([])
    assert program.window.isVisible()
    program.engines.trainer.job.say(*recording("quick"))
    assert left == [] and program.window.isVisible()


def test_a_window_that_stays_hidden_leaves_when_its_training_ends_and_says_how(program, desktop):
    left = left_by(program)
    program.services.training.start(QUICK)
    program.window.close()
    press_in_box(program, "closing_question", "closing_keep")
    program.engines.trainer.job.say(*without_end(recording("quick")))
    assert left == [] and desktop.told == []
    program.engines.trainer.job.say(recording("quick")[-1])
    assert left == [True] and [title for title, _ in desktop.told] == ["“quick” is ready"]


def test_a_window_that_hides_takes_the_dialog_of_exports_with_it(listed):
    listed.navigator.export(GOOD.path)
    listed.services.training.start(QUICK)
    listed.leaving.ask()
    (question,) = listed.window.findChildren(ClosingQuestion)
    next(one for one in question.buttons() if one.objectName() == "closing_stop").click()
    assert not listed[EXPORT].dialog.isVisible()
    assert listed.engines.trainer.job.stop_asked
    listed.engines.trainer.job.be_stopped()


def test_a_second_start_brings_the_window_forward_with_what_it_names(program, tmp_path):
    program.window.hide()
    program.on_started_again([str(tmp_path)])
    assert program.window.isVisible() and program.window.page == "data"
    assert job_of(program.engines.reader, CheckRequest).request == CheckRequest(str(tmp_path))
    program.window.show_page("predict")
    program.on_started_again([str(tmp_path)])  # whatever page is shown
    assert program.window.page == "data" and len(program.engines.reader.requests(CheckRequest)) == 2


def test_the_list_of_models_is_read_anew_whenever_it_comes_into_sight(program):
    for page in ("data", "start", "train"):
        program.window.show_page(page)
    assert len(program.engines.viewer.requests(ListRunsRequest)) == 1


def test_preferences_and_about_are_opened_from_the_menu(program, desktop, tmp_path):
    trigger(program, "action_preferences")
    answer(program.engines.viewer, CacheRequest, CacheResult(1, 2, str(tmp_path)))
    press(program, "preferences_show_in_folder")
    assert desktop.shown == [str(tmp_path)]
    press(program, "preferences_close")
    trigger(program, "action_about")
    (about,) = [one for one in program.window.findChildren(QDialog) if one.objectName() == "about"]
    assert about.isVisible()
    answer(program.engines.predictor, ChooseRuntimeRequest, RuntimeResult(LITERT, {}))
    assert "OpenVINO is not installed" in about.findChild(QLabel, "about_runtime").text()
    about.close()
    settle()
    assert not [one for one in program.window.findChildren(QDialog) if one.objectName() in ("about", "preferences")]


def test_the_folder_of_logs_is_opened_from_the_menu(program, desktop, tmp_path, monkeypatch):
    monkeypatch.setattr(composition.paths, "log_folder", lambda: tmp_path)
    trigger(program, "action_log_folder")
    assert desktop.shown == [str(tmp_path)]


def test_an_engine_that_is_silent_is_asked_about_whichever_it_is(program):
    for engine in program.engines.all:
        engine.fell_silent.emit()
    assert len([one for one in program.window.findChildren(SilenceQuestion) if one.isVisible()]) == 4
    for engine in program.engines.all:
        engine.heard_again.emit()
    settle()


# --- From start to end --------------------------------------------------------------------------------------------


def test_a_window_that_begins_lists_models_and_opens_what_it_was_given(qapp, settings, monkeypatch, tmp_path):
    monkeypatch.setattr(composition.PlotLibrary, "prepare", lambda self: prepared.append(True))
    prepared: list[bool] = []
    with whole_window(qapp, settings, monkeypatch) as made:
        made.window.hide()
        made.begin([str(tmp_path)])
        assert made.window.isVisible() and made.window.size() == first_size(made.window.screen().availableSize())
        assert made.engines.viewer.jobs == [] and prepared == []  # what isn't needed to be painted comes after it
        settle()
        assert len(made.engines.viewer.requests(ListRunsRequest)) == 1 and prepared == [True]
        assert made.window.page == "data"


def test_a_window_that_ends_remembers_its_place_and_leaves_nothing(qapp, tmp_path, monkeypatch):
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    monkeypatch.setattr(composition.PlotLibrary, "prepare", lambda _library: None)
    with whole_window(qapp, settings, monkeypatch) as made:
        sleep = made[TRAIN].sleep = FakeSleep()
        left, seen = left_by(made), []
        show_models(made, GOOD)
        made.navigator.export(GOOD.path)
        made.window.resize(860, 640)
        monkeypatch.setattr(made.services.plots, "end", lambda: seen.append("plots"))
        # Engines may take their time to end: by then, nothing is to be seen any more.
        at_the_end = lambda: (made.window.isVisible(), made[EXPORT].dialog.isVisible(), sleep.released)  # noqa: E731
        monkeypatch.setattr(made.engines, "close", lambda: seen.append(at_the_end()))
        made.end()
        assert seen == ["plots", (False, False, 1)]
        assert left == []  # nobody is asked any more
        assert "[window]" in (tmp_path / "window.ini").read_text(encoding="utf-8")
    with whole_window(qapp, settings, monkeypatch) as again:
        again.begin([])
        assert again.window.height() == 640
        settle()


class FakeInstance(QObject):
    """The first window of its kind, or one that isn't needed."""

    started_again = Signal(object)

    def __init__(self, is_first: bool) -> None:
        super().__init__()
        self._is_first = is_first
        self.claimed: list[list[str]] = []
        self.released = 0

    def claim(self, arguments: list[str]) -> bool:
        self.claimed.append(arguments)
        return self._is_first

    def release(self) -> None:
        self.released += 1


class FakeTermination(QObject):
    """Asks nobody to go by itself."""

    asked = Signal()


class RunWindow:
    """`run_window`, in an application and a desktop that are there already."""

    def __init__(self, qapp, monkeypatch, *, is_first: bool = True) -> None:
        self.app = qapp
        self.instance = FakeInstance(is_first)
        self.logs: list[str] = []
        self.programs: list[Program] = []
        self.hook_meanwhile: object = None
        for name, fake in (
            ("make_application", lambda: qapp),
            ("SingleInstance", lambda: self.instance),
            ("Engines", FakeEngines),
            ("Program", self.make_program),
            ("Termination", self.make_termination),
        ):
            monkeypatch.setattr(composition, name, fake)
        monkeypatch.setattr(composition.diagnostics, "start_log", self.logs.append)
        monkeypatch.setattr(composition.PlotLibrary, "prepare", lambda _library: None)

    def make_program(self, app, settings) -> Program:
        self.programs.append(Program(app, settings))
        return self.programs[-1]

    def make_termination(self, parent: QObject) -> FakeTermination:
        self.termination = FakeTermination(parent)
        return self.termination

    def run(self, arguments: list[str], act: Callable[[], None]) -> int:
        """Run it, and do something meanwhile; gives its exit status, 99 where it doesn't go."""
        forever = QTimer(interval=20_000)
        forever.timeout.connect(lambda: self.app.exit(99))
        forever.start()
        QTimer.singleShot(0, act)
        try:
            return composition.run_window(arguments)
        finally:
            forever.stop()
            for program in self.programs:  # which a process takes with it
                program.window.deleteLater()
                program.deleteLater()
            self.programs.clear()
            settle()


@pytest.mark.parametrize("how", ["closed", "asked by the system"])
def test_a_window_runs_until_it_is_closed_or_the_system_asks_it_to_go(qapp, monkeypatch, tmp_path, how):
    running = RunWindow(qapp, monkeypatch)
    before, seen = sys.excepthook, []

    def act() -> None:
        (program,) = running.programs
        seen.append((sys.excepthook is before, program.window.isVisible(), program.engines.are_closed))
        running.instance.started_again.emit([str(tmp_path)])
        seen.append(program.engines.reader.job.request)
        seen.append(program.engines)
        (program.window.close if how == "closed" else running.termination.asked.emit)()

    assert running.run([], act) == 0
    (is_uncaught, is_visible, are_closed), request, engines = seen
    assert (is_uncaught, is_visible, are_closed) == (False, True, False)  # mistakes are caught meanwhile
    assert request == CheckRequest(str(tmp_path))
    assert engines.are_closed and sys.excepthook is before
    assert (running.logs, running.instance.claimed, running.instance.released) == (["window"], [[]], 1)


def test_a_second_start_hands_over_what_it_was_given_and_shows_no_window(qapp, monkeypatch):
    running = RunWindow(qapp, monkeypatch, is_first=False)
    assert composition.run_window(["/p/pets"]) == 0
    assert running.instance.claimed == [["/p/pets"]] and running.programs == []


def test_the_window_remembers_in_the_folder_of_the_person_s_data():
    assert composition.window_settings().fileName() == str(composition.paths.data_folder() / "window.ini")
