"""The part that new and resumed trainings share: training, testing and recording the result."""

import contextlib
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec

from xception_gui.data.dataset.split import Split, interleaved
from xception_gui.domain.architecture import Architecture
from xception_gui.domain.errors import JobStopped, ProgramError
from xception_gui.domain.messages.base import Phase, PhaseStarted
from xception_gui.domain.messages.training import (
    Notice,
    NoticeCode,
    TrainResult,
)
from xception_gui.domain.metrics import Measured, is_clearly_lower
from xception_gui.domain.recipe import Recipe, quick_recipe
from xception_gui.files.atomic import replacing
from xception_gui.files.deletion import make_folder
from xception_gui.inference.embedder import Embedder
from xception_gui.inference.head import Head as InferenceHead
from xception_gui.inference.runtimes import choose_runtime
from xception_gui.inference.softmax_regression import fit_head
from xception_gui.jobs.reporting import PhaseReport, Report, Stop, ThrottledReport, end_of, never, raise_if_stopped
from xception_gui.jobs.training.figures import embed_pictures, measure_head
from xception_gui.jobs.training.networks import (
    backbone_from_weights,
    refuse_weights,
    require_keras,
    train_network,
    weights_file,
    write_keras_model,
)
from xception_gui.jobs.training.quick import train_quick
from xception_gui.jobs.training.recorder import Recorder
from xception_gui.jobs.training.trained_model import Model
from xception_gui.runs.checkpoint import Checkpoint
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.schema import Figures, RunRecord, Status


@dataclass(frozen=True, slots=True)
class Ends:
    """The flags that end a training early; see `run_job`."""

    stop: Stop
    leave: Stop

    def unless_left(self, model: Model) -> Model:
        """Return the model, unless the training is to be left as it was saved.

        Raises:
            JobStopped: it is.
        """
        if model.stopped and self.leave():
            raise JobStopped
        return model


def recorded(work: Callable[[Recorder, Report], TrainResult], report: Report) -> None:
    """Do a training's work, record all its events in the run, including the end, and report that end."""
    recorder = Recorder(report)
    try:
        recorder(end_of(lambda: work(recorder, ThrottledReport(recorder))))
    finally:
        recorder.close()


@dataclass(frozen=True, slots=True)
class Work:
    """A training that is ready to start or to resume."""

    run: RunFolder
    record: RunRecord
    split: Split
    embedder: Embedder
    is_new: bool  # its folder was just created


def carry_out(work: Work, recorder: Recorder, report: Report, ends: Ends) -> TrainResult:
    """Finish a training, or leave it as it was saved.

    Raises:
        ProgramError: it failed, which is recorded in its run.
        JobStopped: stopped before there was a model, or left.
    """
    began = time.monotonic() - work.record.seconds
    run, record = work.run, work.record
    try:
        recorder.open(run)
        model, record = _train_model(work, report, ends)
        model = replace(model, stopped=model.stopped or (ends.stop() and not ends.leave()))
        test = None if model.stopped or not work.split.test else _test(model, work.split, report)
        result, record = _finished(run, record, model, test, time.monotonic() - began)
        run.write_record(record)
        Checkpoint(run.checkpoint).delete()
        return result
    except JobStopped as error:
        if ends.leave() or not work.is_new or run.checkpoint.exists():
            _write_how_it_was_left(run, Status.TRAINING, time.monotonic() - began)
            raise JobStopped(resumable=True) from error
        recorder.close()
        run.delete()
        raise
    except KeyboardInterrupt:  # the training itself hasn't failed
        _write_how_it_was_left(run, Status.TRAINING, time.monotonic() - began)
        raise
    except BaseException:
        _write_how_it_was_left(run, Status.FAILED, time.monotonic() - began)
        raise


def _write_how_it_was_left(run: RunFolder, status: Status, seconds: float) -> None:
    with contextlib.suppress(OSError, ProgramError):  # the error that led here is the one to report
        record = run.read_record()  # a model may have been recorded meanwhile
        run.write_record(record.replaced(status=status, seconds=seconds))


