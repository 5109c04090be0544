"""The backbone: pictures to embeddings."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xception_gui.data.images import Pixels
from xception_gui.data.pool import usable_cores
from xception_gui.domain.embedding import EMBEDDING_SIZE, LITERT
from xception_gui.domain.errors import ErrorCode, ProgramError

Embedding = NDArray[np.float16]
"""(6712,): rounded to float16 everywhere, fresh or cached, so that figures repeat exactly."""


class Backbone(ABC):
    """Xception without its top, ready to run.

    Attributes:
        sha256: of the `backbone.tflite` that holds its weights.
        runtime: what runs it, and in which precision.
    """

    sha256: str
    runtime: str

    @abstractmethod
    def embed(self, picture: Pixels) -> Embedding:
        """Pass one picture, uint8 (size, size, 3), through the network."""

    def embed_all(self, pictures: Sequence[Pixels]) -> NDArray[np.float16]:
        """Pass pictures, at least one, through the network: one by one, as a processor is no faster with several.

        Returns:
            float16 (N, 6712).
        """
        return np.stack([self.embed(picture) for picture in pictures])


class LiteRTBackbone(Backbone):
    """A `backbone.tflite`, run by LiteRT in float32 on all usable cores.

    Raises:
        ProgramError: BACKBONE_UNUSABLE, the file is no such network.
    """

    runtime = LITERT

    def __init__(self, path: Path, image_size: int, *, sha256: str) -> None:
        from ai_edge_litert.interpreter import Interpreter  # 50 ms, for those only who embed

        self.sha256 = sha256
        self._path = path
        try:
            self._interpreter = Interpreter(model_path=str(path), num_threads=usable_cores())
            self._input = self._interpreter.get_input_details()[0]["index"]
            self._interpreter.resize_tensor_input(self._input, (1, image_size, image_size, 3), strict=False)
            self._interpreter.allocate_tensors()
            # The maps of the blocks are outputs too; reading the embedding alone saves copying them.
            outputs = self._interpreter.get_signature_runner().get_output_details()
            self._output = outputs["embedding"]["index"]
        except (ValueError, RuntimeError, KeyError, OSError) as error:
            raise self._unusable(" ".join(str(error).split())[:200] or type(error).__name__) from error
        size = outputs["embedding"]["shape"][-1]
        if size != EMBEDDING_SIZE:
            raise self._unusable(f"its embedding has {size} numbers instead of {EMBEDDING_SIZE}")

    def embed(self, picture: Pixels) -> Embedding:
        """Pass one picture, uint8 (size, size, 3), through the network."""
        self._interpreter.set_tensor(self._input, picture[np.newaxis].astype(np.float32))
        self._interpreter.invoke()
        embedding: Embedding = self._interpreter.get_tensor(self._output)[0].astype(np.float16)
        return embedding

    def _unusable(self, found: str) -> ProgramError:
        return ProgramError(ErrorCode.BACKBONE_UNUSABLE, path=self._path.parent, found=found)


def file_sha256(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
