"""Quick: embed the pictures, fit the head."""

import time

import numpy as np

from xception_gui.data.checks import Picture
from xception_gui.data.split import Split, interleaved
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.messages import EpochFinished, Notice, NoticeCode, Phase, PhaseStarted
from xception_gui.inference.embedder import Embedder
from xception_gui.inference.embeddings import Embedded
from xception_gui.inference.softmax_regression import fit_head
from xception_gui.jobs.figures import EmbeddedPictures, collect, embed_pictures, measure
from xception_gui.jobs.model import Model
from xception_gui.jobs.reporting import PhaseReport, Report, Stop


def train_quick(split: Split, embedder: Embedder, seed: int, *, epoch: int, report: Report, stop: Stop) -> Model:
    """Embed all validation pictures, then the training pictures in mixed order, and fit a head.

    Stopped on the way, it fits what it has read, if that is two pictures of each class.

    Args:
        split: the pictures.
        embedder: the backbone, and what it knows already.
        seed: decides the order of reading.
        epoch: what the measurement is reported as.
        report: told how far it is.
        stop: asked after each picture.

    Raises:
        JobStopped: stopped before there was enough to fit.
        ProgramError: PICTURES_GONE, BACKBONE_UNUSABLE, INSTALLATION_DAMAGED.
    """
    classes = split.classes
    progress = PhaseReport(report, Phase.EMBEDDING, len(split.val) + len(split.train))
    validation = embed_pictures(split.val, classes, embedder, progress, stop)
    training = _embed_until_stopped(split, embedder, seed, progress, stop)
    stopped = len(training) < len(split.train) and stop()
    fewest = np.bincount(training.labels, minlength=len(classes)).min()
    if stopped and fewest < 2:
        raise JobStopped
    if fewest < 1:
        raise ProgramError(ErrorCode.PICTURES_GONE)
    report(PhaseStarted(Phase.FITTING))
    began = time.monotonic()
    fit = fit_head(training.embeddings, training.labels, len(classes))
    fitted, validated = measure(fit.head, training), measure(fit.head, validation)
    report(
        EpochFinished(
            epoch=epoch,
            images=len(training),
            loss=fitted.log_loss,
            accuracy=fitted.accuracy,
            val_loss=validated.log_loss,
            val_accuracy=validated.accuracy,
            learning_rate=None,
            seconds=time.monotonic() - began,
            best=True,
        )
    )
    if stopped:
        text = f"Stopped while reading: the model rests on {len(training)} of {len(split.train)} training pictures."
        report(Notice(NoticeCode.FEWER_PICTURES, text))
    return Model(head=fit.head, embedder=embedder, validation=validated, stopped=stopped, strength=fit.strength)


def _embed_until_stopped(
    split: Split, embedder: Embedder, seed: int, progress: PhaseReport, stop: Stop
) -> EmbeddedPictures:
    order = interleaved(split.train, seed)
    found: list[tuple[Embedded, Picture]] = []
    try:
        for picture, embedded in zip(order, embedder.embed((p.path for p in order), stop), strict=True):
            found.append((embedded, picture))
            progress.advance()
    except JobStopped:
        if not found:
            raise
    by_path = sorted(found, key=lambda pair: pair[1].relative)  # so that the fit doesn't depend on the order
    return collect(by_path, split.classes)
