"""Starts, follows and stops a training; one at a time."""

import time
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from xception_gui.domain.messages.base import Message, Progress
from xception_gui.domain.messages.models import RunSummary
from xception_gui.domain.messages.training import BatchFinished, EpochFinished, ResumeRequest, TrainRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.domain.run_state import RunState, reduce, start_of
from xception_gui.runs.free_name import free_name
from xception_gui.ui.engines.current_job import CurrentJob
from xception_gui.ui.engines.engine_client import EngineClient
from xception_gui.ui.models.run_paths import is_run

MILLISECONDS_BETWEEN_CHANGES = 120
"""Events may come faster than a person can read and a plot can draw."""


class Training(QObject):
    """Has the trainer process train, and keeps the state of the training.

    Signals:
        changed: the state has changed; at most eight times a second.
        started: a training has started, or was tried again.
        ended: RunState, the final state of a training.
    """

    changed = Signal()
    ended = Signal(object)
    started = Signal()

    def __init__(self, trainer: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._trainer = trainer
        self._job = CurrentJob(trainer, self)
        self._job.reported.connect(self._on_event)
        self._job.ended.connect(self._on_ended)
        self.state: RunState | None = None
        self._publish = QTimer(self)
        self._publish.setSingleShot(True)
        self._publish.setInterval(MILLISECONDS_BETWEEN_CHANGES)
        self._publish.timeout.connect(self.changed)

    @property
    def is_running(self) -> bool:
        """Whether a training has not ended yet."""
        return self._job.is_running

    def start(self, request: TrainRequest, ahead: RunState | None = None) -> None:
        """Start a training. None may be running. If the recipe doesn't train the network, an idle trainer process is
        replaced first: measuring the speed of Keras may have left 2 GB of memory in use.

        Args:
            request: what to train, and how.
            ahead: the state of reading ahead, perhaps of the same pictures.
        """
        if not request.recipe.trains_network:
            self._trainer.recycle()
        self._begin(request, request, ahead)

    def resume(self, run: RunSummary) -> None:
        """Resume a training that was interrupted. None may be running."""
        # Until the engine reports the recipe: a summary has only its preset.
        as_begun = TrainRequest(run.dataset, run.path, make_recipe(Preset(run.preset)))
        self._begin(ResumeRequest(run.path), as_begun)

    def _begin(
        self, request: TrainRequest | ResumeRequest, as_begun: TrainRequest, ahead: RunState | None = None
    ) -> None:
        assert not self.is_running
        self.state = start_of(as_begun, time.time(), ahead)
        self._job.start(request)
        self.changed.emit()
        self.started.emit()

    def start_again(self) -> None:
        """Try again: resume the run, or start under the next free name if there is no run to resume. The request is made
        from the state, which follows renamed runs and located pictures."""
        state = self.state
        if state is None or self.is_running:
            return
        out = Path(state.run)
        if is_run(state.run):
            self._begin(ResumeRequest(state.run), TrainRequest(state.dataset, state.run, state.recipe))
        else:
            free = str(out.parent / free_name(out.parent, out.name))
            self.start(TrainRequest(state.dataset, free, state.recipe))

    def follow_renaming(self, old: str, new: str) -> None:
        """Update the path of the run after it was renamed."""
        if self.state is not None and self.state.run == old and not self.is_running:
            self.state = replace(self.state, run=new)
            self.changed.emit()

    def follow_locating(self, run: str, dataset: str) -> None:
        """Update the folder of the pictures after they were located."""
        if self.state is not None and self.state.run == run and not self.is_running:
            self.state = replace(self.state, dataset=dataset)
            self.changed.emit()

    def stop(self) -> None:
        """Stop, and keep the best model."""
        if not self.is_running or self.state is None:
            return
        self._job.stop()
        self.state = replace(self.state, stop_asked=True)
        self.changed.emit()

    def memory(self) -> int | None:
        """Return the memory that the training uses, in bytes; None: not known."""
        return self._trainer.memory()

    def _on_event(self, event: Message) -> None:
        assert self.state is not None
        self.state = reduce(self.state, event, time.time())  # type: ignore[arg-type]
        if not isinstance(event, Progress | BatchFinished | EpochFinished):
            self._publish.stop()
            self.changed.emit()
        elif not self._publish.isActive():
            self._publish.start()

    def _on_ended(self, end: Message) -> None:
        assert self.state is not None
        self._publish.stop()
        self.state = reduce(self.state, end, time.time())  # type: ignore[arg-type]
        self.changed.emit()
        self.ended.emit(self.state)
