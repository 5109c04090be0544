"""`preview_augmentation`: makes small copies of pictures as they are used in training."""

from pathlib import Path

from msgspec.structs import replace

from xception_gui.data.pictures.augmentation import draw_transform
from xception_gui.data.pictures.previews import make_look
from xception_gui.domain.messages.dataset import PreviewAugmentationRequest, PreviewReady, PreviewResult
from xception_gui.domain.recipe import Augmentation
from xception_gui.jobs.dataset.making_previews import make_all, ready
from xception_gui.jobs.reporting import Report, Stop


def preview_augmentation(request: PreviewAugmentationRequest, report: Report, stop: Stop) -> PreviewResult:
    """Make small copies of pictures as they are used in training: look 0 is the picture, the others its first epochs.

    Raises:
        JobStopped: `stop()` was true.
    """
    looks = [(number, path, look) for number, path in enumerate(request.paths) for look in range(1 + request.looks)]

    def make(asked: tuple[int, str, int], folder: Path) -> PreviewReady:
        number, path, look = asked
        augment = request.augment if look else Augmentation.NONE
        transform = draw_transform(augment, seed=request.seed, epoch=look, picture=number)
        return replace(ready(path, folder, lambda: make_look(Path(path), request.size, transform, folder)), look=look)

    return make_all(make, looks, report, stop)
