"""Estimates of the time left of a job, from its speed so far."""

from __future__ import annotations

from dataclasses import dataclass, replace

from xception_gui.domain.estimates import (
    CONVERTING,
    CONVERTING_AT_LEAST,
    ENDING,
    FITTING,
    TESTING,
    VALIDATING,
)
from xception_gui.domain.messages.base import Event, Phase, PhaseStarted, Progress
from xception_gui.domain.pace import NO_PACE, SECONDS_OF_PACE, Pace
from xception_gui.domain.run_state import RunState, reduce


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """The time left of a job: of a training until its end, of any other job until the end of the phase.

    Attributes:
        training: the state of a training; None for other jobs.
    """

    training: RunState | None = None
    pace: Pace = NO_PACE
    pictures: int = 0  # left in the phase

    def after(self, event: Event, now: float) -> TimeLeft:
        """Return the time left after an event at the time `now`, in seconds since 1970."""
        training = None if self.training is None else reduce(self.training, event, now)
        match event:
            case PhaseStarted():
                return TimeLeft(training)
            case Progress(done=done, total=total, seconds=seconds):
                return TimeLeft(training, self.pace.after(seconds, done), total - done)
        return replace(self, training=training)

    @property
    def seconds(self) -> float | None:
        """Seconds; None if not known yet."""
        return self.pace.seconds_for(self.pictures) if self.training is None else seconds_left(self.training)


def seconds_left(state: RunState) -> float | None:
    """Estimate the seconds until the end of a training; None if not known yet."""
    if state.ended:
        return None
    match state.phase:
        case Phase.EMBEDDING if not state.recipe.trains_network:
            return _left_of_quick(state)
        case Phase.TRAINING:
            return _left_of_training(state)
        case Phase.CONVERTING if state.epochs:
            converting = max(0.0, _converting(state) - (state.now - state.phase_began))
            return converting + _testing(state, _seconds_of_a_step(state))
        case Phase.TESTING:
            return _left_of_testing(state)
    return None  # the longest phase hasn't begun


def _left_of_phase(state: RunState) -> float | None:
    rate = state.images_per_second
    return (state.total - state.done) / rate if rate and state.total is not None else None


def _left_of_quick(state: RunState) -> float | None:
    rate = state.images_per_second
    reading = _left_of_phase(state)
    if rate is None or reading is None:
        return None
    return reading + (FITTING * state.train_images + state.test_images) / rate


def _left_of_testing(state: RunState) -> float | None:
    """Estimate from the pace, except in the first seconds, while the network is being opened."""
    if not state.epochs or not state.recipe.trains_network:
        return _left_of_phase(state)
    since = state.now - state.phase_began
    if since <= SECONDS_OF_PACE:
        return max(0.0, _testing(state, _seconds_of_a_step(state)) - since)
    looking = _left_of_phase(state)
    return None if looking is None else looking + ENDING


def _seconds_of_a_step(state: RunState) -> float:
    """Return the seconds per picture in the last epoch, including validation."""
    return state.epochs[-1].seconds / max(1, state.epochs[-1].images)


def _left_of_training(state: RunState) -> float | None:
    """Estimate steps from their pace, and a validation from the last one, or from a typical one before the first."""
    steps = _left_of_phase(state)
    if steps is None:
        return None
    epochs = max(0, (state.planned_epochs or 0) - _epochs_done(state))
    validation = _validating(state)
    validated = 0.0 if state.validation_began is None else min(validation, state.now - state.validation_began)
    return steps + epochs * validation - max(0.0, validated) + _after_training(state)


def _epochs_done(state: RunState) -> int:
    return state.epochs[-1].epoch if state.epochs else 0


def _validating(state: RunState) -> float:
    """Estimate the seconds of one validation."""
    assert state.images_per_second
    measured = state.epochs[-1].validation_seconds if state.epochs else 0.0
    return measured or VALIDATING * state.val_images / state.images_per_second


def _after_training(state: RunState) -> float:
    assert state.images_per_second
    return _converting(state) + _testing(state, 1 / state.images_per_second)


def _converting(state: RunState) -> float:
    return max(CONVERTING * state.seconds_of(Phase.LOADING), CONVERTING_AT_LEAST)


def _testing(state: RunState, seconds: float) -> float:
    """Estimate the seconds of testing on the validation and test pictures, and of the work after it.

    After Fine-tune, the training pictures are embedded too, to fit the head again.

    Args:
        state: of the training.
        seconds: per picture in a training step.
    """
    fitted_again = state.train_images if state.recipe.starts_from_quick else 0
    return TESTING * seconds * (fitted_again + state.val_images + state.test_images) + ENDING
