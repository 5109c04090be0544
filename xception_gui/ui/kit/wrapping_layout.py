"""Layouts that are the higher the narrower they are."""

from abc import abstractmethod
from collections.abc import Sequence

from PySide6.QtCore import QMargins, QRect, QSize
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class WrappingLayout(QLayout):
    """Arranges what is shown of its items as `places` says; whoever inherits says what size it asks for, too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}  # by width: lists of models ask for them again and again
        self.setContentsMargins(QMargins())

    @abstractmethod
    def places(self, rect: QRect, items: Sequence[QLayoutItem]) -> list[QRect]:
        """Return where items go.

        Args:
            rect: to place them in, within the margins; of no height where only theirs is asked for.
            items: those that are shown, one at least.
        """

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 - Qt's names
        """Add an item at the end."""
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        """Count the items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        """Return one of them."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        """Remove one of them."""
        if not 0 <= index < len(self._items):
            return None
        self.invalidate()
        return self._items.pop(index)

    def shown(self) -> list[QLayoutItem]:
        """Return the items that take room."""
        return [item for item in self._items if not item.isEmpty()]

    def invalidate(self) -> None:
        """Something in it has changed."""
        self._heights = {}
        super().invalidate()

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """Narrower means higher."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """Return the height that it takes."""
        if width not in self._heights:
            self._heights[width] = self._height_for(width)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802
        """Place the items."""
        super().setGeometry(rect)
        items = self.shown()
        if items:
            for item, place in zip(items, self.places(self.contentsRect(), items), strict=True):
                item.setGeometry(place)

    def _height_for(self, width: int) -> int:
        margins, items = self.contentsMargins(), self.shown()
        inside = QRect(0, 0, width - margins.left() - margins.right(), 0)
        bottoms = [place.bottom() + 1 for place in self.places(inside, items)] if items else [0]
        return max(bottoms) + margins.top() + margins.bottom()

    def with_margins(self, size: QSize) -> QSize:
        """Return a size with the margins around it."""
        return size.grownBy(self.contentsMargins())


def height_of(item: QLayoutItem, width: int) -> int:
    """Return the height that an item takes in a width, in pixels."""
    wanted = item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
    return max(wanted, item.minimumSize().height())
