"""Compares an exported model with the predictor, and describes the result in the file beside it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xception_gui.data.pictures.open_picture import PictureError, Pixels, content_hash, decode, open_file, resize
from xception_gui.data.pool import read_ahead
from xception_gui.domain.agreement import TOLERANCE, Agreement, agreement
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.export_formats import ExportFormat
from xception_gui.domain.messages.base import Phase
from xception_gui.domain.sampling import spread_evenly
from xception_gui.inference.backbone import file_sha256
from xception_gui.inference.classifier import Classifier
from xception_gui.inference.machine import versions
from xception_gui.jobs.reporting import PhaseReport, Report, Stop
from xception_gui.runs.schema import RecordedPicture, RunRecord
from xception_gui.samples.sample_set import CLASSES, draw_scene

if TYPE_CHECKING:
    from xception_gui.finetune.exporting import Probabilities

CHECKED_PICTURES = 50


@dataclass(frozen=True, slots=True)
class ExportCheck:
    """The result of the comparison."""

    agreement: Agreement
    generated: bool  # compared on drawn pictures, as no validation picture was found


def check_export(classifier: Classifier, exported: "Probabilities", report: Report, stop: Stop) -> ExportCheck:
    """Compare an exported model with the predictor, picture by picture.

    Raises:
        ProgramError: EXPORT_DIFFERS; BACKBONE_UNUSABLE, INSTALLATION_DAMAGED.
        JobStopped: `stop()` was true.
    """
    backbone = classifier.embedder.open_backbone()
    pictures = _validation_pictures(classifier.record, stop)
    generated = not pictures
    if generated:
        pictures = _drawn_pictures(classifier.record.image_size)
    progress = PhaseReport(report, Phase.TESTING, len(pictures))
    expected, found = [], []
    for picture in pictures:
        if stop():
            raise JobStopped
        expected.append(classifier.probabilities(backbone.embed(picture)[np.newaxis]))
        found.append(exported(picture[np.newaxis].astype(np.float32)))
        progress.advance()
    compared = agreement(np.concatenate(expected), np.concatenate(found))
    if not compared.is_close:
        raise ProgramError(
            ErrorCode.EXPORT_DIFFERS,
            pictures=compared.pictures,
            same=compared.same_top_class,
            difference=f"{compared.largest_difference:.2g}",
        )
    return ExportCheck(compared, generated)


def _validation_pictures(record: RunRecord, stop: Stop) -> list[Pixels]:
    """Return up to 50 of the run's validation pictures, only unchanged ones."""

    def read(picture: RecordedPicture) -> Pixels | None:
        place = record.place_of(picture.relative)
        if place is None:
            return None
        try:
            with open_file(place) as file:
                return decode(file, record.image_size) if content_hash(file) == picture.sha256 else None
        except PictureError:
            return None

    def found() -> Iterator[Pixels]:
        # First some of all classes; the others only if those are missing.
        entries = dict.fromkeys((*spread_evenly(record.split.val, CHECKED_PICTURES), *record.split.val))
        for picture in read_ahead(read, entries):
            if stop():
                raise JobStopped
            if picture is not None:
                yield picture

    return list(islice(found(), CHECKED_PICTURES))


def _drawn_pictures(image_size: int) -> list[Pixels]:
    return [
        resize(draw_scene(CLASSES[index % len(CLASSES)], np.random.default_rng(index)), image_size)
        for index in range(CHECKED_PICTURES)
    ]


def check_document(check: ExportCheck, written: Path, out: Path, export_format: ExportFormat, record: RunRecord) -> str:
    """Return the JSON text that describes the exported model: its input, its outputs, and how closely it matches."""
    size = record.image_size
    outputs: dict[str, object] = {"probabilities": {"type": "float32", "shape": ["pictures", len(record.classes)]}}
    if export_format.about.gives_maps:
        outputs["activation_map"] = {"type": "float32", "shape": ["pictures", "height", "width", len(record.classes)]}
    document = {
        "name": out.name,
        "format": export_format,
        "files": {
            (out.name if path == written else path.relative_to(written).as_posix()): {
                "bytes": path.stat().st_size,
                "sha256": file_sha256(path),
            }
            for path in files_of(written)
        },
        "classes": record.classes,
        "input": {
            "name": "pixels",
            "type": "float32",
            "shape": ["pictures", size, size, 3],
            "values": "0 to 255, RGB; the picture upright and stretched to this size, bilinear with antialiasing",
        },
        "outputs": outputs,
        "check": {
            "against": "the predictor of Xception GUI",
            "pictures": check.agreement.pictures,
            "generated": check.generated,
            "largest_difference": check.agreement.largest_difference,
            "same_top_class": check.agreement.same_top_class,
            "tolerance": TOLERANCE,
        },
        "versions": versions(),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def files_of(written: Path) -> list[Path]:
    """Return the files of an export: the file itself, or all files in its folder."""
    return [written] if written.is_file() else sorted(path for path in written.rglob("*") if path.is_file())
