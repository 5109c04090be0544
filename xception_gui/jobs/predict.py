"""`predict`: what pictures show."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from xception_gui.data.checks import refusal
from xception_gui.data.images import looks_like_a_picture
from xception_gui.data.scan import files_below
from xception_gui.domain.errors import JobStopped
from xception_gui.domain.messages import (
    Phase,
    PicturePredicted,
    PicturePrediction,
    Prediction,
    PredictRequest,
    PredictResult,
)
from xception_gui.domain.reasons import Reason
from xception_gui.inference.classifier import Classifier
from xception_gui.inference.embeddings import Embedded
from xception_gui.jobs.reporting import PhaseReport, Report, Stop


def predict(request: PredictRequest, report: Report, stop: Stop) -> PredictResult:
    """Predict files in the order given, and folders' pictures sorted by path. Each result is reported at once.

    Files that can't be read are results too; in folders, files that neither are pictures nor are named like some are
    passed over.

    Raises:
        ProgramError: what `Classifier.open` raises, BACKBONE_UNUSABLE.
    """
    classifier = Classifier.open(Path(request.run))
    named = {Path(path) for path in request.paths}
    files = list(_expand(request.paths))
    progress = PhaseReport(report, Phase.PREDICTING, len(files))
    results: list[PicturePrediction] = []
    try:
        for embedded in classifier.embedder.embed(files, stop):
            progress.advance()
            if _is_no_picture(embedded) and embedded.path not in named:
                continue
            result = _result(classifier, embedded)
            results.append(result)
            report(PicturePredicted(result))
    except JobStopped:
        return PredictResult(classifier.record.classes, tuple(results), stopped=True)
    return PredictResult(classifier.record.classes, tuple(results))


def _expand(paths: tuple[str, ...]) -> Iterator[Path]:
    for path in map(Path, paths):
        if path.is_dir():
            yield from files_below(path)
        else:
            yield path


def _is_no_picture(embedded: Embedded) -> bool:
    error = embedded.error
    return error is not None and error.reason is Reason.NOT_A_PICTURE and not looks_like_a_picture(embedded.path)


def _result(classifier: Classifier, embedded: Embedded) -> PicturePrediction:
    path = os.fspath(embedded.path)
    if embedded.embedding is None:
        assert embedded.error is not None
        return PicturePrediction(path, (), refusal(embedded.path, embedded.error).reason)
    probabilities = classifier.probabilities(embedded.embedding[np.newaxis])[0]
    ranked = np.argsort(-probabilities, kind="stable")
    classes = classifier.record.classes
    return PicturePrediction(path, tuple(Prediction(classes[i], float(probabilities[i])) for i in ranked))
