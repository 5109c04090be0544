"""Checks the folder that was chosen in the wizard; draws the sample pictures first where those are wanted."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.base import Event, Failed, Finished, Message, PhaseStarted, Progress
from xception_gui.domain.messages.dataset import CheckRequest, CheckResult, DrawSamplesRequest, SamplesResult
from xception_gui.ui.engines.current_job import CurrentJob
from xception_gui.ui.engines.engine_client import EngineClient


@dataclass(frozen=True, slots=True)
class CheckState:
    """The state of the check of a folder."""

    dataset: str = ""  # empty: no folder was chosen
    is_drawing: bool = False  # sample pictures are being drawn into that folder
    folders: Folders = Folders.AUTO  # the person's answer about its top folders
    done: int = 0
    total: int | None = None
    result: CheckResult | None = None
    failure: Failed | None = None

    @property
    def is_running(self) -> bool:
        """Whether the check has not ended yet."""
        return bool(self.dataset) and self.result is None and self.failure is None


def reduce(state: CheckState, event: Event) -> CheckState:
    """Return the state after an event."""
    match event:
        case PhaseStarted(total=total):
            return replace(state, done=0, total=total)
        case Progress(done=done, total=total):
            return replace(state, done=done, total=total)
        case Finished(result=CheckResult() as result):
            return replace(state, result=result)
        case Failed():
            return replace(state, failure=event)
    return state


class DatasetCheck(QObject):
    """Has the reader process check folders.

    Signals:
        changed: the state has changed.
    """

    changed = Signal()

    def __init__(self, reader: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = CurrentJob(reader, self)
        self._job.reported.connect(self._on_event)
        self._job.ended.connect(self._on_event)
        self._answers: dict[str, Folders] = {}  # of each data set: remembered while the window is open
        self.state = CheckState()

    def check(self, dataset: str) -> None:
        """Check a folder; the check of another one is stopped."""
        folders = self._answers.get(dataset, Folders.AUTO)
        self._begin(CheckState(dataset=dataset, folders=folders), CheckRequest(dataset, folders))

    def draw_samples(self, folder: str) -> None:
        """Draw sample pictures into a folder, then check it; does nothing while they are being drawn."""
        if self.state.is_drawing and self.state.is_running:
            return
        self._begin(CheckState(dataset=folder, is_drawing=True), DrawSamplesRequest(folder))

    def check_again(self) -> None:
        """Repeat the last check or drawing."""
        again = self.draw_samples if self.state.is_drawing else self.check
        again(self.state.dataset)

    def take_folders_for(self, folders: Folders) -> None:
        """Check the same folder with the person's answer about its top folders."""
        self._answers[self.state.dataset] = folders
        self.check_again()

    def clear(self) -> None:
        """Forget the folder."""
        self._job.give_up()
        self.state = CheckState()
        self.changed.emit()

    def _begin(self, state: CheckState, request: CheckRequest | DrawSamplesRequest) -> None:
        self.state = state
        self._job.start(request)
        self.changed.emit()

    def _on_event(self, event: Message) -> None:
        if isinstance(event, Finished) and isinstance(event.result, SamplesResult):
            self.check(event.result.dataset)
            return
        self.state = reduce(self.state, event)  # type: ignore[arg-type]
        self.changed.emit()
