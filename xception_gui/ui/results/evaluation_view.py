"""What an evaluation found: the confusion matrix, the classes, and the pictures behind them."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QButtonGroup, QSplitter, QStackedLayout, QWidget

from xception_gui.domain.messages.using import EvaluateResult, PictureEvaluated
from xception_gui.domain.predictions import Prediction
from xception_gui.domain.visible import visible
from xception_gui.ui.kit import texts, theme
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import Card, row
from xception_gui.ui.kit.labels import ElidedLabel
from xception_gui.ui.pictures.picture_grid import PictureGrid, PictureItem
from xception_gui.ui.pictures.thumbnails import Thumbnails
from xception_gui.ui.results import error_analysis
from xception_gui.ui.results.class_table import ClassTable
from xception_gui.ui.results.confusion_matrix import ConfusionMatrix, cell_words

LONGEST_NAMES = 32  # letters of the names in a heading
SCROLL_BAR = 12  # pixels, as in the style sheet


class EvaluationView(QSplitter):
    """The confusion matrix and the classes at the left, the pictures of what is chosen there at the right."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("results_splitter")
        self.setHandleWidth(theme.BETWEEN_CARDS)
        self.setChildrenCollapsible(False)
        self._result: EvaluateResult | None = None
        self._all: Sequence[PictureEvaluated] = ()
        self._matrix = ConfusionMatrix("results_matrix")
        self._table = ClassTable("results_classes")
        self._views = QStackedLayout()
        self._heading = ElidedLabel("", "strong")
        self._title = ElidedLabel("", "strong", Qt.TextElideMode.ElideMiddle)
        self._title.setObjectName("results_pictures_title")
        self._remark = ElidedLabel("", "label")
        self.pictures = PictureGrid(thumbnails, "results_pictures", self.tr("Pictures"))
        self.addWidget(self._make_left())
        self.addWidget(self._make_right())
        self.setSizes([500, 500])
        self._matrix.cell_chosen.connect(self._on_cell_chosen)
        self._table.class_chosen.connect(self._on_class_chosen)

    def show_result(self, result: EvaluateResult, pictures: Sequence[PictureEvaluated]) -> None:
        """Show another evaluation: its worst mistake first."""
        self._result, self._all = result, pictures
        self._table.show_classes(result.per_class)
        self._matrix.show_matrix(
            result.classes, result.confusion_matrix, error_analysis.first_cell(result.confusion_matrix)
        )
        self._on_view_chosen(self._views.currentIndex())

    def _make_left(self) -> QWidget:
        card = Card()
        card.setMinimumWidth(260)
        self._switch = QButtonGroup(self)
        names = ((self.tr("Confusion matrix"), "results_show_matrix"), (self.tr("Classes"), "results_show_classes"))
        line = row(spacing=4)
        for index, (words, name) in enumerate(names):
            one = button(words, name, "chip")
            one.setCheckable(True)
            one.setChecked(index == 0)
            self._switch.addButton(one, index)
            line.addWidget(one)
        line.addStretch(1)
        for view in (self._matrix, self._table):
            self._views.addWidget(view)
        self._switch.idClicked.connect(self._on_view_chosen)
        card.column.setContentsMargins(theme.INSIDE, 12, theme.INSIDE, theme.INSIDE)
        card.column.addLayout(line)
        card.column.addWidget(self._heading)
        card.column.addLayout(self._views, 1)
        return card

    def _make_right(self) -> QWidget:
        card = Card()
        card.setMinimumWidth(220)
        # What the grid keeps free for its scroll bar is taken from the margin: pictures end where the words end.
        card.column.setContentsMargins(theme.INSIDE, 16, theme.INSIDE - SCROLL_BAR, theme.INSIDE)
        card.column.addWidget(self._title)
        card.column.addWidget(self._remark)
        card.column.addWidget(self.pictures, 1)
        return card

    def _on_view_chosen(self, index: int) -> None:
        self._views.setCurrentIndex(index)
        if index == 0 and self._matrix.chosen is not None:
            self._heading.setText(self.tr("Predicted vs. actual"))
            self._on_cell_chosen(*self._matrix.chosen)
        if index == 1 and self._table.chosen is not None:
            self._heading.setText(self.tr("Results by class"))
            self._on_class_chosen(self._table.chosen)

    def _on_cell_chosen(self, row: int, column: int) -> None:
        if self._result is None or self._views.currentIndex() != 0:
            return
        was, said = self._result.classes[row], self._result.classes[column]
        counts = self._result.confusion_matrix[row]
        remark = self.tr("least certain first") if row == column else self.tr("most certain first")
        short_was, short_said = shortened(was, said)
        self._title.setText(cell_words(short_was, short_said, counts[column], sum(counts)))
        self._show_pictures(error_analysis.pictures_of_cell(self._all, row, column), remark)

    def _on_class_chosen(self, name: str) -> None:
        if self._result is None or self._views.currentIndex() != 1:
            return
        mistakes = error_analysis.mistakes_of_class(self._all, self._result.classes.index(name))
        words = self.tr("1 mistake with {name}") if len(mistakes) == 1 else self.tr("{n} mistakes with {name}")
        self._title.setText(words.format(name=name, n=texts.number(len(mistakes))))
        self._show_pictures(mistakes, self.tr("missed first, then false alarms"))

    def _show_pictures(self, pictures: Sequence[PictureEvaluated], remark: str) -> None:
        if len(pictures) < 2:  # there is no order to speak of
            remark = "" if pictures else self._no_pictures()
        self._remark.setText(remark)
        classes = self._result.classes if self._result is not None else ()
        self.pictures.show_items([_item(picture, classes) for picture in pictures])

    def _no_pictures(self) -> str:
        """Return what to say without pictures: only in a cell on the diagonal they would have been correct."""
        row, column = self._matrix.chosen or (0, 0)
        is_diagonal = self._views.currentIndex() == 0 and row == column
        return self.tr("No pictures here.") if is_diagonal else self.tr("No mistakes here.")


def shortened(was: str, said: str) -> tuple[str, str]:
    """Take the middle out of two names that would leave no room for each other."""
    if len(was) + len(said) <= LONGEST_NAMES:
        return was, said
    half = LONGEST_NAMES // 4
    first, second = (name if len(name) <= 2 * half else f"{name[:half]}…{name[1 - half :]}" for name in (was, said))
    return first, second


def _item(picture: PictureEvaluated, classes: Sequence[str]) -> PictureItem:
    """Return what it said, and how probable it held the right class to be, or the next one."""
    ranking = zip(picture.ranking, picture.probabilities, strict=True)
    all_told = {label: Prediction(classes[label], probability) for label, probability in ranking}
    first, second = error_analysis.said_of(picture), error_analysis.beside(picture)
    told = [all_told[label] for label in (first, second) if label is not None]
    lines = [_with_percent(one) for one in told]
    ends = tuple(f" {texts.percent(one.probability)}" for one in told)
    was = _tr("Actual: {name}").format(name=visible(classes[picture.label]))
    said = _tr("Predicted: {words}").format(words=", ".join(map(_with_percent, all_told.values())))
    return PictureItem(picture.path, "\n".join(lines), "\n".join((was, said, visible(picture.path))), ends)


def _with_percent(said: Prediction) -> str:
    return f"{visible(said.class_name)} {texts.percent(said.probability)}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("results", text)
