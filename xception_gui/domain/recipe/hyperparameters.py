"""How Xception itself is trained: the hyperparameters, and the table of what people are told of them."""

from enum import StrEnum

import msgspec

from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.recipe.field import Field, Kind, Range, RecipeError, Words, refuse_out_of_range


class Augmentation(StrEnum):
    """What is done to training pictures before each look at them."""

    NONE = "none"
    FLIPS = "flips"  # left and right are exchanged in half of the pictures
    GENTLE = "gentle"  # flips, and small shifts, turns and changes of light


class HeadInit(StrEnum):
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


MAX_EPOCHS = 10_000
"""As many as the table of a run's measurements holds where a model is shared."""

ALL_BLOCKS = "Quick's head looks at all blocks of an embedding ({blocks}). Received: {received}"


class Hyperparameters(msgspec.Struct, frozen=True):
    """How Xception itself is trained. `HYPERPARAMETER_FIELDS` has the ranges."""

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
    momentum: float = 0.0  # SGD only
    decay: float = 0.0  # SGD only: rate / (1 + decay · steps)
    first_trainable_block: int = 1  # the blocks before it stay as they are
    precision: Precision = Precision.AUTO
    early_stopping: int = 0  # epochs without a lower validation loss after which it ends; 0: never
    class_weights: bool = False  # a picture of a rare class counts for more

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
        "How often all pictures are looked at.",
        "times that each picture is learned from",
        Range(1, MAX_EPOCHS),
        took=Range(1),
    ),
    Field(
        "batch_size",
        Kind.WHOLE,
        "Batch size",
        "Pictures in one step. More need more memory.",
        "pictures in one training step",
        Range(1),
    ),
    Field(
        "learning_rate",
        Kind.NUMBER,
        "Learning rate",
        "How large the steps are: too large, and the training goes astray; too small, and it takes long.",
        "length of the steps",
        Range(0, 10, without_low=True),
    ),
    Field(
        "optimizer",
        Kind.CHOICE,
        "Optimizer",
        "What takes the steps, and how the learning rate goes down.",
        "how weights are updated, and how the learning rate falls; sgd: with Nesterov momentum, by --decay; "
        "adamw: with --weight-decay, along a cosine to zero",
        choices=(
            (Optimizer.SGD, "SGD, Nesterov momentum, decay"),
            (Optimizer.ADAMW, "AdamW, cosine decay"),
        ),
    ),
    Field(
        "augment",
        Kind.CHOICE,
        "Augmentation",
        "What is done to a picture before each look at it, so that the model doesn't learn it by heart.",
        "flips: exchange left and right in half of the pictures; "
        "gentle: flips, and small shifts, turns and changes of light",
        choices=(
            (Augmentation.FLIPS, "flips left and right"),
            (Augmentation.GENTLE, "flips; gentle shifts, turns, light"),
            (Augmentation.NONE, "nothing"),
        ),
    ),
    Field(
        "head",
        Kind.CHOICE,
        "Head",
        "Where the last layer starts: from Quick's model, or from random numbers.",
        "where the last layer starts; quick: from Quick's model; fresh: from random numbers",
        choices=((HeadInit.QUICK, "from Quick's model"), (HeadInit.FRESH, "from random numbers")),
    ),
    Field(
        "head_blocks",
        Kind.BLOCKS,
        "Head's blocks",
        "The blocks of Xception that the last layer looks at. Quick's head looks at all of these.",
        "blocks of Xception that the last layer looks at; with --head quick, all of these",
        blocks=XCEPTION.embedding_blocks,
    ),
    Field(
        "first_trainable_block",
        Kind.WHOLE,
        "First trainable block",
        "Blocks before this one stay as they are: 1 trains all of Xception, 13 only its exit flow.",
        "leave the blocks before this one as they are; 1 trains all of Xception, 13 only its exit flow",
        Range(1, XCEPTION.block_count),
    ),
    Field(
        "batch_norm",
        Kind.CHOICE,
        "Batch normalisation",
        "By the statistics of each batch, or by those of the pretrained network.",
        "training: by the statistics of each batch; inference: by those of the pretrained network",
        choices=(
            (BatchNorm.INFERENCE, "pretrained statistics"),
            (BatchNorm.TRAINING, "statistics of each batch"),
        ),
    ),
    Field(
        "label_smoothing",
        Kind.NUMBER,
        "Label smoothing",
        "This share of certainty is spread over all classes, which keeps the model from being too sure.",
        "share of certainty that is spread over all classes",
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
        "momentum",
        Kind.NUMBER,
        "Momentum",
        "How much of the last step goes on in the next one (SGD only).",
        "how much of the last step goes on in the next one (sgd only)",
        Range(0, 1, without_high=True),
        only_with=Optimizer.SGD,
    ),
    Field(
        "decay",
        Kind.NUMBER,
        "Decay",
        "The learning rate becomes rate / (1 + decay · steps) (SGD only).",
        "the learning rate becomes rate / (1 + X · steps) (sgd only)",
        Range(0),
        only_with=Optimizer.SGD,
    ),
    Field(
        "early_stopping",
        Kind.WHOLE,
        "Early stopping",
        "Ends when the validation loss has not become lower for so many epochs; 0 takes them all.",
        "end when the validation loss has not become lower for so many epochs (default: 0, never)",
        Range(0),
    ),
    Field(
        "class_weights",
        Kind.SWITCH,
        "Class weights",
        "Pictures of rare classes count for more. Helps where each class matters as much as another.",
        "let pictures of rare classes count for more, so that all classes count alike",
        choices=((False, "off: each picture counts alike"), (True, "on: each class counts alike")),
    ),
    Field(
        "precision",
        Kind.CHOICE,
        "Precision",
        "What the network computes in. Fewer bits are faster on some machines; the model is always kept in 32.",
        "what the training computes in; auto: the fastest on this machine, which is measured (default)",
        choices=(
            (Precision.AUTO, "the fastest here, measured"),
            (Precision.FLOAT32, "float32"),
            (Precision.BFLOAT16, "bfloat16"),
            (Precision.FLOAT16, "float16"),
        ),
    ),
)
"""In the order in which they are shown."""
