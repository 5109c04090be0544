"""Exporting from the window: which format, how far it is, what was found; told by what an engine says."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QProgressBar, QPushButton, QRadioButton

from tests.recordings import QUICK
from tests.ui.engines import FakeEngine
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.export_formats import ExportFormat
from xception_gui.domain.messages.base import Phase, PhaseStarted, Progress
from xception_gui.domain.messages.exporting import ExportRequest, ExportResult
from xception_gui.ui.export.export_dialog import ExportDialog
from xception_gui.ui.export.exports import Exports
from xception_gui.ui.kit.message_card import MessageCard
from xception_gui.ui.models.training import Training
from xception_gui.ui.shell.closing import Leaving

RUN = "/models/pets"
REQUEST = ExportRequest(RUN, ExportFormat.LITERT, "/out/pets.tflite")
RESULT = ExportResult("/out/pets.tflite", ExportFormat.LITERT, 83_200_000, 50, False, 0.0003, 50, "/out/x.check.json")


class Opened:
    """The dialog, open for a model, and the engine behind it."""

    def __init__(self, qtbot, qapp) -> None:
        self.engine = FakeEngine()
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.exports = Exports(self.engine.client, qapp)
        self.training = Training(self.engine.client, qapp)
        self.dialog = ExportDialog(self.exports, self.training, self.window)
        qtbot.addWidget(self.dialog)
        self.dialog.place_wanted.connect(lambda run, one: self.exports.start(ExportRequest(run, one, "/out/pets")))
        self.dialog.open_for(RUN)

    def part(self, kind, name):
        found = self.dialog.findChild(kind, name)
        assert found is not None, name
        return found

    def press(self, name) -> None:
        button = self.part(QPushButton, name)
        assert button.isVisible() and button.isEnabled(), name
        button.click()

    def can_press(self) -> set[str]:
        buttons = self.dialog.findChildren(QPushButton)
        return {one.objectName().removeprefix("export_") for one in buttons if one.isVisible() and one.isEnabled()}

    @property
    def working(self) -> str:
        words = self.part(QLabel, "export_progress_words")
        return words.text() if words.isVisible() else ""

    @property
    def message(self) -> str:
        card = self.part(MessageCard, "export_message")
        return card.words if card.isVisible() else ""


@pytest.fixture
def opened(qtbot, qapp):
    made = Opened(qtbot, qapp)
    yield made
    made.dialog.hide()


def test_a_format_is_chosen_and_written_and_the_result_is_told_in_words(opened):
    assert opened.can_press() == {"start", "close"}
    for name, one in (("litert_f16", ExportFormat.LITERT_F16), ("saved_model", ExportFormat.SAVED_MODEL)):
        opened.part(QRadioButton, f"export_{name}").click()
        opened.press("export_start")
        assert opened.engine.job.request == ExportRequest(RUN, one, "/out/pets")
        assert opened.can_press() == {"stop"}
        opened.engine.job.say(PhaseStarted(Phase.EXPORTING))
        assert opened.working == "Exporting…"
        assert opened.part(QProgressBar, "export_progress").maximum() == 0
        opened.engine.job.say(PhaseStarted(Phase.TESTING, 50), Progress(Phase.TESTING, 20, 50, 1.0))
        bar = opened.part(QProgressBar, "export_progress")
        assert (bar.value(), bar.maximum()) == (20, 50)
        opened.engine.job.finish(RESULT)
        assert "“pets.tflite” was saved (83.2 MB)." in opened.message
        assert "50 pictures not used in training" in opened.message
        assert "0.03 %" in opened.message
        assert opened.can_press() == {"start", "close", "show_in_folder"}


def test_what_was_written_is_shown_in_its_folder(qtbot, opened):
    opened.press("export_start")
    opened.engine.job.finish(RESULT)
    with qtbot.waitSignal(opened.dialog.shown_in_folder) as shown:
        opened.press("export_show_in_folder")
    assert shown.args == ["/out"]


def test_that_no_picture_of_its_own_was_found_is_said(opened):
    opened.press("export_start")
    opened.engine.job.finish(ExportResult("/out/x", ExportFormat.KERAS, 1, 50, True, 0.0, 50, "/out/x.check.json"))
    assert "on 50 generated pictures" in opened.message


def test_while_a_model_learns_it_waits_and_says_so(opened):
    opened.training.start(QUICK)
    training = opened.engine.job
    opened.press("export_start")
    assert opened.working == f"Waiting for the training of “{Path(QUICK.out).name}”…"
    training.be_stopped()
    assert opened.working == "Starting…"
    opened.engine.job.say(PhaseStarted(Phase.LOADING))
    assert opened.working == "Loading Keras and the network…"


def test_stopping_keeps_nothing_and_says_so(opened):
    opened.press("export_start")
    opened.press("export_stop")
    assert opened.engine.job.stop_asked
    assert opened.working == "Stopping…"
    assert opened.can_press() == set()
    opened.engine.job.be_stopped()
    assert opened.message == "Stopped. Nothing was saved."
    assert opened.can_press() == {"start", "close"}


def test_an_error_is_told_in_words_and_another_try_can_be_made(opened):
    opened.press("export_start")
    opened.engine.job.fail(ErrorCode.EXPORT_DIFFERS, pictures="50", same="31", difference="0.4")
    assert "was not saved" in opened.message
    assert "31 got the same class" in opened.message
    assert opened.can_press() == {"start", "close"}
    opened.press("export_start")
    assert opened.message == ""


def test_closing_it_stops_the_export(qtbot, opened):
    opened.press("export_start")
    qtbot.keyClick(opened.dialog, Qt.Key.Key_Escape)
    assert not opened.dialog.isVisible()
    assert opened.engine.job.stop_asked
    opened.dialog.open_for("/models/other")  # what still runs goes first
    assert "pets" in opened.part(QLabel, "export_title").text()
    opened.engine.job.be_stopped()
    opened.dialog.open_for("/models/other")
    assert "other" in opened.part(QLabel, "export_title").text()
    assert opened.message == ""


def test_a_renamed_model_is_exported_from_where_it_is_now(opened):
    opened.dialog.follow_renaming("/models/else", "/models/nothing")
    opened.dialog.follow_renaming(RUN, "/models/cats")
    assert "cats" in opened.part(QLabel, "export_title").text()
    opened.press("export_start")
    assert opened.engine.job.request.run == "/models/cats"


@pytest.mark.parametrize("phase", [None, Phase.LOADING])
def test_an_export_that_waits_while_its_model_is_renamed_is_asked_for_where_that_is_now(phase, opened):
    """The trainer may be at something else for hours."""
    opened.press("export_start")
    if phase is not None:
        opened.engine.job.say(PhaseStarted(phase))
    opened.exports.follow_renaming("/models/else", "/models/nothing")
    opened.exports.follow_renaming(RUN, "/models/cats")
    old, new = opened.engine.jobs
    assert old.stop_asked and (new.request.run, new.request.out) == ("/models/cats", old.request.out)
    old.be_stopped()
    assert opened.exports.state.is_running
    new.finish(RESULT)
    assert opened.exports.state.result == RESULT


def test_an_export_that_has_read_its_model_goes_on_when_that_is_renamed(opened):
    opened.press("export_start")
    opened.engine.job.say(PhaseStarted(Phase.EXPORTING))
    opened.exports.follow_renaming(RUN, "/models/cats")
    assert len(opened.engine.jobs) == 1 and not opened.engine.job.stop_asked
    opened.engine.job.finish(RESULT)
    assert opened.exports.state.result == RESULT and opened.exports.state.request.run == "/models/cats"


def test_an_export_that_is_being_stopped_isn_t_begun_again_by_a_renaming(opened):
    opened.press("export_start")
    opened.press("export_stop")
    opened.exports.follow_renaming(RUN, "/models/cats")
    assert len(opened.engine.jobs) == 1


def test_all_formats_can_be_reached_by_keyboard(qtbot, opened):
    opened.dialog.activateWindow()
    qtbot.waitUntil(opened.part(QRadioButton, "export_litert").hasFocus)
    for name in ("litert_f16", "saved_model", "keras"):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
        assert opened.part(QRadioButton, f"export_{name}").isChecked()


def test_leaving_waits_until_the_export_has_tidied_up(qtbot, opened):
    leaving = Leaving(opened.window, opened.training, opened.exports)
    left, hidden = [], []
    leaving.leave_wanted.connect(lambda: left.append(True))
    leaving.hidden.connect(lambda: hidden.append(True))
    opened.window.show()
    opened.press("export_start")
    leaving.ask()
    assert opened.engine.job.stop_asked
    assert (left, hidden) == ([], [True])
    assert not opened.window.isVisible()
    opened.engine.job.be_stopped()
    assert left == [True]
    leaving.ask()
    assert left == [True, True]


def test_a_format_whose_packages_are_missing_cant_be_chosen_and_says_which(qtbot, qapp, monkeypatch):
    monkeypatch.setattr("xception_gui.ui.export.export_dialog.missing_of", lambda modules: [*modules][:2])
    opened = Opened(qtbot, qapp)
    choice = opened.part(QRadioButton, "export_onnx")
    assert not choice.isEnabled() and choice.accessibleName().endswith("not installed: onnx, onnxruntime.")
    assert opened.part(QRadioButton, "export_keras").isEnabled()
    opened.dialog.hide()
