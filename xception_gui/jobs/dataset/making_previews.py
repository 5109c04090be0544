"""Makes previews, which are small copies of pictures, many at once."""

import itertools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from xception_gui.data.cache.folders import folder_of, keep_within_share
from xception_gui.data.dataset.checks import refusal
from xception_gui.data.pictures.open_picture import PictureError
from xception_gui.data.pool import read_ahead
from xception_gui.domain.errors import JobStopped, cannot_write
from xception_gui.domain.messages.dataset import PreviewReady, PreviewResult
from xception_gui.jobs.reporting import Report, Stop

Asked = TypeVar("Asked")


PREVIEWS = "previews"


MADE_BETWEEN_LOOKS = 1000
"""Previews (about 10 MB of small ones) after which their share of the cache is enforced again."""


def make_all(
    make: Callable[[Asked, Path], PreviewReady], asked: Iterable[Asked], report: Report, stop: Stop
) -> PreviewResult:
    """Make all previews, and report them in the order of `asked`.

    Raises:
        JobStopped: `stop()` was true.
    """
    folder = folder_of(PREVIEWS)
    for ready in read_ahead(lambda one: make(one, folder), asked):
        if stop():
            raise JobStopped
        if next(_made) % MADE_BETWEEN_LOOKS == 0:
            keep_within_share(PREVIEWS)
        report(ready)
    return PreviewResult()


_made = itertools.count()
"""Numbers the previews of this process; their share of the cache is enforced at the first one."""


def ready(path: str, folder: Path, make: Callable[[], Path]) -> PreviewReady:
    """Make one preview, or return why it can't be made."""
    try:
        return PreviewReady(path, str(make()))
    except PictureError as error:
        refused = refusal(Path(path), error)
        return PreviewReady(path, None, refused.code, details={"detail": refused.detail})
    except OSError as error:
        failed = cannot_write(folder, error)
        return PreviewReady(path, None, failed.code, details=failed.details)
