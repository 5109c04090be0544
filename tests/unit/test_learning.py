"""Learning through an epoch: batches that don't fit, rates, class weights, an end before the last epoch."""

from collections import Counter, defaultdict

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.test_training import SIZE, data, distance, fresh_network, run, tutorial, validation  # noqa: F401
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.messages.base import Message, PhaseStarted
from xception_gui.domain.messages.training import BatchFinished, EpochFinished, Notice, NoticeCode
from xception_gui.domain.recipe import Augmentation, Optimizer, Precision, Preset, make_recipe
from xception_gui.domain.run_state import RunState, reduce
from xception_gui.finetune import learning
from xception_gui.finetune.batches import LabelledFiles, training_batches
from xception_gui.finetune.learning import take_step
from xception_gui.finetune.memory import batch_that_fits, bytes_per_picture
from xception_gui.finetune.network import starting_network
from xception_gui.finetune.schedule import learning_rate
from xception_gui.finetune.steps import keras_step, training_step
from xception_gui.finetune.training import compile_network, freeze, is_over
from xception_gui.words.notices import notice_text


@pytest.fixture
def memory(monkeypatch):
    """A memory for so many pictures in a step as `memory.fits` says, and what was learned from in it."""

    class Memory:
        def __init__(self) -> None:
            self.fits = 1000
            self.shrinks_after: int | None = None  # steps
            self.seen: Counter[bytes] = Counter()
            self.sizes: list[int] = []

        def step(self, network: keras.Model):
            real = training_step(network)

            def step(pixels, truth, weights):
                if self.shrinks_after is not None and len(self.sizes) >= self.shrinks_after:
                    self.fits = 4
                if len(pixels) > self.fits:
                    raise MemoryError
                self.sizes.append(len(pixels))
                self.seen.update(one.tobytes() for one in pixels)
                return real(pixels, truth, weights)

            return step

    made = Memory()
    monkeypatch.setattr(learning, "training_step", made.step)
    return made


def test_a_batch_that_never_fits_is_the_training_of_half_the_size(data, validation, memory):  # noqa: F811
    training = tutorial(epochs=1, batch_size=16)
    memory.fits = 8
    events: list[Message] = []
    halved, small = fresh_network(), fresh_network()
    run(halved, training, data, validation, events=events)
    run(small, tutorial(epochs=1, batch_size=8), data, validation)
    for found, wanted in zip(halved.get_weights(), small.get_weights(), strict=True):
        np.testing.assert_array_equal(found, wanted)
    (notice,) = [event for event in events if isinstance(event, Notice)]
    assert notice.code is NoticeCode.BATCH_HALVED
    assert "16 pictures" in notice_text(notice) and "8 at a time" in notice_text(notice)


def test_a_batch_for_which_there_is_no_memory_is_made_smaller_before_the_first_step(data, validation, memory):  # noqa: F811
    network, events = fresh_network(), []
    training = tutorial(epochs=1, batch_size=40)
    freeze(network, training)
    run(network, training, data, validation, events=events, available_memory=15 * bytes_per_picture(network))
    assert memory.sizes == [10] * 8
    (notice,) = [event for event in events if isinstance(event, Notice)]
    assert notice.code is NoticeCode.BATCH_HALVED
    assert "40 pictures" in notice_text(notice) and "10 at a time" in notice_text(notice)


def test_where_there_is_memory_the_batch_is_as_asked_for(data, validation, memory):  # noqa: F811
    network, events = fresh_network(), []
    freeze(network, tutorial())
    run(
        network,
        tutorial(epochs=1, batch_size=40),
        data,
        validation,
        events=events,
        available_memory=40 * bytes_per_picture(network),
    )
    assert memory.sizes == [40, 40] and not any(isinstance(event, Notice) for event in events)


def test_blocks_that_are_not_trained_keep_nothing():
    network = fresh_network(last_block=14)
    kept = []
    for first in (1, 5, 13):
        freeze(network, tutorial(first_trainable_block=first))
        kept.append(bytes_per_picture(network))
    assert kept[0] > kept[1] > kept[2] > 0
    small = starting_network(XCEPTION, SIZE, (14,), 2, weights=None, precision=Precision.BFLOAT16)
    freeze(small, tutorial())
    assert 0.5 <= bytes_per_picture(small) / kept[0] < 0.6


