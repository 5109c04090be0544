"""What is asked and told when a model is written for other programs."""

from __future__ import annotations

from xception_gui.domain.export_formats import ExportFormat
from xception_gui.domain.messages.base import JobRequest, JobResult


class ExportResult(JobResult, frozen=True):
    """What was written, and how near it is to the model that it was made of."""

    path: str
    format: ExportFormat
    bytes: int
    pictures_checked: int = 0
    pictures_generated: bool = False  # drawn for the check, as no validation picture was where it was
    largest_difference: float = 0.0  # of a probability, 0..1
    same_top_class: int = 0  # pictures
    check_file: str = ""  # what was found, as JSON


class ExportRequest(JobRequest[ExportResult], frozen=True):
    """Write the model of a run in another program's format, as a file or folder `out` that doesn't exist yet."""

    run: str
    format: ExportFormat
    out: str
