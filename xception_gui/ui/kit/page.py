"""The parts that all pages share: a title, a subtitle, buttons at the right, and a body."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from xception_gui.ui.kit import theme
from xception_gui.ui.kit.beside_or_below import BesideOrBelow, held
from xception_gui.ui.kit.labels import ElidedLabel

SHORT = 560  # pixels of height, below which the distances shrink
LEAST_TITLE = 250  # pixels of title beside the buttons; with less, the buttons go below
LEAST_HEIGHT = 72  # pixels of a scrolling area: a line or two


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
            title: the heading.
            subtitle: a line below the title.
            between: pixels between the parts of the body.
            right: margin in pixels.
            bottom: margin in pixels.
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
        """Change title and subtitle."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self._subtitle.setVisible(bool(subtitle))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Shrink the distances in a low window."""
        super().resizeEvent(event)
        self._space()

    def _space(self) -> None:
        is_short = self.height() < SHORT
        top, bottom = (14, min(12, self._bottom)) if is_short else (26, self._bottom)
        self.body.setContentsMargins(theme.PAGE_MARGIN, top, self._right, bottom)
        self.body.setSpacing(12 if is_short else self._between)


def scrolled(content: QWidget, object_name: str) -> QScrollArea:
    """Put content that may be higher than the window into a scroll area."""
    area = QScrollArea()
    _set_up(area, content, object_name)
    return area


class FittingArea(QScrollArea):
    """A scroll area as high as its content; with less room, the content scrolls."""

    def __init__(self, content: QWidget, object_name: str) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        _set_up(self, content, object_name)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's names
        """Return the height of the content."""
        return QSize(super().sizeHint().width(), self._wanted())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the height of a line or two."""
        return QSize(0, min(LEAST_HEIGHT, self._wanted()))

    def event(self, event: QEvent) -> bool:
        """Fit after a resize: labels wrap differently. Not in `resizeEvent`, where Qt ignores a second resize."""
        is_done = super().event(event)
        if event.type() is QEvent.Type.Resize:
            self.fit()
        return is_done

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Fit when the content changes."""
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
        """Take the needed height now, before the next event."""
        self.setMaximumHeight(self._wanted())
        self.updateGeometry()
        parent = self.parentWidget()
        if parent is not None and (around := parent.layout()) is not None:
            around.activate()
        # If everything fits, no scroll bar may take width: labels wrapped beside one would be higher than needed.
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
