"""One step of a network, compiled once: training or prediction on a batch.

Keras' own `train_on_batch` compiles again for the last, smaller batch of an epoch, and applies each gradient as soon as
it is computed: a step that runs out of memory would leave the network partly updated. With TensorFlow the steps are
therefore written out, for batches of any size; other backends use Keras' own.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

TrainingStep = Callable[[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32]], tuple[float, float]]
"""From pixels (B, size, size, 3), 0..255, truth (B, classes) and sample weights (B,) to the loss and the accuracy of
the batch before the step. Waits for the end of the step, so that its errors are raised here."""

PredictionStep = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""From pixels (B, size, size, 3), 0..255, to probabilities (B, classes)."""


def training_step(network: keras.Model) -> TrainingStep:
    """Return the step that trains a compiled network. It compiles on its first call."""
    return _tensorflow_step(network) if keras.backend.backend() == "tensorflow" else keras_step(network)


def prediction_step(network: keras.Model) -> PredictionStep:
    """Return the step that predicts with a network. It compiles on its first call."""
    if keras.backend.backend() == "tensorflow":
        return _tensorflow_prediction_step(network)
    return lambda pixels: keras.ops.convert_to_numpy(network.predict_on_batch(pixels))


def keras_step(network: keras.Model) -> TrainingStep:
    """Return Keras' own training step, which every backend has."""

    def step(
        pixels: NDArray[np.uint8], truth: NDArray[np.float32], weights: NDArray[np.float32]
    ) -> tuple[float, float]:
        loss, accuracy = network.train_on_batch(pixels, truth, sample_weight=weights)
        return float(loss), float(accuracy)

    return step


def _tensorflow_step(network: keras.Model) -> TrainingStep:
    import tensorflow as tf

    def step(pixels: Any, truth: Any, weights: Any) -> tuple[Any, Any]:
        with tf.GradientTape() as tape:
            said = network(pixels, training=True)
            loss = network.compute_loss(y=truth, y_pred=said, sample_weight=weights)
            scaled = network.optimizer.scale_loss(loss)
        gradients = tape.gradient(scaled, network.trainable_variables)
        with tf.control_dependencies(gradients):  # all of them are computed, or the network stays as it is
            network.optimizer.apply(gradients, network.trainable_variables)
        is_right = tf.argmax(said, axis=1) == tf.argmax(truth, axis=1)
        return loss, tf.reduce_mean(tf.cast(is_right, tf.float32))

    compiled = tf.function(
        step,
        input_signature=(
            tf.TensorSpec(network.input_shape, tf.uint8),  # (None, size, size, 3)
            tf.TensorSpec(network.output_shape, tf.float32),
            tf.TensorSpec((None,), tf.float32),
        ),
        jit_compile=network.jit_compile,
        autograph=False,
    )

    def take(
        pixels: NDArray[np.uint8], truth: NDArray[np.float32], weights: NDArray[np.float32]
    ) -> tuple[float, float]:
        loss, accuracy = compiled(pixels, truth, weights)
        return float(loss), float(accuracy)

    return take


def _tensorflow_prediction_step(network: keras.Model) -> PredictionStep:
    import tensorflow as tf

    compiled = tf.function(
        lambda pixels: network(pixels, training=False),
        input_signature=(tf.TensorSpec(network.input_shape, tf.uint8),),
        jit_compile=network.jit_compile,
        autograph=False,
    )
    return lambda pixels: compiled(pixels).numpy()
