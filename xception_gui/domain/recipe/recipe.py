"""A recipe: one frozen, validated value with all settings for training a model."""

from collections.abc import Callable
from typing import Any

import msgspec

from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.recipe.field import Field, Kind, Range, RecipeError, Words, refuse_out_of_range
from xception_gui.domain.recipe.hyperparameters import HYPERPARAMETER_FIELDS, HeadInit, Hyperparameters, SizeChoice
from xception_gui.domain.recipe.presets import PRESETS, Preset, PresetTraits

DEFAULT_IMAGE_SIZE = XCEPTION.default_image_size
"""Pixels: the size that the pretrained weights were trained at."""

MIN_IMAGE_SIZE = XCEPTION.min_image_size
"""Pixels."""

MAX_IMAGE_SIZE = 1024
"""Pixels. At this size, one embedding takes a second, and one training step about 10 GB."""

RANDOM_WEIGHTS = "none"
"""In place of a weights file: start from random weights."""

NO_RANDOM_WEIGHTS = (
    "Only {presets} can start from random weights: the other recipes build on pretrained ones. Received: {received}"
)


class Recipe(msgspec.Struct, frozen=True):
    """All settings that decide which model is trained on a data set. `RECIPE_FIELDS` has their ranges."""

    preset: Preset
    training: Hyperparameters | None = None  # of the network; None: only the head is trained
    image_size: int = DEFAULT_IMAGE_SIZE  # pixels, width and height
    val_fraction: float = 0.2  # of each class; unused if the data set has its own split
    max_per_class: int | None = None
    seed: int = 0
    weights: str | None = None  # a file, or "none" for random weights; None: the weights that come with the program

    def __post_init__(self) -> None:
        refuse_out_of_range(self, RECIPE_FIELDS)
        traits = PRESETS[self.preset]
        if self.trains_network != traits.trains_network:
            what = "the network" if traits.trains_network else "only the last layer"
            gaps = {"preset": traits.title, "what": what, "received": self.training}
            raise RecipeError(Words("{preset} trains {what}. Received: {received}", gaps))
        if self.has_random_weights and not traits.takes_random_weights:
            gaps = {"presets": _titles(lambda some: some.takes_random_weights), "received": self.weights}
            raise RecipeError(Words(NO_RANDOM_WEIGHTS, gaps), "weights")

    @property
    def trains_network(self) -> bool:
        """Whether Xception itself is trained, not only its head."""
        return self.training is not None

    @property
    def hyperparameters(self) -> Hyperparameters:
        """The hyperparameters of a recipe that trains the network; other recipes have none."""
        assert self.training is not None
        return self.training

    @property
    def network_size(self) -> int:
        """Picture size, in pixels, that the network is trained at; Quick's models are always of `image_size`."""
        smaller = self.training.train_size if self.training is not None else None
        return self.image_size if smaller is None else min(smaller, self.image_size)

    @property
    def may_be_larger(self) -> bool:
        """Whether the network may be trained at the full picture size instead of the training size."""
        chooses = self.training is not None and self.training.size_choice is SizeChoice.SUITED
        return chooses and self.starts_from_quick and self.network_size < self.image_size

    @property
    def at_full_size(self) -> "Recipe":
        """The recipe on pictures of the full size, for as many epochs as take the same time: a step takes as long as
        its pictures have pixels."""
        share = (self.network_size / self.image_size) ** 2
        epochs = max(1, round(self.hyperparameters.epochs * share))
        return msgspec.structs.replace(
            self, training=msgspec.structs.replace(self.hyperparameters, train_size=None, epochs=epochs)
        )

    def suited(self, *, needs_details: bool) -> "Recipe":
        """Return the recipe with the size that suits the pictures: the full one if small pictures hide what counts."""
        return self.at_full_size if self.may_be_larger and needs_details else self

    @property
    def starts_from_quick(self) -> bool:
        """Whether the training of the network starts from Quick's model."""
        return self.training is not None and self.training.head is HeadInit.QUICK

    @property
    def fits_quick(self) -> bool:
        """Whether Quick's head is fitted on embeddings of all pictures, as the model or as the start of a training."""
        return not self.trains_network or self.starts_from_quick

    @property
    def has_random_weights(self) -> bool:
        """Whether training starts from random weights instead of pretrained ones."""
        return self.weights == RANDOM_WEIGHTS

    def value_of(self, field: Field) -> Any:
        """Return the value of a field; None for hyperparameters if the network isn't trained."""
        return getattr(self if field in RECIPE_FIELDS else self.training, field.name, None)


