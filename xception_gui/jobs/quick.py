"""Quick: embed the pictures, fit the head."""

import math
import time
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from xception_gui.data.checks import Picture
from xception_gui.data.split import Split, interleaved
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.messages import EpochFinished, Notice, NoticeCode, Phase, PhaseStarted
from xception_gui.inference.embedder import Embedder
from xception_gui.inference.embeddings import Embedded
from xception_gui.inference.softmax_regression import ROTATED_PICTURES, STRENGTHS, fit_head
from xception_gui.jobs.figures import EmbeddedPictures, collect, embed_pictures, measure
from xception_gui.jobs.model import Model
from xception_gui.jobs.reporting import PhaseReport, Report, Stop

GROWTH = 1.5
"""Times as many pictures as before, from which a point of the learning curve is worth a fit."""

SHARE_OF_TIME = 0.05
"""Of the time since reading began, that the fits of the learning curve may take."""

CURVE_STRENGTH = STRENGTHS[1]

Found = list[tuple[Embedded, Picture]]


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
        stop: asked after each picture.

    Raises:
        JobStopped: stopped before there was enough to fit.
        ProgramError: PICTURES_GONE, BACKBONE_UNUSABLE, INSTALLATION_DAMAGED.
    """
    classes = split.classes
    progress = PhaseReport(report, Phase.EMBEDDING, len(split.val) + len(split.train))
    curve = LearningCurve(classes, report)
    validation = embed_pictures(split.val, classes, embedder, progress, stop)
    training = _embed_until_stopped(
        split, embedder, seed, progress, stop, lambda found: None if is_start else curve.advance(found, validation)
    )
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
            epoch=0 if is_start else curve.fits + 1,
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
    split: Split,
    embedder: Embedder,
    seed: int,
    progress: PhaseReport,
    stop: Stop,
    on_read: Callable[[Found], None],
) -> EmbeddedPictures:
    order = interleaved(split.train, seed)
    found: Found = []
    try:
        for picture, embedded in zip(order, embedder.embed((p.path for p in order), stop), strict=True):
            found.append((embedded, picture))
            progress.advance()
            if len(found) < len(order):  # else what follows is the fit itself
                on_read(found)
    except JobStopped:
        if not found:
            raise
    return _collect_by_path(found, split.classes)


def _collect_by_path(found: Found, classes: Sequence[str]) -> EmbeddedPictures:
    """Put embeddings into one array in an order that doesn't depend on that of reading."""
    return collect(sorted(found, key=lambda pair: pair[1].relative), classes)


class LearningCurve:
    """Fits heads on the pictures that were read so far, seldom enough to cost next to nothing.

    The first one as soon as there are two pictures of each class, the next when there are half as many again, as long
    as all of them together take a twentieth of the time. Their strength is fixed: choosing it takes most of a fit.
    """

    def __init__(self, classes: Sequence[str], report: Report, clock: Callable[[], float] = time.monotonic) -> None:
        self.fits = 0
        self._classes = classes
        self._report = report
        self._clock = clock
        self._began = clock()
        self._spent = 0.0  # seconds, on fits
        self._last = (0, 0.0)  # pictures and seconds of the last one
        self._read: Counter[str] = Counter()
        self._looked_at = 0  # of what was found
        self._best = math.inf

    def advance(self, found: Found, validation: EmbeddedPictures) -> None:
        """Say that one more picture was read, and fit and report if it is time."""
        for embedded, picture in found[self._looked_at :]:
            self._read[picture.class_name] += embedded.embedding is not None
        self._looked_at = len(found)
        if self._is_time():
            began = self._clock()
            self._fit(_collect_by_path(found, self._classes), validation, began)

    def _is_time(self) -> bool:
        pictures = self._read.total()
        before, seconds = self._last
        if pictures > ROTATED_PICTURES:  # such a fit takes half a minute, and nobody could stop it
            return False
        if pictures < before * GROWTH or self._fewest() < 2:
            return False
        expected = seconds * (pictures / before) ** 2 if before else 0.0
        return self._spent + expected <= SHARE_OF_TIME * (self._clock() - self._began)

    def _fewest(self) -> int:
        return min(self._read[name] for name in self._classes)

    def _fit(self, training: EmbeddedPictures, validation: EmbeddedPictures, began: float) -> None:
        head = fit_head(training.embeddings, training.labels, len(self._classes), strength=CURVE_STRENGTH).head
        fitted, validated = measure(head, training), measure(head, validation)
        seconds = self._clock() - began
        self.fits += 1
        self._spent += seconds
        self._last = (len(training), seconds)
        self._report(
            EpochFinished(
                epoch=self.fits,
                images=len(training),
                loss=fitted.log_loss,
                accuracy=fitted.accuracy,
                val_loss=validated.log_loss,
                val_accuracy=validated.accuracy,
                learning_rate=None,
                seconds=seconds,
                best=validated.log_loss < self._best,
                preliminary=True,
            )
        )
        self._best = min(self._best, validated.log_loss)
