"""The state of a running training, reduced from its events by one pure function."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from xception_gui.domain.messages.base import Event, Failed, Finished, Phase, PhaseStarted, Progress, Stopped
from xception_gui.domain.messages.dataset import DatasetChecked, DatasetSplit
from xception_gui.domain.messages.training import (
    BatchFinished,
    EpochFinished,
    LearningOutlook,
    Notice,
    NoticeCode,
    TrainingResumed,
    TrainRequest,
    TrainResult,
)
from xception_gui.domain.pace import NO_PACE, Pace
from xception_gui.domain.recipe import Recipe

MAX_BATCHES = 4000
"""Batches that are kept. Above this, every second one is dropped, so that the state of a long training stays small."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An event for the log, with its time."""

    time: float  # seconds since 1970
    event: Event


@dataclass(frozen=True, slots=True)
class RunState:
    """The state of a training, as far as its events tell."""

    run: str
    dataset: str
    recipe: Recipe
    began: float  # seconds since 1970
    now: float  # when the last event came
    phase: Phase | None = None
    phase_began: float = 0.0
    done: int = 0  # pictures done in the phase
    total: int | None = None  # None: unknown
    classes: tuple[str, ...] = ()
    train_images: int = 0
    val_images: int = 0
    test_images: int = 0
    batches: tuple[BatchFinished, ...] = ()
    validation_began: float | None = None  # seconds since 1970; set between the last step of an epoch and its end
    epochs: tuple[EpochFinished, ...] = ()
    images_per_second: float | None = None
    pace: Pace = NO_PACE  # of phases that report progress by pictures
    phases: tuple[tuple[Phase, float], ...] = ()  # finished phases and their seconds
    outlook: LearningOutlook | None = None
    log: tuple[LogEntry, ...] = ()
    stop_asked: bool = False
    result: TrainResult | None = None
    failure: Failed | None = None
    ended: bool = False

    @property
    def is_running(self) -> bool:
        """Whether the training hasn't ended yet."""
        return not self.ended

    @property
    def planned_epochs(self) -> int | None:
        """Number of epochs, by the last step or else in the recipe; None for Quick."""
        if self.batches:
            return self.batches[-1].epochs
        return self.recipe.hyperparameters.epochs if self.recipe.trains_network else None

    @property
    def best(self) -> EpochFinished | None:
        """The best model so far: the epoch with the lowest validation loss; for Quick, the last fit.

        Once the training has ended, it is the one that was kept: whether that is a network or Quick's model (epoch 0)
        isn't decided by the loss alone.
        """
        if not self.recipe.trains_network:
            return self.epochs[-1] if self.epochs else None
        trained = [epoch for epoch in self.epochs if epoch.epoch > 0]
        has_network = self.result is not None and bool(trained) and not self._has_kept_quick
        return min(trained if has_network else self.epochs, key=lambda epoch: epoch.val_loss, default=None)

    @property
    def forecast(self) -> tuple[float, float] | None:
        """How many more of 100 pictures than Quick the network would get right, by a trial; None without one."""
        for notice in self._notices(NoticeCode.FORECAST):
            low, high = (notice.details.get(name) for name in ("low", "high"))
            if isinstance(low, int | float) and isinstance(high, int | float):
                return float(low), float(high)
        return None

    @property
    def _has_kept_quick(self) -> bool:
        return any(True for _ in self._notices(NoticeCode.QUICK_KEPT))

    def _notices(self, code: NoticeCode) -> Iterator[Notice]:
        return (one.event for one in self.log if isinstance(one.event, Notice) and one.event.code is code)

    @property
    def pictures_read(self) -> int:
        """Number of pictures embedded so far, also in later phases."""
        if self.phase is Phase.EMBEDDING:
            return self.done
        is_over = any(phase is Phase.EMBEDDING for phase, _ in self.phases)
        return self.train_images + self.val_images if is_over else 0

    def seconds_of(self, phase: Phase) -> float:
        """Return the duration of a finished phase; 0 if there was none."""
        return sum(seconds for over, seconds in self.phases if over is phase)


def start_of(request: TrainRequest, now: float, ahead: RunState | None = None) -> RunState:
    """Return the state of a training before its first event.

    Args:
        request: the request that starts it.
        now: seconds since 1970.
        ahead: state of reading ahead the same pictures with the same recipe: its learning curve is continued.
    """
    state = RunState(run=request.out, dataset=request.dataset, recipe=request.recipe, began=now, now=now)
    if ahead is None or (ahead.dataset, ahead.recipe) != (state.dataset, state.recipe):
        return state
    return replace(state, epochs=ahead.epochs, outlook=ahead.outlook)


def reduce(state: RunState, event: Event, now: float) -> RunState:
    """Return the state after an event.

    Args:
        state: before the event.
        event: of this training.
        now: seconds since 1970.
    """
    state = replace(state, now=now)
    if _is_worth_a_line(event):
        state = replace(state, log=(*state.log, LogEntry(now, event)))
    match event:
        case PhaseStarted(phase=phase, total=total):
            over = ((state.phase, max(0.0, now - state.phase_began)),) if state.phase is not None else ()
            return replace(
                state,
                phase=phase,
                phase_began=now,
                phases=(*state.phases, *over),
                done=0,
                total=total,
                pace=NO_PACE,
                images_per_second=None,
            )
        case Progress(done=done, total=total, seconds=seconds):
            pace = state.pace.after(seconds, done)
            return replace(state, done=done, total=total, pace=pace, images_per_second=pace.per_second)
        case TrainingResumed(dataset=dataset, recipe=recipe):
            return replace(state, dataset=dataset, recipe=recipe)
        case DatasetChecked(classes=classes):
            return replace(state, classes=tuple(classes))
        case DatasetSplit(train_images=train, val_images=val, test_images=test):
            return replace(state, train_images=train, val_images=val, test_images=test)
        case LearningOutlook():
            return replace(state, outlook=event)
        case BatchFinished():
            return _after_batch(state, event)
        case EpochFinished():
            return _after_epoch(state, event)
        case Finished(result=result) | Stopped(result=result):
            found = result if isinstance(result, TrainResult) else None
            known = found.classes if found is not None else state.classes  # a resumed training reports them only here
            return replace(state, ended=True, result=found, classes=known)
        case Failed():
            return replace(state, ended=True, failure=event)
    return state


def smoothed(values: tuple[float, ...], weight: float = 0.9) -> list[float]:
    """Return the exponential moving average of a curve, without the bias towards zero at its start (Kingma & Ba 2015,
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
    if len(batches) > MAX_BATCHES:
        batches = batches[::2]
    passed = event.images / event.epoch_images if event.epoch_images else event.step / event.steps
    done = round((event.epoch - 1 + passed) / event.epochs * (state.total or 0))
    is_last = event.step == event.steps
    return replace(
        state,
        batches=batches,
        done=done,
        images_per_second=event.images_per_second,
        validation_began=state.now if is_last else None,
    )


def _after_epoch(state: RunState, event: EpochFinished) -> RunState:
    if state.recipe.trains_network:
        return replace(state, epochs=(*state.epochs, event), validation_began=None)
    # Fits are ordered by their pictures. Reading ahead may have given later points already; a final fit ends the curve.
    before = (fit for fit in state.epochs if fit.images < event.images)
    after = (fit for fit in state.epochs if fit.images > event.images and event.preliminary)
    return replace(state, epochs=(*before, event, *after))


def _is_worth_a_line(event: Event) -> bool:
    return not isinstance(event, Progress | BatchFinished)
