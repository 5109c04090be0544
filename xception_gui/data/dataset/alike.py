"""Names of different classes that look alike."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

_LATIN = {
    "a": "\u0430\u03b1",
    "b": "\u0432",
    "c": "\u0441",
    "d": "\u0501",
    "e": "\u0435",
    "h": "\u04bb\u043d",
    "i": "\u0456\u03b9",
    "j": "\u0458",
    "k": "\u043a\u03ba",
    "m": "\u043c",
    "o": "\u043e\u03bf",
    "p": "\u0440\u03c1",
    "q": "\u051b",
    "s": "\u0455",
    "t": "\u0442\u03c4",
    "v": "\u03bd",
    "w": "\u051d",
    "x": "\u0445",
    "y": "\u0443",
}
"""Latin letters → Cyrillic and Greek letters that look the same."""

_LOOKALIKES = {ord(other): latin for latin, others in _LATIN.items() for other in others}
_BETWEEN_WORDS = re.compile(r"[\s_\-\u2010-\u2015]+")


def appearance(name: str) -> str:
    """Return a key that is equal for names that look alike: those that differ only in case, in spaces, hyphens and
    underscores, in how accents are encoded, in width, in invisible characters or in alphabets."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if unicodedata.category(c) != "Cf")
    words = _BETWEEN_WORDS.sub(" ", unicodedata.normalize("NFKC", seen)).strip()
    return words.translate(_LOOKALIKES)


def names_alike(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the groups of different names that look alike; both groups and names are sorted."""
    groups: dict[str, set[str]] = defaultdict(set)
    for name in names:
        groups[appearance(name)].add(name)
    return sorted(tuple(sorted(group)) for group in groups.values() if len(group) > 1)
