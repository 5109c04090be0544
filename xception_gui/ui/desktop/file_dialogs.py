"""The system's dialogs for files and folders. Each purpose remembers its last folder."""

import os
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSettings, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from xception_gui.domain.errors import ProgramError
from xception_gui.files.absolute_paths import absolute_path
from xception_gui.ui.kit import texts
from xception_gui.ui.kit.message_box import MessageBox


class Purpose(StrEnum):
    """What a dialog is for. Values are keys in the settings and never change."""

    DATASET = "dataset"  # a folder of class folders
    PICTURES = "pictures"  # to classify
    MODEL = "model"  # to open
    MODEL_PLACE = "model-place"  # the folder for a new model
    TABLE = "table"  # a CSV file to write
    PLOT = "plot"  # a picture of a plot to write
    EXPORT = "export"  # a model for other programs to write
    SHARE = "share"  # a model as one file, to write or to open
    LOCATE = "locate"  # pictures that were moved


_PICTURE_PURPOSES = (Purpose.DATASET, Purpose.PICTURES, Purpose.LOCATE)


class FileDialogs:
    """The dialogs of one window, and writing the files that were named in them."""

    def __init__(self, window: QWidget, settings: QSettings) -> None:
        self._window = window
        self._settings = settings

    def folder(self, purpose: Purpose, title: str) -> Path | None:
        """Have the person choose a folder; None if they don't."""
        return choose_folder(self._window, self._settings, purpose, title)

    def files(self, purpose: Purpose, title: str, name_filter: str = "") -> list[Path]:
        """Have the person choose files that exist; none if they don't."""
        return choose_files(self._window, self._settings, purpose, title, name_filter)

    def save_file(
        self, purpose: Purpose, title: str, suggested_name: str, name_filter: str = "", *, may_exist: bool = True
    ) -> Path | None:
        """Have the person name a file to write; None if they don't."""
        return choose_save_file(
            self._window, self._settings, purpose, title, suggested_name, name_filter, may_exist=may_exist
        )

    def save_kind(
        self, purpose: Purpose, title: str, suggested_name: str, kinds: Sequence[str]
    ) -> tuple[Path, str] | None:
        """Have the person name a file to write, of one of several kinds; None if they don't."""
        return choose_save_kind(self._window, self._settings, purpose, title, suggested_name, kinds)

    def write(self, path: Path, write: Callable[[Path], object]) -> bool:
        """Write a file. Returns whether that succeeded; if not, a box says why."""
        try:
            write(path)
            return True
        except ProgramError as error:
            self._tell(str(texts.error_text(error)))
        except OSError as error:
            words = QCoreApplication.translate(
                "FileDialogs", "“{path}” couldn't be saved: {why}. Choose another folder."
            )
            self._tell(words.format(path=path, why=texts.system_text(error)))
        return False

    def _tell(self, sentence: str) -> None:
        box = MessageBox(QMessageBox.Icon.Warning, "writing_failed", self._window)
        box.setWindowTitle(self._window.windowTitle())
        box.setText(sentence)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()


