"""Looking through the folder that was chosen in the wizard, once its sample pictures are drawn where it is to be those."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.base import Event, Failed, Finished, Message, PhaseStarted, Progress
from xception_gui.domain.messages.dataset import CheckRequest, CheckResult, DrawSamplesRequest, SamplesResult
from xception_gui.ui.engines.current_job import CurrentJob
from xception_gui.ui.engines.engine_client import EngineClient


@dataclass(frozen=True, slots=True)
class CheckState:
    """How far the look through a folder is."""

    dataset: str = ""  # empty: none was chosen
    is_drawing: bool = False  # sample pictures, into that folder
    folders: Folders = Folders.AUTO  # what its top folders are, if the person has said so
    done: int = 0
    total: int | None = None
    result: CheckResult | None = None
    failure: Failed | None = None

    @property
    def is_running(self) -> bool:
        """Whether there is still something to come."""
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
    """Has folders looked through by the reader.

    Signals:
        changed: the state is another one.
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
        """Look through a folder; a look through another one is given up."""
        folders = self._answers.get(dataset, Folders.AUTO)
        self._begin(CheckState(dataset=dataset, folders=folders), CheckRequest(dataset, folders))

    def draw_samples(self, folder: str) -> None:
        """Have sample pictures drawn into a folder, then look through them; nothing more while that goes on."""
        if self.state.is_drawing and self.state.is_running:
            return
        self._begin(CheckState(dataset=folder, is_drawing=True), DrawSamplesRequest(folder))

    def check_again(self) -> None:
        """Do the same once more."""
        again = self.draw_samples if self.state.is_drawing else self.check
        again(self.state.dataset)

    def take_folders_for(self, folders: Folders) -> None:
        """Look through the same folder, whose top folders are what the person says."""
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
