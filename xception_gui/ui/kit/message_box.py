"""A word or a question in a box of its own. Boxes are made here and nowhere else: Qt would read names in them as HTML."""

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from xception_gui.domain.visible import visible, visible_lines

MAX_OF_A_NAME = 64  # letters without a break: a line of a box


class MessageBox(QMessageBox):
    """Shows its words as they are."""

    def __init__(self, icon: QMessageBox.Icon, name: str, parent: QWidget) -> None:
        """Make it.

        Args:
            icon: of its kind.
            name: its object name.
            parent: the window that it stands above.
        """
        super().__init__(parent)
        self.setObjectName(name)
        self.setIcon(icon)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's names
        """Say it, in a sentence or two."""
        super().setText(_fitting(visible(text)))

    def setInformativeText(self, text: str) -> None:  # noqa: N802
        """Say more below, in one or several lines."""
        super().setInformativeText(_fitting(visible_lines(text)))


def _fitting(text: str) -> str:
    """Shorten names that are longer than a line, in their middle: in a box, Qt would cut them."""
    half = MAX_OF_A_NAME // 2 - 1
    return re.sub(rf"[^\s/-]{{{MAX_OF_A_NAME},}}", lambda name: f"{name[0][:half]}…{name[0][-half:]}", text)
