"""A model as one file, to be given to somebody: a ZIP archive of what its folder must hold to predict and be judged.

The log of the training stays behind: nobody needs it, and it names folders of whoever trained. So does `checkpoint/`.
No picture is in it; the names of the pictures are, as whoever measures it has to know which ones it has learned from.
What the record says of a model is written anew from it, on both sides: so nothing comes along that the program didn't
write, and nothing is taken in that says something else than the record.
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
from xception_gui.runs.schema import MAX_BYTES, RunRecord, Status

ENDED = frozenset({Status.FINISHED, Status.STOPPED})
"""Of what is shared: a training can't be gone on with on somebody else's terms, or pictures."""

LARGEST = {
    "run.json": MAX_BYTES,
    "metrics.csv": 5_000_000,
    "head.npz": 300_000_000,
    "backbone.tflite": 50_000_000,
    "model.keras": 500_000_000,
}
"""What is taken of an archive, and how many bytes of each, unpacked: twice the network and the largest head."""

MAX_UNPACKED_BYTES = 1_000_000_000
"""Of the whole archive, unpacked, with whatever else is in it and isn't taken."""


def write_shared_model(run: RunFolder, file: Path) -> None:
    """Write a run into an archive, without the name of the folder above the pictures.

    Raises:
        ProgramError: NOT_A_RUN, also where its folder gets another name meanwhile, RUN_DAMAGED, RUN_NOT_ENDED,
            RUN_WITHOUT_MODEL.
        OSError: it can't be written.
    """
    record = run.read_record()
    run.hold()
    if record.status not in ENDED:
        raise ProgramError(ErrorCode.RUN_NOT_ENDED, path=run.path, status=record.status)
    if not run.head.is_file():
        raise ProgramError(ErrorCode.RUN_WITHOUT_MODEL, path=run.path, status=record.status)
    run.read_head(
        architecture_named(record.architecture), len(record.classes)
    )  # whatever else has its name stays at home
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
    if run.is_another:  # some of its files weren't found then, or were another's
        raise ProgramError(ErrorCode.NOT_A_RUN, path=run.path, found=Finding.FOLDER_MOVED)


def _write_text(archive: zipfile.ZipFile, path: Path, text: str) -> None:
    archive.writestr(path.name, text.encode("utf-8", errors="backslashreplace"))


def _write_numbers(archive: zipfile.ZipFile, run: RunFolder, path: Path) -> None:
    """Copy a file of the run's own, if there is one. A link could lead to what the person never meant to give away."""
    try:
        with open_regular(path) as source:
            most = LARGEST[path.name]
            if os.fstat(source.fileno()).st_size > most:
                raise run.damaged(path, f"it takes more than {most // 1_000_000} MB")
            with archive.open(_stored(path), "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)
    except FileNotFoundError:
        return
    except OSError as error:
        if path.is_symlink():
            raise run.damaged(path, "it is a link, which may lead to something private") from error
        raise


def _stored(path: Path) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo.from_file(path, path.name, strict_timestamps=False)
    info.compress_type = zipfile.ZIP_STORED
    return info


def without_places(record: RunRecord) -> RunRecord:
    """Return the record without the folders above pictures and weights, which are of one machine alone."""
    weights = record.recipe.weights
    recipe = record.recipe if weights is None else msgspec.structs.replace(record.recipe, weights=_last_part(weights))
    return record.replaced(dataset=_last_part(record.dataset), recipe=recipe)


def _last_part(path: str) -> str:
    """Return the name at the end of a path of any system."""
    return PureWindowsPath(path).name or "pictures"


def unpack_shared_model(file: Path, run: RunFolder) -> None:
    """Unpack an archive into the folder of a run, which is made. Nothing but the files of a run is unpacked, and no
    place of a stranger's machine is kept: the program would look there.

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
        raise unusable(file, f"its training has not come to its end (status: {record.status})")
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
    """List what is taken of an archive, and see whether it is as large as a model can be."""
    entries = {info.filename: info for info in archive.infolist()}
    if "run.json" not in entries:
        raise unusable(file, "it holds no run.json")
    wanted = [entries[name] for name in LARGEST if name in entries]
    for info in wanted:
        found, most = info.file_size, LARGEST[info.filename]
        if found > most:
            megabytes = f"{found // 1_000_000:,} MB, and {most // 1_000_000} are allowed"
            raise unusable(file, f"its {info.filename} would take {megabytes}")
    return wanted


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, file: Path, path: Path) -> None:
    with path.open("xb") as target:
        try:
            with archive.open(info) as source:
                shutil.copyfileobj(source, target, 1 << 20)
        except OSError:  # of the disk
            raise
        except Exception as error:  # damaged archives come with almost any other
            raise unusable(file, error) from error


def unusable(file: Path, found: object, /, **details: object) -> ProgramError:
    """Return that an archive is no model: what was found, which may be the code of another error, with its details."""
    in_one_line = " ".join(str(found).split())[:200]
    return ProgramError(ErrorCode.SHARED_MODEL_UNUSABLE, **{**details, "path": file, "found": in_one_line})
