"""`preview`: small copies of pictures, for whoever shows them."""

import itertools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from xception_gui.data.cache.folders import folder_of, keep_within_share
from xception_gui.data.dataset.checks import refusal
from xception_gui.data.pictures.augmentation import draw_change
from xception_gui.data.pictures.open_picture import PictureError
from xception_gui.data.pictures.previews import make_look, make_preview
from xception_gui.data.pool import read_ahead
from xception_gui.domain.errors import JobStopped
from xception_gui.domain.messages import PreviewAugmentationRequest, PreviewReady, PreviewRequest, PreviewResult
from xception_gui.domain.recipe import Augmentation
from xception_gui.jobs.reporting import Report, Stop
from xception_gui.runs.atomic import cannot_write

Asked = TypeVar("Asked")

PREVIEWS = "previews"

MADE_BETWEEN_LOOKS = 1000
"""Previews, some 10 MB of small ones: after so many it is seen to that all of them don't take too much."""


def preview(request: PreviewRequest, report: Report, stop: Stop) -> PreviewResult:
    """Make a preview of each picture, and report it in the order asked for. One that can't be made stops nothing.

    Raises:
        JobStopped: `stop` said so.
    """

    def make(path: str, folder: Path) -> PreviewReady:
        return _ready(path, folder, lambda: make_preview(Path(path), request.size, request.shape, folder))

    return _make_all(make, request.paths, report, stop)


def preview_augmentation(request: PreviewAugmentationRequest, report: Report, stop: Stop) -> PreviewResult:
    """Make small copies of pictures as a training sees them: look 0 as it is, then one for each of `looks` epochs.

    Raises:
        JobStopped: `stop` said so.
    """
    looks = [(number, path, look) for number, path in enumerate(request.paths) for look in range(1 + request.looks)]

    def make(asked: tuple[int, str, int], folder: Path) -> PreviewReady:
        number, path, look = asked
        augment = request.augment if look else Augmentation.NONE
        change = draw_change(augment, seed=request.seed, epoch=look, picture=number)
        return replace(_ready(path, folder, lambda: make_look(Path(path), request.size, change, folder)), look=look)

    return _make_all(make, looks, report, stop)


def _make_all(
    make: Callable[[Asked, Path], PreviewReady], asked: Iterable[Asked], report: Report, stop: Stop
) -> PreviewResult:
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


def _ready(path: str, folder: Path, make: Callable[[], Path]) -> PreviewReady:
    try:
        return PreviewReady(path, str(make()))
    except PictureError as error:
        return PreviewReady(path, None, refusal(Path(path), error).reason)
    except OSError as error:
        text = cannot_write(folder, error).text
        return PreviewReady(path, None, f"{text.what} {text.why}")
