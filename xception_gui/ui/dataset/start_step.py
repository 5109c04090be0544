"""Last step: what the model is called, where it is kept, and what will happen."""

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
    """Asks for the model's name and place, and sums up.

    Signals:
        edited: name or place have changed.
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
        self._name.setAccessibleName(self.tr("Name of the model"))
        self._name.setMaxLength(200)
        self._name.textChanged.connect(self._on_edited)
        self._name.returnPressed.connect(self.entered)
        self._wrong = label("", "error", wrap=True, name="start_wrong")
        self._folder = ElidedLabel("", "muted")
        self._folder.setObjectName("start_place")
        change = button(self.tr("Change…"), "start_change_place", "", self.place_wanted.emit)
        card = Card()
        name = label(self.tr("Name of the model"), "strong")
        name.setBuddy(self._name)
        card.column.addWidget(name)
        card.column.addWidget(self._name)
        card.column.addWidget(self._wrong)
        card.column.addSpacing(4)
        card.column.addWidget(label(self.tr("It is kept in"), "strong"))
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
        column.addWidget(self._what_happens())
        column.addStretch(1)
        self._on_edited()

    @property
    def run(self) -> Path:
        """Where the model will be."""
        return self._place / self._name.text().strip()

    @property
    def problem(self) -> str:
        """What is wrong with the name, in words; empty if nothing is."""
        name = self._name.text().strip()
        if not name:
            return self.tr("The model needs a name.")
        problem = problem_with_run_name(name)
        if problem is not None:
            return texts.finding_text(problem)
        if self.run.exists():
            return self.tr("There is something of this name already. Nothing is ever overwritten: choose another name.")
        return ""

    @property
    def typed_name(self) -> str:
        """The name, if the person has typed it; empty while it is the one that was suggested, or has been used."""
        return self._name.text() if self._name.text() != self._suggested else ""

    def show_name(self, name: str) -> None:
        """Suggest a name."""
        self._suggested = free_name(self._place, name)
        self._name.setText(self._suggested)
        self._name.selectAll()

    def show_typed(self, name: str) -> None:
        """Put a name back that the person had typed."""
        self._name.setText(name)

    def forget_typed(self) -> None:
        """A model of this name is being made."""
        self._suggested = self._name.text()

    def show_place(self, place: Path) -> None:
        """Show another folder to keep the model in."""
        self._place = place
        self._on_edited()

    def show_facts(self, folder: str, pictures: str, recipe: str, time: str) -> None:
        """Sum up: what, and how much.

        Args:
            folder: of the pictures.
            pictures: how many are taken.
            recipe: its name.
            time: how long it will take; empty while nobody knows.
        """
        for fact, words in zip(self._facts, (folder, pictures, recipe, time), strict=True):
            fact.setText(words)
        self._form.setRowVisible(self._facts[-1], bool(time))

    def take_focus(self) -> None:
        """Put the keyboard into the name."""
        self._name.setFocus()

    def show_problem(self) -> None:
        """Say what is wrong with the name: a folder of this name may have come into being since it was typed."""
        self._wrong.setText(self.problem)
        self._wrong.setVisible(bool(self.problem) and bool(self._name.text()))
        theme.set_role(self._name, "wrong" if self.problem and self._name.text() else "")

    def _make_facts(self) -> QFormLayout:
        """Make the lines that sum up, once: while a training runs, what they say changes all the time."""
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(24)
        self._form.setVerticalSpacing(8)
        names = self.tr("Pictures"), "", self.tr("Recipe"), self.tr("Will take")
        self._facts = [ElidedLabel() for _ in names]
        for name, fact in zip(names, self._facts, strict=True):
            self._form.addRow(label(name, "muted"), fact)
        return self._form

    def _what_happens(self) -> Card:
        card = Card()
        card.column.addWidget(label(self.tr("What happens then"), "strong"))
        for text in (
            self.tr(
                "The model learns in the background; the page Train shows how it goes. You can use the computer, and "
                "this program too, meanwhile."
            ),
            self.tr("You can stop at any time and keep the best model so far."),
            self.tr(
                "A part of your pictures is kept apart, and the model is judged by them: Results shows where it errs."
            ),
        ):
            card.column.addWidget(label(text, "muted", wrap=True))
        return card

    def _on_edited(self) -> None:
        self._folder.setText(str(self._place))
        self.show_problem()
        self.edited.emit()
