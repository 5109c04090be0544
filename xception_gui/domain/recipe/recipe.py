"""A recipe: one frozen, validated value that says how a model is made from a data set."""

from collections.abc import Callable
from typing import Any

import msgspec

from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.recipe.field import Field, Kind, Range, RecipeError, Words, refuse_out_of_range
from xception_gui.domain.recipe.hyperparameters import HYPERPARAMETER_FIELDS, HeadInit, Hyperparameters
from xception_gui.domain.recipe.presets import PRESETS, Preset, PresetTraits

DEFAULT_IMAGE_SIZE = XCEPTION.default_image_size
"""Pixels: what the pretrained weights were made with."""

MIN_IMAGE_SIZE = XCEPTION.min_image_size
"""Pixels."""

MAX_IMAGE_SIZE = 1024
"""Pixels: one embedding takes a second there, one training step some 10 GB."""

RANDOM_WEIGHTS = "none"
"""In the place of a weights file: start from random numbers."""

NO_RANDOM_WEIGHTS = (
    "Only {presets} can start from random weights: the other recipes build on what the weights know. "
    "Received: {received}"
)


class Recipe(msgspec.Struct, frozen=True):
    """Everything that decides how a model is made from a data set. `RECIPE_FIELDS` has the ranges."""

    preset: Preset
    training: Hyperparameters | None = None  # of the network; None: the head alone is trained
    image_size: int = DEFAULT_IMAGE_SIZE  # pixels, both ways
    val_fraction: float = 0.2  # of each class; unused where the data set has a split of its own
    max_per_class: int | None = None
    seed: int = 0
    weights: str | None = None  # a file, "none" for random numbers, or the weights that come with the program

    def __post_init__(self) -> None:
        refuse_out_of_range(self, RECIPE_FIELDS)
        traits = PRESETS[self.preset]
        if self.trains_network != traits.trains_network:
            what = "the network" if traits.trains_network else "the head alone"
            gaps = {"preset": traits.title, "what": what, "received": self.training}
            raise RecipeError(Words("{preset} trains {what}. Received: {received}", gaps))
        if self.has_random_weights and not traits.takes_random_weights:
            gaps = {"presets": _titles(lambda some: some.takes_random_weights), "received": self.weights}
            raise RecipeError(Words(NO_RANDOM_WEIGHTS, gaps), "weights")

    @property
    def trains_network(self) -> bool:
        """Whether Xception itself is trained, not its head alone."""
        return self.training is not None

    @property
    def hyperparameters(self) -> Hyperparameters:
        """Those of a recipe that trains the network; others have none."""
        assert self.training is not None
        return self.training

    @property
    def starts_from_quick(self) -> bool:
        """Whether the training of the network starts from Quick's model."""
        return self.training is not None and self.training.head is HeadInit.QUICK

    @property
    def fits_quick(self) -> bool:
        """Whether Quick's head is fitted on embeddings of all pictures: to be the model, or the start of a training."""
        return not self.trains_network or self.starts_from_quick

    @property
    def has_random_weights(self) -> bool:
        """Whether it starts from random numbers instead of weights that have seen pictures."""
        return self.weights == RANDOM_WEIGHTS

    def value_of(self, field: Field) -> Any:
        """Return the value of a field; None for a hyperparameter where the network isn't trained."""
        return getattr(self if field in RECIPE_FIELDS else self.training, field.name, None)


RECIPE_FIELDS = (
    Field(
        "val_fraction",
        Kind.NUMBER,
        "Validation share",
        "This share of each class is not learned from; the model is tested on it.",
        "share of each class kept for validation (default: 0.2)",
        Range(0, 1, without_low=True, without_high=True),
    ),
    Field(
        "max_per_class",
        Kind.OPTIONAL,
        "Most pictures of a class",
        "Takes at most so many pictures of each class; empty takes all.",
        "take a sample of so many pictures of each class",
        Range(2),
    ),
    Field(
        "seed",
        Kind.WHOLE,
        "Seed",
        "Decides which pictures are kept for testing. The same seed, the same split.",
        "decides sample, split and order (default: 0)",
        Range(0, 2**32 - 1),
    ),
    Field(
        "image_size",
        Kind.WHOLE,
        "Image size",
        "Pictures are stretched to so many pixels, both ways. Smaller is faster and less precise.",
        "pixels, both ways (default: 299)",
        Range(MIN_IMAGE_SIZE, MAX_IMAGE_SIZE),
    ),
    Field(
        "weights",
        Kind.FILE,
        "Weights",
        "A file of Keras' Xception to start from; empty takes the ImageNet weights of this program. "
        f"Tutorial also knows “{RANDOM_WEIGHTS}”: random numbers.",
        "Xception's weights as Keras publishes them, instead of those that come with the program; "
        f"{RANDOM_WEIGHTS}: start from random weights (tutorial only)",
    ),
)
"""Those that every preset has, in the order in which they are shown."""


def fields_of(preset: Preset) -> tuple[Field, ...]:
    """List the fields that a preset has: those of every recipe, then those of a training of the network."""
    return RECIPE_FIELDS + (HYPERPARAMETER_FIELDS if PRESETS[preset].trains_network else ())


def make_recipe(preset: Preset, **values: Any) -> Recipe:
    """Make a recipe from a preset and what differs from it.

    Args:
        preset: where it starts.
        values: by the names of fields.

    Raises:
        RecipeError: a field that the preset doesn't have, or a value that it doesn't take.
    """
    traits = PRESETS[preset]
    own = {field.name: values.pop(field.name) for field in HYPERPARAMETER_FIELDS if field.name in values}
    unknown = values.keys() - {field.name for field in RECIPE_FIELDS}
    if unknown:
        gaps = {"received": ", ".join(sorted(unknown))}
        raise RecipeError(Words("There is no recipe with such a field. Received: {received}", gaps))
    if own and traits.hyperparameters is None:
        names = ", ".join(name.replace("_", " ") for name in own)
        gaps = {"preset": traits.title, "names": names, "others": _titles(lambda some: some.trains_network)}
        raise RecipeError(Words("{preset} trains the head alone and has no {names}. {others} do.", gaps))
    for field in fields_of(preset):
        field.refuse((values | own).get(field.name))
    training = msgspec.structs.replace(traits.hyperparameters, **own) if traits.hyperparameters is not None else None
    return Recipe(preset=preset, training=training, **values)


def _titles(has: Callable[[PresetTraits], bool]) -> str:
    """List the titles of the presets that have a trait."""
    return " and ".join(traits.title for traits in PRESETS.values() if has(traits))
