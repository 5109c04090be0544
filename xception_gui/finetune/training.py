"""The training loop of Fine-tune and Tutorial."""

import contextlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np

from xception_gui.domain import metrics
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages.base import Message, Phase, PhaseStarted
from xception_gui.domain.messages.training import EpochFinished, Notice, NoticeCode
from xception_gui.domain.metrics import Measured
from xception_gui.domain.recipe import BatchNorm, Hyperparameters
from xception_gui.domain.training_progress import EpochProgress, TrainingProgress
from xception_gui.finetune.batches import LabelledFiles, batches_in_order
from xception_gui.finetune.devices import accelerators
from xception_gui.finetune.learning import Learner, diverged
from xception_gui.finetune.optimizers import block_of, make_optimizer
from xception_gui.finetune.saving import Saver
from xception_gui.finetune.steps import PredictionStep, prediction_step
from xception_gui.runs.checkpoint import Checkpoint

NetworkWeights = list[np.ndarray[Any, Any]]
"""All weights of a network, in Keras' order."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a training."""

    best_epoch: int | None  # None: no epoch ended; the network is as its first steps left it
    epochs: int  # completed
    any_step: bool  # whether a step was taken
    stopped: bool


def fit_network(
    network: keras.Model,
    training: Hyperparameters,
    data: LabelledFiles,
    validation: LabelledFiles,
    *,
    image_size: int,
    seed: int,
    mirrored: bool = False,
    start: Measured | None,
    checkpoint: Checkpoint,
    available_memory: int | None,
    report: Callable[[Message], None],
    stop: Callable[[], bool],
) -> Outcome:
    """Train a network; at the end it has the weights of its best epoch, the one with the lowest validation loss.

    An interrupted training continues from its checkpoint, with the pictures that it would have used otherwise.

    Args:
        network: made by `build_classifier`, with its initial weights.
        training: the recipe, with the precision that the network was built in, not AUTO.
        data: the training pictures.
        validation: the pictures that it is measured on after each epoch.
        image_size: pixels.
        seed: decides the order of the pictures and their transforms.
        mirrored: whether varied pictures are mirrored too; a resumed training does as it began.
        start: accuracy and loss of the model that the network starts from. It counts as epoch 0, which is kept if no
            other ends; a network that is still learning needn't be better, so only trained epochs are compared.
        checkpoint: where the training is saved.
        available_memory: bytes for a step; None if a step that doesn't fit raises an error.
        report: called for every step and epoch.
        stop: asked after each step.

    Raises:
        ProgramError: TRAINING_DIVERGED with nothing to keep, PICTURES_GONE.
        CheckpointError: the checkpoint is damaged, or of another network.
        MemoryError: not even a batch of one picture fits.
    """
    freeze(network, training)
    compile_network(network, training)
    learner = Learner(
        network,
        training,
        data,
        TrainingProgress(
            EpochProgress(1), training.batch_size, training.precision, mirrored=mirrored, image_size=image_size
        ),
        image_size=image_size,
        seed=seed,
        report=report,
        stop=stop,
    )
    saver = Saver(network, checkpoint, report)
    best_weights = _begin(network, learner, saver, start)
    if available_memory is not None:
        learner.fit_into(available_memory)
    predict = prediction_step(network)
    report(PhaseStarted(Phase.TRAINING, training.epochs * len(data)))
    try:
        while not _has_ended(training, learner.progress):
            learner.learn(after_step=lambda: saver.save_if_due(learner.progress))
            began = time.monotonic()
            measured = None
            if not stop():
                measured = measure_network(predict, validation, learner.progress.batch_size, image_size, stop)
            if measured is None:
                if learner.progress.steps:
                    saver.save(learner.progress)
                break
            if not math.isfinite(measured.log_loss):
                raise diverged(training)
            ended, learner.progress = learner.progress.epoch, _after_epoch(learner.progress, measured)
            is_best = learner.progress.best_epoch == ended.epoch
            if is_best:
                best_weights = network.get_weights()
            validation_seconds = time.monotonic() - began
            report(_epoch_finished(ended, measured, learner.learning_rate, validation_seconds, is_best=is_best))
            saver.save_after_epoch(learner.progress, best_weights if is_best else None)
            if is_over(training, ended.epoch, learner.progress.best_epoch):
                report(Notice(NoticeCode.STOPPED_EARLY, {"epoch": ended.epoch, "count": training.early_stopping}))
    except ProgramError as error:
        if error.code is not ErrorCode.TRAINING_DIVERGED or best_weights is None:
            raise
        report(Notice(NoticeCode.DIVERGED, error.details))
    if best_weights is not None:
        network.set_weights(best_weights)
    progress = learner.progress
    return Outcome(progress.best_epoch, progress.epochs, progress.steps > 0, stopped=stop())


