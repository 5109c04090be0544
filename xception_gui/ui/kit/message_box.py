"""A message box for plain text. Always use this one: Qt would interpret names in its own as HTML."""

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from xception_gui.domain.visible import visible, visible_lines

MAX_OF_A_NAME = 64  # letters without a break, the width of a box


class MessageBox(QMessageBox):
    """Shows its texts without interpreting HTML."""

    def __init__(self, icon: QMessageBox.Icon, name: str, parent: QWidget) -> None:
        """Make it.

        Args:
            icon: question, warning and so on.
            name: the object name.
            parent: the window below the box.
        """
        super().__init__(parent)
        self.setObjectName(name)
        self.setIcon(icon)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's names
        """Show the main text, a sentence or two."""
        super().setText(_fitting(visible(text)))

    def setInformativeText(self, text: str) -> None:  # noqa: N802
        """Show more text below, in one or several lines."""
        super().setInformativeText(_fitting(visible_lines(text)))


def _fitting(text: str) -> str:
    """Shorten names that are longer than a line in their middle: Qt would cut them off."""
    half = MAX_OF_A_NAME // 2 - 1
    return re.sub(rf"[^\s/-]{{{MAX_OF_A_NAME},}}", lambda name: f"{name[0][:half]}…{name[0][-half:]}", text)
