"""Learning rates of blocks: the head learns at the full rate, each block at a share of the next one's."""

import keras
import numpy as np
import pytest

from xception_gui.domain.recipe import Hyperparameters, Optimizer, Preset, make_recipe
from xception_gui.finetune.optimizers import block_of, make_optimizer

RATE = 0.01


def recipe(**fields) -> Hyperparameters:
    return make_recipe(Preset.FINE_TUNE, learning_rate=RATE, weight_decay=0.0, **fields).hyperparameters


def first_steps(training: Hyperparameters) -> dict[str, float]:
    """How far the first step moves a weight of some layers whose gradient is 1."""
    keras.utils.clear_session()
    x = pixel = keras.Input((1,))
    for name in ("block1_conv1", "block13_sepconv2", "block14_sepconv2", "head"):
        x = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros", name=name)(x)
    network = keras.Model(pixel, x)
    variables = [network.get_layer(name).kernel for name in ("block1_conv1", "block13_sepconv2", "head")]
    before = [float(np.asarray(variable)[0, 0]) for variable in variables]
    optimizer = make_optimizer(training)
    optimizer.build(variables)
    optimizer.apply([keras.ops.ones((1, 1))] * 3, variables)
    after = [float(np.asarray(variable)[0, 0]) for variable in variables]
    return {variable.path.split("/")[0]: old - new for variable, old, new in zip(variables, before, after, strict=True)}


@pytest.mark.parametrize("optimizer", [Optimizer.ADAMW, Optimizer.SGD])
def test_each_block_learns_at_a_share_of_the_next_ones_rate(optimizer):
    plain = first_steps(recipe(optimizer=optimizer, layer_decay=1.0))
    shrunk = first_steps(recipe(optimizer=optimizer, layer_decay=0.5))
    assert plain["head"] == plain["block1_conv1"] == pytest.approx(RATE, rel=1e-3)
    assert shrunk["head"] == pytest.approx(plain["head"], rel=1e-3)
    assert shrunk["block13_sepconv2"] == pytest.approx(plain["head"] / 4, rel=1e-2)
    assert shrunk["block1_conv1"] == pytest.approx(plain["head"] / 2**14, rel=1e-2)


def test_every_layer_of_the_network_has_its_block():
    assert block_of("block7_sepconv2/depthwise_kernel") == 7
    assert block_of("block13_shortcut_bn/gamma") == 13
    assert block_of("head/kernel") == 15
