"""The part of an epoch in which a network learns: step after step, and what becomes of a batch that doesn't fit."""

import contextlib
import math
from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from xception_gui.domain.class_weights import balanced_weights
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages import BatchFinished, Message, Notice, NoticeCode
from xception_gui.domain.recipe import Training
from xception_gui.finetune.batches import Batch, LabelledFiles, steps_per_epoch, training_batches
from xception_gui.finetune.pace import Pace
from xception_gui.finetune.schedule import learning_rate
from xception_gui.finetune.steps import TrainingStep, training_step


@dataclass(slots=True)
class Learned:
    """An epoch's training part, as far as it is."""

    epoch: int  # from 1
    steps: int = 0  # taken
    passed: int = 0  # pictures, unreadable ones too
    images: int = 0  # learned from
    losses: float = 0.0  # sum over them, while they were learned
    right: float = 0.0  # likewise

    def add(self, batch: Batch, loss: float, accuracy: float) -> None:
        """Count a step."""
        self.steps += 1
        self.passed = batch.end
        self.images += len(batch.labels)
        self.losses += loss * len(batch.labels)
        self.right += accuracy * len(batch.labels)

    @property
    def loss(self) -> float:
        """The mean over the pictures."""
        return self.losses / max(self.images, 1)

    @property
    def accuracy(self) -> float:
        """The mean over the pictures, 0..1."""
        return self.right / max(self.images, 1)


class Learner:
    """Has a compiled network learn, and keeps what outlasts an epoch.

    A batch that doesn't fit in memory is halved. From then on the training is the one that the smaller batch size would
    have been from here: the same learning rate, which still reaches the end of its decay with the last picture.

    Attributes:
        batch_size: pictures in a step: what the recipe asks for, or what fits.
    """

    def __init__(
        self,
        network: keras.Model,
        training: Training,
        data: LabelledFiles,
        *,
        image_size: int,
        seed: int,
        report: Callable[[Message], None],
        stop: Callable[[], bool],
    ) -> None:
        self.batch_size = training.batch_size
        self._network = network
        self._step = training_step(network)
        self._training = training
        self._data = data
        self._image_size = image_size
        self._seed = seed
        self._report = report
        self._stop = stop
        self._class_weights = _class_weights(training, data)
        self._pace = Pace()
        self._steps = 0  # taken in all epochs
        self._passed = 0  # pictures of all epochs

    @property
    def learning_rate(self) -> float:
        """Of the next step."""
        progress = self._passed / (len(self._data) * self._training.epochs)
        return learning_rate(self._training, steps=self._steps, progress=progress)

    def learn(self, epoch: int) -> Learned:
        """Take the steps of one epoch, or of its beginning if it is stopped.

        Raises:
            ProgramError: TRAINING_DIVERGED, PICTURES_GONE.
            MemoryError: not even one picture fits.
        """
        learned = Learned(epoch)
        self._pace.go_on()
        while learned.passed < len(self._data) and not self._stop():
            try:
                self._take_steps(learned)
            except MemoryError:
                if self.batch_size == 1:
                    raise
                self._halve()
        if not learned.images and not self._stop():
            raise ProgramError(ErrorCode.PICTURES_GONE)
        return learned

    def _take_steps(self, learned: Learned) -> None:
        """Take the steps that an epoch still needs."""
        batches = training_batches(
            self._data,
            batch_size=self.batch_size,
            image_size=self._image_size,
            augment=self._training.augment,
            seed=self._seed,
            epoch=learned.epoch,
            start=learned.passed,
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
                learned.add(batch, loss, accuracy)
                self._steps += 1
                self._passed = (learned.epoch - 1) * len(self._data) + batch.end
                self._tell(learned, loss, accuracy, self._pace.step(len(batch.labels)))
        learned.passed = len(self._data)  # the last ones may have become unreadable

    def _tell(self, learned: Learned, loss: float, accuracy: float, rate: float) -> None:
        steps = learned.steps + steps_per_epoch(len(self._data) - learned.passed, self.batch_size)
        self._report(
            BatchFinished(
                epoch=learned.epoch,
                step=learned.steps,
                steps=steps,
                epochs=self._training.epochs,
                loss=loss,
                accuracy=accuracy,
                images_per_second=rate,
                images=learned.passed,
                epoch_images=len(self._data),
            )
        )

    def _halve(self) -> None:
        text = (
            f"A batch of {self.batch_size} pictures doesn't fit in memory. The training goes on with "
            f"{self.batch_size // 2} at a time; nothing that was learned is lost."
        )
        self.batch_size //= 2
        self._report(Notice(NoticeCode.BATCH_HALVED, text))
        self._pace.begin_anew()


def take_step(
    step: TrainingStep, pixels: NDArray[np.uint8], truth: NDArray[np.float32], weights: NDArray[np.float32]
) -> tuple[float, float]:
    """Take a step. Gives the loss and the accuracy of this batch.

    Raises:
        MemoryError: the batch doesn't fit; every backend says it in its own way.
    """
    try:
        return step(pixels, truth, weights)
    except Exception as error:
        if isinstance(error, MemoryError) or type(error).__name__ in ("ResourceExhaustedError", "OutOfMemoryError"):
            raise MemoryError from error
        raise


def diverged(training: Training) -> ProgramError:
    """Say that the loss is no number any more."""
    return ProgramError(ErrorCode.TRAINING_DIVERGED, learning_rate=training.learning_rate)


def _class_weights(training: Training, data: LabelledFiles) -> NDArray[np.float32]:
    """What a picture of each class counts for: float32 (classes,)."""
    weights = np.ones(data.class_count, np.float32)
    if training.class_weights:
        counts = {str(label): int(count) for label, count in enumerate(np.bincount(data.labels)) if count}
        for label, weight in balanced_weights(counts).items():
            weights[int(label)] = weight
    return weights
