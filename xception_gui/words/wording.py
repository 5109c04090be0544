"""Choosing between wordings of the same thing: one of something or many of them, more details or fewer."""

from collections.abc import Mapping
from dataclasses import dataclass

from xception_gui.domain.messages.base import Detail
from xception_gui.words.filling import Translate, fill_in, places_in


@dataclass(frozen=True, slots=True)
class Counted:
    """A text about a number of things, in the singular and in the plural."""

    one: str
    many: str  # also for 0, and where the number is unknown
    by: str = "count"  # the detail that holds the number


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of a code: its sentences."""

    sentences: tuple[str | Counted, ...]

    @property
    def places(self) -> frozenset[str]:
        """The details that it needs."""
        return frozenset(place for sentence in self.sentences for place in _places_in(sentence))


def worded(*sentences: str | Counted) -> Wording:
    """Return a wording of these sentences."""
    return Wording(sentences)


def chosen(text: str | Counted, details: Mapping[str, Detail]) -> str:
    """Return a text, in the singular if its detail is 1."""
    if isinstance(text, str):
        return text
    return text.one if details.get(text.by) == 1 else text.many


def in_words(wordings: tuple[Wording, ...], details: Mapping[str, Detail], translate: Translate) -> str | None:
    """Fill in the wording that uses most details; None if every wording lacks one, as in the log of a stranger."""
    possible = [wording for wording in wordings if wording.places <= details.keys()]
    if not possible:
        return None
    wording = max(possible, key=lambda one: len(one.places))
    return " ".join(fill_in(chosen(sentence, details), details, translate) for sentence in wording.sentences)


def _places_in(text: str | Counted) -> frozenset[str]:
    return places_in(text) if isinstance(text, str) else places_in(text.many) | {text.by}
