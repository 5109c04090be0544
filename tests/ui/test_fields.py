"""Boxes to choose from and for numbers: what the wheel does to them, and whether all of a list can be read."""

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

import xception_gui
from tests.ui.desktop import FakeDesktop
from tests.ui.program import find
from tests.ui.states import walk
from tests.ui.walking import TURNS
from tests.ui.whole_window import settle, whole_window
from xception_gui.domain.messages.machine import CacheResult
from xception_gui.ui.kit.fields import ChoiceBox, NumberBox
from xception_gui.ui.kit.page import scrolled
from xception_gui.ui.kit.theme import choose_appearance
from xception_gui.ui.preferences.preferences_dialog import PreferencesDialog
from xception_gui.ui.preferences.stored_data import StoredData

CHANGED_BY_THE_WHEEL = (QComboBox, QAbstractSpinBox, QAbstractSlider, QTabBar)
MADE_ELSEWHERE = {
    *("QComboBox", "QFontComboBox", "QSpinBox", "QDoubleSpinBox", "QDateEdit", "QTimeEdit", "QDateTimeEdit"),
    *("QSlider", "QDial", "QTabBar", "QTabWidget", "QCalendarWidget"),
}


def turn(widget: QWidget, steps: int = -1) -> None:
    """Turn the wheel over a widget, as the system tells of it: whoever doesn't take it passes it on."""
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget)
        around = around.parentWidget()
    window = widget.window()
    place = QPointF(widget.mapTo(window, widget.rect().center()))
    assert QRectF(window.rect()).contains(place), widget.objectName()
    QTest.wheelEvent(window.windowHandle(), place, QPoint(0, 120 * steps))
    QApplication.processEvents()


class Form:
    """A form that is higher than its window, with a box of each kind and a field."""

    def __init__(self, qtbot) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        self.choice, self.number, self.text = ChoiceBox(), NumberBox(), QLineEdit()
        self.choice.addItems(["one", "two", "three"])
        self.number.setValue(50)
        for one in (self.text, self.choice, self.number):
            column.addWidget(one)
        column.addSpacing(900)
        self.area = scrolled(content, "form")
        self.area.resize(300, 200)
        qtbot.addWidget(self.area)
        with qtbot.waitActive(self.area):
            self.area.show()
            self.area.activateWindow()
        self.text.setFocus()

    @property
    def values(self) -> tuple[int, float]:
        return self.choice.currentIndex(), self.number.value()

    @property
    def scrolled_to(self) -> int:
        return self.area.verticalScrollBar().value()

    def of(self, kind: str) -> QWidget:
        return self.choice if kind == "choice" else self.number


@pytest.fixture
def form(qtbot):
    return Form(qtbot)


@pytest.mark.parametrize("kind", ["choice", "number"])
def test_the_wheel_scrolls_the_page_and_changes_nothing(form, kind):
    turn(form.of(kind))
    assert form.values == (0, 50.0) and form.scrolled_to > 0
    assert form.text.hasFocus()  # nor does the keyboard go where the wheel was


@pytest.mark.parametrize("kind", ["choice", "number"])
def test_the_wheel_changes_what_was_clicked_until_it_is_left(qtbot, form, kind):
    box = form.of(kind)
    qtbot.mouseClick(box if kind == "choice" else form.number.lineEdit(), Qt.MouseButton.LeftButton)
    settle()
    if kind == "choice":
        qtbot.keyClick(form.choice.view(), Qt.Key.Key_Return)
    settle()
    turn(box)
    changed = form.values
    assert changed != (0, 50.0) and form.scrolled_to == 0
    form.text.setFocus()
    turn(box)
    assert form.values == changed and form.scrolled_to > 0


@pytest.mark.parametrize("kind", ["choice", "number"])
def test_the_keyboard_alone_does_not_let_the_wheel_change_it(qtbot, form, kind):
    box = form.of(kind)
    while not box.hasFocus():
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    turn(box)
    assert form.values == (0, 50.0) and form.scrolled_to > 0
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert form.values != (0, 50.0)


