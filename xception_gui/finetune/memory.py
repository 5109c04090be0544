"""How many pictures a training step has memory for, reckoned before it is taken.

An accelerator refuses what doesn't fit. A processor doesn't: Linux lets a program have more memory than there is and
ends it once it takes it, other systems move memory to the disk until nothing moves any more.
"""

import math

import keras

BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}

PEAK_FACTOR = 1.45
"""Times what is kept, with what is needed for moments: measured between 1.25 (150 pixels) and 1.45 (299). To be ended
is worse than a batch that is smaller than it had to be."""


def bytes_per_picture(network: keras.Model) -> int:
    """Reckon what a training step takes for each picture, from what it keeps: the maps from the first trained layer on,
    which the way back needs.
    """
    first = next(place for place, layer in enumerate(network.layers) if layer.trainable_variables)
    kept = sum(math.prod(layer.output.shape[1:]) * BYTES[layer.output.dtype] for layer in network.layers[first:])
    return int(PEAK_FACTOR * kept)


def batch_that_fits(batch_size: int, picture: int, available: int) -> int:
    """Halve a batch until it fits.

    Args:
        batch_size: pictures that are asked for.
        picture: bytes that a step takes for each.
        available: bytes.

    Returns:
        1 at least.
    """
    while batch_size > 1 and batch_size * picture > available:
        batch_size //= 2
    return batch_size
