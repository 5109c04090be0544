"""The one door to all jobs."""

from typing import Any

from xception_gui.domain.messages.base import JobRequest
from xception_gui.jobs.reporting import Report, Stop, ThrottledReport, end_of, never
from xception_gui.jobs.table import JOBS, Reports


def run_job(request: JobRequest[Any], report: Report, stop: Stop, leave: Stop = never) -> None:
    """Do what is asked.

    Args:
        request: what.
        report: told of everything that happens, throttled; the last event is the only one of Finished, Stopped, Failed.
        stop: asked often; once it says yes, the job ends as soon as it can with the best that it has.
        leave: says, once `stop` does, that this is because the process has to go: a training is then saved to be gone
            on with, instead of being brought to its end.
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
