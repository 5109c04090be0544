"""The legend of a plot: each line as in the plot, with its name."""

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from xception_gui.ui.kit import theme

LINE = 16  # pixels
BESIDE_LINE = 6
BETWEEN = 10


class Legend(QWidget):
    """“— training” and “- ● - validation”."""

    def __init__(self, training: str, validation: str) -> None:
        super().__init__()
        self._entries = ((training, "accent"), (validation, "second"))
        self.setAccessibleName(f"{training}, {validation}")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's names
        """Return the size of both entries."""
        metrics = self._metrics()
        width = sum(LINE + BESIDE_LINE + metrics.horizontalAdvance(text) for text, _ in self._entries)
        return QSize(width + BETWEEN + 2, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the same: the legend can't shrink."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Update the size when the font changes."""
        self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the entries."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(12))
        middle, left = self.height() / 2, 0
        for text, token in self._entries:
            dashed = token == "second"
            style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
            painter.setPen(QPen(theme.color(token), 2, style))
            painter.drawLine(QPointF(left, middle), QPointF(left + LINE, middle))
            if dashed:
                painter.setBrush(theme.color(token))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.drawEllipse(QPointF(left + LINE / 2, middle), 4, 4)
            painter.setPen(theme.color("muted"))
            width = self._metrics().horizontalAdvance(text)
            words = left + LINE + BESIDE_LINE
            painter.drawText(words, 0, width + 2, self.height(), Qt.AlignmentFlag.AlignVCenter, text)
            left = words + width + BETWEEN
        painter.end()

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(theme.font(12))
