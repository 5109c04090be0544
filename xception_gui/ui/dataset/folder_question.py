"""What the folders were taken for, where their names left a doubt, and the way to say otherwise."""

from PySide6.QtCore import Signal

from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.dataset import CheckResult
from xception_gui.ui.kit import texts, theme
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import Card, row
from xception_gui.ui.kit.labels import label


class FolderQuestion(Card):
    """Says what the top folders were taken for; hidden where there is no doubt.

    Signals:
        answered: Folders, what they are.
    """

    answered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("check_folders")
        self._answer = Folders.AUTO
        self._words = label(wrap=True, name="check_folders_words")
        self._change = button(
            self.tr("Use them as classes"), "check_folders_change", "link", lambda: self.answered.emit(self._answer)
        )
        self.column.setContentsMargins(theme.INSIDE, 10, theme.INSIDE, 10)
        line = row(spacing=12)
        line.addWidget(self._words, 1)
        line.addWidget(self._change)
        self.column.addLayout(line)
        self.hide()

    def show_result(self, result: CheckResult | None, choice: Folders) -> None:
        """Ask about what a check has found; None: nothing is known yet.

        Args:
            result: of the check.
            choice: what the person had said.
        """
        if result is None:
            self.hide()
        elif result.has_parts:
            self._ask(
                self.tr("Taken as parts of one data set, not as classes: {names}.").format(names=_parts(result)),
                self.tr("Use them as classes"),
                Folders.CLASSES,
            )
        elif result.part_folders:
            self._ask(
                self.tr("Taken as classes, though they are named like parts: {names}.").format(names=_parts(result)),
                self.tr("Use them as parts"),
                Folders.PARTS,
            )
        elif choice is not Folders.AUTO:
            self._ask(
                self.tr("The folders were taken for what you have said."),
                self.tr("Go by their names"),
                Folders.AUTO,
            )
        elif any(problem.code == ErrorCode.PARTS_INCOMPLETE for problem in result.problems):
            self._ask(self.tr("Are these folders classes?"), self.tr("Use them as classes"), Folders.CLASSES)
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
