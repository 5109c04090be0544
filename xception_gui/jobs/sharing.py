"""`share_model` and `add_model`: a model as one file, and back."""

import contextlib
import filecmp
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.messages import AddModelRequest, AddModelResult, ShareModelRequest, ShareModelResult
from xception_gui.domain.run_name import problem_with_run_name
from xception_gui.inference.classifier import Classifier
from xception_gui.jobs.reporting import Report, Stop
from xception_gui.runs.atomic import cannot_write, replacing
from xception_gui.runs.free_name import free_name
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.shared_model import unpack_shared_model, unusable, write_shared_model

NAMELESS = "model"
"""What a model is called if its file has a name that a folder can't have."""


def share_model(request: ShareModelRequest, report: Report, stop: Stop) -> ShareModelResult:
    """Write a run as one file.

    Raises:
        ProgramError: NOT_A_RUN, RUN_DAMAGED, RUN_NOT_ENDED, RUN_WITHOUT_MODEL, OUTPUT_EXISTS, CANNOT_WRITE.
        JobStopped: `stop` said so; nothing was written.
    """
    out = Path(request.out)
    if os.path.lexists(out):
        raise ProgramError(ErrorCode.OUTPUT_EXISTS, path=out)
    try:
        with replacing(out) as temporary:
            write_shared_model(RunFolder(Path(request.run)), temporary)
            _go_on(stop)
        return ShareModelResult(request.out, out.stat().st_size)
    except OSError as error:
        raise cannot_write(out, error) from error


def add_model(request: AddModelRequest, report: Report, stop: Stop) -> AddModelResult:
    """Make a run of a file that was shared, called as the file is; if it is there already, say where.

    Raises:
        ProgramError: SHARED_MODEL_UNUSABLE, BACKBONE_MISSING, CANNOT_WRITE.
        JobStopped: `stop` said so; nothing was written.
    """
    file, folder = Path(request.file), Path(request.folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".adding-", ignore_cleanup_errors=True) as place:
            new = RunFolder(Path(place) / _name_for(file))
            unpack_shared_model(file, new)
            Classifier.open(new.path)  # whatever is wrong with it is told now
            _go_on(stop)
            return AddModelResult(str(_the_same(new, folder) or _take_in(new, folder)))
    except ProgramError as error:
        raise _about(file, error) from error
    except OSError as error:
        raise cannot_write(folder, error) from error


def _go_on(stop: Stop) -> None:
    if stop():
        raise JobStopped


def _name_for(file: Path) -> str:
    return NAMELESS if problem_with_run_name(file.stem) else file.stem


def _about(file: Path, error: ProgramError) -> ProgramError:
    """Speak of the file that was given, not of the folder that it was unpacked into."""
    match error.code:
        case ErrorCode.BACKBONE_MISSING:
            return ProgramError(error.code, **{**error.details, "path": file})
        case ErrorCode.RUN_DAMAGED | ErrorCode.RUN_WITHOUT_MODEL | ErrorCode.NOT_A_RUN:
            return unusable(file, error.text.why.rstrip("."))
    return error


def _the_same(new: RunFolder, folder: Path) -> Path | None:
    """Find the same model among the runs that are there, whatever it is called."""
    return next((path for path in sorted(folder.iterdir()) if _is_same(RunFolder(path), new)), None)


def _take_in(new: RunFolder, folder: Path) -> Path:
    """Move a run to where runs are, under the first name that is free."""
    path = folder / free_name(folder, new.path.name)
    new.path.rename(path)
    return path


def _is_same(old: RunFolder, new: RunFolder) -> bool:
    with contextlib.suppress(OSError, ProgramError):
        same_head = old.head.is_file() and filecmp.cmp(old.head, new.head, shallow=False)
        return same_head and old.read_record().created == new.read_record().created
    return False
