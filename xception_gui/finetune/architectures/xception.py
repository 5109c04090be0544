"""The layers of Xception (Chollet 2016, arXiv 1610.02357, figure 5).

An ordinary convolution looks for patterns in space and across channels at once. Inception's modules assume that the two
can be separated: first 1×1 convolutions mix channels, then a few towers each convolve their own segment of channels in
space. Xception, "extreme Inception", takes that hypothesis to its end: every channel gets a tower of its own. That is a
*depthwise separable convolution*: one 3×3 filter for each channel
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

from typing import Any

from keras import layers

Tensor = Any
"""A symbolic tensor of Keras, float32, channels last."""


def xception_blocks(x: Tensor) -> dict[int, Tensor]:
    """Apply the blocks of Xception to a picture.

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
    # Block 2 doesn't begin with an activation: block 1 ends with one.
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
    """Two separable convolutions and a pooling, with a 1×1 convolution of the same stride 2 as shortcut."""
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
    """Depthwise, then pointwise with nothing between; then batch normalisation."""
    x = layers.SeparableConv2D(filters, 3, padding="same", use_bias=False, name=name)(x)
    return _batch_norm(x, f"{name}_bn")


def _batch_norm(x: Tensor, name: str) -> Tensor:
    return layers.BatchNormalization(name=name)(x)


def _relu(x: Tensor, name: str) -> Tensor:
    return layers.Activation("relu", name=name)(x)
