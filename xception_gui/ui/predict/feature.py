"""Predict: the current model classifies pictures."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale

from xception_gui.domain.messages.models import RunSummary
from xception_gui.runs.prediction_table import FOR_SCRIPTS, for_spreadsheets, write_csv
from xception_gui.ui.desktop.file_dialogs import Purpose
from xception_gui.ui.desktop.file_manager import show_in_folder
from xception_gui.ui.framework.feature import PageFeature, PagePart
from xception_gui.ui.framework.running_job import RunningJob
from xception_gui.ui.framework.services import Services
from xception_gui.ui.predict.predict_page import PredictPage
from xception_gui.ui.predict.prediction_queue import PredictionQueue


class PredictPart(PagePart):
    """Predictions, and saving them as a table."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._navigator = services.navigator
        self._current = services.current
        self.queue = PredictionQueue(services.engines.predictor, self)
        self.page: PredictPage = PredictPage(self.queue, services.thumbnails)
        self._connect_page()
        self.queue.changed.connect(self.changed)
        self.queue.taken.connect(services.thumbnails.look_again)
        services.current.changed.connect(self._on_current_changed)
        services.current.choice_changed.connect(self.page.show_models)
        services.models.renamed.connect(self.queue.follow_renaming)
        services.models.thrown_away.connect(self.queue.forget_model)
        self._handle_commands()

    def _connect_page(self) -> None:
        page, navigator = self.page, self._navigator
        page.model_chosen.connect(navigator.predict_with)
        page.files_wanted.connect(navigator.choose_pictures)
        page.folder_wanted.connect(navigator.choose_picture_folder)
        page.new_model_wanted.connect(navigator.show_dataset)
        page.table_wanted.connect(navigator.save_table)
        page.picture_opened.connect(self._view_picture)
        page.shown_in_folder.connect(show_in_folder)

    def _handle_commands(self) -> None:
        navigator = self._navigator
        navigator.predict_with.handle_with(self._predict_with)
        navigator.open_model.handle_with(self._open_model)
        navigator.predict.handle_with(self._predict)
        navigator.choose_pictures.handle_with(self._choose_pictures)
        navigator.choose_picture_folder.handle_with(self._choose_folder)
        navigator.show_unpredicted.handle_with(self._show_unpredicted)
        navigator.search_predictions.handle_with(self._search)
        navigator.clear_predictions.handle_with(self.page.clear)
        navigator.undo_clearing.handle_with(self.page.undo_clear)
        navigator.save_table.handle_with(self._save_table)

    def go_out_of_sight(self) -> None:
        """Hide messages that were of use only a moment ago."""
        super().go_out_of_sight()
        self.page.forget_messages()

    def show_hovering(self, hovering: bool) -> None:
        """Highlight the drop zone while files hover over the window."""
        self.page.show_hovering(hovering)

    def jobs(self) -> Sequence[RunningJob]:
        """Return the classification in progress, if any."""
        now = self.queue
        return (RunningJob(self.tr("Classifying"), now.done, now.total),) if now.is_running else ()

    # --- The model ------------------------------------------------------------------------------------------------

    def _predict_with(self, run: str) -> None:
        self._services.models.open(run, self.use)

    def _open_model(self, run: str, pictures: list[str]) -> None:
        self._predict_with(run)
        if pictures:
            self._services.models.open(run, lambda _summary: self._predict(pictures))

    def use(self, summary: RunSummary) -> None:
        """Make a model the current one, and show the page."""
        self._current.choose(summary)
        self.page_wanted.emit()

    def _on_current_changed(self) -> None:
        self.queue.choose_model(self._current.summary)
        self._get_ready_in_sight()

    def _get_ready(self) -> None:
        self.queue.prepare()

    # --- Pictures -------------------------------------------------------------------------------------------------

    def _choose_pictures(self) -> None:
        chosen = self._services.files.files(Purpose.PICTURES, self.tr("Choose pictures to classify"))
        if chosen:
            self._navigator.predict([str(path) for path in chosen])

    def _choose_folder(self) -> None:
        title = self.tr("Choose a folder of pictures to classify")
        folder = self._services.files.folder(Purpose.PICTURES, title)
        if folder is not None:
            self._navigator.predict([str(folder)])

    def _predict(self, files: list[str]) -> None:
        self._services.pasted.note(files)
        self.page_wanted.emit()
        self.queue.predict(files)

    def _show_unpredicted(self, sentence: str) -> None:
        self.page_wanted.emit()
        self.page.show_refusal(sentence)

    def _search(self) -> None:
        self.page_wanted.emit()
        self.page.search()

    def _view_picture(self, shown: list[str], captions: list[str], index: int) -> None:
        model = self.queue.model
        name = Path(model.path).name if model is not None else ""
        self._services.viewer.show_pictures(shown, captions, index, self.queue.finder(), name)

    def _save_table(self) -> None:
        """Ask for a file, and write the results to it as CSV for scripts or for this system's spreadsheets."""
        results, classes = self.queue.results, self.queue.classes
        if not results:
            return
        kinds = {
            self.tr("CSV for spreadsheets (*.csv)"): for_spreadsheets(QLocale.system().decimalPoint()),
            self.tr("CSV (*.csv)"): FOR_SCRIPTS,
        }
        files = self._services.files
        title, name = self.tr("Save predictions as a table"), self.tr("predictions.csv")
        chosen = files.save_kind(Purpose.TABLE, title, name, tuple(kinds))
        if chosen is None:
            return
        place, kind = chosen
        if files.write(place, lambda path: write_csv(path, results, classes, kinds[kind])):
            self.page.show_saved(str(place), len(results))


PREDICT = PageFeature(
    "predict",
    PredictPart,
    icon="predict",
    title=lambda: QCoreApplication.translate("features", "&Predict"),
    shortcut="Ctrl+5",
)
