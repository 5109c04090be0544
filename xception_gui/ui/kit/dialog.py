"""A dialog as high as its content; on a lower screen the content scrolls above the buttons."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from xception_gui.ui.kit import screens, theme
from xception_gui.ui.kit.page import scrolled

MARGIN = 24  # pixels


class FittingDialog(QDialog):
    """Content goes into `body`, buttons into `foot`."""

    def __init__(self, object_name: str, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(object_name)
        self._width = width
        self._content = QWidget()
        self.body = QVBoxLayout(self._content)
        self.body.setContentsMargins(MARGIN, MARGIN, MARGIN, 0)
        self.body.setSpacing(theme.BETWEEN_CARDS)
        self.foot = QHBoxLayout()
        self.foot.setContentsMargins(MARGIN, theme.BETWEEN_CARDS, MARGIN, 20)
        self.foot.setSpacing(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(scrolled(self._content, f"{object_name}_scroll"), 1)
        column.addLayout(self.foot)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the height: only now do the labels have their fonts."""
        super().showEvent(event)
        self.fit()

    def fit(self) -> None:
        """Fit the height to the content: Qt's dialogs ignore the height of wrapped labels."""
        self.body.activate()
        room = screens.room_for(self)
        width = min(self._width, room.width())
        height = (
            self.body.totalHeightForWidth(width) if self.body.hasHeightForWidth() else self.body.sizeHint().height()
        )
        self.setFixedSize(width, min(height + self.foot.sizeHint().height(), room.height()))
