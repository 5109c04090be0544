"""What a person can't reach or read in a window as large as it is: controls that are cut, texts that are shortened
beside free room, areas that scroll sideways or within one another, things that lie on each other."""

from collections.abc import Iterator
from itertools import combinations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenuBar,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QSplitterHandle,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from xception_gui.ui.kit.labels import ElidedLabel
from xception_gui.ui.plots.curve_plot import CurvePlot
from xception_gui.ui.results.confusion_matrix import ConfusionMatrix

CONTROLS = (QAbstractButton, QComboBox, QAbstractSpinBox, QLineEdit, QAbstractItemView, QPlainTextEdit)
PAINTED = (QLabel, CurvePlot)
SPARE = 32  # pixels beside a shortened text that are no free room, but distances of a layout
TWO_WAYS = (ConfusionMatrix,)
"""What can't be shown but by scrolling both ways, with its names in their places: a row and a column a class."""


def faults_of(window: QWidget) -> list[str]:
    """Say in sentences what is wrong with a window that is shown. An empty list: nothing."""
    shown = [one for one in _below(window) if not _is_part(one)]
    seen = [one for one in shown if isinstance(one, CONTROLS) or (isinstance(one, PAINTED) and _says_something(one))]
    return [
        *(f"{_name(one)} is out of reach: {why}" for one in seen if (why := _cut(one))),
        *(f"{_name(one)} is squeezed: {why}" for one in seen if (why := _squeezed(one))),
        *(f"{_name(one)} shortens its text: {why}" for one in shown if (why := _shortened(one))),
        *(f"{_name(one)} scrolls sideways" for one in shown if _scrolls_sideways(one)),
        *(f"{_name(one)} scrolls in {_name(around)}" for one in shown if (around := _scrolling_around(one))),
        *_overlaps([window, *shown]),
    ]


def _below(widget: QWidget) -> Iterator[QWidget]:
    """Give all that is shown in a widget, in the order in which it was made; other windows are not in it."""
    for child in widget.children():
        if isinstance(child, QWidget) and child.isVisible() and not child.isWindow():
            yield child
            yield from _below(child)


def _is_part(widget: QWidget) -> bool:
    """Say whether a widget is a part of a control of Qt's, or of a plot, which arrange their parts themselves."""
    parent = widget.parentWidget()
    while parent is not None:
        area = isinstance(parent, QAbstractScrollArea) and not isinstance(parent, QScrollArea)
        if area or isinstance(parent, QComboBox | QAbstractSpinBox | QLineEdit | CurvePlot | QMenuBar):
            return True
        parent = parent.parentWidget()
    return isinstance(widget, QScrollBar | QSplitterHandle | QHeaderView)


def _says_something(widget: QWidget) -> bool:
    return not isinstance(widget, QLabel) or bool(widget.text())


