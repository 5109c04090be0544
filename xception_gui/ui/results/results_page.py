"""The page *Results*: figures, the confusion matrix, the classes, and their pictures."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Failed, Phase
from xception_gui.domain.messages.models import RunSummary
from xception_gui.domain.messages.training import NoticeCode
from xception_gui.domain.messages.using import EvaluateResult
from xception_gui.domain.percent import right_ones, too_few
from xception_gui.ui.kit import texts, theme
from xception_gui.ui.kit.beside_or_below import held
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import Card, FigureCard, row
from xception_gui.ui.kit.empty_state import EmptyState
from xception_gui.ui.kit.labels import label, tool_tip
from xception_gui.ui.kit.message_card import MessageCard
from xception_gui.ui.kit.page import FittingArea, Page, scrolled
from xception_gui.ui.kit.progress_bar import ProgressBar
from xception_gui.ui.models.model_box import ModelBox
from xception_gui.ui.pictures.thumbnails import Thumbnails
from xception_gui.ui.results import error_analysis
from xception_gui.ui.results.evaluation import Evaluation, EvaluationState
from xception_gui.ui.results.evaluation_view import EvaluationView

LEAST_FINDINGS = 190  # pixels: two rows of the matrix, or a row of pictures


class ResultsPage(Page):
    """Shows one run's evaluation.

    Signals:
        model_chosen: str, the path of the model to evaluate.
        models_wanted: the person wants to choose a model.
        predict_wanted: str, the run to classify with.
        locate_wanted: str, the run whose pictures were moved.
        picture_opened: list[str] paths, int index: the picture to show in full, among others.
        folder_wanted: str, the picture whose folder is to be shown.
    """

    model_chosen = Signal(str)
    models_wanted = Signal()
    predict_wanted = Signal(str)
    locate_wanted = Signal(str)
    picture_opened = Signal(list, int)
    folder_wanted = Signal(str)

    def __init__(self, evaluation: Evaluation, thumbnails: Thumbnails) -> None:
        super().__init__("results_page", QCoreApplication.translate("results", "Results"))
        self._evaluation = evaluation
        self._shown: EvaluateResult | None = None
        self._predict = button(self.tr("Try it on new pictures"), "results_predict", "primary", self._on_predict)
        self._models_box = ModelBox("results_model")
        self._models_box.chosen.connect(self.model_chosen)
        self.actions_row.addWidget(self._models_box)
        self.actions_row.addWidget(self._predict)
        self._figures = _Figures()
        self._rests_on = MessageCard("results_rests_on", role="notice")
        self._left_out = label(role="warning", wrap=True, name="results_left_out")
        self._working = _Working()
        self._retry = button(self.tr("Try again"), "results_retry", "", evaluation.retry)
        self._locate = button(self.tr("Locate folder…"), "results_locate", "", self._on_locate)
        self._message = MessageCard("results_message", (self._locate, self._retry))
        self._evaluation_view = EvaluationView(thumbnails)
        self._empty = self._make_empty()
        self._trouble = scrolled(_at_top(self._message), "results_trouble_scroll")
        self._stack = QStackedWidget()
        for part in (self._empty, self._working, self._trouble, self._evaluation_view):
            self._stack.addWidget(part)
        above = QVBoxLayout()
        above.setSpacing(self.body.spacing())
        for widget in (self._rests_on, self._figures, self._left_out):
            above.addWidget(widget)
        self._above = FittingArea(held(above), "results_above")
        self.body.addWidget(self._above)
        self._stack.setMinimumHeight(LEAST_FINDINGS)
        self._stack.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # what is above goes first
        self.body.addWidget(self._stack, 1)
        self._working.stop.clicked.connect(evaluation.stop)
        self._evaluation_view.pictures.opened.connect(self._on_picture_opened)
        self._evaluation_view.pictures.folder_wanted.connect(self._on_folder_wanted)
        evaluation.changed.connect(self._on_changed)
        self._on_changed()

    @property
    def captions(self) -> list[str]:
        """The captions of the pictures of `picture_opened`."""
        return [" · ".join(item.caption.splitlines()) for item in self._evaluation_view.pictures.items]

    def show_models(self, models: Sequence[RunSummary], selected: str | None) -> None:
        """Show the models to choose from, the newest first, and which is the current one."""
        self._models_box.show_models(models, selected)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give the model box the room that is left."""
        super().resizeEvent(event)
        self._models_box.leave_room(event.size().width())

    def _make_empty(self) -> QWidget:
        choose = button(self.tr("Choose a model…"), "results_choose_model", "primary", self.models_wanted.emit)
        return EmptyState(
            "results_empty",
            self.tr("No model chosen"),
            self.tr("Choose a model to see how often its predictions are correct, and its mistakes."),
            (choose,),
        )

    def _on_changed(self) -> None:
        state = self._evaluation.state
        is_open = bool(state.run)
        self.show_title(self.tr("Results"), subtitle(state) if is_open else "")
        self._predict.setVisible(is_open)
        self._figures.setVisible(is_open)
        self._figures.show_state(state)
        self._rests_on.show_sentences([*_training_was_partial(state), *_other_runtime(state)])
        self._show_left_out(state.result)
        self._stack.setCurrentWidget(self._part_for(state))

    def _part_for(self, state: EvaluationState) -> QWidget:
        """Return the widget for the state, filled."""
        if not state.run:
            return self._empty
        if state.is_running:
            self._working.show_progress(state)
            return self._working
        if state.result is None:
            self._show_trouble(state.failure)
            return self._trouble
        if state.result is not self._shown:  # keeps the chosen cell
            self._evaluation_view.show_result(state.result, state.pictures)
        self._shown = state.result
        return self._evaluation_view

    def _show_trouble(self, failure: Failed | None) -> None:
        is_moved = failure is not None and failure.code == ErrorCode.PICTURES_MOVED
        self._locate.setVisible(is_moved)
        self._retry.setVisible(not is_moved)
        if failure is None:
            words = self.tr("Evaluation was stopped before all pictures were classified.")
            self._message.show_message(words, tone="news")
        else:
            self._message.show_failure(failure)

    def _show_left_out(self, result: EvaluateResult | None) -> None:
        files = result.left_out if result else ()
        words = self.tr("{n} pictures were skipped: they were moved, deleted or changed.")
        if len(files) == 1:
            words = self.tr("1 picture was skipped: it was moved, deleted or changed.")
        self._left_out.setText(words.format(n=texts.number(len(files))))
        self._left_out.setToolTip(tool_tip(*(f"{file.path}: {texts.reason_text(file)}" for file in files[:20])))
        self._left_out.setVisible(bool(files))

    def _on_predict(self) -> None:
        self.predict_wanted.emit(self._evaluation.state.run)

    def _on_locate(self) -> None:
        self.locate_wanted.emit(self._evaluation.state.run)

    def _on_picture_opened(self, index: int) -> None:
        self.picture_opened.emit([item.path for item in self._evaluation_view.pictures.items], index)

    def _on_folder_wanted(self, index: int) -> None:
        self.folder_wanted.emit(self._evaluation_view.pictures.items[index].path)


