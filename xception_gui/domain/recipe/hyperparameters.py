"""Hyperparameters of training Xception itself, and the table of their fields and texts."""

from enum import StrEnum

import msgspec

from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.recipe.field import Field, Kind, Range, RecipeError, Words, refuse_out_of_range


class Augmentation(StrEnum):
    """Random changes to training pictures, made anew in each epoch."""

    NONE = "none"
    FLIPS = "flips"  # half of the pictures are mirrored left to right
    GENTLE = "gentle"  # flips, plus small shifts, turns and changes of light
    VARIED = "varied"  # larger shifts and turns, zooms and shears; flips only if mirrored pictures keep their class


class HeadInit(StrEnum):
    """Initialisation of the head."""

    QUICK = "quick"  # from Quick's softmax regression: linear probing, then fine-tuning (arXiv 2202.10054)
    FRESH = "fresh"  # from random weights


class BatchNorm(StrEnum):
    """Statistics of batch normalisation during training."""

    TRAINING = "training"  # those of each batch; the moving averages are updated
    INFERENCE = "inference"  # the pretrained ones, frozen


class Optimizer(StrEnum):
    """How weights are updated, and how the learning rate falls."""

    SGD = "sgd"  # Nesterov momentum, inverse time decay, as in the tutorial
    ADAMW = "adamw"  # cosine decay to zero


class SizeChoice(StrEnum):
    """Size of the pictures that the network is trained on."""

    FIXED = "fixed"  # the training size, or the recipe's if that is smaller
    SUITED = "suited"  # whichever of the two Quick does better with


class Precision(StrEnum):
    """Number format of a training. Weights, batch normalisation, head and loss are always float32."""

    AUTO = "auto"  # the fastest on this computer, measured
    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    FLOAT16 = "float16"  # with a scaled loss


MAX_EPOCHS = 10_000
"""As many as the table of measurements holds in a shared model."""

ALL_BLOCKS = "Quick's head needs all blocks of an embedding ({blocks}). Received: {received}"


class Hyperparameters(msgspec.Struct, frozen=True):
    """Settings for training Xception itself. `HYPERPARAMETER_FIELDS` has their ranges."""

    epochs: int
    batch_size: int
    learning_rate: float
    optimizer: Optimizer
    augment: Augmentation
    head: HeadInit
    head_blocks: tuple[int, ...]
    batch_norm: BatchNorm
    label_smoothing: float = 0.0
    weight_decay: float = 0.0  # AdamW only
    warm_up: float = 0.0  # AdamW only: share of the training in which the rate rises
    layer_decay: float = 1.0  # learning rate of a block as a share of the next one's
    momentum: float = 0.0  # SGD only
    decay: float = 0.0  # SGD only: rate / (1 + decay · steps)
    first_trainable_block: int = 1  # earlier blocks are frozen
    precision: Precision = Precision.AUTO
    train_size: int | None = None  # pixels, if smaller than the recipe's picture size; None: that size
    size_choice: SizeChoice = SizeChoice.FIXED
    early_stopping: int = 0  # epochs without a lower validation loss before training stops; 0: never
    class_weights: bool = False  # pictures of rare classes count more

    def __post_init__(self) -> None:
        refuse_out_of_range(self, HYPERPARAMETER_FIELDS)
        if self.head is HeadInit.QUICK and self.head_blocks != XCEPTION.embedding_blocks:
            blocks, received = (", ".join(map(str, some)) for some in (XCEPTION.embedding_blocks, self.head_blocks))
            raise RecipeError(Words(ALL_BLOCKS, {"blocks": blocks, "received": received}))


