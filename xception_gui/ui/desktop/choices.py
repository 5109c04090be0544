"""What a person chooses in the system's own dialogs."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QSettings, Signal
from PySide6.QtWidgets import QWidget

from xception_gui.domain.errors import ProgramError
from xception_gui.domain.export_formats import CONTEXT, ExportFormat
from xception_gui.domain.messages.exporting import ExportRequest
from xception_gui.domain.run_name import SHARED_MODEL_SUFFIX
from xception_gui.domain.visible import visible, without_hidden
from xception_gui.runs.prediction_table import FOR_SCRIPTS, TableFormat, for_spreadsheets
from xception_gui.ui.desktop.file_dialogs import (
    Purpose,
    choose_files,
    choose_folder,
    choose_save_file,
    choose_save_kind,
)
from xception_gui.ui.kit import texts


class Plot(Protocol):
    """What can be saved as a picture."""

    def save(self, path: Path) -> None:
        """Write it; raises OSError."""


class FileChoices(QObject):
    """Asks for files and folders.

    Signals:
        dataset_chosen, model_chosen, weights_chosen: str, a path.
        shared_models_chosen: list[str], models that are files.
        place_chosen: Path, a folder to keep models in.
        pictures_chosen: list[str], pictures or folders of them.
        export_chosen: ExportRequest, what to write and where.
        share_chosen: str run, str the file to write it as.
        dataset_located: str run, str where its pictures are now.
        table_saved, plot_saved: str, the file that was written.
        writing_failed: str, a sentence.
    """

    dataset_chosen = Signal(str)
    model_chosen = Signal(str)
    shared_models_chosen = Signal(list)
    weights_chosen = Signal(str)
    place_chosen = Signal(object)
    pictures_chosen = Signal(list)
    export_chosen = Signal(object)
    share_chosen = Signal(str, str)
    dataset_located = Signal(str, str)
    table_saved = Signal(str)
    plot_saved = Signal(str)
    writing_failed = Signal(str)

    def __init__(self, window: QWidget, settings: QSettings) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings

    def choose_dataset(self) -> None:
        """Ask for a folder to teach with."""
        title = self.tr("Choose the folder that holds a folder of pictures for each class")
        folder = self._folder(Purpose.DATASET, title)
        if folder is not None:
            self.dataset_chosen.emit(str(folder))

    def choose_model(self) -> None:
        """Ask for the folder of a model."""
        folder = self._folder(Purpose.MODEL, self.tr("Choose the folder of a model"))
        if folder is not None:
            self.model_chosen.emit(str(folder))

    def choose_shared_model(self) -> None:
        """Ask for a model that is one file."""
        title, kinds = self.tr("Choose the file of a model"), self._kinds_of_shared_models()
        chosen = choose_files(self._window, self._settings, Purpose.SHARE, title, kinds)
        if chosen:
            self.shared_models_chosen.emit([str(path) for path in chosen])

    def choose_place(self) -> None:
        """Ask where to keep a new model."""
        folder = self._folder(Purpose.MODEL_PLACE, self.tr("Choose the folder to keep the model in"))
        if folder is not None:
            self.place_chosen.emit(folder)

    def choose_weights(self) -> None:
        """Ask for a file of weights."""
        title, kinds = self.tr("Choose a file of weights"), self.tr("Keras weights (*.h5)")
        chosen = choose_files(self._window, self._settings, Purpose.MODEL, title, kinds)
        if chosen:
            self.weights_chosen.emit(str(chosen[0]))

    def choose_pictures(self) -> None:
        """Ask for pictures to predict."""
        title = self.tr("Choose pictures to have them recognised")
        chosen = choose_files(self._window, self._settings, Purpose.PICTURES, title)
        if chosen:
            self.pictures_chosen.emit([str(path) for path in chosen])

    def choose_picture_folder(self) -> None:
        """Ask for a folder of pictures to predict."""
        folder = self._folder(Purpose.PICTURES, self.tr("Choose a folder of pictures to have them recognised"))
        if folder is not None:
            self.pictures_chosen.emit([str(folder)])

    def locate_dataset(self, run: str) -> None:
        """Ask where the pictures of a run are now."""
        title = self.tr("Where are the pictures of “{name}” now?").format(name=visible(Path(run).name))
        folder = self._folder(Purpose.LOCATE, title)
        if folder is not None:
            self.dataset_located.emit(run, str(folder))

    def choose_export(self, run: str, export_format: ExportFormat) -> None:
        """Ask for the place of a model for other programs. Nothing that is there is ever replaced."""
        about = export_format.about
        suggested = f"{_suggested(run)}{about.name_ending}{about.suffix}"
        kinds = f"{QCoreApplication.translate(CONTEXT, about.file_kind)} (*{about.suffix})" if about.file_kind else ""
        title = self.tr("Where should the exported model be written?")
        purpose = Purpose.EXPORT
        place = choose_save_file(self._window, self._settings, purpose, title, suggested, kinds, may_exist=False)
        if place is not None:
            self.export_chosen.emit(ExportRequest(run, export_format, str(place)))

    def choose_shared_file(self, run: str) -> None:
        """Ask for the place of a model as one file. Nothing that is there is ever replaced."""
        title = self.tr("Where should the file of the model be written?")
        name = f"{_suggested(run)}{SHARED_MODEL_SUFFIX}"
        kinds, purpose = self._kinds_of_shared_models(), Purpose.SHARE
        place = choose_save_file(self._window, self._settings, purpose, title, name, kinds, may_exist=False)
        if place is not None:
            self.share_chosen.emit(run, str(place))

    def save_table(self, write: Callable[[Path, TableFormat], None]) -> None:
        """Ask for a place and a format, and write a table there."""
        title, name = self.tr("Save the predictions as a table"), self.tr("predictions.csv")
        kinds = {
            self.tr("CSV for spreadsheets (*.csv)"): for_spreadsheets(QLocale.system().decimalPoint()),
            self.tr("CSV (*.csv)"): FOR_SCRIPTS,
        }
        chosen = choose_save_kind(self._window, self._settings, Purpose.TABLE, title, name, tuple(kinds))
        if chosen is None:
            return
        place, kind = chosen
        if self._save(place, lambda path: write(path, kinds[kind])):
            self.table_saved.emit(str(place))

    def save_plot(self, plot: Plot, name: str) -> None:
        """Ask for a place and write a plot there: as a picture, a drawing or its values."""
        kinds = self.tr("Picture (*.png);;Drawing (*.svg);;Values (*.csv)")
        title = self.tr("Save the plot")
        place = choose_save_file(self._window, self._settings, Purpose.PLOT, title, f"{name}.png", kinds)
        if self._save(place, plot.save):
            self.plot_saved.emit(str(place))

    def _kinds_of_shared_models(self) -> str:
        return self.tr("Models of Xception GUI (*{suffix})").format(suffix=SHARED_MODEL_SUFFIX)

    def _folder(self, purpose: Purpose, title: str) -> Path | None:
        return choose_folder(self._window, self._settings, purpose, title)

    def _save(self, path: Path | None, write: Callable[[Path], None]) -> bool:
        """Write a file, if a place was chosen. Returns whether it is there now."""
        if path is None:
            return False
        try:
            write(path)
            return True
        except ProgramError as error:
            self.writing_failed.emit(str(texts.error_text(error)))
        except OSError as error:
            words = self.tr("“{path}” can't be written: {why}. Choose another place.")
            self.writing_failed.emit(words.format(path=path, why=error.strerror or error))
        return False


def _suggested(run: str) -> str:
    """Suggest the name of a run for a file of it."""
    return without_hidden(Path(run).name)
