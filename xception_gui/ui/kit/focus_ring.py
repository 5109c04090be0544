"""A ring around the button focused by the keyboard, not by a click."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget


class FocusRing(QObject):
    """Marks the focused button (`ring` in the style sheet), unless a click gave the focus."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        app.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is None or new is None:  # the whole window lost or regained the focus: nothing changes
            return
        if isinstance(old, QAbstractButton):
            _mark(old, False)
        by_mouse = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if isinstance(new, QAbstractButton) and not by_mouse:
            _mark(new, True)


def _mark(widget: QWidget, marked: bool) -> None:
    if bool(widget.property("ring")) == marked:
        return
    widget.setProperty("ring", marked)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
