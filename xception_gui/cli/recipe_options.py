"""The options of a recipe, generated from the tables of presets and fields."""

import argparse
from collections.abc import Callable
from typing import Any

from xception_gui.cli.arguments import file_name, option_of
from xception_gui.domain.recipe import (
    DEFAULT_PRESET,
    HYPERPARAMETER_FIELDS,
    PRESETS,
    RANDOM_WEIGHTS,
    RECIPE_FIELDS,
    Field,
    Kind,
    Preset,
    Recipe,
    RecipeError,
    Words,
    make_recipe,
)
from xception_gui.files.absolute_paths import absolute_path

AUTO = "auto"
"""In place of a preset: the better one of Quick and Fine-tune, found out by a trial."""

FIELDS = RECIPE_FIELDS + HYPERPARAMETER_FIELDS

_METAVARS = {
    Kind.WHOLE: "N",
    Kind.OPTIONAL: "N",
    Kind.NUMBER: "X",
    Kind.BLOCKS: "N,N",
    Kind.FILE: f"FILE|{RANDOM_WEIGHTS}",
}


def add_recipe_options(verb: argparse.ArgumentParser) -> None:
    """Add `--recipe`, and an option for each field of recipes."""
    told = (
        f"{preset}: {traits.option}{' (default)' if preset is DEFAULT_PRESET else ''}"
        for preset, traits in PRESETS.items()
    )
    tried = f"{AUTO}: try out in a fraction of the time whether fine-tune would beat quick, then do the better one"
    verb.add_argument("--recipe", choices=[*(preset.value for preset in PRESETS), AUTO], help="; ".join((*told, tried)))
    networks = ", ".join(preset for preset, traits in PRESETS.items() if traits.trains_network)
    for title, fields in (("recipe", RECIPE_FIELDS), (f"recipe ({networks})", HYPERPARAMETER_FIELDS)):
        group = verb.add_argument_group(title)
        for field in fields:
            _add_option(group, field)


def recipe_of(arguments: argparse.Namespace) -> Recipe:
    """Return the recipe that the arguments describe; if the preset is still to be found out, that of Fine-tune.

    Raises:
        RecipeError: the recipe lacks a field, a value isn't allowed, or a value would have no effect.
    """
    values = _values(arguments)
    preset = Preset.FINE_TUNE if arguments.recipe == AUTO else Preset(arguments.recipe or DEFAULT_PRESET)
    recipe = make_recipe(preset, **values)
    for field in HYPERPARAMETER_FIELDS:
        if field.name in values and field.only_with not in (None, recipe.hyperparameters.optimizer):
            gaps = {"option": _option(field), "only": field.only_with, "optimizer": recipe.hyperparameters.optimizer}
            raise RecipeError(Words("{option} works only with --optimizer {only}; this recipe uses {optimizer}.", gaps))
    return recipe


def difference(begun: Recipe, arguments: argparse.Namespace) -> str:
    """Return how a training was started differently from these arguments; "" if it wasn't."""
    found_out = arguments.recipe == AUTO and begun.preset in (Preset.QUICK, Preset.FINE_TUNE)
    if arguments.recipe not in (None, begun.preset) and not found_out:
        return f"with --recipe {begun.preset}, not {arguments.recipe}"
    values = _values(arguments)
    for field in FIELDS if not found_out or begun.trains_network else RECIPE_FIELDS:
        was = begun.value_of(field)
        if field.name in values and not _is_same(field, was, values[field.name]):
            return _begun_otherwise(field, was, values[field.name])
    return ""


def _is_same(field: Field, was: Any, asked: Any) -> bool:
    if field.kind is Kind.FILE and was is not None:
        return _absolute(was) == _absolute(asked)  # the first release kept the path as it was given
    return bool(was == asked)


def _begun_otherwise(field: Field, was: Any, asked: Any) -> str:
    if was is None or was is False:
        return f"without {_option(field)}"
    return f"with {_option(field)} {field.text_of(was)}, not {field.text_of(asked)}"


def _add_option(group: Any, field: Field) -> None:
    match field.kind:
        case Kind.SWITCH:
            group.add_argument(_option(field), action="store_true", default=None, help=field.option)
        case Kind.CHOICE:
            group.add_argument(_option(field), choices=[str(value) for value, _ in field.choices], help=field.option)
        case _:
            metavar = _METAVARS[field.kind]
            allowed = f"; {metavar}: {field.allowed.said()}" if field.allowed is not None else ""
            group.add_argument(_option(field), type=_reader(field), metavar=metavar, help=field.option + allowed)


def _reader(field: Field) -> Callable[[str], Any]:
    match field.kind:
        case Kind.WHOLE | Kind.OPTIONAL:
            return int
        case Kind.NUMBER:
            return float  # unlike the window, options take no decimal comma
        case Kind.FILE:
            return file_name
        case _:
            return lambda text: _read(field, text)


def _read(field: Field, text: str) -> Any:
    try:
        return field.value_of(text)
    except RecipeError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _option(field: Field) -> str:
    return option_of(field.name)


def _values(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the values of the options that were given, by field name."""
    given = {field: getattr(arguments, field.name) for field in FIELDS}
    return {
        field.name: field.value_of(value) if field.kind is Kind.CHOICE else value
        for field, value in given.items()
        if value is not None
    }


def _absolute(weights: str) -> str:
    """Return what a path means wherever it was typed."""
    return weights if weights == RANDOM_WEIGHTS else absolute_path(weights)
