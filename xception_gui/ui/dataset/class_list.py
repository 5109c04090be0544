"""The classes of a data set as rows: name, number of pictures, some of them, a bar, and recall so far."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from xception_gui.domain.visible import visible
from xception_gui.ui.dataset.whole_list import show_whole, whole_size
from xception_gui.ui.kit import texts, theme
from xception_gui.ui.kit.labels import tool_tip
from xception_gui.ui.kit.painting import draw_bar, draw_focus, draw_text, draw_thumbnail, widest_percentage
from xception_gui.ui.pictures.thumbnails import Thumbnails

ROW = 62  # pixels
MAX_PICTURES = 8  # in a row
PICTURE = 44
BETWEEN = 6
MAX_PICTURES = 8
BAR = 140
LEAST_NAME = 110
GAP = 12
MEASURED = 50  # longest names that are measured to find the widest

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class."""

    name: str
    count: int
    samples: tuple[str, ...]  # paths


@dataclass(frozen=True, slots=True)
class Share:
    """The recall of a class."""

    value: float  # 0..1
    pictures: int  # validation pictures of the class; 0: number unknown

    @property
    def words(self) -> str:
        """A percentage; with few pictures, a count such as “3 of 4”."""
        return texts.share_of(self.value, self.pictures) if self.pictures else texts.percent(self.value)


@dataclass(frozen=True, slots=True)
class Columns:
    """The places of the parts of a row."""

    name: QRect
    count: QRect
    pictures: tuple[QRect, ...]
    bar: QRect | None
    share: QRect | None


@dataclass(frozen=True, slots=True)
class Needs:
    """Widths of the longest texts of a list, in pixels, with the gap to the next column."""

    name: int = 0
    count: int = 74
    share: int = 52


