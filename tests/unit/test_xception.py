"""Our Xception is Keras' Xception, block by block."""

from pathlib import Path

import keras
import numpy as np
import pytest

from xception_gui import paths
from xception_gui.domain.architecture import XCEPTION
from xception_gui.finetune.architectures.build import build_backbone, build_classifier
from xception_gui.finetune.architectures.xception import xception_blocks
from xception_gui.finetune.weights import load_weights


def oracle_blocks(image_size: int) -> keras.Model:
    """Keras' own network, with the outputs of its 14 blocks."""
    network = keras.applications.Xception(weights=None, include_top=False, input_shape=(image_size, image_size, 3))
    sums = [layer.output for layer in network.layers if isinstance(layer, keras.layers.Add)]
    first, last = network.get_layer("block1_conv2_act").output, network.get_layer("block14_sepconv2_act").output
    return keras.Model(network.input, [first, *sums, last])


def our_blocks(image_size: int) -> keras.Model:
    inputs = keras.Input((image_size, image_size, 3))
    return keras.Model(inputs, list(xception_blocks(inputs).values()))


def randomise(network: keras.Model) -> None:
    """Give every layer weights of its own. Fresh batch normalisations are all alike, which would hide a swap."""
    random = np.random.default_rng(5)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            shape = layer.gamma.shape
            gamma, variance = (random.uniform(0.5, 1.5, shape) for _ in range(2))
            beta, mean = (random.normal(0, 0.3, shape) for _ in range(2))
            layer.set_weights([gamma, beta, mean, variance])


@pytest.fixture(scope="module")
def randomised_weights(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "random.weights.h5"
    network = keras.applications.Xception(weights=None, include_top=False)
    randomise(network)
    network.save_weights(path)
    return path


@pytest.mark.parametrize("image_size", [71, 299])
def test_each_block_gives_what_keras_gives(image_size, randomised_weights):
    oracle, ours = oracle_blocks(image_size), our_blocks(image_size)
    oracle.load_weights(randomised_weights)
    load_weights(ours, randomised_weights)
    pixels = np.random.default_rng(1).uniform(-1, 1, (2, image_size, image_size, 3)).astype("float32")
    expected, found = oracle.predict_on_batch(pixels), ours.predict_on_batch(pixels)
    assert len(expected) == len(found) == 14
    for number, (wanted, got) in enumerate(zip(expected, found, strict=True), start=1):
        assert np.abs(got - wanted).max() <= 1e-5 * np.abs(wanted).max(), f"block {number}"


def test_with_the_real_weights_it_gives_what_keras_gives():
    oracle = keras.applications.Xception(weights=None, include_top=False, input_shape=(299, 299, 3))
    oracle.load_weights(paths.shipped_weights())
    backbone = build_backbone(XCEPTION, 299)
    load_weights(backbone, paths.shipped_weights())
    pixels = np.random.default_rng(2).uniform(0, 255, (1, 299, 299, 3)).astype("float32")
    expected = oracle.predict_on_batch(keras.applications.xception.preprocess_input(pixels.copy()))
    found = backbone.predict_on_batch(pixels)
    assert np.abs(found["block14"] - expected).max() <= 1e-4 * np.abs(expected).max()
    assert found["embedding"].shape == (1, XCEPTION.embedding_size)
    np.testing.assert_allclose(found["embedding"][:, -2048:], expected.mean(axis=(1, 2)), rtol=1e-3, atol=1e-4)


def test_it_has_as_many_parameters_as_the_paper_says():
    network = build_classifier(XCEPTION, 299, blocks=(14,), class_count=1000)
    assert (
        network.count_params() == 22_910_480
    )  # Keras' count with top; the paper's table 3 leaves BatchNorm's means out
    assert build_backbone(XCEPTION, 299).count_params() == 20_861_480


def test_an_embedding_is_the_averages_of_its_blocks_in_order():
    backbone = build_backbone(XCEPTION, 71)
    found = backbone.predict_on_batch(np.random.default_rng(3).uniform(0, 255, (2, 71, 71, 3)).astype("float32"))
    averages = [found[f"block{number}"].mean(axis=(1, 2)) for number in XCEPTION.embedding_blocks]
    np.testing.assert_allclose(found["embedding"], np.concatenate(averages, axis=1), rtol=1e-4, atol=1e-5)


def test_between_depthwise_and_pointwise_there_is_nothing():
    network = build_backbone(XCEPTION, 71)
    separable = [layer for layer in network.layers if isinstance(layer, keras.layers.SeparableConv2D)]
    assert len(separable) == 34
    assert all(layer.activation is keras.activations.linear for layer in separable)


def test_pictures_below_71_pixels_are_refused_in_words():
    with pytest.raises(ValueError, match="71 pixels or more"):
        build_backbone(XCEPTION, 70)
