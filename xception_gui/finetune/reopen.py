"""Networks in files of Keras and TensorFlow, opened again."""

from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from xception_gui.finetune.xception import build_classifier
from xception_gui.inference.exported import Probabilities
from xception_gui.runs.archives import refuse_archive

MOST_BYTES = 1_000_000_000
"""Of a `.keras` file, unpacked: Xception takes 84 MB."""


def network_with_weights_of(path: Path, image_size: int, blocks: tuple[int, ...], class_count: int) -> keras.Model:
    """Build the classifier that a run trained, with the weights in its `.keras` file.

    The file may be a stranger's: nothing but numbers is taken from it, whatever network it describes.

    Args:
        path: of the file.
        image_size: pixels.
        blocks: what the head averages.
        class_count: how many classes it tells apart.

    Raises:
        ValueError: it is damaged, or holds something else.
    """
    network = build_classifier(image_size, blocks, class_count)
    try:
        refuse_archive(path, MOST_BYTES)
        network.load_weights(path)
    except Exception as error:  # Keras meets damaged files with almost any exception
        raise ValueError(str(error)) from error
    return network


def open_keras_model(path: Path) -> Probabilities:
    """Open a classifier in a `.keras` file that this program has just written."""
    network = keras.models.load_model(path, compile=False, safe_mode=True)
    return lambda pixels: np.asarray(network.predict_on_batch(pixels))


def open_saved_model(path: Path) -> Probabilities:
    """Open a classifier in the folder of a SavedModel."""
    import tensorflow as tf

    model = tf.saved_model.load(str(path))

    def probabilities(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        outputs = model.signatures["serving_default"](pixels=tf.constant(pixels))
        found: NDArray[np.float32] = outputs["probabilities"].numpy()
        return found

    return probabilities
