"""The head: one dense softmax layer on embeddings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xception_gui.domain.embedding import CHANNELS, EMBEDDING_BLOCKS
from xception_gui.inference.scaling import as_float32, blocks


@dataclass(frozen=True, slots=True)
class Head:
    """Weights of `softmax(embedding @ kernel + bias)`."""

    blocks: tuple[int, ...]  # whose averages it looks at
    kernel: NDArray[np.float32]  # (numbers of these blocks, classes)
    bias: NDArray[np.float32]  # (classes,)


def probabilities(head: Head, embeddings: NDArray[np.floating]) -> NDArray[np.float32]:
    """Say how probable each class is.

    Args:
        head: the head.
        embeddings: (N, 6712), all seven blocks.

    Returns:
        float32 (N, classes), rows sum to 1.

    Raises:
        FloatingPointError: finite numbers are so large that they overflow on the way.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        if head.blocks == EMBEDDING_BLOCKS:
            logits = [as_float32(embeddings[rows]) @ head.kernel for rows in blocks(len(embeddings))]
        else:
            columns = columns_of(head.blocks)
            logits = [as_float32(embeddings[rows][:, columns]) @ head.kernel for rows in blocks(len(embeddings))]
        said = np.concatenate(logits) + head.bias
    if not np.isfinite(said).all():
        raise FloatingPointError("its probabilities are not finite")
    return softmax(said)


def softmax(logits: NDArray[np.floating]) -> NDArray[np.float32]:
    """Turn logits (N, classes) into probabilities, float32."""
    exponentials = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    probable: NDArray[np.float32] = (exponentials / exponentials.sum(axis=1, keepdims=True)).astype(np.float32)
    return probable


def columns_of(blocks: Sequence[int]) -> NDArray[np.intp]:
    """Say which numbers of an embedding belong to `blocks`, in the order of `blocks`.

    Raises:
        KeyError: a block that is not part of an embedding.
    """
    starts = dict(zip(CHANNELS, np.cumsum([0, *CHANNELS.values()]), strict=False))
    return np.concatenate([np.arange(starts[block], starts[block] + CHANNELS[block]) for block in blocks])
