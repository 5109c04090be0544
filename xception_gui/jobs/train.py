"""`train`: from a data set to a run."""

import contextlib
import shutil
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec

from xception_gui.data.split import Split, split_dataset
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.messages import (
    DatasetChecked,
    DatasetSplit,
    Notice,
    NoticeCode,
    Phase,
    TrainRequest,
    TrainResult,
)
from xception_gui.domain.metrics import Measured
from xception_gui.domain.recipe import RANDOM_WEIGHTS, Head, Recipe
from xception_gui.inference.embedder import Embedder
from xception_gui.inference.machine import device_name, versions
from xception_gui.jobs.check import read_dataset
from xception_gui.jobs.figures import embed_pictures, measure
from xception_gui.jobs.model import Model
from xception_gui.jobs.networks import (
    backbone_from_weights,
    refuse_weights,
    require_keras,
    train_network,
    weights_file,
    write_keras_model,
)
from xception_gui.jobs.quick import train_quick
from xception_gui.jobs.recorder import Recorder
from xception_gui.jobs.reporting import PhaseReport, Report, Stop, ThrottledReport, end_of, never
from xception_gui.runs.atomic import replacing
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.schema import Figures, RunRecord, SplitRecord, Status


def train(request: TrainRequest, report: Report, stop: Stop) -> None:
    """Train a model, write everything that is reported into its run, the end too, and report that end."""
    recorder = Recorder(report)
    try:
        recorder(end_of(lambda: _train(request, recorder, ThrottledReport(recorder), stop)))
    finally:
        recorder.close()


def _train(request: TrainRequest, recorder: Recorder, report: Report, stop: Stop) -> TrainResult:
    """Train a model.

    Raises:
        ProgramError: whatever stands in the way; a run that had begun is left as failed.
        JobStopped: stopped before there was a model; no run is left.
    """
    began = time.monotonic()
    recipe, run = request.recipe, RunFolder(Path(request.out))
    _refuse_place(run.path, Path(request.dataset))
    embedder = _embedder(recipe, report)
    split, has_parts = _read_split(request, report, stop)
    starts_from_quick = recipe.training is None or recipe.training.head is Head.QUICK
    record = _new_record(request, split, has_parts, embedder.sha256 if starts_from_quick else None)
    run.create(record)
    try:
        recorder.open(run)
        model = _train_model(run, split, recipe, embedder, report, stop)
        model = replace(model, stopped=model.stopped or stop())
        test = None if model.stopped or not split.test else _test(model, split, report)
        result, record = _finished(run, record, model, test, time.monotonic() - began)
        run.write_record(record)
        return result
    except JobStopped:
        recorder.close()
        run.remove()
        raise
    except BaseException:
        with contextlib.suppress(OSError):  # what led here is what has to be told
            run.write_record(record.replaced(status=Status.FAILED, seconds=time.monotonic() - began))
        raise


def _refuse_place(out: Path, dataset: Path) -> None:
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise ProgramError(ErrorCode.RUN_EXISTS, path=out)
    if out.resolve().is_relative_to(dataset.resolve()):
        raise ProgramError(ErrorCode.RUN_IN_DATASET, path=out)


def _embedder(recipe: Recipe, report: Report) -> Embedder:
    """Open what embeds the pictures, after everything that a wrong or missing part could spoil later was looked at."""
    weights = weights_file(recipe)
    if recipe.weights == RANDOM_WEIGHTS:
        report(Notice(NoticeCode.RANDOM_WEIGHTS, "The network starts from random weights: it has seen no picture yet."))
    if recipe.training is not None:
        require_keras()
    if recipe.weights is None or weights is None:
        return Embedder(recipe.image_size)
    if recipe.training is not None and recipe.training.head is Head.FRESH:  # nothing is embedded before it is trained
        refuse_weights(weights)
        return Embedder(recipe.image_size)
    return Embedder(recipe.image_size, backbone_from_weights(weights, report))


