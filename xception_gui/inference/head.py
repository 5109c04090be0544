"""The head: one dense softmax layer on embeddings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xception_gui.domain.architecture import Architecture
from xception_gui.inference.scaling import as_float32, row_slices


@dataclass(frozen=True, slots=True)
class Head:
    """Weights of `softmax(embedding @ kernel + bias)`."""

    architecture: Architecture  # of the embeddings
    blocks: tuple[int, ...]  # whose averages are its inputs
    kernel: NDArray[np.float32]  # (channels of these blocks, classes)
    bias: NDArray[np.float32]  # (classes,)


def probabilities(head: Head, embeddings: NDArray[np.floating]) -> NDArray[np.float32]:
    """Compute the probabilities of the classes.

    Args:
        head: the head.
        embeddings: (N, D), of all blocks of its architecture.

    Returns:
        float32 (N, classes), rows sum to 1.

    Raises:
        FloatingPointError: the weights are so large that they overflow.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        if head.blocks == head.architecture.embedding_blocks:
            logits = [as_float32(embeddings[rows]) @ head.kernel for rows in row_slices(len(embeddings))]
        else:
            columns = columns_of(head.architecture, head.blocks)
            logits = [as_float32(embeddings[rows][:, columns]) @ head.kernel for rows in row_slices(len(embeddings))]
        said = np.concatenate(logits) + head.bias
    if not np.isfinite(said).all():
        raise FloatingPointError("gives probabilities that are not finite")
    return softmax(said)


def softmax(logits: NDArray[np.floating]) -> NDArray[np.float32]:
    """Convert logits (N, classes) to probabilities, float32 (N, classes)."""
    exponentials = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    probable: NDArray[np.float32] = (exponentials / exponentials.sum(axis=1, keepdims=True)).astype(np.float32)
    return probable


def columns_of(architecture: Architecture, blocks: Sequence[int]) -> NDArray[np.intp]:
    """Return the places of the averages of `blocks` in an embedding, in the order of `blocks`.

    Raises:
        ValueError: a block is not part of an embedding.
    """
    columns = [architecture.columns_of(block) for block in blocks]
    return np.concatenate([np.arange(one.start, one.stop) for one in columns])
