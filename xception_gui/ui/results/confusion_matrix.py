"""The confusion matrix: a row for each actual class, a column for each predicted class."""

import math
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from xception_gui.domain.visible import visible
from xception_gui.ui.kit import texts, theme
from xception_gui.ui.kit.labels import label, tool_tip
from xception_gui.ui.kit.painting import draw_text

LEAST_CELL = (30, 26)  # pixels; below, counts can't be read and cells can't be hit
LARGEST_CELL = (180, 150)
LONGEST_NAME = 150  # pixels at most for the names beside the cells
FAINTEST = 0.12  # opacity of a cell with a share near 0
AFTER = 4  # pixels between the last cells and the frame that shows the focus
NAME_ROOM = 10  # pixels around a name

_MIDDLE = Qt.TextElideMode.ElideMiddle  # long names often differ at their ends

ItemIndex = QModelIndex | QPersistentModelIndex


def cell_words(was: str, said: str, count: int, pictures: int) -> str:
    """Describe a cell.

    Args:
        was: the actual class, that of the row.
        said: the predicted class, that of the column.
        count: pictures in the cell.
        pictures: in the row.
    """
    if was == said:
        return _tr("{n} of {all} {name} correct").format(name=was, n=texts.number(count), all=texts.number(pictures))
    words = _tr("{n} of {all} {was} predicted as {said}")
    return words.format(was=was, said=said, n=texts.number(count), all=texts.number(pictures))


