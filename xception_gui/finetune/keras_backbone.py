"""The backbone in Keras: many pictures at once, for a machine with an accelerator."""

from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from xception_gui.data.images import Pixels
from xception_gui.finetune.weights import load_weights
from xception_gui.finetune.xception import build_backbone
from xception_gui.inference.backbone import Embedding


class KerasBackbone:
    """A `Backbone` in whatever Keras runs on (`KERAS_BACKEND`), in the precision of Keras' dtype policy.

    Every batch has the same size, short ones are filled up: one program is compiled, and a picture's embedding depends
    neither on its neighbours nor on how many there are.

    Args:
        weights: of Xception, in any published layout.
        image_size: pixels.
        sha256: of the `backbone.tflite` that holds the same weights.
        batch_size: pictures that pass at once.

    Raises:
        ProgramError: WEIGHTS_NOT_FOUND, WEIGHTS_DAMAGED, WEIGHTS_OF_ANOTHER_NETWORK.
    """

    def __init__(self, weights: Path, image_size: int, *, sha256: str, batch_size: int = 32) -> None:
        self.sha256 = sha256
        self.runtime = f"keras-{keras.backend.backend()}-{keras.config.dtype_policy().name}"
        self._batch_size = batch_size
        network = build_backbone(image_size)
        load_weights(network, weights)
        self._network = keras.Model(network.inputs, network.output["embedding"])

    def embed(self, picture: Pixels) -> Embedding:
        """Pass one picture, uint8 (size, size, 3), through the network."""
        embedding: Embedding = self.embed_all(picture[np.newaxis])[0]
        return embedding

    def embed_all(self, pictures: NDArray[np.uint8]) -> NDArray[np.float16]:
        """Pass pictures, uint8 (N, size, size, 3), through the network. Gives float16 (N, 6712)."""
        found = []
        for start in range(0, len(pictures), self._batch_size):
            part = pictures[start : start + self._batch_size]
            filled = np.zeros((self._batch_size, *part.shape[1:]), np.float32)
            filled[: len(part)] = part
            embeddings = np.asarray(self._network.predict_on_batch(filled), np.float32)
            found.append(embeddings[: len(part)].astype(np.float16))
        return np.concatenate(found)