def _begin(network: keras.Model, learner: Learner, saver: Saver, start: Measured | None) -> NetworkWeights | None:
    """Restore network and learner from the checkpoint, if there is one. Returns the best weights so far."""
    saved = saver.restore()
    if saved is not None:
        learner.progress = saved
        return None if saved.best_epoch is None else saver.best_weights(saved.best_epoch)
    if start is None:
        return None
    learner.progress = replace(learner.progress, best_epoch=0, best_loss=start.log_loss, best_accuracy=start.accuracy)
    weights: NetworkWeights = network.get_weights()
    saver.save(learner.progress, weights)
    return weights


def _epoch_finished(
    epoch: EpochProgress, measured: Measured, rate: float, validation: float, *, is_best: bool
) -> EpochFinished:
    return EpochFinished(
        epoch=epoch.epoch,
        images=epoch.images,
        loss=epoch.loss,
        accuracy=epoch.accuracy,
        val_loss=measured.log_loss,
        val_accuracy=measured.accuracy,
        learning_rate=rate,
        seconds=epoch.seconds + validation,
        best=is_best,
        validation_seconds=validation,
    )


def _after_epoch(progress: TrainingProgress, measured: Measured) -> TrainingProgress:
    """Return the progress after an epoch was measured, at the beginning of the next one."""
    ended = progress.epoch.epoch
    progress = replace(progress, epoch=EpochProgress(ended + 1))
    if progress.best_epoch and progress.best_loss is not None and measured.log_loss >= progress.best_loss:
        return progress
    return replace(progress, best_epoch=ended, best_loss=measured.log_loss, best_accuracy=measured.accuracy)


def _has_ended(training: Hyperparameters, progress: TrainingProgress) -> bool:
    early = progress.epochs > 0 and is_over(training, progress.epochs, progress.best_epoch)
    return early or progress.epochs >= training.epochs


def is_over(training: Hyperparameters, epoch: int, best_epoch: int | None) -> bool:
    """Return whether a training stops early after `epoch`, as the validation loss hasn't improved for long enough."""
    waited = epoch - (best_epoch or 0)
    return 0 < training.early_stopping <= waited and epoch < training.epochs


def freeze(network: keras.Model, training: Hyperparameters) -> None:
    """Freeze the blocks before the first trainable one and, if the recipe says so, batch normalisation.

    A frozen BatchNormalization of Keras uses its moving statistics instead of the batch's.
    """
    for layer in network.layers:
        before = block_of(layer.name) < training.first_trainable_block
        still = training.batch_norm is BatchNorm.INFERENCE and isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = not (before or still)


def compile_network(network: keras.Model, training: Hyperparameters) -> None:
    """Compile a network with its loss and optimizer, for the precision that its layers were built in."""
    network.compile(
        optimizer=make_optimizer(training),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=training.label_smoothing),
        metrics=["accuracy"],
        # On CPUs XLA makes TensorFlow's steps slower, and its compilation takes minutes.
        jit_compile="auto" if keras.backend.backend() != "tensorflow" or accelerators() else False,
        auto_scale_loss=False,
    )
    network.optimizer.build(network.trainable_variables)  # can't be done while a step is compiled


def measure_network(
    predict: PredictionStep, data: LabelledFiles, batch_size: int, image_size: int, stop: Callable[[], bool]
) -> Measured | None:
    """Return accuracy and loss of a network on some pictures; None if it was stopped.

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
    return metrics.measure_probabilities(np.concatenate(probabilities), np.concatenate(labels))