HYPERPARAMETER_FIELDS = (
    Field(
        "epochs",
        Kind.WHOLE,
        "Epochs",
        "How many times training goes through all pictures.",
        "passes through all training pictures",
        Range(1, MAX_EPOCHS),
        took=Range(1),
    ),
    Field(
        "batch_size",
        Kind.WHOLE,
        "Batch size",
        "Pictures per training step. More pictures need more memory.",
        "pictures per training step",
        Range(1),
    ),
    Field(
        "learning_rate",
        Kind.NUMBER,
        "Learning rate",
        "The size of each step. Too large: training becomes unstable. Too small: training is slow.",
        "size of each training step",
        Range(0, 10, without_low=True),
    ),
    Field(
        "optimizer",
        Kind.CHOICE,
        "Optimizer",
        "How weights are updated, and how the learning rate falls.",
        "how weights are updated, and how the learning rate falls; sgd: Nesterov momentum and --decay; "
        "adamw: --weight-decay and cosine decay to zero",
        choices=(
            (Optimizer.SGD, "SGD, Nesterov momentum, decay"),
            (Optimizer.ADAMW, "AdamW, cosine decay"),
        ),
    ),
    Field(
        "augment",
        Kind.CHOICE,
        "Augmentation",
        "Random changes to the training pictures, so that the model doesn't learn them by heart.",
        "random changes to training pictures; flips: mirror half of them left to right; "
        "gentle: flips, plus small shifts, turns and changes of light; "
        "varied: larger shifts and turns, zooms and shears, and flips if Quick does equally well on mirrored pictures",
        choices=(
            (Augmentation.VARIED, "Varied shifts, turns, zooms, shears"),
            (Augmentation.FLIPS, "Flips left to right"),
            (Augmentation.GENTLE, "Flips; gentle shifts, turns, light"),
            (Augmentation.NONE, "None"),
        ),
    ),
    Field(
        "head",
        Kind.CHOICE,
        "Head",
        "How the last layer starts: from Quick's model, or from random weights.",
        "how the last layer starts; quick: from Quick's model; fresh: from random weights",
        choices=((HeadInit.QUICK, "From Quick's model"), (HeadInit.FRESH, "From random weights")),
    ),
    Field(
        "head_blocks",
        Kind.BLOCKS,
        "Head blocks",
        "The blocks of Xception that the last layer uses. Quick's head uses all of these.",
        "blocks of Xception that the last layer uses; all of these with --head quick",
        blocks=XCEPTION.embedding_blocks,
    ),
    Field(
        "train_size",
        Kind.OPTIONAL,
        "Training size",
        "Pictures are resized to this many pixels square for Xception's training and for the trained model, if that is "
        "smaller than the picture size. Leave empty for the picture size.",
        "size of the pictures that the network is trained on and then used for, in pixels, if below the picture size",
        Range(XCEPTION.min_image_size),
    ),
    Field(
        "size_choice",
        Kind.CHOICE,
        "Choice of size",
        "Always the training size, or the full picture size for fewer epochs where Quick does better with it.",
        "fixed: always train at the training size; suited: if Quick does better at the full picture size, train at "
        "that size, for fewer epochs that take the same time",
        choices=((SizeChoice.SUITED, "Whichever suits the pictures"), (SizeChoice.FIXED, "Always the training size")),
    ),
    Field(
        "first_trainable_block",
        Kind.WHOLE,
        "First trainable block",
        "Blocks before this one stay unchanged. 1 trains all of Xception, 13 only its exit flow.",
        "keep the blocks before this one unchanged; 1 trains all of Xception, 13 only its exit flow",
        Range(1, XCEPTION.block_count),
    ),
    Field(
        "batch_norm",
        Kind.CHOICE,
        "Batch normalisation",
        "Uses the statistics of each batch, or those of the pretrained network.",
        "training: use the statistics of each batch; inference: use those of the pretrained network",
        choices=(
            (BatchNorm.INFERENCE, "Pretrained statistics"),
            (BatchNorm.TRAINING, "Statistics of each batch"),
        ),
    ),
    Field(
        "label_smoothing",
        Kind.NUMBER,
        "Label smoothing",
        "Spreads this share of certainty over all classes, so that the model doesn't become too sure.",
        "share of certainty to spread over all classes",
        Range(0, 1, without_high=True),
    ),
    Field(
        "weight_decay",
        Kind.NUMBER,
        "Weight decay",
        "Pulls the weights towards zero (AdamW only).",
        "how strongly weights are pulled towards zero (adamw only)",
        Range(0),
        only_with=Optimizer.ADAMW,
    ),
    Field(
        "warm_up",
        Kind.NUMBER,
        "Warm-up",
        "The learning rate rises from zero over this share of the training (AdamW only).",
        "the learning rate rises from zero over this share of the training (adamw only)",
        Range(0, 1, without_high=True),
        only_with=Optimizer.ADAMW,
    ),
    Field(
        "layer_decay",
        Kind.NUMBER,
        "Layer decay",
        "The learning rate of each block is this share of the next one's: early blocks change less.",
        "learning rate of each block, as a share of the next one's",
        Range(0, 1, without_low=True),
    ),
    Field(
        "momentum",
        Kind.NUMBER,
        "Momentum",
        "How much of the last step is carried into the next (SGD only).",
        "how much of the last step is carried into the next (sgd only)",
        Range(0, 1, without_high=True),
        only_with=Optimizer.SGD,
    ),
    Field(
        "decay",
        Kind.NUMBER,
        "Decay",
        "The learning rate falls to rate / (1 + decay · steps) (SGD only).",
        "the learning rate falls to rate / (1 + X · steps) (sgd only)",
        Range(0),
        only_with=Optimizer.SGD,
    ),
    Field(
        "early_stopping",
        Kind.WHOLE,
        "Early stopping",
        "Stop if validation loss hasn't improved for this many epochs (0 = never).",
        "stop if validation loss hasn't improved for this many epochs (default: 0, never)",
        Range(0),
    ),
    Field(
        "class_weights",
        Kind.SWITCH,
        "Class weights",
        "Pictures of rare classes count more. Helps if every class matters equally.",
        "make pictures of rare classes count more, so that all classes count equally",
        choices=((False, "Off: all pictures count equally"), (True, "On: all classes count equally")),
    ),
    Field(
        "precision",
        Kind.CHOICE,
        "Precision",
        "Number format used in training. Fewer bits are faster on some computers. Saved models always use 32-bit.",
        "number format used in training; auto: the fastest on this computer, measured (default)",
        choices=(
            (Precision.AUTO, "Fastest on this computer"),
            (Precision.FLOAT32, "float32"),
            (Precision.BFLOAT16, "bfloat16"),
            (Precision.FLOAT16, "float16"),
        ),
    ),
)
"""The fields, in display order."""
