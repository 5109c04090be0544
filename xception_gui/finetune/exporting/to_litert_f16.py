"""LiteRT with float16 weights."""

from pathlib import Path

import keras

from xception_gui.finetune import convert
from xception_gui.finetune.exporting.to_litert import add_labels, open_exported
from xception_gui.inference.head import Head

__all__ = ["add_labels", "open_exported", "write"]


def write(network: keras.Model, path: Path, *, image_size: int, head: Head) -> None:
    """Write Xception with the weights in `network` and with `head`. Raises OSError."""
    convert.write_litert(convert.explained(network, image_size=image_size, head=head), path, float16=True)
