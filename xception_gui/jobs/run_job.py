"""Which function does which request.

Each is imported when it is first asked for: who lists models needs neither pictures nor a network.
"""

from xception_gui.domain.messages import (
    AddModelRequest,
    CacheRequest,
    CheckRequest,
    DrawSamplesRequest,
    EmbedRequest,
    EvaluateRequest,
    ExportRequest,
    JobRequest,
    ListRunsRequest,
    LocateDatasetRequest,
    MeasureSpeedRequest,
    PredictRequest,
    PreviewAugmentationRequest,
    PreviewRequest,
    ReadLogRequest,
    RenameRunRequest,
    Result,
    ResumeRequest,
    ShareModelRequest,
    TrainRequest,
)
from xception_gui.jobs.reporting import Report, Stop, ThrottledReport, end_of, never

_Request = (
    CheckRequest
    | EmbedRequest
    | CacheRequest
    | PredictRequest
    | EvaluateRequest
    | ExportRequest
    | PreviewRequest
    | PreviewAugmentationRequest
    | ListRunsRequest
    | RenameRunRequest
    | ShareModelRequest
    | AddModelRequest
    | LocateDatasetRequest
    | DrawSamplesRequest
    | MeasureSpeedRequest
)
"""Those whose reports are throttled here, which leaves out TrainRequest, ResumeRequest and ReadLogRequest."""


def run_job(request: JobRequest, report: Report, stop: Stop, leave: Stop = never) -> None:
    """Do what is asked.

    Args:
        request: what.
        report: told of everything that happens, throttled; the last event is the only one of Finished, Stopped, Failed.
        stop: asked often; once it says yes, the job ends as soon as it can with the best that it has.
        leave: says, once `stop` does, that this is because the process has to go: a training is then saved to be gone
            on with, instead of being brought to its end.
    """
    if isinstance(request, TrainRequest):  # writes down what it reports, so it throttles before that
        from xception_gui.jobs.training.train import train

        train(request, report, stop, leave)
    elif isinstance(request, ResumeRequest):
        from xception_gui.jobs.training.train import resume

        resume(request, report, stop, leave)
    elif isinstance(request, ReadLogRequest):  # tells what was throttled when it was written down
        from xception_gui.jobs.models.list_runs import read_training_log

        report(end_of(lambda: read_training_log(request, report, stop)))
    else:
        report(end_of(lambda: _do(request, ThrottledReport(report), stop)))


def _do(request: _Request, report: Report, stop: Stop) -> Result:
    match request:
        case CheckRequest():
            from xception_gui.jobs.dataset.check import check

            return check(request, report, stop)
        case EmbedRequest():
            from xception_gui.jobs.dataset.embed import embed

            return embed(request, report, stop)
        case CacheRequest():
            from xception_gui.jobs.machine.cache import tend_cache

            return tend_cache(request, report, stop)
        case PredictRequest():
            from xception_gui.jobs.using.predict import predict

            return predict(request, report, stop)
        case EvaluateRequest():
            from xception_gui.jobs.using.evaluate import evaluate

            return evaluate(request, report, stop)
        case ExportRequest():
            from xception_gui.jobs.exporting.export import export

            return export(request, report, stop)
        case PreviewRequest():
            from xception_gui.jobs.dataset.preview import preview

            return preview(request, report, stop)
        case PreviewAugmentationRequest():
            from xception_gui.jobs.dataset.preview import preview_augmentation

            return preview_augmentation(request, report, stop)
        case ListRunsRequest():
            from xception_gui.jobs.models.list_runs import list_runs

            return list_runs(request, report, stop)
        case RenameRunRequest():
            from xception_gui.jobs.models.list_runs import rename_run

            return rename_run(request, report, stop)
        case ShareModelRequest():
            from xception_gui.jobs.models.share_model import share_model

            return share_model(request, report, stop)
        case AddModelRequest():
            from xception_gui.jobs.models.share_model import add_model

            return add_model(request, report, stop)
        case LocateDatasetRequest():
            from xception_gui.jobs.models.list_runs import locate_dataset

            return locate_dataset(request, report, stop)
        case DrawSamplesRequest():
            from xception_gui.jobs.dataset.draw_samples import draw_samples

            return draw_samples(request, report, stop)
        case MeasureSpeedRequest():
            from xception_gui.jobs.machine.measure_speed import measure_speed

            return measure_speed(request, report, stop)
