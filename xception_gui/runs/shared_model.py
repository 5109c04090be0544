"""A model as one file, to be given to somebody: a ZIP archive of what its folder must hold to predict and be judged.

The log of the training stays behind: nobody needs it, and it names folders of whoever trained. So does `checkpoint/`.
No picture is in it; the names of the pictures are, as whoever measures it has to know which ones it has learned from.
"""

import shutil
import zipfile
from pathlib import Path, PureWindowsPath

import msgspec

from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.runs.archives import refuse_archive
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.schema import RunRecord, Status

MOST_BYTES = 1_000_000_000
"""Unpacked: five times the largest model."""

STORED = frozenset({"head.npz", "backbone.tflite", "model.keras"})
"""Numbers, which hardly become smaller by compression."""


def files_to_share(run: RunFolder) -> list[Path]:
    """List the files of a run that go into an archive, `run.json` first. Not all of them need to exist."""
    return [run.record_file, run.head, run.labels, run.card, run.metrics, run.backbone, run.keras_model]


def write_shared_model(run: RunFolder, file: Path) -> None:
    """Write a run into an archive, without the name of the folder above the pictures.

    Raises:
        ProgramError: NOT_A_RUN, RUN_DAMAGED, RUN_NOT_ENDED, RUN_WITHOUT_MODEL.
        OSError: it can't be written.
    """
    record = run.read_record()
    if record.status not in (Status.FINISHED, Status.STOPPED):
        raise ProgramError(ErrorCode.RUN_NOT_ENDED, path=run.path, status=record.status)
    if not run.head.is_file():
        raise ProgramError(ErrorCode.RUN_WITHOUT_MODEL, path=run.path, status=record.status)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        text = without_places(record).as_json()
        archive.writestr(run.record_file.name, text.encode("utf-8", errors="backslashreplace"))
        for path in files_to_share(run)[1:]:
            if path.is_file():
                archive.write(path, path.name, zipfile.ZIP_STORED if path.name in STORED else None)


def without_places(record: RunRecord) -> RunRecord:
    """Give the record without the folders above pictures and weights, which are of one machine alone."""
    weights = record.recipe.weights
    recipe = record.recipe if weights is None else msgspec.structs.replace(record.recipe, weights=_last_part(weights))
    return record.replaced(dataset=_last_part(record.dataset), recipe=recipe)


def _last_part(path: str) -> str:
    """Give the name at the end of a path of any system."""
    return PureWindowsPath(path).name or "pictures"


def unpack_shared_model(file: Path, run: RunFolder) -> None:
    """Unpack an archive into the folder of a run, which is made. Nothing but the files of a run is unpacked, and no
    place of a stranger's machine is kept: the program would look there.

    Raises:
        ProgramError: SHARED_MODEL_UNUSABLE, RUN_DAMAGED.
        OSError: the folder can't be written.
    """
    try:
        refuse_archive(file, MOST_BYTES)
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError) as error:
        raise unusable(file, error) from error
    run.path.mkdir()
    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
        if run.record_file.name not in names:
            raise unusable(file, f"it holds no {run.record_file.name}")
        for path in files_to_share(run):
            if path.name in names:
                _unpack(archive, file, path)
    run.write_record(without_places(run.read_record()))


def _unpack(archive: zipfile.ZipFile, file: Path, path: Path) -> None:
    with path.open("wb") as target:
        try:
            with archive.open(path.name) as source:
                shutil.copyfileobj(source, target, 1 << 20)
        except OSError:  # of the disk
            raise
        except Exception as error:  # damaged archives come with almost any other
            raise unusable(file, error) from error


def unusable(file: Path, found: object) -> ProgramError:
    """Say that an archive is no model."""
    in_one_line = " ".join(str(found).split())[:200]
    return ProgramError(ErrorCode.SHARED_MODEL_UNUSABLE, path=file, found=in_one_line)
