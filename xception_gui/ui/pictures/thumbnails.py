"""Thumbnails for the window: an engine makes the files, the window loads them."""

from collections import OrderedDict
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QPixmap

from xception_gui.domain.messages.base import Message
from xception_gui.domain.messages.dataset import PreviewReady, PreviewRequest
from xception_gui.ui.engines.engine_client import EngineClient

SIZE = 208
"""Pixels: twice the largest size at which they are shown, for dense screens."""

KEPT = 300  # pixmaps, about 50 MB
MAX_WAITING = 300  # beyond that, the oldest requests are dropped: if still visible, they are made again
AT_ONCE = 16  # in one request, so that newly visible pictures don't wait long


@dataclass(frozen=True, slots=True)
class _Known:
    """A thumbnail as an engine last reported it."""

    pixmap: QPixmap | None  # None: the picture can't be shown
    file: str | None  # that the pixmap was loaded from; its name changes with the picture
    look: int  # number of the look at which the engine was asked


class Thumbnails(QObject):
    """Square thumbnails of files by path.

    Files may change, and only engines read them. After `look_again`, the engine is asked again for each thumbnail that is
    painted; until the answer, the old thumbnail is shown. For unchanged files that costs the engine almost nothing.

    Signals:
        thumbnail_ready: str, the path of a picture whose thumbnail has changed.
    """

    thumbnail_ready = Signal(str)

    def __init__(self, engine: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._waiting: OrderedDict[str, None] = OrderedDict()
        self._asked: frozenset[str] = frozenset()
        self._look = self._asked_look = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(15)  # collects what one repaint asks for
        self._timer.timeout.connect(self._ask)

    def pixmap(self, path: str) -> QPixmap | None:
        """Return a thumbnail, or None; request it if it is missing or outdated."""
        known = self._known.get(path)
        if known is not None:
            self._known.move_to_end(path)
        is_asked = path in self._asked and self._asked_look == self._look
        if (known is None or known.look != self._look) and not is_asked:
            self._want(path)
        return None if known is None else known.pixmap

    def has_failed(self, path: str) -> bool:
        """Return whether there is no thumbnail because the picture can't be shown."""
        known = self._known.get(path)
        return known is not None and known.pixmap is None

    def look_again(self) -> None:
        """Ask the engine again for thumbnails that are painted from now on: files may have changed."""
        self._look += 1

    def _want(self, path: str) -> None:
        self._waiting[path] = None
        self._waiting.move_to_end(path)
        while len(self._waiting) > MAX_WAITING:
            self._waiting.popitem(last=False)
        if not self._timer.isActive() and not self._asked:
            self._timer.start()

    def _ask(self) -> None:
        wanted = [self._waiting.popitem()[0] for _ in range(min(AT_ONCE, len(self._waiting)))]
        self._asked = frozenset(wanted)
        self._asked_look = self._look
        if not wanted:
            return
        job = self._engine.start(PreviewRequest(tuple(wanted), SIZE))
        job.reported.connect(self._on_reported)
        job.ended.connect(self._on_ended)

    def _on_reported(self, event: Message) -> None:
        if not isinstance(event, PreviewReady):
            return
        known = self._known.get(event.path)
        if known is not None and known.pixmap is not None and known.file == event.file:
            self._known[event.path] = replace(known, look=self._asked_look)
            return
        pixmap = QPixmap(event.file) if event.file else QPixmap()
        self._learn(event.path, None if pixmap.isNull() else pixmap, event.file)

    def _on_ended(self, end: object) -> None:
        asked, self._asked = self._asked, frozenset()
        for path in sorted(asked):
            known = self._known.get(path)
            if known is None:
                self._learn(path, None, None)  # the engine died, perhaps because of this picture
            else:
                self._known[path] = replace(known, look=max(known.look, self._asked_look))
        if self._waiting:
            self._timer.start()

    def _learn(self, path: str, pixmap: QPixmap | None, file: str | None) -> None:
        self._known[path] = _Known(pixmap, file, self._asked_look)
        self._known.move_to_end(path)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        self.thumbnail_ready.emit(path)
