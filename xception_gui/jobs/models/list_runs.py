"""`list_runs`: lists the models."""

from pathlib import Path

from xception_gui.domain.messages.models import (
    ListRunsRequest,
    RunsResult,
)
from xception_gui.jobs.reporting import Report, Stop
from xception_gui.runs import run_list


def list_runs(request: ListRunsRequest, report: Report, stop: Stop) -> RunsResult:
    """List runs.

    Raises:
        JobStopped: `stop()` was true.
    """
    return RunsResult(run_list.list_runs(map(Path, request.folders), map(Path, request.runs), stop))
