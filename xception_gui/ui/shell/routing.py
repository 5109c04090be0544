"""Decides what to do with files that were dropped, pasted, chosen or given at the start."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QCoreApplication

from xception_gui.ui.models.run_paths import is_run, is_shared_model


class Goal(Enum):
    """What to do with files."""

    TEACH = auto()  # a folder of class folders, for the wizard
    PREDICT = auto()  # pictures and folders of them
    OPEN_MODEL = auto()  # a run, and perhaps pictures for it after it
    OPEN_SHARED_MODEL = auto()  # a run in one file, and perhaps pictures after it
    REFUSE = auto()


@dataclass(frozen=True, slots=True)
class Route:
    """The decision for some files."""

    goal: Goal
    paths: tuple[str, ...] = ()
    refusal: str = ""  # a sentence


def route(paths: Sequence[str], *, only_predicts: bool) -> Route:
    """Decide by what the paths are and where they were dropped.

    A run is opened, and the paths after it are classified. A single folder is a data set, except on the Predict page;
    everything else is classified.

    Args:
        paths: all paths.
        only_predicts: a folder, too, is classified.
    """
    folders = [path for path in paths if os.path.isdir(path)]  # noqa: PTH112 - paths stay as they were given
    if paths and is_run(paths[0]):
        return Route(Goal.OPEN_MODEL, tuple(paths))
    if paths and is_shared_model(paths[0]):
        return Route(Goal.OPEN_SHARED_MODEL, tuple(paths))
    if only_predicts or not folders:
        return Route(Goal.PREDICT, tuple(paths)) if paths else Route(Goal.REFUSE, refusal=_nothing())
    if len(paths) == 1:
        return Route(Goal.TEACH, tuple(paths))
    return Route(Goal.REFUSE, refusal=_several())


def _nothing() -> str:
    return QCoreApplication.translate("routing", "No files were dropped.")


def _several() -> str:
    return QCoreApplication.translate(
        "routing",
        "To train a model, drop a single folder with one class folder for each class. "
        "To classify pictures, drop them on the Predict page.",
    )
