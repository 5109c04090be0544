"""The main stories, with the real window and the real engines."""

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMessageBox, QWidget

from tests.conftest import draw_dataset, know_the_machine
from tests.programs import WITH_SHORT_NETWORK
from tests.ui.program import PATIENCE, drop, find, press, wait
from xception_gui.app import Program
from xception_gui.domain.messages.base import Phase
from xception_gui.ui.dataset.feature import DATA
from xception_gui.ui.export.feature import EXPORT
from xception_gui.ui.kit.labels import ElidedLabel
from xception_gui.ui.predict.feature import PREDICT
from xception_gui.ui.preferences.feature import PREFERENCES
from xception_gui.ui.results.confusion_matrix import ConfusionMatrix
from xception_gui.ui.results.feature import RESULTS
from xception_gui.ui.shell.closing import ClosingQuestion
from xception_gui.ui.start.feature import START


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home of its own for each story, in which it is known how fast the machine is."""
    monkeypatch.setenv("XCEPTION_GUI_HOME", str(tmp_path / "home"))
    know_the_machine()
    return tmp_path / "home"


@pytest.fixture
def program(home, qapp, qtbot):
    """The whole window, on a screen that is in memory."""
    program = begun(home, qapp, qtbot)
    yield program
    end(program, qapp)


def end(program, qapp):
    program.end()
    program.window.deleteLater()
    program.deleteLater()
    qapp.processEvents()


@pytest.fixture
def model(program, qtbot, home, colours_run):
    """A model that predicts, as if it had been trained in this home."""
    run = str(shutil.copytree(colours_run, home / "data" / "models" / "pictures"))
    program.navigator.predict_with(run)
    wait(qtbot, lambda: program.window.page == "predict")
    return run


def words_on(program):
    return " ".join(label.text() for label in program.window.findChildren(ElidedLabel) if label.isVisible())


def start_quick(program, qtbot, dataset):
    drop(program, dataset)
    wait(qtbot, lambda: find(program, "data_next").isEnabled())
    start_from_check(program)


def start_from_check(program):
    for _ in range(3):
        press(program, "data_next")


def train_quick(program, qtbot, dataset):
    start_quick(program, qtbot, dataset)
    wait(qtbot, lambda: not program.services.training.is_running)
    assert program.services.training.state.failure is None


def test_a_folder_is_dropped_and_pictures_are_recognised(program, qtbot, tiny_dataset):
    drop(program, tiny_dataset)
    assert program.window.page == "data"
    wait(qtbot, lambda: find(program, "data_next").isEnabled())
    press(program, "data_next")
    assert find(program, "recipe_quick").isChecked()
    press(program, "data_next")
    assert find(program, "start_name").text() == tiny_dataset.name
    press(program, "data_next")
    wait(qtbot, lambda: program.window.page == "train")
    assert find(program, "status_job_1").isVisible()
    wait(qtbot, lambda: not program.services.training.is_running)
    press(program, "train_results")
    wait(qtbot, lambda: program[RESULTS].evaluation.state.result is not None)
    assert program.window.page == "results"
    assert program[RESULTS].evaluation.state.result.accuracy == program.services.training.state.result.val_accuracy
    press(program, "results_predict")
    assert program.window.page == "predict"
    pictures = sorted(tiny_dataset.rglob("*.png"))[:5] or sorted(tiny_dataset.rglob("*.jpg"))[:5]
    drop(program, *pictures)
    wait(qtbot, lambda: len(program[PREDICT].queue.results) == 5)
    for result in program[PREDICT].queue.results:
        assert {said.class_name for said in result.predictions} == set(program[PREDICT].queue.classes)


def test_a_text_file_and_a_missing_picture_are_results_with_the_reason(program, qtbot, model, tmp_path):
    note = tmp_path / "note.txt"
    note.write_text("not a picture")
    drop(program, note, tmp_path / "gone.jpg")
    wait(qtbot, lambda: len(program[PREDICT].queue.results) == 2)
    not_a_picture, gone = program[PREDICT].queue.results
    assert "not a picture" in not_a_picture.error
    assert "doesn't exist" in gone.error


def test_the_whole_story_by_keyboard_alone(program, qtbot, tiny_dataset, monkeypatch):
    monkeypatch.setattr("xception_gui.ui.desktop.file_dialogs.choose_folder", lambda *_: tiny_dataset)
    monkeypatch.setattr("xception_gui.ui.desktop.file_dialogs.choose_files", lambda *_: [a_picture_of(tiny_dataset)])
    window = program.window
    window.activateWindow()
    wait(qtbot, window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    wait(qtbot, lambda: find(program, "data_next").isEnabled())
    for _ in range(2):
        tab_to(qtbot, program, "data_next")
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    name = QApplication.focusWidget()
    assert isinstance(name, QLineEdit) and name.objectName() == "start_name"
    qtbot.keyClicks(name, "by hand")
    tab_to(qtbot, program, "data_next")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    wait(qtbot, lambda: program.services.training.state is not None and not program.services.training.is_running)
    assert program.services.training.state.run.endswith("by hand")
    tab_to(qtbot, program, "train_results")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    wait(qtbot, lambda: program[RESULTS].evaluation.state.result is not None)
    tab_to(qtbot, program, "results_matrix")
    matrix = QApplication.focusWidget()
    assert isinstance(matrix, ConfusionMatrix) and matrix.chosen is not None
    was = matrix.chosen[0]
    for key, said in ((Qt.Key.Key_End, 1), (Qt.Key.Key_Home, 0)):
        qtbot.keyClick(matrix, key)
        assert matrix.chosen == (was, said)
        of_cell = matrix.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
        assert find(program, "results_pictures_title").text() == of_cell
    qtbot.keyClick(window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    assert window.page == "predict"
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    wait(qtbot, lambda: len(program[PREDICT].queue.results) == 1)


def tab_to(qtbot, program, name):
    """Press Tab until a widget has the keyboard, and see that it is drawn so."""
    wanted = find(program, name)
    for _ in range(80):
        here = QApplication.focusWidget()
        if here is wanted:
            return
        qtbot.keyClick(here or program.window, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never reaches {name}")


def test_a_picture_is_pasted(program, qtbot, model, colours):
    QGuiApplication.clipboard().setImage(QImage(str(a_picture_of(colours))))
    program.window.menus.paste.trigger()
    wait(qtbot, lambda: len(program[PREDICT].queue.results) == 1)
    assert program[PREDICT].queue.results[0].error is None


def a_picture_of(dataset):
    return min(path for path in dataset.rglob("*") if path.is_file())


def test_an_address_is_refused_in_words_and_never_fetched(program, model):
    QGuiApplication.clipboard().setText("https://example.org/cat.jpg")
    program.window.menus.paste.trigger()
    assert "never uses the network" in program[PREDICT].page._refusal.words
    assert program[PREDICT].queue.results == []


def test_predictions_work_while_a_network_is_trained_and_the_training_stops(
    program, qtbot, model, tiny_dataset, colours
):
    program.engines.trainer._command = [*WITH_SHORT_NETWORK, "--engine"]
    program.navigator.open_dataset(str(tiny_dataset))
    wait(qtbot, lambda: find(program, "data_next").isEnabled())
    press(program, "data_next")
    find(program, "recipe_fine_tune").click()
    for name, text in (("image_size", "71"), ("epochs", "400"), ("batch_size", "2")):
        find(program, f"recipe_{name}").setText(text)
    press(program, "data_next")
    press(program, "data_next")
    wait(qtbot, lambda: len(program.services.training.state.batches) >= 2 or program.services.training.state.ended)
    assert not program.services.training.state.ended, program.services.training.state.failure
    program.navigator.predict_with(model)
    drop(program, a_picture_of(colours))
    wait(qtbot, lambda: len(program[PREDICT].queue.results) == 1)
    assert program.services.training.is_running
    program.window.show_page("train")
    press(program, "train_stop")
    wait(qtbot, lambda: not program.services.training.is_running)
    assert program.services.training.state.result is not None and program.services.training.state.result.stopped
    press(program, "train_results")
    wait(qtbot, lambda: program[RESULTS].evaluation.state.result is not None)


@pytest.mark.skipif(sys.platform == "win32", reason="ends a process as only POSIX can")
def test_an_engine_that_is_killed_is_told_in_words_and_tried_again(program, qtbot, tmp_path):
    dataset = draw_dataset(tmp_path / "many", {"a": (220, 60, 60), "b": (60, 60, 220)}, count=30)
    start_quick(program, qtbot, dataset)
    wait(qtbot, lambda: program.services.training.state.done > 0)
    os.kill(program.engines.trainer.process_id(), signal.SIGKILL)
    wait(qtbot, lambda: not program.services.training.is_running)
    assert program.services.training.state.failure.code == "engine-died"
    assert find(program, "train_failure").isVisible()
    assert "ended unexpectedly" in find(program, "train_failure").words
    press(program, "train_again")
    wait(qtbot, lambda: not program.services.training.is_running)
    assert program.services.training.state.failure is None and program.services.training.state.result is not None


def test_a_folder_that_cannot_be_taught_with_is_explained_and_another_can_be_chosen(program, qtbot, tmp_path):
    (tmp_path / "flat").mkdir()
    drop(program, tmp_path / "flat")
    wait(qtbot, lambda: not program[DATA].check.state.is_running)
    assert "There are no class folders with pictures" in find(program, "check_failure").words
    assert not find(program, "data_next").isEnabled()


def test_a_folder_that_vanishes_while_it_is_checked_is_told(program, qtbot, tmp_path):
    drop(program, tmp_path / "never there")  # a path that isn't a folder any more is a picture to predict
    wait(qtbot, lambda: program.window.page == "predict")
    program.navigator.open_dataset(str(tmp_path / "never there"))
    wait(qtbot, lambda: not program[DATA].check.state.is_running)
    assert "can't be opened" in find(program, "check_failure").words


def test_closing_while_training_asks_and_keeps_the_best(program, qtbot, tmp_path):
    dataset = draw_dataset(tmp_path / "many", {"a": (220, 60, 60), "b": (60, 60, 220)}, count=30)
    start_quick(program, qtbot, dataset)
    left = []
    program.leaving.leave_wanted.connect(lambda: left.append(True))
    program.window.close()
    question = program.window.findChild(ClosingQuestion)
    assert question.isVisible() and program.window.isVisible()
    next(b for b in question.buttons() if b.objectName() == "closing_cancel").click()
    assert program.window.isVisible() and not left
    program.window.close()
    question = next(q for q in program.window.findChildren(ClosingQuestion) if q.isVisible())
    next(b for b in question.buttons() if b.objectName() == "closing_keep").click()
    wait(qtbot, lambda: bool(left))
    assert not program.window.isVisible()
    assert program.services.training.state.result is not None and not program.services.training.state.result.stopped
    program.on_started_again([])
    assert program.window.isVisible()


def test_a_training_is_closed_and_gone_on_with_another_day(home, qapp, qtbot, tmp_path):
    dataset = draw_dataset(tmp_path / "many", {"a": (220, 60, 60), "b": (60, 60, 220)}, count=30)
    first = begun(home, qapp, qtbot)
    try:
        start_quick(first, qtbot, dataset)
        wait(
            qtbot,
            lambda: (
                first.services.training.state is not None and first.services.training.state.phase is Phase.EMBEDDING
            ),
        )
        left = []
        first.leaving.leave_wanted.connect(lambda: left.append(True))
        first.window.close()
        question = first.window.findChild(ClosingQuestion)
        next(b for b in question.buttons() if b.objectName() == "closing_later").click()
        wait(qtbot, lambda: bool(left))
    finally:
        end(first, qapp)

    second = begun(home, qapp, qtbot)
    try:
        wait(qtbot, lambda: bool(second.services.models.runs))
        (summary,) = second.services.models.runs
        assert summary.resumable and not summary.in_training
        wait(qtbot, lambda: can_be_pressed(second.window.findChild(QWidget, "model_1_resume")))
        press(second, "model_1_resume")
        wait(qtbot, lambda: second.services.training.state is not None and not second.services.training.is_running)
        assert second.services.training.state.result is not None and not second.services.training.state.result.stopped
    finally:
        end(second, qapp)


def can_be_pressed(button):
    """A row is made in one turn of the event loop, and shown in another."""
    return button is not None and button.isVisible() and button.isEnabled()


def begun(home, qapp, qtbot):
    program = Program(qapp, QSettings(str(home / "window.ini"), QSettings.Format.IniFormat))
    program.begin([])
    qtbot.waitExposed(program.window)
    wait(qtbot, lambda: program.services.models.is_known)
    return program


def test_a_model_is_renamed_and_thrown_away(program, qtbot, model, monkeypatch):
    program.window.show_page("start")
    wait(qtbot, lambda: len(program.services.models.runs) == 1)
    program.services.models.rename(model, "my model")
    wait(qtbot, lambda: program.services.models.runs and program.services.models.runs[0].path.endswith("my model"))
    wait(qtbot, lambda: "my model" in words_on(program))  # the new row is shown in a turn of its own
    monkeypatch.setattr("xception_gui.ui.models.model_list.to_trash", rename_away)
    program.services.models.throw_away(program.services.models.runs[0].path)
    wait(qtbot, lambda: not program.services.models.runs)
    assert find(program, "start_empty").isVisible()


def rename_away(path):
    return True, Path(path).rename(f"{path}.trash")  # a test's trash


def test_a_broken_model_is_listed_as_broken_and_does_not_open(program, qtbot, home):
    broken = home / "data" / "models" / "broken"
    broken.mkdir(parents=True)
    (broken / "run.json").write_text("{")
    program.services.models.refresh()
    wait(qtbot, lambda: bool(program.services.models.runs))
    assert program.services.models.runs[0].broken
    program.navigator.predict_with(str(broken))
    wait(qtbot, lambda: program[START].page.notice.isVisible())
    assert "can't be opened" in program[START].page.notice.words


def test_a_model_that_is_deleted_while_open_is_told(program, qtbot, model, colours):
    os.rename(model, model + ".away")  # noqa: PTH104
    drop(program, a_picture_of(colours))
    wait(qtbot, lambda: program[PREDICT].queue.failure is not None)
    assert program[PREDICT].queue.failure.code == "not-a-run"


def test_a_home_that_cannot_be_written_is_told_where_it_matters(qapp, qtbot, tiny_dataset, tmp_path, monkeypatch):
    (tmp_path / "home").write_text("a file where the folder should be")
    monkeypatch.setenv("XCEPTION_GUI_HOME", str(tmp_path / "home"))
    program = Program(qapp, QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    program.begin([])
    try:
        start_quick(program, qtbot, tiny_dataset)
        wait(qtbot, lambda: not program.services.training.is_running)
        assert program.services.training.state.failure.code == "cannot-write"
        assert "can't be written" in find(program, "train_failure").words
        program.navigator.draw_samples()
        wait(qtbot, lambda: find(program, "check_failure").isVisible())
        assert "can't be written" in find(program, "check_failure").words
    finally:
        end(program, qapp)


def test_engines_that_do_not_start_are_told_everywhere(home, qapp, qtbot, tiny_dataset, monkeypatch):
    monkeypatch.setattr("xception_gui.ui.engines.engine_client.engine_command", lambda: [str(home / "not there")])
    program = Program(qapp, QSettings(str(home / "window.ini"), QSettings.Format.IniFormat))
    program.begin([])
    try:
        wait(qtbot, lambda: program.services.models.failure is not None)
        assert "can't be started" in program[START].page._failure.words
        drop(program, tiny_dataset)
        wait(qtbot, lambda: not program[DATA].check.state.is_running)
        assert "can't be started" in find(program, "check_failure").words
        assert not find(program, "data_next").isEnabled()
    finally:
        end(program, qapp)


def test_pictures_that_vanish_while_it_learns_are_told(program, qtbot, tmp_path):
    dataset = draw_dataset(tmp_path / "many", {"a": (220, 60, 60), "b": (60, 60, 220)}, count=30)
    start_quick(program, qtbot, dataset)
    wait(
        qtbot, lambda: program.services.training.state.phase == "embedding" and program.services.training.state.done > 0
    )
    dataset.rename(tmp_path / "elsewhere")
    wait(qtbot, lambda: not program.services.training.is_running)
    failure = program.services.training.state.failure
    assert failure is None or failure.code == "pictures-gone"  # enough may have been read to learn from
    assert failure is None or "can't be read any more" in find(program, "train_failure").words


def test_moved_pictures_are_located_again(program, qtbot, tiny_dataset, tmp_path, monkeypatch):
    train_quick(program, qtbot, tiny_dataset)
    moved = tiny_dataset.rename(tmp_path / "elsewhere")
    program.navigator.show_results(program.services.training.state.run)
    wait(qtbot, lambda: program[RESULTS].evaluation.state.failure is not None)
    assert program[RESULTS].evaluation.state.failure.code == "pictures-moved"
    monkeypatch.setattr("xception_gui.ui.desktop.file_dialogs.choose_folder", lambda *_: moved)
    press(program, "results_locate")
    wait(qtbot, lambda: program[RESULTS].evaluation.state.result is not None)
    program.window.show_page("start")
    wait(qtbot, lambda: program.services.models.runs[0].dataset == str(moved))


def test_a_model_that_is_thrown_away_is_let_go_of_everywhere(program, qtbot, model, colours, monkeypatch):
    drop(program, a_picture_of(colours))
    wait(qtbot, lambda: len(program[PREDICT].queue.results) == 1)
    monkeypatch.setattr("xception_gui.ui.models.model_list.to_trash", rename_away)
    program.services.models.throw_away(model)
    assert program[PREDICT].queue.model is None and program[PREDICT].queue.results == []


def test_a_model_is_opened_however_its_folder_is_written(program, qtbot, model):
    program.window.show_page("start")
    program.navigator.predict_with(model + "/")
    wait(qtbot, lambda: program.window.page == "predict")
    assert program[PREDICT].queue.model.path == model


def test_a_model_is_exported_and_what_was_found_is_told(program, qtbot, model, tmp_path, monkeypatch):
    out = tmp_path / "for the tutorial.keras"
    monkeypatch.setattr("xception_gui.ui.desktop.file_dialogs.choose_save_file", lambda *_, **__: out)
    program.window.show_page("start")
    wait(qtbot, lambda: program.window.findChild(QAction, "model_1_menu_export") is not None)
    program.window.findChild(QAction, "model_1_menu_export").trigger()
    wait(qtbot, lambda: program[EXPORT].dialog.isVisible())
    press(program, "export_keras")  # the one that takes least time
    press(program, "export_start")
    assert find(program, "status_job_1").isVisible()
    # At the lowest priority, Keras takes its time to load on a busy machine.
    qtbot.waitUntil(lambda: not program[EXPORT].exports.state.is_running, timeout=PATIENCE)
    assert program[EXPORT].exports.state.failure is None
    assert "“for the tutorial.keras” was saved" in find(program, "export_message").accessibleName()
    assert "4 pictures not used in training" in find(program, "export_message").accessibleName()
    assert sorted(path.name for path in tmp_path.glob("for the tutorial*")) == [out.name, f"{out.name}.check.json"]
    press(program, "export_start")  # to the same place
    wait(qtbot, lambda: not program[EXPORT].exports.state.is_running)
    assert "already exists" in find(program, "export_message").accessibleName()
    press(program, "export_close")


def test_a_model_is_known_before_it_is_trained(program, qtbot, tiny_dataset):
    drop(program, tiny_dataset)
    wait(qtbot, lambda: program[DATA].reading.state is not None and program[DATA].reading.state.ended)
    assert program[DATA].reading.state.failure is None
    assert find(program, "check_learning_knows").text() == (
        "Correct on 4 of 4 validation pictures after all 12 pictures: too few to tell how good the model is."
    )
    learned = [fit.images for fit in program[DATA].reading.state.epochs]
    start_from_check(program)
    assert [fit.images for fit in program.services.training.state.epochs] == learned
    wait(qtbot, lambda: not program.services.training.is_running)
    assert [fit.images for fit in program.services.training.state.epochs] == learned
    assert [fit.preliminary for fit in program.services.training.state.epochs][-2:] == [True, False]


def test_starting_in_the_middle_of_reading_goes_on_from_there(program, qtbot, tmp_path):
    dataset = draw_dataset(tmp_path / "many", {"red": (220, 60, 60), "blue": (60, 60, 220)}, count=40)
    drop(program, dataset)
    wait(qtbot, lambda: program[DATA].reading.state is not None and len(program[DATA].reading.state.epochs) >= 2)
    program[DATA].page.go_to(3)
    press(program, "data_next")
    wait(qtbot, lambda: program.services.training.is_running)
    assert not program[DATA].reading.state.is_running and len(program.services.training.state.epochs) >= 2
    wait(qtbot, lambda: not program.services.training.is_running)
    assert program.services.training.state.epochs[-1].images == 64


def test_a_reader_that_dies_while_it_reads_ahead_disturbs_nothing(program, qtbot, tmp_path):
    dataset = draw_dataset(tmp_path / "many", {"red": (220, 60, 60), "blue": (60, 60, 220)}, count=40)
    drop(program, dataset)
    wait(qtbot, lambda: program[DATA].reading.state is not None and program[DATA].reading.state.done >= 3)
    os.kill(program.engines.reader.process_id(), signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    wait(qtbot, lambda: program[DATA].reading.state.ended)
    assert not find(program, "check_failure").isVisible()
    program.navigator.show_results("/nowhere")  # a new reader is there for whoever needs one
    drop(program, dataset)
    wait(qtbot, lambda: program[DATA].reading.state is not None and program[DATA].reading.state.done >= 3)


def test_a_model_that_was_stopped_while_it_read_says_on_what_it_rests(program, qtbot, tmp_path):
    dataset = draw_dataset(tmp_path / "many", {"red": (220, 60, 60), "blue": (60, 60, 220)}, count=40)
    start_quick(program, qtbot, dataset)
    wait(qtbot, lambda: len(program.services.training.state.epochs) >= 3 and program.window.page == "train")
    press(program, "train_stop")
    wait(qtbot, lambda: not program.services.training.is_running)
    learned = program.services.training.state.epochs[-1].images
    said = find(program, "train_notice").words
    assert find(program, "train_notice").isVisible() and f"trained on {learned} of 64 training pictures" in said
    press(program, "train_results")
    wait(qtbot, lambda: program.window.page == "results")
    said = find(program, "results_rests_on").words
    assert find(program, "results_rests_on").isVisible() and f"only {learned} of 64 training pictures" in said


def test_what_is_remembered_about_pictures_is_forgotten(program, qtbot, tiny_dataset):
    train_quick(program, qtbot, tiny_dataset)
    qtbot.keyClick(program.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    wait(qtbot, lambda: program.window.findChild(QLabel, "preferences_used") is not None)
    wait(
        qtbot,
        lambda: program[PREFERENCES].stored.state.result is not None and not program[PREFERENCES].stored.state.is_busy,
    )
    before = program[PREFERENCES].stored.state.result.bytes
    press(program, "preferences_clear")
    press(program, "preferences_clear_really")
    wait(qtbot, lambda: not program[PREFERENCES].stored.state.is_busy)
    assert program[PREFERENCES].stored.state.failure is None
    assert program[PREFERENCES].stored.state.result.bytes < before
    press(program, "preferences_close")


def test_a_model_is_shared_as_one_file_and_opened_from_it(program, qtbot, model, colours, tmp_path, monkeypatch):
    file = tmp_path / "for you.xcmodel"
    monkeypatch.setattr("xception_gui.ui.desktop.file_dialogs.choose_save_file", lambda *_, **__: file)
    find_action(program, "action_share_model").trigger()
    wait(qtbot, lambda: program.window.findChild(QMessageBox, "shared") is not None)
    told = program.window.findChild(QMessageBox, "shared")
    assert "for you.xcmodel" in told.text() and file.is_file()
    told.close()
    shutil.rmtree(model)  # or that would be opened, whatever it is called
    drop(program, file, a_picture_of(colours))
    wait(qtbot, lambda: len(program[PREDICT].queue.results) == 1)
    assert program[PREDICT].queue.model.path.endswith("/for you")
    assert program.window.page == "predict"


def test_a_shared_model_that_is_damaged_is_told_of_on_the_first_page(program, qtbot, tmp_path):
    file = tmp_path / "broken.xcmodel"
    file.write_bytes(b"PK, but no more")
    drop(program, file)
    wait(qtbot, lambda: program[START].page.notice.isVisible())
    assert "broken.xcmodel" in all_words(program) and "not a complete shared model" in all_words(program)
    assert program.window.page == "start"


def all_words(program):
    return " ".join(label.text() for label in program[START].page.notice.findChildren(QLabel))


def find_action(program, name):
    action = program.window.findChild(QAction, name)
    assert action is not None and action.isEnabled(), name
    return action
