"""`embed`: reads a data set ahead, while the person still chooses a recipe."""

import time

from xception_gui.data.dataset.split import split_dataset
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages.base import Phase, PhaseStarted
from xception_gui.domain.messages.dataset import DatasetSplit, EmbedRequest, EmbedResult
from xception_gui.inference.embedder import Embedder
from xception_gui.inference.softmax_regression import fit_head
from xception_gui.jobs.dataset.check import read_dataset
from xception_gui.jobs.reporting import Report, Stop
from xception_gui.jobs.training.learning_curve import CURVE_STRENGTH, LearningCurve
from xception_gui.jobs.training.quick import read_pictures, tell_unreadable

SECONDS_A_PICTURE = 0.08
"""Approximate seconds that embedding a picture takes. Cached pictures count as this much time, so the curve keeps its
5 % budget."""


def embed(request: EmbedRequest, report: Report, stop: Stop) -> EmbedResult:
    """Embed all pictures, so that Quick finds them in the cache, and report its learning curve.

    Raises:
        ProgramError: what makes a training impossible; PICTURES_GONE, most pictures vanished while they were read.
        JobStopped: stopped before the first training picture was read; what was embedded stays in the cache.
    """
    dataset = read_dataset(request.dataset, report, stop, folders=request.folders)
    if dataset.error is not None:
        raise dataset.error
    split = split_dataset(dataset, val_fraction=request.val_fraction, max_per_class=None, seed=request.seed)
    report(DatasetSplit(len(split.train), len(split.val), 0))  # test pictures aren't read
    embedder = Embedder(XCEPTION, XCEPTION.default_image_size)
    cached = sum(picture.sha256 in embedder.cache for picture in split.train)
    curve = LearningCurve(split.classes, report, patience=cached * SECONDS_A_PICTURE)
    training, validation = read_pictures(split, embedder, request.seed, report, stop, curve.advance)
    images = len(validation) + len(training)
    if stop():
        return EmbedResult(images, stopped=len(training) < len(split.train))
    tell_unreadable(images, len(split.train) + len(split.val), report)
    if min(training.counts) < 1:
        raise ProgramError(ErrorCode.PICTURES_GONE)
    if min(training.counts) < 2:
        return EmbedResult(images)
    report(PhaseStarted(Phase.FITTING))
    began = time.monotonic()
    pictures = training.collected()
    fit = fit_head(
        pictures.architecture,
        pictures.embeddings,
        pictures.labels,
        len(split.classes),
        strength=CURVE_STRENGTH,
        stop=stop,
    )
    curve.finish(fit.head, pictures, validation, time.monotonic() - began, preliminary=True)
    return EmbedResult(images)
