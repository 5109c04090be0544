"""The folder of a TensorFlow SavedModel."""

from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from xception_gui.finetune import convert
from xception_gui.finetune.exporting import Probabilities
from xception_gui.inference.head import Head


def write(network: keras.Model, path: Path, *, image_size: int, head: Head) -> None:
    """Write Xception with the weights in `network` and with `head`, under the signature `serve`. Raises OSError."""
    write_archive(convert.explained(network, image_size=image_size, head=head), path)


def write_archive(explained: keras.Model, path: Path) -> None:
    """Write a network whose outputs are a dict.

    Keras' own `Model.export` tracks the network beside the variables that the signature uses, and so writes each of
    them twice.

    Raises:
        OSError: for instance, the disk is full.
    """
    archive = keras.export.ExportArchive()
    archive.add_endpoint("serve", explained.__call__, explained.inputs)
    with convert.refusals_of_the_system():
        archive.write_out(str(path), verbose=False)


def add_labels(path: Path, labels: bytes) -> None:
    """Write `labels.txt` into `assets.extra`, which TensorFlow reserves for the model's author."""
    extra = path / "assets.extra"
    extra.mkdir()
    (extra / "labels.txt").write_bytes(labels)


def open_exported(path: Path) -> Probabilities:
    """Open what was written."""
    import tensorflow as tf

    model = tf.saved_model.load(str(path))

    def probabilities(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        outputs = model.signatures["serving_default"](pixels=tf.constant(pixels))
        found: NDArray[np.float32] = outputs["probabilities"].numpy()
        return found

    return probabilities
