"""The learning preview: the learning curve, drawn while pictures are read ahead of a training."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QLayout, QStackedWidget

from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.training import Notice, NoticeCode
from xception_gui.domain.run_state import RunState
from xception_gui.domain.time_left import seconds_left
from xception_gui.ui.kit import texts, theme
from xception_gui.ui.kit.beside_or_below import BesideOrBelow, held
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import Card, row
from xception_gui.ui.kit.labels import ElidedLabel, label
from xception_gui.ui.kit.progress_bar import ProgressBar
from xception_gui.ui.plots.plot_data import Quantity, curves_of, only_validation

if TYPE_CHECKING:
    from xception_gui.ui.plots.curve_plot import CurvePlot

LEAST_WIDTH = 300  # pixels
PLOT_HEIGHT = 132  # pixels, at least

OF_THE_FOLDER = frozenset(
    {
        ErrorCode.DATASET_NOT_FOUND,
        ErrorCode.DATASET_EMPTY,
        ErrorCode.PARTS_INCOMPLETE,
        ErrorCode.TOO_FEW_CLASSES,
        ErrorCode.NO_VALIDATION_PICTURES,
        ErrorCode.PICTURES_GONE,
    }
)
"""Failures that mean that the folder has changed since it was checked."""


class LearningCard(Card):
    """Draws the learning curve and its figures.

    Signals:
        check_again_wanted: the folder has changed, and the person wants another check.
    """

    check_again_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("check_learning")
        self.setMinimumWidth(theme.text_size(LEAST_WIDTH))
        self._state: RunState | None = None
        self._plots: dict[Quantity, CurvePlot] = {}
        self._words = label(role="label", wrap=True, name="check_learning_words")
        self._again = button(self.tr("Check again"), "check_learning_again", "", self.check_again_wanted.emit)
        self._progress = ProgressBar()
        self._progress.setObjectName("check_learning_progress")
        self._progress.setAccessibleName(self.tr("Reading progress"))
        self._progress.setTextVisible(False)
        self._space = QStackedWidget()
        self._space.setMinimumHeight(PLOT_HEIGHT)
        self._nothing_yet = label("", "label", wrap=True)
        self._nothing_yet.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._space.addWidget(self._nothing_yet)
        self._knows = label(wrap=True, selectable=True, name="check_learning_knows")
        self._remark = label(role="label", wrap=True, selectable=True, name="check_learning_remark")
        self.column.setContentsMargins(theme.INSIDE, 12, theme.INSIDE, 14)
        self.column.addLayout(self._head())
        self.column.addWidget(self._knows)
        self.column.addWidget(self._words)
        self.column.addLayout(row(self._again, None))
        self.column.addWidget(self._progress)
        self.column.addWidget(self._space, 1)
        self.column.addWidget(self._remark)
        self.show_state(None)

    def _head(self) -> QLayout:
        self._switch = QButtonGroup(self)
        self._chips = []
        for index, (words, name) in enumerate(
            ((self.tr("Accuracy"), "check_show_accuracy"), (self.tr("Log loss"), "check_show_loss"))
        ):
            chip = button(words, name, "chip")
            chip.setCheckable(True)
            chip.setChecked(index == 0)
            self._switch.addButton(chip, index)
            self._chips.append(chip)
        self._switch.idClicked.connect(self._draw)
        title = ElidedLabel(self.tr("Learning preview"), "strong")
        line = BesideOrBelow(title.sizeHint().width(), spacing=4)
        line.addWidget(title)
        line.addWidget(held(row(*self._chips, spacing=4)))
        return line

    def show_state(self, state: RunState | None) -> None:
        """Draw a state; None: hide the card."""
        self._state = state
        self.setVisible(state is not None)
        if state is None:
            return
        self._show_progress(state)
        self._show_words(state)
        self._draw()

    def make_plots(self) -> None:
        """Make the plots. This takes a moment if their library has not been loaded yet."""
        if self._plots:
            return
        from xception_gui.ui.plots.curve_plot import CurvePlot

        for quantity in (Quantity.ACCURACY, Quantity.LOSS):
            plot = self._plots[quantity] = CurvePlot(quantity, f"check_{quantity}_plot")
            plot.setMinimumHeight(PLOT_HEIGHT)
            self._space.addWidget(plot)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Draw changes made while the card was hidden."""
        super().showEvent(event)
        self._draw()

    def _show_progress(self, state: RunState) -> None:
        self._progress.setVisible(state.is_running)
        self._progress.show_progress(state.done, state.total or 0)
        self._words.setText(self._progress_words(state))
        self._again.setVisible(_has_changed(state))

    def _progress_words(self, state: RunState) -> str:
        if state.failure is not None and _has_changed(state):
            text = texts.failure_text(state.failure)
            return f"{text.what} {text.why} {text.fix}"
        if state.failure is not None:
            return self.tr("Reading stopped. Training will read the remaining pictures.")
        if state.ended and state.stop_asked:
            return self.tr("Reading is paused. The pictures read so far are kept.")
        if _has_changed(state):
            return self.tr(
                "Some pictures can no longer be read. They were moved or changed, or their drive was removed."
            )
        if state.ended:
            kept = self.tr("Learning curve, measured on {n} validation pictures")
            return kept.format(n=texts.number(state.val_images))
        if not state.total or not state.val_images:
            return self.tr("Reading pictures…")
        words = self.tr("Reading pictures: {n} of {m}")
        said = words.format(n=texts.number(state.done), m=texts.number(state.total))
        left = seconds_left(state)
        return said if left is None else self.tr("{said} · {time} left").format(said=said, time=texts.about(left))

    def _show_words(self, state: RunState) -> None:
        last = state.epochs[-1] if state.epochs else None
        self._knows.setVisible(last is not None)
        self._remark.setVisible(last is not None)
        if last is None:
            return
        is_last = last.images == state.train_images
        self._knows.setText(texts.knowledge_text(last, state.classes, state.val_images, is_last=is_last))
        honest = self.tr("A preview. Final results come after training.")
        foretold = texts.outlook_text(state.outlook) if state.outlook is not None else ""
        self._remark.setText(f"{foretold}\n{honest}".strip())

    def _draw(self) -> None:
        state = self._state
        if state is None or not self.isVisible():
            return
        has_curve = bool(state.epochs)
        for chip in self._chips:
            chip.setEnabled(has_curve)
        if not has_curve:
            words = self.tr("The curve starts after two pictures of each class.")
            self._nothing_yet.setText("" if _has_changed(state) else words)
            self._space.setCurrentWidget(self._nothing_yet)
            return
        self.make_plots()
        chosen = (Quantity.ACCURACY, Quantity.LOSS)[max(0, self._switch.checkedId())]
        plot = self._plots[chosen]
        plot.show_curves(only_validation(curves_of(state, chosen)), by_batch=False, logarithmic=False)
        self._space.setCurrentWidget(plot)


def _has_changed(state: RunState) -> bool:
    """Return whether the folder has changed since it was checked."""
    if state.failure is not None:
        return state.failure.code in OF_THE_FOLDER
    said = (entry.event for entry in state.log)
    return any(isinstance(event, Notice) and event.code is NoticeCode.PICTURES_CHANGED for event in said)
