"""Recipes: how a model is trained, the presets that recipes start from, and a table of all their fields.

To add a field: its line and its row in `hyperparameters` (in `recipe` if every preset has the field), and the code
that uses it. To add a preset: its name and its entry in `presets`.
"""

from xception_gui.domain.recipe.field import Field, Kind, Range, RecipeError, Words
from xception_gui.domain.recipe.hyperparameters import (
    HYPERPARAMETER_FIELDS,
    Augmentation,
    BatchNorm,
    HeadInit,
    Hyperparameters,
    Optimizer,
    Precision,
    SizeChoice,
)
from xception_gui.domain.recipe.presets import DEFAULT_PRESET, PRESETS, Preset, PresetTraits
from xception_gui.domain.recipe.recipe import (
    DEFAULT_IMAGE_SIZE,
    MAX_IMAGE_SIZE,
    MIN_IMAGE_SIZE,
    RANDOM_WEIGHTS,
    RECIPE_FIELDS,
    Recipe,
    fields_of,
    make_recipe,
    quick_recipe,
)

__all__ = [
    "DEFAULT_IMAGE_SIZE",
    "DEFAULT_PRESET",
    "HYPERPARAMETER_FIELDS",
    "MAX_IMAGE_SIZE",
    "MIN_IMAGE_SIZE",
    "PRESETS",
    "RANDOM_WEIGHTS",
    "RECIPE_FIELDS",
    "Augmentation",
    "BatchNorm",
    "Field",
    "HeadInit",
    "Hyperparameters",
    "Kind",
    "Optimizer",
    "Precision",
    "Preset",
    "PresetTraits",
    "Range",
    "Recipe",
    "RecipeError",
    "SizeChoice",
    "Words",
    "fields_of",
    "make_recipe",
    "quick_recipe",
]
