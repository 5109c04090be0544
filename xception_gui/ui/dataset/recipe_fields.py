"""The fields of a recipe as a person meets them under Advanced: term, sentence, how text becomes a value."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from PySide6.QtCore import QCoreApplication

from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.recipe import (
    RANDOM_WEIGHTS,
    Augmentation,
    BatchNorm,
    Head,
    Optimizer,
    Precision,
    Preset,
    Recipe,
    RecipeError,
    make_recipe,
)


class Kind(Enum):
    """How a field is edited."""

    WHOLE = "a whole number"
    NUMBER = "a number"
    OPTIONAL = "a whole number or nothing"
    CHOICE = "one of several"
    BLOCKS = "numbers of blocks"
    FILE = "a file"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of `Recipe` or `Training`."""

    name: str
    kind: Kind
    term: str
    sentence: str
    choices: tuple[tuple[str, str], ...] = ()  # value, words


def tr(text: str) -> str:
    """Translate a text of this file."""
    return QCoreApplication.translate("recipe_fields", text)


def fields_of(preset: Preset) -> list[Field]:
    """List the fields that a preset has: those of every recipe, then those of a training of the network."""
    return _of_every_recipe() + ([] if preset is Preset.QUICK else _of_training())


def text_of(recipe: Recipe, field: Field) -> str:
    """Write the value of a field as a person types it."""
    owner = recipe if field.name in Recipe.__struct_fields__ else recipe.training
    value = getattr(owner, field.name)
    if value is None:
        return ""
    if field.kind is Kind.BLOCKS:
        return ", ".join(str(block) for block in value)
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def value_of(field: Field, text: str) -> Any:
    """Read what a person typed.

    Raises:
        RecipeError: it can't be read; the message says what is expected.
    """
    text = text.strip()
    try:
        match field.kind:
            case Kind.WHOLE:
                return int(text)
            case Kind.NUMBER:
                return float(text.replace(",", "."))
            case Kind.OPTIONAL:
                return int(text) if text else None
            case Kind.BLOCKS:
                return tuple(int(part) for part in text.replace(",", " ").split())
            case Kind.FILE:
                return text or None
            case Kind.CHOICE:
                return _CHOICES[field.name](text)
    except (ValueError, KeyError) as error:
        raise RecipeError(_expected(field.kind)) from error


def recipe_from(preset: Preset, typed: dict[str, str]) -> tuple[Recipe | None, dict[str, str]]:
    """Make a recipe from what was typed.

    Args:
        preset: where it starts.
        typed: text by field name; only fields of the preset.

    Returns:
        The recipe, None if it isn't valid; and what is wrong by field name (by "" where no single field is wrong).
    """
    wrong: dict[str, str] = {}
    values: dict[str, Any] = {}
    for field in fields_of(preset):
        if field.name not in typed:
            continue
        try:
            values[field.name] = value_of(field, typed[field.name])
            make_recipe(preset, **_alone(preset, field.name, values[field.name]))
        except RecipeError as error:
            wrong[field.name] = str(error)
    if wrong:
        return None, wrong
    try:
        return make_recipe(preset, **values), {}
    except RecipeError as error:
        return None, {"": str(error)}


def _alone(preset: Preset, name: str, value: Any) -> dict[str, Any]:
    """Give a field as it can be judged without the others: blocks with a head that takes any."""
    if name == "head_blocks":
        return {name: value, "head": Head.FRESH}
    if name == "head":
        return {name: value, "head_blocks": XCEPTION.embedding_blocks}
    return {name: value}


def _switch(text: str) -> bool:
    return {str(False): False, str(True): True}[text]


_CHOICES: dict[str, Callable[[str], Any]] = {
    "optimizer": Optimizer,
    "augment": Augmentation,
    "head": Head,
    "batch_norm": BatchNorm,
    "precision": Precision,
    "class_weights": _switch,
}


def _expected(kind: Kind) -> str:
    return {
        Kind.WHOLE: tr("This must be a whole number."),
        Kind.NUMBER: tr("This must be a number, such as 0.001 or 1e-3."),
        Kind.OPTIONAL: tr("This must be a whole number, or empty."),
        Kind.BLOCKS: tr("These must be numbers of blocks, such as 12, 14."),
        Kind.CHOICE: tr("Choose one of the list."),
        Kind.FILE: tr("This must be a file."),
    }[kind]


