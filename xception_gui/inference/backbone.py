"""The backbone: pictures to embeddings."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xception_gui.data.pictures.open_picture import Pixels
from xception_gui.data.pool import usable_cores
from xception_gui.domain.architecture import Architecture
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.runtime import LITERT
from xception_gui.files.regular_files import open_regular

Embedding = NDArray[np.float16]
"""(D,), D as the architecture has it. Rounded to float16, fresh or cached, so that figures repeat exactly."""

Maps = tuple[NDArray[np.float32], ...]
"""The output of each block of an embedding for one picture, in the embedding's order: float32 (rows, columns,
channels). Averaged over rows and columns they are the embedding, apart from its rounding."""

MAX_BYTES = 50_000_000
"""Limit of a `backbone.tflite`: Xception's weights take 41.6 MB in float16, everything around them 0.1."""


class Backbone(ABC):
    """A network without its top, ready to run.

    Attributes:
        sha256: hash of the `backbone.tflite` that holds its weights.
        runtime: the runtime, with its precision.
    """

    sha256: str
    runtime: str

    @abstractmethod
    def embed(self, picture: Pixels) -> Embedding:
        """Return the embedding of one picture, uint8 (size, size, 3)."""

    def embed_all(self, pictures: Sequence[Pixels]) -> NDArray[np.float16]:
        """Return the embeddings of one picture or more, computed one by one: a processor is no faster with several.

        Returns:
            float16 (N, D).
        """
        return np.stack([self.embed(picture) for picture in pictures])


class MappedBackbone(Backbone):
    """A backbone that also returns the maps of its blocks: any that is used for predictions."""

    @abstractmethod
    def embed_with_maps(self, picture: Pixels) -> tuple[Embedding, Maps]:
        """Return the embedding of one picture, uint8 (size, size, 3), and the maps of the same pass."""


def rounded(embeddings: NDArray[np.floating], path: Path) -> NDArray[np.float16]:
    """Round the embeddings that a network computed to float16.

    Args:
        embeddings: of any shape.
        path: file of the network's weights.

    Raises:
        ProgramError: BACKBONE_UNUSABLE, some are not finite: the network's weights are damaged, or much too large.
    """
    with np.errstate(over="ignore"):
        halves = embeddings.astype(np.float16)
    if not np.isfinite(halves).all():
        raise unusable(path, "outputs that are not finite numbers")
    return halves


def unusable(path: Path, found: object) -> ProgramError:
    """Return the error for a file that can't be used as a backbone."""
    return ProgramError(ErrorCode.BACKBONE_UNUSABLE, path=path.parent, found=" ".join(str(found).split())[:200])


class LiteRTBackbone(MappedBackbone):
    """A backbone, run by LiteRT in float32 on all usable cores.

    Args:
        architecture: what the network is.
        path: file of its weights.
        image_size: pixels.
        sha256: hash of that file.
        content: the LiteRT file to run, if that isn't the file itself.

    Raises:
        ProgramError: BACKBONE_UNUSABLE, the file is no such network.
    """

    runtime = LITERT

    def __init__(
        self, architecture: Architecture, path: Path, image_size: int, *, sha256: str, content: bytes | None = None
    ) -> None:
        from ai_edge_litert.interpreter import Interpreter  # takes 50 ms, so only where something is embedded

        self.sha256 = sha256
        self._architecture = architecture
        self._path = path
        try:
            self._interpreter = Interpreter(
                model_path=None if content else str(path), model_content=content, num_threads=usable_cores()
            )
            self._input = self._interpreter.get_input_details()[0]["index"]
            self._interpreter.resize_tensor_input(self._input, (1, image_size, image_size, 3), strict=False)
            self._interpreter.allocate_tensors()
            # The maps of the blocks are outputs too; reading only the embedding saves copying them.
            outputs = self._interpreter.get_signature_runner().get_output_details()
            self._output = outputs["embedding"]["index"]
        except (ValueError, RuntimeError, KeyError, OSError) as error:
            raise unusable(path, str(error) or type(error).__name__) from error
        size, wanted = outputs["embedding"]["shape"][-1], architecture.embedding_size
        if size != wanted:
            raise unusable(path, f"an embedding of {size} numbers instead of {wanted}")

    def embed(self, picture: Pixels) -> Embedding:
        """Return the embedding of one picture, uint8 (size, size, 3)."""
        self._interpreter.set_tensor(self._input, picture[np.newaxis].astype(np.float32))
        self._interpreter.invoke()
        return rounded(self._interpreter.get_tensor(self._output)[0], self._path)

    def embed_with_maps(self, picture: Pixels) -> tuple[Embedding, Maps]:
        """Return the embedding of one picture, uint8 (size, size, 3), and the maps of the same pass."""
        outputs = self._interpreter.get_signature_runner().get_output_details()
        numbers = [outputs[f"block{block}"]["index"] for block in self._architecture.embedding_blocks]
        return self.embed(picture), tuple(self._interpreter.get_tensor(number)[0] for number in numbers)


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a regular file.

    Raises:
        OSError: it can't be read, or is no regular file.
    """
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
