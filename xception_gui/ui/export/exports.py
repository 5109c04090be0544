"""Exports models for other programs: starts the job in the trainer process, and keeps its state."""

from dataclasses import dataclass, replace

from msgspec.structs import replace as replace_fields
from PySide6.QtCore import QObject, Signal

from xception_gui.domain.messages.base import Failed, Finished, Message, Phase, PhaseStarted, Progress, Stopped
from xception_gui.domain.messages.exporting import ExportRequest, ExportResult
from xception_gui.ui.engines.current_job import CurrentJob
from xception_gui.ui.engines.engine_client import EngineClient

BEFORE_IT_IS_READ = frozenset({None, Phase.LOADING})
"""Phases of an export whose model may still get another name."""


@dataclass(frozen=True, slots=True)
class ExportState:
    """The progress of the last export, or how it ended."""

    request: ExportRequest | None = None  # None: nothing was exported yet
    is_running: bool = False
    phase: Phase | None = None  # None: the engine is starting, or busy with another job
    done: int = 0  # pictures compared
    total: int = 0  # 0: not known
    stop_asked: bool = False
    result: ExportResult | None = None
    failure: Failed | None = None


def reduce(state: ExportState, event: Message) -> ExportState:
    """Return the state after an event."""
    match event:
        case PhaseStarted(phase=phase, total=total):
            return replace(state, phase=phase, done=0, total=total or 0)
        case Progress(done=done, total=total):
            return replace(state, done=done, total=total)
        case Finished(result=ExportResult() as result):
            return replace(state, is_running=False, result=result)
        case Finished() | Stopped():
            return replace(state, is_running=False)
        case Failed():
            return replace(state, is_running=False, failure=event)
    return state


class Exports(QObject):
    """One export at a time.

    Signals:
        changed: `state` has changed.
        ended: an export has ended.
    """

    changed = Signal()
    ended = Signal()

    def __init__(self, trainer: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = ExportState()
        self._job = CurrentJob(trainer, self)
        self._job.reported.connect(self._on_event)
        self._job.ended.connect(self._on_ended)

    def start(self, request: ExportRequest) -> None:
        """Start an export as soon as the trainer is free. None may be running."""
        assert not self._job.is_running
        self._send(request)

    def follow_renaming(self, old: str, new: str) -> None:
        """Update the path of the model after it was renamed.

        An export that hasn't read its model yet is requested again: it may wait for the trainer for hours.
        """
        state = self.state
        if state.request is None or state.request.run != old:
            return
        request = replace_fields(state.request, run=new)
        if self._job.is_running and state.phase in BEFORE_IT_IS_READ and not state.stop_asked:
            self._send(request)
        else:
            self._become(replace(state, request=request))

    def stop(self) -> None:
        """Stop the export; nothing is saved."""
        if self._job.is_running:
            self._job.stop()
            self._become(replace(self.state, stop_asked=True))

    def forget(self) -> None:
        """Clear the state of the last export."""
        if not self._job.is_running:
            self._become(ExportState())

    def _send(self, request: ExportRequest) -> None:
        self._job.start(request)
        self._become(ExportState(request, is_running=True))

    def _on_event(self, event: Message) -> None:
        self._become(reduce(self.state, event))

    def _on_ended(self, end: Message) -> None:
        self._become(reduce(self.state, end))
        self.ended.emit()

    def _become(self, state: ExportState) -> None:
        self.state = state
        self.changed.emit()
