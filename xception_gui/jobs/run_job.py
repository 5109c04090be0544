"""The one entry point of all jobs."""

from typing import Any

from xception_gui.domain.messages.base import JobRequest
from xception_gui.jobs.reporting import Report, Stop, ThrottledReport, end_of, never
from xception_gui.jobs.table import JOBS, Reports


def run_job(request: JobRequest[Any], report: Report, stop: Stop, leave: Stop = never) -> None:
    """Run the job of a request.

    Args:
        request: the job and its arguments.
        report: called with every event, throttled; the last one is the only Finished, Stopped or Failed.
        stop: called often; once it returns true, the job ends as soon as it can with the best result that it has.
        leave: whether it was stopped because the process has to end: a training is then saved so that it can be
            resumed, instead of being finished.
    """
    job = JOBS[type(request)]
    do = job.function()
    match job.reports:
        case Reports.BY_ITSELF:
            do(request, report, stop, leave)
        case Reports.AS_IT_IS:
            report(end_of(lambda: do(request, report, stop)))
        case Reports.THROTTLED:
            report(end_of(lambda: do(request, ThrottledReport(report), stop)))
