"""Cards: rounded boxes that hold everything on a page."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from xception_gui.ui.kit import theme
from xception_gui.ui.kit.labels import ElidedLabel, FigureLabel, label


class Card(QFrame):
    """A rounded box with a column in it."""

    def __init__(self, role: str = "card", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.INSIDE, theme.INSIDE, theme.INSIDE, theme.INSIDE)
        self.column.setSpacing(8)


class FigureCard(Card):
    """A figure with its name above and a remark below."""

    def __init__(self, name: str, object_name: str) -> None:
        super().__init__()
        self.setObjectName(object_name)
        self.column.setContentsMargins(14, 14, 12, 14)
        self.column.setSpacing(2)
        self._name = ElidedLabel(name, "label")
        self._figure = FigureLabel("–", "figure")
        self._remark = label("", "label", wrap=True)  # never shortened: “too few to tell” is as important as the figure
        for part in (self._name, self._figure, self._remark):
            self.column.addWidget(part)
        self.column.addStretch(1)

    def show_name(self, name: str) -> None:
        """Change the name."""
        self._name.setText(name)

    def show_figure(self, figure: str, remark: str = "") -> None:
        """Show a figure and a remark."""
        self._figure.setText(figure)
        self._remark.setText(" ".join(remark.split()))  # class names may contain line ends
        self.setAccessibleName(f"{self._name.text()}: {self._figure.text()} {self._remark.text()}".strip())

    @property
    def figure(self) -> str:
        """The figure shown."""
        return self._figure.text()


def rule() -> QFrame:
    """Make a thin line."""
    line = QFrame()
    line.setProperty("role", "rule")
    line.setFixedHeight(1)
    return line


def row(*parts: QWidget | QLayout | int | None, spacing: int = 12) -> QHBoxLayout:
    """Arrange parts side by side: a number is a distance in pixels, None a stretch."""
    line = QHBoxLayout()
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(spacing)
    for part in parts:
        if part is None:
            line.addStretch(1)
        elif isinstance(part, int):
            line.addSpacing(part)
        elif isinstance(part, QLayout):
            line.addLayout(part)
        else:
            line.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
    return line


def section(text: str) -> QWidget:
    """Make a section heading."""
    return label(text, "heading")
