"""The split into training, validation and test pictures: seeded, stratified, the same on every machine."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from xception_gui.data.dataset.checks import Dataset, Picture
from xception_gui.data.sources.rows import Part


@dataclass(frozen=True, slots=True)
class Split:
    """The pictures of a run, each part sorted by relative path."""

    train: tuple[Picture, ...]
    val: tuple[Picture, ...]
    test: tuple[Picture, ...]

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of the training pictures, sorted."""
        return tuple(sorted({picture.class_name for picture in self.train}))


def split_dataset(dataset: Dataset, *, val_fraction: float, max_per_class: int | None, seed: int) -> Split:
    """Split a data set by its part folders, or take `val_fraction` of each class for validation if there are none.

    Args:
        dataset: at least two pictures in each class.
        val_fraction: 0..1; every class keeps at least one picture in either part.
        max_per_class: pictures taken of each class in each part, before splitting; all of them if None.
        seed: decides the sample and the split.
    """
    learned, validated, tested = (
        _sample(pictures, max_per_class, seed)
        for pictures in (
            [picture for picture in dataset.pictures if picture.may_be_learned],
            [picture for picture in dataset.pictures if picture.part is Part.VAL],
            [picture for picture in dataset.pictures if picture.part is Part.TEST],
        )
    )
    if validated:
        return Split(_sorted(learned), _sorted(validated), _sorted(tested))
    train, val = [], []
    for pictures in _by_class(learned):
        shuffled = _shuffled(pictures, "split", seed)
        val_count = min(max(round(len(shuffled) * val_fraction), 1), len(shuffled) - 1)
        val += shuffled[:val_count]
        train += shuffled[val_count:]
    return Split(_sorted(train), _sorted(val), _sorted(tested))


def held_out(pictures: Iterable[Picture], *, share: float, most: int, seed: int) -> Split:
    """Split training pictures once more, for a trial: its validation pictures are held out of them.

    Args:
        pictures: the training pictures.
        share: of each class that is held out, 0..1; at least one picture, but never the only one.
        most: pictures taken, evenly from all classes.
        seed: decides the sample and the split.
    """
    learned: list[Picture] = []
    held: list[Picture] = []
    by_class = _by_class(pictures)
    for of_class in by_class:
        taken = _shuffled(of_class, "trial", seed)[: max(2, most // len(by_class))]
        count = min(max(1, round(len(taken) * share)), len(taken) - 1)
        held += taken[:count]
        learned += taken[count:]
    return Split(_sorted(learned), _sorted(held), ())


def interleaved(pictures: Iterable[Picture], seed: int) -> list[Picture]:
    """Order pictures so that every prefix of the list contains each class in proportion."""
    places = []
    for of_class in _by_class(pictures):
        shuffled = _shuffled(of_class, "order", seed)
        places += [((index + 0.5) / len(shuffled), picture.relative, picture) for index, picture in enumerate(shuffled)]
    return [picture for _, _, picture in sorted(places, key=lambda place: place[:2])]


def _sample(pictures: list[Picture], max_per_class: int | None, seed: int) -> list[Picture]:
    if max_per_class is None:
        return pictures
    return [p for of_class in _by_class(pictures) for p in _shuffled(of_class, "sample", seed)[:max_per_class]]


def _by_class(pictures: Iterable[Picture]) -> list[list[Picture]]:
    classes: dict[str, list[Picture]] = defaultdict(list)
    for picture in pictures:
        classes[picture.class_name].append(picture)
    return [classes[name] for name in sorted(classes)]


def _shuffled(pictures: list[Picture], purpose: str, seed: int) -> list[Picture]:
    """Shuffle by a hash of the content: files that are renamed or added don't move others to another part."""

    def place(picture: Picture) -> bytes:
        return hashlib.sha256(f"{seed} {purpose} {picture.sha256}".encode()).digest()

    return sorted(pictures, key=place)


def _sorted(pictures: Iterable[Picture]) -> tuple[Picture, ...]:
    return tuple(sorted(pictures, key=lambda picture: picture.relative))
