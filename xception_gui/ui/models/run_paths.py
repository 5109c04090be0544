"""What a path is that somebody dropped, chose or named: a run, a run that is one file, or something else."""

import os

from xception_gui.domain.run_name import SHARED_MODEL_SUFFIX


def is_run(path: str) -> bool:
    """Return whether a path is that of a run, as far as its names tell."""
    return os.path.isfile(os.path.join(path, "run.json"))  # noqa: PTH113, PTH118


def is_shared_model(path: str) -> bool:
    """Return whether a path is that of a run that is one file, as far as its name tells."""
    return path.lower().endswith(SHARED_MODEL_SUFFIX) and not os.path.isdir(path)  # noqa: PTH112
