"""A zone that says what may be dropped, and lights up while files hover over the window."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from xception_gui.ui.kit import theme
from xception_gui.ui.kit.beside_or_below import MAX_WIDTH, BesideOrBelow, held
from xception_gui.ui.kit.labels import label

LEAST_WORDS = 220  # pixels of text beside the buttons; with less, the buttons go below


class DropZone(QFrame):
    """A dashed field with text and buttons. The whole window takes drops and highlights this field."""

    def __init__(
        self,
        object_name: str,
        words: str,
        explanation: str,
        buttons: tuple[QPushButton, ...] = (),
        *,
        flat: bool = False,
    ) -> None:
        super().__init__()
        self.setObjectName(object_name)
        self.setAccessibleName(f"{words}. {explanation}")
        self.setProperty("role", "drop")
        self._words = label(words, "heading", wrap=True)
        self._explanation = label(explanation, "label", wrap=True)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self._words)
        column.addWidget(self._explanation)
        line = BesideOrBelow(LEAST_WORDS, self, spacing=20)
        line.setContentsMargins(24, 16 if flat else 28, 24, 16 if flat else 28)
        line.addWidget(held(column))
        line.addWidget(held(_beside_or_below(buttons)))

    def show_hovering(self, hovering: bool) -> None:
        """Highlight the zone while something that may be dropped hovers over the window."""
        theme.set_role(self, "drop-over" if hovering else "drop")

    def show_words(self, words: str, explanation: str) -> None:
        """Change the text."""
        self._words.setText(words)
        self._explanation.setText(explanation)
        self.setAccessibleName(f"{words}. {explanation}")


def _beside_or_below(buttons: Sequence[QPushButton]) -> BesideOrBelow:
    line = BesideOrBelow(MAX_WIDTH, spacing=12)
    for one in buttons:
        line.addWidget(one)
    return line
