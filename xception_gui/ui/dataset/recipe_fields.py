"""The fields of a recipe in Advanced settings: the domain's table, in the language of the window."""

from collections.abc import Iterator, Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from xception_gui.domain.recipe import (
    PRESETS,
    Preset,
    Recipe,
    fields_of,
    make_recipe,
)
from xception_gui.domain.recipe.field import OUT_OF_RANGE, RANGE_TEMPLATES, SOME_OF, Field, Kind, RecipeError, Words
from xception_gui.domain.recipe.hyperparameters import ALL_BLOCKS, HYPERPARAMETER_FIELDS
from xception_gui.domain.recipe.recipe import NO_RANDOM_WEIGHTS, RECIPE_FIELDS

ALLOWED = "Allowed: {allowed}."


def tr(text: str) -> str:
    """Translate a text of the domain's tables of recipes; `recipe_texts` lists them all."""
    return QCoreApplication.translate("recipe_fields", text)


def recipe_texts() -> Iterator[str]:
    """List all texts that are translated in the context “recipe_fields”.

    They are in tables of the domain, where lupdate doesn't find them: a translation takes them from here.
    """
    for field in (*RECIPE_FIELDS, *HYPERPARAMETER_FIELDS):
        yield from (field.term, field.sentence, *(words for _, words in field.choices))
    for traits in PRESETS.values():
        yield from (traits.title, traits.sentence, traits.technique)
    yield from (kind.value for kind in Kind)
    yield from RANGE_TEMPLATES.values()
    yield from (OUT_OF_RANGE, SOME_OF, ALLOWED, ALL_BLOCKS, NO_RANDOM_WEIGHTS)


def sentence_of(field: Field) -> str:
    """Return the description of a field, and the values that it takes."""
    if field.allowed is None:
        return tr(field.sentence)
    return f"{tr(field.sentence)} {Words(ALLOWED, {'allowed': field.allowed}).said(tr)}"


def recipe_from(preset: Preset, typed: Mapping[str, str]) -> tuple[Recipe | None, dict[str, str]]:
    """Make a recipe from what was typed.

    Args:
        preset: with the default values.
        typed: text by field name; only fields of the preset.

    Returns:
        The recipe, None if it isn't valid; and the errors by field name ("": an error of no single field).
    """
    wrong: dict[str, str] = {}
    values: dict[str, Any] = {}
    for field in fields_of(preset):
        if field.name not in typed:
            continue
        try:
            values[field.name] = field.value_of(typed[field.name])
            field.refuse(values[field.name])
        except RecipeError as error:
            wrong[field.name] = error.words.said(tr)
    if wrong:
        return None, wrong
    try:
        return make_recipe(preset, **values), {}
    except RecipeError as error:
        return None, {error.field: error.words.said(tr)}
