"""`preview`: small copies of pictures, for whoever shows them."""

from functools import cache
from pathlib import Path

from xception_gui import paths
from xception_gui.data.checks import refusal
from xception_gui.data.images import PictureError
from xception_gui.data.pool import read_ahead
from xception_gui.data.previews import make_preview, tidy
from xception_gui.domain.errors import JobStopped
from xception_gui.domain.messages import PreviewReady, PreviewRequest, PreviewResult
from xception_gui.jobs.reporting import Report, Stop
from xception_gui.runs.atomic import cannot_write

TIDIED_ABOVE = 500_000_000
TIDIED_DOWN_TO = 400_000_000
"""Bytes of all previews."""


def preview(request: PreviewRequest, report: Report, stop: Stop) -> PreviewResult:
    """Make a preview of each picture, and report it in the order asked for. One that can't be made stops nothing.

    Raises:
        JobStopped: `stop` said so.
    """
    folder = paths.cache_folder() / "previews"
    _tidy_once(folder)
    for ready in read_ahead(lambda path: _ready(path, request, folder), request.paths):
        if stop():
            raise JobStopped
        report(ready)
    return PreviewResult()


@cache
def _tidy_once(folder: Path) -> None:
    """Keep the folder within bounds, once in a process."""
    tidy(folder, above=TIDIED_ABOVE, down_to=TIDIED_DOWN_TO)


def _ready(path: str, request: PreviewRequest, folder: Path) -> PreviewReady:
    try:
        return PreviewReady(path, str(make_preview(Path(path), request.size, request.shape, folder)))
    except PictureError as error:
        return PreviewReady(path, None, refusal(Path(path), error).reason)
    except OSError as error:
        text = cannot_write(folder, error).text
        return PreviewReady(path, None, f"{text.what} {text.why}")