def choose_folder(parent: QWidget | None, settings: QSettings, purpose: Purpose, title: str) -> Path | None:
    """Have the person choose a folder; None if they don't."""
    dialog = _dialog(parent, settings, purpose, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    chosen = _run(dialog)
    if not chosen:
        return None
    remember(settings, purpose, chosen[0])
    return chosen[0]


def choose_files(
    parent: QWidget | None, settings: QSettings, purpose: Purpose, title: str, name_filter: str = ""
) -> list[Path]:
    """Have the person choose files that exist; none if they don't.

    Args:
        parent, settings, purpose, title: the window, where folders are remembered, the purpose, the title.
        name_filter: in Qt's format, “Pictures (*.jpg *.png)”; empty shows all files.
    """
    dialog = _dialog(parent, settings, purpose, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    if name_filter:
        dialog.setNameFilter(name_filter)
    chosen = _run(dialog)
    if chosen:
        remember(settings, purpose, chosen[0].parent)
    return chosen


def choose_save_file(
    parent: QWidget | None,
    settings: QSettings,
    purpose: Purpose,
    title: str,
    suggested_name: str,
    name_filter: str = "",
    *,
    may_exist: bool = True,
) -> Path | None:
    """Have the person name a file to write; None if they don't.

    Args:
        parent, settings, purpose, title: the window, where folders are remembered, the purpose, the title.
        suggested_name: its suffix is added to names without one, if there is a name filter.
        name_filter: in Qt's format; without one, the name may be that of a folder.
        may_exist: whether to ask before replacing a file; if False, the writer must refuse to replace anything.
    """
    dialog = _dialog(parent, settings, purpose, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    if name_filter:
        dialog.setNameFilter(name_filter)
        dialog.setDefaultSuffix(Path(suggested_name).suffix.removeprefix("."))
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite, not may_exist)
    dialog.selectFile(suggested_name)
    chosen = _run(dialog)
    if not chosen:
        return None
    remember(settings, purpose, chosen[0].parent)
    return chosen[0]


def choose_save_kind(
    parent: QWidget | None,
    settings: QSettings,
    purpose: Purpose,
    title: str,
    suggested_name: str,
    kinds: Sequence[str],
) -> tuple[Path, str] | None:
    """Have the person name a file to write, of one of several kinds; None if they don't.

    Args:
        parent, settings, purpose, title: the window, where folders are remembered, the purpose, the title.
        suggested_name: its suffix is added to names without one.
        kinds: filters in Qt's format, all with the same suffix. The last choice is offered first.
    """
    dialog = _dialog(parent, settings, purpose, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setNameFilters(list(kinds))
    dialog.setDefaultSuffix(Path(suggested_name).suffix.removeprefix("."))
    remembered = settings.value(_kind_key(purpose))
    if remembered in kinds:
        dialog.selectNameFilter(str(remembered))
    dialog.selectFile(suggested_name)
    chosen = _run(dialog)
    if not chosen:
        return None
    kind = dialog.selectedNameFilter()
    kind = kind if kind in kinds else kinds[0]
    remember(settings, purpose, chosen[0].parent)
    settings.setValue(_kind_key(purpose), kind)
    return chosen[0], kind


def start_folder(settings: QSettings, purpose: Purpose) -> Path:
    """Return the start folder of a dialog: the last one of its purpose, or its nearest parent that still exists."""
    remembered = settings.value(_key(purpose))
    if isinstance(remembered, str) and remembered:
        folder = Path(remembered)
        # The root folder, or that of a drive, is no useful fallback.
        for place in (folder, *folder.parents):
            if _is_folder(place) and (place == folder or place != place.parent):
                return place
    return _usual_folder(purpose)


def remember(settings: QSettings, purpose: Purpose, folder: Path) -> None:
    """Remember the folder of a purpose; also for files that were dropped on the window."""
    settings.setValue(_key(purpose), str(folder))


def _usual_folder(purpose: Purpose) -> Path:
    places = QStandardPaths.StandardLocation
    usual = places.PicturesLocation if purpose in _PICTURE_PURPOSES else places.DocumentsLocation
    folder = QStandardPaths.writableLocation(usual)
    return Path(folder) if folder and _is_folder(Path(folder)) else Path.home()


def _is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir() raises where a folder above may not be looked into


def _kind_key(purpose: Purpose) -> str:
    return f"kinds/{purpose}"


def _key(purpose: Purpose) -> str:
    return f"folders/{purpose}"


def _dialog(parent: QWidget | None, settings: QSettings, purpose: Purpose, title: str) -> QFileDialog:
    dialog = QFileDialog(parent, title, str(start_folder(settings, purpose)))
    dialog.setObjectName(f"choose-{purpose}")
    return dialog


def _run(dialog: QFileDialog) -> list[Path]:
    accepted = dialog.exec() == QFileDialog.DialogCode.Accepted
    return [Path(absolute_path(path)) for path in dialog.selectedFiles()] if accepted else []
