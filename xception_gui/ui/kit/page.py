"""What all pages have in common: a title, a line below it, buttons at its right, and a body."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from xception_gui.ui.kit import theme
from xception_gui.ui.kit.beside_or_below import BesideOrBelow, held
from xception_gui.ui.kit.labels import ElidedLabel

SHORT = 560  # pixels of height, below which distances shrink to leave their room to what is on the page
LEAST_TITLE = 250  # pixels beside the buttons; with less, they go below
LEAST_HEIGHT = 72  # pixels of what scrolls, for a line or two to be seen


class Page(QWidget):
    """A page of the window."""

    def __init__(
        self,
        object_name: str,
        title: str,
        subtitle: str = "",
        *,
        between: int = theme.BETWEEN_BLOCKS,
        right: int = theme.PAGE_MARGIN,
        bottom: int = 24,
    ) -> None:
        """Make it.

        Args:
            object_name: of the widget.
            title: what stands at the top.
            subtitle: a line below it.
            between: pixels between the parts of its body.
            right: pixels beside them.
            bottom: pixels below them.
        """
        super().__init__()
        self.setObjectName(object_name)
        self._between, self._right, self._bottom = between, right, bottom
        self._title = ElidedLabel(title, "title", Qt.TextElideMode.ElideMiddle)
        self._subtitle = ElidedLabel(subtitle, "muted", Qt.TextElideMode.ElideMiddle)
        self.actions_row = QHBoxLayout()
        self.actions_row.setSpacing(12)
        line = BesideOrBelow(LEAST_TITLE, spacing=24)
        line.addWidget(self._title)
        line.addWidget(held(self.actions_row))
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addLayout(line)
        head.addWidget(self._subtitle)
        self.body = QVBoxLayout(self)
        self.body.addLayout(head)
        self._space()

    def show_title(self, title: str, subtitle: str = "") -> None:
        """Change what stands at the top."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self._subtitle.setVisible(bool(subtitle))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Move things closer together where the window is low."""
        super().resizeEvent(event)
        self._space()

    def _space(self) -> None:
        is_short = self.height() < SHORT
        top, bottom = (14, min(12, self._bottom)) if is_short else (26, self._bottom)
        self.body.setContentsMargins(theme.PAGE_MARGIN, top, self._right, bottom)
        self.body.setSpacing(12 if is_short else self._between)


def scrolled(content: QWidget, object_name: str) -> QScrollArea:
    """Put something that may be higher than the window into an area that scrolls."""
    area = QScrollArea()
    _set_up(area, content, object_name)
    return area


class FittingArea(QScrollArea):
    """As high as what is in it; where there is too little room for that, it scrolls."""

    def __init__(self, content: QWidget, object_name: str) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        _set_up(self, content, object_name)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's names
        """Ask for all that it holds."""
        return QSize(super().sizeHint().width(), self._wanted())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Be content with a line or two."""
        return QSize(0, min(LEAST_HEIGHT, self._wanted()))

    def event(self, event: QEvent) -> bool:
        """Words wrap anew in another width. Not in `resizeEvent`: Qt lays nothing out there that is resized again."""
        is_done = super().event(event)
        if event.type() is QEvent.Type.Resize:
            self.fit()
        return is_done

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow what it holds."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.fit()
        return super().eventFilter(watched, event)

    def _wanted(self) -> int:
        content = self.widget()
        if content is None:
            return 0
        if content.hasHeightForWidth():
            return content.heightForWidth(self.width())
        return content.sizeHint().height()

    def fit(self) -> None:
        """Take as much room as it needs now, before anything else happens."""
        self.setMaximumHeight(self._wanted())
        self.updateGeometry()
        parent = self.parentWidget()
        if parent is not None and (around := parent.layout()) is not None:
            around.activate()
        # Where all has room, no scroll bar may take width: words that wrap beside it would be too high without it.
        has_room = self.height() >= self._wanted()
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOff if has_room else policy.ScrollBarAsNeeded)


def _set_up(area: QScrollArea, content: QWidget, object_name: str) -> None:
    area.setObjectName(object_name)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
