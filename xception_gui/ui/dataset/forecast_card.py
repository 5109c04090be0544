"""The question whether fine-tuning will pay, and its answer, below the recipes."""

from PySide6.QtCore import Signal

from xception_gui.domain.messages.training import ForecastResult
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
            words = self.tr("A short trial on part of your pictures tells, in {time}.").format(time=time)
        else:
            words = self.tr("A short trial on part of your pictures tells.")
        self._show(words)
        self._try.show()
        self._try.setEnabled(is_possible)

    def show_state(self, state: ForecastState) -> None:
        """Show a forecast that is running or has ended."""
        if state.result is not None:
            self._show_result(state.result)
        elif state.failure is not None:
            text = texts.failure_text(state.failure)
            self._show(text.what, f"{text.why} {text.fix}".strip())
            self._try.show()
            self._try.setEnabled(True)
        else:
            self._show(texts.phase_name(state.phase) + "…" if state.phase is not None else self.tr("Starting…"))
            self._progress.show_progress(state.done, state.total or 0)
            self._progress.show()
            self._stop.show()

    def _show_result(self, result: ForecastResult) -> None:
        remark = ""
        if result.pictures:
            counted = (
                self.tr("Measured on {n} training pictures set aside for the trial; 80 % range.")
                if result.pays
                else self.tr("Measured on {n} training pictures set aside for the trial.")
            )
            remark = counted.format(n=texts.number(result.pictures))
        if result.pays and result.seconds:
            remark = f"{self.tr('Training takes {time}.').format(time=texts.about(result.seconds))} {remark}"
        self._show(texts.forecast_text(result), remark)
        self._use_quick.setVisible(not result.pays)

    def _show(self, words: str, remark: str = "") -> None:
        self._words.setText(words)
        self._remark.setText(remark)
        self._remark.setVisible(bool(remark))
        for part in (self._progress, self._try, self._stop, self._use_quick):
            part.hide()
