"""`predict`: classifies pictures."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xception_gui.data.dataset.checks import refusal
from xception_gui.data.pictures.open_picture import looks_like_a_picture
from xception_gui.data.sources.system_names import is_system_name
from xception_gui.data.sources.walker import files_below
from xception_gui.domain.errors import JobStopped
from xception_gui.domain.messages.base import Phase
from xception_gui.domain.messages.dataset import LeftOut
from xception_gui.domain.messages.using import ModelOpened, PicturePredicted, PredictRequest, PredictResult
from xception_gui.domain.reasons import Reason, left_out
from xception_gui.inference.classifier import Classifier
from xception_gui.inference.embeddings import Embedded
from xception_gui.jobs.reporting import PhaseReport, Report, Stop
from xception_gui.jobs.using.best_so_far import open_model


def predict(request: PredictRequest, report: Report, stop: Stop) -> PredictResult:
    """Classify files in the order given, and pictures in folders sorted by path. Each result is reported at once.

    An unreadable file is a result too, whatever its name. Files in folders are only ignored if they neither are
    pictures nor have the name of one, or if they belong to the system. A folder of the system's is read only if nothing
    else is given, as shells and file managers pass everything in a folder. Without paths, the model is only opened, so
    that it is ready for the next request.

    Raises:
        ProgramError: what `open_model` raises, BACKBONE_UNUSABLE.
        JobStopped: `stop()` was true before the model was open.
    """
    classifier = open_model(Path(request.run), report, stop)
    report(ModelOpened(classifier.record.classes))
    if not request.paths:
        classifier.embedder.open_backbone()
    wanted = list(_expand(request.paths))
    progress = PhaseReport(report, Phase.PREDICTING, len(wanted))
    pictures, unreadable, stopped = 0, 0, False
    try:
        embedded = classifier.embedder.embed((Path(one.path) for one in wanted), stop)
        for one, found in zip(wanted, embedded, strict=True):
            progress.advance()
            if _is_passed_over(one, found):
                continue
            result = _result(classifier, one, found)
            pictures += 1
            unreadable += result.error is not None
            report(result)
    except JobStopped:
        stopped = True
    return PredictResult(classifier.record.classes, pictures, unreadable, stopped)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A file to classify, or a folder that can't be read."""

    path: str
    given: int  # index of the request's path that names it or its folder
    named: bool  # by the person, not found in a folder
    unreadable: LeftOut | None = None  # a folder that isn't read, and why


def _expand(paths: tuple[str, ...]) -> Iterator[_Wanted]:
    for given, path in enumerate(paths):
        folder = Path(path)
        if not folder.is_dir():
            yield _Wanted(path, given, named=True)
            continue
        if len(paths) > 1 and is_system_name(folder.name):
            yield _Wanted(path, given, named=True, unreadable=left_out(path, Reason.SYSTEM))
            continue
        files, others = files_below(folder)
        found = [_Wanted(os.fspath(file), given, named=False) for file in files]
        found += [
            _Wanted(other.path, given, named=True, unreadable=other)
            for other in others
            if other.code == Reason.UNREADABLE
        ]
        yield from sorted(found, key=lambda wanted: wanted.path)


def _is_passed_over(wanted: _Wanted, found: Embedded) -> bool:
    return found.error is not None and not wanted.named and not looks_like_a_picture(found.path)


def _result(classifier: Classifier, wanted: _Wanted, found: Embedded) -> PicturePredicted:
    if found.embedding is None:
        assert found.error is not None
        refused = wanted.unreadable or refusal(found.path, found.error)
        return PicturePredicted(wanted.path, error=refused.code, detail=refused.detail, given=wanted.given)
    probabilities = classifier.probabilities(found.embedding[np.newaxis])[0]
    return PicturePredicted(wanted.path, tuple(probabilities.tolist()), given=wanted.given)
