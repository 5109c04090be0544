"""Third step: choosing the recipe."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from xception_gui.domain.recipe import DEFAULT_PRESET, PRESETS, Preset, Recipe
from xception_gui.edition import has_keras
from xception_gui.ui.dataset.forecast_card import ForecastCard
from xception_gui.ui.dataset.looks_strip import LooksStrip
from xception_gui.ui.dataset.recipe_fields import tr
from xception_gui.ui.dataset.recipe_form import RecipeForm
from xception_gui.ui.kit import texts, theme
from xception_gui.ui.kit.beside_or_below import BesideOrBelow
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import Card, row
from xception_gui.ui.kit.labels import label
from xception_gui.ui.kit.message_card import MessageCard
from xception_gui.ui.kit.page import scrolled
from xception_gui.ui.kit.responsive_grid import ResponsiveGrid


class RecipeCard(QPushButton):
    """A recipe to choose: what it does, and how long it takes on this computer."""

    def __init__(self, preset: Preset) -> None:
        super().__init__()
        self.preset = preset
        self.name = name = texts.preset_name(preset)
        words = tr(PRESETS[preset].sentence)
        self._spoken = f"{name}. {words}"
        self.setObjectName(f"recipe_{preset.value.replace('-', '_')}")
        self.setProperty("role", "recipe")
        self.setCheckable(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._time = label("", "chip")
        self.toggled.connect(lambda chosen: theme.set_role(self._time, "chip-on-tint" if chosen else "chip"))
        title = label(name, "heading")
        head = QWidget()
        side_by_side = BesideOrBelow(title.sizeHint().width(), head, spacing=8)
        side_by_side.addWidget(title)
        side_by_side.addWidget(self._time)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.INSIDE, theme.INSIDE, theme.INSIDE, theme.INSIDE)
        column.setSpacing(10)
        column.addWidget(head)
        column.addWidget(label(words, "muted", wrap=True))
        column.addStretch(1)
        self._small = label(tr(PRESETS[preset].technique), "label", wrap=True)
        column.addWidget(self._small)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.show_time("")

    def show_time(self, words: str) -> None:
        """Show the estimated time."""
        self._time.setText(words)
        self._time.setVisible(bool(words))
        self.setAccessibleName(f"{self._spoken} {words}".strip())

    def show_missing(self, words: str) -> None:
        """Disable the card, and say what the recipe needs."""
        self._small.setText(words)
        self.setEnabled(False)
        self.setAccessibleName(f"{self._spoken} {words}")

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's names
        """Return the size of the layout: a button's own hint is that of its text."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the least size of the layout."""
        layout = self.layout()
        return layout.minimumSize() if layout is not None else super().minimumSizeHint()

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """Return True: the words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """Return the height of the layout."""
        layout = self.layout()
        return layout.heightForWidth(width) if layout is not None else -1


class RecipeStep(QWidget):
    """The recipes to choose from, and the Advanced settings.

    Signals:
        edited: the recipe or one of its values has changed.
        weights_wanted: the person wants to choose a file of weights.

    Attributes:
        forecast: the question whether fine-tuning will pay, beside its recipe.
    """

    edited = Signal()
    weights_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._cards = {preset: RecipeCard(preset) for preset in PRESETS}
        group = QButtonGroup(self)
        cards = QWidget()
        grid = ResponsiveGrid(210, cards)
        for card in self._cards.values():
            group.addButton(card)
            grid.addWidget(card)
            if PRESETS[card.preset].trains_network and not has_keras():
                card.show_missing(self.tr("Needs the full Xception GUI, which includes TensorFlow"))
        self._cards[DEFAULT_PRESET].setChecked(True)
        group.buttonToggled.connect(self._on_chosen)
        self.forecast = ForecastCard()
        self.forecast.quick_wanted.connect(self._on_quick_wanted)
        self.forecast.hide()
        self._form = RecipeForm()
        self._form.edited.connect(self.edited)
        self._form.weights_wanted.connect(self.weights_wanted)
        self._looks = LooksStrip("recipe_looks")
        self._looks.setAccessibleName(self.tr("Your pictures as the network sees them"))
        self._seen = Card()
        self._seen.setObjectName("recipe_seen")
        self._seen.column.addWidget(label(self.tr("What the network sees"), "strong"))
        self._seen.column.addWidget(self._looks)
        self._seen.column.addWidget(
            label(self.tr("Your pictures, then the variations used in training."), "label", wrap=True)
        )
        self._seen.hide()
        self._advanced = Card()
        self._advanced.column.addWidget(self._form)
        self._advanced.hide()
        self._toggle = button(self.tr("Advanced settings"), "recipe_advanced", "link", self._on_toggle)
        self._kept = MessageCard(
            "recipe_kept",
            (button(self.tr("Use defaults"), "recipe_use_defaults", "", self._on_use_defaults),),
            role="news",
        )
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.BETWEEN_CARDS)
        column.addWidget(self._kept)
        column.addWidget(cards)
        column.addWidget(self.forecast)
        column.addWidget(self._seen)
        column.addLayout(row(self._toggle, None))
        column.addWidget(self._advanced)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._scroll = scrolled(content, "recipe_scroll")
        outer.addWidget(self._scroll)

    @property
    def recipe(self) -> Recipe | None:
        """The recipe with its settings; None while a field is wrong."""
        return self._form.recipe

    @property
    def preset(self) -> Preset:
        """The chosen preset."""
        return next(preset for preset, card in self._cards.items() if card.isChecked())

    def begin(self) -> None:
        """Start again for another folder. Settings of the last one are kept, and a message lists them."""
        self._scroll.verticalScrollBar().setValue(0)
        self._show_advanced(False)
        self._form.forget_others()
        changes = self._form.changes
        if self.preset is DEFAULT_PRESET and not changes:
            self._kept.hide()
            return
        settings = [self._cards[self.preset].name, *(f"{term}: {text or '–'}" for term, text in changes)]
        self._kept.show_message(self.tr("Settings kept from the last folder"), " · ".join(settings))

    def show_times(self, words: dict[Preset, str]) -> None:
        """Show the estimated time of each recipe."""
        for preset, card in self._cards.items():
            card.show_time(words.get(preset, ""))

    def show_looks(self, looks: Sequence[Sequence[QPixmap | None]]) -> None:
        """Show pictures with their augmented variants; hidden without augmentation."""
        self._looks.show_looks(looks)
        self._seen.setVisible(bool(looks))

    def show_weights(self, path: str) -> None:
        """Set the path of the file of weights."""
        self._form.show_weights(path)

    def _on_chosen(self, card: RecipeCard, checked: bool) -> None:
        if checked:
            self.forecast.setVisible(card.preset is Preset.FINE_TUNE)
            self._form.show_preset(card.preset)

    def _on_quick_wanted(self) -> None:
        quick = self._cards[Preset.QUICK]
        quick.setFocus()  # before the button that was pressed disappears
        quick.setChecked(True)

    def _on_use_defaults(self) -> None:
        self._kept.hide()
        self._form.show_defaults(self.preset)
        self._cards[DEFAULT_PRESET].setChecked(True)

    def _on_toggle(self) -> None:
        self._show_advanced(not self._advanced.isVisibleTo(self))

    def _show_advanced(self, shown: bool) -> None:
        self._advanced.setVisible(shown)
        self._toggle.setText(self.tr("Hide advanced settings") if shown else self.tr("Advanced settings"))
        self._toggle.setAccessibleName(self._toggle.text())
