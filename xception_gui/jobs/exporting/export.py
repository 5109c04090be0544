"""`export`: writes a model for other programs."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xception_gui import edition, paths
from xception_gui.domain.errors import ErrorCode, ProgramError, cannot_write
from xception_gui.domain.export_formats import ExportFormat
from xception_gui.domain.messages.base import Phase, PhaseStarted
from xception_gui.domain.messages.exporting import ExportRequest, ExportResult
from xception_gui.files.atomic import place, write_text
from xception_gui.files.deletion import delete_empty_folder, delete_written, temporary_folder
from xception_gui.files.own_names import EXPORT
from xception_gui.inference.classifier import Classifier
from xception_gui.inference.head import Head
from xception_gui.inference.machine import available_memory, memory_in_words
from xception_gui.jobs.exporting.export_check import ExportCheck, check_document, check_export, files_of
from xception_gui.jobs.reporting import Report, Stop, raise_if_stopped
from xception_gui.jobs.training.networks import require_keras
from xception_gui.jobs.using.best_so_far import open_model
from xception_gui.runs.run_folder import RunFolder, labels_text

if TYPE_CHECKING:
    from xception_gui.finetune.exporting import Converter


def export(request: ExportRequest, report: Report, stop: Stop) -> ExportResult:
    """Write a run's model as one file or folder, after comparing it with the predictor.

    Raises:
        ProgramError: what `open_model` raises, OUTPUT_EXISTS, CANNOT_WRITE, KERAS_MISSING, EXTRA_MISSING,
            EXPORT_NEEDS_MEMORY, EXPORT_DIFFERS.
        JobStopped: `stop()` was true. As after an error, nothing is written then.
    """
    out = Path(request.out)
    check_file = out.with_name(f"{out.name}.check.json")
    _refuse_existing(out, check_file)
    _refuse_missing_packages(request.format)
    run = RunFolder(Path(request.run))
    classifier = open_model(run.path, report, stop)
    run = run.model(classifier.record.status)
    raise_if_stopped(stop)
    report(PhaseStarted(Phase.LOADING))
    require_keras()
    raise_if_stopped(stop)
    converter = _converter_to(request.format)
    try:
        with _temporary_folder_beside(out) as folder:
            report(PhaseStarted(Phase.EXPORTING))
            written = folder / f"model{request.format.about.suffix}"
            _write(converter, classifier, run, written)
            converter.add_labels(written, _labels(classifier.record.classes))
            raise_if_stopped(stop)
            check = check_export(classifier, converter.open_exported(written), report, stop)
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


def _converter_to(export_format: ExportFormat) -> "Converter":
    from xception_gui.finetune.exporting import converter_to

    return converter_to(export_format)


def _write(converter: "Converter", classifier: Classifier, run: RunFolder, written: Path) -> None:
    if not run.keras_model.exists() and classifier.embedder.own is not None:
        raise run.damaged(run.keras_model, "missing")
    network, head = _network(classifier, run)
    converter.write(network, written, image_size=classifier.record.image_size, head=head)


def _network(classifier: Classifier, run: RunFolder) -> tuple[Any, Head]:
    """Return the run's network and head: those that Keras trained, or the shipped network with the run's head."""
    from xception_gui.finetune.network import head_of, starting_network
    from xception_gui.finetune.reopen import network_with_weights_of

    size, head = classifier.record.image_size, classifier.head
    if not run.keras_model.exists():
        return starting_network(
            head.architecture, size, head.blocks, len(head.bias), weights=paths.shipped_weights()
        ), head
    try:
        network = network_with_weights_of(head.architecture, run.keras_model, size, head.blocks, len(head.bias))
    except ValueError as error:  # also raised for another network
        raise run.damaged(run.keras_model, error) from error
    return network, head_of(head.architecture, network, head.blocks)


def _free_memory() -> None:
    from xception_gui.finetune.step_speed import free_memory

    free_memory()


# --- Its files ----------------------------------------------------------------------------------------------------


def _labels(classes: tuple[str, ...]) -> bytes:
    return labels_text(classes).encode("utf-8", errors="backslashreplace")


@contextlib.contextmanager
def _temporary_folder_beside(out: Path) -> Iterator[Path]:
    """Yield a folder beside `out`. After a failure, it and all folders above that were created for it are deleted."""
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
    """Write buffered data to the disk; some disks only report now that they are full."""
    for path in files_of(written):
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def _place(written: Path, out: Path, document: Path, check_file: Path) -> None:
    """Move both files to their final names: both or none, and never over existing files."""
    try:
        place(document, check_file)
        try:
            place(written, out)
        except BaseException:
            delete_written(check_file)
            raise
    except FileExistsError as error:
        raise ProgramError(ErrorCode.OUTPUT_EXISTS, path=out) from error


def _refuse_missing_packages(export_format: ExportFormat) -> None:
    """Fail now if packages or memory are missing, instead of after a minute.

    Raises:
        ProgramError: EXTRA_MISSING, EXPORT_NEEDS_MEMORY.
    """
    about = export_format.about
    missing = edition.missing_of(about.packages)
    if missing:
        raise ProgramError(ErrorCode.EXTRA_MISSING, format=about.title, found=", ".join(missing), extra=about.extra)
    if about.free_memory > available_memory():
        needed = f"{about.free_memory / 1e9:.0f} GB"
        raise ProgramError(ErrorCode.EXPORT_NEEDS_MEMORY, format=about.title, needed=needed, memory=memory_in_words())


def _refuse_existing(*places: Path) -> None:
    for path in places:
        if os.path.lexists(path):
            raise ProgramError(ErrorCode.OUTPUT_EXISTS, path=path)
