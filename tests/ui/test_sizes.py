"""Every page in every state, in windows of all sizes: nothing is cut, and all that can be acted on can be reached."""

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QListWidget,
    QMainWindow,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from tests.programs import PATIENCE
from tests.ui.desktop import FakeDesktop
from tests.ui.engines import failed
from tests.ui.faults import faults_of
from tests.ui.program import find
from tests.ui.states import CHINESE, FOLDER, LONG, SENTENCE, walk
from tests.ui.walking import TURNS, faults_on_the_way
from tests.ui.whole_window import settle, whole_window
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.export_formats import ExportFormat
from xception_gui.domain.messages.exporting import ExportRequest, ExportResult
from xception_gui.domain.messages.machine import CacheResult
from xception_gui.domain.runtime import LITERT, OPENVINO_BFLOAT16, RuntimeChoice
from xception_gui.ui.desktop.unexpected import Mistake, UnexpectedErrorDialog
from xception_gui.ui.engines.silence import SilenceQuestion
from xception_gui.ui.export.feature import EXPORT
from xception_gui.ui.kit import screens
from xception_gui.ui.kit.fields import ChoiceBox
from xception_gui.ui.kit.labels import ElidedLabel, label
from xception_gui.ui.kit.screens import LEAST
from xception_gui.ui.kit.theme import choose_appearance
from xception_gui.ui.preferences.preferences_dialog import PreferencesDialog
from xception_gui.ui.preferences.stored_data import StoredData
from xception_gui.ui.shell.about import AboutDialog
from xception_gui.ui.shell.closing import ClosingQuestion
from xception_gui.ui.shell.main_window import _Whole

SIZES = [QSize(760, 500), QSize(960, 640), QSize(1366, 768)]
ROOM = QSize(744, 452)  # on a screen of 760 × 500, without a dialog's frame
TWICE = "960x540"  # a screen of 1920 × 1080 at twice the scale


@pytest.fixture
def program(qapp, settings, monkeypatch):
    FakeDesktop(monkeypatch)
    with whole_window(qapp, settings, monkeypatch) as made:
        yield made


def test_nothing_is_cut_on_any_page_in_any_state_at_any_size(program):
    assert list(faults_on_the_way(program, SIZES)) == []


