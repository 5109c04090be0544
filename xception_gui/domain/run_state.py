"""What is known of a training while it runs: reduced from its events by one pure function."""

from dataclasses import dataclass, replace

from xception_gui.domain.messages import (
    BatchFinished,
    DatasetChecked,
    DatasetSplit,
    EpochFinished,
    Event,
    Failed,
    Finished,
    Phase,
    PhaseStarted,
    Progress,
    Stopped,
    TrainRequest,
    TrainResult,
)
from xception_gui.domain.recipe import Recipe

MOST_BATCHES = 4000
"""Batches that are kept; beyond, every second one is dropped, so that a night's training stays small."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An event that is worth a line, and when it came."""

    time: float  # seconds since 1970
    event: Event


@dataclass(frozen=True, slots=True)
class RunState:
    """A training, as far as its events have told."""

    run: str
    dataset: str
    recipe: Recipe
    began: float  # seconds since 1970
    now: float  # when the last event came
    phase: Phase | None = None
    phase_began: float = 0.0
    done: int = 0  # pictures of the phase
    total: int | None = None  # None: it can't be said
    classes: tuple[str, ...] = ()
    train_images: int = 0
    val_images: int = 0
    batches: tuple[BatchFinished, ...] = ()
    epochs: tuple[EpochFinished, ...] = ()
    images_per_second: float | None = None
    log: tuple[LogEntry, ...] = ()
    stop_asked: bool = False
    result: TrainResult | None = None
    failure: Failed | None = None
    ended: bool = False

    @property
    def is_running(self) -> bool:
        """Whether there is still something to come."""
        return not self.ended

    @property
    def planned_epochs(self) -> int | None:
        """Epochs that the recipe asks for; None for Quick."""
        return self.recipe.training.epochs if self.recipe.training else None

    @property
    def best(self) -> EpochFinished | None:
        """The model that would be kept now: the lowest validation loss; for Quick, the last fit."""
        if self.recipe.training is None:
            return self.epochs[-1] if self.epochs else None
        return min(self.epochs, key=lambda epoch: epoch.val_loss, default=None)


def start_of(request: TrainRequest, now: float) -> RunState:
    """Give the state of a training of which nothing is known yet."""
    return RunState(run=request.out, dataset=request.dataset, recipe=request.recipe, began=now, now=now)


def reduce(state: RunState, event: Event, now: float) -> RunState:
    """Give the state after an event.

    Args:
        state: before it.
        event: of this training.
        now: seconds since 1970.
    """
    state = replace(state, now=now)
    if _is_worth_a_line(event):
        state = replace(state, log=(*state.log, LogEntry(now, event)))
    match event:
        case PhaseStarted(phase=phase, total=total):
            return replace(state, phase=phase, phase_began=now, done=0, total=total, images_per_second=None)
        case Progress(done=done, total=total, seconds=seconds):
            rate = done / seconds if seconds > 0 else None
            return replace(state, done=done, total=total, images_per_second=rate)
        case DatasetChecked(classes=classes):
            return replace(state, classes=tuple(classes))
        case DatasetSplit(train_images=train, val_images=val):
            return replace(state, train_images=train, val_images=val)
        case BatchFinished():
            return _after_batch(state, event)
        case EpochFinished():
            return _after_epoch(state, event)
        case Finished(result=result) | Stopped(result=result):
            found = result if isinstance(result, TrainResult) else None
            return replace(state, ended=True, result=found)
        case Failed():
            return replace(state, ended=True, failure=event)
    return state


def seconds_left(state: RunState) -> float | None:
    """Estimate how long the training will still take; None where that can't be said yet.

    An epoch takes what the last one took, its validation included; before the first has ended, what its steps take.
    """
    if state.ended or state.total is None or not state.done:
        return None
    if state.recipe.training is not None and state.phase is not Phase.TRAINING:
        return None  # the long part is still to come, or just over
    if state.phase is not Phase.TRAINING:
        passed = max(0.0, state.now - state.phase_began)  # whoever sets the clock back doesn't get a negative time
        return passed / state.done * (state.total - state.done)
    if not state.images_per_second:
        return None
    trained = [epoch for epoch in state.epochs if epoch.epoch > 0]
    left_of_steps = (state.total - state.done) / state.images_per_second
    if not trained:
        return left_of_steps
    last = trained[-1]
    validating = max(0.0, last.seconds - last.images / state.images_per_second)
    epochs_left = max(0, (state.planned_epochs or 0) - last.epoch)
    return left_of_steps + validating * epochs_left


def smoothed(values: tuple[float, ...], weight: float = 0.9) -> list[float]:
    """Give the exponential moving average of a curve, without the pull towards zero at its start (Kingma & Ba 2015,
    section 3).

    Args:
        values: one for each step.
        weight: of the past, 0..1.
    """
    result, average = [], 0.0
    for number, value in enumerate(values, start=1):
        average = weight * average + (1 - weight) * value
        result.append(average / (1 - weight**number))
    return result


def _after_batch(state: RunState, event: BatchFinished) -> RunState:
    batches = (*state.batches, event)
    if len(batches) > MOST_BATCHES:
        batches = batches[::2]
    steps = (event.epoch - 1) * event.steps + event.step
    # The last batch of an epoch may be a smaller one; counting pictures by steps is near enough for a bar.
    done = round(steps / (event.steps * event.epochs) * (state.total or 0))
    return replace(state, batches=batches, done=done, images_per_second=event.images_per_second)


def _after_epoch(state: RunState, event: EpochFinished) -> RunState:
    return replace(state, epochs=(*state.epochs, event))


def _is_worth_a_line(event: Event) -> bool:
    return not isinstance(event, Progress | BatchFinished)
