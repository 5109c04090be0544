"""Models as single files: packs models to share, and unpacks shared models."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from xception_gui.domain.messages.base import Failed, Finished, Message
from xception_gui.domain.messages.models import (
    AddModelRequest,
    AddModelResult,
    RunSummary,
    ShareModelRequest,
    ShareModelResult,
)
from xception_gui.ui.engines.engine_client import EngineClient
from xception_gui.ui.kit import texts
from xception_gui.ui.models.model_list import ModelList


class Sharing(QObject):
    """Packs and unpacks models in the viewer process.

    Signals:
        shared: ShareModelResult, a model was saved as one file.
        failed: Failed, a model could not be saved.
    """

    shared = Signal(object)
    failed = Signal(object)

    def __init__(self, viewer: EngineClient, models: ModelList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._models = models

    def share(self, run: str, out: str) -> None:
        """Write a run as the file `out`."""
        job = self._viewer.start(ShareModelRequest(run, out))
        job.ended.connect(self._on_shared)

    def open(self, file: str, do: Callable[[RunSummary], None]) -> None:
        """Unpack a shared model into the models folder, then call `do` with it."""
        job = self._viewer.start(AddModelRequest(file, str(ModelList.folder())))
        job.ended.connect(lambda end: self._on_added(end, file, do))

    def _on_shared(self, end: Message) -> None:
        if isinstance(end, Finished) and isinstance(end.result, ShareModelResult):
            self.shared.emit(end.result)
        elif isinstance(end, Failed):
            self.failed.emit(end)

    def _on_added(self, end: Message, file: str, do: Callable[[RunSummary], None]) -> None:
        if isinstance(end, Finished) and isinstance(end.result, AddModelResult):
            self._models.open(end.result.run, do)
        elif isinstance(end, Failed):
            words = texts.failure_text(end)
            self._models.cant_be_opened.emit(file, f"{words.what} {words.why} {words.fix}")
