"""Where a run may be made."""

import os
from pathlib import Path

from xception_gui.domain.errors import ErrorCode, ProgramError


def refuse_place(out: Path, dataset: str) -> None:
    """Check that a run can be made at a path.

    Raises:
        ProgramError: RUN_EXISTS, something is there; RUN_IN_DATASET, it is in the folder of the pictures.
    """
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise ProgramError(ErrorCode.RUN_EXISTS, path=out)
    # Not Path.resolve(), which raises RuntimeError on circular links before Python 3.13.
    if Path(os.path.realpath(out)).is_relative_to(os.path.realpath(dataset)):
        raise ProgramError(ErrorCode.RUN_IN_DATASET, path=out)
