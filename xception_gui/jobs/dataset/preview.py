"""`preview`: small copies of pictures, for whoever shows them."""

from pathlib import Path

from xception_gui.data.pictures.previews import make_preview
from xception_gui.domain.messages.dataset import PreviewReady, PreviewRequest, PreviewResult
from xception_gui.jobs.dataset.making_previews import make_all, ready
from xception_gui.jobs.reporting import Report, Stop


def preview(request: PreviewRequest, report: Report, stop: Stop) -> PreviewResult:
    """Make a preview of each picture, and report it in the order asked for. One that can't be made stops nothing.

    Raises:
        JobStopped: `stop` said so.
    """

    def make(path: str, folder: Path) -> PreviewReady:
        return ready(path, folder, lambda: make_preview(Path(path), request.size, request.shape, folder))

    return make_all(make, request.paths, report, stop)
