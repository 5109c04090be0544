"""The time left is right: within a factor of 1.5 from the second tenth of a training on, whatever was cached."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.recordings import QUICK, TUTORIAL
from tests.unit.test_run_state import FAILED, QUICK_RESULT, follow, last, told
from xception_gui.domain.messages import (
    BatchFinished,
    DatasetSplit,
    EpochFinished,
    Event,
    Finished,
    Phase,
    PhaseStarted,
    Progress,
    Stopped,
    TrainRequest,
)
from xception_gui.domain.pace import Pace
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.domain.run_state import reduce, start_of
from xception_gui.domain.time_left import seconds_left

Timed = list[tuple[float, Event]]

NOTHING_NEW = DatasetSplit(480, 120, 0)


def quick_run(*, train: int, val: int, cached: int, seconds: float) -> Timed:
    """A Quick training whose first pictures are cached; the others take so many seconds each."""
    events: Timed = [(0.5, PhaseStarted(Phase.CHECKING, train + val)), (1.0, DatasetSplit(train, val, 0))]
    events.append((1.0, PhaseStarted(Phase.EMBEDDING, train + val)))
    now = 1.0
    for done in range(1, train + val + 1):
        now += 0.0005 if done <= cached else seconds
        events.append((now, Progress(Phase.EMBEDDING, done, train + val, now - 1.0)))
    events.append((now, PhaseStarted(Phase.FITTING)))
    events.append((now + 0.01 * train * seconds, Finished(QUICK_RESULT)))
    return events


def network_run(
    *,
    train: int,
    val: int,
    epochs: int,
    batch: int,
    step: float,
    loading: float,
    converting: float | None = None,
    testing: float = 1 / 3,
    ending: float = 1.5,
) -> Timed:
    """A Tutorial training; validation takes a third of a step's time a picture, the test at the end its own share."""
    events: Timed = [(1.0, DatasetSplit(train, val, 0)), (1.0, PhaseStarted(Phase.LOADING))]
    now = 1.0 + loading
    events.append((now, PhaseStarted(Phase.TRAINING, train * epochs)))
    steps = -(-train // batch)
    for epoch in range(1, epochs + 1):
        began = now
        for number in range(1, steps + 1):
            now += step * batch
            events.append((now, BatchFinished(epoch, number, steps, epochs, 1.0, 0.5, 1 / step)))
        validation = val * step / 3
        now += validation
        seconds = {"seconds": now - began, "validation_seconds": validation}
        events.append((now, EpochFinished(epoch, train, 1.0, 0.5, 1.0, 0.5, 1e-3, best=True, **seconds)))
    events.append((now, PhaseStarted(Phase.CONVERTING)))
    now += 3 * loading if converting is None else converting
    events.append((now, PhaseStarted(Phase.TESTING, val)))
    for done in range(1, val + 1):
        now += step * testing
        events.append((now, Progress(Phase.TESTING, done, val, done * step * testing)))
    now += ending
    events.append((now, Finished(QUICK_RESULT)))
    return events


def check_foretold(request: TrainRequest, events: Timed) -> None:
    end = events[-1][0]
    state = start_of(request, 0.0)
    for now, event in events[:-1]:
        state = reduce(state, event, now)
        left = seconds_left(state)
        if now < 0.1 * end or isinstance(event, PhaseStarted):
            continue
        slack = 1.0 + 0.02 * end  # of the last seconds nobody needs to know how many they are
        assert left is not None
        assert left / 1.5 - slack <= end - now <= left * 1.5 + slack, (now, end, left, event)


@given(
    train=st.integers(100, 1500),
    share=st.floats(0.1, 0.5),
    cached=st.floats(0, 0.9),
    seconds=st.floats(0.05, 0.3),
)
def test_of_quick_also_where_the_first_pictures_are_cached(train, share, cached, seconds):
    val = round(train * share)
    events = quick_run(train=train, val=val, cached=round((train + val) * cached), seconds=seconds)
    if events[-1][0] > 60:  # shorter ones are over before a pace can be told from another
        check_foretold(QUICK, events)


@given(
    train=st.integers(100, 1000),
    share=st.floats(0.1, 0.5),
    epochs=st.integers(1, 10),
    step=st.floats(0.1, 1.0),
    loading=st.floats(2, 10),
)
def test_of_a_training_of_the_network(train, share, epochs, step, loading):
    request = TrainRequest("pictures", "run", make_recipe(Preset.TUTORIAL, epochs=epochs))
    events = network_run(train=train, val=round(train * share), epochs=epochs, batch=16, step=step, loading=loading)
    if 0.1 * events[-1][0] > 1 + loading + 16 * step:  # the second tenth begins after the first step
        check_foretold(request, events)


def test_of_a_training_in_bfloat16_before_which_keras_was_loaded_for_the_probe():
    """As it was measured: building took a second, converting ten, the predictor half of a step a picture."""
    events = network_run(train=480, val=120, epochs=5, batch=16, step=0.18, loading=1.3, converting=9.7, testing=0.52)
    end, state = events[-1][0], start_of(TUTORIAL, 0.0)
    for now, event in events:
        state = reduce(state, event, now)
        if isinstance(event, PhaseStarted) and event.phase is Phase.CONVERTING:
            left = seconds_left(state)
            assert left is not None and (end - now) / 1.5 <= left <= (end - now) * 1.5


def test_where_no_epoch_betters_quick_nothing_is_converted_after_the_last_one():
    events = network_run(train=480, val=120, epochs=5, batch=16, step=0.18, loading=1.3)
    start = EpochFinished(0, 480, 0.1, 0.9, 0.1, 0.9, None, 1.0, True)
    state = start_of(TrainRequest("pictures", "run", make_recipe(Preset.FINE_TUNE)), 0.0)
    for now, event in [(1.0, start), *events]:
        if isinstance(event, PhaseStarted) and event.phase is Phase.CONVERTING:
            break
        state = reduce(state, event, now)
    left = seconds_left(state)
    assert left is not None and 2 <= left <= 4
    assert seconds_left(reduce(state, NOTHING_NEW, state.now + 1)) == pytest.approx(left - 1)
    assert seconds_left(reduce(state, NOTHING_NEW, state.now + 60)) == 0


def test_while_the_last_validation_goes_on_it_counts_down_whatever_the_last_steps_took():
    events = network_run(train=480, val=120, epochs=2, batch=16, step=0.3, loading=1.3)
    at = max(place for place, (_, event) in enumerate(events) if isinstance(event, BatchFinished))
    (now, last_step), (end, _) = events[at], events[at + 1]
    for share in (1.0, 0.8):  # of the pace before
        slower = structs.replace(last_step, images_per_second=last_step.images_per_second * share)
        state = start_of(TUTORIAL, 0.0)
        for time, event in [*events[:at], (now, slower)]:
            state = reduce(state, event, time)
        left = seconds_left(state)
        assert left is not None and left - seconds_left(replace(state, now=end)) == pytest.approx(end - now)


def test_that_the_predictor_opens_the_network_first_is_no_measure_of_its_pace():
    events = network_run(train=480, val=120, epochs=5, batch=16, step=0.18, loading=1.3, testing=0.5)
    at = next(place for place, (_, event) in enumerate(events) if isinstance(event, Progress))
    late = 0.6  # seconds, until the first picture is done
    events[at:] = [(now + late, event) for now, event in events[at:]]
    end, state = events[-1][0], start_of(TUTORIAL, 0.0)
    for now, event in events:
        state = reduce(state, event, now)
        if isinstance(event, Progress):
            left = seconds_left(state)
            assert left is not None and max(left, 3) <= 1.5 * max(end - now, 3)


@given(request=st.sampled_from([QUICK, TUTORIAL]), events=told, clock=st.lists(st.floats(0, 2e9), min_size=30))
def test_it_is_never_negative_even_when_the_clock_is_set(request, events, clock):
    state = start_of(request, 1000.0)
    for event, now in zip(events, clock, strict=False):
        state = reduce(state, event, now)
        left = seconds_left(state)
        assert left is None or left >= 0


@pytest.mark.parametrize("end", [Finished(QUICK_RESULT), Stopped(), FAILED])
def test_of_what_has_ended_nothing_is_left(end):
    events = [PhaseStarted(Phase.EMBEDDING, 100), Progress(Phase.EMBEDDING, 50, 100, 10.0)]
    assert seconds_left(last(QUICK, events)) is not None
    assert seconds_left(last(QUICK, [*events, end])) is None


def test_before_the_long_part_has_begun_nothing_is_said():
    assert seconds_left(last(TUTORIAL, [PhaseStarted(Phase.LOADING)])) is None
    assert seconds_left(follow(TUTORIAL, [PhaseStarted(Phase.TRAINING, 60)])[-1]) is None


def paces(*rates: float) -> list[float | None]:
    """The pace after each second in which so many pictures were done."""
    pace, done, found = Pace(), 0.0, []
    for second, rate in enumerate(rates, start=1):
        done += rate
        pace = pace.after(float(second), round(done))
        found.append(pace.per_second)
    assert len(pace.marks) < 20
    return found


def test_a_pace_is_that_of_the_last_seconds():
    assert Pace().per_second is None
    found = paces(*[100] * 10, *[1] * 20)
    assert found[9] == 100
    assert all(1 <= pace <= 1.4 for pace in found[15:]) and found[-1] == 1


def test_a_machine_that_is_now_faster_now_slower_has_a_steady_pace():
    found = paces(*[6, 6, 14, 14] * 6)[4:]
    assert max(found) / min(found) < 1.5  # the last seconds alone swing by more
    assert all(8 < pace < 12 for pace in found)


def test_seconds_in_which_the_machine_does_something_else_hardly_move_it():
    found = paces(*[10] * 20, *[5] * 3, *[10] * 10)
    assert all(8 < pace < 12 for pace in found[5:])
