"""What is known of a training from its events, whatever they are."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.recordings import QUICK, TUTORIAL, recording
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages import (
    BatchFinished,
    EpochFinished,
    Failed,
    Finished,
    Phase,
    PhaseStarted,
    Progress,
    Stopped,
)
from xception_gui.domain.run_state import MOST_BATCHES, reduce, smoothed, start_of

FAILED = Failed(ErrorCode.OUT_OF_MEMORY, "", "", "")
QUICK_RESULT, TUTORIAL_RESULT = (recording(name)[-1].result for name in ("quick", "tutorial"))

share = st.floats(0, 1)
loss = st.floats(0, 100)
batches = st.builds(
    BatchFinished,
    epoch=st.integers(1, 3),
    step=st.integers(1, 5),
    steps=st.just(5),
    epochs=st.just(3),
    loss=loss,
    accuracy=share,
    images_per_second=st.floats(0, 1e4),
)
epochs = st.builds(
    EpochFinished,
    epoch=st.integers(0, 3),
    images=st.integers(0, 100),
    loss=st.none() | loss,
    accuracy=st.none() | share,
    val_loss=loss,
    val_accuracy=share,
    learning_rate=st.none() | share,
    seconds=st.floats(0, 1e4),
    best=st.booleans(),
)
phases = st.builds(PhaseStarted, st.sampled_from(Phase), st.none() | st.integers(0, 1000))
progresses = st.integers(0, 1000).flatmap(
    lambda total: st.builds(Progress, st.sampled_from(Phase), st.integers(0, total), st.just(total), st.floats(0, 1e4))
)
told = st.lists(phases | progresses | batches | epochs, max_size=30)
ends = st.sampled_from([Finished(QUICK_RESULT), Stopped(QUICK_RESULT), Stopped(), FAILED])
times = st.floats(0, 2e9)


def follow(request, events, began=1000.0, seconds=1.0):
    """Give the states after each event, which come at equal distances."""
    states = [start_of(request, began)]
    for number, event in enumerate(events, start=1):
        states.append(reduce(states[-1], event, began + number * seconds))
    return states


def last(request, events):
    return follow(request, events)[-1]


def test_a_recorded_quick_run_is_known_from_its_events():
    state = last(QUICK, recording("quick"))
    assert state.ended and not state.is_running and state.failure is None
    assert state.result == QUICK_RESULT
    assert state.classes == ("cats", "dogs")
    assert (state.train_images, state.val_images) == (20, 4)
    assert [epoch.images for epoch in state.epochs] == [4, 6, 9, 14, 20]
    assert state.best == state.epochs[-1]  # the last fit, on all pictures, whatever the others were
    assert state.planned_epochs is None
    assert state.batches == ()


def test_a_recorded_training_of_the_network_is_known_from_its_events():
    state = last(TUTORIAL, recording("tutorial"))
    assert state.result == TUTORIAL_RESULT
    assert state.planned_epochs == 3
    assert [(batch.epoch, batch.step) for batch in state.batches] == [(e, s) for e in (1, 2, 3) for s in range(1, 6)]
    assert [epoch.epoch for epoch in state.epochs] == [1, 2, 3]
    assert state.best.val_loss == min(epoch.val_loss for epoch in state.epochs)


def test_the_log_has_everything_but_what_comes_many_times_a_second():
    events = recording("tutorial")
    state = last(TUTORIAL, events)
    assert [entry.event for entry in state.log] == [
        event for event in events if not isinstance(event, Progress | BatchFinished)
    ]
    assert [entry.time for entry in state.log] == sorted(entry.time for entry in state.log)


def test_progress_goes_up_to_all_pictures_within_each_phase():
    for before, after in zip(states := follow(TUTORIAL, recording("tutorial")), states[1:], strict=False):
        assert after.phase is not before.phase or after.done >= before.done
        assert after.total is None or 0 <= after.done <= after.total
    done = [state.done for state in states if state.phase is Phase.TRAINING]
    assert done[0] == 0
    assert done[-1] == 60  # three epochs of twenty pictures


def test_each_phase_begins_anew():
    state = last(QUICK, [PhaseStarted(Phase.CHECKING, 10), Progress(Phase.CHECKING, 10, 10, 2.0)])
    assert (state.done, state.total, state.images_per_second) == (10, 10, 5.0)
    state = reduce(state, PhaseStarted(Phase.FITTING), 1005.0)
    assert (state.phase, state.done, state.total, state.images_per_second) == (Phase.FITTING, 0, None, None)


@given(events=told, end=ends, others=told)
def test_an_end_is_never_lost(events, end, others):
    state = last(QUICK, [*events, end])
    assert state.ended
    assert state.failure == (end if end is FAILED else None)
    assert state.result == (None if end is FAILED else end.result)
    assert state.log[-1].event == end


@given(events=told)
def test_without_an_end_it_is_running(events):
    assert last(QUICK, events).is_running


@given(events=told)
def test_the_best_is_the_one_with_the_lowest_validation_loss(events):
    state = last(TUTORIAL, events)
    seen = [event for event in events if isinstance(event, EpochFinished)]
    assert state.epochs == tuple(seen)
    assert (state.best is None) == (not seen)
    assert all(state.best.val_loss <= epoch.val_loss for epoch in seen)


@pytest.mark.parametrize("count", [MOST_BATCHES, MOST_BATCHES + 1, 2 * MOST_BATCHES + 777])
def test_a_long_training_stays_small_and_keeps_its_beginning_and_its_end(count):
    state = start_of(TUTORIAL, 0)
    for number in range(count):
        state = reduce(state, BatchFinished(number // 100 + 1, number % 100 + 1, 100, 1000, number, 0.5, 9.0), number)
        assert len(state.batches) <= MOST_BATCHES
    kept = [batch.loss for batch in state.batches]
    assert kept == sorted(kept)
    assert (kept[0], kept[-1]) == (0, count - 1)
    assert len(kept) >= min(count, MOST_BATCHES // 2)


@given(value=st.floats(-1e6, 1e6), count=st.integers(1, 100), weight=st.floats(0, 0.99))
def test_a_constant_curve_is_smooth_already(value, count, weight):
    assert smoothed((value,) * count, weight) == pytest.approx([value] * count)


@given(values=st.lists(st.floats(-1e6, 1e6), max_size=60).map(tuple), weight=st.floats(0, 0.99))
def test_smoothing_stays_between_the_lowest_and_the_highest_so_far(values, weight):
    result = smoothed(values, weight)
    assert len(result) == len(values)
    for number, value in enumerate(result):
        seen = values[: number + 1]
        slack = 1e-6 * max(1.0, *(math.fabs(one) for one in seen))
        assert min(seen) - slack <= value <= max(seen) + slack


def fit(images, *, preliminary=True):
    return EpochFinished(1, images, 0.1, 1.0, 0.5, 0.8, None, 0.1, True, preliminary)


def ahead_of(request, *images):
    return last(request, [fit(count) for count in images])


def test_a_learning_curve_goes_on_from_what_was_learned_before():
    state = start_of(QUICK, 0.0, ahead_of(QUICK, 12, 18, 27))
    assert [epoch.images for epoch in state.epochs] == [12, 18, 27]
    again = replace(fit(18), val_accuracy=0.9)
    state = reduce(state, again, 1.0)
    assert [epoch.images for epoch in state.epochs] == [12, 18, 27] and state.epochs[1] == again
    assert [epoch.images for epoch in reduce(state, fit(41), 2.0).epochs] == [12, 18, 27, 41]


def test_the_last_fit_is_the_end_of_the_curve_however_far_it_was_drawn():
    state = reduce(start_of(QUICK, 0.0, ahead_of(QUICK, 12, 18, 27)), fit(20, preliminary=False), 1.0)
    assert [epoch.images for epoch in state.epochs] == [12, 18, 20]
    assert state.best == state.epochs[-1] == fit(20, preliminary=False)


@given(counts=st.lists(st.integers(2, 1000), max_size=20))
def test_a_learning_curve_is_in_the_order_of_its_pictures(counts):
    assert [epoch.images for epoch in ahead_of(QUICK, *counts).epochs] == sorted(set(counts))
