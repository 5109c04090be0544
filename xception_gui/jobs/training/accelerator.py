"""Where Keras has an accelerator, it embeds the training pictures that a network's training starts from.

Validation and test pictures go through the runtime that predicts, as always: a model's figures are those of what
predicts with it, where there may be no Keras. Quick alone does without Keras, which takes seconds to load.
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
"""Pictures that nothing is known of, from which it is used: assumed, not measured, as the network is compiled first."""

LARGEST_ERROR = 5e-3
"""By which an embedding may differ from that of the runtime that predicts, as a share of its length. In bfloat16 it is
3e-3."""


def embed_training(pictures: Sequence[Picture], embedder: Embedder, report: Report, stop: Stop) -> Iterator[Embedded]:
    """Yield the embedding of each training picture, in order, in a process that trains a network.

    Args:
        pictures: of the training part.
        embedder: of all other pictures, and of these where they are known, where there is no accelerator, or if it
            fails.
        report: told if it fails.
        stop: asked as each picture comes.

    Raises:
        JobStopped: `stop` said so.
        ProgramError: BACKBONE_UNUSABLE, INSTALLATION_DAMAGED, and what is wrong with the weights.
    """
    if embedder.own is None and _has_accelerator():
        known = [picture.sha256 in embedder.cache for picture in pictures]
        if known.count(False) >= WORTH_IT:
            return _both(pictures, known, embedder, report, stop)
    return embedder.embed([picture.path for picture in pictures], stop)


def keras_embedder(architecture: Architecture, image_size: int) -> Embedder:
    """Return an embedder that runs the shipped network in Keras, with entries of its own in the cache.

    It fails as it is opened if what it says isn't what the runtime that predicts says.
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
    """Yield what is known from the cache, and the rest from Keras."""
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
    except Exception:  # too little memory on the card, a driver that doesn't fit: each backend raises its own
        logger.warning("Embedding on an accelerator failed", exc_info=True)
        report(Notice(NoticeCode.ACCELERATOR_FAILED))
    del accelerated
    free_memory()  # for the training, or for the processor to go on
    yield from embedder.embed(files[given:], stop)
