"""`add_model`: adds a model from one file."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from xception_gui.domain.architecture import architecture_named
from xception_gui.domain.errors import ErrorCode, ProgramError, cannot_write
from xception_gui.domain.messages.models import AddModelRequest, AddModelResult
from xception_gui.domain.run_name import problem_with_run_name
from xception_gui.files.deletion import temporary_folder
from xception_gui.files.own_names import NEW_RUN
from xception_gui.inference.backbone import file_sha256
from xception_gui.inference.classifier import Classifier
from xception_gui.jobs.reporting import Report, Stop, raise_if_stopped
from xception_gui.runs.free_name import place_under_free_name
from xception_gui.runs.metrics_table import metrics_text
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.shared_model import unpack_shared_model, unusable, without_places

NAMELESS = "model"
"""Name of a model whose file has a name that a folder can't have."""


def add_model(request: AddModelRequest, report: Report, stop: Stop) -> AddModelResult:
    """Unpack a shared model into a run with the file's name; if the same model exists already, return that run.

    Raises:
        ProgramError: SHARED_MODEL_UNUSABLE, RUN_OF_NEWER_RELEASE, BACKBONE_MISSING, CANNOT_WRITE.
        JobStopped: `stop()` was true; nothing was written.
    """
    file, folder = Path(request.file), Path(request.folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with temporary_folder(folder, ".adding-", NEW_RUN) as among:
            new = RunFolder(among / _name_for(file))
            unpack_shared_model(file, new)
            _refuse_what_cant_predict(new)
            raise_if_stopped(stop)
            return AddModelResult(str(_the_same(new, folder) or place_under_free_name(new.path, folder)))
    except ProgramError as error:
        raise _about(file, error) from error
    except OSError as error:
        raise cannot_write(folder, error) from error


def _refuse_what_cant_predict(run: RunFolder) -> None:
    """Open a model, so that its errors are reported now."""
    if run.backbone.exists():
        from xception_gui.inference.own_backbone import in_shipped_network

        in_shipped_network(architecture_named(run.read_record().architecture), run.backbone)
    Classifier.open(run.path)


def _name_for(file: Path) -> str:
    return NAMELESS if problem_with_run_name(file.stem) else file.stem


def _about(file: Path, error: ProgramError) -> ProgramError:
    """Return the error with the path of the file, not of the folder that it was unpacked into."""
    match error.code:
        case ErrorCode.BACKBONE_MISSING | ErrorCode.RUN_OF_NEWER_RELEASE:
            return ProgramError(error.code, **{**error.details, "path": file})
        case ErrorCode.RUN_DAMAGED | ErrorCode.RUN_WITHOUT_MODEL | ErrorCode.NOT_A_RUN | ErrorCode.BACKBONE_UNUSABLE:
            return unusable(file, error.code, **{**error.details, "cause": error.details.get("found", "")})
    return error


def _the_same(new: RunFolder, folder: Path) -> Path | None:
    """Return an existing run with the same model, whatever its name.

    A model that differs in a single byte is another one, as it may have been tampered with.
    """
    hashes = _hashes_of(new)
    return next((path for path in sorted(folder.iterdir()) if _is_same(RunFolder(path), new, hashes)), None)


def _is_same(old: RunFolder, new: RunFolder, hashes: Sequence[str | None]) -> bool:
    with contextlib.suppress(OSError, ProgramError):
        same_record = without_places(old.read_record()) == new.read_record()
        return same_record and _hashes_of(old) == hashes and metrics_text(old.metrics) == metrics_text(new.metrics)
    return False


def _hashes_of(run: RunFolder) -> list[str | None]:
    files = (run.head, run.backbone, run.keras_model)
    return [file_sha256(file) if file.is_file() else None for file in files]
