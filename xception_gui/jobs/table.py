"""Maps each request to the function that does it, in the module named after the request.

A module is imported when its job is first requested: listing models needs neither Pillow nor a network.
"""

from enum import Enum
from importlib import import_module
from typing import Any, NamedTuple

from xception_gui.domain.messages.base import JobRequest
from xception_gui.domain.messages.dataset import (
    CheckRequest,
    DrawSamplesRequest,
    EmbedRequest,
    PreviewAugmentationRequest,
    PreviewRequest,
)
from xception_gui.domain.messages.exporting import ExportRequest
from xception_gui.domain.messages.machine import CacheRequest, ChooseRuntimeRequest, MeasureSpeedRequest
from xception_gui.domain.messages.models import (
    AddModelRequest,
    ListRunsRequest,
    LocateDatasetRequest,
    ReadLogRequest,
    RenameRunRequest,
    SeparateQuickRequest,
    ShareModelRequest,
)
from xception_gui.domain.messages.training import ForecastRequest, ResumeRequest, TrainRequest
from xception_gui.domain.messages.using import EvaluateRequest, PredictRequest


class Reports(Enum):
    """How the events of a job are passed on."""

    THROTTLED = "throttled"
    AS_IT_IS = "as it is"  # the events were throttled when they were recorded
    BY_ITSELF = "by itself"  # the job throttles them and reports its end, as it records both


class Job(NamedTuple):
    """The function of a job."""

    place: str
    """A module below `jobs`. Its function has the name of the module, takes `(request, report, stop)` and returns the
    request's result. A function that reports by itself also takes `leave`, and returns nothing."""

    reports: Reports = Reports.THROTTLED

    def function(self) -> Any:
        """Import and return the function."""
        name = self.place.rpartition(".")[2]
        return getattr(import_module(f"xception_gui.jobs.{self.place}"), name)


JOBS: dict[type[JobRequest[Any]], Job] = {
    CheckRequest: Job("dataset.check"),
    EmbedRequest: Job("dataset.embed"),
    DrawSamplesRequest: Job("dataset.draw_samples"),
    PreviewRequest: Job("dataset.preview"),
    PreviewAugmentationRequest: Job("dataset.preview_augmentation"),
    TrainRequest: Job("training.train", Reports.BY_ITSELF),
    ForecastRequest: Job("training.forecast"),
    ResumeRequest: Job("training.resume", Reports.BY_ITSELF),
    PredictRequest: Job("using.predict"),
    EvaluateRequest: Job("using.evaluate"),
    ExportRequest: Job("exporting.export"),
    ListRunsRequest: Job("models.list_runs"),
    ReadLogRequest: Job("models.read_log", Reports.AS_IT_IS),
    RenameRunRequest: Job("models.rename_run"),
    LocateDatasetRequest: Job("models.locate_dataset"),
    SeparateQuickRequest: Job("models.separate_quick"),
    ShareModelRequest: Job("models.share_model"),
    AddModelRequest: Job("models.add_model"),
    CacheRequest: Job("machine.cache"),
    ChooseRuntimeRequest: Job("machine.choose_runtime"),
    MeasureSpeedRequest: Job("machine.measure_speed"),
}