RECIPE_FIELDS = (
    Field(
        "val_fraction",
        Kind.NUMBER,
        "Validation share",
        "The share of each class that is set aside as validation pictures.",
        "share of each class set aside for validation (default: 0.2)",
        Range(0, 1, without_low=True, without_high=True),
    ),
    Field(
        "max_per_class",
        Kind.OPTIONAL,
        "Limit per class",
        "Leave empty to use all pictures.",
        "use a sample of at most this many pictures per class",
        Range(2),
    ),
    Field(
        "seed",
        Kind.WHOLE,
        "Seed",
        "Decides which pictures are used for validation. The same seed gives the same split.",
        "random seed of sample, split and order (default: 0)",
        Range(0, 2**32 - 1),
    ),
    Field(
        "image_size",
        Kind.WHOLE,
        "Picture size",
        "Pictures are resized to this many pixels square. Smaller is faster but less accurate.",
        "picture size: width and height in pixels (default: 299)",
        Range(MIN_IMAGE_SIZE, MAX_IMAGE_SIZE),
    ),
    Field(
        "weights",
        Kind.FILE,
        "Weights",
        "A weights file of Keras' Xception to start from. Leave empty for the program's ImageNet weights. "
        f"For Tutorial, type “{RANDOM_WEIGHTS}” to start from random weights.",
        "weights file of Keras' Xception, instead of the weights that come with the program; "
        f"{RANDOM_WEIGHTS}: start from random weights (tutorial only)",
    ),
)
"""The fields that every preset has, in display order."""


def fields_of(preset: Preset) -> tuple[Field, ...]:
    """List the fields of a preset: first those of every recipe, then the hyperparameters."""
    return RECIPE_FIELDS + (HYPERPARAMETER_FIELDS if PRESETS[preset].trains_network else ())


def make_recipe(preset: Preset, **values: Any) -> Recipe:
    """Make a recipe from a preset and the values that differ from it.

    Args:
        preset: the preset.
        values: by field name.

    Raises:
        RecipeError: the preset doesn't have a field, or a field doesn't allow its value.
    """
    traits = PRESETS[preset]
    own = {field.name: values.pop(field.name) for field in HYPERPARAMETER_FIELDS if field.name in values}
    unknown = values.keys() - {field.name for field in RECIPE_FIELDS}
    if unknown:
        gaps = {"received": ", ".join(sorted(unknown))}
        raise RecipeError(Words("No recipe has this setting. Received: {received}", gaps))
    if own and traits.hyperparameters is None:
        names = ", ".join(name.replace("_", " ") for name in own)
        gaps = {"preset": traits.title, "names": names, "others": _titles(lambda some: some.trains_network)}
        raise RecipeError(Words("{preset} trains only the last layer and has no {names}. Only {others} do.", gaps))
    for field in fields_of(preset):
        field.refuse((values | own).get(field.name))
    training = msgspec.structs.replace(traits.hyperparameters, **own) if traits.hyperparameters is not None else None
    return Recipe(preset=preset, training=training, **values)


def quick_recipe(recipe: Recipe) -> Recipe:
    """Return Quick's recipe with those settings of another one that every preset has."""
    return make_recipe(Preset.QUICK, **{field.name: recipe.value_of(field) for field in RECIPE_FIELDS})


def _titles(has: Callable[[PresetTraits], bool]) -> str:
    """Join the titles of the presets that have a trait."""
    return " and ".join(traits.title for traits in PRESETS.values() if has(traits))
