"""The forecast of what fine-tuning would bring, for the recipe that is being chosen."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from xception_gui.domain.messages.base import Event, Failed, Finished, Message, Phase, PhaseStarted, Progress
from xception_gui.domain.messages.training import BatchFinished, ForecastRequest, ForecastResult
from xception_gui.ui.engines.current_job import CurrentJob
from xception_gui.ui.engines.engine_client import EngineClient


@dataclass(frozen=True, slots=True)
class ForecastState:
    """The state of a forecast."""

    request: ForecastRequest | None = None  # None: none was asked for
    is_running: bool = False
    phase: Phase | None = None
    done: int = 0  # pictures, in the phase
    total: int | None = None
    result: ForecastResult | None = None
    failure: Failed | None = None


def reduce(state: ForecastState, event: Event) -> ForecastState:
    """Return the state after an event."""
    match event:
        case PhaseStarted(phase=phase, total=total):
            return replace(state, phase=phase, done=0, total=total)
        case Progress(done=done):
            return replace(state, done=done)
        case BatchFinished(epoch=epoch, images=images, epoch_images=of_epoch):
            return replace(state, done=(epoch - 1) * of_epoch + images)
        case Finished(result=ForecastResult() as result):
            return replace(state, is_running=False, result=result)
        case Failed():
            return replace(state, is_running=False, failure=event)
    return state


class Forecasting(QObject):
    """Has the trainer process try fine-tuning out.

    Signals:
        changed: the state has changed.
    """

    changed = Signal()

    def __init__(self, trainer: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = CurrentJob(trainer, self)
        self._job.reported.connect(self._on_event)
        self._job.ended.connect(self._on_event)
        self.state = ForecastState()

    def forecast(self, request: ForecastRequest) -> None:
        """Start a forecast; another one is given up."""
        self.state = ForecastState(request, is_running=True)
        self._job.start(request)
        self.changed.emit()

    def stop(self) -> None:
        """Stop: it isn't wanted any more, or something else needs the computer."""
        if self.state.is_running:
            self._job.give_up()
            self.state = ForecastState()
            self.changed.emit()

    def _on_event(self, event: Message) -> None:
        after = reduce(self.state, event)  # type: ignore[arg-type]
        self.state = after if self._job.is_running or not after.is_running else ForecastState()  # stopped elsewhere
        self.changed.emit()
