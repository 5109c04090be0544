"""Fills the texts of the tables with details, in English or in the reader's language."""

from collections.abc import Callable, Mapping
from string import Formatter
from typing import Any

from xception_gui.domain.messages.base import Detail
from xception_gui.domain.translation import QT_TRANSLATE_NOOP

Translate = Callable[[str], str]
"""Return a text of these tables in the reader's language."""

MAX_NAMES = 20
"""Names in one sentence."""


def in_english(text: str) -> str:
    """Return a text unchanged."""
    return text


def fill_in(text: str, details: Mapping[str, Detail], translate: Translate = in_english) -> str:
    """Translate `text` and put `details` into its places; a place without a detail stays empty.

    Details may come from a stranger, for example from the log of a model: any value gives a text.
    """
    places = _Places({name: _Place(_written(detail, translate)) for name, detail in details.items()})
    return translate(text).format_map(places)


def _written(detail: Detail, translate: Translate) -> str | int | float:
    return detail if isinstance(detail, str | int | float) else _listed(detail, translate)


def _listed(names: tuple[str | tuple[str, ...], ...], translate: Translate) -> str:
    """List names in quotation marks, with commas between names and semicolons between groups."""
    between = "; " if any(isinstance(name, tuple) for name in names) else ", "
    shown = [f"“{name}”" if isinstance(name, str) else _listed(name, translate) for name in names[:MAX_NAMES]]
    listed = between.join(shown)
    if len(names) <= MAX_NAMES:
        return listed
    more = translate(QT_TRANSLATE_NOOP("words", "{names} and {n:,} more"))
    return more.format(names=listed, n=len(names) - MAX_NAMES)


def places_in(text: str) -> frozenset[str]:
    """Name the places of a text."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


class _Place:
    """A detail in its place: formatted, with a minus sign; or unchanged if the place's format doesn't suit its type."""

    def __init__(self, value: str | int | float) -> None:
        self._value = value

    def __format__(self, form: str) -> str:
        try:
            said = format(self._value, form)
        except (ValueError, OverflowError):  # the latter: a number too large for a decimal point
            said = str(self._value)
        return said if isinstance(self._value, str) else said.replace("-", "−")


class _Places(dict[str, Any]):
    def __missing__(self, name: str) -> _Place:
        return _Place("")
