"""What to do with files that were dropped, pasted, chosen or named at the start: one decision, made in one place."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QCoreApplication

from xception_gui.ui.models.run_paths import is_run, is_shared_model


class Goal(Enum):
    """What files are for."""

    TEACH = auto()  # a folder of class folders, for the wizard
    PREDICT = auto()  # pictures and folders of them
    OPEN_MODEL = auto()  # a run, and perhaps pictures for it after it
    OPEN_SHARED_MODEL = auto()  # a run that is one file, likewise
    REFUSE = auto()


@dataclass(frozen=True, slots=True)
class Route:
    """Where files go."""

    goal: Goal
    paths: tuple[str, ...] = ()
    refusal: str = ""  # a sentence


def route(paths: Sequence[str], *, only_predicts: bool) -> Route:
    """Decide by what the paths are and where they were dropped.

    A run is opened, and what comes after it predicted with it. Elsewhere than on the Predict page one folder is taught
    with; everything else is predicted.

    Args:
        paths: all of them.
        only_predicts: they came in where a folder, too, is a folder of pictures to predict.
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
    return QCoreApplication.translate("routing", "There was no file in it.")


def _several() -> str:
    return QCoreApplication.translate(
        "routing",
        "To teach a model, drop one folder: the one that holds a folder of pictures for each class. "
        "To have pictures recognised, drop them on the page Predict.",
    )
