"""What is known of a training from its events, whatever they are."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.recordings import QUICK, TUTORIAL, recording
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Failed, Finished, Phase, PhaseStarted, Progress, Stopped
from xception_gui.domain.messages.dataset import DatasetChecked, DatasetSplit, PreviewResult
from xception_gui.domain.messages.training import (
    BatchFinished,
    EpochFinished,
    LearningOutlook,
    Notice,
    NoticeCode,
    TrainingResumed,
)
from xception_gui.domain.pace import Pace
from xception_gui.domain.run_state import MAX_BATCHES, LogEntry, RunState, reduce, smoothed, start_of

FAILED = Failed(ErrorCode.OUT_OF_MEMORY)
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


def test_of_a_training_that_begins_nothing_is_known_but_what_was_asked_for():
    assert start_of(TUTORIAL, 7.0) == RunState(
        run=TUTORIAL.out,
        dataset=TUTORIAL.dataset,
        recipe=TUTORIAL.recipe,
        began=7.0,
        now=7.0,
        phase=None,
        phase_began=0.0,
        done=0,
        total=None,
        classes=(),
        train_images=0,
        val_images=0,
        test_images=0,
        batches=(),
        validation_began=None,
        epochs=(),
        images_per_second=None,
        pace=Pace(((0.0, 0),)),
        phases=(),
        outlook=None,
        log=(),
        stop_asked=False,
        result=None,
        failure=None,
        ended=False,
    )


OUTLOOK = LearningOutlook(100, 0.8, 200, 0.85, 0.9)
BATCH = BatchFinished(2, 3, 4, 5, 1.0, 0.5, 7.0, images=6, epoch_images=10)
EPOCH = EpochFinished(2, 10, 1.0, 0.5, 1.0, 0.5, 1e-3, 9.0, best=True)


@pytest.mark.parametrize(
    ("event", "changed"),
    [
        (TrainingResumed("elsewhere", QUICK.recipe), {"dataset": "elsewhere", "recipe": QUICK.recipe}),
        (DatasetChecked({"cat": 2, "dog": 3}, (), ()), {"classes": ("cat", "dog")}),
        (DatasetSplit(70, 20, 10), {"train_images": 70, "val_images": 20, "test_images": 10}),
        (Notice(NoticeCode.RESUMED, text="Text."), {}),
        (OUTLOOK, {"outlook": OUTLOOK}),
        (EPOCH, {"epochs": (EPOCH,), "validation_began": None}),
        (Stopped(), {"ended": True}),
        (Finished(PreviewResult()), {"ended": True}),
        (Finished(TUTORIAL_RESULT), {"ended": True, "result": TUTORIAL_RESULT, "classes": TUTORIAL_RESULT.classes}),
        (FAILED, {"ended": True, "failure": FAILED}),
        (
            PhaseStarted(Phase.CONVERTING, 8),
            {
                "phase": Phase.CONVERTING,
                "phase_began": 1009.0,
                "phases": ((Phase.TRAINING, 7.0),),
                "done": 0,
                "total": 8,
                "images_per_second": None,
                "pace": Pace(),
            },
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_event_changes_what_it_tells_of_and_nothing_else(event, changed):
    before = dataclasses.replace(start_of(TUTORIAL, 1000.0), phase=Phase.TRAINING, phase_began=1002.0, total=50, done=9)
    before = dataclasses.replace(before, validation_began=1008.0, images_per_second=3.0, pace=Pace(((1.0, 2),)))
    wanted = dataclasses.replace(before, now=1009.0, log=(LogEntry(1009.0, event),), **changed)
    assert reduce(before, event, 1009.0) == wanted


@pytest.mark.parametrize(
    ("batch", "done", "validation_began"),
    [
        (BATCH, 32, None),  # (1 + 6/10) / 5 of 100
        (replace(BATCH, step=4), 32, 9.0),
        (replace(BATCH, epoch_images=0), 35, None),  # (1 + 3/4) / 5
        (replace(BATCH, epoch=1, images=10), 20, None),
        (replace(BATCH, epoch=5, step=4, images=10), 100, 9.0),
    ],
)
def test_a_step_tells_how_far_the_training_is(batch, done, validation_began):
    before = dataclasses.replace(start_of(TUTORIAL, 1.0), phase=Phase.TRAINING, total=100, validation_began=3.0)
    after = reduce(before, batch, 9.0)
    assert (after.done, after.images_per_second, after.validation_began) == (done, 7.0, validation_began)
    assert (after.batches, after.log, after.total) == ((batch,), (), 100)
    assert reduce(dataclasses.replace(before, total=None), batch, 9.0).done == 0


def test_progress_tells_how_far_the_phase_is_and_how_fast_it_goes():
    before = dataclasses.replace(start_of(QUICK, 1.0), phase=Phase.EMBEDDING, total=None)
    pace = Pace(((0.0, 0), (4.0, 20)))
    wanted = dataclasses.replace(before, now=5.0, done=20, total=50, pace=pace, images_per_second=5.0)
    assert reduce(before, Progress(Phase.EMBEDDING, 20, 50, 4.0), 5.0) == wanted


def test_phases_that_are_over_took_their_time_and_none_took_less_than_none():
    state = start_of(QUICK, 0.0)
    for phase, now in ((Phase.LOADING, 5.0), (Phase.TRAINING, 8.0), (Phase.LOADING, 9.0), (Phase.TESTING, 19.0)):
        state = reduce(state, PhaseStarted(phase), now)
    assert [state.seconds_of(phase) for phase in (Phase.LOADING, Phase.TRAINING, Phase.TESTING)] == [13.0, 1.0, 0]
    state = reduce(state, PhaseStarted(Phase.FITTING), 2.0)  # somebody has set the clock
    assert state.phases[-1] == (Phase.TESTING, 0.0)


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


@pytest.mark.parametrize(("count", "kept"), [(4000, 4000), (4001, 2001)])
def test_of_4001_batches_every_second_one_is_kept(count, kept):
    state = dataclasses.replace(start_of(TUTORIAL, 0), batches=(BATCH,) * (count - 1))
    assert len(reduce(state, BATCH, 1.0).batches) == kept


@pytest.mark.parametrize("count", [MAX_BATCHES, MAX_BATCHES + 1, 2 * MAX_BATCHES + 777])
def test_a_long_training_stays_small_and_keeps_its_beginning_and_its_end(count):
    state = start_of(TUTORIAL, 0)
    for number in range(count):
        state = reduce(state, BatchFinished(number // 100 + 1, number % 100 + 1, 100, 1000, number, 0.5, 9.0), number)
        assert len(state.batches) <= MAX_BATCHES
    kept = [batch.loss for batch in state.batches]
    assert kept == sorted(kept)
    assert (kept[0], kept[-1]) == (0, count - 1)
    assert len(kept) >= min(count, MAX_BATCHES // 2)


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


def test_a_curve_is_smoothed_by_its_formula():
    assert smoothed((1.0, 0.0, 2.0)) == pytest.approx([1.0, 0.09 / 0.19, (0.081 + 0.2) / 0.271])
    assert smoothed((1.0, 0.0, 2.0), 0.5) == pytest.approx([1.0, 0.25 / 0.75, (0.125 + 1.0) / 0.875])


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


@pytest.mark.parametrize("other", [{"dataset": "elsewhere"}, {"recipe": TUTORIAL.recipe}])
def test_what_was_learned_of_something_else_is_no_beginning(other):
    ahead = dataclasses.replace(ahead_of(QUICK, 12, 18), outlook=OUTLOOK)
    state = start_of(QUICK, 0.0, ahead)
    assert (len(state.epochs), state.outlook, state.log) == (2, OUTLOOK, ())
    assert start_of(replace(QUICK, **other), 0.0, ahead) == start_of(replace(QUICK, **other), 0.0)


def test_the_last_fit_is_the_end_of_the_curve_however_far_it_was_drawn():
    state = reduce(start_of(QUICK, 0.0, ahead_of(QUICK, 12, 18, 27)), fit(20, preliminary=False), 1.0)
    assert [epoch.images for epoch in state.epochs] == [12, 18, 20]
    assert state.best == state.epochs[-1] == fit(20, preliminary=False)


@given(counts=st.lists(st.integers(2, 1000), max_size=20))
def test_a_learning_curve_is_in_the_order_of_its_pictures(counts):
    assert [epoch.images for epoch in ahead_of(QUICK, *counts).epochs] == sorted(set(counts))