class _Figures(QWidget):
    """The four main figures."""

    def __init__(self) -> None:
        super().__init__()
        self._accuracy = FigureCard(self.tr("Accuracy"), "results_accuracy")
        self._accuracy.setToolTip(self.tr("The share of pictures whose prediction is correct."))
        self._loss = FigureCard(self.tr("Log loss"), "results_log_loss")
        self._loss.setToolTip(
            self.tr("How far the probabilities are from the truth. Confident mistakes cost most; 0 is perfect.")
        )
        self._weakest = FigureCard(self.tr("Weakest class"), "results_weakest")
        self._weakest.setToolTip(self.tr("The class with the smallest share of pictures found (lowest recall)."))
        self._confused = FigureCard(self.tr("Top mistake"), "results_most_mixed_up")
        self._confused.setToolTip(self.tr("The most frequent mistake: actual class → predicted class."))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.BETWEEN_CARDS)
        # Names need more room than figures, two names most; no title is cut in the narrowest window.
        for card, share in ((self._accuracy, 11), (self._loss, 10), (self._weakest, 13), (self._confused, 16)):
            line.addWidget(card, share)

    def show_state(self, state: EvaluationState) -> None:
        """Show the figures that are known: two come from the run's record, the others from the evaluation."""
        if state.result is not None:
            self._show_result(state.result)
            return
        summary = state.summary
        loss = summary.val_log_loss if summary else None
        if summary is None or summary.val_accuracy is None:
            self._accuracy.show_figure("–")
        else:
            self._show_accuracy(summary.val_accuracy, summary.val_images)
        self._loss.show_figure("–" if loss is None else texts.loss(loss))
        self._weakest.show_figure("–")
        self._confused.show_figure("–")

    def _show_result(self, result: EvaluateResult) -> None:
        self._show_accuracy(result.accuracy, result.images)
        self._loss.show_figure(texts.loss(result.log_loss), self.tr("lower is better"))
        self._show_weakest(result)
        self._show_confused(result)

    def _show_accuracy(self, accuracy: float, pictures: int) -> None:
        """Show the accuracy and its number of pictures; 0 means that the number is unknown."""
        if not pictures:
            self._accuracy.show_figure(texts.percent(accuracy))
        elif too_few(pictures):
            self._accuracy.show_figure(texts.share_of(accuracy, pictures), self.tr("correct, but too few to tell"))
        else:
            right = texts.number(right_ones(accuracy, pictures))
            of_all = self.tr("{n} of {all} correct").format(n=right, all=texts.number(pictures))
            self._accuracy.show_figure(texts.percent(accuracy), of_all)

    def _show_weakest(self, result: EvaluateResult) -> None:
        name = error_analysis.weakest_class(result)
        if name is None:
            self._weakest.show_figure(self.tr("none"), self.tr("all found"))
            return
        weakest = result.per_class[name]
        found = self.tr("{share} found").format(share=texts.share_of(weakest.recall or 0.0, weakest.support))
        self._weakest.show_figure(name, found)

    def _show_confused(self, result: EvaluateResult) -> None:
        worst = error_analysis.worst_confusion(result.confusion_matrix)
        if worst is None:
            self._confused.show_figure(self.tr("none"))
            return
        often = self.tr("once") if worst.count == 1 else self.tr("{n} times").format(n=texts.number(worst.count))
        self._confused.show_figure(f"{result.classes[worst.row]} → {result.classes[worst.column]}", often)


