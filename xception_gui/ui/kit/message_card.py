"""A failure or a notice on a page: what happened, why, what to do, and buttons for it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from xception_gui.domain.messages.base import Failed
from xception_gui.domain.visible import visible
from xception_gui.ui.kit import texts, theme
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import Card, row
from xception_gui.ui.kit.failure_log import log_of
from xception_gui.ui.kit.labels import label
from xception_gui.ui.kit.message_bar import dismiss_button


class MessageCard(Card):
    """Shows an important message; hidden while there is none.

    Args:
        object_name: of the card; the object names of its parts begin with it.
        actions: buttons for what can be done at once.
        role: the default tone: failure, notice (a warning), news (neither good nor bad) or success.
        parent: of the widget.
        copies_log: offers to copy the last lines of the log, if a failure contains them.
        on_dismissed: called when the person closes the card; by default the card can't be closed.
    """

    def __init__(
        self,
        object_name: str,
        actions: Sequence[QPushButton] = (),
        role: str = "failure",
        parent: QWidget | None = None,
        *,
        copies_log: bool = True,
        on_dismissed: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(role, parent)
        self.setObjectName(object_name)
        self._usual_tone = role
        self._what = label(role="strong", wrap=True, selectable=True, name=f"{object_name}_what")
        self._why = label(role="muted", wrap=True, selectable=True, name=f"{object_name}_why")
        if on_dismissed is None:
            self.column.addWidget(self._what)
        else:
            head = QHBoxLayout()
            head.addWidget(self._what, 1)
            head.addWidget(dismiss_button(object_name, on_dismissed), 0, Qt.AlignmentFlag.AlignTop)
            self.column.addLayout(head)
        self.column.addWidget(self._why)
        self._log = ""
        self._copy: QPushButton | None = None
        buttons = [*actions]
        if role == "failure" and copies_log:
            buttons.append(self._copy_button(f"{object_name}_copy_log"))
        if actions:
            self.column.addSpacing(4)
        if buttons:
            self.column.addLayout(row(*buttons, None))
        self.hide()

    def show_failure(self, failure: Failed | None) -> None:
        """Show what a failure means; None hides the card."""
        if failure is None:
            self.hide()
            return
        text = texts.failure_text(failure)
        self.show_message(text.what, f"{text.why} {text.fix}".strip())
        self._log = log_of(failure)
        if self._copy is not None:
            self._copy.setVisible(bool(self._log))

    def show_message(self, what: str, why: str = "", tone: str = "") -> None:
        """Show what happened and why, each in one line. Without a tone, the card's own is used."""
        self._show(visible(what), visible(why), tone)

    def show_sentences(self, sentences: Sequence[str], tone: str = "") -> None:
        """Show sentences: one by itself, several below a heading; none hides the card."""
        if len(sentences) == 1:
            self.show_message(sentences[0], tone=tone)
        elif sentences:
            self._show(self.tr("Good to know"), "\n".join(map(visible, sentences)), tone)
        else:
            self.hide()

    def _show(self, what: str, why: str, tone: str) -> None:
        theme.set_role(self, tone or self._usual_tone)
        self._what.setText(what)
        self._why.setText(why)
        self._why.setVisible(bool(why))
        if self._copy is not None:
            self._copy.hide()
        self.setAccessibleName(f"{what} {why}".strip())
        self.show()

    def _copy_button(self, name: str) -> QPushButton:
        self._copy = button(self.tr("Copy log"), name, "link", self._copy_log)
        self._copy.setToolTip(self.tr("Copies the last lines of the log, which help find out what happened."))
        self._copy.hide()
        return self._copy

    def _copy_log(self) -> None:
        QGuiApplication.clipboard().setText(f"{self.words}\n\n{self._log}\n")

    @property
    def words(self) -> str:
        """The whole text."""
        return f"{self._what.text()} {self._why.text()}".strip()
