"""The class activation map: how much each place of a picture speaks for each class."""

from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from xception_gui.inference.backbone import Maps
from xception_gui.inference.head import Head


def activation_map(head: Head, maps: Maps) -> NDArray[np.float32]:
    """Compute the class activation map of one picture (Zhou et al. 2016, arXiv 1512.04150, equation 2).

    The score of a place is the head applied to the maps there, instead of to their averages. Scores of small maps are
    enlarged to the largest one. Their average over all places, plus the bias, is the logit of the class.

    Args:
        head: the head, on some blocks of an embedding.
        maps: of all blocks of the embedding, as a backbone returns them.

    Returns:
        float32 (side, side, classes), side being that of the largest map that the head reads.
    """
    by_block = dict(zip(head.architecture.embedding_blocks, maps, strict=True))
    read = [by_block[block] for block in head.blocks]
    side = max(len(one) for one in read)
    ends = accumulate((one.shape[-1] for one in read), initial=0)
    scores = [one @ head.kernel[start:end] for one, (start, end) in zip(read, pairwise(ends), strict=True)]
    total: NDArray[np.float32] = np.sum([_enlarged(one, side) for one in scores], axis=0)
    return total


def _enlarged(scores: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Enlarge (h, h, classes) to (side, side, classes); the averages stay the same."""
    if len(scores) == side:
        return scores
    shares = area_shares(len(scores), side)
    enlarged: NDArray[np.float32] = np.einsum("ya,xb,abc->yxc", shares, shares, scores, optimize=True)
    return enlarged


def area_shares(count: int, more: int) -> NDArray[np.float32]:
    """Return the share of each of `more` equal parts of a line that overlaps each of `count` equal parts.

    Enlarging by these shares keeps the average, which bilinear interpolation does not.

    Returns:
        float32 (more, count): rows sum to 1, columns to more / count.
    """
    ends, more_ends = np.arange(count + 1) / count, np.arange(more + 1) / more
    lengths = np.minimum(more_ends[1:, np.newaxis], ends[1:]) - np.maximum(more_ends[:-1, np.newaxis], ends[:-1])
    shares: NDArray[np.float32] = (lengths.clip(min=0) * more).astype(np.float32)
    return shares
