"""LiteRT, in float32."""

from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from xception_gui.data.pool import usable_cores
from xception_gui.finetune import convert
from xception_gui.finetune.exporting import Probabilities
from xception_gui.finetune.exporting.labels import add_labels_as_archive as add_labels
from xception_gui.inference.head import Head

__all__ = ["add_labels", "open_exported", "write"]


def write(network: keras.Model, path: Path, *, image_size: int, head: Head) -> None:
    """Write Xception with the weights in `network` and with `head`. Raises OSError."""
    convert.write_litert(convert.explained(network, image_size=image_size, head=head), path, float16=False)


def open_exported(path: Path) -> Probabilities:
    """Open what was written. The file itself is free afterwards."""
    from ai_edge_litert.interpreter import Interpreter

    run = Interpreter(model_content=path.read_bytes(), num_threads=usable_cores()).get_signature_runner()

    def probabilities(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        found: NDArray[np.float32] = run(pixels=pixels)["probabilities"]
        return found

    return probabilities
