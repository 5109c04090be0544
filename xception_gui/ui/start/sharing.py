"""Models as single files: written for others, and those of others opened."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

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
from xception_gui.ui.kit.message_box import MessageBox
from xception_gui.ui.models.model_list import Library


class Sharing(QObject):
    """Has the viewer pack and unpack models, and tells what became of it.

    Signals:
        shown_in_folder: str, a path.
    """

    shown_in_folder = Signal(str)

    def __init__(self, viewer: EngineClient, library: Library, window: QWidget) -> None:
        super().__init__(window)
        self._viewer = viewer
        self._library = library
        self._window = window

    def share(self, run: str, out: str) -> None:
        """Write a run as the file `out`."""
        job = self._viewer.start(ShareModelRequest(run, out))
        job.ended.connect(self._on_shared)

    def open(self, file: str, do: Callable[[RunSummary], None]) -> None:
        """Take a shared model into the library, then do something with it."""
        job = self._viewer.start(AddModelRequest(file, str(Library.folder())))
        job.ended.connect(lambda end: self._on_added(end, file, do))

    def _on_shared(self, end: Message) -> None:
        if isinstance(end, Finished) and isinstance(end.result, ShareModelResult):
            self._tell_where(end.result)
        elif isinstance(end, Failed):
            words = texts.failure_text(end)
            self._box(QMessageBox.Icon.Warning, words.what, f"{words.why} {words.fix}").open()

    def _tell_where(self, result: ShareModelResult) -> None:
        written = self.tr("“{name}” was written, {size}.")
        words = self.tr(
            "Whoever has Xception GUI opens it by a drop on the window. No picture is in it, only the names of pictures."
        )
        name = Path(result.path).name
        box = self._box(QMessageBox.Icon.Information, written.format(name=name, size=texts.size(result.bytes)), words)
        show = box.addButton(self.tr("Show in folder"), QMessageBox.ButtonRole.ActionRole)
        show.setObjectName("shared_show_in_folder")
        show.clicked.connect(lambda: self.shown_in_folder.emit(result.path))
        box.open()

    def _box(self, icon: QMessageBox.Icon, words: str, details: str) -> MessageBox:
        box = MessageBox(icon, "shared", self._window)
        box.setWindowTitle(self._window.windowTitle())
        box.setText(words)
        box.setInformativeText(details)
        box.setStandardButtons(QMessageBox.StandardButton.Ok)
        box.setEscapeButton(QMessageBox.StandardButton.Ok)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return box

    def _on_added(self, end: Message, file: str, do: Callable[[RunSummary], None]) -> None:
        if isinstance(end, Finished) and isinstance(end.result, AddModelResult):
            self._library.open(end.result.run, do)
        elif isinstance(end, Failed):
            words = texts.failure_text(end)
            self._library.cant_be_opened.emit(file, f"{words.what} {words.why} {words.fix}")
