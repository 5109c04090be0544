"""The layers that a training computes with: Keras' numbers, and nothing of them in what is kept."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from xception_gui.domain.architecture import XCEPTION
from xception_gui.finetune.architectures.build import build_classifier
from xception_gui.finetune.fast_layers import FusedBatchNormalization, SubsampledConvolution, with_fast_layers

CHANNELS = pytest.mark.parametrize("channels", [32, 28])  # 16 divides one of them
POLICY = pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16", "mixed_float16"])
TOLERANCE = {"float32": 1e-4, "mixed_bfloat16": 3e-2, "mixed_float16": 4e-3}


def maps(channels: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(1.5, 2, (3, 5, 4, channels)).astype(np.float32)


def built(kind: type[keras.layers.Layer], policy: str, channels: int, **options: object) -> keras.layers.Layer:
    """Make a layer with weights that are no neutral ones, the same for every kind."""
    layer = kind(dtype=policy, **options)
    layer.build((None, 5, 4, channels))
    random = np.random.default_rng(1)
    layer.set_weights([random.uniform(0.5, 1.5, weight.shape) for weight in layer.get_weights()])
    return layer


def step(layer: keras.layers.Layer, inputs: np.ndarray, *, training: bool = True) -> list[np.ndarray]:
    """Pass maps through a layer, and a gradient back. Gives everything that comes of it."""

    @tf.function
    def both(x: tf.Tensor) -> list[tf.Tensor]:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x, training=training)
            loss = tf.reduce_sum(
                tf.cast(y, tf.float32) * tf.constant(maps(y.shape[-1], seed=2)[:, : y.shape[1], : y.shape[2]])
            )
        return [y, *tape.gradient(loss, [x, *(weight.value for weight in layer.trainable_weights)])]

    found = both(tf.cast(tf.constant(inputs), layer.compute_dtype))
    return [tf.cast(one, tf.float32).numpy() for one in found] + layer.get_weights()


def assert_alike(found: list[np.ndarray], wanted: list[np.ndarray], tolerance: float) -> None:
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        assert np.abs(one - other).max() <= tolerance * np.abs(other).max()


@CHANNELS
@POLICY
@pytest.mark.parametrize("training", [True, False])
def test_batches_are_normalised_as_keras_does_it(channels, policy, training):
    fused, plain = (
        step(built(kind, policy, channels), maps(channels), training=training)
        for kind in (FusedBatchNormalization, keras.layers.BatchNormalization)
    )
    assert_alike(fused, plain, TOLERANCE[policy])


def test_a_frozen_normalisation_keeps_its_statistics():
    layer = built(FusedBatchNormalization, "float32", 32)
    layer.trainable = False
    before = layer.get_weights()
    step(layer, maps(32))
    assert all((old == new).all() for old, new in zip(before, layer.get_weights(), strict=True))


@POLICY
def test_every_second_pixel_is_convolved_as_keras_does_it(policy):
    options = {"filters": 8, "kernel_size": 1, "strides": 2, "padding": "same", "use_bias": False}
    fast, plain = (
        step(built(kind, policy, 16, **options), maps(16)) for kind in (SubsampledConvolution, keras.layers.Conv2D)
    )
    assert_alike(fast, plain, TOLERANCE[policy])


def test_a_whole_network_computes_the_same_and_keeps_its_names():
    plain = build_classifier(XCEPTION, 71, (13, 14), 3)
    fast = with_fast_layers(plain)
    assert [layer.name for layer in fast.layers] == [layer.name for layer in plain.layers]
    fast.set_weights(plain.get_weights())
    pixels = np.random.default_rng(0).uniform(0, 255, (4, 71, 71, 3)).astype(np.float32)
    for training in (False, True):
        one, other = (np.asarray(network(pixels, training=training)) for network in (fast, plain))
        assert np.abs(one - other).max() < 1e-4
    for one, other in zip(fast.get_weights(), plain.get_weights(), strict=True):
        assert np.abs(one - other).max() <= 1e-4 * max(1, np.abs(other).max())
    assert sum(isinstance(layer, FusedBatchNormalization) for layer in fast.layers) == 40
    assert sum(isinstance(layer, SubsampledConvolution) for layer in fast.layers) == 4
