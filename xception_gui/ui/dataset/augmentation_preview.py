"""Previews of augmentation on a few of the person's own pictures."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPixmap

from xception_gui.domain.messages.base import Message
from xception_gui.domain.messages.dataset import PreviewAugmentationRequest, PreviewReady
from xception_gui.domain.recipe import Augmentation
from xception_gui.ui.engines.current_job import CurrentJob
from xception_gui.ui.engines.engine_client import EngineClient

SIZE = 144
"""Pixels: twice the size at which previews are shown, for high-density screens."""

LOOKS = 2  # augmented variants of each picture, beside the original


class AugmentationPreview(QObject):
    """Has the viewer process make the variants, once for each choice.

    Signals:
        changed: `looks` has changed.
    """

    changed = Signal()

    def __init__(self, viewer: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = CurrentJob(viewer, self)
        self._job.reported.connect(self._on_reported)
        self._request: PreviewAugmentationRequest | None = None
        self._pixmaps: dict[tuple[str, int], QPixmap] = {}
        self._is_old = False

    @property
    def looks(self) -> list[list[QPixmap | None]]:
        """A row for each picture: the original, then its variants; None: not made yet, or failed."""
        if self._request is None:
            return []
        return [[self._pixmaps.get((path, look)) for look in range(1 + LOOKS)] for path in self._request.paths]

    def choose(self, paths: tuple[str, ...], augment: Augmentation, seed: int) -> None:
        """Request variants of pictures; none without pictures, or if `augment` is NONE."""
        wanted = None
        if paths and augment is not Augmentation.NONE:
            wanted = PreviewAugmentationRequest(paths, SIZE, augment, seed, LOOKS)
        if wanted == self._request and not self._is_old:
            return
        self._is_old = False
        self._job.give_up()
        self._request, self._pixmaps = wanted, {}
        if wanted is not None:
            self._job.start(wanted)
        self.changed.emit()

    def look_again(self) -> None:
        """Make the variants anew at the next choice, even if it is the same: files may have changed."""
        self._is_old = True

    def _on_reported(self, event: Message) -> None:
        if isinstance(event, PreviewReady) and event.file:
            self._pixmaps[event.path, event.look] = QPixmap(event.file)
            self.changed.emit()
