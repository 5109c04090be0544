"""Which function does which request."""

from xception_gui.domain.messages import (
    CheckRequest,
    EvaluateRequest,
    ExportRequest,
    JobRequest,
    PredictRequest,
    TrainRequest,
)
from xception_gui.jobs.check import check
from xception_gui.jobs.evaluate import evaluate
from xception_gui.jobs.export import export
from xception_gui.jobs.predict import predict
from xception_gui.jobs.reporting import Report, Stop, ThrottledReport, end_of
from xception_gui.jobs.train import train


def run_job(request: JobRequest, report: Report, stop: Stop) -> None:
    """Do what is asked.

    Args:
        request: what.
        report: told of everything that happens, throttled; the last event is the only one of Finished, Stopped, Failed.
        stop: asked often; once it says yes, the job ends as soon as it can with the best that it has.
    """
    throttled = ThrottledReport(report)
    match request:
        case TrainRequest():  # writes down what it reports, so it throttles before that
            train(request, report, stop)
        case CheckRequest():
            report(end_of(lambda: check(request, throttled, stop)))
        case PredictRequest():
            report(end_of(lambda: predict(request, throttled, stop)))
        case EvaluateRequest():
            report(end_of(lambda: evaluate(request, throttled, stop)))
        case ExportRequest():
            report(end_of(lambda: export(request, throttled, stop)))
