"""A run, opened: pictures in, probabilities out."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xception_gui.domain.architecture import architecture_named
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.inference.backbone import MAX_BYTES
from xception_gui.inference.embedder import Embedder
from xception_gui.inference.head import Head, probabilities
from xception_gui.inference.runtimes import usable_runtime
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.schema import RunRecord


class Classifier:
    """A run that holds a model: a finished one, or one whose training was interrupted.

    Attributes:
        record: `run.json`.
        embedder: the backbone, with its cache.
        head: the head.
    """

    def __init__(self, record: RunRecord, embedder: Embedder, head: Head, files: RunFolder) -> None:
        self.record = record
        self.embedder = embedder
        self.head = head
        self._files = files

    @classmethod
    def open(cls, folder: Path) -> "Classifier":
        """Open a run in the runtime that computed its figures, or in LiteRT if this machine doesn't have that.

        Raises:
            ProgramError: NOT_A_RUN, RUN_DAMAGED, RUN_WITHOUT_MODEL, BACKBONE_MISSING.
        """
        run = RunFolder(folder)
        record = run.read_record()
        files = run.model(record.status)
        if files is not run and files.record_file.exists():  # of an interrupted training, with its own record
            record = files.read_record()
        if not files.head.exists():
            raise run.without_model(record.status)
        architecture = architecture_named(record.architecture)
        head = Head(architecture, *files.read_head(architecture, len(record.classes)))
        own = files.backbone if files.backbone.exists() else None
        if own is not None:
            _refuse(own, files)
        embedder = Embedder(architecture, record.image_size, own, runtime=usable_runtime(record.runtime))
        if embedder.sha256 != record.backbone:
            if own is not None:
                raise files.damaged(own, "its hash differs from the one in run.json")
            raise ProgramError(ErrorCode.BACKBONE_MISSING, path=folder, sha256=record.backbone)
        return cls(record, embedder, head, files)

    def probabilities(self, embeddings: NDArray[np.floating]) -> NDArray[np.float32]:
        """Return the probabilities of the classes, float32 (N, classes), for embeddings (N, D).

        Raises:
            ProgramError: RUN_DAMAGED, the head's weights are so large that they overflow.
        """
        try:
            return probabilities(self.head, embeddings)
        except FloatingPointError as error:
            raise self._files.damaged(self._files.head, error) from error


def _refuse(backbone: Path, files: RunFolder) -> None:
    """Refuse a backbone that is no file or too large, before it is read.

    Raises:
        ProgramError: RUN_DAMAGED.
    """
    if not backbone.is_file():  # opening a pipe would block for ever
        raise files.damaged(backbone, "not a file")
    if backbone.stat().st_size > MAX_BYTES:
        raise files.damaged(backbone, f"larger than {MAX_BYTES // 1_000_000} MB")
