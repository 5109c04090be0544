"""Quick: embeds the pictures and fits the head."""

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

    If it is stopped while reading, it fits what was read, if that is two pictures of each class. A learning curve is
    reported meanwhile, which doesn't affect the model.

    Args:
        split: the pictures.
        embedder: the backbone with its cache.
        seed: decides the order of reading.
        is_start: the network will be trained from this model: it is reported as epoch 0, without a learning curve.
        report: called with progress and notices.
        stop: called after each picture, and while the head is fitted.

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
        unseen_losses=fit.unseen_losses,
        rests_on=len(pictures) if len(pictures) < len(split.train) else None,
    )


def tell_unreadable(read: int, pictures: int, report: Report) -> None:
    """Report how many pictures became unreadable after the check.

    Raises:
        ProgramError: PICTURES_GONE, most of them did, as when a drive is unplugged: the rest makes no useful model.
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
    """Embed the validation pictures, then the training pictures, with the classes evenly mixed from the start.

    Args:
        split: the pictures.
        embedder: the backbone with its cache.
        seed: decides the order.
        report: called with progress.
        stop: called after each picture; once true, the training pictures read so far are returned.
        on_read: called after each training picture but the last, with those read so far and the validation pictures.
        trains_network: whether a network will be trained next: then Keras is loaded, and its accelerator is used.

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
            if on_read is not None and number < len(order):  # after the last one, the fit itself follows
                on_read(training, validation)
    except JobStopped:
        if not len(training):
            raise
    return training, validation
