"""Embeddings of labelled pictures, and the figures of a head on them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xception_gui.data.dataset.checks import Picture
from xception_gui.data.pictures.picture_error import refuse_lack_of_memory
from xception_gui.domain import metrics
from xception_gui.domain.architecture import Architecture
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages.dataset import LeftOut
from xception_gui.domain.metrics import Measured
from xception_gui.domain.reasons import left_out
from xception_gui.inference.embedder import Embedder
from xception_gui.inference.embedding_table import EmbeddingTable
from xception_gui.inference.embeddings import Embedded
from xception_gui.inference.head import Head, probabilities
from xception_gui.jobs.reporting import PhaseReport, Stop


@dataclass(frozen=True, slots=True)
class EmbeddedPictures:
    """Embeddings of pictures whose classes are known."""

    architecture: Architecture  # of the backbone
    embeddings: NDArray[np.float16]  # (N, D)
    labels: NDArray[np.int64]  # (N,)
    pictures: tuple[Picture, ...]  # N
    lost: tuple[LeftOut, ...] = ()  # pictures that became unreadable after the check

    def __len__(self) -> int:
        return len(self.labels)

    def among(self, names: Collection[str]) -> "EmbeddedPictures":
        """Return those whose relative paths are among `names`."""
        kept = [number for number, picture in enumerate(self.pictures) if picture.relative in names]
        pictures = tuple(self.pictures[number] for number in kept)
        return EmbeddedPictures(self.architecture, self.embeddings[kept], self.labels[kept], pictures)


class Collector:
    """Collects embeddings as they are computed; pictures that have become unreadable since the check are skipped.

    Args:
        architecture: of the backbone.
        rows: the largest number of pictures that will be added.
        classes: names of the classes, in the order of labels.
    """

    def __init__(self, architecture: Architecture, rows: int, classes: Sequence[str]) -> None:
        self._architecture = architecture
        self._table = EmbeddingTable(rows, architecture.embedding_size)
        self._labels: list[int] = []
        self._pictures: list[Picture] = []
        self._lost: list[LeftOut] = []
        self._label_of = {name: label for label, name in enumerate(classes)}
        self.counts = [0] * len(classes)  # pictures of each class

    def __len__(self) -> int:
        return len(self._table)

    def add(self, embedded: Embedded, picture: Picture) -> None:
        """Add a picture.

        Raises:
            MemoryError: too little memory to open the picture; training without it would be wrong.
            ProgramError: CANNOT_WRITE, as `EmbeddingTable`.
        """
        if embedded.embedding is None:
            assert embedded.error is not None
            refuse_lack_of_memory(embedded.error)
            self._lost.append(left_out(str(picture.path), embedded.error.reason, embedded.error.detail))
            return
        label = self._label_of[picture.class_name]
        self._table.add(embedded.embedding)
        self._labels.append(label)
        self._pictures.append(picture)
        self.counts[label] += 1

    def collected(self) -> EmbeddedPictures:
        """Return the pictures added so far; their embeddings are a view.

        Raises:
            ProgramError: PICTURES_GONE, there are none.
        """
        if not self._labels:
            raise ProgramError(ErrorCode.PICTURES_GONE)
        return EmbeddedPictures(
            self._architecture,
            self._table.embeddings,
            np.array(self._labels),
            tuple(self._pictures),
            tuple(self._lost),
        )


def embed_pictures(
    pictures: Sequence[Picture],
    classes: Sequence[str],
    embedder: Embedder,
    progress: PhaseReport,
    stop: Stop,
) -> EmbeddedPictures:
    """Embed pictures in order. Those that have become unreadable since the check are skipped.

    Raises:
        JobStopped: `stop()` was true.
        ProgramError: PICTURES_GONE, BACKBONE_UNUSABLE, INSTALLATION_DAMAGED.
    """
    collector = Collector(embedder.architecture, len(pictures), classes)
    for picture, embedded in zip(pictures, embedder.embed((p.path for p in pictures), stop), strict=True):
        collector.add(embedded, picture)
        progress.advance()
    return collector.collected()


def measure_head(head: Head, pictures: EmbeddedPictures) -> Measured:
    """Return accuracy and loss of a head on pictures."""
    return metrics.measure_probabilities(probabilities(head, pictures.embeddings), pictures.labels)
