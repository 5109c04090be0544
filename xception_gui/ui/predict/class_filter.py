"""Chips with the predicted classes and their counts: choosing one shows only its pictures."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from xception_gui.domain.visible import visible
from xception_gui.ui.kit import texts, theme
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.labels import tool_tip
from xception_gui.ui.predict.predict_words import pictures
from xception_gui.ui.predict.prediction_list_model import Wanted

GAP = 2
AROUND_TEXT = 20  # pixels of a chip's padding and border, as in the style sheet
LONGEST_NAME = 160


def chips_that_fit(widths: Sequence[int], room: int, more: int) -> int:
    """Return how many chips fit into a line.

    Args:
        widths: of the chips, in pixels, the most important first.
        room: pixels for them.
        more: width in pixels of the button for the chips that don't fit.
    """
    if sum(widths) + GAP * len(widths) <= room:
        return len(widths)
    used = more
    for number, width in enumerate(widths):
        used += width + GAP
        if used > room:
            return number
    return len(widths)


class ClassFilter(QWidget):
    """A line of chips: all, the classes, unreadable pictures. Shows the most frequent classes that fit, the rest in a menu.

    Signals:
        chosen: Wanted: one class, the unreadable pictures, or everything.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("predict_filter")
        self._classes: tuple[str, ...] = ()
        self._counts: Mapping[str, int] = {}
        self._unreadable = 0
        self._chosen = Wanted()
        self._chips: dict[str, QPushButton] = {}
        self._all = self._chip("predict_filter_all", Wanted())
        self._cannot = self._chip("predict_filter_unreadable", Wanted(unreadable=True))
        self._more = button("", "predict_filter_more", "chip")
        self._menu = QMenu(self)
        self._menu.setObjectName("predict_filter_menu")
        self._menu.aboutToShow.connect(self._on_menu_about_to_show)
        self._more.setMenu(self._menu)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(GAP)
        for one in (self._all, self._more, self._cannot):
            self._line.addWidget(one)
        self._line.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._more.hide()
        self._cannot.hide()

    @property
    def more_classes(self) -> list[str]:
        """The classes whose chips don't fit."""
        shown = {name for name, chip in self._chips.items() if not chip.isHidden()}
        return [name for name in self._found() if name not in shown]

    def show_counts(self, classes: Sequence[str], counts: Mapping[str, int], unreadable: int) -> None:
        """Show the counts of the predictions.

        Args:
            classes: of the model. The chips keep this order, so that they don't move as the counts grow.
            counts: pictures of each class.
            unreadable: number of pictures that can't be read.
        """
        self._classes, self._counts, self._unreadable = tuple(classes), counts, unreadable
        self._fill()

    def show_chosen(self, wanted: Wanted) -> None:
        """Show which chip is chosen."""
        self._chosen = Wanted(wanted.class_name, wanted.unreadable)
        self._fill()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's names
        """Return the room for “All” and the menu."""
        return QSize(2 * 60, self._all.sizeHint().height())

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the minimum; the size policy expands the widget."""
        return self.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show as many chips as fit now."""
        super().resizeEvent(event)
        self._fill()

    def _chip(self, name: str, wanted: Wanted) -> QPushButton:
        chip = button("", name, "chip", lambda: self._choose(wanted))
        chip.setCheckable(True)
        return chip

    def _choose(self, wanted: Wanted) -> None:
        self.show_chosen(wanted)
        self.chosen.emit(wanted)

    def _found(self) -> list[str]:
        """Return the predicted classes in the model's order, and the chosen one even if its count is 0."""
        return [name for name in self._classes if self._counts.get(name) or name == self._chosen.class_name]

    def _fill(self) -> None:
        total = sum(self._counts.values()) + self._unreadable
        self._label(self._all, self.tr("All"), total, is_chosen=self._chosen == Wanted())
        self._label(self._cannot, self.tr("Unreadable"), self._unreadable, is_chosen=self._chosen.unreadable)
        self._cannot.setVisible(self._unreadable > 0 or self._chosen.unreadable)
        shown = self._that_fit()
        for name in [name for name in self._chips if name not in shown]:
            self._chips[name].hide()
        for place, name in enumerate((name for name in self._found() if name in shown), start=1):
            self._show_class(name, place)
        others = len(self._found()) - len(shown)
        self._more.setVisible(others > 0)
        self._more.setText(self._more_words(others))
        self._more.setAccessibleName(self.tr("More classes"))

    def _that_fit(self) -> set[str]:
        by_count = sorted(self._found(), key=lambda name: (name != self._chosen.class_name, -self._counts.get(name, 0)))
        room = self.width() - self._width(self._all.text()) - GAP
        if not self._cannot.isHidden():
            room -= self._width(self._cannot.text()) + GAP
        widths = [self._width(self._words(name, self._counts.get(name, 0))) for name in by_count]
        return set(by_count[: chips_that_fit(widths, room, self._width(self._more_words(len(by_count))))])

    def _show_class(self, name: str, place: int) -> None:
        chip = self._chips.get(name)
        if chip is None:
            chip = self._chips[name] = self._chip(f"predict_filter_class_{name}", Wanted(class_name=name))
        if self._line.indexOf(chip) != place:
            self._line.removeWidget(chip)
            self._line.insertWidget(place, chip)
        self._label(chip, name, self._counts.get(name, 0), is_chosen=name == self._chosen.class_name)
        chip.show()

    def _label(self, chip: QPushButton, name: str, count: int, *, is_chosen: bool) -> None:
        chip.setText(self._words(name, count))
        chip.setChecked(is_chosen)
        shown = visible(name)
        chip.setAccessibleName(f"{shown}, {pictures(count)}")
        chip.setToolTip(tool_tip(shown) if self._shortened(name) != shown else "")

    def _words(self, name: str, count: int) -> str:
        return f"{self._shortened(name)} {texts.number(count)}".replace("&", "&&")

    def _more_words(self, count: int) -> str:
        return self.tr("More ({n})").format(n=count)

    def _shortened(self, name: str) -> str:
        return self._metrics().elidedText(visible(name), Qt.TextElideMode.ElideMiddle, theme.text_size(LONGEST_NAME))

    def _width(self, text: str) -> int:
        return self._metrics().size(int(Qt.TextFlag.TextShowMnemonic), text).width() + AROUND_TEXT

    @staticmethod
    def _metrics() -> QFontMetrics:
        return QFontMetrics(theme.font(12, QFont.Weight.DemiBold))

    def _on_menu_about_to_show(self) -> None:
        self._menu.clear()
        for name in self.more_classes:
            words = self._words(name, self._counts.get(name, 0))
            self._menu.addAction(words, partial(self._choose, Wanted(class_name=name)))
