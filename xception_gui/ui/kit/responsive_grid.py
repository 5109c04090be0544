"""Cards side by side, as many as the width allows, all equally wide."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayoutItem, QWidget

from xception_gui.ui.kit import theme
from xception_gui.ui.kit.wrapping_layout import WrappingLayout, height_of


def columns_for(width: int, count: int, least: int, spacing: int) -> int:
    """Return how many columns to make.

    As many as fit; but rows that are all full look better than one that is nearly empty, so four cards that don't fit
    into a row stand two by two.

    Args:
        width: pixels.
        count: of cards.
        least: pixels that a card needs.
        spacing: pixels between cards.
    """
    fit = max(1, min(count, (width + spacing) // (least + spacing)))
    rows = -(-count // fit)
    return -(-count // rows)


class ResponsiveGrid(WrappingLayout):
    """Wraps cards into rows of equal columns, which differ by a pixel where the width can't be divided."""

    def __init__(self, least_width: int, parent: QWidget | None = None, spacing: int = theme.BETWEEN_CARDS) -> None:
        super().__init__(parent)
        self._least = theme.text_size(least_width)
        self._between = spacing

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802 - Qt's names
        """Take all the width there is."""
        return Qt.Orientation.Horizontal

    def sizeHint(self) -> QSize:  # noqa: N802
        """Ask for a row of cards."""
        return QSize(self._least, self.heightForWidth(self._least * 3))

    def minimumSize(self) -> QSize:  # noqa: N802
        """One card must fit."""
        tallest = max((item.minimumSize().height() for item in self.shown()), default=0)
        return QSize(self._least, tallest)

    def places(self, rect: QRect, items: Sequence[QLayoutItem]) -> list[QRect]:
        """Place cards in rows, each as high as the highest card in it."""
        columns = columns_for(rect.width(), len(items), self._least, self._between)
        lefts = [rect.left() + (rect.width() + self._between) * column // columns for column in range(columns + 1)]
        columns_at = [(left, following - left - self._between) for left, following in pairwise(lefts)]
        places: list[QRect] = []
        top = rect.top()
        for start in range(0, len(items), columns):
            row = list(zip(items[start : start + columns], columns_at, strict=False))
            height = max(height_of(item, width) for item, (_, width) in row)
            places += [QRect(left, top, width, height) for _, (left, width) in row]
            top += height + self._between
        return places
