"""The training part of an epoch: its steps, and smaller batches if one doesn't fit in memory."""

import contextlib
import math
import time
from collections.abc import Callable
from dataclasses import replace

import keras
import numpy as np
from numpy.typing import NDArray

from xception_gui.domain.class_weights import balanced_weights
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages.base import Message
from xception_gui.domain.messages.training import BatchFinished, Notice, NoticeCode
from xception_gui.domain.recipe import Hyperparameters
from xception_gui.domain.training_progress import TrainingProgress
from xception_gui.finetune.batches import Batch, LabelledFiles, steps_per_epoch, training_batches
from xception_gui.finetune.memory import batch_that_fits, bytes_per_picture
from xception_gui.finetune.schedule import learning_rate
from xception_gui.finetune.steps import TrainingStep, training_step
from xception_gui.finetune.throughput import Throughput


class Learner:
    """Trains a compiled network, and holds the state that outlasts an epoch.

    A batch that doesn't fit in memory is halved. The training then continues with the smaller batch size, at the same
    learning rate, which still reaches the end of its decay with the last picture.

    Args:
        network: compiled.
        training: the recipe.
        data: the training pictures.
        progress: the state to begin from.
        image_size: pixels.
        seed: decides the order of the pictures and their transforms.
        report: called for every step.
        stop: asked after each step.

    Attributes:
        progress: the state after the last step.
    """

    def __init__(
        self,
        network: keras.Model,
        training: Hyperparameters,
        data: LabelledFiles,
        progress: TrainingProgress,
        *,
        image_size: int,
        seed: int,
        report: Callable[[Message], None],
        stop: Callable[[], bool],
    ) -> None:
        self.progress = progress
        self._network = network
        self._step = training_step(network)
        self._training = training
        self._data = data
        self._image_size = image_size
        self._seed = seed
        self._report = report
        self._stop = stop
        self._class_weights = _class_weights(training, data)
        self._throughput = Throughput()
        self._unreadable = 0  # pictures, in the last epoch

    @property
    def learning_rate(self) -> float:
        """Learning rate of the next step."""
        share = self.progress.passed / (len(self._data) * self._training.epochs)
        return learning_rate(self._training, steps=self.progress.steps, progress=share)

    def fit_into(self, available: int) -> None:
        """Reduce the batch size before the first step if a batch wouldn't fit into `available` bytes."""
        size = batch_that_fits(self.progress.batch_size, bytes_per_picture(self._network), available)
        if size < self.progress.batch_size:
            self._shrink(size)

    def learn(self, after_step: Callable[[], None] = lambda: None) -> None:
        """Take the remaining steps of the epoch, or some of them if it is stopped.

        Args:
            after_step: called after each step, once `progress` includes it.

        Raises:
            ProgramError: TRAINING_DIVERGED, PICTURES_GONE.
            MemoryError: not even a single picture fits.
        """
        self._throughput.resume()
        while self.progress.epoch.passed < len(self._data) and not self._stop():
            try:
                self._take_steps(after_step)
            except MemoryError:
                if self.progress.batch_size == 1:
                    raise
                self._shrink(self.progress.batch_size // 2)
        if self._stop():
            return
        if not self.progress.epoch.images:
            raise ProgramError(ErrorCode.PICTURES_GONE)
        self._tell_unreadable()

    def _take_steps(self, after_step: Callable[[], None]) -> None:
        """Take the remaining steps of the epoch."""
        began = time.monotonic() - self.progress.epoch.seconds
        batches = training_batches(
            self._data,
            batch_size=self.progress.batch_size,
            image_size=self._image_size,
            augment=self._training.augment,
            seed=self._seed,
            epoch=self.progress.epoch.epoch,
            start=self.progress.epoch.passed,
            mirrored=self.progress.mirrored,
        )
        with contextlib.closing(batches):
            for batch in batches:
                if self._stop():
                    return
                self._network.optimizer.learning_rate = self.learning_rate
                weights = self._class_weights[batch.labels]
                loss, accuracy = take_step(self._step, batch.pixels, batch.truth, weights)
                if not math.isfinite(loss):
                    raise diverged(self._training)
                self._count(batch, loss, accuracy, time.monotonic() - began)
                self._tell(loss, accuracy, self._throughput.step(len(batch.labels)))
                after_step()
        # The last ones may have become unreadable.
        self.progress = replace(self.progress, epoch=replace(self.progress.epoch, passed=len(self._data)))

    def _count(self, batch: Batch, loss: float, accuracy: float, seconds: float) -> None:
        before = self.progress
        epoch = before.epoch.after_step(images=len(batch.labels), passed=batch.end, loss=loss, accuracy=accuracy)
        self.progress = replace(
            before,
            epoch=replace(epoch, seconds=seconds),
            steps=before.steps + 1,
            passed=before.epochs * len(self._data) + batch.end,
        )

    def _tell(self, loss: float, accuracy: float, rate: float) -> None:
        epoch = self.progress.epoch
        steps = epoch.steps + steps_per_epoch(len(self._data) - epoch.passed, self.progress.batch_size)
        self._report(
            BatchFinished(
                epoch=epoch.epoch,
                step=epoch.steps,
                steps=steps,
                epochs=self._training.epochs,
                loss=loss,
                accuracy=accuracy,
                images_per_second=rate,
                images=epoch.passed,
                epoch_images=len(self._data),
            )
        )

    def _tell_unreadable(self) -> None:
        missing = len(self._data) - self.progress.epoch.images
        if missing > self._unreadable:
            self._report(Notice(NoticeCode.PICTURES_CHANGED, {"missing": missing, "pictures": len(self._data)}))
        self._unreadable = missing

    def _shrink(self, batch_size: int) -> None:
        before = self.progress.batch_size
        self.progress = replace(self.progress, batch_size=batch_size)
        self._report(Notice(NoticeCode.BATCH_HALVED, {"before": before, "after": batch_size}))
        self._throughput.restart()


def take_step(
    step: TrainingStep, pixels: NDArray[np.uint8], truth: NDArray[np.float32], weights: NDArray[np.float32]
) -> tuple[float, float]:
    """Take a step. Returns the loss and the accuracy of this batch.

    Raises:
        MemoryError: the batch doesn't fit; every backend has its own error for that.
    """
    try:
        return step(pixels, truth, weights)
    except Exception as error:
        if isinstance(error, MemoryError) or type(error).__name__ in ("ResourceExhaustedError", "OutOfMemoryError"):
            raise MemoryError from error
        raise


def diverged(training: Hyperparameters) -> ProgramError:
    """Return the error for a loss that is no longer finite."""
    return ProgramError(ErrorCode.TRAINING_DIVERGED, learning_rate=training.learning_rate)


def _class_weights(training: Hyperparameters, data: LabelledFiles) -> NDArray[np.float32]:
    """Return the weight of a picture of each class in the loss: float32 (classes,)."""
    weights = np.ones(data.class_count, np.float32)
    if training.class_weights:
        counts = {str(label): int(count) for label, count in enumerate(np.bincount(data.labels)) if count}
        for label, weight in balanced_weights(counts).items():
            weights[int(label)] = weight
    return weights