def test_a_click_into_the_digits_counts_as_one_on_the_box(qtbot, form):
    qtbot.mouseClick(form.number.lineEdit(), Qt.MouseButton.LeftButton)
    turn(form.number.lineEdit())
    assert form.number.value() == 49


def test_nothing_else_makes_controls_that_the_wheel_changes():
    """One that is made elsewhere would be changed by a wheel that passes."""
    source = Path(xception_gui.__file__).parent
    made = [
        f"{path.relative_to(source)}:{call.lineno}"
        for path in source.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in MADE_ELSEWHERE
    ]
    assert made == []


# --- In the program ---------------------------------------------------------------------------------------------------


@pytest.fixture
def program(qapp, settings, monkeypatch):
    FakeDesktop(monkeypatch)
    with whole_window(qapp, settings, monkeypatch) as made:
        yield made


def value_of(control: QWidget) -> float:
    return control.currentIndex() if isinstance(control, QComboBox | QTabBar) else control.value()


def test_no_control_of_the_window_is_changed_by_a_wheel_that_passes(program):
    tried = set()
    for _, enter in walk():
        enter(program)
        settle()
        for control in [one for kind in CHANGED_BY_THE_WHEEL for one in program.window.findChildren(kind)]:
            if control.isVisible() and not isinstance(control, QScrollBar):
                before = value_of(control)
                turn(control)
                turn(control, 2)
                assert value_of(control) == before, control.objectName()
                tried.add(control.objectName())
    assert {"predict_model", "predict_order", "check_left_out_reason", "recipe_optimizer"} <= tried


def test_nor_is_the_number_in_preferences(program):
    dialog = PreferencesDialog(StoredData(program.engines.viewer.client), program.window)
    dialog.show()
    program.engines.viewer.job.finish(CacheResult(2_000_000_000, 10_000_000_000, "/cache"))
    limit = dialog.findChild(NumberBox, "preferences_limit")
    turn(limit)
    assert limit.value() == 10.0
    dialog.close()


def test_the_wheel_over_a_plot_scrolls_the_page(program):
    for name, enter in walk():
        enter(program)
        if name == "train, notices":
            break
    program.window.resize(760, 500)
    for _ in range(TURNS):
        settle()
    area = find(program, "train_scroll")
    area.ensureWidgetVisible(find(program, "train_loss_plot"))
    before = area.verticalScrollBar().value()
    turn(find(program, "train_loss_plot"), 1)
    assert before > 0 and area.verticalScrollBar().value() < before


# --- Lists that drop down ---------------------------------------------------------------------------------------------


@pytest.fixture(params=[Qt.ColorScheme.Light, Qt.ColorScheme.Dark], ids=["light", "dark"])
def dressed(qapp, request):
    choose_appearance(qapp, request.param)
    yield
    choose_appearance(qapp, Qt.ColorScheme.Unknown)


@pytest.mark.parametrize("count", [1, 2, 5, 10, 11, 40])
def test_every_row_of_a_list_is_seen_whole(qtbot, dressed, count):
    box = ChoiceBox()
    qtbot.addWidget(box)
    box.addItems([f"entry {number}, which is longer than the box" for number in range(count)])
    box.setFixedWidth(90)
    box.show()
    box.showPopup()
    settle()
    view, shown = box.view(), min(count, box.maxVisibleItems())
    rows = [view.visualRect(view.model().index(number, 0)) for number in range(shown)]
    assert all(view.viewport().rect().contains(row) for row in rows)
    assert view.viewport().width() >= view.sizeHintForColumn(0)
    assert (view.verticalScrollBar().maximum() > 0) == (count > box.maxVisibleItems())
    box.hidePopup()


def test_what_has_too_little_room_is_shortened_in_its_middle(qtbot):
    box = ChoiceBox()
    qtbot.addWidget(box)
    box.addItems(["a model with a long name, the first", "a model with a long name, the second"])
    box.setFixedWidth(140)
    box.show()
    first = box.grab().toImage()
    box.setCurrentIndex(1)
    assert box.grab().toImage() != first  # their ends tell them apart
