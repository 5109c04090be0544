"""What all pages have in common: a title, a line below it, buttons at its right, and a body."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from xception_gui.ui import theme
from xception_gui.ui.widgets.labels import ElidedLabel


class Page(QWidget):
    """A page of the window."""

    def __init__(self, object_name: str, title: str, subtitle: str = "") -> None:
        super().__init__()
        self.setObjectName(object_name)
        self._title = ElidedLabel(title, "title", Qt.TextElideMode.ElideMiddle)
        self._subtitle = ElidedLabel(subtitle, "muted", Qt.TextElideMode.ElideMiddle)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        self.actions_row = QHBoxLayout()
        self.actions_row.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(24)
        head.addLayout(words, 1)
        head.addLayout(self.actions_row)
        head.setAlignment(self.actions_row, Qt.AlignmentFlag.AlignTop)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(theme.PAGE_MARGIN, 26, theme.PAGE_MARGIN, 24)
        self.body.setSpacing(theme.BETWEEN_BLOCKS)
        self.body.addLayout(head)

    def show_title(self, title: str, subtitle: str = "") -> None:
        """Change what stands at the top."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self._subtitle.setVisible(bool(subtitle))


def scrolled(content: QWidget, object_name: str) -> QScrollArea:
    """Put something that may be higher than the window into an area that scrolls."""
    area = QScrollArea()
    area.setObjectName(object_name)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area
