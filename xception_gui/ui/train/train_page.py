"""The page Train: progress and figures of a training, and the button that stops it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from xception_gui.domain.messages.models import RunSummary
from xception_gui.domain.messages.training import Notice, NoticeCode
from xception_gui.domain.run_state import RunState
from xception_gui.domain.time_left import seconds_left
from xception_gui.ui.kit import texts, theme
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import Card, row
from xception_gui.ui.kit.empty_state import EmptyState
from xception_gui.ui.kit.failure_log import log_of
from xception_gui.ui.kit.labels import ElidedLabel, label, tool_tip
from xception_gui.ui.kit.message_bar import MessageBar
from xception_gui.ui.kit.message_card import MessageCard
from xception_gui.ui.kit.page import Page, scrolled
from xception_gui.ui.kit.progress_bar import ProgressBar
from xception_gui.ui.models.model_box import ModelBox
from xception_gui.ui.models.training import Training
from xception_gui.ui.plots.legend import Legend
from xception_gui.ui.plots.plot_data import Quantity, curves_of
from xception_gui.ui.train.past_training import PastTraining
from xception_gui.ui.train.train_figures import TrainFigures
from xception_gui.ui.train.train_words import log_lines, phase_words, subtitle, title

if TYPE_CHECKING:
    from xception_gui.ui.plots.curve_plot import CurvePlot

ROOM_FOR_BOTH_PLOTS = 720  # pixels of the page, for both plots side by side
NO_WARNINGS = frozenset(
    {
        NoticeCode.PRECISION,
        NoticeCode.FULL_SIZE,
        NoticeCode.FORECAST,
        NoticeCode.RANDOM_WEIGHTS,
        NoticeCode.OWN_BACKBONE,
        NoticeCode.QUICK_KEPT,
        NoticeCode.COMPARED_WITH_QUICK,
        NoticeCode.STOPPED_EARLY,
        NoticeCode.RESUMED,
    }
)
"""Notices that need no attention, such as early stopping: there was no more to learn."""


class TrainPage(Page):
    """Draws the training that runs or ended without a model; else that of the current model.

    Signals:
        model_chosen: str, the path of the model whose training is to be shown.
        results_wanted: str, the run.
        predict_wanted: str, the run.
        new_model_wanted.
        plot_wanted: str, the plot to save, “loss” or “accuracy”.
        shown_in_folder: str, a file that was saved.
    """

    model_chosen = Signal(str)
    results_wanted = Signal(str)
    predict_wanted = Signal(str)
    new_model_wanted = Signal()
    plot_wanted = Signal(str)
    shown_in_folder = Signal(str)

    def __init__(self, training: Training, past: PastTraining) -> None:
        super().__init__("train_page", "")
        self._training = training
        self._past = past
        self._plots: dict[Quantity, CurvePlot] = {}
        self._shown_lines = 0
        self._shown_run: RunState | None = None
        self._stop = button(self.tr("Stop and keep best model"), "train_stop", "destructive", training.stop)
        self._predict = button(self.tr("Predict"), "train_predict", "", self._on_predict)
        self._results = button(self.tr("Show results"), "train_results", "primary", self._on_results)
        self._models_box = ModelBox("train_model")
        self._models_box.chosen.connect(self.model_chosen)
        self.actions_row.addWidget(self._models_box)
        for one in (self._stop, self._predict, self._results):
            self.actions_row.addWidget(one)
        self._empty = EmptyState(
            "train_empty",
            self.tr("No training yet"),
            self.tr("Choose a folder of pictures, then watch the model learn here."),
            (button(self.tr("New model…"), "train_new_model", "primary", self.new_model_wanted.emit),),
        )
        self.body.addWidget(self._empty, 1)
        self._content = QWidget()
        self.body.addWidget(self._content, 1)
        self._build_content()
        training.changed.connect(self._on_changed)
        past.changed.connect(self._on_changed)
        self._on_changed()

    def _show_models_box(self) -> None:
        self._models_box.setVisible(self._models_box.count() > 0 and not self._training.is_running)

    @property
    def state(self) -> RunState | None:
        """The state that is shown."""
        now = self._training.state
        is_about_itself = now is not None and (now.is_running or now.result is None)
        return now if is_about_itself or self._past.state is None else self._past.state

    def show_models(self, models: Sequence[RunSummary], selected: str | None) -> None:
        """Offer models to choose from, the newest first; `selected` is the path of the current one."""
        self._models_box.show_models(models, selected)
        self._on_changed()

    def _build_content(self) -> None:
        self._again = button("", "train_again", "primary", self._training.start_again)
        self._failure = MessageCard(
            "train_failure",
            (
                self._again,
                button(self.tr("Copy details"), "train_copy_details", "", self.copy_log),
            ),
            copies_log=False,  # the details include it
        )
        self._notice = MessageCard("train_notice", role="notice")
        self._saved_as = ""
        show = button(self.tr("Show in folder"), "train_saved_show_in_folder", on_click=self._on_show_saved)
        self._saved = MessageBar("train_saved", show)
        self._phase = ElidedLabel("", "")
        self._phase.setObjectName("train_phase")
        self._left = label(role="label", name="train_time_left")
        self._progress = ProgressBar()
        self._progress.setObjectName("train_progress")
        self._progress.setAccessibleName(self.tr("Training progress"))
        self._progress.setTextVisible(False)
        self._figures = TrainFigures(self._training.memory)
        self._how_far = QWidget()
        progress = QVBoxLayout(self._how_far)
        progress.setContentsMargins(0, 0, 0, 0)
        progress.setSpacing(8)
        words = QHBoxLayout()
        words.addWidget(self._phase, 1)
        words.addWidget(self._left)
        progress.addLayout(words)
        progress.addWidget(self._progress)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.BETWEEN_CARDS)
        column.addWidget(self._failure)
        column.addWidget(self._notice)
        column.addWidget(self._saved)
        column.addWidget(self._how_far)
        column.addWidget(self._figures)
        self._splitter = QSplitter()
        self._splitter.setObjectName("train_splitter")
        self._splitter.setHandleWidth(theme.BETWEEN_CARDS)
        self._splitter.setChildrenCollapsible(False)
        self._plot_cards = {
            Quantity.LOSS: self._plot_card(self.tr("Loss"), "loss"),
            Quantity.ACCURACY: self._plot_card(self.tr("Accuracy"), "accuracy"),
        }
        for plot_card in self._plot_cards.values():
            self._splitter.addWidget(plot_card)
        self._splitter.setSizes([1000, 1000])  # halves
        column.addWidget(self._splitter, 1)
        outer = QVBoxLayout(self._content)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(12)
        outer.addWidget(scrolled(inside, "train_scroll"), 1)
        outer.addLayout(self._foot())
        self._log = QPlainTextEdit()
        self._log.setObjectName("train_log")
        self._log.setAccessibleName(self.tr("Training log"))
        self._log.setReadOnly(True)
        self._log.setTabChangesFocus(True)
        self._log.setFixedHeight(132)
        self._log.hide()
        outer.addWidget(self._log)  # outside the scroll area, as the log scrolls by itself

    def _plot_card(self, title: str, name: str) -> Card:
        card = Card()
        card.setObjectName(f"train_{name}_card")
        card.column.setContentsMargins(theme.INSIDE, 12, theme.INSIDE, 10)
        save = button(self.tr("Save…"), f"train_{name}_save", "link")
        save.setAccessibleName(self.tr("Save the {name} plot…").format(name=title))
        save.clicked.connect(lambda: self.plot_wanted.emit(name))
        card.column.addLayout(
            row(label(title, "strong"), None, Legend(self.tr("training"), self.tr("validation")), save, spacing=8)
        )
        return card

    def _foot(self) -> QHBoxLayout:
        self._by_batch = QCheckBox(self.tr("Each batch"))
        self._by_batch.setObjectName("train_by_batch")
        self._by_batch.setToolTip(
            self.tr("Shows training figures for every batch, raw and smoothed, instead of every epoch.")
        )
        self._by_batch.setChecked(True)
        self._logarithmic = QCheckBox(self.tr("Log scale"))
        self._logarithmic.setObjectName("train_log_scale")
        self._logarithmic.setToolTip(
            self.tr("Shows the loss on a logarithmic scale, so that small differences are visible.")
        )
        for box in (self._by_batch, self._logarithmic):
            box.setAccessibleName(box.text())
            box.toggled.connect(self._draw)
        self._last_line = ElidedLabel("", "label")
        self._last_line.setObjectName("train_last_line")
        self._toggle_log = button(self.tr("Show log"), "train_show_log", "link", self._on_toggle_log)
        self._copy = button(self.tr("Copy log"), "train_copy_log", "link", self.copy_log)
        foot = row(self._by_batch, self._logarithmic)
        foot.addSpacing(12)
        foot.addWidget(self._last_line, 1)
        foot.addWidget(self._toggle_log)
        foot.addWidget(self._copy)
        return foot

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's names
        """Stack the plots in a narrow window, and limit the width of the model box."""
        super().resizeEvent(event)
        self._models_box.leave_room(event.size().width())
        is_wide = event.size().width() >= theme.text_size(ROOM_FOR_BOTH_PLOTS)
        self._splitter.setOrientation(Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the state; the first time, make the plots, as their library takes a moment to load."""
        super().showEvent(event)
        self._on_changed()

    def _on_changed(self) -> None:
        state = self.state
        self._show_models_box()
        self._empty.setVisible(state is None)
        self._content.setVisible(state is not None)
        for one in (self._stop, self._predict, self._results):
            one.setVisible(False)
        if state is None:
            self.show_title(self.tr("Train"), self.tr("Watch a model learn from your pictures."))
            return
        if self.isVisible():
            self._show_state(state)
        self._stop.setVisible(state.is_running)
        self._stop.setEnabled(not state.stop_asked)
        for one in (self._predict, self._results):
            one.setVisible(state.result is not None)
        self._figures.follow_memory(is_running=state.is_running)

    def _show_state(self, state: RunState) -> None:
        self.show_title(title(state), subtitle(state))
        self._failure.show_failure(state.failure)
        self._again.setText(self.tr("Resume") if state.batches else self.tr("Try again"))
        self._again.setAccessibleName(self._again.text())
        for part in (self._how_far, self._figures):  # hidden to make room for a failure
            part.setVisible(state.failure is None)
        self._show_notices(state)
        self._show_progress(state)
        self._figures.show_state(state)
        self._show_log(state)
        self._draw()

    def _show_notices(self, state: RunState) -> None:
        """Show all notices so far, so that a person who comes back after hours needn't search the log.

        The precision is left to the log: every training has one.
        """
        notices = [entry.event for entry in state.log if isinstance(entry.event, Notice)]
        said = [texts.notice_text(one) for one in notices if one.code is not NoticeCode.PRECISION]
        is_warned = any(one.code not in NO_WARNINGS for one in notices)
        if state.outlook is not None and state.result is not None and not state.result.stopped:
            said.append(texts.outlook_text(state.outlook))
        self._notice.show_sentences(said, "notice" if is_warned else "news")

    def _show_progress(self, state: RunState) -> None:
        self._phase.setText(phase_words(state))
        left = seconds_left(state)
        words = self.tr("{time} left").format(time=texts.about(left)) if left is not None else ""
        self._left.setText(words if state.is_running and not state.stop_asked else "")
        if state.ended:
            self._progress.show_progress(int(state.failure is None), 1)
        else:
            self._progress.show_progress(state.done, state.total or 0)

    def _show_log(self, state: RunState) -> None:
        if self._shown_run is None or (state.run, state.began) != (self._shown_run.run, self._shown_run.began):
            self._log.clear()
            self._shown_lines = 0
            self._last_line.setText("")
        self._shown_run = state
        for line in log_lines(state, self._shown_lines):
            self._log.appendPlainText(line)
            self._last_line.setText(line)
        self._shown_lines = len(state.log)

    def _draw(self) -> None:
        state = self.state
        if state is None or not self.isVisible():
            return
        self.make_plots()
        self._by_batch.setVisible(state.recipe.trains_network)
        for quantity, plot in self._plots.items():
            plot.show_curves(
                curves_of(state, quantity),
                by_batch=self._by_batch.isChecked(),
                logarithmic=quantity is Quantity.LOSS and self._logarithmic.isChecked(),
            )

    def make_plots(self) -> None:
        """Make the plots. This takes a moment if their library has not been loaded yet."""
        if self._plots:
            return
        from xception_gui.ui.plots.curve_plot import CurvePlot

        for quantity, card in self._plot_cards.items():
            self._plots[quantity] = CurvePlot(quantity, f"train_{quantity}_plot")
            card.column.addWidget(self._plots[quantity], 1)

    def _on_toggle_log(self) -> None:
        self._log.setVisible(not self._log.isVisible())
        self._toggle_log.setText(self.tr("Hide log") if self._log.isVisible() else self.tr("Show log"))
        self._toggle_log.setAccessibleName(self._toggle_log.text())

    def plot(self, quantity: Quantity) -> "CurvePlot | None":
        """Return a plot; None: not made yet."""
        return self._plots.get(quantity)

    def show_saved(self, path: str) -> None:
        """Say that a plot was saved, until the page is left."""
        self._saved_as = path
        self._saved.show_words(self.tr("Plot saved as “{name}”").format(name=Path(path).name))
        self._saved.setToolTip(tool_tip(path))

    def forget_messages(self) -> None:
        """Hide messages that were about the last action."""
        self._saved.hide()

    def copy_log(self) -> None:
        """Copy the log to the clipboard; if the engine has crashed, with the last lines of the engine's log."""
        state = self.state
        if state is None:
            return
        lines = log_lines(state)
        if state.failure is not None and (of_engine := log_of(state.failure)):
            lines += ["", of_engine]
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")

    def _on_results(self) -> None:
        if self.state is not None:
            self.results_wanted.emit(self.state.run)

    def _on_show_saved(self) -> None:
        self.shown_in_folder.emit(self._saved_as)

    def _on_predict(self) -> None:
        if self.state is not None:
            self.predict_wanted.emit(self.state.run)
