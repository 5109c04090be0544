"""Xception, written out (Chollet 2016, arXiv 1610.02357, figure 5).

An ordinary convolution looks for patterns in space and across channels at once. Inception's modules rest on the
hypothesis that the two can be told apart: first 1×1 convolutions that mix channels, then a few towers that each look
at the space of their own segment of channels. Xception, "extreme Inception", takes that hypothesis to its end: every
channel gets a tower of its own. That is a *depthwise separable convolution*: one 3×3 filter for each channel
(depthwise), then a 1×1 convolution that mixes them (pointwise), and no activation between the two (figure 10 of the
paper: ReLU or ELU there learns more slowly and ends worse). A 3×3 convolution of 728 to 728 channels has 4.8 million
weights, its separable twin 0.54 million.

The network is a straight stack of these, in 14 blocks with linear residual connections around all but the first and
the last:

    entry flow    blocks 1–4     the picture becomes 1/16 as wide and 728 channels deep
    middle flow   blocks 5–12    eight times the same three separable convolutions
    exit flow     blocks 13–14   1/32 as wide, 2,048 channels deep

Names never change: `block7_sepconv2` and so on as in Keras' own Xception, and `block4_shortcut`, `block4_shortcut_bn`,
`block4_add` where Keras leaves the name to a counter. Weights are found by these names.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from xception_gui.domain.embedding import EMBEDDING_BLOCKS
from xception_gui.domain.recipe import MIN_IMAGE_SIZE

Tensor = Any
"""A symbolic tensor of Keras, float32, channels last."""


def xception_blocks(x: Tensor) -> dict[int, Tensor]:
    """Lay Xception over a picture.

    Args:
        x: (B, size, size, 3), −1..1.

    Returns:
        The output of every block: 1: (B, 147, 147, 64), …, 4–12: (B, 19, 19, 728), 13: (B, 10, 10, 1024),
        14: (B, 10, 10, 2048) at size 299.
    """
    return _exit_flow(_middle_flow(_entry_flow(x)))


def _entry_flow(x: Tensor) -> dict[int, Tensor]:
    x = layers.Conv2D(32, 3, strides=2, use_bias=False, name="block1_conv1")(x)
    x = _batch_norm(x, "block1_conv1_bn")
    x = _relu(x, "block1_conv1_act")
    x = layers.Conv2D(64, 3, use_bias=False, name="block1_conv2")(x)
    x = _batch_norm(x, "block1_conv2_bn")
    x = _relu(x, "block1_conv2_act")
    blocks = {1: x}
    # Block 2 doesn't begin with an activation: block 1 has just ended with one.
    blocks[2] = _downsampling_block(blocks[1], 2, (128, 128), starts_with_relu=False)
    blocks[3] = _downsampling_block(blocks[2], 3, (256, 256))
    blocks[4] = _downsampling_block(blocks[3], 4, (728, 728))
    return blocks


def _middle_flow(blocks: dict[int, Tensor]) -> dict[int, Tensor]:
    for number in range(5, 13):
        x = residual = blocks[number - 1]
        for step in (1, 2, 3):
            x = _relu(x, f"block{number}_sepconv{step}_act")
            x = _separable_convolution(x, 728, f"block{number}_sepconv{step}")
        blocks[number] = layers.Add(name=f"block{number}_add")([x, residual])
    return blocks


def _exit_flow(blocks: dict[int, Tensor]) -> dict[int, Tensor]:
    x = blocks[13] = _downsampling_block(blocks[12], 13, (728, 1024))
    x = _separable_convolution(x, 1536, "block14_sepconv1")
    x = _relu(x, "block14_sepconv1_act")
    x = _separable_convolution(x, 2048, "block14_sepconv2")
    blocks[14] = _relu(x, "block14_sepconv2_act")
    return blocks


def _downsampling_block(x: Tensor, number: int, filters: tuple[int, int], *, starts_with_relu: bool = True) -> Tensor:
    """Two separable convolutions and a pooling, beside a 1×1 convolution that takes the same step of 2."""
    name = f"block{number}"
    residual = layers.Conv2D(filters[1], 1, strides=2, padding="same", use_bias=False, name=f"{name}_shortcut")(x)
    residual = _batch_norm(residual, f"{name}_shortcut_bn")
    if starts_with_relu:
        x = _relu(x, f"{name}_sepconv1_act")
    x = _separable_convolution(x, filters[0], f"{name}_sepconv1")
    x = _relu(x, f"{name}_sepconv2_act")
    x = _separable_convolution(x, filters[1], f"{name}_sepconv2")
    x = layers.MaxPooling2D(3, strides=2, padding="same", name=f"{name}_pool")(x)
    return layers.Add(name=f"{name}_add")([x, residual])


def _separable_convolution(x: Tensor, filters: int, name: str) -> Tensor:
    """Depthwise, then pointwise, nothing between; then batch normalisation."""
    x = layers.SeparableConv2D(filters, 3, padding="same", use_bias=False, name=name)(x)
    return _batch_norm(x, f"{name}_bn")


def _batch_norm(x: Tensor, name: str) -> Tensor:
    return layers.BatchNormalization(name=name)(x)


def _relu(x: Tensor, name: str) -> Tensor:
    return layers.Activation("relu", name=name)(x)


def build_backbone(image_size: int) -> keras.Model:
    """Build Xception without its top, as prediction uses it.

    Returns:
        A model from pixels, float32 (B, size, size, 3), 0..255, RGB, to a dict: `embedding`, float32 (B, 6712), the
        averages of the embedding's blocks one after the other; and their maps, `block4` … `block14`.
    """
    pixels, blocks = _pixels_and_blocks(image_size)
    outputs = {f"block{number}": blocks[number] for number in EMBEDDING_BLOCKS}
    outputs["embedding"] = _averages(blocks, EMBEDDING_BLOCKS)
    return keras.Model(pixels, outputs, name="xception_backbone")


def build_classifier(image_size: int, blocks: Sequence[int], class_count: int) -> keras.Model:
    """Build the whole network: Xception, the averages of `blocks`, one dense softmax layer named `head`.

    Returns:
        A model from pixels, float32 (B, size, size, 3), 0..255, RGB, to probabilities, float32 (B, class_count).
    """
    pixels, outputs = _pixels_and_blocks(image_size)
    averages = _averages(outputs, blocks)
    probabilities = layers.Dense(class_count, activation="softmax", dtype="float32", name="head")(averages)
    return keras.Model(pixels, probabilities, name="xception_classifier")


def build_explained_classifier(image_size: int, blocks: Sequence[int], class_count: int) -> keras.Model:
    """Build the whole network with its class activation map beside its probabilities.

    Returns:
        A model from pixels, float32 (B, size, size, 3), 0..255, RGB, to a dict: `probabilities`, float32
        (B, class_count), and `activation_map`, float32 (B, h, w, class_count). Its layer `head` has the weights of the
        one that `build_classifier` makes.
    """
    pixels, outputs = _pixels_and_blocks(image_size)
    explained = _ExplainingHead(class_count, name="head")([outputs[number] for number in blocks])
    return keras.Model(pixels, explained, name="xception_explained")


class _ExplainingHead(layers.Layer):  # type: ignore[misc]  # Keras has no types
    """A dense softmax layer on the averages of maps, applied to the maps before they are averaged.

    What a place says for each class is `map @ kernel`, with the rows of the kernel that belong to this map (Zhou et al.
    2016, arXiv 1512.04150). Summed over the maps, enlarged to the largest of them, that is the class activation map;
    its average over all places, plus the bias, is the logit, exactly.
    """

    def __init__(self, class_count: int, **options: Any) -> None:
        super().__init__(**options)
        self._class_count = class_count

    def build(self, shapes: Sequence[tuple[int, ...]]) -> None:
        self._ends = list(accumulate((shape[-1] for shape in shapes), initial=0))
        self._side = max(shape[1] for shape in shapes)
        self._kernel = self.add_weight((self._ends[-1], self._class_count), name="kernel")
        self._bias = self.add_weight((self._class_count,), name="bias")

    def call(self, maps: Sequence[Tensor]) -> dict[str, Tensor]:
        said = [ops.matmul(x, self._kernel[a:b]) for x, (a, b) in zip(maps, pairwise(self._ends), strict=True)]
        activation_map = sum(_enlarged(x, self._side) for x in said)
        logits = ops.mean(activation_map, axis=(1, 2)) + self._bias
        return {"probabilities": ops.softmax(logits), "activation_map": activation_map}


def _enlarged(x: Tensor, side: int) -> Tensor:
    """Stretch a map (B, h, h, channels) to (B, side, side, channels), its averages unchanged."""
    if x.shape[1] == side:
        return x
    shares = area_shares(x.shape[1], side)
    x = ops.matmul(shares, x)  # along the width
    x = ops.matmul(shares, ops.transpose(x, (0, 2, 1, 3)))
    return ops.transpose(x, (0, 2, 1, 3))


def area_shares(count: int, more: int) -> NDArray[np.float32]:
    """Say which share of each of `more` equal parts of a line lies in each of `count` equal parts of it.

    Stretching by these shares keeps the average, which bilinear interpolation does not.

    Returns:
        float32 (more, count): rows sum to 1, columns to more / count.
    """
    ends, more_ends = np.arange(count + 1) / count, np.arange(more + 1) / more
    lengths = np.minimum(more_ends[1:, np.newaxis], ends[1:]) - np.maximum(more_ends[:-1, np.newaxis], ends[:-1])
    shares: NDArray[np.float32] = (lengths.clip(min=0) * more).astype(np.float32)
    return shares


def _pixels_and_blocks(image_size: int) -> tuple[Tensor, dict[int, Tensor]]:
    if image_size < MIN_IMAGE_SIZE:
        raise ValueError(f"Xception needs pictures of {MIN_IMAGE_SIZE} pixels or more. Received: {image_size}")
    pixels = keras.Input((image_size, image_size, 3), dtype="float32", name="pixels")
    return pixels, xception_blocks(layers.Rescaling(1 / 127.5, offset=-1, dtype="float32", name="rescaling")(pixels))


def _averages(outputs: dict[int, Tensor], blocks: Sequence[int]) -> Tensor:
    """Average each block over the picture, in float32 also where the blocks are not: it is a sum of hundreds."""
    averages = [
        layers.GlobalAveragePooling2D(dtype="float32", name=f"block{number}_average")(outputs[number])
        for number in blocks
    ]
    return averages[0] if len(averages) == 1 else layers.Concatenate(dtype="float32", name="embedding")(averages)
