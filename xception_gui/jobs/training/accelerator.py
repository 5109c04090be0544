"""Embeds the training pictures on an accelerator, if Keras has one, before a network is trained.

Validation and test pictures are always embedded by the runtime that predicts, so that a model's figures hold wherever
it is used, with or without Keras. Quick on its own doesn't use Keras, which takes seconds to load.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from xception_gui import paths
from xception_gui.data.dataset.checks import Picture
from xception_gui.diagnostics import logger
from xception_gui.domain.architecture import Architecture
from xception_gui.domain.errors import JobStopped, ProgramError
from xception_gui.domain.messages.training import Notice, NoticeCode
from xception_gui.inference.backbone import Backbone
from xception_gui.inference.embedder import Embedder
from xception_gui.inference.embeddings import Embedded
from xception_gui.inference.runtimes import open_shipped_backbone
from xception_gui.jobs.reporting import Report, Stop

WORTH_IT = 200
"""Uncached pictures from which the accelerator is used: assumed, not measured; the network is compiled first."""

LARGEST_ERROR = 5e-3
"""Largest difference from the predicting runtime's embedding, as a share of its norm. In bfloat16 it is 3e-3."""


def embed_training(pictures: Sequence[Picture], embedder: Embedder, report: Report, stop: Stop) -> Iterator[Embedded]:
    """Yield the embedding of each training picture, in order, in a process that trains a network.

    Args:
        pictures: the training pictures.
        embedder: used for cached pictures, and for all pictures if there is no accelerator or it fails.
        report: receives a notice if the accelerator fails.
        stop: called for each picture.

    Raises:
        JobStopped: `stop()` was true.
        ProgramError: BACKBONE_UNUSABLE, INSTALLATION_DAMAGED, and errors of the weights.
    """
    if embedder.own is None and _has_accelerator():
        known = [picture.sha256 in embedder.cache for picture in pictures]
        if known.count(False) >= WORTH_IT:
            return _both(pictures, known, embedder, report, stop)
    return embedder.embed([picture.path for picture in pictures], stop)


def keras_embedder(architecture: Architecture, image_size: int) -> Embedder:
    """Return an embedder that runs the shipped network in Keras, with its own entries in the cache.

    Opening it fails if its embeddings differ from those of the predicting runtime.
    """
    from xception_gui.finetune.keras_backbone import KerasBackbone, batch_size_for, keras_runtime

    def open_backbone() -> Backbone:
        sha256 = paths.shipped_sha256(paths.shipped_backbone(architecture.name))
        backbone = KerasBackbone(architecture, paths.shipped_weights(), image_size, sha256=sha256)
        _refuse_if_wrong(backbone, architecture, image_size)
        return backbone

    return Embedder(
        architecture,
        image_size,
        runtime=keras_runtime(),
        opener=open_backbone,
        batch_size=batch_size_for(image_size),
    )


def _refuse_if_wrong(backbone: Backbone, architecture: Architecture, image_size: int) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (image_size, image_size, 3), np.uint8)
    both = (backbone, open_shipped_backbone(architecture, image_size))
    found, wanted = (one.embed(picture).astype(np.float32) for one in both)
    error = np.linalg.norm(found - wanted) / np.linalg.norm(wanted)
    if not error <= LARGEST_ERROR:
        raise ArithmeticError(f"an embedding of {backbone.runtime} differs by {error:.1%}")


def _has_accelerator() -> bool:
    from xception_gui.finetune.devices import accelerators

    return bool(accelerators())


def _both(
    pictures: Sequence[Picture], known: Sequence[bool], embedder: Embedder, report: Report, stop: Stop
) -> Iterator[Embedded]:
    """Yield known embeddings from the cache, and the rest from Keras."""
    from_cache, rest = (
        [picture.path for picture, is_known in zip(pictures, known, strict=True) if is_known is wanted]
        for wanted in (True, False)
    )
    recalled, computed = embedder.embed(from_cache, stop), _in_keras(rest, embedder, report, stop)
    for is_known in known:
        yield next(recalled if is_known else computed)


def _in_keras(files: Sequence[Path], embedder: Embedder, report: Report, stop: Stop) -> Iterator[Embedded]:
    from xception_gui.finetune.step_speed import free_memory

    accelerated = keras_embedder(embedder.architecture, embedder.image_size)
    given = 0
    try:
        for embedded in accelerated.embed(files, stop):
            yield embedded
            given += 1
    except (JobStopped, ProgramError, MemoryError):
        raise
    except Exception:  # such as too little GPU memory or a wrong driver; each backend raises its own
        logger.warning("Embedding on an accelerator failed", exc_info=True)
        report(Notice(NoticeCode.ACCELERATOR_FAILED))
    del accelerated
    free_memory()  # for the training, or for the processor to continue
    yield from embedder.embed(files[given:], stop)
