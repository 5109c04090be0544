"""`export`: a model for other programs."""

import contextlib
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xception_gui import paths
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages.base import Phase, PhaseStarted
from xception_gui.domain.messages.exporting import ExportFormat, ExportRequest, ExportResult
from xception_gui.files.deletion import delete_empty_folder, delete_written, temporary_folder
from xception_gui.files.own_names import EXPORT
from xception_gui.inference.classifier import Classifier
from xception_gui.inference.exported import Probabilities, open_litert
from xception_gui.inference.head import Head
from xception_gui.jobs.exporting.export_check import ExportCheck, check_document, check_export, files_of
from xception_gui.jobs.reporting import Report, Stop, raise_if_stopped
from xception_gui.jobs.training.networks import require_keras
from xception_gui.jobs.using.best_so_far import open_model
from xception_gui.runs.atomic import cannot_write, place, write_text
from xception_gui.runs.run_folder import RunFolder, labels_text

SUFFIXES = {
    ExportFormat.KERAS: ".keras",
    ExportFormat.LITERT: ".tflite",
    ExportFormat.LITERT_F16: ".tflite",
    ExportFormat.SAVED_MODEL: "",
}
"""What Keras wants file names to end in."""


def export(request: ExportRequest, report: Report, stop: Stop) -> ExportResult:
    """Write a run's model as one file or folder, checked against the predictor before it is kept.

    Raises:
        ProgramError: what `open_model` raises, OUTPUT_EXISTS, CANNOT_WRITE, KERAS_MISSING, EXPORT_DIFFERS.
        JobStopped: `stop` said so. Then, as after an error, nothing is left.
    """
    out = Path(request.out)
    check_file = out.with_name(f"{out.name}.check.json")
    _refuse_existing(out, check_file)
    run = RunFolder(Path(request.run))
    classifier = open_model(run.path, report, stop)
    run = run.model(classifier.record.status)
    raise_if_stopped(stop)
    report(PhaseStarted(Phase.LOADING))
    require_keras()
    raise_if_stopped(stop)
    try:
        with _temporary_folder_beside(out) as folder:
            report(PhaseStarted(Phase.EXPORTING))
            written = folder / f"model{SUFFIXES[request.format]}"
            _write(request.format, classifier, run, written)
            _write_labels(classifier.record.classes, written)
            raise_if_stopped(stop)
            check = check_export(classifier, _open(request.format, written), report, stop)
            document = folder / check_file.name
            write_text(document, check_document(check, written, out, request.format, classifier.record))
            result = _result(request, check, written, check_file)
            _bring_to_disk(written)
            raise_if_stopped(stop)
            _place(written, out, document, check_file)
    except OSError as error:
        raise cannot_write(out, error) from error
    finally:
        _free_memory()
    return result


def _result(request: ExportRequest, check: ExportCheck, written: Path, check_file: Path) -> ExportResult:
    return ExportResult(
        path=request.out,
        format=request.format,
        bytes=sum(path.stat().st_size for path in files_of(written)),
        pictures_checked=check.agreement.pictures,
        pictures_generated=check.generated,
        largest_difference=check.agreement.largest_difference,
        same_top_class=check.agreement.same_top_class,
        check_file=str(check_file),
    )


# --- The model ----------------------------------------------------------------------------------------------------


def _write(export_format: ExportFormat, classifier: Classifier, run: RunFolder, written: Path) -> None:
    from xception_gui.finetune import convert

    if not run.keras_model.exists() and classifier.embedder.own is not None:
        raise run.damaged(run.keras_model, "it is missing")
    size = classifier.record.image_size
    network, head = _network(classifier, run)
    if export_format is ExportFormat.KERAS:
        convert.write_keras_model(network, written, image_size=size, head=head)
    elif export_format is ExportFormat.SAVED_MODEL:
        convert.write_saved_model(convert.explained(network, image_size=size, head=head), written)
    else:
        explained = convert.explained(network, image_size=size, head=head)
        convert.write_litert(explained, written, float16=export_format is ExportFormat.LITERT_F16)


def _network(classifier: Classifier, run: RunFolder) -> tuple[Any, Head]:
    """Build the run's network, and give its head: what Keras trained, or else what the program ships."""
    from xception_gui.finetune.network import head_of, starting_network
    from xception_gui.finetune.reopen import network_with_weights_of

    size, head = classifier.record.image_size, classifier.head
    if not run.keras_model.exists():
        return starting_network(size, head.blocks, len(head.bias), weights=paths.shipped_weights()), head
    try:
        network = network_with_weights_of(run.keras_model, size, head.blocks, len(head.bias))
    except ValueError as error:  # also: another network than this one
        raise run.damaged(run.keras_model, error) from error
    return network, head_of(network, head.blocks)


def _open(export_format: ExportFormat, written: Path) -> Probabilities:
    from xception_gui.finetune.reopen import open_keras_model, open_saved_model

    if export_format is ExportFormat.SAVED_MODEL:
        return open_saved_model(written)
    if export_format is not ExportFormat.KERAS:
        return open_litert(written)
    return open_keras_model(written)


def _free_memory() -> None:
    from xception_gui.finetune.step_speed import free_memory

    free_memory()


# --- Its files ----------------------------------------------------------------------------------------------------


def _write_labels(classes: tuple[str, ...], written: Path) -> None:
    """Put the names of the classes into the export itself, as `labels.txt`.

    A file gets them as an archive: LiteRT's metadata keep files in a ZIP archive at the end of the model, and what
    Keras writes is one. TensorFlow leaves the folder `assets.extra` of a SavedModel to whoever made it.
    """
    labels = labels_text(classes).encode("utf-8", errors="backslashreplace")
    if written.is_dir():
        extra = written / "assets.extra"
        extra.mkdir()
        (extra / "labels.txt").write_bytes(labels)
    else:
        with zipfile.ZipFile(written, "a") as archive:
            archive.writestr("labels.txt", labels)


@contextlib.contextmanager
def _temporary_folder_beside(out: Path) -> Iterator[Path]:
    """Give a folder on the disk of `out`. Without success neither it nor any folder above that was missing remains."""
    missing = [folder for folder in out.absolute().parents if not folder.exists()]
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with temporary_folder(out.parent, ".exporting-", EXPORT) as folder:
            yield folder
    except BaseException:
        for made in missing:
            with contextlib.suppress(OSError):
                delete_empty_folder(made)
        raise


def _bring_to_disk(written: Path) -> None:
    """Some disks tell only now that they are full."""
    for path in files_of(written):
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def _place(written: Path, out: Path, document: Path, check_file: Path) -> None:
    """Give both their names: both or none, and not the name of anything that has come there meanwhile."""
    try:
        place(document, check_file)
        try:
            place(written, out)
        except BaseException:
            delete_written(check_file)
            raise
    except FileExistsError as error:
        raise ProgramError(ErrorCode.OUTPUT_EXISTS, path=out) from error


def _refuse_existing(*places: Path) -> None:
    for path in places:
        if os.path.lexists(path):
            raise ProgramError(ErrorCode.OUTPUT_EXISTS, path=path)
