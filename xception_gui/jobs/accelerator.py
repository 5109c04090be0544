"""A network's training pictures are embedded by Keras where it has an accelerator, which takes hundreds a second.

Validation and test pictures aren't: a model's figures are those of what predicts with it, where Keras may be missing.
Nor is anything for Quick alone, which does without Keras everywhere: to load it takes as long as a processor takes for
a hundred pictures, and an engine that reads ahead for the wizard would hold the memory that a training needs.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from xception_gui import paths
from xception_gui.data.checks import Picture
from xception_gui.diagnostics import logger
from xception_gui.domain.errors import JobStopped
from xception_gui.domain.messages import Notice, NoticeCode
from xception_gui.inference.backbone import Backbone
from xception_gui.inference.embedder import Embedder
from xception_gui.inference.embeddings import Embedded
from xception_gui.inference.runtimes import keras_runtime
from xception_gui.jobs.reporting import Report, Stop

WORTH_IT = 200
"""Pictures that aren't embedded yet: to compile the network takes as long as a processor takes for about so many."""


def embed_training(pictures: Sequence[Picture], embedder: Embedder, report: Report, stop: Stop) -> Iterator[Embedded]:
    """Give the embedding of each training picture, in order, in a process that trains a network.

    Args:
        pictures: of the training part.
        embedder: of all other pictures, and of these where there is no accelerator or if it fails.
        report: told if it fails.
        stop: asked as each picture comes.

    Raises:
        JobStopped: `stop` said so.
        ProgramError: BACKBONE_UNUSABLE, INSTALLATION_DAMAGED.
    """
    files = [picture.path for picture in pictures]
    if not _is_worth_it(pictures, embedder):
        return embedder.embed(files, stop)
    return _until_it_fails(files, keras_embedder(embedder.image_size), embedder, report, stop)


def keras_embedder(image_size: int) -> Embedder:
    """Give an embedder that passes pictures through the shipped network in Keras; in the cache its key is its own."""

    def open_backbone() -> Backbone:
        from xception_gui.finetune.keras_backbone import KerasBackbone

        sha256 = paths.shipped_sha256(paths.shipped_backbone())
        return KerasBackbone(paths.shipped_weights(), image_size, sha256=sha256)

    return Embedder(image_size, runtime=keras_runtime(), opener=open_backbone)


def _is_worth_it(pictures: Sequence[Picture], embedder: Embedder) -> bool:
    from xception_gui.finetune.devices import accelerators

    if embedder.own is not None or not accelerators():
        return False
    return sum(picture.sha256 not in embedder.cache for picture in pictures) >= WORTH_IT


def _until_it_fails(
    files: Sequence[Path], accelerated: Embedder, embedder: Embedder, report: Report, stop: Stop
) -> Iterator[Embedded]:
    given = 0
    try:
        for embedded in accelerated.embed(files, stop):
            yield embedded
            given += 1
    except JobStopped:
        raise
    except Exception as error:  # too little memory, a driver that doesn't fit: each backend raises its own
        logger.warning("Embedding on an accelerator failed: %s", error)
        text = "The graphics card failed while it read pictures, so the processor reads the rest. The log says why."
        report(Notice(NoticeCode.ACCELERATOR_FAILED, text))
        yield from embedder.embed(files[given:], stop)