def _name(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    place, parent = widget.objectName(), widget.parentWidget()
    while not place and parent is not None:
        place, parent = parent.objectName(), parent.parentWidget()
    return f"{type(widget).__name__} {place} {words[:30]!r}"


def _cut(widget: QWidget) -> str:
    """Say what cuts a widget, once all that scrolls down around it has been scrolled to it; empty: nothing does."""
    rect, inner = QRect(QPoint(), widget.size()), widget
    while not inner.isWindow():
        around = inner.parentWidget()
        assert around is not None
        rect = rect.translated(inner.pos())
        area = around.parentWidget()
        if isinstance(area, QScrollArea) and area.viewport() is around:
            if rect.height() > around.height():
                rect.setHeight(around.height())  # as much as is seen at a time; the rest can be scrolled to
            rect.moveTop(max(0, min(rect.top(), around.height() - rect.height())))
        if not around.rect().contains(rect):
            return f"{_box(rect)} in {_name(around)} {_box(around.rect())}"
        inner = around
    return "it has no size" if widget.width() < 8 or widget.height() < 8 else ""


def _squeezed(widget: QWidget) -> str:
    least = widget.minimumSizeHint().expandedTo(widget.minimumSize())
    if widget.maximumWidth() < least.width() or widget.maximumHeight() < least.height():
        least = least.boundedTo(widget.maximumSize())
    if isinstance(widget, QLabel) and widget.wordWrap():
        least = QSize(0, widget.heightForWidth(widget.width()))
    if widget.width() < least.width() or widget.height() < least.height():
        return f"{widget.width()} × {widget.height()} instead of {least.width()} × {least.height()}"
    return ""


def _shortened(widget: QWidget) -> str:
    match widget:
        case ElidedLabel():
            wanted, free = widget.fontMetrics().horizontalAdvance(widget.text()), _free_beside(widget)
            if wanted > widget.width() and free > SPARE:
                return f"{wanted} wide in {widget.width()}, beside {free} that are free"
        case QLabel():
            if not widget.wordWrap() and widget.width() < widget.sizeHint().width():
                return f"{widget.sizeHint().width()} wide in {widget.width()}"
            if widget.wordWrap() and (wanted := _width_of_lines(widget)) > widget.width():
                return f"a line of {wanted} in {widget.width()}"
        case QPushButton():
            if widget.width() < widget.sizeHint().width() and widget.text():
                return f"{widget.sizeHint().width()} wide in {widget.width()}"
        case QComboBox():
            wanted, room = widget.fontMetrics().horizontalAdvance(widget.currentText()), _field_of(widget).width()
            if wanted > room and not widget.toolTip():
                return f"{wanted} wide in {room}, and no tool tip has the rest"
    return ""


def _width_of_lines(label: QLabel) -> int:
    """Say how wide the widest line is, once all lines were broken that can be."""
    room = QRect(0, 0, label.width(), 1_000_000)
    shown = QLabel.text(label)  # with the places at which names may be broken
    return QFontMetrics(label.font()).boundingRect(room, int(Qt.TextFlag.TextWordWrap), shown).width()


def _field_of(box: QComboBox) -> QRect:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    style = QStyle.SubControl.SC_ComboBoxEditField
    return box.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, style, box)


def _free_beside(label: QWidget) -> int:
    """Say how many pixels at the right of a label nothing stands in, up to the edge of what it stands in."""
    around = label.parentWidget()
    assert around is not None
    mine = label.geometry()
    edge = around.contentsRect().right()
    if (layout := around.layout()) is not None:
        edge -= layout.contentsMargins().right()
    others = [one.geometry() for one in around.children() if isinstance(one, QWidget) and one.isVisible()]
    beside = [one.left() for one in others if one.left() > mine.right() and _same_line(one, mine)]
    return min([edge, *beside]) - mine.right()


def _same_line(one: QRect, other: QRect) -> bool:
    return one.top() <= other.bottom() and other.top() <= one.bottom()


def _scrolls_sideways(widget: QWidget) -> bool:
    is_area = isinstance(widget, QAbstractScrollArea) and not isinstance(widget, TWO_WAYS)
    return is_area and widget.horizontalScrollBar().maximum() > 0


def _scrolling_around(widget: QWidget) -> QWidget | None:
    """Give an area that scrolls down as well as the one within it."""
    if not (isinstance(widget, QAbstractScrollArea) and widget.verticalScrollBar().maximum() > 0):
        return None
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea) and around.verticalScrollBar().maximum() > 0:
            return around
        around = around.parentWidget()
    return None


def _overlaps(widgets: list[QWidget]) -> Iterator[str]:
    for widget in widgets:
        if isinstance(widget, CONTROLS) and widget.layout() is None:
            continue
        inside = [
            one for one in widget.children() if isinstance(one, QWidget) and one.isVisible() and not one.isWindow()
        ]
        for first, second in combinations([one for one in inside if not _is_part(one)], 2):
            if first.geometry().intersects(second.geometry()):
                yield f"{_name(first)} {_box(first.geometry())} lies on {_name(second)} {_box(second.geometry())}"


def _box(rect: QRect) -> str:
    return f"{rect.left()},{rect.top()} {rect.width()}×{rect.height()}"
