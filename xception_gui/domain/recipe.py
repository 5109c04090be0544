"""How a model is trained: one frozen, validated recipe, and three presets of it."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Any

import msgspec

from xception_gui.domain.architecture import XCEPTION

DEFAULT_IMAGE_SIZE = XCEPTION.default_image_size
"""Pixels: what the pretrained weights were made with."""

MIN_IMAGE_SIZE = XCEPTION.min_image_size
"""Pixels."""

MAX_IMAGE_SIZE = 1024
"""Pixels: one embedding takes a second there, one training step some 10 GB."""

RANDOM_WEIGHTS = "none"
"""In the place of a weights file: start from random numbers."""


class RecipeError(ValueError):
    """A field that a recipe doesn't have, or a value that it doesn't take; the message is for people."""


def _require(condition: bool, message: str, received: object) -> None:
    if not condition:
        raise RecipeError(f"{message} Received: {received}")


class Preset(StrEnum):
    """The recipe's three presets."""

    QUICK = "quick"
    FINE_TUNE = "fine-tune"
    TUTORIAL = "tutorial"


class Augmentation(StrEnum):
    """What is done to training pictures before each look at them."""

    NONE = "none"
    FLIPS = "flips"  # left and right are exchanged in half of the pictures
    GENTLE = "gentle"  # flips, and small shifts, turns and changes of light


class Head(StrEnum):
    """Where the head of a training starts."""

    QUICK = "quick"  # from Quick's softmax regression: linear probing, then fine-tuning (arXiv 2202.10054)
    FRESH = "fresh"  # from random numbers


class BatchNorm(StrEnum):
    """How batch normalisation works while training."""

    TRAINING = "training"  # by the statistics of each batch, which are learned too
    INFERENCE = "inference"  # by the pretrained statistics, frozen


class Optimizer(StrEnum):
    """What takes the steps, and how the learning rate goes down."""

    SGD = "sgd"  # Nesterov momentum, inverse time decay, as in the tutorial
    ADAMW = "adamw"  # cosine decay to zero


class Precision(StrEnum):
    """What a training computes in. Weights, batch normalisation, head and loss are float32 in each of them."""

    AUTO = "auto"  # the fastest on this machine, which is measured
    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    FLOAT16 = "float16"  # with a scaled loss


class Training(msgspec.Struct, frozen=True):
    """How Xception itself is trained: the fields of Fine-tune and Tutorial."""

    epochs: int
    batch_size: int
    learning_rate: float
    optimizer: Optimizer
    augment: Augmentation
    head: Head
    head_blocks: tuple[int, ...]
    batch_norm: BatchNorm
    label_smoothing: float = 0.0  # 0..1
    weight_decay: float = 0.0  # AdamW only
    momentum: float = 0.0  # SGD only
    decay: float = 0.0  # SGD only: rate / (1 + decay · steps)
    first_trainable_block: int = 1  # 1..14; the blocks before it stay as they are
    precision: Precision = Precision.AUTO
    early_stopping: int = 0  # epochs without a lower validation loss after which it ends; 0: never
    class_weights: bool = False  # a picture of a rare class counts for more

    def __post_init__(self) -> None:
        _require(self.epochs >= 1, "The number of epochs must be 1 or more.", self.epochs)
        _require(self.batch_size >= 1, "The batch size must be 1 or more.", self.batch_size)
        _require(0 < self.learning_rate <= 10, "The learning rate must be above 0 and at most 10.", self.learning_rate)
        _require(0 <= self.label_smoothing < 1, "Label smoothing must be from 0 to below 1.", self.label_smoothing)
        _require(0 <= self.weight_decay < math.inf, "Weight decay must be a number from 0 up.", self.weight_decay)
        _require(0 <= self.momentum < 1, "Momentum must be from 0 to below 1.", self.momentum)
        _require(0 <= self.decay < math.inf, "Decay must be a number from 0 up.", self.decay)
        _require(
            1 <= self.first_trainable_block <= XCEPTION.block_count,
            f"Blocks go from 1 to {XCEPTION.block_count}.",
            self.first_trainable_block,
        )
        _require(self.early_stopping >= 0, "Early stopping waits for 1 epoch or more; 0: never.", self.early_stopping)
        _require(
            self.head is not Head.QUICK or self.head_blocks == XCEPTION.embedding_blocks,
            "Quick's head looks at all blocks of an embedding.",
            self.head_blocks,
        )
        _require(bool(self.head_blocks), "The head needs at least one block.", self.head_blocks)
        _require(
            set(self.head_blocks) <= set(XCEPTION.embedding_blocks),
            f"The head can use the blocks {', '.join(map(str, XCEPTION.embedding_blocks))}.",
            self.head_blocks,
        )


