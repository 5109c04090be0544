"""Paints a result: the picture, its most probable classes with bars, and the file name."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from xception_gui.domain.predictions import Prediction
from xception_gui.domain.visible import visible
from xception_gui.ui.kit import texts, theme
from xception_gui.ui.kit.painting import draw_bar, draw_text, draw_thumbnail, widest_percentage
from xception_gui.ui.pictures.thumbnails import Thumbnails
from xception_gui.ui.predict.prediction_list_model import ROW_ROLE, Row
from xception_gui.ui.predict.prediction_store import SHOWN_CLASSES

PICTURE = 104
PADDING = 12
LEAST_WIDTH = 300
BAR_HEIGHT = 6


@dataclass(frozen=True, slots=True)
class CardGrid:
    """Cards of equal width side by side, from edge to edge."""

    columns: int
    cell: int  # pixels: a card with its share of the gaps
    card: int

    def offset(self, column: int) -> int:
        """Return the distance in pixels from the left edge of a cell to its card: the outer cards touch the edges."""
        return round(column * theme.BETWEEN_CARDS / self.columns)


def grid_for(width: int) -> CardGrid:
    """Return the grid for a width in pixels."""
    gap = theme.BETWEEN_CARDS
    columns = max(1, (width + gap) // (LEAST_WIDTH + gap))
    return CardGrid(columns, max(1, width // columns), max(1, (width - gap * (columns - 1)) // columns))


class _Type:
    """The fonts of a card and how high their lines are."""

    def __init__(self) -> None:
        self.strong = theme.font(14, QFont.Weight.DemiBold)
        self.text = theme.font(14)
        self.small = theme.font(12)
        self.line = max(23, QFontMetrics(self.strong).height() + 4)
        self.small_line = QFontMetrics(self.small).height()


class PredictionCard(QStyledItemDelegate):
    """Paints results as cards."""

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._type = _Type()
        self.grid = grid_for(LEAST_WIDTH)

    def take_fonts(self) -> None:
        """Use the system's font as it is now."""
        self._type = _Type()

    @property
    def cell_size(self) -> QSize:
        """The size in pixels of a card with its gaps."""
        inside = max(PICTURE, SHOWN_CLASSES * self._type.line + 4 + self._type.small_line)
        return QSize(self.grid.cell, inside + 2 * PADDING + theme.BETWEEN_CARDS)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        """Return the same size for all cards."""
        return self.cell_size

    def picture_in(self, cell: QRect) -> QRect:
        """Return the picture's place in a cell."""
        card = self._card(cell)
        return QRect(card.left() + PADDING, card.top() + PADDING, PICTURE, PICTURE)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one result."""
        row: Row = index.data(ROW_ROLE)
        card = self._card(option.rect)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        _paint_box(painter, card, option.state)
        picture = self.picture_in(option.rect)
        left = picture.right() + 1 + PADDING
        words = QRect(left, picture.top(), card.right() + 1 - PADDING - left, card.height() - 2 * PADDING)
        if row.best is None:
            draw_thumbnail(painter, picture, None, failed=True)
            self._paint_reason(painter, words, row)
        else:
            self._paint_picture(painter, picture, row.prediction.path)
            self._paint_classes(painter, words, row.prediction.predictions[:SHOWN_CLASSES])
            self._paint_name(painter, words, row.name)
        painter.restore()

    def _card(self, cell: QRect) -> QRect:
        column = round(cell.left() / max(1, cell.width()))
        height = cell.height() - theme.BETWEEN_CARDS
        return QRect(cell.left() + self.grid.offset(column), cell.top(), self.grid.card, height)

    def _paint_picture(self, painter: QPainter, place: QRect, path: str) -> None:
        draw_thumbnail(painter, place, self._thumbnails.pixmap(path), failed=self._thumbnails.has_failed(path))

    def _paint_classes(self, painter: QPainter, words: QRect, said: tuple[Prediction, ...]) -> None:
        for number, one in enumerate(said):
            line = QRect(words.left(), words.top() + number * self._type.line, words.width(), self._type.line)
            self._paint_class(painter, line, one, is_best=number == 0)

    def _paint_class(self, painter: QPainter, line: QRect, one: Prediction, *, is_best: bool) -> None:
        small = QFontMetrics(self._type.small)
        figure = QRect(line)
        figure.setLeft(line.right() + 1 - widest_percentage(small))
        bar_width = max(26, min(120, round((figure.left() - line.left() - 16) * 0.22)))
        bar = QRectF(figure.left() - 8 - bar_width, line.center().y() - BAR_HEIGHT / 2 + 0.5, bar_width, BAR_HEIGHT)
        name = QRect(line.left(), line.top(), round(bar.left()) - 8 - line.left(), line.height())
        font = self._type.strong if is_best else self._type.text
        # The end of a name often tells more than its middle: “class 17”.
        draw_text(painter, name, one.class_name, font, "ink" if is_best else "muted", mode=Qt.TextElideMode.ElideMiddle)
        draw_bar(painter, bar, one.probability, "accent" if is_best else "muted")
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        draw_text(painter, figure, texts.percent(one.probability), self._type.small, "muted", right)

    def _paint_name(self, painter: QPainter, words: QRect, name: str) -> None:
        metrics = QFontMetrics(self._type.small)
        line = QRect(words.left(), words.bottom() + 1 - metrics.height(), words.width(), metrics.height())
        draw_text(painter, line, name, self._type.small, "muted", mode=Qt.TextElideMode.ElideMiddle)

    def _paint_reason(self, painter: QPainter, words: QRect, row: Row) -> None:
        line = QRect(words.left(), words.top(), words.width(), self._type.line)
        draw_text(painter, line, row.name, self._type.strong, mode=Qt.TextElideMode.ElideMiddle)
        _paint_paragraph(painter, words.adjusted(0, self._type.line, 0, 0), visible(row.result), self._type.small)


def _paint_box(painter: QPainter, card: QRect, state: QStyle.StateFlag) -> None:
    is_selected = bool(state & QStyle.StateFlag.State_Selected)
    has_focus = bool(state & QStyle.StateFlag.State_HasFocus)
    is_under_mouse = bool(state & QStyle.StateFlag.State_MouseOver)
    edge = "accent" if has_focus else "muted" if is_under_mouse else "line"
    width = 2 if has_focus else 1
    painter.setPen(QPen(theme.color(edge), width))
    painter.setBrush(theme.color("tint" if is_selected else "card"))
    inset = width / 2
    painter.drawRoundedRect(QRectF(card).adjusted(inset, inset, -inset, -inset), theme.CARD_RADIUS, theme.CARD_RADIUS)


def _paint_paragraph(painter: QPainter, place: QRect, text: str, font: QFont) -> None:
    """Paint as many lines as fit; the last one ends in “…” if there is more text."""
    metrics = QFontMetrics(font)
    layout = QTextLayout(text, font)
    layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignLeft))
    layout.beginLayout()
    painter.setFont(font)
    painter.setPen(theme.color("muted"))
    last = place.height() // metrics.height() - 1
    for number in range(last + 1):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(place.width())
        start, length = line.textStart(), line.textLength()
        shown = text[start : start + length].strip()
        if number == last:
            shown = metrics.elidedText(text[start:], Qt.TextElideMode.ElideRight, place.width())
        top = place.top() + number * metrics.height()
        painter.drawText(QPointF(place.left(), top + metrics.ascent()), shown)
    layout.endLayout()
