"""The question whether fine-tuning will pay, and its answer, below the recipes."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from xception_gui.domain.messages.training import NO_TRIAL, ForecastResult
from xception_gui.ui.dataset.forecasting import ForecastState
from xception_gui.ui.kit import texts
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import Card, row
from xception_gui.ui.kit.labels import label
from xception_gui.ui.kit.progress_bar import ProgressBar


class ForecastCard(Card):
    """Offers a forecast, shows its progress, and says what it found.

    Signals:
        wanted: the person wants to know.
        stopped: the person doesn't want to wait.
        quick_wanted: the person takes the advice to use Quick.
    """

    wanted = Signal()
    stopped = Signal()
    quick_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("recipe_forecast")
        self._words = label(wrap=True, selectable=True, name="recipe_forecast_words")
        self._remark = label(role="label", wrap=True, selectable=True, name="recipe_forecast_remark")
        self._progress = ProgressBar()
        self._progress.setObjectName("recipe_forecast_progress")
        self._progress.setAccessibleName(self.tr("Forecast progress"))
        self._progress.setTextVisible(False)
        self._try = button(self.tr("Try it out"), "recipe_forecast_try", "", self.wanted.emit)
        self._stop = button(self.tr("Cancel"), "recipe_forecast_stop", "", self.stopped.emit)
        self._use_quick = button(self.tr("Use Quick"), "recipe_forecast_quick", "", self.quick_wanted.emit)
        self.column.addWidget(label(self.tr("Will fine-tuning pay?"), "strong"))
        self.column.addWidget(self._words)
        self.column.addWidget(self._remark)
        self.column.addWidget(self._progress)
        self.column.addLayout(row(self._try, self._stop, self._use_quick, None))
        self.show_offer("", is_possible=True)

    def show_offer(self, time: str, *, is_possible: bool) -> None:
        """Offer a forecast.

        Args:
            time: that it takes, in words; empty if unknown.
            is_possible: False while another model is training.
        """
        if not is_possible:
            words = self.tr("A forecast is possible when the other model has finished training.")
        elif time:
            words = self.tr("A short trial on part of your pictures can tell. It takes {time}.").format(time=time)
        else:
            words = self.tr("A short trial on part of your pictures can tell.")
        self._try.setEnabled(is_possible)
        self._show(words, action=self._try)

    def show_too_few(self) -> None:
        """Say that there are too few pictures for a forecast."""
        self._show(texts.forecast_text(NO_TRIAL), action=None)

    def show_state(self, state: ForecastState) -> None:
        """Show a forecast that is running or has ended."""
        if state.result is not None:
            self._show_result(state.result)
        elif state.failure is not None:
            text = texts.failure_text(state.failure)
            self._try.setEnabled(True)
            self._show(text.what, f"{text.why} {text.fix}".strip(), action=self._try)
        else:
            words = texts.phase_name(state.phase) + "…" if state.phase is not None else self.tr("Starting…")
            self._progress.show_progress(state.done, state.total or 0)
            self._show(words, action=self._stop)

    def _show_result(self, result: ForecastResult) -> None:
        remark = ""
        if result.pictures:
            remark = self.tr("80 % range, measured on {n} training pictures set aside for the trial.")
            remark = remark.format(n=texts.number(result.pictures))
        if result.pictures and result.pays and result.seconds:
            remark += " " + self.tr("Training takes {time}.").format(time=texts.about(result.seconds))
        self._show(texts.forecast_text(result), remark, action=None if result.pays else self._use_quick)

    def _show(self, words: str, remark: str = "", *, action: QPushButton | None) -> None:
        """Show words and at most one button. It takes the keyboard's focus over from the one that it replaces."""
        others = [one for one in (self._try, self._stop, self._use_quick) if one is not action]
        has_focus = self.window().focusWidget() in others  # also while another program is in front
        self._words.setText(words)
        self._remark.setText(remark)
        self._remark.setVisible(bool(remark))
        self._progress.setVisible(action is self._stop)
        if action is not None:
            action.show()
        if has_focus:
            (action or self._words).setFocus()
        for one in others:
            one.hide()