@given(batch_size=st.integers(1, 512), picture=st.integers(1, 10**9), available=st.integers(0, 10**11))
def test_a_batch_becomes_no_smaller_than_it_must(batch_size, picture, available):
    fits = batch_that_fits(batch_size, picture, available)
    assert 1 <= fits <= batch_size
    assert fits == 1 or fits * picture <= available
    assert fits == batch_size or (2 * fits + 1) * picture > available


def test_a_batch_that_fits_no_more_is_halved_where_the_training_is(data, validation, memory):  # noqa: F811
    """Two steps of 16, then the memory is short: 8 don't fit either, the 48 pictures that are left come by four."""
    memory.shrinks_after = 2
    events: list[Message] = []
    network = fresh_network()
    training = tutorial(epochs=2, batch_size=16, optimizer=Optimizer.ADAMW, augment=Augmentation.NONE)
    run(network, training, data, validation, events=events)
    assert memory.sizes == [16] * 2 + [4] * 12 + [4] * 20
    assert len(memory.seen) == len(data) and set(memory.seen.values()) == {2}  # every picture once in each epoch
    steps = [event for event in events if isinstance(event, BatchFinished)]
    assert [(event.step, event.steps) for event in steps[:3]] == [(1, 5), (2, 5), (3, 14)]
    assert steps[-1].step == steps[-1].steps == 20
    assert [event.images for event in steps[:4]] == [16, 32, 36, 40]
    assert [event.epoch for event in events if isinstance(event, EpochFinished)] == [1, 2]
    assert [e.images for e in events if isinstance(e, EpochFinished)] == [80, 80]
    assert int(network.optimizer.iterations) == len(memory.sizes)  # its memory of earlier steps was kept
    assert float(network.optimizer.learning_rate) < 1e-2 * training.learning_rate  # the decay reached its end
    bar = _bar(events)
    assert bar == sorted(bar) and bar[-1] == 160


def _bar(events: list[Message]) -> list[int]:
    """How far the window says that the training is, after each event."""
    state = RunState(run="", dataset="", recipe=make_recipe(Preset.TUTORIAL), began=0, now=0)
    done = []
    for event in events:
        state = reduce(state, event, 0)
        if not isinstance(event, PhaseStarted):
            done.append(state.done)
    return done


def test_pictures_that_are_gone_are_told_once(data, validation, tmp_path):  # noqa: F811
    files, labels = [*data.files[:6], tmp_path / "gone.png", tmp_path / "gone too.png"], [0] * 3 + [1] * 5
    events: list[Message] = []
    some = LabelledFiles(files, np.array(labels), class_count=2)
    run(fresh_network(), tutorial(epochs=2, batch_size=4), some, validation, events=events)
    (notice,) = [event for event in events if isinstance(event, Notice)]
    assert notice.code is NoticeCode.PICTURES_CHANGED and notice_text(notice).startswith("2 of 8 pictures")
    assert [event.images for event in events if isinstance(event, EpochFinished)] == [6, 6]


def test_where_not_even_one_picture_fits_it_ends(data, validation, memory):  # noqa: F811
    memory.fits = 0
    events: list[Message] = []
    with pytest.raises(MemoryError):
        run(fresh_network(), tutorial(batch_size=6), data, validation, events=events)
    assert sum(isinstance(event, Notice) for event in events) == 2  # 6 → 3 → 1


@keras.saving.register_keras_serializable("tests")
class TooMuch(keras.layers.Layer):
    """Passes everything on; on the way back the memory is full."""

    def call(self, x):
        import tensorflow as tf

        @tf.custom_gradient
        def passed(y):
            return tf.identity(y), lambda up: tf.ensure_shape(tf.numpy_function(self._fail, [up], tf.float32), up.shape)

        return passed(x)

    @staticmethod
    def _fail(up):
        raise MemoryError("as TensorFlow says it, in the middle of a step")


def test_a_step_that_runs_out_of_memory_in_the_middle_changes_nothing():
    pixels = keras.Input((4, 4, 3))
    x = keras.layers.Dense(8)(keras.layers.Flatten()(pixels))
    said = keras.layers.Dense(2, activation="softmax")(TooMuch()(x))
    network = keras.Model(pixels, said)
    compile_network(network, tutorial())
    before = network.get_weights()
    step = training_step(network)
    for _ in range(20):
        with pytest.raises(MemoryError):
            take_step(step, np.ones((2, 4, 4, 3), np.uint8), np.eye(2, dtype=np.float32), np.ones(2, np.float32))
    for found, wanted in zip(network.get_weights(), before, strict=True):
        np.testing.assert_array_equal(found, wanted)
    assert int(network.optimizer.iterations) == 0


