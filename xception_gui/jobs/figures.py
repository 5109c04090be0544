"""How good a model is, by the predictor that will be used."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xception_gui.data.checks import Picture
from xception_gui.domain import metrics
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.metrics import Measured
from xception_gui.inference.embedder import Embedder
from xception_gui.inference.embeddings import Embedded
from xception_gui.inference.head import Head, probabilities
from xception_gui.jobs.reporting import PhaseReport, Stop


@dataclass(frozen=True, slots=True)
class EmbeddedPictures:
    """Embeddings of pictures whose classes are known."""

    embeddings: NDArray[np.float16]  # (N, 6712)
    labels: NDArray[np.int64]  # (N,)
    pictures: tuple[Picture, ...]  # N

    def __len__(self) -> int:
        return len(self.labels)


def embed_pictures(
    pictures: Sequence[Picture],
    classes: Sequence[str],
    embedder: Embedder,
    progress: PhaseReport,
    stop: Stop,
) -> EmbeddedPictures:
    """Embed pictures in order. One that has become unreadable since it was checked is passed over.

    Raises:
        JobStopped: `stop` said so.
        ProgramError: PICTURES_GONE, BACKBONE_UNUSABLE, INSTALLATION_DAMAGED.
    """
    found: list[tuple[Embedded, Picture]] = []
    for picture, embedded in zip(pictures, embedder.embed((p.path for p in pictures), stop), strict=True):
        found.append((embedded, picture))
        progress.advance()
    return collect(found, classes)


def collect(found: Sequence[tuple[Embedded, Picture]], classes: Sequence[str]) -> EmbeddedPictures:
    """Put embeddings into one array, with their labels.

    Raises:
        ProgramError: PICTURES_GONE, there is no embedding.
    """
    readable = [(embedded.embedding, picture) for embedded, picture in found if embedded.embedding is not None]
    if not readable:
        raise ProgramError(ErrorCode.PICTURES_GONE)
    pictures = tuple(picture for _, picture in readable)
    return EmbeddedPictures(
        embeddings=np.stack([embedding for embedding, _ in readable]),
        labels=np.array([classes.index(picture.class_name) for picture in pictures]),
        pictures=pictures,
    )


def measure(head: Head, pictures: EmbeddedPictures) -> Measured:
    """Measure a head on pictures."""
    return metrics.measure(probabilities(head, pictures.embeddings), pictures.labels)
