"""How good a run is: has an engine find out, and keeps what it told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from msgspec.structs import replace as replace_fields
from PySide6.QtCore import QObject, QTimer, Signal

from xception_gui.domain.messages import (
    EvaluateRequest,
    EvaluateResult,
    Failed,
    Finished,
    Message,
    Phase,
    PhaseStarted,
    PictureEvaluated,
    Progress,
    RunSummary,
    Stopped,
)
from xception_gui.ui.engine_client import EngineClient, Job

MILLISECONDS_BETWEEN = 200
"""How often what came in is told at most, the end apart: there may be thousands of pictures a second."""


@dataclass(frozen=True, slots=True)
class EvaluationState:
    """What is known of how good a run is."""

    run: str = ""  # its folder; empty: nothing is open
    summary: RunSummary | None = None
    phase: Phase | None = None  # None: it is being opened
    done: int = 0  # pictures of the phase
    total: int | None = None  # None: not known yet
    pictures: tuple[PictureEvaluated, ...] = ()
    result: EvaluateResult | None = None
    failure: Failed | None = None
    is_running: bool = False


def reduce(state: EvaluationState, events: Sequence[Message]) -> EvaluationState:
    """Give the state after some events; many at once, so that thousands of pictures don't copy each other."""
    pictures = [event for event in events if isinstance(event, PictureEvaluated)]
    if pictures:
        state = replace(state, pictures=(*state.pictures, *pictures))
    for event in events:
        state = _after(state, event)
    return state


def _after(state: EvaluationState, event: Message) -> EvaluationState:
    match event:
        case PhaseStarted(phase=phase, total=total):
            return replace(state, phase=phase, done=0, total=total)
        case Progress(done=done, total=total):
            return replace(state, done=done, total=total)
        case Finished(result=EvaluateResult() as result):
            return replace(state, is_running=False, result=result)
        case Finished() | Stopped():
            return replace(state, is_running=False)
        case Failed():
            return replace(state, is_running=False, failure=event)
    return state


class Evaluation(QObject):
    """The run whose results are looked at.

    Signals:
        changed: `state` is another one.
    """

    changed = Signal()

    def __init__(self, engine: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = EvaluationState()
        self._engine = engine
        self._job: Job | None = None
        self._untold: list[Message] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(MILLISECONDS_BETWEEN)
        self._timer.timeout.connect(self._tell)

    def open(self, run: str, summary: RunSummary | None) -> None:
        """Find out how good a run is; nothing is done twice for the one that is open."""
        is_same = run == self.state.run and _created(summary) == _created(self.state.summary)
        if is_same and (self.state.is_running or self.state.result is not None):
            self._become(replace(self.state, summary=summary or self.state.summary))
            return
        self._start(run, summary)

    def retry(self) -> None:
        """Find it out again."""
        if self.state.run:
            self._start(self.state.run, self.state.summary)

    def follow_renaming(self, old: str, new: str) -> None:
        """Keep what is known of the run when its folder has got another name.

        What is being found out is asked for anew: the request may wait in the queue, with the old name.
        """
        if self.state.run != old:
            return
        summary = self.state.summary
        renamed = replace(self.state, run=new, summary=summary and replace_fields(summary, path=new))
        if renamed.is_running:
            self._start(renamed.run, renamed.summary)
        else:
            self._become(renamed)

    def stop(self) -> None:
        """Ask the engine to stop; nothing happens if it has ended."""
        if self._job is not None:
            self._job.stop()

    def close(self) -> None:
        """Have nothing open any more."""
        self._drop_job()
        self._become(EvaluationState())

    def _start(self, run: str, summary: RunSummary | None) -> None:
        self._drop_job()
        self._job = self._engine.start(EvaluateRequest(run))
        self._job.reported.connect(self._on_reported)
        self._job.ended.connect(self._on_ended)
        self._become(EvaluationState(run=run, summary=summary, is_running=True))

    def _drop_job(self) -> None:
        """Stop listening to it as well: what it still says is about another run, or an older try."""
        job, self._job = self._job, None
        self._untold.clear()
        self._timer.stop()
        if job is not None:
            job.reported.disconnect(self._on_reported)
            job.ended.disconnect(self._on_ended)
            job.stop()

    def _on_reported(self, event: Message) -> None:
        self._untold.append(event)
        if not self._timer.isActive():
            self._timer.start()

    def _on_ended(self, end: Message) -> None:
        self._job = None
        self._timer.stop()
        self._untold.append(end)
        self._tell()

    def _tell(self) -> None:
        untold, self._untold = self._untold, []
        self._become(reduce(self.state, untold))

    def _become(self, state: EvaluationState) -> None:
        self.state = state
        self.changed.emit()


def _created(summary: RunSummary | None) -> str:
    """Say when a run was made: where one was deleted, another may have its place by now."""
    return summary.created if summary is not None else ""