def _of_every_recipe() -> list[Field]:
    return [
        Field(
            "val_fraction",
            Kind.NUMBER,
            tr("Validation share"),
            tr("This share of each class is not learned from; the model is tested on it."),
        ),
        Field(
            "max_per_class",
            Kind.OPTIONAL,
            tr("Most pictures of a class"),
            tr("Takes at most so many pictures of each class; empty takes all."),
        ),
        Field(
            "seed",
            Kind.WHOLE,
            tr("Seed"),
            tr("Decides which pictures are kept for testing. The same seed, the same split."),
        ),
        Field(
            "image_size",
            Kind.WHOLE,
            tr("Image size"),
            tr("Pictures are stretched to so many pixels, both ways. Smaller is faster and less precise."),
        ),
        Field(
            "weights",
            Kind.FILE,
            tr("Weights"),
            tr(
                "A file of Keras' Xception to start from; empty takes the ImageNet weights of this program. "
                "Tutorial also knows “none”: random numbers."
            ).replace("none", RANDOM_WEIGHTS),
        ),
    ]


def _of_training() -> list[Field]:
    return [
        Field("epochs", Kind.WHOLE, tr("Epochs"), tr("How often all pictures are looked at.")),
        Field("batch_size", Kind.WHOLE, tr("Batch size"), tr("Pictures in one step. More need more memory.")),
        Field(
            "learning_rate",
            Kind.NUMBER,
            tr("Learning rate"),
            tr("How large the steps are: too large, and the training goes astray; too small, and it takes long."),
        ),
        Field(
            "optimizer",
            Kind.CHOICE,
            tr("Optimizer"),
            tr("What takes the steps, and how the learning rate goes down."),
            (
                (Optimizer.SGD, tr("SGD, Nesterov momentum, decay")),
                (Optimizer.ADAMW, tr("AdamW, cosine decay")),
            ),
        ),
        Field(
            "augment",
            Kind.CHOICE,
            tr("Augmentation"),
            tr("What is done to a picture before each look at it, so that the model doesn't learn it by heart."),
            (
                (Augmentation.FLIPS, tr("flips left and right")),
                (Augmentation.GENTLE, tr("flips; gentle shifts, turns, light")),
                (Augmentation.NONE, tr("nothing")),
            ),
        ),
        Field(
            "head",
            Kind.CHOICE,
            tr("Head"),
            tr("Where the last layer starts: from Quick's model, or from random numbers."),
            ((Head.QUICK, tr("from Quick's model")), (Head.FRESH, tr("from random numbers"))),
        ),
        Field(
            "head_blocks",
            Kind.BLOCKS,
            tr("Head's blocks"),
            tr("The blocks of Xception that the last layer looks at. Quick's head looks at all of these."),
        ),
        Field(
            "first_trainable_block",
            Kind.WHOLE,
            tr("First trainable block"),
            tr("Blocks before this one stay as they are: 1 trains all of Xception, 13 only its exit flow."),
        ),
        Field(
            "batch_norm",
            Kind.CHOICE,
            tr("Batch normalisation"),
            tr("By the statistics of each batch, or by those of the pretrained network."),
            (
                (BatchNorm.INFERENCE, tr("pretrained statistics")),
                (BatchNorm.TRAINING, tr("statistics of each batch")),
            ),
        ),
        Field(
            "label_smoothing",
            Kind.NUMBER,
            tr("Label smoothing"),
            tr("This share of certainty is spread over all classes, which keeps the model from being too sure."),
        ),
        Field("weight_decay", Kind.NUMBER, tr("Weight decay"), tr("Pulls the weights towards zero (AdamW only).")),
        Field(
            "momentum", Kind.NUMBER, tr("Momentum"), tr("How much of the last step goes on in the next one (SGD only).")
        ),
        Field(
            "decay", Kind.NUMBER, tr("Decay"), tr("The learning rate becomes rate / (1 + decay · steps) (SGD only).")
        ),
        Field(
            "early_stopping",
            Kind.WHOLE,
            tr("Early stopping"),
            tr("Ends when the validation loss has not become lower for so many epochs; 0 takes them all."),
        ),
        Field(
            "class_weights",
            Kind.CHOICE,
            tr("Class weights"),
            tr("Pictures of rare classes count for more. Helps where each class matters as much as another."),
            ((str(False), tr("off: each picture counts alike")), (str(True), tr("on: each class counts alike"))),
        ),
        Field(
            "precision",
            Kind.CHOICE,
            tr("Precision"),
            tr("What the network computes in. Fewer bits are faster on some machines; the model is always kept in 32."),
            (
                (Precision.AUTO, tr("the fastest here, measured")),
                (Precision.FLOAT32, "float32"),
                (Precision.BFLOAT16, "bfloat16"),
                (Precision.FLOAT16, "float16"),
            ),
        ),
    ]
