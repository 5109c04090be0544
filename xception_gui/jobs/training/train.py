"""`train`: trains a model on a data set."""

from datetime import datetime
from pathlib import Path

from xception_gui.data.dataset.split import Split
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode, Finding, ProgramError
from xception_gui.domain.messages.training import (
    Notice,
    NoticeCode,
    TrainRequest,
    TrainResult,
)
from xception_gui.inference.machine import device_name, versions
from xception_gui.jobs.reporting import Report, Stop, never
from xception_gui.jobs.training.carrying_out import Ends, Work, carry_out, open_embedder, recorded
from xception_gui.jobs.training.place import refuse_place
from xception_gui.jobs.training.reading import read_split
from xception_gui.jobs.training.recorder import Recorder
from xception_gui.runs.lock import RunLock
from xception_gui.runs.record_json import to_json
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.schema import MAX_BYTES, MAX_CLASSES, RecordedPicture, RunRecord, SplitRecord, Status


def train(request: TrainRequest, report: Report, stop: Stop, leave: Stop = never) -> None:
    """Train a model, record all events in its run, including the end, and report that end.

    Args:
        request: data set, folder and recipe.
        report: called with every event.
        stop: once true, the training ends and the best model so far is kept.
        leave: if this is true too, the training is left as it was saved instead, so that it can be resumed.
    """
    ends = Ends(stop, leave)
    recorded(lambda recorder, throttled: _train(request, recorder, throttled, ends), report)


def _train(request: TrainRequest, recorder: Recorder, report: Report, ends: Ends) -> TrainResult:
    """Train a model.

    Raises:
        ProgramError: the training is impossible or failed; a run that exists by then is marked as failed.
        JobStopped: stopped before there was a model, and the run is deleted; or left.
    """
    recipe, run = request.recipe, RunFolder(Path(request.out))
    refuse_place(run.path, request.dataset)
    embedder = open_embedder(XCEPTION, recipe, report)
    split, has_parts = read_split(request.dataset, recipe, request.folders, report, ends.stop)
    if request.forecast is not None:
        low, high = request.forecast
        report(Notice(NoticeCode.FORECAST, {"low": low, "high": high}))
    record = _new_record(request, split, has_parts, embedder.sha256 if recipe.fits_quick else None)
    run.create(record)
    run.hold()
    with RunLock(run.path):
        run.refuse_another()
        return carry_out(Work(run, record, split, embedder, is_new=True), recorder, report, ends)


def _new_record(request: TrainRequest, split: Split, has_parts: bool, backbone: str | None) -> RunRecord:
    """Make the record of a training.

    Raises:
        ProgramError: DATASET_TOO_LARGE.
    """
    if len(split.classes) > MAX_CLASSES:
        found = {"found": Finding.TOO_MANY_CLASSES, "count": len(split.classes), "most": MAX_CLASSES}
        raise ProgramError(ErrorCode.DATASET_TOO_LARGE, path=request.dataset, **found)
    labels = {name: label for label, name in enumerate(split.classes)}
    train, val, test = (
        tuple(RecordedPicture(one.relative, one.sha256, labels[one.class_name]) for one in part)
        for part in (split.train, split.val, split.test)
    )
    record = RunRecord(
        status=Status.TRAINING,
        recipe=request.recipe,
        classes=split.classes,
        split=SplitRecord(train, val, test),
        dataset=request.dataset,
        has_parts=has_parts,
        architecture=XCEPTION.name,
        backbone=backbone,
        image_size=request.recipe.image_size,
        versions=versions(),
        device=device_name(),
        created=datetime.now().astimezone().isoformat(timespec="seconds"),
    )
    size = len(to_json(record))
    if size > MAX_BYTES:  # a larger record would be refused when it is read
        found = {"found": Finding.TOO_MANY_NAMES, "count": size // 1_000_000, "most": MAX_BYTES // 1_000_000}
        raise ProgramError(ErrorCode.DATASET_TOO_LARGE, path=request.dataset, **found)
    return record
