"""What a page shows when it is empty: a sentence on how to begin, and a button for it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from xception_gui.ui.kit.cards import row
from xception_gui.ui.kit.labels import label
from xception_gui.ui.kit.page import scrolled


class EmptyState(QWidget):
    """Centred text and buttons, optionally with a picture above."""

    def __init__(
        self,
        object_name: str,
        words: str,
        explanation: str,
        buttons: tuple[QPushButton, ...] = (),
        picture: QWidget | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName(object_name)
        content = QWidget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(content, f"{object_name}_scroll"))
        column = QVBoxLayout(content)
        column.setSpacing(8)
        column.addStretch(2)
        if picture is not None:
            column.addWidget(picture)
            column.addSpacing(8)
        self._words = label(words, "heading", wrap=True)
        self._explanation = label(explanation, "muted", wrap=True)
        for line in (self._words, self._explanation):
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(line)
        if buttons:
            column.addSpacing(8)
            column.addLayout(row(None, *buttons, None))
        column.addStretch(3)

    def show_words(self, words: str, explanation: str) -> None:
        """Change the text."""
        self._words.setText(words)
        self._explanation.setText(explanation)
