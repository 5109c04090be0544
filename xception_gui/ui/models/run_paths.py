"""Tells what a given path is: a run, a shared model (a run in one file), or something else."""

import os

from xception_gui.domain.run_name import SHARED_MODEL_SUFFIX


def is_run(path: str) -> bool:
    """Return whether a path is a run, judged by the names of its files."""
    return os.path.isfile(os.path.join(path, "run.json"))  # noqa: PTH113, PTH118


def is_shared_model(path: str) -> bool:
    """Return whether a path is a shared model, judged by its name."""
    return path.lower().endswith(SHARED_MODEL_SUFFIX) and not os.path.isdir(path)  # noqa: PTH112