def open_embedder(architecture: Architecture, recipe: Recipe, report: Report) -> Embedder:
    """Return the embedder of a recipe, after checking everything whose absence would make the training fail later."""
    if not recipe.trains_network and recipe.weights is None:  # only the shipped backbone is needed
        return Embedder(architecture, recipe.image_size)
    if recipe.trains_network:
        require_keras()
    weights = weights_file(recipe)
    if recipe.has_random_weights:
        report(Notice(NoticeCode.RANDOM_WEIGHTS))
    if recipe.weights is None or weights is None:
        return Embedder(architecture, recipe.image_size)
    if not recipe.fits_quick:  # pictures are only embedded after training
        refuse_weights(weights)
        return Embedder(architecture, recipe.image_size)
    return Embedder(architecture, recipe.image_size, backbone_from_weights(architecture, weights, report))


def _train_model(work: Work, report: Report, ends: Ends) -> tuple[Model, RunRecord]:
    """Train according to the recipe, and write the model's files. Returns the model and the current record."""
    recipe = work.record.recipe
    if not recipe.trains_network:
        model = train_quick(work.split, work.embedder, recipe.seed, is_start=False, report=report, stop=ends.stop)
        _write_quick(work.run, ends.unless_left(model), recipe)
        return model, work.record
    quick: Model | None = None
    record = work.record
    if recipe.starts_from_quick:
        quick, record = _quick(work, report, ends.stop)
    if quick is not None and quick.stopped:
        _write_quick(work.run, ends.unless_left(quick), recipe)
        return quick, record
    try:
        model = _train_from(quick, work, report, ends)
    except JobStopped:  # before its first step, or left
        if quick is None:
            raise
        model = ends.unless_left(replace(quick, epochs=0, best_epoch=0, stopped=True))
        report(Notice(NoticeCode.QUICK_KEPT))
        _write_quick(work.run, model, recipe)
        return model, record
    work.run.write_head(model.head.blocks, model.head.kernel, model.head.bias)
    if quick is not None and model.best_epoch == 0:
        _copy_own_backbone(quick, work.run)
    elif quick is not None:
        _keep_quick(work.run, record, quick)
    return model, record


def _quick(work: Work, report: Report, stop: Stop) -> tuple[Model, RunRecord]:
    """Return Quick's model, which the training of the network has to beat: an existing one, or a new one.

    It is kept beside the checkpoint, with its figures in the record, so that there is a usable model however the
    training ends. If nothing of the network was saved yet, it is trained again, so that its events are reported again.
    """
    run, record, kept = work.run, work.record, RunFolder(work.run.checkpoint)
    if record.figures is not None and kept.head.exists() and Checkpoint(kept.path).progress() is not None:
        figures = record.figures
        architecture = work.embedder.architecture
        head = InferenceHead(architecture, *kept.read_head(architecture, len(record.classes)))
        validation = Measured(figures.val_accuracy, figures.val_log_loss)
        return Model(head, work.embedder, validation, stopped=False, strength=figures.strength), record
    seed = record.recipe.seed
    start = train_quick(work.split, work.embedder, seed, is_start=True, report=report, stop=stop)
    if start.stopped:
        return start, record
    Checkpoint(kept.path).make_folder()
    kept.write_head(start.head.blocks, start.head.kernel, start.head.bias)
    _copy_own_backbone(start, kept)
    record = record.replaced(figures=_figures(start, None), runtime=start.embedder.runtime)
    run.write_record(record)
    return start, record


def _train_from(quick: Model | None, work: Work, report: Report, ends: Ends) -> Model:
    """Train the network, from Quick's model if there is one.

    Raises:
        JobStopped: stopped before anything of the network was saved, with no other model than Quick's; or left.
    """
    start, recipe = None, work.record.recipe
    if quick is not None:
        start, recipe = _start(work, quick, report, ends.stop)
    architecture = work.embedder.architecture
    return train_network(work.run, work.split, architecture, recipe, quick, start, report, ends.stop, ends.leave)


