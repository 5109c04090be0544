"""The training loop: the tutorial's, step for step; the best epoch kept; stopped when asked."""

import tempfile
from pathlib import Path

import keras
import msgspec
import numpy as np
import pytest

from tests.conftest import draw_dataset, draw_picture
from xception_gui.data.pictures.open_picture import content_hash
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages.base import Message
from xception_gui.domain.messages.training import BatchFinished, EpochFinished, Notice
from xception_gui.domain.metrics import Measured
from xception_gui.domain.recipe import Augmentation, BatchNorm, Hyperparameters, Preset, make_recipe
from xception_gui.finetune.batches import LabelledFiles, batches_in_order, steps_per_epoch, training_batches
from xception_gui.finetune.network import starting_network
from xception_gui.finetune.training import Outcome, fit_network, freeze
from xception_gui.paths import HOME_VARIABLE
from xception_gui.runs.checkpoint import Checkpoint
from xception_gui.words.notices import notice_text

SIZE = 71


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> LabelledFiles:
    root = draw_dataset(tmp_path_factory.mktemp("data"), {"red": (220, 60, 60), "blue": (60, 60, 220)}, count=40)
    files = sorted(root.rglob("*.png"))
    return LabelledFiles(files, np.array([int(path.parent.name == "red") for path in files]), class_count=2)


@pytest.fixture(scope="module")
def validation(data) -> LabelledFiles:
    return LabelledFiles(data.files[::10], data.labels[::10], 2)


def tutorial(**fields: object) -> Hyperparameters:
    training = make_recipe(Preset.TUTORIAL).training
    assert training is not None
    return msgspec.structs.replace(training, **fields)


def fresh_network(seed: int = 0, last_block: int = 4) -> keras.Model:
    """Xception up to one of its first blocks, unless asked for all: it has every kind of layer, and compiles faster."""
    return starting_network(XCEPTION, SIZE, (last_block,), 2, weights=None, seed=seed)


def run(
    network,
    training,
    data,
    validation,
    *,
    stop=lambda: False,
    start=None,
    events=None,
    kept=None,
    available_memory=None,
):
    events = [] if events is None else events
    with tempfile.TemporaryDirectory() as folder:
        return fit_network(
            network,
            training,
            data,
            validation,
            image_size=SIZE,
            seed=3,
            start=start,
            checkpoint=Checkpoint(kept or Path(folder)),
            available_memory=available_memory,
            report=events.append,
            stop=stop,
        )


def test_an_epoch_ends_where_a_plain_keras_fit_ends(data, validation):
    # Not to the bit: steps for batches of any size round otherwise, and many layers blow that up from step to step.
    training = tutorial(epochs=1, batch_size=12, augment=Augmentation.NONE)
    ours, plain = fresh_network(), fresh_network()
    start = fresh_network().get_weights()
    batches = list(training_batches(data, batch_size=12, image_size=SIZE, augment=Augmentation.NONE, seed=3, epoch=1))
    assert [len(batch.labels) for batch in batches] == [12] * 6 + [8]

    outcome = run(ours, training, data, validation)

    rate = keras.optimizers.schedules.InverseTimeDecay(1e-3, decay_steps=1, decay_rate=1e-6)
    optimizer = keras.optimizers.SGD(rate, momentum=0.9, nesterov=True)
    plain.compile(optimizer, loss="categorical_crossentropy", jit_compile=False)
    pixels, truth = (np.concatenate([getattr(batch, name) for batch in batches]) for name in ("pixels", "truth"))
    plain.fit(pixels, truth, batch_size=12, shuffle=False, verbose=0)

    assert outcome.best_epoch == 1
    assert distance(ours.get_weights(), plain.get_weights()) < 2e-3 * distance(plain.get_weights(), start)


def distance(some: list[np.ndarray], others: list[np.ndarray]) -> float:
    return float(np.sqrt(sum(((a - b) ** 2).sum() for a, b in zip(some, others, strict=True))))


