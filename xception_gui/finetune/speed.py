"""How fast this machine trains the whole network."""

import statistics
import time
from collections.abc import Callable

import keras
import numpy as np

from xception_gui.domain.errors import JobStopped
from xception_gui.domain.recipe import Training
from xception_gui.finetune.training import compile_network, freeze, take_step

TIMED_STEPS = 2
PICTURES = 4
"""In a step: few enough for a small machine."""


def training_seconds(
    network: keras.Model, training: Training, *, image_size: int, class_count: int, stop: Callable[[], bool]
) -> float:
    """Time steps of a training on random pictures. Gives seconds a picture; the network is of no use afterwards.

    Raises:
        JobStopped: `stop` said so.
        MemoryError: a step doesn't fit.
    """
    random = np.random.default_rng(0)
    pixels = random.uniform(0, 255, (PICTURES, image_size, image_size, 3)).astype(np.float32)
    truth = np.eye(class_count, dtype=np.float32)[np.arange(PICTURES) % class_count]
    freeze(network, training)
    compile_network(network, training, total_steps=TIMED_STEPS + 1)
    seconds = []
    for _ in range(TIMED_STEPS + 1):  # the first one compiles, and isn't counted
        if stop():
            raise JobStopped
        began = time.monotonic()
        take_step(network, pixels, truth, training)
        seconds.append(time.monotonic() - began)
    return statistics.median(seconds[1:]) / PICTURES


def free_memory() -> None:
    """Let Keras forget the networks that nobody holds any more."""
    keras.backend.clear_session()
