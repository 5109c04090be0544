"""Text as it is: labels, one that shortens its text to the room there is, tool tips, titles of windows.

Qt reads as HTML what looks like it, and would open the pictures that the name of a stranger's file speaks of. Nothing
here is read so, and what can't be seen in a name is written out. Labels are made here and nowhere else.
"""

import html

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QStyleOption, QWidget

from xception_gui.domain.visible import visible, visible_lines


class PlainLabel(QLabel):
    """A label that shows its text as it is."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show a text of one or several lines. A name in it should be `visible` before: its line ends would be lines."""
        super().setText(visible_lines(text))


def label(text: str = "", role: str = "", *, wrap: bool = False, selectable: bool = False, name: str = "") -> QLabel:
    """Make a label."""
    made = PlainLabel(text)
    made.setProperty("role", role)
    made.setWordWrap(wrap)
    if name:
        made.setObjectName(name)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        made.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return made


def tool_tip(*lines: str) -> str:
    """Give lines as a tool tip that shows them as they are. What Qt might take for HTML becomes HTML that says it."""
    shown = "\n".join(map(visible, lines))
    if not {"<", "&"} & set(shown):
        return shown
    return f"<qt>{html.escape(shown).replace(chr(10), '<br>')}</qt>"


def window_title(text: str) -> str:
    """Give a text as the title of a window, in which Qt would take “[*]” for the place of a mark, and leave it out."""
    return visible(text).replace("[*]", "[*][*]")


class ElidedLabel(PlainLabel):
    """A label of one line that ends in “…” where there is too little room; the tool tip then has the rest."""

    def __init__(
        self,
        text: str = "",
        role: str = "",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._mode = mode
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show a text; line ends in it become spaces."""
        super().setText(" ".join(text.split()))
        self.setAccessibleName(self.text())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Room for a few letters is enough."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), 40), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw as much as fits."""
        shown = self.fontMetrics().elidedText(self.text(), self._mode, self.width())
        self.setToolTip(tool_tip(self.text()) if shown != self.text() else "")
        option = QStyleOption()
        option.initFrom(self)
        painter = QPainter(self)
        self.style().drawItemText(
            painter,
            self.rect(),
            int(self.alignment()),
            self.palette(),
            self.isEnabled(),
            shown,
            self.foregroundRole(),
        )
        painter.end()

    def style(self) -> QStyle:
        """Give the style that draws it."""
        return super().style()