def test_at_the_end_the_network_has_the_weights_of_its_best_epoch(data, validation):
    # So long steps make some epochs worse than those before.
    events: list[Message] = []
    network = fresh_network()
    outcome = run(network, tutorial(epochs=4, learning_rate=0.05), data, validation, events=events)
    epochs = [event for event in events if isinstance(event, EpochFinished)]
    best = min(epochs, key=lambda event: event.val_loss)
    assert outcome.best_epoch == best.epoch
    assert loss_on(network, validation) == pytest.approx(best.val_loss, abs=1e-5)
    assert [event.best for event in epochs] == [
        event.val_loss == min(e.val_loss for e in epochs[: event.epoch]) for event in epochs
    ]


def loss_on(network: keras.Model, data: LabelledFiles) -> float:
    (batch,) = batches_in_order(data, batch_size=len(data), image_size=SIZE)
    said = network.predict_on_batch(batch.pixels)
    return float(-np.log(said[np.arange(len(said)), batch.labels]).mean())


def test_a_model_whose_training_is_stopped_in_its_first_epoch_stays_as_it_was(data, validation):
    network = fresh_network()
    before = network.get_weights()
    outcome = run(network, tutorial(), data, validation, start=Measured(accuracy=0.5, log_loss=1.0), stop=lambda: True)
    assert outcome.best_epoch == 0
    for found, wanted in zip(network.get_weights(), before, strict=True):
        np.testing.assert_array_equal(found, wanted)


def test_a_stop_ends_within_a_step(data, validation):
    events: list[Message] = []

    def after_three_steps() -> bool:
        return sum(isinstance(event, BatchFinished) for event in events) >= 3

    outcome = run(fresh_network(), tutorial(batch_size=4), data, validation, stop=after_three_steps, events=events)
    assert outcome == Outcome(best_epoch=None, epochs=0, any_step=True, stopped=True)
    assert len(events) == 1 + 3


def test_each_step_is_reported_and_an_epoch_is_the_mean_of_its_pictures(data, validation):
    events: list[Message] = []
    run(fresh_network(), tutorial(epochs=2, batch_size=32, decay=0.5), data, validation, events=events)
    steps = [event for event in events if isinstance(event, BatchFinished)]
    assert [(event.epoch, event.step, event.steps) for event in steps] == [(e, s, 3) for e in (1, 2) for s in (1, 2, 3)]
    epochs = [event for event in events if isinstance(event, EpochFinished)]
    for epoch in epochs:
        of_epoch = [event for event in steps if event.epoch == epoch.epoch]
        for name in ("loss", "accuracy"):
            means = np.average([getattr(event, name) for event in of_epoch], weights=[32, 32, 16])
            assert getattr(epoch, name) == pytest.approx(means)
    assert all(event.images == len(data) for event in epochs)
    assert [epoch.learning_rate for epoch in epochs] == pytest.approx([1e-3 / (1 + 0.5 * 3), 1e-3 / (1 + 0.5 * 6)])


def test_a_loss_that_is_no_number_any_more_is_told_in_words(data, validation):
    network = fresh_network()
    kernel, bias = network.get_layer("head").get_weights()
    network.get_layer("head").set_weights([kernel, bias * np.nan])  # where too long steps lead
    with pytest.raises(ProgramError) as caught:
        run(network, tutorial(learning_rate=5.0), data, validation)
    assert caught.value.code is ErrorCode.TRAINING_DIVERGED
    assert "5.0" in str(caught.value)


def test_fine_tuning_leaves_batch_norm_and_the_first_blocks_alone(data, validation):
    network = fresh_network(last_block=14)
    before = {layer.name: layer.get_weights() for layer in network.layers}
    training = tutorial(epochs=1, batch_norm=BatchNorm.INFERENCE, first_trainable_block=13, learning_rate=0.01)
    run(network, training, data, validation)
    changed = {
        layer.name
        for layer in network.layers
        if any((old != new).any() for old, new in zip(before[layer.name], layer.get_weights(), strict=True))
    }
    assert changed == {
        "block13_shortcut", "block13_sepconv1", "block13_sepconv2", "block14_sepconv1", "block14_sepconv2", "head",
    }  # fmt: skip


