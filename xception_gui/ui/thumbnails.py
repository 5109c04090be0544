"""Small pictures for the window: engines make them, the window loads what they made."""

from collections import OrderedDict

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QPixmap

from xception_gui.domain.messages import Message, PreviewReady, PreviewRequest
from xception_gui.ui.engine_client import EngineClient

SIZE = 208
"""Pixels: twice the largest size at which they are shown, for dense screens."""

KEPT = 300  # pixmaps, some 50 MB
MOST_WAITING = 300  # beyond, the oldest are forgotten: they scrolled out of sight, and are asked for again if not
AT_ONCE = 16  # in one request, so that what comes into sight doesn't wait long


class Thumbnails(QObject):
    """Square thumbnails of files by path.

    Signals:
        thumbnail_ready: str, the path of the picture.
    """

    thumbnail_ready = Signal(str)

    def __init__(self, engine: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._pixmaps: OrderedDict[str, QPixmap] = OrderedDict()
        self._waiting: OrderedDict[str, None] = OrderedDict()
        self._asked: frozenset[str] = frozenset()
        self._errors: dict[str, str] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(15)  # collects what one repaint asks for
        self._timer.timeout.connect(self._ask)

    def pixmap(self, path: str) -> QPixmap | None:
        """Give a thumbnail, or None and have it made."""
        found = self._pixmaps.get(path)
        if found is not None:
            self._pixmaps.move_to_end(path)
            return found
        if path not in self._errors and path not in self._asked:
            self._waiting[path] = None
            self._waiting.move_to_end(path)
            while len(self._waiting) > MOST_WAITING:
                self._waiting.popitem(last=False)
            if not self._timer.isActive() and not self._asked:
                self._timer.start()
        return None

    def has_failed(self, path: str) -> bool:
        """Say whether the picture can't be shown."""
        return path in self._errors

    def forget(self) -> None:
        """Forget what couldn't be read, so that it is tried again."""
        self._errors.clear()

    def _ask(self) -> None:
        wanted = [self._waiting.popitem()[0] for _ in range(min(AT_ONCE, len(self._waiting)))]
        self._asked = frozenset(wanted)
        if not wanted:
            return
        job = self._engine.start(PreviewRequest(tuple(wanted), SIZE))
        job.reported.connect(self._on_reported)
        job.ended.connect(self._on_ended)

    def _on_reported(self, event: Message) -> None:
        if not isinstance(event, PreviewReady):
            return
        pixmap = QPixmap(event.file) if event.file else QPixmap()
        if pixmap.isNull():
            self._errors[event.path] = event.error or ""
        else:
            self._pixmaps[event.path] = pixmap
            while len(self._pixmaps) > KEPT:
                self._pixmaps.popitem(last=False)
        self.thumbnail_ready.emit(event.path)

    def _on_ended(self, end: object) -> None:
        missing = self._asked - self._pixmaps.keys() - self._errors.keys()
        self._asked = frozenset()
        for path in missing:
            self._errors[path] = ""  # its engine died, perhaps of it
            self.thumbnail_ready.emit(path)
        if self._waiting:
            self._timer.start()