def _read_split(request: TrainRequest, report: Report, stop: Stop) -> tuple[Split, bool]:
    recipe = request.recipe
    dataset = read_dataset(request.dataset, report, stop)
    report(DatasetChecked(dataset.class_counts, dataset.left_out, dataset.problems))
    if dataset.error is not None:
        raise dataset.error
    split = split_dataset(
        dataset, val_fraction=recipe.val_fraction, max_per_class=recipe.max_per_class, seed=recipe.seed
    )
    report(DatasetSplit(len(split.train), len(split.val), len(split.test)))
    return split, dataset.has_parts


def _new_record(request: TrainRequest, split: Split, has_parts: bool, backbone: str | None) -> RunRecord:
    train, val, test = (
        tuple((picture.relative, picture.sha256) for picture in part) for part in (split.train, split.val, split.test)
    )
    return RunRecord(
        status=Status.TRAINING,
        recipe=request.recipe,
        classes=split.classes,
        split=SplitRecord(train, val, test),
        dataset=str(Path(request.dataset).absolute()),
        has_parts=has_parts,
        backbone=backbone,
        image_size=request.recipe.image_size,
        versions=versions(),
        device=device_name(),
        created=datetime.now().astimezone().isoformat(timespec="seconds"),
    )


def _train_model(run: RunFolder, split: Split, recipe: Recipe, embedder: Embedder, report: Report, stop: Stop) -> Model:
    """Train as the recipe says, and write the model's files."""
    quick = None
    if recipe.training is None or recipe.training.head is Head.QUICK:
        is_start = recipe.training is not None
        quick = train_quick(split, embedder, recipe.seed, is_start=is_start, report=report, stop=stop)
        _write_quick(run, quick, recipe)
    if quick is not None and (recipe.training is None or quick.stopped):
        return quick
    model = train_network(run, split, recipe, quick, report, stop)
    run.write_head(model.head.blocks, model.head.kernel, model.head.bias)
    return model


def _write_quick(run: RunFolder, model: Model, recipe: Recipe) -> None:
    """Write a fitted head and, if the backbone isn't the shipped one, all that the run needs to stand alone."""
    run.write_head(model.head.blocks, model.head.kernel, model.head.bias)
    own = model.embedder.own
    if own is None:
        return
    with replacing(run.backbone) as temporary:
        shutil.copyfile(own, temporary)
    write_keras_model(run.keras_model, recipe.image_size, model.head, weights_file(recipe))


def _test(model: Model, split: Split, report: Report) -> Measured:
    """Measure on the test part, which nothing has looked at before."""
    progress = PhaseReport(report, Phase.TESTING, len(split.test))
    pictures = embed_pictures(split.test, split.classes, model.embedder, progress, never)
    return measure(model.head, pictures)


def _finished(
    run: RunFolder, record: RunRecord, model: Model, test: Measured | None, seconds: float
) -> tuple[TrainResult, RunRecord]:
    validation = model.validation
    figures = Figures(
        val_accuracy=validation.accuracy,
        val_log_loss=validation.log_loss,
        best_epoch=model.best_epoch,
        epochs=model.epochs,
        strength=model.strength,
        rests_on=model.rests_on,
        test_accuracy=test.accuracy if test else None,
        test_log_loss=test.log_loss if test else None,
    )
    result = TrainResult(
        run=str(run.path),
        recipe=record.recipe.preset,
        classes=record.classes,
        train_images=len(record.split.train),
        val_images=len(record.split.val),
        val_accuracy=validation.accuracy,
        val_log_loss=validation.log_loss,
        epochs=model.epochs,
        seconds=seconds,
        stopped=model.stopped,
    )
    if test is not None:
        result = msgspec.structs.replace(
            result, test_images=len(record.split.test), test_accuracy=test.accuracy, test_log_loss=test.log_loss
        )
    return result, record.replaced(
        status=Status.STOPPED if model.stopped else Status.FINISHED,
        backbone=model.embedder.sha256,
        figures=figures,
        runtime=model.embedder.runtime,
        precision=model.precision,
        seconds=seconds,
    )
