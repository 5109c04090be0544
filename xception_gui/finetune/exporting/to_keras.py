"""A `.keras` file, as plain Keras opens it."""

from pathlib import Path

import keras
import numpy as np

from xception_gui.finetune import convert
from xception_gui.finetune.exporting import Probabilities
from xception_gui.finetune.exporting.labels import add_labels_as_archive as add_labels
from xception_gui.inference.head import Head

__all__ = ["add_labels", "open_exported", "write"]


def write(network: keras.Model, path: Path, *, image_size: int, head: Head) -> None:
    """Write Xception with the weights in `network` and with `head`. Raises OSError."""
    convert.write_keras_model(network, path, image_size=image_size, head=head)


def open_exported(path: Path) -> Probabilities:
    """Open what was written."""
    network = keras.models.load_model(path, compile=False, safe_mode=True)
    return lambda pixels: np.asarray(network.predict_on_batch(pixels))
