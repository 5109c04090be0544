"""Asks whether the top folders are classes or a split, where their names are ambiguous."""

from PySide6.QtCore import Signal

from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.dataset import CheckResult
from xception_gui.ui.kit import texts, theme
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import Card, row
from xception_gui.ui.kit.labels import label


class FolderQuestion(Card):
    """Says how the top folders are used, and offers the alternative; hidden where their names are clear.

    Signals:
        answered: Folders, the person's answer.
    """

    answered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("check_folders")
        self._answer = Folders.AUTO
        self._words = label(wrap=True, name="check_folders_words")
        self._change = button(
            self.tr("Use as classes"), "check_folders_change", "link", lambda: self.answered.emit(self._answer)
        )
        self.column.setContentsMargins(theme.INSIDE, 10, theme.INSIDE, 10)
        line = row(spacing=12)
        line.addWidget(self._words, 1)
        line.addWidget(self._change)
        self.column.addLayout(line)
        self.hide()

    def show_result(self, result: CheckResult | None, choice: Folders) -> None:
        """Ask about the folders that a check has found; None: nothing is known yet.

        Args:
            result: of the check.
            choice: the person's earlier answer.
        """
        if result is None:
            self.hide()
        elif result.has_parts:
            self._ask(
                self.tr("Folders that split the data set, not classes: {names}").format(names=_parts(result)),
                self.tr("Use as classes"),
                Folders.CLASSES,
            )
        elif result.part_folders:
            self._ask(
                self.tr("Used as classes, although their names suggest a split: {names}").format(names=_parts(result)),
                self.tr("Use as a split"),
                Folders.PARTS,
            )
        elif choice is not Folders.AUTO:
            self._ask(
                self.tr("The folders are used as you chose."),
                self.tr("Decide by their names"),
                Folders.AUTO,
            )
        elif any(problem.code == ErrorCode.PARTS_INCOMPLETE for problem in result.problems):
            self._ask(self.tr("Are these folders classes?"), self.tr("Use as classes"), Folders.CLASSES)
        else:
            self.hide()

    def _ask(self, words: str, change: str, answer: Folders) -> None:
        self._words.setText(words)
        self._change.setText(change)
        self._change.setAccessibleName(change)
        self._answer = answer
        self.show()


def _parts(result: CheckResult) -> str:
    return ", ".join(texts.part_name(part, folder) for folder, part in result.part_folders.items())
