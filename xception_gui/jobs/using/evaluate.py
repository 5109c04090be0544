"""`evaluate`: measures a model on its own validation pictures or on a data set."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xception_gui.data.dataset.alike import appearance
from xception_gui.data.dataset.checks import Picture
from xception_gui.data.sources.rows import Part
from xception_gui.domain import metrics
from xception_gui.domain.errors import ErrorCode, Finding, ProgramError
from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.base import Phase
from xception_gui.domain.messages.dataset import LeftOut
from xception_gui.domain.messages.using import EvaluateRequest, EvaluateResult, ModelOpened, PictureEvaluated
from xception_gui.domain.reasons import Reason, left_out
from xception_gui.inference.classifier import Classifier
from xception_gui.jobs.dataset.check import read_dataset
from xception_gui.jobs.reporting import PhaseReport, Report, Stop
from xception_gui.jobs.training.figures import embed_pictures
from xception_gui.jobs.using.best_so_far import open_model
from xception_gui.jobs.using.recorded_pictures import find_pictures
from xception_gui.runs.schema import RunRecord

SHOWN_CLASSES = 3
"""Number of most probable classes reported per picture."""


def evaluate(request: EvaluateRequest, report: Report, stop: Stop) -> EvaluateResult:
    """Measure a model, and report its prediction for each picture.

    Raises:
        ProgramError: what `open_model` raises, RUN_WITHOUT_VALIDATION, PICTURES_MOVED, DATASET_NOT_FOUND,
            CLASSES_UNKNOWN.
        JobStopped: `stop` said so.
    """
    classifier = open_model(Path(request.run), report, stop)
    record = classifier.record
    report(ModelOpened(record.classes))
    if request.dataset is None:
        pictures, refused = _own_validation_pictures(Path(request.run), record, report, stop)
        has_parts = True
    else:
        pictures, refused, has_parts = _pictures_of_known_classes(
            classifier, request.dataset, request.folders, report, stop
        )
    progress = PhaseReport(report, Phase.TESTING, len(pictures))
    embedded = embed_pictures(pictures, record.classes, classifier.embedder, progress, stop)
    said = classifier.probabilities(embedded.embeddings)
    for index, picture in enumerate(embedded.pictures):
        right = int(embedded.labels[index])
        report(_picture_evaluated(picture, right, said[index]))
    matrix = metrics.confusion_matrix(said, embedded.labels, len(record.classes))
    trained_on = {picture.sha256 for picture in record.split.train}
    return EvaluateResult(
        classes=record.classes,
        accuracy=metrics.accuracy(said, embedded.labels),
        log_loss=metrics.log_loss(said, embedded.labels),
        images=len(embedded),
        trained_on=sum(picture.sha256 in trained_on for picture in embedded.pictures),
        left_out=(*refused, *embedded.lost),
        per_class=dict(zip(record.classes, metrics.per_class(matrix), strict=True)),
        confusion_matrix=tuple(tuple(int(count) for count in row) for row in matrix),
        dataset=request.dataset,
        parts=_counts_of_parts(embedded.pictures) if has_parts else {},
    )


def _picture_evaluated(picture: Picture, right: int, said: NDArray[np.float32]) -> PictureEvaluated:
    """Return the most probable classes of a picture, and the probability of its actual class."""
    shown = np.argsort(-said, kind="stable")[:SHOWN_CLASSES].tolist()
    if right not in shown:
        shown.append(right)
    return PictureEvaluated(
        path=str(picture.path),
        label=right,
        ranking=tuple(shown),
        probabilities=tuple(said[shown].tolist()),
    )


def _own_validation_pictures(
    run: Path, record: RunRecord, report: Report, stop: Stop
) -> tuple[list[Picture], list[LeftOut]]:
    """Find the pictures that the run was validated on, where they were and as they were."""
    if not record.split.val:
        raise ProgramError(ErrorCode.RUN_WITHOUT_VALIDATION, path=run)
    progress = PhaseReport(report, Phase.CHECKING, len(record.split.val))
    found = find_pictures(record, record.split.val, Part.VAL, progress, stop)
    pictures = [one for one in found if isinstance(one, Picture)]
    if not pictures:
        raise ProgramError(ErrorCode.PICTURES_MOVED, path=record.dataset)
    return pictures, [one for one in found if isinstance(one, LeftOut)]


def _pictures_of_known_classes(
    classifier: Classifier, folder: str, folders: Folders, report: Report, stop: Stop
) -> tuple[list[Picture], list[LeftOut], bool]:
    """Read a data set. Returns its pictures of known classes, the skipped ones, and whether it has parts."""
    record = classifier.record
    dataset = read_dataset(folder, report, stop, folders=folders, for_training=False)
    classes = frozenset(record.classes)
    known = [picture for picture in dataset.pictures if picture.class_name in classes]
    unknown = [picture for picture in dataset.pictures if picture.class_name not in classes]
    refused = [_of_no_known_class(picture, classes) for picture in unknown]
    if not known:
        look_alike = any(file.code == Reason.CLASS_SPELLED_DIFFERENTLY for file in refused)
        found = Finding.CLASS_FOLDERS_LOOK_ALIKE if look_alike else Finding.CLASS_FOLDERS
        names = tuple(dataset.class_counts)
        raise ProgramError(
            ErrorCode.CLASSES_UNKNOWN,
            path=folder,
            classes=record.classes,
            found=found if names else Finding.NO_CLASS_FOLDERS,
            names=names,
        )
    return known, sorted([*dataset.left_out, *refused], key=lambda file: file.path), dataset.has_parts


def _of_no_known_class(picture: Picture, classes: frozenset[str]) -> LeftOut:
    """Return why a picture of an unknown class is skipped; its class may only be spelled differently."""
    path, name = str(picture.path), picture.class_name
    alike = next((known for known in sorted(classes) if appearance(known) == appearance(name)), None)
    if alike is not None:
        return left_out(path, Reason.CLASS_SPELLED_DIFFERENTLY, alike)
    return left_out(path, Reason.CLASS_UNKNOWN, name)


def _counts_of_parts(pictures: Sequence[Picture]) -> dict[str, int]:
    counts = Counter(picture.part for picture in pictures)
    return {part.value: counts[part] for part in Part if counts[part]}