class Painted(QObject):
    """What is wrong with a window whenever it is painted; not how far lists scroll, which a painting settles itself."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.faults: list[str] = []
        window.installEventFilter(self)

    def eventFilter(self, window: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Paint:
            self.faults += [fault for fault in faults_of(window) if "scrolls" not in fault]
        return False


def test_nothing_is_painted_before_it_has_its_room(program):
    program.window.resize(SIZES[0])
    settle()
    painted = Painted(program.window)
    for name, enter in walk():
        enter(program)
        for _ in range(TURNS):
            settle()
        assert painted.faults == [], name


@pytest.fixture
def large_type(qapp):
    """A system whose type is twice as large as usual."""
    usual, large = qapp.font(), qapp.font()
    large.setPointSizeF(2 * usual.pointSizeF())
    qapp.setFont(large)
    choose_appearance(qapp, Qt.ColorScheme.Unknown)
    yield
    qapp.setFont(usual)
    choose_appearance(qapp, Qt.ColorScheme.Unknown)


def test_nothing_is_cut_where_the_systems_type_is_large(large_type, program):
    assert list(faults_on_the_way(program, [QSize(1366, 768)])) == []


def test_nothing_is_cut_at_twice_the_scale():
    """In a process of its own: the scale of a screen is read once."""
    environment = os.environ | {"QT_SCALE_FACTOR": "2"}
    walked = subprocess.run(
        [sys.executable, "-m", "tests.ui.walking", TWICE],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (walked.returncode, walked.stdout) == (0, ""), walked.stderr


def cut_button(window: QWidget) -> None:
    QPushButton("Next", window).setGeometry(180, 10, 80, 30)


def button_too_narrow(window: QWidget) -> None:
    QPushButton("Start the training", window).setGeometry(10, 10, 60, 40)


def words_too_high(window: QWidget) -> None:
    words = label(SENTENCE, wrap=True)
    words.setParent(window)
    words.setGeometry(10, 10, 150, 20)


def shortened_beside_free_room(window: QWidget) -> None:
    ElidedLabel(LONG, parent=window).setGeometry(10, 10, 60, 20)


def overlapping(window: QWidget) -> None:
    for left in (10, 60):
        QPushButton("Go", window).setGeometry(left, 10, 100, 40)


def choice_without_the_rest(window: QWidget) -> None:
    box = ChoiceBox(window)
    box.addItem(LONG)
    box.setMinimumContentsLength(1)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setGeometry(10, 10, 120, 40)


def sideways(window: QWidget) -> None:
    area, content = QScrollArea(window), QWidget()
    content.resize(400, 50)
    area.setWidget(content)
    area.setGeometry(0, 0, 200, 100)


def one_in_another(window: QWidget) -> None:
    area, content = QScrollArea(window), QWidget()
    content.resize(150, 400)
    inner = QListWidget(content)
    inner.addItems(["row"] * 30)
    inner.setGeometry(0, 0, 150, 200)
    area.setWidget(content)
    area.setGeometry(0, 0, 200, 100)


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (cut_button, "is out of reach"),
        (button_too_narrow, "is squeezed"),
        (button_too_narrow, "shortens its text"),
        (words_too_high, "is squeezed"),
        (shortened_beside_free_room, "that are free"),
        (overlapping, "lies on"),
        (choice_without_the_rest, "no tool tip has the rest"),
        (sideways, "scrolls sideways"),
        (one_in_another, "scrolls in QScrollArea"),
    ],
)
def test_what_is_wrong_is_noticed(qtbot, build, words):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(220, 120)
    build(window)
    window.show()
    assert any(words in fault for fault in faults_of(window)), faults_of(window)


def test_what_can_be_scrolled_to_is_no_fault(qtbot):
    area, content = QScrollArea(), QWidget()
    qtbot.addWidget(area)
    column = QVBoxLayout(content)
    for _ in range(20):
        column.addWidget(QPushButton("Next"))
    area.setWidgetResizable(True)
    area.setWidget(content)
    area.resize(220, 120)
    area.show()
    settle()
    assert faults_of(area) == []


def test_the_page_follows_the_keyboard_through_a_list_that_is_higher_than_it(qtbot, program):
    for name, enter in walk():
        if name.startswith(("check, running", "check, 150")):
            enter(program)
    program.window.resize(960, 640)
    settle()
    classes, area = find(program, "check_class_list"), find(program, "check_scroll")
    classes.setFocus()
    for _ in range(60):
        qtbot.keyClick(classes, Qt.Key.Key_Down)
    settle()
    row = classes.visualRect(classes.currentIndex())
    place = classes.viewport().mapTo(area.viewport(), row.center())
    assert classes.currentIndex().row() >= 59 and area.viewport().rect().contains(place)


def test_on_a_smaller_screen_than_that_the_whole_window_scrolls(qapp):
    window, content = QMainWindow(), QWidget()
    window.setCentralWidget(_Whole(content, window.menuBar()))
    for size in (QSize(667, 336), LEAST, QSize(1200, 800)):
        window.resize(size)
        window.show()
        settle()
        assert content.size().width() == max(LEAST.width(), size.width())
        area = window.centralWidget()
        assert isinstance(area, QScrollArea)
        scrolls = area.horizontalScrollBar().maximum(), area.verticalScrollBar().maximum()
        assert (scrolls == (0, 0)) == (size.width() >= LEAST.width())
    window.close()


# --- Dialogs ----------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def small_screen(monkeypatch):
    """Dialogs are shown on a screen of 760 × 500."""
    monkeypatch.setattr(screens, "room_for", lambda _dialog: ROOM)


@pytest.mark.parametrize("state", ["formats", "running", "done", "failed"])
def test_the_export_dialog(program, state):
    dialog, exports = program[EXPORT].dialog, program[EXPORT].exports
    dialog.open_for(FOLDER)
    if state != "formats":
        exports.start(ExportRequest(FOLDER, ExportFormat.LITERT, f"{FOLDER}.tflite"))
    if state == "done":
        result = ExportResult(f"{FOLDER}.tflite", ExportFormat.LITERT, 83_200_000, 50, False, 0.0003, 50, "/o.json")
        program.engines.trainer.job.finish(result)
    if state == "failed":
        program.engines.trainer.job.ended.emit(failed(ErrorCode.RUN_DAMAGED, run=FOLDER, file=LONG, found=SENTENCE))
    look_at(dialog)


def test_preferences_with_a_question_and_with_a_failure(program):
    cache = StoredData(program.engines.viewer.client)
    dialog = PreferencesDialog(cache, program.window)
    dialog.show()
    program.engines.viewer.job.finish(CacheResult(2_000_000_000, 10_000_000_000, FOLDER))
    dialog.findChild(QPushButton, "preferences_clear").click()
    look_at(dialog)
    cache.look()
    program.engines.viewer.job.ended.emit(failed(ErrorCode.RUN_DAMAGED, run=FOLDER, file=LONG, found=SENTENCE))
    look_at(dialog)


def test_about(program):
    dialog = AboutDialog(program.window)
    dialog.show_runtime(RuntimeChoice(OPENVINO_BFLOAT16, {LITERT: 0.044, OPENVINO_BFLOAT16: 0.027}))
    look_at(dialog)


@pytest.mark.parametrize("with_details", [False, True])
def test_the_dialog_of_mistakes(program, with_details):
    dialog = UnexpectedErrorDialog(program.window)
    dialog.show_mistakes([Mistake(SENTENCE * 20, 12)])
    dialog.show()
    if with_details:
        dialog.findChild(QPushButton, "unexpected_error_details_shown").click()
    look_at(dialog)


def test_questions_with_long_names(program):
    for question in (
        ClosingQuestion(CHINESE, program.window),
        ClosingQuestion(LONG, program.window),
        SilenceQuestion(program.window),
    ):
        look_at(question)


def test_the_viewer_with_a_long_name(program):
    program.window.resize(760, 500)
    program.services.viewer.show_pictures([f"{FOLDER}/{LONG}.jpg"] * 3, [SENTENCE] * 3, 1)
    look_at(program.services.viewer)


def look_at(dialog: QDialog) -> None:
    """Show a dialog: it has no faults, and room on a small screen."""
    dialog.show()
    for _ in range(3):
        settle()
    found, size = faults_of(dialog), dialog.size()
    dialog.close()
    assert found == [] and size.boundedTo(ROOM) == size
