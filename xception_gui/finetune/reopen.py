"""Networks in files of Keras and TensorFlow, opened again."""

from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from xception_gui.inference.exported import Probabilities


def open_network(path: Path) -> keras.Model:
    """Open a `.keras` file.

    Raises:
        ValueError: it is damaged, or holds something else.
    """
    try:
        return keras.models.load_model(path, compile=False)
    except Exception as error:  # Keras meets damaged files with almost any exception
        raise ValueError(str(error)) from error


def open_keras_model(path: Path) -> Probabilities:
    """Open a classifier in a `.keras` file; raises what `open_network` does."""
    network = open_network(path)
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