class _Working(QWidget):
    """Progress of the evaluation."""

    def __init__(self) -> None:
        super().__init__()
        self._words = label(role="strong", name="results_progress_words")
        self._count = label(role="label", name="results_progress_count")
        self._bar = ProgressBar()
        self._bar.setObjectName("results_progress")
        self._bar.setAccessibleName(self.tr("Progress"))
        self._bar.setTextVisible(False)
        self.stop = button(self.tr("Stop"), "results_stop")
        card = Card()
        card.column.addLayout(row(self._words, None, self._count))
        card.column.addWidget(self._bar)
        card.column.addSpacing(4)
        card.column.addLayout(row(self.stop, None))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        column.addStretch(1)

    def show_progress(self, state: EvaluationState) -> None:
        """Show the current phase, and the number of pictures if it is known."""
        done, total = state.done, state.total or 0
        self._bar.show_progress(done, total)
        self._words.setText(self._what(state.phase))
        count = self.tr("{n} of {all} pictures").format(n=texts.number(done), all=texts.number(total))
        self._count.setText(count if total else "")

    def _what(self, phase: Phase | None) -> str:
        if phase is None:
            return self.tr("Opening…")
        if phase is Phase.TESTING:
            return self.tr("Evaluating the model on the validation pictures…")
        return f"{texts.phase_name(phase)}…"


def subtitle(state: EvaluationState) -> str:
    """Return how the model was trained and on what it was measured; its name is in the box beside the title."""
    parts = []
    if state.summary is not None:
        parts += [texts.recipe_of_model(state.summary), texts.date(state.summary.created)]
    if state.result is not None:
        parts.append(_measured_on(state.result))
    return " · ".join(part for part in parts if part)


def _training_was_partial(state: EvaluationState) -> list[str]:
    """Say if the training didn't read all its pictures because it was stopped or they were gone; else return nothing."""
    summary = state.summary
    if summary is None or summary.rests_on is None or not 0 < summary.rests_on < summary.train_images:
        return []
    words = _tr("The model was trained on only {n} of {m} training pictures; the others weren't read.")
    return [words.format(n=texts.number(summary.rests_on), m=texts.number(summary.train_images))]


def _other_runtime(state: EvaluationState) -> list[str]:
    """Say if the model is measured in another runtime than it was made with."""
    return [texts.notice_text(one) for one in state.notices if one.code is NoticeCode.OTHER_RUNTIME]


def _measured_on(result: EvaluateResult) -> str:
    count = texts.number(result.images)
    if not result.trained_on:
        return _tr("measured on {n} validation pictures").format(n=count)
    known = texts.number(result.trained_on)
    return _tr("measured on {n} pictures, {k} of them used in training").format(n=count, k=known)


def _at_top(widget: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(widget)
    column.addStretch(1)
    return holder


def _tr(text: str) -> str:
    return QCoreApplication.translate("results", text)
