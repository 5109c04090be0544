"""All classes of a prediction with their bars, the most probable first."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from xception_gui.domain.predictions import Prediction
from xception_gui.domain.visible import visible
from xception_gui.ui.kit import texts, theme
from xception_gui.ui.kit.labels import tool_tip
from xception_gui.ui.kit.painting import draw_bar, draw_text

BAR_HEIGHT = 6
SAID_ROLE = Qt.ItemDataRole.UserRole


class ClassBars(QListView):
    """A list for the up and down keys; left and right are left to the viewer."""

    def __init__(self, object_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(object_name)
        self.setAccessibleName(self.tr("Classes"))
        self._said = _Said(self)
        self.setModel(self._said)
        self.setItemDelegate(_Bar(self))
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_predictions(self, said: tuple[Prediction, ...]) -> None:
        """Show classes in the given order."""
        self._said.replace(said)
        self.scrollToTop()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Leave left, right and space to the viewer."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space):
            event.ignore()
        else:
            super().keyPressEvent(event)


class _Said(QAbstractListModel):
    """Classes and their probabilities."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._said: tuple[Prediction, ...] = ()

    def replace(self, said: tuple[Prediction, ...]) -> None:
        self.beginResetModel()
        self._said = said
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008, N802
        return 0 if parent.isValid() else len(self._said)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one = self._said[index.row()]
        words = f"{visible(one.class_name)}  {texts.percent(one.probability)}"
        match role:
            case Qt.ItemDataRole.UserRole:
                return one
            case Qt.ItemDataRole.DisplayRole:
                return words
            case Qt.ItemDataRole.ToolTipRole:
                return tool_tip(words)
        return None


class _Bar(QStyledItemDelegate):
    """Paints a class: name and percentage, and a bar across the whole width below."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        return QSize(100, QFontMetrics(theme.font(13)).height() + BAR_HEIGHT + 18)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        one: Prediction = index.data(SAID_ROLE)
        is_best = index.row() == 0
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme.color("tint"))
        inside = option.rect.adjusted(0, 4, -10, -6)
        small, name = theme.font(12), theme.font(13, QFont.Weight.DemiBold if is_best else QFont.Weight.Normal)
        figure = texts.percent(one.probability)
        room = QFontMetrics(small).horizontalAdvance(figure) + 2
        line = QRect(inside.left(), inside.top(), inside.width(), inside.height() - BAR_HEIGHT - 3)
        ink = "ink" if is_best else "muted"
        draw_text(painter, line.adjusted(0, 0, -room - 8, 0), one.class_name, name, ink, mode=_MIDDLE)
        draw_text(painter, line.adjusted(line.width() - room, 0, 0, 0), figure, small, "muted", _RIGHT)
        bar = QRectF(inside.left(), inside.bottom() - BAR_HEIGHT, inside.width(), BAR_HEIGHT)
        draw_bar(painter, bar, one.probability, "accent" if is_best else "muted")
        painter.restore()


_MIDDLE = Qt.TextElideMode.ElideMiddle
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
