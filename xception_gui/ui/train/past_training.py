"""The training of the current model, read from its log."""

import contextlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from xception_gui.domain.messages.base import Event, Finished, Message
from xception_gui.domain.messages.models import ReadLogRequest, RunSummary, TrainingLogResult
from xception_gui.domain.messages.training import TrainRequest, TrainResult
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.domain.run_state import RunState, reduce, start_of
from xception_gui.ui.engines.current_job import CurrentJob
from xception_gui.ui.engines.engine_client import EngineClient

UNKNOWN = 0.0  # the time of an event, which the log doesn't record


class PastTraining(QObject):
    """The training of a model that was trained earlier.

    Signals:
        changed: `state` has changed.
    """

    changed = Signal()

    def __init__(self, viewer: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = CurrentJob(viewer, self)
        self._job.reported.connect(self._on_reported)
        self._job.ended.connect(self._on_ended)
        self._told: list[Event] = []
        self._summary: RunSummary | None = None
        self.state: RunState | None = None

    def show(self, summary: RunSummary | None) -> None:
        """Read the log of a model; until then, the state is made from its summary alone. None: no model."""
        if summary == self._summary:
            return
        self._job.give_up()
        self._told.clear()
        self._summary = summary
        if summary is not None:
            self._job.start(ReadLogRequest(summary.path))
        self._become(past_state(summary) if summary is not None else None)

    def _on_reported(self, event: Event) -> None:
        self._told.append(event)

    def _on_ended(self, end: Message) -> None:
        if self._summary is not None and isinstance(end, Finished) and isinstance(end.result, TrainingLogResult):
            self._become(past_state(self._summary, self._told, end.result))
        self._told.clear()

    def _become(self, state: RunState | None) -> None:
        self.state = state
        self.changed.emit()


def past_state(summary: RunSummary, told: Iterable[Event] = (), log: TrainingLogResult | None = None) -> RunState:
    """Return the final state of a training that has made a model.

    Args:
        summary: of its run, with figures.
        told: its events, without the last one.
        log: its recipe and duration; None: not known yet.
    """
    recipe = log.recipe if log is not None else make_recipe(Preset(summary.preset))
    began = UNKNOWN
    with contextlib.suppress(ValueError, OverflowError, OSError):
        began = datetime.fromisoformat(summary.created).timestamp()
    state = start_of(TrainRequest(summary.dataset, summary.path, recipe), began)
    train, val = summary.train_images, summary.val_images
    state = replace(state, classes=summary.classes, train_images=train, val_images=val)
    for event in told:
        state = reduce(state, event, UNKNOWN)
    result = TrainResult(
        run=summary.path,
        recipe=summary.preset,
        classes=summary.classes,
        train_images=train,
        val_images=val,
        val_accuracy=summary.val_accuracy or 0.0,
        val_log_loss=summary.val_log_loss or 0.0,
        epochs=state.epochs[-1].epoch if state.epochs and recipe.trains_network else None,
        seconds=log.seconds if log is not None else 0.0,
        stopped=summary.status != "finished",
    )
    return reduce(state, Finished(result), UNKNOWN)
