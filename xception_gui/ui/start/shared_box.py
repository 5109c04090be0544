"""The message at the end of sharing a model as one file."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from xception_gui.domain.messages.base import Failed
from xception_gui.domain.messages.models import ShareModelResult
from xception_gui.ui.desktop.file_manager import show_in_folder
from xception_gui.ui.kit import texts
from xception_gui.ui.kit.message_box import MessageBox


class SharedBox(MessageBox):
    """Says that the file was saved, or why it wasn't."""

    def __init__(self, told: ShareModelResult | Failed, window: QWidget) -> None:
        is_written = isinstance(told, ShareModelResult)
        super().__init__(QMessageBox.Icon.Information if is_written else QMessageBox.Icon.Warning, "shared", window)
        self.setWindowTitle(window.windowTitle())
        self.setStandardButtons(QMessageBox.StandardButton.Ok)
        self.setEscapeButton(QMessageBox.StandardButton.Ok)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if isinstance(told, ShareModelResult):
            self._show_written(told)
        else:
            words = texts.failure_text(told)
            self.setText(words.what)
            self.setInformativeText(f"{words.why} {words.fix}")

    def _show_written(self, result: ShareModelResult) -> None:
        written = self.tr("“{name}” was saved ({size}).")
        self.setText(written.format(name=Path(result.path).name, size=texts.size(result.bytes)))
        self.setInformativeText(
            self.tr(
                "Anyone with Xception GUI can open this file by dropping it on the window. The file contains no "
                "pictures, only their file names."
            )
        )
        show = self.addButton(self.tr("Show in folder"), QMessageBox.ButtonRole.ActionRole)
        show.setObjectName("shared_show_in_folder")
        show.clicked.connect(lambda: show_in_folder(result.path))