def test_the_tutorial_trains_every_layer():
    network = fresh_network(last_block=14)
    freeze(network, tutorial())
    assert len(network.trainable_weights) == 40 + 34 + 2 * 40 + 2  # kernels, pointwise kernels, BatchNorms, head


def test_batches_follow_from_seed_and_epoch(data):
    def labels_and_pixels(**fields):
        chosen = {"seed": 1, "epoch": 1, "augment": Augmentation.FLIPS} | fields
        batches = list(training_batches(data, batch_size=32, image_size=SIZE, **chosen))
        return np.concatenate([batch.pixels for batch in batches])

    first = labels_and_pixels()
    np.testing.assert_array_equal(first, labels_and_pixels())
    for other in ({"seed": 2}, {"epoch": 2}):
        assert (first != labels_and_pixels(**other)).any()
    unflipped = labels_and_pixels(augment=Augmentation.NONE)
    flipped = np.array([not np.array_equal(a, b) for a, b in zip(first, unflipped, strict=True)])
    assert 0.25 < flipped.mean() < 0.75
    np.testing.assert_array_equal(first[flipped], unflipped[flipped][:, :, ::-1])


def test_every_picture_is_in_an_epoch_once(data):
    batches = list(training_batches(data, batch_size=32, image_size=SIZE, augment=Augmentation.NONE, seed=0, epoch=1))
    assert [len(batch.labels) for batch in batches] == [32, 32, 16]
    assert steps_per_epoch(len(data), 32) == 3
    assert sum(int(batch.labels.sum()) for batch in batches) == int(data.labels.sum())
    assert all((batch.truth.argmax(axis=1) == batch.labels).all() for batch in batches)


def test_pictures_whose_contents_are_known_are_decoded_once(tmp_path: Path, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    files = [draw_picture(tmp_path / f"{number}.png", (99, 60, 60), seed=number) for number in range(6)]
    labels = np.zeros(6, np.int64)
    known = LabelledFiles(files, labels, 2, hashes=[content_hash(path.read_bytes()) for path in files])

    def an_epoch(of: LabelledFiles) -> np.ndarray:
        wanted = {"batch_size": 4, "image_size": SIZE, "augment": Augmentation.GENTLE, "seed": 1, "epoch": 1}
        return np.concatenate([batch.pixels for batch in training_batches(of, **wanted)])

    plain = an_epoch(LabelledFiles(files, labels, 2))
    np.testing.assert_array_equal(an_epoch(known), plain)
    for path in files:
        path.unlink()
    np.testing.assert_array_equal(an_epoch(known), plain)


def test_a_picture_that_vanishes_during_training_is_left_out(data, tmp_path: Path):
    files = [*data.files[:3], tmp_path / "gone.png"]
    batches = list(batches_in_order(LabelledFiles(files, np.array([0, 0, 0, 1]), 2), batch_size=4, image_size=SIZE))
    assert [len(batch.labels) for batch in batches] == [3]


def test_a_training_that_goes_astray_keeps_the_best_model_before(data, validation):
    network = fresh_network()
    kernel, bias = network.get_layer("head").get_weights()
    network.get_layer("head").set_weights([kernel, bias * np.nan])
    events: list[Message] = []
    outcome = run(network, tutorial(), data, validation, start=Measured(accuracy=0.7, log_loss=0.5), events=events)
    assert outcome == Outcome(best_epoch=0, epochs=0, any_step=False, stopped=False)
    assert isinstance(events[-1], Notice)
    assert "best model so far is kept" in notice_text(events[-1])
