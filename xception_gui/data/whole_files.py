"""Small files in the cache that appear whole or not at all, so that several programs may use it at once."""

import os
import tempfile
from pathlib import Path

from xception_gui.files.deletion import delete_written, make_folder
from xception_gui.files.own_names import HALF_WRITTEN


def write_whole(path: Path, data: bytes) -> None:
    """Write a file, and its folder where there is none.

    It isn't forced to the disk: what a power failure leaves of a cache is made again.

    Raises:
        OSError: it can't be written.
    """
    make_folder(path.parent, parents=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=HALF_WRITTEN)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except BaseException:
        delete_written(Path(name))
        raise
