"""Last step: the name of the model, where to save it, and what happens next."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QVBoxLayout, QWidget

from xception_gui.domain.run_name import problem_with_run_name
from xception_gui.runs.free_name import free_name
from xception_gui.ui.kit import texts, theme
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import Card, row, rule
from xception_gui.ui.kit.labels import ElidedLabel, label
from xception_gui.ui.kit.message_card import MessageCard
from xception_gui.ui.kit.page import scrolled


class StartStep(QWidget):
    """Asks for the model's name and place, and shows a summary.

    Signals:
        edited: name or place has changed.
        place_wanted: the person wants to choose another folder.
        entered: Enter was pressed in the name.
    """

    edited = Signal()
    place_wanted = Signal()
    entered = Signal()

    def __init__(self, place: Path) -> None:
        super().__init__()
        self._place = place
        self._suggested = ""
        self._name = QLineEdit()
        self._name.setAcceptDrops(False)  # files are for the window
        self._name.setObjectName("start_name")
        self._name.setAccessibleName(self.tr("Model name"))
        self._name.setMaxLength(200)
        self._name.textChanged.connect(self._on_edited)
        self._name.returnPressed.connect(self.entered)
        self._wrong = label("", "error", wrap=True, name="start_wrong")
        self._folder = ElidedLabel("", "muted")
        self._folder.setObjectName("start_place")
        change = button(self.tr("Change…"), "start_change_place", "", self.place_wanted.emit)
        card = Card()
        name = label(self.tr("Model name"), "strong")
        name.setBuddy(self._name)
        card.column.addWidget(name)
        card.column.addWidget(self._name)
        card.column.addWidget(self._wrong)
        card.column.addSpacing(4)
        card.column.addWidget(label(self.tr("Save to"), "strong"))
        place_row = row(spacing=12)
        place_row.addWidget(self._folder, 1)
        place_row.addWidget(change)
        card.column.addLayout(place_row)
        card.column.addWidget(rule())
        card.column.addLayout(self._make_facts())
        self.busy = MessageCard("start_busy", role="news")
        content = QWidget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(content, "start_scroll_area"))
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.BETWEEN_CARDS)
        column.addWidget(self.busy)
        column.addWidget(card)
        column.addWidget(self._what_happens_next())
        column.addStretch(1)
        self._on_edited()

    @property
    def run(self) -> Path:
        """The folder that the model will be saved in."""
        return self._place / self._name.text().strip()

    @property
    def problem(self) -> str:
        """A sentence about what is wrong with the name; empty: the name is valid."""
        name = self._name.text().strip()
        if not name:
            return self.tr("Enter a name for the model.")
        problem = problem_with_run_name(name)
        if problem is not None:
            return texts.finding_text(problem)
        if self.run.exists():
            return self.tr("A file or folder with this name already exists. Choose another name.")
        return ""

    @property
    def typed_name(self) -> str:
        """The name, if the person has typed it; empty: it was suggested, or has been used."""
        return self._name.text() if self._name.text() != self._suggested else ""

    def show_name(self, name: str) -> None:
        """Suggest a name."""
        self._suggested = free_name(self._place, name)
        self._name.setText(self._suggested)
        self._name.selectAll()

    def show_typed(self, name: str) -> None:
        """Restore a name that the person had typed."""
        self._name.setText(name)

    def forget_typed(self) -> None:
        """Treat the name as used: a training with it has started."""
        self._suggested = self._name.text()

    def show_place(self, place: Path) -> None:
        """Show another folder to save the model in."""
        self._place = place
        self._on_edited()

    def show_facts(self, folder: str, pictures: str, recipe: str, time: str) -> None:
        """Show the summary.

        Args:
            folder: the folder of the pictures.
            pictures: how many are used.
            recipe: its name.
            time: the estimated time; empty while it is unknown.
        """
        for fact, words in zip(self._facts, (folder, pictures, recipe, time), strict=True):
            fact.setText(words)
        self._form.setRowVisible(self._facts[-1], bool(time))

    def take_focus(self) -> None:
        """Move the keyboard focus to the name."""
        self._name.setFocus()

    def show_problem(self) -> None:
        """Show what is wrong with the name: the folder may have been created since it was typed."""
        self._wrong.setText(self.problem)
        self._wrong.setVisible(bool(self.problem) and bool(self._name.text()))
        theme.set_role(self._name, "wrong" if self.problem and self._name.text() else "")

    def _make_facts(self) -> QFormLayout:
        """Make the lines of the summary, once: while a training runs, their texts change all the time."""
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(24)
        self._form.setVerticalSpacing(8)
        names = self.tr("Pictures"), "", self.tr("Recipe"), self.tr("Estimated time")
        self._facts = [ElidedLabel() for _ in names]
        for name, fact in zip(names, self._facts, strict=True):
            self._form.addRow(label(name, "muted"), fact)
        return self._form

    def _what_happens_next(self) -> Card:
        card = Card()
        card.column.addWidget(label(self.tr("What happens next"), "strong"))
        for text in (
            self.tr(
                "Training continues in the background, and the Train page shows the progress. You can keep using the computer "
                "and this program."
            ),
            self.tr("You can stop at any time and keep the best model so far."),
            self.tr(
                "Some pictures are set aside for validation. The Results page shows which of them the model gets wrong."
            ),
        ):
            card.column.addWidget(label(text, "muted", wrap=True))
        return card

    def _on_edited(self) -> None:
        self._folder.setText(str(self._place))
        self.show_problem()
        self.edited.emit()
