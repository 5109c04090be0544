"""Combo boxes and number boxes that ignore the mouse wheel. Always use these: Qt's own change when a page is scrolled.

Someone who scrolls a page must not change a box that passes under the pointer. Here the wheel scrolls the page, unless
the box was clicked before and still has the focus.
"""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from xception_gui.ui.kit.painting import shortened

COMES_BACK = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
"""Reasons for which the focus returns to a box that had it before: from its own list, or with the whole window."""


class ChoiceBox(QComboBox):
    """A combo box whose list is as wide as its longest entry, if the screen allows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        WheelGuard(self)

    def showPopup(self) -> None:  # noqa: N802 - Qt's name
        """Widen the list to its longest entry."""
        screen = (self.screen() or QGuiApplication.primaryScreen()).availableGeometry()
        self.view().setMinimumWidth(min(max(self.width(), self._longest_entry()), screen.width()))
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Shorten the text in its middle: long names often differ at their ends."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        if self.currentIndex() < 0 and self.placeholderText():
            option.palette.setBrush(QPalette.ColorRole.ButtonText, option.palette.placeholderText())
            option.currentText = self.placeholderText()
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        option.currentText = self._shortened(option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def _shortened(self, option: QStyleOptionComboBox) -> str:
        kind, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(kind, option, part, self).width() - 2
        text = str(option.currentText)
        return shortened(text, self.fontMetrics(), Qt.TextElideMode.ElideMiddle, room)

    def _longest_entry(self) -> int:
        view = self.view()
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        return view.sizeHintForColumn(0) + 2 * view.frameWidth() + (bar if self.count() > self.maxVisibleItems() else 0)


class NumberBox(QDoubleSpinBox):
    """A number box."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        WheelGuard(self)


class WheelGuard(QObject):
    """Passes the wheel on to the parent of a control until the control is clicked, and again once it loses focus."""

    def __init__(self, control: QWidget) -> None:
        super().__init__(control)
        self._control = control
        self._clicked = False
        control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # not WheelFocus: the wheel would give the focus
        control.installEventFilter(self)
        if isinstance(control, QAbstractSpinBox):
            control.lineEdit().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Watch clicks, focus and the wheel."""
        match event.type():
            case QEvent.Type.MouseButtonPress:
                self._clicked = True
            case QEvent.Type.FocusIn if isinstance(event, QFocusEvent):
                self._clicked = self._clicked and event.reason() in COMES_BACK
            case QEvent.Type.Wheel if not (self._clicked and self._control.hasFocus()):
                event.ignore()  # the parent gets the event
                return True
        return False
