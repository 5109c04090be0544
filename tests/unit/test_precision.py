"""The precision of a training: measured once, float32 wherever it has to be exact, float32 when it is kept."""

import keras
import numpy as np
import pytest

from tests.short_network import shorten
from tests.unit.test_training import SIZE, data, run, tutorial, validation  # noqa: F401
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import JobStopped
from xception_gui.domain.messages.base import Message, Phase, PhaseStarted
from xception_gui.domain.messages.training import EpochFinished, Notice, NoticeCode
from xception_gui.domain.recipe import Augmentation, Precision
from xception_gui.finetune import step_speed as speed
from xception_gui.finetune.batches import training_batches
from xception_gui.finetune.convert import write_keras_model
from xception_gui.finetune.network import head_of, starting_network
from xception_gui.finetune.steps import training_step
from xception_gui.finetune.training import compile_network
from xception_gui.jobs.reporting import never
from xception_gui.jobs.training import measured_precision as precision
from xception_gui.jobs.training.measured_precision import measured_precision, resolved
from xception_gui.paths import HOME_VARIABLE
from xception_gui.words.notices import notice_text

FLOAT32, BFLOAT16, FLOAT16 = Precision.FLOAT32, Precision.BFLOAT16, Precision.FLOAT16
MIXED = pytest.mark.parametrize("mixed", [BFLOAT16, FLOAT16])


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))


def network_in(chosen: Precision) -> keras.Model:
    return starting_network(XCEPTION, SIZE, (13, 14), 2, weights=None, seed=0, precision=chosen)


@MIXED
def test_only_the_blocks_compute_in_16_bits(mixed):
    network = network_in(mixed)
    in_float32 = {layer.name for layer in network.layers if layer.compute_dtype == "float32"}
    assert in_float32 == {"rescaling", "block13_average", "block14_average", "embedding", "head"}
    assert {layer.compute_dtype for layer in network.layers} == {"float32", mixed.value}
    assert [tensor.dtype for tensor in (*network.inputs, *network.outputs)] == ["float32"] * 2
    assert {variable.dtype for variable in network.variables} == {"float32"}
    assert keras.config.dtype_policy().name == "float32"  # whoever builds the next network
    assert {layer.compute_dtype for layer in network_in(FLOAT32).layers} == {"float32"}


@MIXED
def test_only_float16_needs_its_loss_scaled(mixed):
    network = network_in(mixed)
    compile_network(network, tutorial(precision=mixed))
    assert isinstance(network.optimizer, keras.optimizers.LossScaleOptimizer) is (mixed is FLOAT16)


def test_a_training_in_16_bits_goes_as_in_float32_and_is_kept_in_float32(
    data,  # noqa: F811
    validation,  # noqa: F811
    tmp_path,
    monkeypatch,
):
    shorten(monkeypatch.setattr)
    told: dict[Precision, list[Message]] = {FLOAT32: [], BFLOAT16: []}
    networks = {chosen: network_in(chosen) for chosen in told}
    for chosen, network in networks.items():
        run(network, tutorial(epochs=1, precision=chosen), data, validation, events=told[chosen])
    plain, rounded = (next(e for e in events if isinstance(e, EpochFinished)) for events in told.values())
    assert rounded.loss == pytest.approx(plain.loss, rel=0.05)
    for layer in networks[FLOAT32].layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            _, _, *wanted = layer.get_weights()
            _, _, *found = networks[BFLOAT16].get_layer(layer.name).get_weights()
            for a, b in zip(found, wanted, strict=True):  # moving mean and variance
                np.testing.assert_allclose(a, b, rtol=0.1, atol=0.02, err_msg=layer.name)
    path = tmp_path / "model.keras"
    write_keras_model(networks[BFLOAT16], path, image_size=SIZE, head=head_of(XCEPTION, networks[BFLOAT16], (13, 14)))
    kept = keras.models.load_model(path, compile=False)
    assert {layer.dtype_policy.name for layer in kept.layers} == {"float32"}
    pixels = np.random.default_rng(0).uniform(0, 255, (4, SIZE, SIZE, 3)).astype(np.float32)
    said, meant = (network.predict_on_batch(pixels) for network in (kept, networks[BFLOAT16]))
    np.testing.assert_allclose(said, meant, atol=0.02)


def test_a_step_in_float16_is_that_of_float32(data):  # noqa: F811
    (batch, *_) = training_batches(data, batch_size=2, image_size=SIZE, augment=Augmentation.NONE, seed=0, epoch=1)
    losses = []
    for chosen in (FLOAT32, FLOAT16):
        # A network up to block 4: processors are slow in float16.
        network = starting_network(XCEPTION, SIZE, (4,), 2, weights=None, seed=0, precision=chosen)
        compile_network(network, tutorial(precision=chosen))
        step = training_step(network)
        loss, _ = step(batch.pixels, batch.truth, np.ones(2, np.float32))
        losses.append(loss)
        assert all(np.isfinite(array).all() for array in network.get_weights())
    assert losses[1] == pytest.approx(losses[0], rel=0.05)


@pytest.fixture
def probed(monkeypatch):
    """Probes that take no time, and which were made."""
    made: list[Precision] = []

    def probe(chosen):
        made.append(chosen)
        return lambda: None

    monkeypatch.setattr(speed, "_probe", probe)
    return made


def test_the_probe_is_made_once(probed):
    events: list[Message] = []
    first = measured_precision(events.append, never)
    assert probed == [FLOAT32, BFLOAT16]  # no processor is faster in float16
    assert events == [PhaseStarted(Phase.MEASURING)]
    assert measured_precision(events.append, never) == first
    assert len(probed) == 2 and len(events) == 1


def test_the_probe_outlives_a_step_that_does_not_fit(monkeypatch, probed):
    def full():
        raise MemoryError

    monkeypatch.setattr(speed, "_probe", lambda chosen: full if chosen is FLOAT32 else lambda: None)
    figures = measured_precision(lambda event: None, never)
    assert set(figures.step_seconds) == {BFLOAT16} and figures.fastest is BFLOAT16


def test_a_probe_that_nothing_fits_in_is_tried_again_another_time(monkeypatch):
    tried = []

    def full(chosen):
        tried.append(chosen)
        raise MemoryError

    monkeypatch.setattr(speed, "_probe", full)
    assert measured_precision(lambda event: None, never).fastest is FLOAT32
    measured_precision(lambda event: None, never)
    assert len(tried) == 4


def test_a_stop_ends_the_probe(probed):
    with pytest.raises(JobStopped):
        measured_precision(lambda event: None, lambda: True)
    assert not probed


def test_the_precision_is_told(monkeypatch, probed):
    events: list[Message] = []
    monkeypatch.setattr(precision, "_step_seconds", lambda stop: {FLOAT32: 3.0, BFLOAT16: 1.5})
    assert resolved(tutorial(), events.append, never).precision is BFLOAT16
    assert resolved(tutorial(precision=FLOAT32), events.append, never).precision is FLOAT32
    notices = [event for event in events if isinstance(event, Notice)]
    assert [notice.code for notice in notices] == [NoticeCode.PRECISION] * 2
    assert "bfloat16, 2.0 times as fast" in notice_text(notices[0])
    assert "float32, as requested" in notice_text(notices[1])
