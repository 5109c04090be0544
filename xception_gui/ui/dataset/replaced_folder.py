"""The bar that leads back to the folder which another one has replaced, perhaps by mistake."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal

from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.message_bar import MessageBar


class ReplacedFolderBar(MessageBar):
    """Says which folder was replaced, and offers it again; hidden if there is none.

    Signals:
        back_wanted: the path of the folder, and the name that was typed for its model.
    """

    back_wanted = Signal(str, str)

    def __init__(self) -> None:
        words = QCoreApplication.translate("ReplacedFolderBar", "Back to previous folder")  # not a QObject yet
        back = button(words, "data_left_back", on_click=self._on_back)
        super().__init__("data_left", back, on_dismissed=self.forget)
        self.path, self._name = "", ""

    def remember(self, path: str, name: str) -> None:
        """Remember a folder that is being replaced, with the name typed for its model."""
        self.path, self._name = path, name

    def forget(self) -> None:
        """Forget the folder, and hide the bar."""
        self.remember("", "")
        self.hide()

    def show_replacement(self, new: str) -> None:
        """Say that the folder was replaced, if one was.

        Args:
            new: path of the folder in its place.
        """
        old = Path(self.path).name
        self.show_words(self.tr("“{new}” replaced “{old}”.").format(new=Path(new).name, old=old) if old else "")

    def _on_back(self) -> None:
        self.back_wanted.emit(self.path, self._name)
