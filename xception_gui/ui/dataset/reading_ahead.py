"""Reads the pictures of the wizard's folder ahead of a training, for its embeddings and the learning preview."""

import time
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.base import Message, Phase, Stopped
from xception_gui.domain.messages.dataset import CheckResult, EmbedRequest
from xception_gui.domain.messages.training import TrainRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.domain.run_state import RunState, reduce, start_of
from xception_gui.ui.engines.current_job import CurrentJob
from xception_gui.ui.engines.engine_client import EngineClient


class ReadingAhead(QObject):
    """Has the reader process embed a data set while it has nothing else to do.

    The job reports what a Quick training does, but saves no model: only the embeddings are kept.

    Signals:
        changed: the state has changed.
    """

    changed = Signal()

    def __init__(self, reader: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = CurrentJob(reader, self)
        self._job.reported.connect(self._on_event)
        self._job.ended.connect(self._on_event)
        self.state: RunState | None = None  # None: there is nothing to read
        self.pictures_read = 0  # of this data set: the maximum so far, as embeddings stay in the cache
        reader.job_started.connect(self.stop)  # gives way: any other job of the reader is waited for

    @property
    def pace(self) -> float | None:
        """Pictures per second that are embedded now; None: none are, or the rate isn't known yet."""
        state = self.state
        if state is None or not state.is_running or state.phase is not Phase.EMBEDDING:
            return None
        return state.images_per_second

    def read(self, dataset: str, found: CheckResult, folders: Folders = Folders.AUTO) -> None:
        """Start, or resume after a stop. Does nothing if reading is running, has finished or has failed.

        Args:
            dataset: the folder.
            found: result of its check.
            folders: how the check used its top folders.
        """
        if self.state is not None and self.state.dataset == dataset:
            if not self.state.stop_asked:
                return
        else:
            self.forget()
        request = EmbedRequest(dataset, folders=folders)
        quick = make_recipe(Preset.QUICK, seed=request.seed, val_fraction=request.val_fraction)
        state = start_of(TrainRequest(dataset, "", quick), time.time(), self.state)
        self.state = replace(state, classes=tuple(sorted(found.classes)))
        self._job.start(request)
        self.changed.emit()

    def stop(self) -> None:
        """Stop: something more important needs the computer. Embeddings made so far are kept."""
        if not self._job.is_running or self.state is None:
            return
        self._job.give_up()
        self.state = replace(self.state, stop_asked=True, ended=True)
        self.changed.emit()

    def forget(self) -> None:
        """Stop, and clear the state: the data set is another one, or none."""
        if self.state is None:
            return
        self._job.give_up()
        self.state = None
        self.pictures_read = 0
        self.changed.emit()

    def _on_event(self, event: Message) -> None:
        assert self.state is not None
        self.state = reduce(self.state, event, time.time())  # type: ignore[arg-type]
        self.pictures_read = max(self.pictures_read, self.state.pictures_read)
        if self.state.ended:
            self.state = replace(self.state, stop_asked=isinstance(event, Stopped))
        self.changed.emit()
