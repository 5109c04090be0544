"""Messages about exporting models for other programs."""

from __future__ import annotations

from xception_gui.domain.export_formats import ExportFormat
from xception_gui.domain.messages.base import JobRequest, JobResult


class ExportResult(JobResult, frozen=True):
    """The exported file or folder, and how closely its predictions agree with the model."""

    path: str
    format: ExportFormat
    bytes: int
    pictures_checked: int = 0
    pictures_generated: bool = False  # drawn for the check, because no validation picture was found
    largest_difference: float = 0.0  # of a probability, 0..1
    same_top_class: int = 0  # pictures
    check_file: str = ""  # a JSON file with the results of the check


class ExportRequest(JobRequest[ExportResult], frozen=True):
    """Export the model of a run to a file or folder `out` that doesn't exist yet."""

    run: str
    format: ExportFormat
    out: str
