"""A short training that is only looked at, never saved."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages.base import Message
from xception_gui.domain.recipe import Hyperparameters
from xception_gui.domain.training_progress import EpochProgress, TrainingProgress
from xception_gui.finetune.batches import LabelledFiles, batches_in_order
from xception_gui.finetune.learning import Learner
from xception_gui.finetune.training import compile_network, freeze


def learn_briefly(
    network: keras.Model,
    training: Hyperparameters,
    data: LabelledFiles,
    *,
    image_size: int,
    seed: int,
    mirrored: bool,
    available_memory: int | None,
    report: Callable[[Message], None],
    stop: Callable[[], bool],
) -> float:
    """Train a network for the epochs of a recipe, or until it is stopped. Arguments as for `fit_network`.

    Returns:
        Seconds a picture and step in the last epoch, which compiles nothing.
    """
    freeze(network, training)
    compile_network(network, training)
    progress = TrainingProgress(EpochProgress(1), training.batch_size, training.precision, mirrored=mirrored)
    learner = Learner(network, training, data, progress, image_size=image_size, seed=seed, report=report, stop=stop)
    if available_memory is not None:
        learner.fit_into(available_memory)
    seconds = 0.0
    while learner.progress.epochs < training.epochs and not stop():
        learner.learn()
        ended = learner.progress.epoch
        seconds = ended.seconds / max(1, ended.images)
        learner.progress = replace(learner.progress, epoch=EpochProgress(ended.epoch + 1))
    return seconds


def embed_with(
    network: keras.Model, data: LabelledFiles, *, batch_size: int, image_size: int
) -> tuple[NDArray[np.float16], NDArray[np.int64]]:
    """Return the embeddings of pictures by a classifier in training, float16 (N, D), and the pictures' numbers (N,).

    Raises:
        FloatingPointError: some embeddings aren't finite.
        ProgramError: PICTURES_GONE, none could be read.
    """
    embedding = keras.Model(network.inputs, network.get_layer("embedding").output)
    embeddings: list[NDArray[Any]] = []
    numbers: list[NDArray[np.int64]] = []
    for batch in batches_in_order(data, batch_size=batch_size, image_size=image_size):
        embeddings.append(keras.ops.convert_to_numpy(embedding.predict_on_batch(batch.pixels)))
        numbers.append(batch.numbers)
    if not numbers:
        raise ProgramError(ErrorCode.PICTURES_GONE)
    with np.errstate(over="ignore"):
        halves = np.concatenate(embeddings).astype(np.float16)
    if not np.isfinite(halves).all():
        raise FloatingPointError("gives embeddings that are not finite")
    return halves, np.concatenate(numbers)
