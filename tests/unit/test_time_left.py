"""The time left is right: to the second where all takes what it usually takes, and within a factor of 1.5 from the
second tenth of a training on elsewhere, whatever was cached."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.recordings import QUICK, TUTORIAL
from tests.unit.test_run_state import FAILED, QUICK_RESULT, follow, last, told
from xception_gui.domain.messages.base import Event, Finished, Phase, PhaseStarted, Progress, Stopped
from xception_gui.domain.messages.dataset import DatasetSplit
from xception_gui.domain.messages.training import BatchFinished, EpochFinished, TrainRequest
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


# --- To the second --------------------------------------------------------------------------------------------------

TRAIN, VAL, TEST, STEP, LOADED = 100, 20, 10, 0.5, 5.0
"""Pictures, seconds a picture in a training step, and seconds that building the network took."""

USUAL_VALIDATION = 0.3 * VAL * STEP
CONVERTING = 3 * LOADED
TESTING = 0.45
ENDING = 2.0
CONVERTED = CONVERTING + TESTING * STEP * (VAL + TEST) + ENDING
"""As it was measured, see `estimates`."""


def steps(epochs: int, number: int, *, passed: int, begin: float = 0.0) -> Timed:
    """Steps of ten pictures of an epoch, as far as so many pictures."""
    return [
        (
            begin + images * STEP,
            BatchFinished(number, images // 10, TRAIN // 10, epochs, 1.0, 0.5, 1 / STEP, images, TRAIN),
        )
        for images in range(10, passed + 1, 10)
    ]


def ended(number: int, *, begin: float, validation: float, loss: float = 0.4) -> tuple[float, Event]:
    seconds = {"seconds": TRAIN * STEP + validation, "validation_seconds": validation}
    event = EpochFinished(number, TRAIN, 1.0, 0.5, loss, 0.5, 1e-3, best=True, **seconds)
    return begin + TRAIN * STEP + validation, event


def state_of(epochs: int, *events: tuple[float, Event], start: float | None = None):
    """Where a training is that was loaded at 0, with the loss of its start if there is one, epoch 0."""
    recipe = make_recipe(Preset.TUTORIAL if start is None else Preset.FINE_TUNE, epochs=epochs)
    begun: Timed = [(-LOADED, DatasetSplit(TRAIN, VAL, TEST))]
    if start is not None:
        begun.append((-LOADED, EpochFinished(0, TRAIN, 1.0, 0.5, start, 0.5, None, 77.0, best=True)))
    begun += [(-LOADED, PhaseStarted(Phase.LOADING)), (0.0, PhaseStarted(Phase.TRAINING, TRAIN * epochs))]
    state = start_of(TrainRequest("pictures", "run", recipe), -99.0)
    for now, event in [*begun, *events]:
        state = reduce(state, event, now)
    return state


@pytest.mark.parametrize("epochs", [1, 3, 12])
@pytest.mark.parametrize(("start", "again"), [(None, 0), (0.3, TRAIN)], ids=["Tutorial", "Fine-tune"])
def test_before_the_first_epoch_has_ended_a_validation_takes_what_is_usual(epochs, start, again):
    """The model that it starts from is no epoch; Fine-tune's head is fitted to the training pictures at the end."""
    after = CONVERTED + TESTING * STEP * again
    state = state_of(epochs, *steps(epochs, 1, passed=30), start=start)
    wanted = (epochs * TRAIN - 30) * STEP + epochs * USUAL_VALIDATION + after
    assert seconds_left(state) == pytest.approx(wanted)
    state = state_of(epochs, *steps(epochs, 1, passed=100), start=start)
    for waited in (0.0, 1.0, USUAL_VALIDATION, 100.0):
        now = replace(state, now=state.now + waited)
        validated = min(waited, USUAL_VALIDATION)
        wanted = (epochs - 1) * TRAIN * STEP + epochs * USUAL_VALIDATION - validated + after
        assert seconds_left(now) == pytest.approx(wanted)


@pytest.mark.parametrize("done", [1, 2, 9, 10, 11])
@pytest.mark.parametrize("start", [None, 0.3, 0.5], ids=["Tutorial", "Fine-tune, no better", "Fine-tune, better"])
def test_later_a_validation_takes_what_the_last_one_took(done, start):
    epochs, events, begin = 12, [], 0.0
    for number in range(1, done + 1):
        validation = 7.0 + number
        events += [*steps(epochs, number, passed=TRAIN, begin=begin), ended(number, begin=begin, validation=validation)]
        begin = events[-1][0]
    fitted_again = 0.0 if start is None else TESTING * STEP * TRAIN  # Fine-tune's head, to the training pictures
    after = CONVERTED + fitted_again
    state = state_of(epochs, *events, start=start)
    left = (epochs - done) * (TRAIN * STEP + validation)
    assert seconds_left(state) == pytest.approx(left + after)
    state = state_of(epochs, *events, *steps(epochs, done + 1, passed=40, begin=begin), start=start)
    assert seconds_left(state) == pytest.approx(left - 40 * STEP + after)


