"""Cards side by side, as many as the width allows, all equally wide."""

from itertools import pairwise

from PySide6.QtCore import QMargins, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from xception_gui.ui.kit import theme


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


class ResponsiveGrid(QLayout):
    """Wraps cards into rows of equal columns, which differ by a pixel where the width can't be divided."""

    def __init__(self, least_width: int, parent: QWidget | None = None, spacing: int = theme.BETWEEN_CARDS) -> None:
        super().__init__(parent)
        self._least = theme.text_size(least_width)
        self._between = spacing
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(QMargins())

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 - Qt's names
        """Add a card."""
        self._items.append(item)

    def count(self) -> int:
        """Count the cards."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        """Return a card."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        """Remove a card."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802
        """Take all the width there is."""
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """Narrower means higher."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """Return the height of all rows."""
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802
        """Place the cards."""
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Ask for a row of cards."""
        return QSize(self._least, self.heightForWidth(self._least * 3))

    def minimumSize(self) -> QSize:  # noqa: N802
        """One card must fit."""
        tallest = max((item.minimumSize().height() for item in self._items), default=0)
        return QSize(self._least, tallest)

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        items = [item for item in self._items if not item.isEmpty()]
        if not items:
            return 0
        columns = columns_for(rect.width(), len(items), self._least, self._between)
        lefts = [rect.left() + (rect.width() + self._between) * column // columns for column in range(columns + 1)]
        widths = [following - left - self._between for left, following in pairwise(lefts)]
        top = rect.top()
        for start in range(0, len(items), columns):
            in_row = items[start : start + columns]
            height = max(self._height(item, width) for item, width in zip(in_row, widths, strict=False))
            if move:
                for item, left, width in zip(in_row, lefts, widths, strict=False):
                    item.setGeometry(QRect(left, top, width, height))
            top += height + self._between
        return top - self._between - rect.top()

    @staticmethod
    def _height(item: QLayoutItem, width: int) -> int:
        wanted = item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
        return max(wanted, item.minimumSize().height())