def cell_size(width: int, height: int, count: int, least: tuple[int, int] = LEAST_CELL) -> QSize:
    """Return the size of the cells: as large as fits, within limits, and nearly square. All in pixels.

    Args:
        width: available for all cells.
        height: available for all cells.
        count: number of classes.
        least: smallest readable width and height of a cell.
    """
    wide = min(max(width // count, least[0]), max(LARGEST_CELL[0], least[0]))
    high = min(max(height // count, least[1]), max(LARGEST_CELL[1], least[1]))
    return QSize(max(least[0], min(wide, high * 2)), max(least[1], min(high, wide)))


def cell_color(count: int, row_total: int, *, is_right: bool) -> QColor | None:
    """Return the colour of a cell by its share of the row, None if it is empty.

    The colour is light enough for text on top. Mistakes have small shares: the square root makes them visible.
    """
    if not count:
        return None
    share = count / row_total
    strongest = 0.5 if theme.tokens() is theme.DARK else 0.65
    strength = share if is_right else math.sqrt(share)
    base, top = theme.color("card"), theme.color("accent" if is_right else "error")
    return _mixed(base, top, FAINTEST + (strongest - FAINTEST) * strength)


class ConfusionMatrix(QTableView):
    """Shows the matrix; cells shrink with the widget down to a least size, then the matrix scrolls below its names.

    Signals:
        cell_chosen: int row, int column.
    """

    cell_chosen = Signal(int, int)

    def __init__(self, object_name: str) -> None:
        super().__init__()
        self.setObjectName(object_name)
        self.setAccessibleName(_tr("Predicted vs. actual (confusion matrix)"))
        self._model = _MatrixModel(self)
        self._across = _Names(Qt.Orientation.Horizontal, self)
        self._down = _Names(Qt.Orientation.Vertical, self)
        self.setHorizontalHeader(self._across)
        self.setVerticalHeader(self._down)
        self.setModel(self._model)
        self.setItemDelegate(_CellDelegate(self))
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self._corner = label(_tr("predicted →\nactual ↓"), "label")
        self._corner.setParent(self)
        self._corner.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
        self._corner.setContentsMargins(0, 4, NAME_ROOM // 2, 4)
        self.setTabKeyNavigation(False)  # Tab leads on to the pictures
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    def show_matrix(self, classes: Sequence[str], matrix: Sequence[Sequence[int]], chosen: tuple[int, int]) -> None:
        """Show a matrix and choose a cell."""
        self._model.show_matrix(classes, matrix)
        self._fit()
        self.choose(*chosen)

    def choose(self, row: int, column: int) -> None:
        """Choose a cell."""
        index = self._model.index(row, column)
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    @property
    def chosen(self) -> tuple[int, int] | None:
        """Row and column of the chosen cell."""
        index = self.currentIndex()
        return (index.row(), index.column()) if index.isValid() else None

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the cells to the new size."""
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        """Give the names the room they need and the cells the rest; column names that are too long are turned."""
        count = self._model.rowCount()
        if not count:
            return
        longest = max(_name_width(name) for name in self._model.classes)
        corner = self._corner.sizeHint()
        beside = max(corner.width(), min(longest, LONGEST_NAME, self.width() * 35 // 100))
        above = corner.height()
        least = (max(LEAST_CELL[0], _count_width(self._model.largest) + 8), LEAST_CELL[1])
        cell = self._cell_for(beside, above, count, least)
        is_turned = longest > cell.width()
        if is_turned:
            above = max(above, min(longest, LONGEST_NAME, self.height() * 35 // 100))
            cell = self._cell_for(beside, above, count, least)
        self._down.show_size(beside, cell.height())
        self._across.show_size(above, cell.width(), is_turned=is_turned)
        self._corner.setGeometry(self.frameWidth(), self.frameWidth(), beside, above)
        self.updateGeometries()

    def _cell_for(self, beside: int, above: int, count: int, least: tuple[int, int]) -> QSize:
        frame, bar = 2 * self.frameWidth(), self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        width, height = self.width() - frame - beside - AFTER, self.height() - frame - above - AFTER
        is_wide, is_high = least[0] * count > width, least[1] * count > height
        return cell_size(width - bar * is_high, height - bar * is_wide, count, least)

    def _on_current_changed(self, now: QModelIndex, before: QModelIndex) -> None:
        self._across.viewport().update()
        self._down.viewport().update()
        if now.isValid():
            self.cell_chosen.emit(now.row(), now.column())


class _MatrixModel(QAbstractTableModel):
    """Counts and class names."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.classes: tuple[str, ...] = ()  # with invisible characters written out
        self.matrix: tuple[tuple[int, ...], ...] = ()
        self.totals: tuple[int, ...] = ()
        self.largest = 0

    def show_matrix(self, classes: Sequence[str], matrix: Sequence[Sequence[int]]) -> None:
        self.beginResetModel()
        self.classes = tuple(map(visible, classes))
        self.matrix = tuple(tuple(row) for row in matrix)
        self.totals = tuple(sum(row) for row in self.matrix)
        self.largest = max((count for row in self.matrix for count in row), default=0)
        self.endResetModel()

    def rowCount(self, parent: ItemIndex = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's names and defaults
        return 0 if parent.isValid() else len(self.matrix)

    def columnCount(self, parent: ItemIndex = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self.classes)

    def data(self, index: ItemIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        count = self.matrix[row][column]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return texts.number(count) if count else ""
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                words = cell_words(self.classes[row], self.classes[column], count, self.totals[row])
                return tool_tip(words) if role == Qt.ItemDataRole.ToolTipRole else words
            case Qt.ItemDataRole.BackgroundRole:
                return cell_color(count, self.totals[row], is_right=row == column)
        return None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        name = self.classes[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role != Qt.ItemDataRole.ToolTipRole:
            return None
        if orientation is Qt.Orientation.Vertical:
            return tool_tip(_tr("Actual: {name} ({n})").format(name=name, n=texts.number(self.totals[section])))
        said = sum(row[section] for row in self.matrix)
        return tool_tip(_tr("Predicted: {name} ({n})").format(name=name, n=texts.number(said)))


class _Names(QHeaderView):
    """Names of rows or columns; those of the chosen cell are bold."""

    def __init__(self, orientation: Qt.Orientation, table: ConfusionMatrix) -> None:
        super().__init__(orientation, table)
        self._table = table
        self._is_turned = False
        self._thickness = 0
        self.setMinimumSectionSize(1)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def show_size(self, thickness: int, section: int, *, is_turned: bool = False) -> None:
        self._thickness, self._is_turned = thickness, is_turned
        self.setDefaultSectionSize(section)
        self.updateGeometry()
        self.viewport().update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._thickness, self._thickness)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802
        chosen = self._table.chosen
        is_across = self.orientation() is Qt.Orientation.Horizontal
        is_chosen = chosen is not None and chosen[1 if is_across else 0] == section
        font = theme.font(12, QFont.Weight.DemiBold if is_chosen else QFont.Weight.Normal)
        painter.save()
        if self._is_turned:
            painter.translate(rect.bottomLeft())
            painter.rotate(-90)
            rect = QRect(0, 0, rect.height(), rect.width())
        name = str(self.model().headerData(section, self.orientation()))
        around = NAME_ROOM // 2
        place = rect.adjusted(around, 0, -around, -4 if is_across and not self._is_turned else 0)
        draw_text(painter, place, name, font, "ink" if is_chosen else "muted", self._alignment(), _MIDDLE)
        painter.restore()

    def _alignment(self) -> Qt.AlignmentFlag:
        if self._is_turned:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if self.orientation() is Qt.Orientation.Vertical:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom


class _CellDelegate(QStyledItemDelegate):
    """Paints a cell."""

    def __init__(self, table: ConfusionMatrix) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ItemIndex) -> None:
        place, state = QRectF(option.rect), option.state
        color = index.data(Qt.ItemDataRole.BackgroundRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color if color is not None else theme.color("line", 0.35))
        painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), 3, 3)
        is_chosen = index == self._table.currentIndex()
        if is_chosen or state & QStyle.StateFlag.State_MouseOver:
            width = 2.5 if is_chosen else 1.5
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("ink" if is_chosen else "muted"), width))
            painter.drawRoundedRect(place.adjusted(width / 2, width / 2, -width / 2, -width / 2), 4, 4)
        painter.setPen(theme.color("ink"))
        painter.setFont(_count_font(option.rect.height()))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, index.data())
        painter.restore()


def _count_font(height: int) -> QFont:
    return theme.font(12 if height < 32 else 14 if height < 60 else 16 if height < 110 else 20)


def _count_width(count: int) -> int:
    return QFontMetrics(theme.font(12)).horizontalAdvance(texts.number(count))


def _name_width(name: str) -> int:
    """Return the width in pixels of a name when chosen: bold is widest."""
    return QFontMetrics(theme.font(12, QFont.Weight.DemiBold)).horizontalAdvance(name) + NAME_ROOM + 2


def _mixed(base: QColor, top: QColor, share: float) -> QColor:
    return QColor(
        round(base.red() + (top.red() - base.red()) * share),
        round(base.green() + (top.green() - base.green()) * share),
        round(base.blue() + (top.blue() - base.blue()) * share),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("confusion_matrix", text)
