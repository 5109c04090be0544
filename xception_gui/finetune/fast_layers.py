"""Layers of Keras, computed as TensorFlow is fastest on a processor: the same numbers, in fewer passes over the maps.

Keras normalises a batch with a dozen operations, each over the whole map, and in float32 even if maps have 16 bits.
That takes as long as all convolutions in bfloat16; TensorFlow has a single operation for it. And oneDNN has no fast
gradient for a 1×1 convolution with stride 2, but it has one for a 1×1 convolution of every second pixel.
"""

from collections.abc import Callable
from typing import Any

import keras

Tensor = Any
Normalised = tuple[Tensor, Tensor, Tensor]
"""Maps; the mean and the variance of each channel, float32 (channels,)."""


def with_fast_layers(network: keras.Model) -> keras.Model:
    """Rebuild a network with layers that compute the same in less time. Its weights are new, its names are the same.

    With other backends than TensorFlow, return the network itself: their compilers fuse operations by themselves.
    """
    if keras.backend.backend() != "tensorflow":
        return network
    return keras.models.clone_model(network, clone_function=_fast)


def _fast(layer: keras.layers.Layer) -> keras.layers.Layer:
    if isinstance(layer, keras.layers.BatchNormalization):
        return FusedBatchNormalization.from_config(layer.get_config())
    if isinstance(layer, keras.layers.Conv2D) and layer.kernel_size == (1, 1) and layer.strides == (2, 2):
        return SubsampledConvolution.from_config(layer.get_config())
    return layer.__class__.from_config(layer.get_config())


class SubsampledConvolution(keras.layers.Conv2D):  # type: ignore[misc]  # Keras has no types
    """A 1×1 convolution with strides: it selects the pixels first, then convolves all of them."""

    def convolution_op(self, inputs: Tensor, kernel: Tensor) -> Tensor:
        """Convolve maps (B, h, w, channels)."""
        import tensorflow as tf

        pixels = tf.nn.max_pool2d(inputs, ksize=1, strides=self.strides, padding="SAME")  # faster than slices
        return tf.nn.conv2d(pixels, kernel, strides=1, padding="SAME")


class FusedBatchNormalization(keras.layers.BatchNormalization):  # type: ignore[misc]
    """Keras' batch normalisation of maps (B, h, w, channels), weights and sums in float32 for maps of any dtype."""

    def call(self, inputs: Tensor, training: bool | None = None, mask: Tensor = None) -> Tensor:
        """Normalise by the batch's statistics if this layer is trained, else, as Keras does, by the moving ones."""
        import tensorflow as tf

        if not (training and self.trainable):
            return super().call(inputs, training=training, mask=mask)
        gamma, beta = tf.convert_to_tensor(self.gamma), tf.convert_to_tensor(self.beta)
        outputs, mean, variance = _normalised(inputs, gamma, beta, self.epsilon)
        pixels = tf.cast(tf.size(inputs) // inputs.shape[-1], tf.float32)
        self._move(self.moving_mean, mean)
        self._move(self.moving_variance, variance * (pixels - 1) / pixels)  # TensorFlow returns the unbiased variance
        return outputs

    def _move(self, average: keras.Variable, towards: Tensor) -> None:
        average.assign(average * self.momentum + towards * (1 - self.momentum))


LANES = 16
"""oneDNN normalises 16-bit maps several times more slowly if this doesn't divide the channels, as for 728."""


def _normalised(inputs: Tensor, gamma: Tensor, beta: Tensor, epsilon: float) -> Normalised:
    missing = -inputs.shape[-1] % LANES
    if missing and inputs.dtype.size < 4:
        return _padded(missing, epsilon)(inputs, gamma, beta)
    outputs, mean, variance, *_ = _forward(inputs, gamma, beta, epsilon)
    return outputs, mean, variance


def _padded(missing: int, epsilon: float) -> Callable[[Tensor, Tensor, Tensor], Normalised]:
    """Normalise with additional channels of zeros.

    The gradient is written out: TensorFlow's gradient of a slice takes longer than all of this.
    """
    import tensorflow as tf

    def wide(x: Tensor) -> Tensor:
        return tf.concat([x, tf.zeros((*tf.unstack(tf.shape(x)[:-1]), missing), x.dtype)], axis=-1)

    def normalise(inputs: Tensor, gamma: Tensor, beta: Tensor) -> tuple[Normalised, Callable[..., Normalised]]:
        inputs, gamma, beta = wide(inputs), wide(gamma), wide(beta)
        outputs, mean, variance, *reserved = _forward(inputs, gamma, beta, epsilon)

        def gradient(of_outputs: Tensor, *_: Tensor) -> Normalised:
            found = tf.raw_ops.FusedBatchNormGradV3(
                y_backprop=wide(of_outputs),
                x=inputs,
                scale=gamma,
                epsilon=epsilon,
                is_training=True,
                **{f"reserve_space_{number}": kept for number, kept in enumerate(reserved, start=1)},
            )
            return tuple(x[..., :-missing] for x in found[:3])

        return tuple(x[..., :-missing] for x in (outputs, mean, variance)), gradient

    made: Callable[[Tensor, Tensor, Tensor], Normalised] = tf.custom_gradient(normalise)
    return made


def _forward(inputs: Tensor, gamma: Tensor, beta: Tensor, epsilon: float) -> tuple[Tensor, ...]:
    """Call TensorFlow's operation. Returns maps, mean, unbiased variance, and three tensors for its gradient."""
    import tensorflow as tf

    none = tf.zeros(0)
    found: tuple[Tensor, ...] = tf.raw_ops.FusedBatchNormV3(
        x=inputs, scale=gamma, offset=beta, mean=none, variance=none, epsilon=epsilon, is_training=True
    )
    return found
