"""Many embeddings as one array, in memory or, where there are too many, in a file that is mapped into it."""

import tempfile

import numpy as np
from numpy.typing import NDArray

from xception_gui import paths
from xception_gui.domain.embedding import EMBEDDING_SIZE
from xception_gui.inference.backbone import Embedding

ROWS_IN_MEMORY = 20_000
"""268 MB."""


class EmbeddingTable:
    """Embeddings, a row each, in the order in which they were added.

    Args:
        rows: that it has room for.
    """

    def __init__(self, rows: int) -> None:
        self._rows = _mapped(rows) if rows > ROWS_IN_MEMORY else np.empty((rows, EMBEDDING_SIZE), np.float16)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, embedding: Embedding) -> None:
        """Add a row."""
        self._rows[self._count] = embedding
        self._count += 1

    @property
    def embeddings(self) -> NDArray[np.float16]:
        """What was added so far, (N, 6712): a view."""
        return self._rows[: self._count]


def _mapped(rows: int) -> NDArray[np.float16]:
    """Make room in a file that has no name and ends with the process; not in the system's place for such files, which
    may lie in memory itself."""
    folder = paths.cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        return np.memmap(file, np.float16, "w+", shape=(rows, EMBEDDING_SIZE))
