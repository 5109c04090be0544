"""The speed of training on this machine: of the whole network, and of the same small step in each precision."""

import gc
import statistics
import time
from collections.abc import Callable, Sequence

import keras
import numpy as np

from xception_gui.diagnostics import logger
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import JobStopped
from xception_gui.domain.recipe import Hyperparameters, Precision, Preset, make_recipe
from xception_gui.finetune.learning import take_step
from xception_gui.finetune.network import starting_network
from xception_gui.finetune.steps import training_step
from xception_gui.finetune.training import compile_network, freeze

CLASSES = 2
TIMED_STEPS = 2
PICTURES = 4
"""Pictures in a step: few enough for a small machine."""

PROBE_SIZE = 160  # pixels
PROBE_BLOCKS = (8,)
"""The probe trains Xception up to block 8: entry flow and half of the middle flow. It compiles in half the time and
spends its time on the same operations."""

PROBE_ROUNDS = 3


def training_seconds(
    network: keras.Model, training: Hyperparameters, *, image_size: int, stop: Callable[[], bool]
) -> float:
    """Time training steps on random pictures. Returns seconds a picture; the network can't be used afterwards.

    Raises:
        JobStopped: `stop` returned true.
        MemoryError: a step doesn't fit.
    """
    step = _step_on_random_pictures(network, training, image_size)
    step()  # compiles
    seconds = []
    for _ in range(TIMED_STEPS):
        if stop():
            raise JobStopped
        seconds.append(_seconds(step))
    return statistics.median(seconds) / PICTURES


def precision_seconds(precisions: Sequence[Precision], stop: Callable[[], bool]) -> dict[Precision, float]:
    """Time the same small training step in each precision, in turns: about two seconds, and the time to compile.

    Returns:
        Seconds of the fastest step by precision, as other programs can only add to it. A precision whose step doesn't
        fit in memory is missing.

    Raises:
        JobStopped: `stop` returned true.
    """
    steps: dict[Precision, Callable[[], object]] = {}
    seconds: dict[Precision, list[float]] = {precision: [] for precision in precisions}
    for timed in range(1 + PROBE_ROUNDS):
        for precision in list(seconds):
            if stop():
                raise JobStopped
            try:
                if not timed:
                    steps[precision] = _probe(precision)
                found = _seconds(steps[precision])
            except MemoryError:
                logger.warning("A small step of %s doesn't fit in memory", precision)
                del seconds[precision]
                continue
            if timed:  # the first one compiles
                seconds[precision].append(found)
    return {precision: min(found) for precision, found in seconds.items()}


def free_memory() -> None:
    """Release the memory of networks that are no longer referenced."""
    keras.backend.clear_session()
    gc.collect()


def _probe(precision: Precision) -> Callable[[], object]:
    training = make_recipe(Preset.TUTORIAL, precision=precision).hyperparameters
    network = starting_network(XCEPTION, PROBE_SIZE, PROBE_BLOCKS, CLASSES, weights=None, precision=precision)
    return _step_on_random_pictures(network, training, PROBE_SIZE)


def _step_on_random_pictures(network: keras.Model, training: Hyperparameters, image_size: int) -> Callable[[], object]:
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (PICTURES, image_size, image_size, 3), np.uint8)
    truth = np.eye(CLASSES, dtype=np.float32)[np.arange(PICTURES) % CLASSES]
    freeze(network, training)
    compile_network(network, training)
    step = training_step(network)
    return lambda: take_step(step, pixels, truth, np.ones(PICTURES, np.float32))


def _seconds(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began
