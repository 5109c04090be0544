"""Makes an interrupted training usable as a model: its best saved epoch is converted for prediction."""

from pathlib import Path

from xception_gui.diagnostics import logger
from xception_gui.domain.architecture import architecture_named
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages.base import Phase, PhaseStarted
from xception_gui.domain.messages.training import Notice, NoticeCode
from xception_gui.domain.runtime import LITERT, runtime_title
from xception_gui.files.deletion import is_real_folder, temporary_folder
from xception_gui.files.own_names import CONVERTED
from xception_gui.inference.backbone import file_sha256
from xception_gui.inference.classifier import Classifier
from xception_gui.jobs.reporting import Report, Stop, raise_if_stopped
from xception_gui.jobs.training.networks import require_keras
from xception_gui.runs.checkpoint import Checkpoint, CheckpointError
from xception_gui.runs.lock import RunLock, Work, is_held
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.schema import RunRecord, Status


def open_model(folder: Path, report: Report, stop: Stop) -> Classifier:
    """Open the best model of a run that exists so far.

    Raises:
        ProgramError: what `Classifier.open` raises, KERAS_MISSING.
        JobStopped: `stop()` was true during the conversion of the best epoch, which is repeated next time.
    """
    _convert_best_epoch(RunFolder(folder), report, stop)
    classifier = Classifier.open(folder)
    made_with, used = classifier.record.runtime, classifier.embedder.runtime
    if used != made_with:
        report(Notice(NoticeCode.OTHER_RUNTIME, {"runtime": runtime_title(made_with), "used": runtime_title(used)}))
    return classifier


def _convert_best_epoch(run: RunFolder, report: Report, stop: Stop) -> None:
    """Convert the best epoch of an interrupted training, beside its checkpoint, unless that was done before.

    If that fails, the model that the training started from is used, if there is one.
    """
    if not is_real_folder(run.checkpoint) or is_held(run.path) or _to_convert(run) is None:
        return
    try:
        with RunLock(run.path, Work.CONVERTING):
            if (found := _to_convert(run)) is not None:  # the training may have been resumed before the lock was taken
                report(PhaseStarted(Phase.CONVERTING))
                _write_best_epoch(run, *found, stop)
    except (ProgramError, CheckpointError, OSError) as error:
        logger.warning("The best epoch of %s can't be used: %s", run.path, error)
        if isinstance(error, ProgramError) and error.code is ErrorCode.RUN_IN_USE:
            return
        if not run.model(run.read_record().status).head.exists():
            raise error if isinstance(error, ProgramError) else run.damaged(run.checkpoint, error) from error


def _to_convert(run: RunFolder) -> tuple[RunRecord, int, int] | None:
    """Return the record, the best epoch and the size in pixels of an interrupted training, None if there is nothing to
    convert."""
    record = run.read_record()
    if not record.recipe.trains_network or record.status in (Status.FINISHED, Status.STOPPED):
        return None
    checkpoint = Checkpoint(run.checkpoint)
    try:
        progress = checkpoint.progress()
    except CheckpointError:
        return None
    start = record.figures.val_log_loss if record.figures else None
    epoch = progress.best_so_far(start) if progress else None
    if progress is None or epoch is None or checkpoint.converted(epoch).exists():
        return None
    return record, epoch, progress.image_size or record.recipe.network_size


def _write_best_epoch(run: RunFolder, record: RunRecord, epoch: int, size: int, stop: Stop) -> None:
    """Convert an epoch. Each step takes seconds and can't be interrupted; `stop` is called between them."""
    require_keras()
    raise_if_stopped(stop)
    from xception_gui.finetune import convert
    from xception_gui.finetune.network import head_of, starting_network
    from xception_gui.finetune.saving import set_weights

    architecture = architecture_named(record.architecture)
    blocks = record.recipe.hyperparameters.head_blocks
    checkpoint = Checkpoint(run.checkpoint)
    network = starting_network(architecture, size, blocks, len(record.classes), weights=None)
    set_weights(network, checkpoint.load_best(epoch))
    raise_if_stopped(stop)
    head = head_of(architecture, network, blocks)
    with temporary_folder(run.checkpoint, ".converting-", CONVERTED) as folder:
        model = RunFolder(folder / "model")
        model.path.mkdir()
        model.write_head(head.blocks, head.kernel, head.bias)
        convert.write_backbone_of(architecture, network, model.backbone, image_size=size)
        raise_if_stopped(stop)
        convert.write_keras_model(network, model.keras_model, image_size=size, head=head)
        raise_if_stopped(stop)
        model.write_record(
            record.replaced(backbone=file_sha256(model.backbone), image_size=size, runtime=LITERT, figures=None)
        )
        model.path.rename(checkpoint.converted(epoch))  # atomic; no other process does this, as the run is locked
