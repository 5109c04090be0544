"""Splits a data set as the program does and prints the split, so that all contestants use the same pictures.

.venv/bin/python -m benchmarks.splits DATASET [--max-per-class 100] [--seed 0] > split.json
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

from benchmarks.printing import print_document


@dataclass(frozen=True, slots=True)
class WrittenSplit:
    """A split that was written to a file."""

    name: str  # of the data set
    classes: list[str]
    train: list[tuple[str, str]]  # path, class
    val: list[tuple[str, str]]

    def labels(self, part: list[tuple[str, str]]) -> list[int]:
        """Return the labels of a part's pictures, as numbers of classes."""
        return [self.classes.index(name) for _, name in part]


def read_split(path: Path) -> WrittenSplit:
    """Read a split from a file."""
    found = json.loads(path.read_text(encoding="utf-8"))
    train, val = ([(file, name) for file, name in found[part]] for part in ("train", "val"))
    return WrittenSplit(found["dataset"], found["classes"], train, val)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the program's split of a data set as JSON.")
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--max-per-class", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()

    # Not at the top: contestants read splits without importing the program.
    from xception_gui.data.dataset.checks import check_dataset
    from xception_gui.data.dataset.split import split_dataset
    from xception_gui.domain.recipe import Preset, make_recipe

    dataset = check_dataset(arguments.dataset)
    split = split_dataset(
        dataset,
        val_fraction=make_recipe(Preset.QUICK).val_fraction,
        max_per_class=arguments.max_per_class,
        seed=arguments.seed,
    )
    parts = {
        part: [[str(picture.path.absolute()), picture.class_name] for picture in pictures]
        for part, pictures in (("train", split.train), ("val", split.val))
    }
    print_document({"dataset": arguments.dataset.name, "classes": list(split.classes), **parts})


if __name__ == "__main__":
    main()
