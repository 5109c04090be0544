"""Advanced settings: every field of the recipe, validated as it is typed."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from xception_gui.domain.recipe import (
    DEFAULT_PRESET,
    RECIPE_FIELDS,
    Field,
    Kind,
    Preset,
    Recipe,
    fields_of,
    make_recipe,
)
from xception_gui.ui.dataset.recipe_fields import recipe_from, sentence_of, tr
from xception_gui.ui.kit import theme
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.fields import ChoiceBox
from xception_gui.ui.kit.labels import label
from xception_gui.ui.kit.responsive_grid import ResponsiveGrid


class FieldEditor(QWidget):
    """One field: its term, an editor, and a description or an error.

    Signals:
        edited: the value has changed.
        file_wanted: the person wants to choose a file for it.
    """

    edited = Signal()
    file_wanted = Signal()

    def __init__(self, field: Field, text: str) -> None:
        super().__init__()
        self.field = field
        self.term, sentence = tr(field.term), sentence_of(field)
        self._sentence = label(sentence, "label", wrap=True)
        self._wrong = label("", "error", wrap=True)
        self._wrong.hide()
        self.editor = self._combo(text) if field.choices else self._line(text)
        self.editor.setObjectName(f"recipe_{field.name}")
        self.editor.setAccessibleName(self.term)
        self.editor.setAccessibleDescription(sentence)
        term = label(self.term, "strong")
        term.setBuddy(self.editor)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        grid.addWidget(term, 0, 0, 1, 2)
        grid.addWidget(self.editor, 1, 0)
        if field.kind is Kind.FILE:
            choose = button(self.tr("Choose…"), f"recipe_{field.name}_choose", "", self.file_wanted.emit)
            grid.addWidget(choose, 1, 1)
        grid.addWidget(self._sentence, 2, 0, 1, 2)
        grid.addWidget(self._wrong, 3, 0, 1, 2)
        grid.setRowStretch(4, 1)

    @property
    def text(self) -> str:
        """The value, as text."""
        return str(self.editor.currentData()) if isinstance(self.editor, QComboBox) else self.editor.text()

    @property
    def shown_text(self) -> str:
        """The value as shown."""
        return self.editor.currentText() if isinstance(self.editor, QComboBox) else self.editor.text()

    def show_text(self, text: str) -> None:
        """Set the text of a line edit."""
        if isinstance(self.editor, QLineEdit):
            self.editor.setText(text)

    def show_wrong(self, words: str) -> None:
        """Show an error; empty: there is none."""
        self._wrong.setText(words)
        self._wrong.setVisible(bool(words))
        self._sentence.setVisible(not words)
        theme.set_role(self.editor, "wrong" if words else "")

    def _line(self, text: str) -> QLineEdit:
        line = QLineEdit(text)
        line.setAcceptDrops(False)  # files are for the window
        line.textChanged.connect(self.edited)
        return line

    def _combo(self, text: str) -> QComboBox:
        combo = ChoiceBox()
        for value, words in self.field.choices:
            combo.addItem(tr(words), str(value))
        combo.setCurrentIndex(max(0, combo.findData(text)))
        combo.setMinimumContentsLength(10)
        combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        combo.currentIndexChanged.connect(self.edited)
        return combo


class RecipeForm(QWidget):
    """All fields of a preset.

    Signals:
        edited: the recipe has changed, or is no longer valid.
        weights_wanted: the person wants to choose a file of weights.
    """

    edited = Signal()
    weights_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._fields = QWidget()
        self._column.addWidget(self._fields)
        self._wrong = label("", "error", wrap=True, name="recipe_wrong")
        self._wrong.hide()
        self._column.addWidget(self._wrong)
        self._editors: list[FieldEditor] = []
        self.recipe: Recipe | None = None
        self._preset = DEFAULT_PRESET
        self._typed: dict[Preset, dict[str, str]] = {}  # changed values of the recipes that were shown before
        self.show_preset(DEFAULT_PRESET)

    def show_preset(self, preset: Preset) -> None:
        """Show the fields of a preset with the values that were changed before, else its defaults. A change of a field that
        every recipe has applies to all of them."""
        self._typed[self._preset] = self._changed()
        self._show_fields(preset, self._kept_for(preset))

    def _show_fields(self, preset: Preset, kept: Mapping[str, str]) -> None:
        self._preset = preset
        self._fields.setParent(None)  # gone at once: nothing may have the same name twice
        self._fields.deleteLater()
        self._fields = QWidget()
        grid = ResponsiveGrid(260, self._fields, spacing=20)
        defaults = make_recipe(preset)
        self._editors = []
        for field in fields_of(preset):
            editor = FieldEditor(field, kept.get(field.name, field.text_of(defaults.value_of(field))))
            editor.edited.connect(self._on_edited)
            editor.file_wanted.connect(self.weights_wanted)
            self._editors.append(editor)
            grid.addWidget(editor)
        self._column.insertWidget(0, self._fields)
        self._on_edited()

    @property
    def changes(self) -> list[tuple[str, str]]:
        """The fields that differ from the recipe's defaults: term and value of each."""
        return [(editor.term, editor.shown_text) for editor in self._changed_editors()]

    def show_defaults(self, preset: Preset) -> None:
        """Show the fields of a preset with its defaults."""
        self.forget_others()
        self._show_fields(preset, {})

    def forget_others(self) -> None:
        """Forget changed values of recipes that aren't shown."""
        self._typed.clear()

    def show_weights(self, path: str) -> None:
        """Set the path of the file of weights."""
        for editor in self._editors:
            if editor.field.kind is Kind.FILE:
                editor.show_text(path)

    def _changed(self) -> dict[str, str]:
        """Return the changed values by field name."""
        return {editor.field.name: editor.text for editor in self._changed_editors()}

    def _changed_editors(self) -> list[FieldEditor]:
        defaults = make_recipe(self._preset)
        return [
            editor for editor in self._editors if editor.text != editor.field.text_of(defaults.value_of(editor.field))
        ]

    def _kept_for(self, preset: Preset) -> dict[str, str]:
        """Return the changed values for a preset: its own fields as they were left, shared fields as they are now."""
        shared = {field.name for field in RECIPE_FIELDS}
        own = {name: text for name, text in self._typed.get(preset, {}).items() if name not in shared}
        return own | {name: text for name, text in self._typed[self._preset].items() if name in shared}

    def _on_edited(self) -> None:
        typed = {editor.field.name: editor.text for editor in self._editors}
        self.recipe, wrong = recipe_from(self._preset, typed)
        for editor in self._editors:
            editor.show_wrong(wrong.get(editor.field.name, ""))
        self._wrong.setText(wrong.get("", ""))
        self._wrong.setVisible("" in wrong)
        self.edited.emit()
