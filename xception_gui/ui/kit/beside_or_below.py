"""Words with controls beside them, or below where there is too little room for both."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from xception_gui.ui.kit import theme
from xception_gui.ui.kit.wrapping_layout import WrappingLayout, height_of

MAX_WIDTH = 10_000  # pixels, at which nothing wraps


class BesideOrBelow(WrappingLayout):
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

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's names
        """Ask for both side by side."""
        hints = [item.sizeHint() for item in self.shown()]
        width = sum(hint.width() for hint in hints) + self._between * (len(hints) - 1)
        return self.with_margins(QSize(width, max((hint.height() for hint in hints), default=0)))

    def minimumSize(self) -> QSize:  # noqa: N802
        """The wider one must fit; how high that is, the width decides."""
        widest = max((item.minimumSize().width() for item in self.shown()), default=0)
        return QSize(self.with_margins(QSize(widest, 0)).width(), self.heightForWidth(MAX_WIDTH))

    def places(self, rect: QRect, items: Sequence[QLayoutItem]) -> list[QRect]:
        """Place them beside each other, both in the middle of the line, or below each other."""
        if len(items) < 2:
            return [QRect(rect.topLeft(), QSize(rect.width(), height_of(item, rect.width()))) for item in items]
        first, second = items
        wanted = min(second.sizeHint().width(), rect.width())
        left = rect.width() - self._between - wanted
        if left < min(self._least, first.sizeHint().width()):
            above = QRect(rect.left(), rect.top(), rect.width(), height_of(first, rect.width()))
            start = rect.right() + 1 - wanted if self._to_the_right else rect.left()
            return [above, QRect(start, above.bottom() + 1 + self._between // 2, wanted, height_of(second, wanted))]
        heights = height_of(first, left), height_of(second, wanted)
        line = QRect(rect.left(), rect.top(), rect.width(), max(*heights, rect.height()))
        place = QRect(line.right() + 1 - wanted, line.top() + (line.height() - heights[1]) // 2, wanted, heights[1])
        return [QRect(line.left(), line.top() + (line.height() - heights[0]) // 2, left, heights[0]), place]


def held(layout: QLayout) -> QWidget:
    """Make a widget of a line or a column, to be placed as one."""
    widget = QWidget()
    layout.setContentsMargins(0, 0, 0, 0)
    widget.setLayout(layout)
    return widget
