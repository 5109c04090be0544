"""Reads the data set that a recipe is to be trained on."""

from xception_gui.data.dataset.split import Split, split_dataset
from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.dataset import DatasetChecked, DatasetSplit
from xception_gui.domain.recipe import Recipe
from xception_gui.jobs.dataset.check import read_dataset
from xception_gui.jobs.reporting import Report, Stop


def read_split(dataset: str, recipe: Recipe, folders: Folders, report: Report, stop: Stop) -> tuple[Split, bool]:
    """Check a data set, and split it as the recipe says. Also returns whether it has part folders.

    Raises:
        ProgramError: what makes a training impossible.
        JobStopped: `stop()` was true.
    """
    found = read_dataset(dataset, report, stop, folders=folders)
    report(DatasetChecked(found.class_counts, found.left_out, found.problems))
    if found.error is not None:
        raise found.error
    split = split_dataset(found, val_fraction=recipe.val_fraction, max_per_class=recipe.max_per_class, seed=recipe.seed)
    report(DatasetSplit(len(split.train), len(split.val), len(split.test)))
    return split, found.has_parts
