"""What an embedding is: the average-pooled outputs of seven of Xception's blocks, one after the other."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

CHANNELS = {4: 728, 6: 728, 8: 728, 10: 728, 12: 728, 13: 1024, 14: 2048}
"""Channels of the output of each block that is part of an embedding, in order."""

EMBEDDING_BLOCKS = tuple(CHANNELS)
EMBEDDING_SIZE = sum(CHANNELS.values())  # 6,712


def columns_of(blocks: Sequence[int]) -> NDArray[np.intp]:
    """Say which numbers of an embedding belong to `blocks`, in the order of `blocks`.

    Raises:
        KeyError: a block that is not part of an embedding.
    """
    starts = dict(zip(CHANNELS, np.cumsum([0, *CHANNELS.values()]), strict=False))
    return np.concatenate([np.arange(starts[block], starts[block] + CHANNELS[block]) for block in blocks])
