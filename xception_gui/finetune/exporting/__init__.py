"""Exports: for each format a module `to_NAME.py`, which writes it, opens it again and keeps the labels in it."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from xception_gui.domain.export_formats import ExportFormat
from xception_gui.inference.head import Head

Probabilities = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Pixels (B, size, size, 3), 0..255 → probabilities (B, classes)."""


class Converter(Protocol):
    """What a module `to_NAME.py` holds."""

    def write(self, network: Any, path: Path, *, image_size: int, head: Head) -> None:
        """Write Xception with the weights in `network`, a Keras model, and with `head`.

        Raises:
            OSError: for instance, the disk is full.
        """

    def add_labels(self, path: Path, labels: bytes) -> None:
        """Put the names of the classes, one a line, into what was written."""

    def open_exported(self, path: Path) -> Probabilities:
        """Open what was written, as other programs do."""


def converter_to(export_format: ExportFormat) -> Converter:
    """Import what writes a format."""
    return cast(Converter, import_module(f"{__name__}.to_{export_format.value.replace('-', '_')}"))
