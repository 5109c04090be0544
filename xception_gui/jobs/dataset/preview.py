"""`preview`: makes small copies of pictures, to be shown."""

from pathlib import Path

from xception_gui.data.pictures.previews import make_preview
from xception_gui.domain.messages.dataset import PreviewReady, PreviewRequest, PreviewResult
from xception_gui.jobs.dataset.making_previews import make_all, ready
from xception_gui.jobs.reporting import Report, Stop


def preview(request: PreviewRequest, report: Report, stop: Stop) -> PreviewResult:
    """Make a preview of each picture, reported in the order of the request. A failed one doesn't stop the job.

    Raises:
        JobStopped: `stop()` was true.
    """

    def make(path: str, folder: Path) -> PreviewReady:
        return ready(path, folder, lambda: make_preview(Path(path), request.size, request.shape, folder))

    return make_all(make, request.paths, report, stop)
