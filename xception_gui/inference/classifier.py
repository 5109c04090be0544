"""A run, opened: pictures in, probabilities out."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xception_gui import paths
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.inference.backbone import (
    LiteRTBackbone,
    file_sha256,
    open_shipped_backbone,
)
from xception_gui.inference.embeddings import Embedded, EmbeddingCache, embed_files
from xception_gui.inference.head import Head, probabilities
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.schema import RunRecord


class Embedder:
    """A backbone with its cache, opened when the first picture needs it: a warm cache never does.

    Args:
        image_size: pixels.
        own: a backbone file other than the shipped one.
    """

    def __init__(self, image_size: int, own: Path | None = None) -> None:
        shipped = paths.shipped_backbone()
        try:
            self.sha256 = file_sha256(own) if own is not None else paths.shipped_sha256(shipped)
        except (OSError, KeyError) as error:
            raise ProgramError(ErrorCode.INSTALLATION_DAMAGED, path=own or shipped, found=error) from error
        self._image_size = image_size
        self.own = own
        self._opened: LiteRTBackbone | None = None
        self.cache = EmbeddingCache(
            paths.cache_folder(),
            backbone_sha256=self.sha256,
            runtime=LiteRTBackbone.runtime,
            image_size=image_size,
        )

    def open_backbone(self) -> LiteRTBackbone:
        """Open the backbone, once.

        Raises:
            ProgramError: BACKBONE_UNUSABLE, INSTALLATION_DAMAGED.
        """
        if self._opened is None:
            self._opened = (
                open_shipped_backbone(self._image_size)
                if self.own is None
                else LiteRTBackbone(self.own, self._image_size, sha256=self.sha256)
            )
        return self._opened

    def embed(self, files: Iterable[Path], stop: Callable[[], bool] = lambda: False) -> Iterator[Embedded]:
        """Give the embedding of each file, in order; see `embed_files`."""
        return embed_files(
            files, open_backbone=self.open_backbone, cache=self.cache, image_size=self._image_size, stop=stop
        )


class Classifier:
    """A finished run.

    Attributes:
        record: its `run.json`.
        embedder: its backbone.
        head: its head.
    """

    def __init__(self, record: RunRecord, embedder: Embedder, head: Head) -> None:
        self.record = record
        self.embedder = embedder
        self.head = head

    @classmethod
    def open(cls, folder: Path) -> "Classifier":
        """Open a run.

        Raises:
            ProgramError: NOT_A_RUN, RUN_DAMAGED, RUN_WITHOUT_MODEL, BACKBONE_MISSING.
        """
        run = RunFolder(folder)
        record = run.read_record()
        if not run.head.exists():
            raise ProgramError(ErrorCode.RUN_WITHOUT_MODEL, path=folder, status=record.status)
        head = Head(*run.read_head(len(record.classes)))
        own = run.backbone if run.backbone.exists() else None
        embedder = Embedder(record.image_size, own)
        if embedder.sha256 != record.backbone:
            if own is not None:
                raise run.damaged(own, "its hash is not the one that run.json gives")
            raise ProgramError(ErrorCode.BACKBONE_MISSING, path=folder, sha256=record.backbone)
        return cls(record, embedder, head)

    def probabilities(self, embeddings: NDArray[np.floating]) -> NDArray[np.float32]:
        """Say how probable each class is, float32 (N, classes), for embeddings (N, 6712)."""
        return probabilities(self.head, embeddings)
