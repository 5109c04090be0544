"""Parts of a data set, as folders: train with a number of pictures a class, val with 15, test with all others.

Choices are made on val; what is claimed is measured on test, which nothing else looks at.
"""

import csv
import random
import re
import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xception_gui.data.pictures.open_picture import looks_like_a_picture

VALIDATION = 15
"""Pictures a class."""

GROUPS_FILE = "groups.csv"
"""In a data set: the group of each picture, in the column after its class."""

GROUP_IN_NAME = re.compile(r"_(\d\d)$")
"""The drawer of a character, at the end of the file's name."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What is to be learned from, and from how much."""

    dataset: Path
    per_class: int
    seed: int
    apart: bool = False  # no group of the test part is in another part

    @property
    def name(self) -> str:
        """Name of the folder of its parts, and of the lines about it."""
        return f"{self.dataset.name}-{self.per_class}-{self.seed}{'-apart' if self.apart else ''}"


Parts = Mapping[str, Mapping[str, Sequence[Path]]]
"""Part → class → pictures."""


def choose_parts(kind: Kind) -> Parts:
    """Choose the pictures of each part; they follow from the seed alone.

    Raises:
        ValueError: a data set without groups is to be kept apart by them.
    """
    groups = groups_of(kind.dataset) if kind.apart else {}
    if kind.apart and not groups:
        raise ValueError(f"{kind.dataset} has no groups")
    tested = _tested_groups(sorted(set(groups.values())), kind.seed)
    parts: dict[str, dict[str, Sequence[Path]]] = {"train": {}, "val": {}, "test": {}}
    for name, pictures in sorted(pictures_of(kind.dataset).items()):
        random.Random(f"{kind.seed} {name}").shuffle(pictures)
        of_others = [path for path in pictures if groups.get(path) not in tested] if kind.apart else pictures
        parts["val"][name] = of_others[:VALIDATION]
        parts["train"][name] = of_others[VALIDATION : VALIDATION + kind.per_class]
        used = {*parts["val"][name], *parts["train"][name]}
        parts["test"][name] = [
            path for path in pictures if path not in used and (not kind.apart or groups.get(path) in tested)
        ]
    return parts


def pictures_of(dataset: Path) -> dict[str, list[Path]]:
    """Return the pictures of each class: those in all folders of its name, sorted."""
    found = defaultdict(list)
    for path in sorted(dataset.rglob("*")):
        if looks_like_a_picture(path):
            found[path.parent.name].append(path)
    return dict(found)


def groups_of(dataset: Path) -> dict[Path, str]:
    """Return the group of each picture, such as who drew or spoke it; empty if the data set has none."""
    table = dataset / GROUPS_FILE
    if table.exists():
        with table.open(encoding="utf-8", newline="") as file:
            return {dataset / path: group for path, _, group in list(csv.reader(file))[1:]}
    named = {path: GROUP_IN_NAME.search(path.stem) for paths in pictures_of(dataset).values() for path in paths}
    return {path: found[1] for path, found in named.items() if found} if all(named.values()) else {}


def _tested_groups(groups: list[str], seed: int) -> set[str]:
    """Return a third of the groups."""
    random.Random(seed).shuffle(groups)
    return set(groups[: len(groups) // 3])


def write_parts(kind: Kind, folder: Path) -> Path:
    """Write the parts of a data set as folders below `folder`, once. Returns their folder."""
    written = folder / kind.name
    if written.exists():
        return written
    unfinished = folder / f"{kind.name}.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    for part, classes in choose_parts(kind).items():
        for name, pictures in classes.items():
            place = unfinished / part / name
            place.mkdir(parents=True)
            for number, picture in enumerate(pictures):  # two folders of a class may have a name in common
                shutil.copyfile(picture, place / f"{number:04}-{picture.name}")
    return unfinished.rename(written)
