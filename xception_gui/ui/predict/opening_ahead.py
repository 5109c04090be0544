"""Opening a model before there is anything to predict, so that the first drop finds everything started."""

from PySide6.QtCore import QObject, Signal

from xception_gui.domain.messages.base import Message, Phase, PhaseStarted
from xception_gui.domain.messages.using import PredictRequest
from xception_gui.ui.engines.current_job import CurrentJob
from xception_gui.ui.engines.engine_client import EngineClient


class OpeningAhead(QObject):
    """Has one model at a time opened by the predictor.

    Signals:
        changed: it is made of what its training had saved, which takes half a minute, or no more.
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
        """Whether one is being opened."""
        return self._job.is_running

    def open(self, run: str) -> None:
        """Have a model opened."""
        self._job.start(PredictRequest(run, ()))

    def give_up(self) -> None:
        """Stop: making the best epoch of a model usable that nobody wants any more takes half a minute."""
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
