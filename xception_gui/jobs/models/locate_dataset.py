"""`locate_dataset`: finds the pictures of a model that were moved."""

from pathlib import Path

from xception_gui.data.pictures.open_picture import PictureError, hash_file
from xception_gui.data.pool import read_ahead
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.messages.base import Phase
from xception_gui.domain.messages.models import (
    LocateDatasetRequest,
    LocateDatasetResult,
)
from xception_gui.jobs.reporting import PhaseReport, Report, Stop
from xception_gui.runs.lock import refuse_held
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.schema import RecordedPicture


def locate_dataset(request: LocateDatasetRequest, report: Report, stop: Stop) -> LocateDatasetResult:
    """Look for a run's pictures in another folder; if validation pictures are there, record the folder in the run.

    Validation pictures must have the same contents; of the others, for speed, only the existence is checked. This may
    take minutes, in which the run may change: only the folder of its pictures is written.

    Raises:
        ProgramError: DATASET_NOT_FOUND, DATASET_DOESNT_MATCH, NOT_A_RUN, RUN_DAMAGED, RUN_IN_USE, CANNOT_WRITE.
        JobStopped: `stop()` was true; the run is unchanged.
    """
    run, root = RunFolder(Path(request.run)), Path(request.dataset)
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
    root: Path, pictures: tuple[RecordedPicture, ...], progress: PhaseReport, stop: Stop, *, by_content: bool
) -> int:
    def is_there(picture: RecordedPicture) -> bool:
        path = root / picture.relative
        try:
            return hash_file(path) == picture.sha256 if by_content else path.is_file()
        except (PictureError, OSError):
            return False

    count = 0
    for there in read_ahead(is_there, pictures):
        if stop():
            raise JobStopped
        count += there
        progress.advance()
    return count
