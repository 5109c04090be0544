"""A network to begin with, and its head in and out."""

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
    """Build a classifier as a training starts with it.

    Args:
        architecture: what the network is.
        image_size: pixels.
        blocks: what its head averages.
        class_count: how many classes it tells apart.
        weights: of the backbone, in any published layout; random ones if None.
        head: its last layer; a random one if None.
        seed: decides the random numbers. Sets the random state of Keras, numpy and Python.
        precision: that its convolutions compute in; its weights are float32 always.

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
    """Put a head into a network."""
    network.get_layer("head").set_weights([head.kernel, head.bias])


def head_of(architecture: Architecture, network: keras.Model, blocks: tuple[int, ...]) -> Head:
    """Return the head of a network that averages `blocks`."""
    kernel, bias = network.get_layer("head").get_weights()
    return Head(architecture, blocks, kernel.astype(np.float32), bias.astype(np.float32))
