"""Words with controls beside them, or below where there is too little room for both."""

from PySide6.QtCore import QMargins, QRect, QSize
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from xception_gui.ui.kit import theme

MAX_WIDTH = 10_000  # pixels, at which nothing wraps


class BesideOrBelow(QLayout):
    """Arranges two widgets: the first takes what room there is, the second what it needs."""

    def __init__(
        self, least: int, parent: QWidget | None = None, spacing: int = 16, *, to_the_right: bool = False
    ) -> None:
        """Make it.

        Args:
            least: pixels of width that the first one must have, if it asks for so many; with less left, the second
                goes below.
            parent: which it arranges.
            spacing: pixels between them.
            to_the_right: where the second one stands if it is below.
        """
        super().__init__(parent)
        self._to_the_right = to_the_right
        self._least = theme.text_size(least)
        self._between = spacing
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}  # by width: lists of models ask for them again and again
        self.setContentsMargins(QMargins())

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 - Qt's names
        """Add one of the two."""
        self._items.append(item)

    def count(self) -> int:
        """Count what it holds."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        """Return one of them."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        """Remove one of them."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

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
            self._heights[width] = self._arrange(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802
        """Place them."""
        super().setGeometry(rect)
        self._arrange(self.contentsRect(), move=True)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Ask for both side by side."""
        hints = [item.sizeHint() for item in self._shown()]
        width = sum(hint.width() for hint in hints) + self._between * (len(hints) - 1)
        return self._outside(QSize(width, max((hint.height() for hint in hints), default=0)))

    def minimumSize(self) -> QSize:  # noqa: N802
        """The wider one must fit; how high that is, the width decides."""
        widest = max((item.minimumSize().width() for item in self._shown()), default=0)
        return QSize(self._outside(QSize(widest, 0)).width(), self.heightForWidth(MAX_WIDTH))

    def _outside(self, size: QSize) -> QSize:
        return size.grownBy(self.contentsMargins())

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        """Place them, if they are to move. Returns the height with margins."""
        margins = self.contentsMargins()
        if not move:
            rect = rect.marginsRemoved(margins)
        shown = self._shown()
        places = self._places(rect, shown)
        height = max((place.bottom() + 1 for place in places), default=rect.top()) - rect.top()
        if move:
            for item, place in zip(shown, places, strict=True):
                item.setGeometry(place)
        return height + margins.top() + margins.bottom()

    def _places(self, rect: QRect, shown: list[QLayoutItem]) -> list[QRect]:
        if len(shown) < 2:
            return [QRect(rect.left(), rect.top(), rect.width(), _height(item, rect.width())) for item in shown]
        first, second = shown
        wanted = min(second.sizeHint().width(), rect.width())
        left = rect.width() - self._between - wanted
        if left < min(self._least, first.sizeHint().width()):
            above = QRect(rect.left(), rect.top(), rect.width(), _height(first, rect.width()))
            start = rect.right() + 1 - wanted if self._to_the_right else rect.left()
            return [above, QRect(start, above.bottom() + 1 + self._between // 2, wanted, _height(second, wanted))]
        heights = _height(first, left), _height(second, wanted)
        line = QRect(rect.left(), rect.top(), rect.width(), max(*heights, rect.height()))
        place = QRect(line.right() + 1 - wanted, line.top() + (line.height() - heights[1]) // 2, wanted, heights[1])
        return [QRect(line.left(), line.top() + (line.height() - heights[0]) // 2, left, heights[0]), place]


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()


def held(layout: QLayout) -> QWidget:
    """Make a widget of a line or a column, to be placed as one."""
    widget = QWidget()
    layout.setContentsMargins(0, 0, 0, 0)
    widget.setLayout(layout)
    return widget
