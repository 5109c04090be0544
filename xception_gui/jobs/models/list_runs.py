"""The models that there are: their list, the logs of their trainings, their names, and where their pictures are."""

from pathlib import Path

from xception_gui.data.pictures.open_picture import PictureError, hash_file
from xception_gui.data.pool import read_ahead
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.messages import (
    BatchFinished,
    Failed,
    Finished,
    ListRunsRequest,
    LocateDatasetRequest,
    LocateDatasetResult,
    Phase,
    Progress,
    ReadLogRequest,
    RenameRunRequest,
    RenameRunResult,
    RunsResult,
    Stopped,
    TrainingLogResult,
)
from xception_gui.domain.run_name import problem_with_run_name
from xception_gui.domain.run_state import MOST_BATCHES
from xception_gui.domain.sampling import spread_evenly
from xception_gui.jobs.reporting import PhaseReport, Report, Stop
from xception_gui.runs import run_list as library
from xception_gui.runs.lock import refuse_held
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.run_log import read_log


def list_runs(request: ListRunsRequest, report: Report, stop: Stop) -> RunsResult:
    """List runs.

    Raises:
        JobStopped: `stop` said so.
    """
    return RunsResult(library.list_runs(map(Path, request.folders), map(Path, request.runs), stop))


def read_training_log(request: ReadLogRequest, report: Report, stop: Stop) -> TrainingLogResult:
    """Tell what the training of a run reported, but for its progress and its end; of its steps as many as a plot shows.

    Raises:
        ProgramError: NOT_A_RUN, RUN_DAMAGED.
        JobStopped: `stop` said so.
    """
    run = RunFolder(Path(request.run))
    record = run.read_record()
    told = [event for event in read_log(run) if not isinstance(event, Progress | Finished | Stopped | Failed)]
    steps = [number for number, event in enumerate(told) if isinstance(event, BatchFinished)]
    left_out = set(steps).difference(spread_evenly(steps, MOST_BATCHES))
    for number, event in enumerate(told):
        if stop():
            raise JobStopped
        if number not in left_out:
            report(event)
    return TrainingLogResult(record.dataset, record.recipe, record.seconds)


def rename_run(request: RenameRunRequest, report: Report, stop: Stop) -> RenameRunResult:
    """Give a run's folder another name.

    Raises:
        ProgramError: RUN_NAME_INVALID, RUN_EXISTS, RUN_IN_USE, NOT_A_RUN, RUN_DAMAGED, CANNOT_WRITE.
    """
    problem = problem_with_run_name(request.name)
    if problem is not None:
        raise ProgramError(ErrorCode.RUN_NAME_INVALID, name=request.name, found=problem)
    return RenameRunResult(str(RunFolder(Path(request.run)).rename(request.name).path))


def locate_dataset(request: LocateDatasetRequest, report: Report, stop: Stop) -> LocateDatasetResult:
    """Look for a run's pictures below another folder and, if validation pictures are there, write it into the run.

    Validation pictures count if their contents are what they were, the others, for speed, if there is such a file.
    Looking may take minutes, in which the run may change: nothing but the folder of its pictures is written.

    Raises:
        ProgramError: DATASET_NOT_FOUND, DATASET_DOESNT_MATCH, NOT_A_RUN, RUN_DAMAGED, RUN_IN_USE, CANNOT_WRITE.
        JobStopped: `stop` said so; the run is as it was.
    """
    run, root = RunFolder(Path(request.run)), Path(request.dataset).absolute()
    record = run.read_record()
    run.hold()
    refuse_held(run.path)
    if not root.is_dir():
        raise ProgramError(ErrorCode.DATASET_NOT_FOUND, path=request.dataset)
    val, others = record.split.val, (*record.split.train, *record.split.test)
    progress = PhaseReport(report, Phase.CHECKING, len(val) + len(others))
    unchanged = _count(root, val, progress, stop, by_content=True)
    if not unchanged:
        raise ProgramError(ErrorCode.DATASET_DOESNT_MATCH, path=request.dataset, total=len(val))
    found = unchanged + _count(root, others, progress, stop, by_content=False)
    run.change_record(dataset=str(root))
    return LocateDatasetResult(found, len(val) + len(others))


def _count(
    root: Path, pictures: tuple[tuple[str, str], ...], progress: PhaseReport, stop: Stop, *, by_content: bool
) -> int:
    def is_there(entry: tuple[str, str]) -> bool:
        relative, sha256 = entry
        try:
            return hash_file(root / relative) == sha256 if by_content else (root / relative).is_file()
        except (PictureError, OSError):
            return False

    count = 0
    for there in read_ahead(is_there, pictures):
        if stop():
            raise JobStopped
        count += there
        progress.advance()
    return count
