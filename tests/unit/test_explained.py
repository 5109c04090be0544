"""The class activation map: what each place of a picture says, and that it adds up to what the head says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xception_gui.domain.architecture import XCEPTION
from xception_gui.finetune.architectures.build import build_classifier
from xception_gui.finetune.convert import explained
from xception_gui.finetune.network import set_head
from xception_gui.inference.activation_map import area_shares
from xception_gui.inference.head import Head, softmax


def random_head(blocks: tuple[int, ...], classes: int, random: np.random.Generator) -> Head:
    kernel = random.normal(0, 0.05, (XCEPTION.size_of(blocks), classes))
    return Head(XCEPTION, blocks, kernel.astype(np.float32), random.normal(0, 1, classes).astype(np.float32))


@pytest.mark.parametrize("blocks", [XCEPTION.embedding_blocks, (14,), (12, 14), (14, 4)])
@pytest.mark.parametrize("size", [71, 96])
def test_its_average_and_the_bias_are_the_logits_and_lead_to_the_probabilities(blocks, size):
    random = np.random.default_rng(len(blocks))
    head = random_head(blocks, 3, random)
    network = build_classifier(XCEPTION, size, blocks, 3)
    set_head(network, head)
    pixels = random.uniform(0, 255, (2, size, size, 3)).astype(np.float32)
    found = explained(network, image_size=size, head=head).predict_on_batch(pixels)
    activation_map = found["activation_map"]
    side = max(network.get_layer(f"block{block}_average").input.shape[1] for block in blocks)
    assert activation_map.shape == (2, side, side, 3)
    assert activation_map.std(axis=(1, 2)).min() > 0  # places differ
    said = network.predict_on_batch(pixels)
    np.testing.assert_allclose(softmax(activation_map.mean(axis=(1, 2)) + head.bias), said, atol=1e-5)
    np.testing.assert_allclose(found["probabilities"], said, atol=1e-5)


def test_of_one_block_it_is_each_place_through_the_head():
    import keras

    random = np.random.default_rng(5)
    head = random_head((14,), 4, random)
    network = build_classifier(XCEPTION, 71, (14,), 4)
    pixels = random.uniform(0, 255, (1, 71, 71, 3)).astype(np.float32)
    block = keras.Model(network.input, network.get_layer("block14_average").input).predict_on_batch(pixels)
    found = explained(network, image_size=71, head=head).predict_on_batch(pixels)["activation_map"]
    np.testing.assert_allclose(found, block @ head.kernel, atol=1e-4)


@given(st.integers(1, 12), st.integers(0, 12))
def test_stretching_by_area_keeps_every_average(count, more):
    shares = area_shares(count, count + more)
    assert (shares >= 0).all()
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(shares.sum(axis=0), (count + more) / count, atol=1e-5)


def test_stretching_keeps_left_left():
    np.testing.assert_allclose(area_shares(2, 3), [[1, 0], [0.5, 0.5], [0, 1]], atol=1e-6)
