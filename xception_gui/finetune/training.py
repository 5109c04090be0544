"""The training loop of Fine-tune and Tutorial."""

import contextlib
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
    EpochFinished,
    Message,
    Notice,
    NoticeCode,
    Phase,
    PhaseStarted,
)
from xception_gui.domain.metrics import Measured
from xception_gui.domain.recipe import BatchNorm, Optimizer, Precision, Training
from xception_gui.finetune.batches import LabelledFiles, batches_in_order
from xception_gui.finetune.devices import accelerators
from xception_gui.finetune.learning import Learner, diverged
from xception_gui.finetune.steps import Prediction, prediction

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
        training: how; its precision is the one that the network was built in, not AUTO.
        data: what it learns from.
        validation: what it is measured on after each epoch.
        image_size: pixels.
        seed: decides the order of the pictures and their changes.
        start: how good the network is before its first step, if that counts as epoch 0.
        report: told of every step and epoch.
        stop: asked after each step.

    Raises:
        ProgramError: TRAINING_DIVERGED with nothing to keep, PICTURES_GONE.
        MemoryError: not even a batch of one picture fits.
    """
    freeze(network, training)
    compile_network(network, training)
    learner = Learner(network, training, data, image_size=image_size, seed=seed, report=report, stop=stop)
    predict = prediction(network)
    best_loss, best_epoch = (start.log_loss, 0) if start else (math.inf, None)
    best_weights: NetworkWeights | None = network.get_weights() if start else None
    epochs, any_step = 0, False
    report(PhaseStarted(Phase.TRAINING, training.epochs * len(data)))
    try:
        for epoch in range(1, training.epochs + 1):
            began = time.monotonic()
            learned = learner.learn(epoch)
            any_step = any_step or learned.images > 0
            measured = None if stop() else measure(predict, validation, learner.batch_size, image_size, stop)
            if measured is None:
                break
            if not math.isfinite(measured.log_loss):
                raise diverged(training)
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
                    learning_rate=learner.learning_rate,
                    seconds=time.monotonic() - began,
                    best=best_epoch == epoch,
                )
            )
            if is_over(training, epoch, best_epoch):
                report(Notice(NoticeCode.STOPPED_EARLY, _stopped_early_words(training, epoch)))
                break
    except ProgramError as error:
        if error.code is not ErrorCode.TRAINING_DIVERGED or best_weights is None:
            raise
        report(Notice(NoticeCode.WENT_ASTRAY, f"{error.text.what} {error.text.why} The best model so far is kept."))
    if best_weights is not None:
        network.set_weights(best_weights)
    return Outcome(best_epoch, epochs, any_step, stopped=stop())


def is_over(training: Training, epoch: int, best_epoch: int | None) -> bool:
    """Say whether a training ends after `epoch`, before the last one, as it has not become better for so long."""
    waited = epoch - (best_epoch or 0)
    return 0 < training.early_stopping <= waited and epoch < training.epochs


def _stopped_early_words(training: Training, epoch: int) -> str:
    waited = "1 epoch" if training.early_stopping == 1 else f"{training.early_stopping} epochs"
    return f"Ended after epoch {epoch}: the validation loss has not become lower for {waited}. The best model is kept."


def freeze(network: keras.Model, training: Training) -> None:
    """Decide what is trained: the blocks from the first trainable one on, and batch normalisation or not.

    A frozen BatchNormalization of Keras also uses its moving statistics instead of the batch's.
    """
    for layer in network.layers:
        before = layer.name.startswith("block") and _block_of(layer.name) < training.first_trainable_block
        still = training.batch_norm is BatchNorm.INFERENCE and isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = not (before or still)


def compile_network(network: keras.Model, training: Training) -> None:
    """Give a network its loss and optimizer, for the precision that its layers were built in."""
    network.compile(
        optimizer=_optimizer(training),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=training.label_smoothing),
        metrics=["accuracy"],
        # On CPUs XLA makes TensorFlow's steps slower, and its compilation takes minutes.
        jit_compile="auto" if keras.backend.backend() != "tensorflow" or accelerators() else False,
        auto_scale_loss=False,
    )


def measure(
    predict: Prediction, data: LabelledFiles, batch_size: int, image_size: int, stop: Callable[[], bool]
) -> Measured | None:
    """Measure a network; None if it was stopped on the way.

    Raises:
        ProgramError: PICTURES_GONE.
    """
    probabilities, labels = [], []
    with contextlib.closing(batches_in_order(data, batch_size=batch_size, image_size=image_size)) as batches:
        for batch in batches:
            probabilities.append(predict(batch.pixels))
            labels.append(batch.labels)
            if stop():
                return None
    if not labels:
        raise ProgramError(ErrorCode.PICTURES_GONE)
    return metrics.measure(np.concatenate(probabilities), np.concatenate(labels))


def _optimizer(training: Training) -> keras.optimizers.Optimizer:
    """Make what takes the steps; its learning rate is set before each of them."""
    rate = training.learning_rate
    if training.optimizer is Optimizer.SGD:
        optimizer = keras.optimizers.SGD(rate, momentum=training.momentum, nesterov=training.momentum > 0)
    else:
        optimizer = keras.optimizers.AdamW(rate, weight_decay=training.weight_decay)
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    # Gradients smaller than float16 knows would be lost; bfloat16 reaches as far down as float32.
    return keras.optimizers.LossScaleOptimizer(optimizer) if training.precision is Precision.FLOAT16 else optimizer


def _block_of(layer_name: str) -> int:
    return int(layer_name.removeprefix("block").split("_")[0])
