"""`resume`: continues a training that was interrupted."""

from pathlib import Path

from xception_gui.domain.architecture import architecture_named
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages.base import Details
from xception_gui.domain.messages.training import (
    Notice,
    NoticeCode,
    ResumeRequest,
    TrainingResumed,
    TrainResult,
)
from xception_gui.domain.training_progress import TrainingProgress
from xception_gui.jobs.reporting import Report, Stop, never
from xception_gui.jobs.training.carrying_out import Ends, Work, carry_out, open_embedder, recorded
from xception_gui.jobs.training.recorder import Recorder
from xception_gui.jobs.using.recorded_pictures import recorded_split
from xception_gui.runs.checkpoint import Checkpoint, CheckpointError
from xception_gui.runs.lock import RunLock
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.run_log import read_log, rewrite_log, until
from xception_gui.runs.schema import Status


def resume(request: ResumeRequest, report: Report, stop: Stop, leave: Stop = never) -> None:
    """Resume the interrupted training of a run, and report as `train` does.

    The events up to the saved state are reported again first.
    """
    ends = Ends(stop, leave)
    recorded(lambda recorder, throttled: _resume(request, recorder, report, throttled, ends), report)


def _resume(request: ResumeRequest, recorder: Recorder, unrecorded: Report, report: Report, ends: Ends) -> TrainResult:
    """Resume a training.

    Raises:
        ProgramError: RUN_HAS_ENDED, RUN_IN_USE, and what makes a training impossible; the run is unchanged, or failed.
        JobStopped: stopped before there was a model, or left; it can be resumed again.
    """
    run = RunFolder(Path(request.run))
    run.read_record()  # raises before anything is written into the folder
    with RunLock(run.path):
        run.hold()
        return _resume_held(run, recorder, unrecorded, report, ends)


def _resume_held(run: RunFolder, recorder: Recorder, unrecorded: Report, report: Report, ends: Ends) -> TrainResult:
    record = run.read_record()
    if record.status in (Status.FINISHED, Status.STOPPED):
        raise ProgramError(ErrorCode.RUN_HAS_ENDED, path=run.path, status=record.status)
    embedder = open_embedder(architecture_named(record.architecture), record.recipe, report)
    split = recorded_split(record, report, ends.stop)
    checkpoint = Checkpoint(run.checkpoint)
    try:
        progress = checkpoint.progress()
    except CheckpointError as error:
        raise run.damaged(run.checkpoint, error) from error
    checkpoint.delete_leftovers()
    told = until(progress, read_log(run))
    rewrite_log(run, told)
    for event in (TrainingResumed(record.dataset, record.recipe), *told):
        unrecorded(event)
    report(Notice(NoticeCode.RESUMED, _where_it_goes_on(progress)))
    record = record.replaced(status=Status.TRAINING)
    run.write_record(record)
    return carry_out(Work(run, record, split, embedder, is_new=False), recorder, report, ends)


def _where_it_goes_on(progress: TrainingProgress | None) -> Details:
    if progress is None:
        return {}
    place: Details = {"epoch": progress.epoch.epoch}
    return {**place, "picture": progress.epoch.passed} if progress.epoch.passed else place
