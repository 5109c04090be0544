"""Networks of Keras around the layers of an architecture: input, averages of blocks, head, class activation map."""

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from typing import Any

import keras
from keras import layers, ops

from xception_gui.domain.architecture import XCEPTION, Architecture
from xception_gui.finetune.architectures.xception import xception_blocks
from xception_gui.inference.activation_map import area_shares

Tensor = Any
"""A symbolic tensor of Keras, float32, channels last."""

LAYERS: dict[str, Callable[[Tensor], dict[int, Tensor]]] = {XCEPTION.name: xception_blocks}
"""The layers of each architecture, by its name: from a scaled picture to the output of every block."""


def build_backbone(architecture: Architecture, image_size: int) -> keras.Model:
    """Build a network without its top, as prediction uses it.

    Returns:
        A model from pixels, float32 (B, size, size, 3), 0..255, RGB, to a dict: `embedding`, float32
        (B, embedding size), the averages of the embedding's blocks one after the other; and their maps, for Xception
        `block4` … `block14`.

    Raises:
        ValueError: pictures of this size are too small for it.
    """
    pixels, blocks = _pixels_and_blocks(architecture, image_size)
    outputs = {f"block{number}": blocks[number] for number in architecture.embedding_blocks}
    outputs["embedding"] = _averages(blocks, architecture.embedding_blocks)
    return keras.Model(pixels, outputs, name=f"{architecture.name}_backbone")


def build_classifier(
    architecture: Architecture, image_size: int, blocks: Sequence[int], class_count: int
) -> keras.Model:
    """Build a whole network: the backbone, the averages of `blocks`, one dense softmax layer named `head`.

    Returns:
        A model from pixels, float32 (B, size, size, 3), 0..255, RGB, to probabilities, float32 (B, class_count).
    """
    pixels, outputs = _pixels_and_blocks(architecture, image_size)
    averages = _averages(outputs, blocks)
    probabilities = layers.Dense(class_count, activation="softmax", dtype="float32", name="head")(averages)
    return keras.Model(pixels, probabilities, name=f"{architecture.name}_classifier")


def build_explained_classifier(
    architecture: Architecture, image_size: int, blocks: Sequence[int], class_count: int
) -> keras.Model:
    """Build a whole network with its class activation map beside its probabilities.

    Returns:
        A model from pixels, float32 (B, size, size, 3), 0..255, RGB, to a dict: `probabilities`, float32
        (B, class_count), and `activation_map`, float32 (B, h, w, class_count). Its layer `head` has the weights of the
        one that `build_classifier` makes.
    """
    pixels, outputs = _pixels_and_blocks(architecture, image_size)
    explained = _ExplainingHead(class_count, name="head")([outputs[number] for number in blocks])
    return keras.Model(pixels, explained, name=f"{architecture.name}_explained")


class _ExplainingHead(layers.Layer):  # type: ignore[misc]  # Keras has no types
    """A dense softmax layer on the averages of maps, applied to the maps before they are averaged.

    The score of a place for each class is `map @ kernel`, with the rows of the kernel that belong to this map (Zhou et
    al. 2016, arXiv 1512.04150). Summed over the maps, enlarged to the largest of them, the scores are the class
    activation map; its average over all places, plus the bias, is the logit, exactly.
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
    """Enlarge a map (B, h, h, channels) to (B, side, side, channels); its averages stay the same."""
    if x.shape[1] == side:
        return x
    shares = area_shares(x.shape[1], side)
    x = ops.matmul(shares, x)  # along the width
    x = ops.matmul(shares, ops.transpose(x, (0, 2, 1, 3)))
    return ops.transpose(x, (0, 2, 1, 3))


def _pixels_and_blocks(architecture: Architecture, image_size: int) -> tuple[Tensor, dict[int, Tensor]]:
    smallest = architecture.min_image_size
    if image_size < smallest:
        raise ValueError(f"{architecture.title} needs pictures of {smallest} pixels or more. Received: {image_size}")
    low, high = architecture.input_range
    pixels = keras.Input((image_size, image_size, 3), dtype="float32", name="pixels")
    scaled = layers.Rescaling((high - low) / 255, offset=low, dtype="float32", name="rescaling")(pixels)
    return pixels, LAYERS[architecture.name](scaled)


def _averages(outputs: dict[int, Tensor], blocks: Sequence[int]) -> Tensor:
    """Average each block over the picture; in float32 even if they are not: hundreds of numbers are summed."""
    averages = [
        layers.GlobalAveragePooling2D(dtype="float32", name=f"block{number}_average")(outputs[number])
        for number in blocks
    ]
    return averages[0] if len(averages) == 1 else layers.Concatenate(dtype="float32", name="embedding")(averages)