def test_our_step_is_that_of_keras_with_weights_too(data):  # noqa: F811
    (batch, *_) = training_batches(data, batch_size=12, image_size=SIZE, augment=Augmentation.GENTLE, seed=0, epoch=1)
    weights = np.linspace(0.2, 1.8, 12, dtype=np.float32)
    networks = [fresh_network() for _ in range(2)]
    start = networks[0].get_weights()
    told = []
    for network, make in zip(networks, (training_step, keras_step), strict=True):
        freeze(network, tutorial())
        compile_network(network, tutorial())
        told.append(make(network)(batch.pixels, batch.truth, weights))
    assert told[0] == pytest.approx(told[1], rel=1e-5)
    ours, theirs = (network.get_weights() for network in networks)
    assert distance(ours, theirs) < 1e-4 * distance(theirs, start)


def test_class_weights_let_a_rare_class_count_as_much(data, validation, monkeypatch):  # noqa: F811
    few = np.flatnonzero(data.labels == 1)[:10].tolist()
    many = np.flatnonzero(data.labels == 0)[:40].tolist()
    unequal = type(data)([data.files[i] for i in few + many], data.labels[few + many], 2)
    given: defaultdict[int, float] = defaultdict(float)

    def recorded(network):
        def step(pixels, truth, weights):
            for label, weight in zip(truth.argmax(axis=1), weights, strict=True):
                given[int(label)] += float(weight)
            return 1.0, 0.5

        return step

    monkeypatch.setattr(learning, "training_step", recorded)
    run(fresh_network(), tutorial(epochs=1, class_weights=True), unequal, validation)
    assert given[0] == pytest.approx(25) and given[1] == pytest.approx(25)
    given.clear()
    run(fresh_network(), tutorial(epochs=1), unequal, validation)
    assert (given[0], given[1]) == (40, 10)


@pytest.mark.parametrize(
    ("patience", "epoch", "best", "over"),
    [
        (0, 4, 1, False),  # off
        (2, 2, 1, False),
        (2, 3, 1, True),
        (2, 3, 2, False),
        (1, 1, 0, True),  # no better than what it started from
        (1, 1, 1, False),
        (2, 2, None, True),
        (2, 10, 1, False),  # the last one anyway
    ],
)
def test_it_ends_when_it_was_not_better_for_so_many_epochs(patience, epoch, best, over):
    assert is_over(tutorial(epochs=10, early_stopping=patience), epoch, best) is over


def test_an_early_end_keeps_the_best_and_says_so(data, validation):  # noqa: F811
    events: list[Message] = []
    training = tutorial(epochs=30, early_stopping=2, learning_rate=0.05, batch_size=40)
    network = fresh_network()
    outcome = run(network, training, data, validation, events=events)
    epochs = [event for event in events if isinstance(event, EpochFinished)]
    best = min(epochs, key=lambda event: event.val_loss)
    assert outcome.epochs == len(epochs) == best.epoch + 2
    assert outcome.best_epoch == best.epoch and not outcome.stopped
    assert isinstance(events[-1], Notice) and events[-1].code is NoticeCode.STOPPED_EARLY
    assert f"epoch {outcome.epochs}" in notice_text(events[-1]) and "2 epochs" in notice_text(events[-1])


def test_rates_are_those_of_keras():
    schedules = keras.optimizers.schedules
    sgd = tutorial(decay=0.1)
    adamw = tutorial(optimizer=Optimizer.ADAMW)
    decayed = schedules.InverseTimeDecay(1e-3, decay_steps=1, decay_rate=0.1)
    cosine = schedules.CosineDecay(1e-3, decay_steps=50)
    for step in (0, 1, 25, 49, 50):
        assert learning_rate(sgd, steps=step, progress=step / 50) == pytest.approx(float(decayed(step)))
        assert learning_rate(adamw, steps=step, progress=step / 50) == pytest.approx(float(cosine(step)), abs=1e-9)


def test_a_warm_up_rises_to_the_rate_before_it_falls():
    training = tutorial(optimizer=Optimizer.ADAMW, warm_up=0.2)
    wanted = keras.optimizers.schedules.CosineDecay(0.0, decay_steps=40, warmup_target=1e-3, warmup_steps=10)
    for step in (0, 1, 5, 9, 10, 11, 30, 49, 50):
        found = learning_rate(training, steps=step, progress=step / 50)
        assert found == pytest.approx(float(wanted(step)), abs=1e-9)
