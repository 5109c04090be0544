"""Precision, recall, F1 and support of each class in a table."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QTableView

from xception_gui.domain.messages.using import ClassMetrics
from xception_gui.domain.visible import visible
from xception_gui.ui.kit import texts, theme
from xception_gui.ui.kit.labels import tool_tip
from xception_gui.ui.kit.painting import draw_text, widest_percentage

NAME, PRECISION, RECALL, F1, PICTURES = range(5)
LEAST_NAME = 80  # pixels; below, the table scrolls
BESIDE = 5  # pixels beside the title of a column
UNKNOWN = -1.0  # below all shares, so that undefined figures sort next to 0
BESIDE_CELL = 6  # pixels beside the text of a cell, as in the style sheet
HIDDEN_FIRST = (F1, PRECISION, PICTURES)  # if there is too little room for all columns
SORT_ROLE = Qt.ItemDataRole.UserRole

ItemIndex = QModelIndex | QPersistentModelIndex


class ClassTable(QTableView):
    """Shows one row per class, lowest recall first; a click on a column title sorts by it.

    Signals:
        class_chosen: str, its name.
    """

    class_chosen = Signal(str)

    def __init__(self, object_name: str) -> None:
        super().__init__()
        self.setObjectName(object_name)
        self.setAccessibleName(_tr("Results by class"))
        self._model = _ClassModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self._model)
        self._sorted.setSortRole(SORT_ROLE)
        self.setModel(self._sorted)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)  # Tab leads on to the pictures
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self._header = _Header(self)
        self.setHorizontalHeader(self._header)
        self.setSortingEnabled(True)
        self.sortByColumn(RECALL, Qt.SortOrder.AscendingOrder)
        self.selectionModel().currentRowChanged.connect(self._on_row_changed)

    def show_classes(self, classes: Mapping[str, ClassMetrics]) -> None:
        """Show other classes; the first row is chosen."""
        self._model.show_classes(classes)
        self._header.show_largest_count(max((one.support for one in classes.values()), default=0))
        self._header.fit(self.viewport().width())
        self.scrollToTop()
        if classes:
            self.setCurrentIndex(self._sorted.index(0, NAME))

    def choose(self, name: str) -> None:
        """Choose a class."""
        for row in range(self._sorted.rowCount()):
            if self._sorted.index(row, NAME).data(SORT_ROLE) == _sortable(name):
                self.setCurrentIndex(self._sorted.index(row, NAME))

    @property
    def chosen(self) -> str | None:
        """The name of the chosen class."""
        index = self.currentIndex()
        return self._model.name(self._sorted.mapToSource(index).row()) if index.isValid() else None

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the columns to the new width."""
        super().resizeEvent(event)
        self._header.fit(self.viewport().width())

    def _on_row_changed(self, now: QModelIndex, before: QModelIndex) -> None:
        name = self.chosen
        if name is not None:
            self.class_chosen.emit(name)


def columns_that_fit(widths: Mapping[int, int], room: int) -> set[int]:
    """Return the columns of figures that fit beside the names, given widths and room in pixels."""
    shown = set(widths)
    for column in HIDDEN_FIRST:
        if LEAST_NAME + sum(widths[one] for one in shown) > room:
            shown.discard(column)
    return shown


