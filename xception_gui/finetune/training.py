"""The training loop of Fine-tune and Tutorial."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from xception_gui.domain import metrics
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages import (
    BatchFinished,
    EpochFinished,
    Message,
    Notice,
    NoticeCode,
    Phase,
    PhaseStarted,
)
from xception_gui.domain.metrics import Measured
from xception_gui.domain.recipe import BatchNorm, Optimizer, Training
from xception_gui.finetune.batches import LabelledFiles, batches_in_order, steps_per_epoch, training_batches
from xception_gui.finetune.devices import accelerators

NetworkWeights = list[np.ndarray[Any, Any]]
"""All weights of a network, in Keras' order."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a training led to."""

    best_epoch: int | None  # None: not even one epoch ended; the network is what its first steps made of it
    epochs: int  # that ended
    any_step: bool  # was taken
    stopped: bool


def train(
    network: keras.Model,
    training: Training,
    data: LabelledFiles,
    validation: LabelledFiles,
    *,
    image_size: int,
    seed: int,
    start: Measured | None,
    report: Callable[[Message], None],
    stop: Callable[[], bool],
) -> Outcome:
    """Train a network; at the end it has the weights of its best epoch, the one with the lowest validation loss.

    Args:
        network: made by `build_classifier`, with the weights that it starts from.
        training: how.
        data: what it learns from.
        validation: what it is measured on after each epoch.
        image_size: pixels.
        seed: decides the order of the pictures and their flips.
        start: how good the network is before its first step, if that counts as epoch 0.
        report: told of every step and epoch.
        stop: asked after each step.

    Raises:
        ProgramError: TRAINING_DIVERGED with nothing to keep, PICTURES_GONE.
        MemoryError: a batch doesn't fit.
    """
    steps = steps_per_epoch(len(data), training.batch_size)
    freeze(network, training)
    compile_network(network, training, total_steps=steps * training.epochs)
    best_loss, best_epoch = (start.log_loss, 0) if start else (math.inf, None)
    best_weights: NetworkWeights | None = network.get_weights() if start else None
    epochs, any_step = 0, False
    report(PhaseStarted(Phase.TRAINING, training.epochs * len(data)))
    try:
        for epoch in range(1, training.epochs + 1):
            began = time.monotonic()
            learned = _learn(network, training, data, image_size, seed, epoch, report, stop)
            any_step = any_step or learned.images > 0
            measured = None if stop() else measure(network, validation, training.batch_size, image_size, stop)
            if measured is None:
                break
            if not math.isfinite(measured.log_loss):
                raise _diverged(training)
            epochs = epoch
            if measured.log_loss < best_loss:
                best_loss, best_epoch, best_weights = measured.log_loss, epoch, network.get_weights()
            report(
                EpochFinished(
                    epoch=epoch,
                    images=learned.images,
                    loss=learned.loss,
                    accuracy=learned.accuracy,
                    val_loss=measured.log_loss,
                    val_accuracy=measured.accuracy,
                    learning_rate=float(keras.ops.convert_to_numpy(network.optimizer.learning_rate)),
                    seconds=time.monotonic() - began,
                    best=best_epoch == epoch,
                )
            )
    except ProgramError as error:
        if error.code is not ErrorCode.TRAINING_DIVERGED or best_weights is None:
            raise
        report(Notice(NoticeCode.WENT_ASTRAY, f"{error.text.what} {error.text.why} The best model so far is kept."))
    if best_weights is not None:
        network.set_weights(best_weights)
    return Outcome(best_epoch, epochs, any_step, stopped=stop())


@dataclass(frozen=True, slots=True)
class _Learned:
    """An epoch's training part: pictures seen, and means over them while they were learned."""

    images: int
    loss: float
    accuracy: float


