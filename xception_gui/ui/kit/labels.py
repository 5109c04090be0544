"""Plain text: labels, labels that shorten their text, tool tips, window titles.

Qt interprets text that looks like HTML, and would load pictures that a file name refers to. Here nothing is interpreted,
and invisible characters in names are written out. Always use these labels.
"""

import html
import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QStyleOption, QWidget

from xception_gui.domain.visible import visible, visible_lines
from xception_gui.ui.kit import theme

SMALLEST_FIGURE = 14  # pixels of type


MAX_WITHOUT_A_BREAK = 40
"""Letters from which a word may be broken: file names may be longer than a page is wide."""
BREAK = "\u200b"  # zero-width space: a place to break a line


class PlainLabel(QLabel):
    """A label that shows its text without interpreting HTML."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show a text of one or several lines. Apply `visible` to names in the text first: they may contain line ends."""
        super().setText(_breakable(visible_lines(text)))

    def text(self) -> str:
        """Return the text."""
        return super().text().replace(BREAK, "")


def _breakable(text: str) -> str:
    """Allow line breaks in names that are longer than a line."""
    letters = MAX_WITHOUT_A_BREAK // 2
    return re.sub(
        rf"[^\s/-]{{{MAX_WITHOUT_A_BREAK},}}",
        lambda name: BREAK.join(name[0][start : start + letters] for start in range(0, len(name[0]), letters)),
        text,
    )


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
    """Return lines as a tool tip that shows them unchanged. Text that Qt might take for HTML is escaped."""
    shown = "\n".join(map(visible, lines))
    if not {"<", "&"} & set(shown):
        return shown
    return f"<qt>{html.escape(shown).replace(chr(10), '<br>')}</qt>"


def window_title(text: str) -> str:
    """Return a text as a window title. Qt would replace “[*]” by its mark for unsaved changes, so it is escaped."""
    return visible(text).replace("[*]", "[*][*]")


class ElidedLabel(PlainLabel):
    """A label of one line, shortened with “…” if there is too little room; the tool tip then has the whole text."""

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
        """Return the room for a few letters."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), 40), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw as much as fits."""
        font = self.font_that_fits()
        shown = QFontMetrics(font).elidedText(self.text(), self._mode, self.width())
        self.setToolTip(tool_tip(self.text()) if shown != self.text() else "")
        option = QStyleOption()
        option.initFrom(self)
        painter = QPainter(self)
        painter.setFont(font)
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

    def font_that_fits(self) -> QFont:
        """Return the font to draw it in."""
        return self.font()

    def style(self) -> QStyle:
        """Return the style that draws it."""
        return super().style()


class FigureLabel(ElidedLabel):
    """A label for a figure: smaller type if there is too little room, as a cut figure is worse than none."""

    def font_that_fits(self) -> QFont:
        """Return the largest font in which the figure fits, down to `SMALLEST_FIGURE`."""
        font = self.font()
        least = theme.text_size(SMALLEST_FIGURE)
        while font.pixelSize() > least and QFontMetrics(font).horizontalAdvance(self.text()) >= self.width():
            font.setPixelSize(font.pixelSize() - 1)
        return font
