"""A model as one file to share: a ZIP archive of the files needed to predict and to be measured.

The log of the training isn't included: it isn't needed, and names folders of the person who trained. Neither is
`checkpoint/`. No picture is included, but the names of the pictures are, since measuring must know the training
pictures. Texts about the model are written from the record on both sides, so nothing from elsewhere is included, and
nothing that contradicts the record.
"""

import contextlib
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

import msgspec

from xception_gui.domain.architecture import architecture_named
from xception_gui.domain.errors import ErrorCode, Finding, ProgramError
from xception_gui.files.atomic import write_text
from xception_gui.files.deletion import delete_written
from xception_gui.files.regular_files import open_regular
from xception_gui.runs.archives import refuse_archive
from xception_gui.runs.metrics_table import metrics_text
from xception_gui.runs.model_card import model_card
from xception_gui.runs.record_json import to_json
from xception_gui.runs.run_folder import RunFolder, labels_text
from xception_gui.runs.schema import ENDED, MAX_BYTES, RunRecord

LARGEST = {
    "run.json": MAX_BYTES,
    "metrics.csv": 5_000_000,
    "head.npz": 300_000_000,
    "backbone.tflite": 50_000_000,
    "model.keras": 500_000_000,
}
"""Files that are unpacked, with the limit of each in bytes: twice the network and the largest head."""

MAX_UNPACKED_BYTES = 1_000_000_000
"""Limit of the whole archive, unpacked, including files that aren't used."""


def write_shared_model(run: RunFolder, file: Path) -> None:
    """Write a run into an archive, without the path of its data set.

    Raises:
        ProgramError: NOT_A_RUN, also if its folder is renamed meanwhile, RUN_DAMAGED, RUN_NOT_ENDED, RUN_WITHOUT_MODEL.
        OSError: it can't be written.
    """
    record = run.read_record()
    run.hold()
    if record.status not in ENDED:  # a training can't be resumed on another computer without its pictures
        raise ProgramError(ErrorCode.RUN_NOT_ENDED, path=run.path, status=record.status)
    if not run.head.is_file():
        raise run.without_model(record.status)
    run.read_head(
        architecture_named(record.architecture), len(record.classes)
    )  # anything else with such a name isn't shared
    shared = without_places(record)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        _write_text(archive, run.record_file, to_json(shared))
        _write_text(archive, run.labels, labels_text(shared.classes))
        _write_text(archive, run.card, model_card(run.path.name, shared))
        metrics = metrics_text(run.metrics)
        if metrics is not None:
            _write_text(archive, run.metrics, metrics)
        for path in (run.head, run.backbone, run.keras_model):
            _write_numbers(archive, run, path)
    if run.is_another:  # some files may have been missing, or another run's
        raise ProgramError(ErrorCode.NOT_A_RUN, path=run.path, found=Finding.FOLDER_MOVED)


def _write_text(archive: zipfile.ZipFile, path: Path, text: str) -> None:
    archive.writestr(path.name, text.encode("utf-8", errors="backslashreplace"))


def _write_numbers(archive: zipfile.ZipFile, run: RunFolder, path: Path) -> None:
    """Copy a file of the run, if it exists. A link isn't followed: its target may be private."""
    try:
        with open_regular(path) as source:
            most = LARGEST[path.name]
            if os.fstat(source.fileno()).st_size > most:
                raise run.damaged(path, f"larger than {most // 1_000_000} MB")
            with archive.open(_stored(path), "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)
    except FileNotFoundError:
        return
    except OSError as error:
        if path.is_symlink():
            raise run.damaged(path, "a link, which may lead to something private") from error
        raise


def _stored(path: Path) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo.from_file(path, path.name, strict_timestamps=False)
    info.compress_type = zipfile.ZIP_STORED
    return info


def without_places(record: RunRecord) -> RunRecord:
    """Return the record without the folders above pictures and weights, which are those of one computer."""
    weights = record.recipe.weights
    recipe = record.recipe if weights is None else msgspec.structs.replace(record.recipe, weights=_last_part(weights))
    return record.replaced(dataset=_last_part(record.dataset), recipe=recipe)


def _last_part(path: str) -> str:
    """Return the last part of a path of any system."""
    return PureWindowsPath(path).name or "pictures"


def unpack_shared_model(file: Path, run: RunFolder) -> None:
    """Unpack an archive into a run's folder, which is made. Only the files of a run are unpacked, and no path from the
    other computer is kept, since the program would look there.

    Raises:
        ProgramError: SHARED_MODEL_UNUSABLE, RUN_DAMAGED.
        OSError: the folder can't be written.
    """
    with _opened(file) as archive:
        wanted = _wanted_in(archive, file)
        run.path.mkdir()
        for info in wanted:
            _unpack(archive, info, file, run.path / info.filename)
    record = run.read_record()
    if record.status not in ENDED:
        raise unusable(file, f"its training hasn't finished (status: {record.status})")
    run.write_record(without_places(record))
    write_text(run.labels, labels_text(record.classes))
    metrics = metrics_text(run.metrics)
    if metrics is not None:
        write_text(run.metrics, metrics)
    else:
        delete_written(run.metrics)


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    with contextlib.ExitStack() as stack:
        try:
            opened = stack.enter_context(open_regular(file, through_links=True))
            refuse_archive(opened, MAX_UNPACKED_BYTES)
            archive = stack.enter_context(zipfile.ZipFile(opened))
        except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError) as error:
            raise unusable(file, error) from error
        yield archive


def _wanted_in(archive: zipfile.ZipFile, file: Path) -> list[zipfile.ZipInfo]:
    """List the files to unpack, and check that their sizes are possible for a model."""
    entries = {info.filename: info for info in archive.infolist()}
    if "run.json" not in entries:
        raise unusable(file, "contains no run.json")
    wanted = [entries[name] for name in LARGEST if name in entries]
    for info in wanted:
        found, most = info.file_size, LARGEST[info.filename]
        if found > most:
            megabytes = f"{found // 1_000_000:,} MB, where {most // 1_000_000} MB are allowed"
            raise unusable(file, f"{info.filename} would take {megabytes}")
    return wanted


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, file: Path, path: Path) -> None:
    with path.open("xb") as target:
        try:
            with archive.open(info) as source:
                shutil.copyfileobj(source, target, 1 << 20)
        except OSError:  # from the disk
            raise
        except Exception as error:  # almost any other comes from damaged archives
            raise unusable(file, error) from error


def unusable(file: Path, found: object, /, **details: object) -> ProgramError:
    """Return the error for an archive that isn't a model; `found` may be the code of another error, with details."""
    in_one_line = " ".join(str(found).split())[:200]
    return ProgramError(ErrorCode.SHARED_MODEL_UNUSABLE, **{**details, "path": file, "found": in_one_line})