class _Header(QHeaderView):
    """The column titles; a triangle above one shows the sort order."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self.setSectionsClickable(True)
        self.setMinimumSectionSize(1)
        self._largest_count = ""

    def show_largest_count(self, count: int) -> None:
        """Make room for the largest number of pictures."""
        self._largest_count = texts.number(count)

    def fit(self, room: int) -> None:
        """Give the figures the width they need, and the class names the rest."""
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        widths = {column: self._needed(column) for column in (PRECISION, RECALL, F1, PICTURES)}
        shown = columns_that_fit(widths, room)
        for column, width in widths.items():
            self.setSectionHidden(column, column not in shown)
            self.resizeSection(column, width)
        self.resizeSection(NAME, max(LEAST_NAME, room - sum(widths[column] for column in shown)))

    def _needed(self, column: int) -> int:
        """Return the width in pixels that a column needs for its title and its longest figure."""
        title = QFontMetrics(theme.font(12, QFont.Weight.DemiBold)).horizontalAdvance(self._title(column))
        margin = self.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, self) + 1
        metrics = QFontMetrics(theme.font(14))
        count = metrics.horizontalAdvance(self._largest_count) + 1  # a fraction less is too little
        figures = count if column == PICTURES else widest_percentage(metrics)
        return max(title + 2 * BESIDE, figures + 2 * (BESIDE_CELL + margin))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the room for a line and the triangle above it."""
        return QSize(0, QFontMetrics(theme.font(12)).height() + 16)

    def paintSection(self, painter: QPainter, rect: QRect, column: int) -> None:  # noqa: N802
        """Paint the title of a column."""
        is_sorted = column == self.sortIndicatorSection()
        font = theme.font(12, QFont.Weight.DemiBold if is_sorted else QFont.Weight.Normal)
        painter.save()
        painter.setPen(theme.color("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        place = rect.adjusted(BESIDE, 6, -BESIDE, 0)
        draw_text(painter, place, self._title(column), font, "ink" if is_sorted else "muted", _alignment(column))
        if is_sorted:
            self._paint_triangle(painter, place, column)
        painter.restore()

    def _paint_triangle(self, painter: QPainter, place: QRect, column: int) -> None:
        """Point down, as the values rise downwards, or up."""
        is_up = self.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
        left = place.left() if column == NAME else place.right() - 8
        top, base = (place.top() - 4, place.top()) if is_up else (place.top(), place.top() - 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("ink"))
        painter.drawPolygon([QPoint(left, base), QPoint(left + 8, base), QPoint(left + 4, top)])

    def _title(self, column: int) -> str:
        return str(self.model().headerData(column, self.orientation()))


class _ClassModel(QAbstractTableModel):
    """Classes with their figures."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, ClassMetrics], ...] = ()

    def show_classes(self, classes: Mapping[str, ClassMetrics]) -> None:
        self.beginResetModel()
        self._rows = tuple(classes.items())
        self.endResetModel()

    def name(self, row: int) -> str:
        return self._rows[row][0]

    def rowCount(self, parent: ItemIndex = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's names and defaults
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: ItemIndex = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else PICTURES + 1

    def data(self, index: ItemIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        name, metrics = self._rows[index.row()]
        column = index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _shown(name, metrics, column)
            case Qt.ItemDataRole.ToolTipRole:
                return tool_tip(name if column == NAME else _meaning(column, name))
            case Qt.ItemDataRole.TextAlignmentRole:
                return int(_alignment(column))
        return _value(name, metrics, column) if role == SORT_ROLE else None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return (_tr("Class"), _tr("Precision"), _tr("Recall"), _tr("F1"), _tr("Pictures"))[section]
            case Qt.ItemDataRole.ToolTipRole:
                return _meaning(section, _tr("a class"))
            case Qt.ItemDataRole.TextAlignmentRole:
                return int(_alignment(section))
        return None


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column == NAME else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def _shown(name: str, metrics: ClassMetrics, column: int) -> str:
    if column == NAME:
        return visible(name)
    if column == PICTURES:
        return texts.number(metrics.support)
    figure = _figure(metrics, column)
    return texts.NO_FIGURE if figure is None else texts.percent(figure)


def _value(name: str, metrics: ClassMetrics, column: int) -> str | float | int:
    """Return the sort key of a cell: undefined figures come first."""
    if column == NAME:
        return _sortable(name)
    if column == PICTURES:
        return metrics.support
    figure = _figure(metrics, column)
    return UNKNOWN if figure is None else figure


def _figure(metrics: ClassMetrics, column: int) -> float | None:
    """Return a figure, None if undefined. Without pictures, recall and F1 are undefined, whatever the record says."""
    if column == PRECISION:
        return metrics.precision
    return (metrics.recall if column == RECALL else metrics.f1) if metrics.support else None


def _sortable(name: str) -> str:
    return name.casefold()


def _meaning(column: int, name: str) -> str:
    meanings = (
        _tr("Name of the class."),
        _tr("Precision: of the pictures predicted as {name}, the share that is correct."),
        _tr("Recall: of the pictures of {name}, the share that was found."),
        _tr("F1: precision and recall in one figure (their harmonic mean)."),
        _tr("Support: how many pictures of {name} were classified."),
    )
    return meanings[column].format(name=name)


def _tr(text: str) -> str:
    return QCoreApplication.translate("class_table", text)
