"""`measure_speed`: measures how fast this machine embeds pictures and trains the network."""

import statistics
import time

import msgspec
import numpy as np

from xception_gui import paths
from xception_gui.diagnostics import logger
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.messages.base import Phase, PhaseStarted
from xception_gui.domain.messages.machine import MeasureSpeedRequest, SpeedResult
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.edition import has_keras
from xception_gui.inference.machine import device_name
from xception_gui.inference.measurements import keep, recall
from xception_gui.inference.runtimes import fastest_runtime, open_shipped_backbone
from xception_gui.jobs.reporting import Report, Stop
from xception_gui.jobs.training.measured_precision import PrecisionFigures, measured_precision, training_depends_on
from xception_gui.jobs.training.networks import require_keras

NAME = "speed"
TIMED_EMBEDDINGS = 3


def measure_speed(request: MeasureSpeedRequest, report: Report, stop: Stop) -> SpeedResult:
    """Return what was measured on this machine before, or measure it now. Figures of training need Keras.

    Raises:
        ProgramError: INSTALLATION_DAMAGED.
        MemoryError: a training step doesn't fit.
        JobStopped: `stop()` was true; what was measured by then is kept.
    """
    speed = recall(NAME, training_depends_on(), SpeedResult)
    with_training = request.training and has_keras()
    if speed is not None and (speed.training_seconds is not None or not with_training):
        return speed
    report(PhaseStarted(Phase.MEASURING))
    if speed is None:
        speed = SpeedResult(device_name(), _embedding_seconds(stop))
        keep(NAME, training_depends_on(), speed)
    if not with_training:
        return speed
    try:
        starting, training, precisions = _training_seconds(report, stop)
    except ProgramError as error:
        if error.code is not ErrorCode.KERAS_MISSING:
            raise
        logger.warning("Training can't be measured: %s", error)
        return speed
    speed = msgspec.structs.replace(
        speed,
        starting_seconds=starting,
        training_seconds=training,
        precision=precisions.fastest,
        step_seconds={str(precision): seconds for precision, seconds in precisions.step_seconds.items()},
    )
    keep(NAME, training_depends_on(), speed)
    return speed


def _embedding_seconds(stop: Stop) -> float:
    """Return the median time per picture of the shipped backbone on random pixels, after one warm-up picture."""
    size = XCEPTION.default_image_size
    backbone = open_shipped_backbone(XCEPTION, size, fastest_runtime(XCEPTION))
    random = np.random.default_rng(0)
    seconds = []
    for _ in range(TIMED_EMBEDDINGS + 1):
        if stop():
            raise JobStopped
        picture = random.integers(0, 256, (size, size, 3), np.uint8)
        began = time.monotonic()
        backbone.embed(picture)
        seconds.append(time.monotonic() - began)
    return statistics.median(seconds[1:])


def _training_seconds(report: Report, stop: Stop) -> tuple[float, float, PrecisionFigures]:
    """Return the seconds until Fine-tune can start, the seconds per picture of its steps in the fastest precision, and
    the time of a step in each precision.

    Raises:
        ProgramError: KERAS_MISSING, and errors of the weights.
    """
    if stop():
        raise JobStopped
    began = time.monotonic()
    require_keras()
    starting = time.monotonic() - began
    precisions = measured_precision(report, stop)
    precision = precisions.fastest
    training = make_recipe(Preset.FINE_TUNE, precision=precision).hyperparameters
    from xception_gui.finetune import step_speed as speed
    from xception_gui.finetune.network import starting_network

    began = time.monotonic()
    size = XCEPTION.default_image_size
    network = starting_network(
        XCEPTION, size, training.head_blocks, speed.CLASSES, weights=paths.shipped_weights(), precision=precision
    )
    starting += time.monotonic() - began
    try:
        seconds = speed.training_seconds(network, training, image_size=size, stop=stop)
    finally:
        del network
        speed.free_memory()
    return starting, seconds, precisions
