"""Architectures as values: everything that the rest of the program needs to know about a network without building it.

A run's record names its architecture. Code that depends on it (backbone, embeddings, head, Keras networks) takes it as
an argument; no other code has block numbers or sizes of its own. `finetune/architectures` builds the layers.
"""

from collections.abc import Iterable
from dataclasses import dataclass


class UnknownArchitectureError(ValueError):
    """No architecture of this release has this name; the message lists the known ones.

    Attributes:
        found: the name.
    """

    def __init__(self, found: str) -> None:
        known = ", ".join(ARCHITECTURES)
        super().__init__(f"unknown architecture “{found}” (known: {known})")
        self.found = found


@dataclass(frozen=True, slots=True)
class Architecture:
    """A convolutional network without its top: a stack of numbered blocks. Some of them contribute to embeddings.

    The embedding of a picture is the outputs of these blocks, each averaged over the picture, concatenated.
    """

    name: str  # in run.json and in names of files; never changes
    title: str  # as spelled by its authors
    block_count: int  # blocks are numbered from 1
    embedding_channels: tuple[tuple[int, int], ...]  # block and channels of its output, in the order of an embedding
    input_range: tuple[float, float]  # pixel values, 0..255, are scaled to this range
    min_image_size: int  # pixels
    default_image_size: int  # pixels: the size that the pretrained weights were trained at

    @property
    def embedding_blocks(self) -> tuple[int, ...]:
        """The blocks whose averaged outputs make up an embedding, in order."""
        return tuple(block for block, _ in self.embedding_channels)

    @property
    def embedding_size(self) -> int:
        """Length of an embedding."""
        return sum(channels for _, channels in self.embedding_channels)

    def columns_of(self, block: int) -> range:
        """Return the indices of a block's averages in an embedding.

        Raises:
            ValueError: the block is not part of an embedding.
        """
        start = 0
        for number, channels in self.embedding_channels:
            if number == block:
                return range(start, start + channels)
            start += channels
        raise ValueError(f"block {block} is not part of an embedding of {self.title}")

    def size_of(self, blocks: Iterable[int]) -> int:
        """Return how many numbers of an embedding belong to `blocks`.

        Raises:
            ValueError: a block is not part of an embedding.
        """
        return sum(len(self.columns_of(block)) for block in blocks)


XCEPTION = Architecture(
    name="xception",
    title="Xception",
    block_count=14,
    embedding_channels=((4, 728), (6, 728), (8, 728), (10, 728), (12, 728), (13, 1024), (14, 2048)),  # 6,712 together
    input_range=(-1.0, 1.0),
    min_image_size=71,  # the network halves the picture five times
    default_image_size=299,
)
"""Chollet 2016, arXiv 1610.02357. The embedding follows Head2Toe (Evci et al. 2022, arXiv 2201.03529)."""

ARCHITECTURES = {architecture.name: architecture for architecture in (XCEPTION,)}
"""All architectures, by name."""


def architecture_named(name: str) -> Architecture:
    """Return the architecture that a run's record names.

    Raises:
        UnknownArchitectureError: this release has none of that name.
    """
    try:
        return ARCHITECTURES[name]
    except KeyError:
        raise UnknownArchitectureError(name) from None
