"""The backbone in Keras: many pictures at once, on an accelerator."""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from xception_gui.data.pictures.open_picture import Pixels
from xception_gui.domain.architecture import Architecture
from xception_gui.domain.recipe import Precision
from xception_gui.finetune.architectures.build import build_backbone
from xception_gui.finetune.precision_policies import layers_in
from xception_gui.finetune.weights import load_weights
from xception_gui.inference.backbone import Backbone, Embedding, rounded

PIXELS_AT_ONCE = 32 * 299**2
"""Pixels of all pictures in a batch: the size of the maps in the network is proportional to them."""


def batch_size_for(image_size: int) -> int:
    """Return the number of pictures of a size, in pixels, that are embedded at once."""
    return max(1, PIXELS_AT_ONCE // image_size**2)


def keras_runtime() -> str:
    """Return the name of Keras' runtime, with the backend that was loaded."""
    return f"keras-{keras.backend.backend()}"


class KerasBackbone(Backbone):
    """A `Backbone` in whatever Keras runs on (`KERAS_BACKEND`).

    Layers compute in float32, which accelerators may round to fewer bits in convolutions (TensorFloat-32).

    Every batch has the same size; short ones are padded. So one program is compiled, and a picture's embedding doesn't
    depend on the other pictures or their number.

    Args:
        architecture: what the network is.
        weights: file of its weights, in any published layout.
        image_size: pixels.
        sha256: hash of the `backbone.tflite` with the same weights.
        batch_size: pictures that are embedded at once; by the image size if None.

    Raises:
        ProgramError: WEIGHTS_NOT_FOUND, WEIGHTS_DAMAGED, WEIGHTS_OF_ANOTHER_NETWORK.
    """

    def __init__(
        self,
        architecture: Architecture,
        weights: Path,
        image_size: int,
        *,
        sha256: str,
        batch_size: int | None = None,
    ) -> None:
        self.sha256 = sha256
        self.runtime = keras_runtime()
        self._batch_size = batch_size or batch_size_for(image_size)
        with layers_in(Precision.FLOAT32):
            network = build_backbone(architecture, image_size)
        load_weights(network, weights)
        self._weights = weights
        self._network = keras.Model(network.inputs, network.output["embedding"])

    def embed(self, picture: Pixels) -> Embedding:
        """Return the embedding of one picture, uint8 (size, size, 3)."""
        embedding: Embedding = self.embed_all([picture])[0]
        return embedding

    def embed_all(self, pictures: Sequence[Pixels]) -> NDArray[np.float16]:
        """Return the embeddings of one picture or more: float16 (N, D)."""
        starts = range(0, len(pictures), self._batch_size)
        return np.concatenate([self._embed_batch(pictures[start : start + self._batch_size]) for start in starts])

    def _embed_batch(self, pictures: Sequence[Pixels]) -> NDArray[np.float16]:
        filled = np.zeros((self._batch_size, *pictures[0].shape), np.float32)
        filled[: len(pictures)] = pictures
        return rounded(np.asarray(self._network.predict_on_batch(filled))[: len(pictures)], self._weights)
