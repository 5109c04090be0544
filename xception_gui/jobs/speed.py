"""`measure_speed`: how fast this machine embeds pictures and trains the network."""

import gc
import statistics
import time
from importlib.util import find_spec
from pathlib import Path

import msgspec
import numpy as np

from xception_gui import paths
from xception_gui.data.whole_files import write_whole
from xception_gui.diagnostics import logger
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.messages import MeasureSpeedRequest, Phase, PhaseStarted, SpeedResult
from xception_gui.domain.recipe import DEFAULT_IMAGE_SIZE, Preset, make_recipe
from xception_gui.inference.machine import device_name, versions
from xception_gui.inference.runtimes import fastest_runtime, open_shipped_backbone
from xception_gui.jobs.networks import require_keras
from xception_gui.jobs.reporting import Report, Stop

TIMED_EMBEDDINGS = 3
CLASSES = 2


def measure_speed(request: MeasureSpeedRequest, report: Report, stop: Stop) -> SpeedResult:
    """Measure, or give what was measured on this machine before. Where there is no Keras, training has no figures.

    Raises:
        ProgramError: INSTALLATION_DAMAGED.
        MemoryError: a training step doesn't fit.
        JobStopped: `stop` said so; what was measured till then is kept.
    """
    file = paths.cache_folder() / "speed.json"
    speed = _load(file)
    with_training = request.training and _has_keras()
    if speed is not None and (speed.training_seconds is not None or not with_training):
        return speed
    report(PhaseStarted(Phase.MEASURING))
    if speed is None:
        speed = SpeedResult(device_name(), _embedding_seconds(stop))
        _save(file, speed)
    if not with_training:
        return speed
    try:
        starting, training = _training_seconds(stop)
    except ProgramError as error:
        if error.code is not ErrorCode.KERAS_MISSING:
            raise
        logger.warning("Training can't be measured: %s", error)
        return speed
    speed = msgspec.structs.replace(speed, starting_seconds=starting, training_seconds=training)
    _save(file, speed)
    return speed


def _embedding_seconds(stop: Stop) -> float:
    """Time the shipped backbone on random pixels: the median, after one picture that warms it up."""
    backbone = open_shipped_backbone(DEFAULT_IMAGE_SIZE, fastest_runtime())
    random = np.random.default_rng(0)
    seconds = []
    for _ in range(TIMED_EMBEDDINGS + 1):
        if stop():
            raise JobStopped
        picture = random.integers(0, 256, (DEFAULT_IMAGE_SIZE, DEFAULT_IMAGE_SIZE, 3), np.uint8)
        began = time.monotonic()
        backbone.embed(picture)
        seconds.append(time.monotonic() - began)
    return statistics.median(seconds[1:])


def _training_seconds(stop: Stop) -> tuple[float, float]:
    """Give the seconds until Fine-tune could begin, and those that a picture takes in one of its steps.

    Raises:
        ProgramError: KERAS_MISSING, and what is wrong with the weights.
    """
    training = make_recipe(Preset.FINE_TUNE).training
    assert training is not None
    if stop():
        raise JobStopped
    began = time.monotonic()
    require_keras()
    from xception_gui.finetune import speed
    from xception_gui.finetune.network import starting_network

    network = starting_network(DEFAULT_IMAGE_SIZE, training.head_blocks, CLASSES, weights=paths.shipped_weights())
    starting = time.monotonic() - began
    try:
        seconds = speed.training_seconds(
            network, training, image_size=DEFAULT_IMAGE_SIZE, class_count=CLASSES, stop=stop
        )
    finally:
        del network
        speed.free_memory()
        gc.collect()
    return starting, seconds


class _Measured(msgspec.Struct, frozen=True):
    """What the file holds."""

    machine: dict[str, str]  # everything that the figures depend on
    speed: SpeedResult


def _machine() -> dict[str, str]:
    return {**versions(), "device": device_name(), "keras can be loaded": str(_has_keras())}


def _has_keras() -> bool:
    return find_spec("keras") is not None and find_spec("tensorflow") is not None


def _load(file: Path) -> SpeedResult | None:
    try:
        measured = msgspec.json.decode(file.read_bytes(), type=_Measured)
    except (OSError, ValueError, RecursionError):  # none yet, or a damaged one
        return None
    return measured.speed if measured.machine == _machine() else None


def _save(file: Path, speed: SpeedResult) -> None:
    """Keep what was measured. A full or read-only disk is no reason to stop: then it is measured again."""
    try:
        write_whole(file, msgspec.json.encode(_Measured(_machine(), speed)))
    except OSError as error:
        logger.warning("The speed of this machine can't be kept in %s: %s", file, error)
