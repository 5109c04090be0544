"""`read_log`: reports again how a model was trained."""

from pathlib import Path

from xception_gui.domain.errors import JobStopped
from xception_gui.domain.messages.base import Failed, Finished, Progress, Stopped
from xception_gui.domain.messages.models import (
    ReadLogRequest,
    TrainingLogResult,
)
from xception_gui.domain.messages.training import BatchFinished
from xception_gui.domain.run_state import MAX_BATCHES
from xception_gui.domain.sampling import spread_evenly
from xception_gui.jobs.reporting import Report, Stop
from xception_gui.runs import run_log
from xception_gui.runs.run_folder import RunFolder


def read_log(request: ReadLogRequest, report: Report, stop: Stop) -> TrainingLogResult:
    """Report the events of a run's training, without progress and end, and only as many steps as a plot shows.

    Raises:
        ProgramError: NOT_A_RUN, RUN_DAMAGED.
        JobStopped: `stop()` was true.
    """
    run = RunFolder(Path(request.run))
    record = run.read_record()
    told = [event for event in run_log.read_log(run) if not isinstance(event, Progress | Finished | Stopped | Failed)]
    steps = [number for number, event in enumerate(told) if isinstance(event, BatchFinished)]
    left_out = set(steps).difference(spread_evenly(steps, MAX_BATCHES))
    for number, event in enumerate(told):
        if stop():
            raise JobStopped
        if number not in left_out:
            report(event)
    return TrainingLogResult(record.dataset, record.recipe, record.seconds)