def _start(work: Work, quick: Model, report: Report, stop: Stop) -> tuple[InferenceHead, Recipe]:
    """Return the head that the network is trained from, and the recipe with the size that it is trained at.

    The head is Quick's, fitted at that size: embeddings of another size differ so much that a head for them would have
    to be learned again. Where Quick does better at the full size, what tells the classes apart is in the details, which
    the network can't learn to see in smaller pictures.

    Raises:
        JobStopped: stopped before both were known.
    """
    recipe, split = work.record.recipe, work.split
    saved = Checkpoint(work.run.checkpoint).progress()
    if saved is not None:  # its weights replace those of the start
        is_full = recipe.may_be_larger and saved.image_size == recipe.image_size
        return quick.head, recipe.at_full_size if is_full else recipe
    if recipe.network_size == recipe.image_size:
        return quick.head, recipe
    embedder = Embedder(quick.embedder.architecture, recipe.network_size, quick.embedder.own)
    progress = PhaseReport(report, Phase.EMBEDDING, len(split.train))
    order = interleaved(split.train, recipe.seed)  # as Quick's, so that the same pictures are left out together
    pictures = embed_pictures(order, split.classes, embedder, progress, stop)
    report(PhaseStarted(Phase.FITTING))
    fit = fit_head(pictures.architecture, pictures.embeddings, pictures.labels, len(split.classes), stop=stop)
    raise_if_stopped(stop)  # the fit may have ended early
    suited = recipe.suited(needs_details=is_clearly_lower(quick.unseen_losses, fit.unseen_losses))
    if suited == recipe:
        return fit.head, recipe
    sizes = {"size": suited.network_size, "smaller": recipe.network_size}
    report(Notice(NoticeCode.FULL_SIZE, {**sizes, "epochs": suited.hyperparameters.epochs}))
    return quick.head, suited


def _write_quick(run: RunFolder, model: Model, recipe: Recipe) -> None:
    """Write a fitted head and, if the backbone isn't the shipped one, the files that make the run self-contained."""
    run.write_head(model.head.blocks, model.head.kernel, model.head.bias)
    if model.embedder.own is not None:
        _copy_own_backbone(model, run)
        write_keras_model(run.keras_model, recipe.image_size, model.head, weights_file(recipe))


def _keep_quick(run: RunFolder, record: RunRecord, quick: Model) -> None:
    """Keep Quick's model beside the network that was trained from it, so that one can go back to it."""
    run.refuse_another()
    kept = RunFolder(run.quick)
    make_folder(kept.path)
    _write_quick(kept, quick, record.recipe)
    kept.write_record(
        record.replaced(
            status=Status.FINISHED,
            recipe=quick_recipe(record.recipe),
            backbone=quick.embedder.sha256,
            image_size=quick.embedder.image_size,
            figures=_figures(quick, None),
            runtime=quick.embedder.runtime,
        ),
        run.path.name,
    )


def _copy_own_backbone(model: Model, run: RunFolder) -> None:
    own = model.embedder.own
    if own is not None:
        run.refuse_another()
        with replacing(run.backbone) as temporary:
            shutil.copyfile(own, temporary)


def _test(model: Model, split: Split, report: Report) -> Measured:
    """Measure on the test pictures, which nothing else in the training uses."""
    progress = PhaseReport(report, Phase.TESTING, len(split.test))
    pictures = embed_pictures(split.test, split.classes, model.embedder, progress, never)
    if pictures.lost:
        report(Notice(NoticeCode.PICTURES_CHANGED, {"missing": len(pictures.lost), "tested": len(split.test)}))
    return measure_head(model.head, pictures)


def _finished(
    run: RunFolder, record: RunRecord, model: Model, test: Measured | None, seconds: float
) -> tuple[TrainResult, RunRecord]:
    validation = model.validation
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
        image_size=model.embedder.image_size,
        figures=_figures(model, test),
        runtime=model.embedder.runtime,
        runtime_seconds=choose_runtime(model.embedder.architecture).seconds,
        precision=model.precision,
        seconds=seconds,
    )


def _figures(model: Model, test: Measured | None) -> Figures:
    return Figures(
        val_accuracy=model.validation.accuracy,
        val_log_loss=model.validation.log_loss,
        best_epoch=model.best_epoch,
        epochs=model.epochs,
        strength=model.strength,
        rests_on=model.rests_on,
        test_accuracy=test.accuracy if test else None,
        test_log_loss=test.log_loss if test else None,
    )
