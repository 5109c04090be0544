"""Remembers how paths were spelled on the command line.

Requests hold absolute paths. Results show paths as they were given, joined with what was found below them.
"""

import os
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from xception_gui.domain.messages.base import JobRequest
from xception_gui.domain.recipe import Recipe
from xception_gui.files.absolute_paths import absolute_path

PATHS = frozenset({"dataset", "folder", "out", "paths", "run"})
"""Fields of requests that hold paths."""

Request = TypeVar("Request", bound=JobRequest[Any])


class GivenPaths:
    """The paths of one request."""

    def __init__(self) -> None:
        self._given: dict[str, str] = {}  # absolute → as it was given

    def absolute(self, request: Request) -> Request:
        """Return a request with absolute paths, and remember how they were given."""
        given = {name: getattr(request, name) for name in PATHS.intersection(request.__struct_fields__)}
        absolute = {name: self._absolute(path) for name, path in given.items()}
        if "out" in given:
            self._remember_beside(given["out"], absolute["out"])
        if isinstance(recipe := getattr(request, "recipe", None), Recipe):
            absolute["recipe"] = self._with_absolute_weights(recipe)
        return msgspec.structs.replace(request, **absolute)

    def told(self, found: Any) -> Any:
        """Return the same values, with every path spelled as it was given."""
        match found:
            case str():
                return self._as_given(found)
            case tuple():
                return tuple(map(self.told, found))
            case dict():
                return {name: self.told(value) for name, value in found.items()}
            case msgspec.Struct():
                fields = {name: self.told(getattr(found, name)) for name in found.__struct_fields__}
                return msgspec.structs.replace(found, **fields)
        return found

    def _absolute(self, given: Any) -> Any:
        if isinstance(given, tuple):
            return tuple(map(absolute_path, given))  # each result tells which of them it belongs to
        if given is None:
            return None
        path = absolute_path(given)
        self._given[path] = given
        return path

    def _with_absolute_weights(self, recipe: Recipe) -> Recipe:
        if recipe.weights is None or recipe.has_random_weights:
            return recipe
        return msgspec.structs.replace(recipe, weights=self._absolute(recipe.weights))

    def _remember_beside(self, given: str, absolute: str) -> None:
        """Remember an output's folder as it was given, as files that are written beside the output are in it too."""
        if Path(given).name not in (
            "",
            os.pardir,
        ):  # else the parent in the text isn't its folder
            folder = "" if Path(given).parent == Path() else str(Path(given).parent)
            self._given.setdefault(str(Path(absolute).parent), folder)

    def _as_given(self, text: str) -> str:
        path = Path(text)
        if not path.is_absolute():
            return text
        place = next((place for place in map(str, (path, *path.parents)) if place in self._given), None)
        return text if place is None else below(self._given[place], place, text)


def below(given: str, absolute: str, path: str) -> str:
    """Return a path at or below a folder, spelled as the folder was given: `./pictures//`, not its normal form."""
    if not path.startswith(absolute):
        return path
    rest = path[len(absolute) :].lstrip(os.sep)
    return os.path.join(given, rest) if rest else given or os.curdir  # noqa: PTH118 - Path would normalise it
