"""Opens a model before pictures are dropped, so that the first drop doesn't wait."""

from PySide6.QtCore import QObject, Signal

from xception_gui.domain.messages.base import Message, Phase, PhaseStarted
from xception_gui.domain.messages.using import PredictRequest
from xception_gui.ui.engines.current_job import CurrentJob
from xception_gui.ui.engines.engine_client import EngineClient


class OpeningAhead(QObject):
    """Has one model at a time opened by the predictor.

    Signals:
        changed: `is_converting` changed: the best epoch of an interrupted training is converted, which takes half a minute.
    """

    changed = Signal()

    def __init__(self, predictor: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = CurrentJob(predictor, self)
        self._job.reported.connect(self._on_reported)
        self._job.ended.connect(self._on_ended)
        self.is_converting = False

    @property
    def is_running(self) -> bool:
        """Whether a model is being opened."""
        return self._job.is_running

    def open(self, run: str) -> None:
        """Have a model opened."""
        self._job.start(PredictRequest(run, ()))

    def give_up(self) -> None:
        """Stop opening a model that isn't needed any more: a conversion takes half a minute."""
        self._job.give_up()
        self.is_converting = False

    def _on_reported(self, event: Message) -> None:
        if isinstance(event, PhaseStarted):
            self.is_converting = event.phase is Phase.CONVERTING
            self.changed.emit()

    def _on_ended(self) -> None:
        if self.is_converting:
            self.is_converting = False
            self.changed.emit()
