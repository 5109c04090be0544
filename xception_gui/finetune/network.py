"""The network that a training starts with, and its head."""

from pathlib import Path

import keras
import numpy as np

from xception_gui.domain.architecture import Architecture
from xception_gui.domain.recipe import Precision
from xception_gui.finetune.architectures.build import build_classifier
from xception_gui.finetune.fast_layers import with_fast_layers
from xception_gui.finetune.precision_policies import layers_in
from xception_gui.finetune.weights import load_weights
from xception_gui.inference.head import Head


def starting_network(
    architecture: Architecture,
    image_size: int,
    blocks: tuple[int, ...],
    class_count: int,
    *,
    weights: Path | None,
    head: Head | None = None,
    seed: int = 0,
    precision: Precision = Precision.FLOAT32,
) -> keras.Model:
    """Build the classifier that a training starts with.

    Args:
        architecture: what the network is.
        image_size: pixels.
        blocks: whose averages are the inputs of its head.
        class_count: number of classes.
        weights: file of the backbone's weights, in any published layout; random weights if None.
        head: its last layer; a random one if None.
        seed: for random weights. Sets the random state of Keras, numpy and Python.
        precision: precision of its convolutions; its weights are always float32.

    Raises:
        ProgramError: WEIGHTS_NOT_FOUND, WEIGHTS_DAMAGED, WEIGHTS_OF_ANOTHER_NETWORK.
    """
    keras.utils.set_random_seed(seed)
    with layers_in(precision):
        network = with_fast_layers(build_classifier(architecture, image_size, blocks, class_count))
    if weights is not None:
        load_weights(network, weights)
    if head is not None:
        set_head(network, head)
    return network


def set_head(network: keras.Model, head: Head) -> None:
    """Set the weights of a network's head."""
    network.get_layer("head").set_weights([head.kernel, head.bias])


def head_of(architecture: Architecture, network: keras.Model, blocks: tuple[int, ...]) -> Head:
    """Return the head of a network, whose inputs are the averages of `blocks`."""
    kernel, bias = network.get_layer("head").get_weights()
    return Head(architecture, blocks, kernel.astype(np.float32), bias.astype(np.float32))
