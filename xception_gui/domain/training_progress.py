"""How far a training is: what has to be known to go on with it from between two steps."""

from dataclasses import dataclass, replace

from xception_gui.domain.recipe import Precision


@dataclass(frozen=True, slots=True)
class EpochProgress:
    """The training part of an epoch, as far as it is."""

    epoch: int  # from 1
    steps: int = 0  # taken
    passed: int = 0  # pictures, unreadable ones too
    images: int = 0  # learned from
    losses: float = 0.0  # sum over them, while they were learned
    right: float = 0.0  # likewise
    seconds: float = 0.0  # that it took

    def after_step(self, *, images: int, passed: int, loss: float, accuracy: float) -> "EpochProgress":
        """Count a step on so many pictures, whose mean loss and accuracy were these."""
        return replace(
            self,
            steps=self.steps + 1,
            passed=passed,
            images=self.images + images,
            losses=self.losses + loss * images,
            right=self.right + accuracy * images,
        )

    @property
    def loss(self) -> float:
        """The mean over the pictures."""
        return self.losses / max(self.images, 1)

    @property
    def accuracy(self) -> float:
        """The mean over the pictures, 0..1."""
        return self.right / max(self.images, 1)


@dataclass(frozen=True, slots=True)
class TrainingProgress:
    """A training, as far as it is. Order and changes of its pictures follow from the seed, the epoch and the picture,
    so nothing random is in it."""

    epoch: EpochProgress  # that is learned now; its number less one is that of the epochs that have ended
    batch_size: int  # what the recipe asks for, or what fits in memory
    precision: Precision  # that it computes in
    steps: int = 0  # taken in all epochs
    passed: int = 0  # pictures of all epochs
    best_epoch: int | None = None  # 0: the model that training started from
    best_loss: float | None = None  # its validation loss
    best_accuracy: float | None = None  # its validation accuracy, as the training measures it

    @property
    def epochs(self) -> int:
        """Epochs that have ended, their validation included."""
        return self.epoch.epoch - 1
