"""A bar that says what was just done, with buttons for what can be done about it."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from xception_gui.domain.visible import visible
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import Card, row
from xception_gui.ui.kit.labels import label, tool_tip


class MessageBar(Card):
    """Text with buttons beside it; hidden while there is nothing to say.

    Args:
        object_name: of the bar; the object names of its parts begin with it.
        actions: buttons, the likeliest first.
        below: a button with a long text, on a line of its own.
        on_dismissed: called when the person closes the bar; by default the bar is hidden.
    """

    def __init__(
        self,
        object_name: str,
        *actions: QPushButton,
        below: QPushButton | None = None,
        on_dismissed: Callable[[], object] | None = None,
    ) -> None:
        super().__init__("bar")
        self.setObjectName(object_name)
        self._words = label(wrap=True, name=f"{object_name}_words")
        close = dismiss_button(object_name, on_dismissed or self.hide)
        self.column.setContentsMargins(0, 0, 0, 0)
        line = QHBoxLayout()
        line.setContentsMargins(16, 5, 6, 5)
        line.setSpacing(8)
        line.addWidget(self._words, 1)
        for one in (*actions, close):
            line.addWidget(one)
        self.column.addLayout(line)
        if below is not None:
            line.setContentsMargins(16, 5, 6, 0)
            second = row(below, None)
            second.setContentsMargins(16, 0, 6, 12)
            self.column.addLayout(second)
        self.hide()

    def show_words(self, words: str) -> None:
        """Show a text; an empty one hides the bar."""
        self._words.setText(visible(words))
        self.setAccessibleName(self._words.text())
        self.setVisible(bool(words))

    @property
    def words(self) -> str:
        """The text shown."""
        return self._words.text()


def dismiss_button(of: str, on_click: Callable[[], object]) -> QPushButton:
    """Make the button that closes a message.

    Args:
        of: the object name of the message.
        on_click: called without arguments.
    """
    made = button("✕", f"{of}_dismiss", "plain", on_click)
    words = QCoreApplication.translate("MessageBar", "Close this message")
    made.setAccessibleName(words)
    made.setToolTip(tool_tip(words))
    return made