def columns_of(
    row: QRect,
    most_pictures: int,
    *,
    with_share: bool = False,
    needs: Needs = Needs(),
) -> Columns:
    """Arrange a row. A narrow row drops the bar first, then pictures; a name gets a quarter, and the spare room."""
    share = needs.share if with_share else 0
    left, width = row.left() + 8, row.width() - 16 - share
    count = needs.count
    bar = BAR if width + share > 620 else 0
    beside = width - count - (bar + 24 if bar else 0)
    quarter = max(LEAST_NAME, min(300, width // 4))
    left_over = beside - most_pictures * (PICTURE + BETWEEN)
    name = max(quarter, min(needs.name, left_over))
    room = beside - name
    fitting = max(1, min(most_pictures, (room + BETWEEN) // (PICTURE + BETWEEN)))
    top = row.top() + (row.height() - PICTURE) // 2
    start = left + name + count
    pictures = tuple(QRect(start + i * (PICTURE + BETWEEN), top, PICTURE, PICTURE) for i in range(fitting))
    return Columns(
        name=QRect(left, row.top(), name - 12, row.height()),
        count=QRect(left + name, row.top(), count - 12, row.height()),
        pictures=pictures,
        bar=QRect(row.right() - 8 - share - bar, row.top() + row.height() // 2 - 3, bar, 6) if bar else None,
        share=QRect(row.right() - 8 - share, row.top(), share, row.height()) if share else None,
    )


class ClassModel(QAbstractListModel):
    """The rows."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[ClassRow, ...] = ()
        self.largest = 1
        self.most_pictures = 0
        self.shares: Mapping[str, Share] = {}

    def show_classes(self, rows: Sequence[ClassRow]) -> None:
        """Show other classes."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.largest = max((row.count for row in rows), default=1) or 1
        self.most_pictures = min(MAX_PICTURES, max((len(row.samples) for row in rows), default=0))
        self.shares = {}
        self.endResetModel()

    def show_shares(self, shares: Mapping[str, Share]) -> None:
        """Show the recall of each class; an empty mapping: not known."""
        self.shares = shares
        if self.rows:
            self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's names
        """Count the classes."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the text for screen readers, and the tool tip."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            words = self.tr("{name}: 1 picture") if row.count == 1 else self.tr("{name}: {n} pictures")
            said = words.format(name=visible(row.name), n=texts.number(row.count))
            share = self.shares.get(row.name)
            if share is None:
                return said
            return self.tr("{said}, {share} correct so far").format(said=said, share=share.words)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(row.name)
        return None


class _Delegate(QStyledItemDelegate):
    def __init__(self, model: ClassModel, thumbnails: Thumbnails, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._thumbnails = thumbnails
        self._needs = Needs()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        return QSize(200, ROW)

    def take_needs(self) -> None:
        """Measure the longest texts; with thousands of classes, only the names with the most letters."""
        bold, plain = QFontMetrics(theme.font(14, QFont.Weight.DemiBold)), QFontMetrics(theme.font(14))
        names = heapq.nlargest(MEASURED, (visible(row.name) for row in self._model.rows), key=len)
        self._needs = Needs(
            name=max((bold.horizontalAdvance(name) for name in names), default=0) + GAP,
            count=max(62, plain.horizontalAdvance(texts.number(self._model.largest))) + GAP,
            share=max(widest_percentage(bold), bold.horizontalAdvance(Share(1.0, 19).words) + 4) + GAP,
        )

    def columns(self, place: QRect) -> Columns:
        """Arrange a row."""
        with_share = bool(self._model.shares)
        return columns_of(place, self._model.most_pictures, with_share=with_share, needs=self._needs)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._model.rows[index.row()]
        place: QRect = option.rect
        columns = self.columns(place)
        draw_text(painter, columns.name, row.name, theme.font(14, QFont.Weight.DemiBold))
        draw_text(painter, columns.count, texts.number(row.count), theme.font(14))
        for spot, path in zip(columns.pictures, row.samples, strict=False):
            failed = self._thumbnails.has_failed(path)
            draw_thumbnail(painter, spot, self._thumbnails.pixmap(path), failed=failed)
        if columns.bar is not None:
            draw_bar(painter, QRectF(columns.bar), row.count / self._model.largest)
        share = self._model.shares.get(row.name)
        if columns.share is not None and share is not None:
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            bold = theme.font(14, QFont.Weight.DemiBold)
            draw_text(painter, columns.share, share.words, bold, alignment=right)
        painter.setPen(theme.color("line"))
        painter.drawLine(place.bottomLeft(), place.bottomRight())
        if option.state & QStyle.StateFlag.State_HasFocus:
            draw_focus(painter, place.adjusted(0, 2, 0, -3))


class ClassList(QListView):
    """Shows classes. A double click on a picture, or Enter on a class, opens its pictures.

    Signals:
        picture_opened: the paths of a class's pictures, and which of them.
    """

    picture_opened = Signal(list, int)

    def __init__(self, thumbnails: Thumbnails, object_name: str) -> None:
        super().__init__()
        self.setObjectName(object_name)
        self.setAccessibleName(self.tr("Classes"))
        self._model = ClassModel(self)
        self.setModel(self._model)
        self._delegate = _Delegate(self._model, thumbnails, self)
        self.setItemDelegate(self._delegate)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        show_whole(self)
        thumbnails.thumbnail_ready.connect(lambda _path: self.viewport().update())

    def show_classes(self, rows: Sequence[ClassRow]) -> None:
        """Show other classes."""
        self._model.show_classes(rows)
        self._delegate.take_needs()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's names
        """Measure again when the font changes."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._delegate.take_needs()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's names
        """Return the size of all rows."""
        return whole_size(self, self._model.rowCount(), ROW)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the size of all rows."""
        return self.sizeHint()

    def show_shares(self, shares: Mapping[str, Share]) -> None:
        """Show the recall of each class; an empty mapping: not known."""
        self._model.show_shares(shares)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's names
        """Open the picture under the pointer, or the first one of the class."""
        index = self.indexAt(event.position().toPoint())
        columns = self._delegate.columns(self.visualRect(index))
        hit = (at for at, spot in enumerate(columns.pictures) if spot.contains(event.position().toPoint()))
        self._open(index, next(hit, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Open the pictures of the current class with Enter or Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open(self.currentIndex(), 0)
            return
        super().keyPressEvent(event)

    def _open(self, index: QModelIndex, number: int) -> None:
        samples = self._model.rows[index.row()].samples if index.isValid() else ()
        if samples:
            self.picture_opened.emit(list(samples), min(number, len(samples) - 1))
