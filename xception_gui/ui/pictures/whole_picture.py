"""One picture in full: an engine makes the file, the window loads it."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPixmap

from xception_gui.domain.messages.base import Failed, Message
from xception_gui.domain.messages.dataset import PreviewReady, PreviewRequest, PreviewShape
from xception_gui.ui.engines.current_job import CurrentJob
from xception_gui.ui.engines.engine_client import EngineClient
from xception_gui.ui.kit import texts

SIZE = 1600
"""Pixels of the longer side: enough for a window, and made quickly."""


class WholePicture(QObject):
    """Requests the picture that is viewed, one at a time.

    Signals:
        made: QPixmap, the picture.
        failed: str, a sentence or two on why the picture can't be shown.
    """

    made = Signal(QPixmap)
    failed = Signal(str)

    def __init__(self, viewer: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = CurrentJob(viewer, self)
        self._job.reported.connect(self._on_reported)
        self._job.ended.connect(self._on_ended)

    def make(self, path: str) -> None:
        """Have a picture made; one that is being made is given up."""
        self._job.start(PreviewRequest((path,), SIZE, PreviewShape.WHOLE))

    def give_up(self) -> None:
        """Stop the request and stop listening to it: its picture isn't viewed any more."""
        self._job.give_up()

    def _on_reported(self, event: Message) -> None:
        if not isinstance(event, PreviewReady):
            return
        pixmap = QPixmap(event.file) if event.file else QPixmap()
        if pixmap.isNull():
            why = texts.refusal_text(event.error, event.details) if event.error is not None else ""
            self.failed.emit(why or self.tr("This picture can't be shown."))
        else:
            self.made.emit(pixmap)

    def _on_ended(self, end: Message) -> None:
        if isinstance(end, Failed):
            sentence = self.tr("This picture can't be shown.")
            self.failed.emit(f"{sentence} {texts.failure_text(end).what}")
