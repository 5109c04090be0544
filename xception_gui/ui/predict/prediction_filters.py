"""Filters for the predictions: class, file name and order."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QLineEdit, QWidget

from xception_gui.ui.kit import theme
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.fields import ChoiceBox
from xception_gui.ui.predict.class_filter import ClassFilter
from xception_gui.ui.predict.prediction_list_model import Order, PredictionModel, Wanted

ENOUGH_FOR_ONE_LINE = 900
"""Pixels, below which the chips get a line of their own."""


class PredictionFilters(QWidget):
    """Class chips, a search field, a choice of orders, and a button that clears all results.

    Signals:
        wanted_changed: Wanted, which results to show.
        order_changed: Order, in which to show them.
        clearing_wanted: all results are to be cleared.
    """

    wanted_changed = Signal(object)
    order_changed = Signal(object)
    clearing_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("predict_filters")
        self._wanted = Wanted()
        self._classes = ClassFilter()
        self._search = self._make_search()
        self._order = self._make_order()
        self._clear = button(self.tr("Clear"), "predict_clear", on_click=self.clearing_wanted.emit)
        self._clear.setToolTip(self.tr("Clears these predictions. Your picture files are not touched."))
        self._tools = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._tools.setSpacing(8)
        for widget in (self._search, self._order, self._clear):
            self._tools.addWidget(widget)
        self._lines = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(8)
        self._lines.addWidget(self._classes, 1)
        self._lines.addLayout(self._tools)
        self._classes.chosen.connect(self._on_chosen)
        self._search.textChanged.connect(self._on_words_changed)
        self._order.currentIndexChanged.connect(self._on_order_changed)

    def show_counts(self, classes: Sequence[str], results: PredictionModel) -> None:
        """Show how many pictures there are of each class."""
        self._classes.show_counts(classes, results.counts, results.unreadable)

    def show_everything(self) -> None:
        """Reset all filters."""
        self.show_wanted(Wanted())

    @property
    def wanted(self) -> Wanted:
        """The current filter."""
        return self._wanted

    def show_wanted(self, wanted: Wanted) -> None:
        """Set the filter, as if a person had chosen it."""
        self._search.setText(wanted.words)
        self._classes.show_chosen(wanted)
        self._want(wanted)

    def keep_to(self, classes: Sequence[str]) -> None:
        """Keep the filter, but drop a class that is not among these."""
        if self._wanted.class_name is not None and self._wanted.class_name not in classes:
            self.show_wanted(Wanted(words=self._wanted.words))

    def start_search(self) -> None:
        """Focus the search field and select its text."""
        self._search.setFocus()
        self._search.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Use one line if there is room, else two."""
        is_wide = self.width() >= theme.text_size(ENOUGH_FOR_ONE_LINE)
        self._lines.setDirection(
            QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom,
        )
        self._search.setMaximumWidth(theme.text_size(13) * 14 if is_wide else 16777215)
        super().resizeEvent(event)

    def _make_search(self) -> QLineEdit:
        search = QLineEdit()
        search.setAcceptDrops(False)  # files are for the window
        search.setObjectName("predict_search")
        search.setAccessibleName(self.tr("Search by file name"))
        search.setPlaceholderText(self.tr("Search file names"))
        search.setClearButtonEnabled(True)
        return search

    def _make_order(self) -> QComboBox:
        box = ChoiceBox()
        box.setObjectName("predict_order")
        box.setAccessibleName(self.tr("Sort by"))
        for order, text in (
            (Order.AS_GIVEN, self.tr("Order added")),
            (Order.NAME, self.tr("Name")),
            (Order.CLASS, self.tr("Class")),
            (Order.MAX_CERTAIN, self.tr("Most certain first")),
            (Order.LEAST_CERTAIN, self.tr("Least certain first")),
        ):
            box.addItem(text, order)
        return box

    def _want(self, wanted: Wanted) -> None:
        if wanted != self._wanted:
            self._wanted = wanted
            self.wanted_changed.emit(wanted)

    def _on_chosen(self, wanted: Wanted) -> None:
        self._want(replace(wanted, words=self._wanted.words))

    def _on_words_changed(self, words: str) -> None:
        self._want(replace(self._wanted, words=words.strip()))

    def _on_order_changed(self, index: int) -> None:
        self.order_changed.emit(Order(self._order.itemData(index)))
