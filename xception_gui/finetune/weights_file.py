"""Files of weights, opened before Keras is loaded: one may be a stranger's, or missing."""

import os
from io import BufferedReader
from pathlib import Path

from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.files.regular_files import NotRegularError, open_regular

MAX_BYTES = 600_000_000
"""Xception with its top has 22.9 million weights. In float64, with Adam's two moments for each, that is 550 MB;
published files take 92 MB."""


def open_weights(path: Path) -> BufferedReader:
    """Open a file of weights.

    Raises:
        ProgramError: WEIGHTS_NOT_FOUND; or WEIGHTS_DAMAGED: it is a folder, a pipe or a device, or larger than any such
            file is.
    """
    try:
        file = open_regular(path, through_links=True)
    except NotRegularError as error:
        raise ProgramError(ErrorCode.WEIGHTS_DAMAGED, path=path, found="not a regular file") from error
    except (OSError, ValueError) as error:
        raise ProgramError(ErrorCode.WEIGHTS_NOT_FOUND, path=path) from error
    size = os.fstat(file.fileno()).st_size
    if not 0 < size <= MAX_BYTES:  # the size of virtual files of the system is 0
        file.close()
        found = f"larger than {MAX_BYTES // 1_000_000} MB" if size else "empty"
        raise ProgramError(ErrorCode.WEIGHTS_DAMAGED, path=path, found=found)
    return file