def _learn(
    network: keras.Model,
    training: Training,
    data: LabelledFiles,
    image_size: int,
    seed: int,
    epoch: int,
    report: Callable[[Message], None],
    stop: Callable[[], bool],
) -> _Learned:
    """Take the steps of one epoch, or of its beginning if it is stopped."""
    began = time.monotonic()
    steps = steps_per_epoch(len(data), training.batch_size)
    batches = training_batches(
        data, batch_size=training.batch_size, image_size=image_size, augment=training.augment, seed=seed, epoch=epoch
    )
    images, losses, accuracies = 0, 0.0, 0.0
    for step, batch in enumerate(batches, start=1):
        if stop():
            break
        loss, accuracy = take_step(network, batch.pixels, batch.truth, training)
        images += len(batch.labels)
        losses += loss * len(batch.labels)
        accuracies += accuracy * len(batch.labels)
        rate = images / (time.monotonic() - began)
        report(BatchFinished(epoch, step, steps, training.epochs, loss, accuracy, rate))
    if not images and not stop():
        raise ProgramError(ErrorCode.PICTURES_GONE)
    return _Learned(images, losses / max(images, 1), accuracies / max(images, 1))


def freeze(network: keras.Model, training: Training) -> None:
    """Decide what is trained: the blocks from the first trainable one on, and batch normalisation or not.

    A frozen BatchNormalization of Keras also uses its moving statistics instead of the batch's.
    """
    for layer in network.layers:
        before = layer.name.startswith("block") and _block_of(layer.name) < training.first_trainable_block
        still = training.batch_norm is BatchNorm.INFERENCE and isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = not (before or still)


def compile_network(network: keras.Model, training: Training, *, total_steps: int) -> None:
    """Give a network its loss and optimizer."""
    network.compile(
        optimizer=_optimizer(training, total_steps),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=training.label_smoothing),
        metrics=["accuracy"],
        # On CPUs XLA makes TensorFlow's steps slower, and its compilation takes minutes.
        jit_compile="auto" if keras.backend.backend() != "tensorflow" or accelerators() else False,
    )


def measure(
    network: keras.Model, data: LabelledFiles, batch_size: int, image_size: int, stop: Callable[[], bool]
) -> Measured | None:
    """Measure a network; None if it was stopped on the way.

    Raises:
        ProgramError: PICTURES_GONE.
    """
    probabilities, labels = [], []
    for batch in batches_in_order(data, batch_size=batch_size, image_size=image_size):
        probabilities.append(keras.ops.convert_to_numpy(network.predict_on_batch(batch.pixels)))
        labels.append(batch.labels)
        if stop():
            return None
    if not labels:
        raise ProgramError(ErrorCode.PICTURES_GONE)
    return metrics.measure(np.concatenate(probabilities), np.concatenate(labels))


def take_step(network: keras.Model, pixels: Any, truth: Any, training: Training) -> tuple[float, float]:
    """Take one step. Gives the loss and the accuracy of this batch.

    Raises:
        MemoryError: the batch doesn't fit; every backend says it in its own way.
        ProgramError: TRAINING_DIVERGED.
    """
    try:
        loss, accuracy = (float(value) for value in network.train_on_batch(pixels, truth))
    except Exception as error:
        if isinstance(error, MemoryError) or type(error).__name__ in ("ResourceExhaustedError", "OutOfMemoryError"):
            raise MemoryError from error
        raise
    if not math.isfinite(loss):
        raise _diverged(training)
    return loss, accuracy


def _diverged(training: Training) -> ProgramError:
    return ProgramError(ErrorCode.TRAINING_DIVERGED, learning_rate=training.learning_rate)


def _optimizer(training: Training, total_steps: int) -> keras.optimizers.Optimizer:
    schedules = keras.optimizers.schedules
    if training.optimizer is Optimizer.SGD:
        # What `decay` meant in the Keras of the tutorial: rate / (1 + decay · steps).
        rate = schedules.InverseTimeDecay(training.learning_rate, decay_steps=1, decay_rate=training.decay)
        return keras.optimizers.SGD(rate, momentum=training.momentum, nesterov=training.momentum > 0)
    rate = schedules.CosineDecay(training.learning_rate, decay_steps=total_steps)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=training.weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer


def _block_of(layer_name: str) -> int:
    return int(layer_name.removeprefix("block").split("_")[0])