class Recipe(msgspec.Struct, frozen=True):
    """Everything that decides how a model is made from a data set.

    `training` is None for Quick, which trains the head alone.
    """

    preset: Preset
    training: Training | None = None
    image_size: int = DEFAULT_IMAGE_SIZE  # pixels, both ways
    val_fraction: float = 0.2  # 0..1, of each class; unused where the data set has a split of its own
    max_per_class: int | None = None
    seed: int = 0
    weights: str | None = None  # a file, "none" for random numbers, or the weights that come with the program

    def __post_init__(self) -> None:
        _require(
            MIN_IMAGE_SIZE <= self.image_size <= MAX_IMAGE_SIZE,
            f"The image size must be from {MIN_IMAGE_SIZE} to {MAX_IMAGE_SIZE} pixels.",
            self.image_size,
        )
        _require(0 < self.val_fraction < 1, "The validation part must be between 0 and 1.", self.val_fraction)
        _require(
            self.max_per_class is None or self.max_per_class >= 2,
            "At least two pictures a class are needed.",
            self.max_per_class,
        )
        _require(0 <= self.seed < 2**32, "The seed must be from 0 to 4294967295.", self.seed)
        _require(
            (self.training is None) == (self.preset is Preset.QUICK),
            "Quick trains the head alone, Fine-tune and Tutorial the network too.",
            self.preset,
        )
        _require(
            self.weights != RANDOM_WEIGHTS or self.preset is Preset.TUTORIAL,
            "Only Tutorial can start from random weights: the other recipes build on what the weights know.",
            self.weights,
        )


_TRAINING: dict[Preset, Training | None] = {
    Preset.QUICK: None,
    Preset.FINE_TUNE: Training(
        epochs=5,
        batch_size=16,
        learning_rate=2e-5,
        optimizer=Optimizer.ADAMW,
        augment=Augmentation.FLIPS,
        head=Head.QUICK,
        head_blocks=XCEPTION.embedding_blocks,
        batch_norm=BatchNorm.INFERENCE,
        label_smoothing=0.1,
        weight_decay=1e-4,
    ),
    Preset.TUTORIAL: Training(
        epochs=5,
        batch_size=16,
        learning_rate=1e-3,
        optimizer=Optimizer.SGD,
        augment=Augmentation.FLIPS,
        head=Head.FRESH,
        head_blocks=(14,),
        batch_norm=BatchNorm.TRAINING,
        momentum=0.9,
        decay=1e-6,
    ),
}


def make_recipe(preset: Preset, **fields: Any) -> Recipe:
    """Make a recipe from a preset and what differs from it.

    Args:
        preset: where it starts.
        fields: fields of `Recipe` or of `Training`.

    Raises:
        RecipeError: a field that the preset doesn't have, or a value that it doesn't take.
    """
    unknown = [name for name in fields if name not in {*Recipe.__struct_fields__, *Training.__struct_fields__}]
    if unknown:
        raise RecipeError(f"There is no recipe with such a field. Received: {', '.join(unknown)}")
    training = _TRAINING[preset]
    of_training = {name: fields.pop(name) for name in list(fields) if name in Training.__struct_fields__}
    if of_training and training is None:
        names = ", ".join(name.replace("_", " ") for name in of_training)
        raise RecipeError(f"{preset.capitalize()} trains the head alone and has no {names}. Fine-tune and Tutorial do.")
    if training is not None:
        training = msgspec.structs.replace(training, **of_training)
    return Recipe(preset=preset, training=training, **fields)
