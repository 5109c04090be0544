"""Quick: embed the pictures, fit the head."""

import time
from collections.abc import Callable

from xception_gui.data.dataset.split import Split, interleaved
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.messages.base import Phase, PhaseStarted
from xception_gui.domain.messages.training import Notice, NoticeCode
from xception_gui.inference.embedder import Embedder
from xception_gui.inference.softmax_regression import fit_head
from xception_gui.jobs.reporting import PhaseReport, Report, Stop
from xception_gui.jobs.training.accelerator import embed_training
from xception_gui.jobs.training.figures import Collector, EmbeddedPictures, embed_pictures
from xception_gui.jobs.training.learning_curve import LearningCurve
from xception_gui.jobs.training.trained_model import Model


def train_quick(split: Split, embedder: Embedder, seed: int, *, is_start: bool, report: Report, stop: Stop) -> Model:
    """Embed all validation pictures, then the training pictures in mixed order, and fit a head.

    Stopped on the way, it fits what it has read, if that is two pictures of each class. While it reads it shows now
    and then how good a head would be by what was read so far; the model doesn't depend on that.

    Args:
        split: the pictures.
        embedder: the backbone, and what it knows already.
        seed: decides the order of reading.
        is_start: the network is trained from this model on: it is reported as epoch 0, and nothing before it.
        report: told how far it is.
        stop: asked after each picture, and while the head is fitted.

    Raises:
        JobStopped: stopped before there was enough to fit.
        ProgramError: PICTURES_GONE, BACKBONE_UNUSABLE, INSTALLATION_DAMAGED.
    """
    curve = LearningCurve(split.classes, report, first=0 if is_start else 1)
    on_read = None if is_start else curve.advance
    training, validation = read_pictures(split, embedder, seed, report, stop, on_read, trains_network=is_start)
    stopped = len(training) < len(split.train) and stop()
    fewest = min(training.counts)
    if stopped and fewest < 2:
        raise JobStopped
    if not stopped:
        tell_unreadable(len(training) + len(validation), len(split.train) + len(split.val), report)
    if fewest < 1:
        raise ProgramError(ErrorCode.PICTURES_GONE)
    report(PhaseStarted(Phase.FITTING))
    began = time.monotonic()
    pictures = training.collected()
    fit = fit_head(
        pictures.architecture,
        pictures.embeddings,
        pictures.labels,
        len(split.classes),
        stop=lambda: not stopped and stop(),
    )
    validated = curve.finish(fit.head, pictures, validation, time.monotonic() - began)
    if stopped:
        report(Notice(NoticeCode.FEWER_PICTURES, {"read": len(pictures), "pictures": len(split.train)}))
    return Model(
        head=fit.head,
        embedder=embedder,
        validation=validated,
        stopped=stopped,
        strength=fit.strength,
        rests_on=len(pictures) if len(pictures) < len(split.train) else None,
    )


def tell_unreadable(read: int, pictures: int, report: Report) -> None:
    """Say how many pictures became unreadable since they were checked.

    Raises:
        ProgramError: PICTURES_GONE, most of them did: that is an unplugged drive, of which nobody wants the rest.
    """
    if read < pictures / 2:
        raise ProgramError(ErrorCode.PICTURES_GONE)
    if read < pictures:
        report(Notice(NoticeCode.PICTURES_CHANGED, {"missing": pictures - read, "pictures": pictures}))


def read_pictures(
    split: Split,
    embedder: Embedder,
    seed: int,
    report: Report,
    stop: Stop,
    on_read: Callable[[Collector, EmbeddedPictures], None] | None,
    *,
    trains_network: bool = False,
) -> tuple[Collector, EmbeddedPictures]:
    """Embed the validation pictures, then the training pictures so that any beginning holds each class in its share.

    Args:
        split: the pictures.
        embedder: the backbone, and what it knows already.
        seed: decides the order.
        report: told how far it is.
        stop: asked after each picture; training pictures that were read by then are given.
        on_read: told after each training picture but the last: what of them was read, and the validation pictures.
        trains_network: whether a network is to be trained from what is read: then Keras is loaded, and may have an
            accelerator.

    Raises:
        JobStopped: stopped before the first training picture was read.
        ProgramError: PICTURES_GONE, BACKBONE_UNUSABLE, INSTALLATION_DAMAGED.
    """
    progress = PhaseReport(report, Phase.EMBEDDING, len(split.val) + len(split.train))
    validation = embed_pictures(split.val, split.classes, embedder, progress, stop)
    order = interleaved(split.train, seed)
    training = Collector(embedder.architecture, len(order), split.classes)
    try:
        if trains_network:
            embedded = embed_training(order, embedder, report, stop)
        else:
            embedded = embedder.embed((picture.path for picture in order), stop)
        for number, (picture, found) in enumerate(zip(order, embedded, strict=True), start=1):
            training.add(found, picture)
            progress.advance()
            if on_read is not None and number < len(order):  # else what follows is the fit itself
                on_read(training, validation)
    except JobStopped:
        if not len(training):
            raise
    return training, validation
