"""Decision whether the top folders of a data set are its classes or its parts, by their names.

Names alone are ambiguous: a data set of vehicles has a class “train”. So folders are parts only if there is a training
folder and another part, and the rest of their names agrees or is empty.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from xception_gui.data.sources.rows import Part
from xception_gui.domain.folders import Folders

PART_WORDS: dict[str, Part] = {
    "train": Part.TRAIN,
    "training": Part.TRAIN,
    "val": Part.VAL,
    "valid": Part.VAL,
    "validate": Part.VAL,
    "validation": Part.VAL,
    "dev": Part.VAL,
    "eval": Part.VAL,
    "evaluation": Part.VAL,
    "test": Part.TEST,
    "testing": Part.TEST,
}

_FILLER = frozenset(
    """
    set sets data dataset datasets image images img imgs picture pictures pic pics photo photos split part folder dir
    """.split()  # noqa: SIM905 - twenty quoted strings are harder to read
)
"""Words in a name that carry no meaning."""

_PART_WORD = re.compile(f"({'|'.join(PART_WORDS)})({'|'.join(_FILLER)})?")
"""`train`, and `trainset` too; not `trains` or `trainer`."""

_WORDS = re.compile(r"[^\W\d_]+")
_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class FolderDecision:
    """What the top folders are: parts, if `parts` has any; else classes, unless there is a `clash`."""

    parts: dict[str, Part] = field(default_factory=dict)  # folder → part
    beside: tuple[str, ...] = ()  # folders beside the parts, sorted
    clash: tuple[str, ...] = ()  # folders named like parts that don't fit together, sorted
    possible: dict[str, Part] = field(default_factory=dict)  # the parts, even if a person has chosen classes


@dataclass(frozen=True, slots=True)
class _Named:
    """A folder that is named like a part."""

    name: str
    part: Part
    others: tuple[str, ...]  # meaningful words in its name besides the part's
    inner: frozenset[str]  # names of its subfolders, casefolded

    def goes_with(self, other: "_Named") -> bool:
        """Return whether both could be parts of one data set: the same other words, or common subfolders."""
        return self.others == other.others or not self.inner.isdisjoint(other.inner)


def decide(
    folders: Mapping[str, frozenset[str] | None], choice: Folders = Folders.AUTO, *, for_training: bool = True
) -> FolderDecision:
    """Decide what the top folders of a data set are.

    They are parts if there is one training folder, and one validation or test folder or both. Other combinations of
    folders named like parts clash if they name two different parts, or if there are no other folders.

    Args:
        folders: name of each → names of its subfolders; None if it is empty.
        choice: what a person has chosen.
        for_training: if false, a model is measured, and any part will do if there are no other folders.
    """
    named = _named_like_parts(folders)
    parts = {folder.name: folder.part for folder in named}
    filled = {name for name, inner in folders.items() if inner is not None}
    is_all_there_is = bool(filled) and filled <= parts.keys()
    add_up = _add_up(list(parts.values()))
    if choice is Folders.CLASSES:
        return FolderDecision({}, possible=parts if add_up else {})
    if not for_training and parts:
        add_up |= choice is Folders.PARTS or (is_all_there_is and any(folder.inner for folder in named))
    if add_up:
        return FolderDecision(parts, beside=tuple(sorted(folders.keys() - parts.keys())), possible=parts)
    is_clash = choice is Folders.PARTS or len(set(parts.values())) > 1 or is_all_there_is
    return FolderDecision({}, clash=tuple(sorted(parts or folders)) if is_clash else ())


def is_named_like_a_part(folder: str) -> bool:
    """Return whether a name is that of a part, with no other meaningful word."""
    parts, others = _read(folder)
    return len(parts) == 1 and not others


def _add_up(parts: list[Part]) -> bool:
    return len(set(parts)) == len(parts) and Part.TRAIN in parts and len(parts) >= 2


def _named_like_parts(folders: Mapping[str, frozenset[str] | None]) -> list[_Named]:
    """Return the folders named like parts; those with other meaningful words must match another part."""
    named = []
    for name, inner in folders.items():
        parts, others = _read(name)
        if len(parts) == 1:
            named.append(_Named(name, parts[0], others, frozenset(map(str.casefold, inner or ()))))
    kin = [
        one
        for one in named
        if not one.others or any(one.goes_with(other) for other in named if other.part is not one.part)
    ]
    # An empty folder doesn't count if another one names its part: an empty `val` beside `valid`.
    filled = {folder.part for folder in kin if folders[folder.name] is not None}
    return [folder for folder in kin if folders[folder.name] is not None or folder.part not in filled]


def _read(name: str) -> tuple[list[Part], tuple[str, ...]]:
    """Divide a name into the parts that it names and its other meaningful words."""
    parts, others = [], []
    for word in _WORDS.findall(_CAMEL_CASE.sub(" ", unicodedata.normalize("NFKC", name))):
        found = _PART_WORD.fullmatch(word.casefold())
        if found:
            parts.append(PART_WORDS[found[1]])
        elif word.casefold() not in _FILLER:
            others.append(word.casefold())
    return parts, tuple(others)
