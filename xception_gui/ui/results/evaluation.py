"""How good a run is: has an engine find out, and keeps what it told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from msgspec.structs import replace as replace_fields
from PySide6.QtCore import QObject, QTimer, Signal

from xception_gui.domain.messages.base import Failed, Finished, Message, Phase, PhaseStarted, Progress, Stopped
from xception_gui.domain.messages.models import RunSummary
from xception_gui.domain.messages.training import Notice
from xception_gui.domain.messages.using import EvaluateRequest, EvaluateResult, PictureEvaluated
from xception_gui.ui.engines.current_job import CurrentJob
from xception_gui.ui.engines.engine_client import EngineClient

MAX_KEPT = 4
"""Evaluations that are kept when another model is chosen; of 10,000 pictures one takes some 10 MB."""

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
    notices: tuple[Notice, ...] = ()
    is_running: bool = False


def reduce(state: EvaluationState, events: Sequence[Message]) -> EvaluationState:
    """Return the state after some events; many at once, so that thousands of pictures don't copy each other."""
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
        case Notice():
            return replace(state, notices=(*state.notices, event))
        case Progress(done=done, total=total):
            return replace(state, done=done, total=total)
        case Finished(result=EvaluateResult() as result):
            return replace(state, is_running=False, result=result)
        case Finished() | Stopped():
            return replace(state, is_running=False)
        case Failed():
            return replace(state, is_running=False, failure=event)
    return state


def _renamed(state: EvaluationState, new: str) -> EvaluationState:
    summary = state.summary
    return replace(state, run=new, summary=summary and replace_fields(summary, path=new))


class Evaluation(QObject):
    """The run whose results are looked at.

    Signals:
        changed: `state` is another one.
    """

    changed = Signal()

    def __init__(self, engine: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = EvaluationState()
        self._job = CurrentJob(engine, self)
        self._job.reported.connect(self._on_reported)
        self._job.ended.connect(self._on_ended)
        self._kept: list[EvaluationState] = []  # of models that were looked at before, the last one at the end
        self._untold: list[Message] = []
        self._stop_asked = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(MILLISECONDS_BETWEEN)
        self._timer.timeout.connect(self._tell)

    def is_of(self, summary: RunSummary) -> bool:
        """Return whether it is this model, as it is now, that is measured, was measured or couldn't be."""
        return self.state.run == summary.path and _version(self.state.summary) == _version(summary)

    def open(self, run: str, summary: RunSummary | None) -> None:
        """Find out how good a run is; nothing is done twice for the one that is open, or was a moment ago."""
        is_same = run == self.state.run and _version(summary) == _version(self.state.summary)
        if is_same and (self.state.is_running or self.state.result is not None):
            self._become(replace(self.state, summary=summary or self.state.summary))
            return
        if self.state.result is not None:
            self._kept = [*self._kept, self.state][-MAX_KEPT:]
        known = next((one for one in self._kept if (one.run, _version(one.summary)) == (run, _version(summary))), None)
        if known is None:
            self._start(run, summary)
            return
        self._kept.remove(known)
        self._give_up()
        self._become(replace(known, summary=summary))

    def retry(self) -> None:
        """Find it out again."""
        if self.state.run:
            self._start(self.state.run, self.state.summary)

    def follow_renaming(self, old: str, new: str) -> None:
        """Keep what is known of the run when its folder has got another name.

        What is being found out is asked for anew: the request may wait in the queue, with the old name.
        """
        self._kept = [_renamed(one, new) if one.run == old else one for one in self._kept]
        if self.state.run != old:
            return
        renamed = _renamed(self.state, new)
        if renamed.is_running and not self._stop_asked:
            self._start(renamed.run, renamed.summary)
        else:
            self._become(renamed)

    def stop(self) -> None:
        """Ask the engine to stop; nothing happens if it has ended."""
        self._job.stop()
        self._stop_asked = True

    def close(self) -> None:
        """Have nothing open any more."""
        self._give_up()
        self._become(EvaluationState())

    def _start(self, run: str, summary: RunSummary | None) -> None:
        self._forget_untold()
        self._stop_asked = False
        self._job.start(EvaluateRequest(run))
        self._become(EvaluationState(run=run, summary=summary, is_running=True))

    def _give_up(self) -> None:
        self._forget_untold()
        self._job.give_up()

    def _forget_untold(self) -> None:
        self._untold.clear()
        self._timer.stop()

    def _on_reported(self, event: Message) -> None:
        self._untold.append(event)
        if not self._timer.isActive():
            self._timer.start()

    def _on_ended(self, end: Message) -> None:
        self._timer.stop()
        self._untold.append(end)
        self._tell()

    def _tell(self) -> None:
        untold, self._untold = self._untold, []
        self._become(reduce(self.state, untold))

    def _become(self, state: EvaluationState) -> None:
        self.state = state
        self.changed.emit()


def _version(summary: RunSummary | None) -> tuple[str, float | None, float | None]:
    """Return which model it is: another may have its place by now, and a training that goes on makes it another."""
    return (summary.created, summary.val_accuracy, summary.val_log_loss) if summary is not None else ("", None, None)
