"""An estimate of the memory of a training step, and the batch size that fits.

An accelerator refuses what doesn't fit. A processor doesn't: Linux grants a program more memory than there is and kills
it when it uses that; other systems swap until nothing responds any more.
"""

import math

import keras

BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}

PEAK_FACTOR = 1.45
"""Peak memory as a multiple of the stored activations: measured between 1.25 (150 pixels) and 1.45 (299). Being killed
is worse than a batch that is smaller than necessary."""


def bytes_per_picture(network: keras.Model) -> int:
    """Estimate the bytes that a training step takes for each picture, from what the backward pass needs: the maps from
    the first trained layer on.
    """
    first = next(place for place, layer in enumerate(network.layers) if layer.trainable_variables)
    kept = sum(math.prod(layer.output.shape[1:]) * BYTES[layer.output.dtype] for layer in network.layers[first:])
    return int(PEAK_FACTOR * kept)


def batch_that_fits(batch_size: int, picture: int, available: int) -> int:
    """Return the batch size, halved until a batch fits.

    Args:
        batch_size: the requested one.
        picture: bytes that a step takes for each picture.
        available: bytes.

    Returns:
        At least 1.
    """
    while batch_size > 1 and batch_size * picture > available:
        batch_size //= 2
    return batch_size
