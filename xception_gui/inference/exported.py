"""An exported LiteRT file, run as other programs run it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xception_gui.data.pool import usable_cores

Probabilities = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Pixels (B, size, size, 3), 0..255 → probabilities (B, classes)."""


def open_litert(path: Path) -> Probabilities:
    """Open a LiteRT file that `export` has written. The file itself is free afterwards."""
    from ai_edge_litert.interpreter import Interpreter

    run = Interpreter(model_content=path.read_bytes(), num_threads=usable_cores()).get_signature_runner()

    def probabilities(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        found: NDArray[np.float32] = run(pixels=pixels)["probabilities"]
        return found

    return probabilities