def test_what_comes_after_the_last_epoch_is_counted_down():
    events = [*steps(1, 1, passed=TRAIN), ended(1, begin=0.0, validation=10.0)]
    state = state_of(1, *events)
    assert seconds_left(state) == pytest.approx(CONVERTED)
    converting = reduce(state, PhaseStarted(Phase.CONVERTING), state.now)
    test = TESTING * (TRAIN * STEP + 10.0) / TRAIN * (VAL + TEST)  # by the whole epoch, its validation included
    for waited in (0.0, 4.0, CONVERTING, 100.0):
        now = replace(converting, now=converting.now + waited)
        assert seconds_left(now) == pytest.approx(max(0.0, CONVERTING - waited) + test + ENDING)
    testing = reduce(converting, PhaseStarted(Phase.TESTING, VAL + TEST), 200.0)
    for waited in (0.0, 2.0, 5.0):
        now = replace(testing, now=testing.now + waited)
        assert seconds_left(now) == pytest.approx(max(0.0, test + ENDING - waited))
    for done in range(1, 13):  # a picture a second: after five seconds that is known
        testing = reduce(testing, Progress(Phase.TESTING, done, VAL + TEST, float(done)), 200.0 + done)
        left = VAL + TEST - done if done > 5 else max(0.0, test - done)
        assert seconds_left(testing) == pytest.approx(left + ENDING)


def test_a_network_that_was_built_in_no_time_takes_its_time_all_the_same():
    """Keras was loaded before, for the probe."""
    recipe = make_recipe(Preset.TUTORIAL, epochs=1)
    state = start_of(TrainRequest("pictures", "run", recipe), 0.0)
    for event in (DatasetSplit(TRAIN, VAL, TEST), PhaseStarted(Phase.LOADING), PhaseStarted(Phase.TRAINING, TRAIN)):
        state = reduce(state, event, 0.0)
    for now, event in steps(1, 1, passed=50):
        state = reduce(state, event, now)
    after = 12.0 + TESTING * STEP * (VAL + TEST) + ENDING
    assert seconds_left(state) == pytest.approx(50 * STEP + USUAL_VALIDATION + after)


def test_quick_takes_what_it_reads_and_a_share_of_it_for_the_fit_and_the_test():
    state = start_of(QUICK, 0.0)
    for event in (DatasetSplit(TRAIN, VAL, TEST), PhaseStarted(Phase.EMBEDDING, TRAIN + VAL)):
        state = reduce(state, event, 0.0)
    for done in range(1, 41):
        state = reduce(state, Progress(Phase.EMBEDDING, done, TRAIN + VAL, done / 4), done / 4)
    assert seconds_left(state) == pytest.approx((TRAIN + VAL - 40) / 4 + 0.015 * TRAIN / 4 + TEST / 4)
    state = reduce(state, PhaseStarted(Phase.TESTING, TEST), 99.0)
    state = reduce(state, Progress(Phase.TESTING, 4, TEST, 2.0), 101.0)
    assert seconds_left(state) == pytest.approx((TEST - 4) / 2)


# --- About --------------------------------------------------------------------------------------------------------


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
    reading = last(QUICK, [PhaseStarted(Phase.EMBEDDING, 100), Progress(Phase.EMBEDDING, 50, 100, 10.0)])
    assert seconds_left(reading) is not None and seconds_left(replace(reading, total=None)) is None


def paces(*rates: float) -> list[float | None]:
    """The pace after each second in which so many pictures were done."""
    pace, done, found = Pace(), 0.0, []
    for second, rate in enumerate(rates, start=1):
        done += rate
        pace = pace.after(float(second), round(done))
        found.append(pace.per_second)
    assert len(pace.marks) < 20
    return found


@pytest.mark.parametrize(
    ("rates", "wanted"),
    [
        ([10], 10),
        ([10, 10], 10),
        ([0], None),
        ([10, 10, 10, *[0] * 4], 1.4 * 10 / 5),  # the last five seconds begin at the second one
        ([10, 10, 10, *[0] * 5], None),
        ([*[100] * 10, *[1] * 5], 1.4),
        ([*[100] * 10, *[1] * 4], 1.4 * 104 / 5),
        ([*[1] * 10, *[100] * 5], 100 / 1.4),
        ([*[10] * 10, 12], 112 / 11),  # the memory, which is near enough to what is so now
        ([*[13] * 5, *[10] * 15], 10),  # fifteen seconds of it
        ([*[14] * 5, *[10] * 14], (14 + 140) / 15),
    ],
)
def test_a_pace_is_that_of_five_seconds_calmed_by_fifteen(rates, wanted):
    assert paces(*rates)[-1] == (None if wanted is None else pytest.approx(wanted))


def test_a_clock_that_stands_still_tells_no_pace():
    assert Pace().after(0.0, 5).per_second is None
    assert Pace().after(1.0, 5).after(1.0, 7).per_second == 7


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
