"""The progress of a training: everything needed to resume it between two steps, apart from weights."""

from dataclasses import dataclass, replace

from xception_gui.domain.recipe import Precision


@dataclass(frozen=True, slots=True)
class EpochProgress:
    """The progress within the training part of an epoch."""

    epoch: int  # from 1
    steps: int = 0  # taken
    passed: int = 0  # pictures, including unreadable ones
    images: int = 0  # learned from
    losses: float = 0.0  # sum over the pictures, measured during training
    right: float = 0.0  # sum of the accuracies, likewise
    seconds: float = 0.0  # duration so far

    def after_step(self, *, images: int, passed: int, loss: float, accuracy: float) -> "EpochProgress":
        """Add a step on `images` pictures with this mean loss and accuracy."""
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
    """The progress of a training. The order and augmentation of its pictures follow from the seed, the epoch and the
    picture, so no random state is needed."""

    epoch: EpochProgress  # the current epoch; all epochs before it have ended
    batch_size: int  # that of the recipe, or a smaller one that fits in memory
    precision: Precision  # used for computing
    steps: int = 0  # taken in all epochs
    passed: int = 0  # pictures of all epochs
    best_epoch: int | None = None  # of those trained; 0, the model that training started from, before one has ended
    best_loss: float | None = None  # its validation loss
    best_accuracy: float | None = None  # its validation accuracy, as the training measures it
    mirrored: bool = False  # whether varied pictures are mirrored too
    image_size: int | None = None  # pixels, that the network is trained at; None: saved by an earlier release

    @property
    def epochs(self) -> int:
        """Number of epochs that have ended, including their validation."""
        return self.epoch.epoch - 1

    def best_so_far(self, start_loss: float | None) -> int | None:
        """Return the epoch whose network is the best model so far; None if what training started from is, or nothing.

        Args:
            start_loss: validation loss of the model that training started from, if there is one.
        """
        if not self.best_epoch or self.best_loss is None:
            return None
        return self.best_epoch if start_loss is None or self.best_loss < start_loss else None
