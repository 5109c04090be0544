"""What is asked and told when a model is written for other programs."""

from __future__ import annotations

from enum import StrEnum

from xception_gui.domain.messages.base import JobRequest, JobResult


class ExportFormat(StrEnum):
    """What a model can be exported as."""

    KERAS = "keras"  # one file, for Keras: pixels → probabilities
    # Those below: pixels → probabilities and the class activation map.
    LITERT = "litert"  # one file, for LiteRT
    LITERT_F16 = "litert-f16"  # the same with its weights rounded to float16: half as large
    SAVED_MODEL = "saved-model"  # a folder, for TensorFlow


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
