"""How small copies of pictures are made, many at once."""

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
"""Previews, some 10 MB of small ones: after so many it is seen to that all of them don't take too much."""


def make_all(
    make: Callable[[Asked, Path], PreviewReady], asked: Iterable[Asked], report: Report, stop: Stop
) -> PreviewResult:
    """Make all, and report each in the order asked for.

    Raises:
        JobStopped: `stop` said so.
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
"""Previews in this process; there is a look at the first."""


def ready(path: str, folder: Path, make: Callable[[], Path]) -> PreviewReady:
    """Make one, or say why it can't be made."""
    try:
        return PreviewReady(path, str(make()))
    except PictureError as error:
        refused = refusal(Path(path), error)
        return PreviewReady(path, None, refused.code, details={"detail": refused.detail})
    except OSError as error:
        failed = cannot_write(folder, error)
        return PreviewReady(path, None, failed.code, details=failed.details)
