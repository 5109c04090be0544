"""The window's composition root: builds the parts and connects them."""

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, QSettings, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from xception_gui import __version__, diagnostics, edition, paths
from xception_gui.domain.messages.exporting import ExportRequest
from xception_gui.domain.messages.models import LocateDatasetResult, RunSummary
from xception_gui.domain.messages.training import TrainRequest
from xception_gui.domain.run_state import RunState
from xception_gui.runs.prediction_table import write_csv
from xception_gui.ui.dataset.augmentation_preview import AugmentationPreview
from xception_gui.ui.dataset.data_page import DataPage
from xception_gui.ui.dataset.dataset_check import DatasetCheck
from xception_gui.ui.dataset.machine_speed import Speed
from xception_gui.ui.dataset.reading_ahead import ReadingAhead
from xception_gui.ui.desktop.choices import FileChoices
from xception_gui.ui.desktop.notifications import notify
from xception_gui.ui.desktop.single_instance import SingleInstance
from xception_gui.ui.desktop.sleep import SleepInhibitor
from xception_gui.ui.desktop.termination import Termination
from xception_gui.ui.desktop.unexpected import UnexpectedErrors
from xception_gui.ui.engines.engines import Engines
from xception_gui.ui.engines.silence import SilenceWatch
from xception_gui.ui.export.export_dialog import ExportDialog
from xception_gui.ui.export.exports import Exports
from xception_gui.ui.kit import texts
from xception_gui.ui.kit.message_box import MessageBox
from xception_gui.ui.kit.theme import apply_theme, choose_appearance
from xception_gui.ui.models.current_model import CurrentModel
from xception_gui.ui.models.model_list import Library
from xception_gui.ui.pictures.picture_viewer import PictureViewer
from xception_gui.ui.pictures.thumbnails import Thumbnails
from xception_gui.ui.plots.plot_library import PlotLibrary
from xception_gui.ui.predict.predict_page import PredictPage
from xception_gui.ui.predict.predictions import Predictions
from xception_gui.ui.preferences.stored_data import Cache
from xception_gui.ui.results.evaluation import Evaluation
from xception_gui.ui.results.results_page import ResultsPage
from xception_gui.ui.shell import incoming
from xception_gui.ui.shell.closing import Leaving
from xception_gui.ui.shell.main_window import MainWindow
from xception_gui.ui.shell.menus import Possible
from xception_gui.ui.shell.routing import Goal, Page, is_shared_model, route
from xception_gui.ui.shell.status import running_jobs
from xception_gui.ui.start.sharing import Sharing
from xception_gui.ui.start.start_page import StartPage
from xception_gui.ui.train.past_training import PastTraining
from xception_gui.ui.train.train_page import TrainPage
from xception_gui.ui.train.training import Training

APPEARANCE = "window/appearance"

MILLISECONDS_UNTIL_WATCHED = 20
MILLISECONDS_UNTIL_AWAKE = 1000
"""From the start of a training; no computer falls asleep so soon, and speaking to the system takes a moment."""


def run_window(arguments: Sequence[str]) -> int:
    """Show the window until it is closed. Returns the exit status.

    Args:
        arguments: paths of a run, of a folder of pictures or of pictures, to begin with.
    """
    diagnostics.start_log("window")
    app = make_application()
    instance = SingleInstance()
    if not instance.claim(list(arguments)):
        return 0
    mistakes = UnexpectedErrors()
    mistakes.install()
    program = Program(app, window_settings())
    instance.started_again.connect(program.on_started_again)
    program.leaving.leave_wanted.connect(lambda: app.exit(0))  # `quit` would ask the window, which asks here
    termination = Termination(program)
    termination.asked.connect(program.leaving.leave_wanted)
    program.begin(arguments)
    status = app.exec()
    program.end()
    mistakes.uninstall()
    instance.release()
    return status


def make_application() -> QApplication:
    """Make Qt's application, dressed."""
    app = QApplication([sys.argv[0]])
    app.setApplicationName("xception-gui")
    app.setApplicationDisplayName("Xception GUI")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName(edition.desktop_id())
    app.setQuitOnLastWindowClosed(False)  # a training may go on behind a closed window
    if QLocale.system().language() is QLocale.Language.C:  # no language was set: thousands are set apart all the same
        QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    apply_theme(app)
    return app


def window_settings() -> QSettings:
    """Where the window remembers its size, its place and the like; in the person's data folder, as everything."""
    return QSettings(str(paths.data_folder() / "window.ini"), QSettings.Format.IniFormat)


class Program(QObject):
    """Everything that the window is made of, connected."""

    def __init__(self, app: QApplication, settings: QSettings) -> None:
        super().__init__()
        self._app = app
        self.settings = settings
        # Before there is anything to be drawn anew in other colours, which takes as long as building half the window.
        choose_appearance(app, self._remembered_appearance())
        self.engines = Engines(self)
        self.thumbnails = Thumbnails(self.engines.viewer, self)
        self.library = Library(self.engines.viewer, self.engines.reader, settings, self)
        self.current = CurrentModel(self.library, settings, self)
        self.cache = Cache(self.engines.viewer, self, spared=lambda: self.pasted.shown)
        self.check = DatasetCheck(self.engines.reader, self)
        self.reading = ReadingAhead(self.engines.reader, self)
        self.speed = Speed(self.engines.reader, self.engines.trainer, self)
        self.training = Training(self.engines.trainer, self)
        self.exports = Exports(self.engines.trainer, self)
        self.evaluation = Evaluation(self.engines.reader, self)
        self.predictions = Predictions(self.engines.predictor, self)
        self.sleep = SleepInhibitor()
        self.plots = PlotLibrary(self)
        self.start_page = StartPage(self.library, self.thumbnails)
        self.pasted = incoming.PastedPictures()
        self.augmentation = AugmentationPreview(self.engines.viewer, self)
        self.data_page = DataPage(
            self.check,
            self.reading,
            self.speed,
            self.training,
            self.thumbnails,
            self.augmentation,
            Library.folder(),
        )
        self.past_training = PastTraining(self.engines.viewer, self)
        self.train_page = TrainPage(self.training, self.past_training)
        self.results_page = ResultsPage(self.evaluation, self.thumbnails)
        self.predict_page = PredictPage(self.predictions, self.thumbnails)
        self.window = MainWindow(
            {
                Page.START: self.start_page,
                Page.DATA: self.data_page,
                Page.TRAIN: self.train_page,
                Page.RESULTS: self.results_page,
                Page.PREDICT: self.predict_page,
            }
        )
        self.choices = FileChoices(self.window, settings)
        self.sharing = Sharing(self.engines.viewer, self.library, self.window)
        self.leaving = Leaving(self.window, self.training, self.exports)
        self.silence = SilenceWatch(self.engines.all, self.window)
        self.viewer = PictureViewer(self.engines.viewer, self.window)
        self.export_dialog = ExportDialog(self.exports, self.training, self.window)
        self.plots.loaded.connect(self.train_page.make_plots)
        self.plots.loaded.connect(self.data_page.check_step.learning.make_plots)
        self._connect_start_and_data()
        self._connect_train_and_results()
        self._connect_predict()
        self._connect_library_and_choices()
        self._connect_export()
        self._connect_window()
        self._connect_menus()
        self._show_status()

    # --- From start to end ---------------------------------------------------------------------------------------

    def begin(self, arguments: Sequence[str]) -> None:
        """Show the window and what the arguments name."""
        self.window.restore(self.settings)
        self.window.show()
        # What isn't needed to be painted comes after the first painting.
        QTimer.singleShot(0, self.library.refresh)
        QTimer.singleShot(0, self.plots.prepare)
        if arguments:
            QTimer.singleShot(0, lambda: self.open_paths(list(arguments), Page.START))

    def end(self) -> None:
        """Remember the window and end the engines."""
        self.window.save(self.settings)
        self.settings.sync()
        self.plots.end()
        self.export_dialog.hide()
        self.window.hide()
        self.sleep.release()
        self.engines.close()
        self.window.may_close = True
        self.window.close()

    def on_started_again(self, arguments: list[str]) -> None:
        """The program was started a second time: come forward with what that start names."""
        self.leaving.stay()
        self.window.come_forward()
        if arguments:
            self.open_paths(arguments, Page.START)

    # --- Connections ---------------------------------------------------------------------------------------------

    def _connect_start_and_data(self) -> None:
        start, data = self.start_page, self.data_page
        for wanted in (start.folder_wanted, data.folder_wanted):
            wanted.connect(self.choices.choose_dataset)
        for wanted in (start.samples_wanted, data.samples_wanted):
            wanted.connect(self.draw_samples)
        for wanted in (start.shown_in_folder, data.shown_in_folder):
            wanted.connect(show_in_folder)
        start.predict_wanted.connect(self.predict_with)
        start.resume_wanted.connect(self.resume_training)
        start.results_wanted.connect(self.show_results)
        start.locate_wanted.connect(self.choices.locate_dataset)
        data.place_wanted.connect(self.choices.choose_place)
        data.weights_wanted.connect(self.choices.choose_weights)
        data.picture_opened.connect(self._view_sample)
        data.training_wanted.connect(self.start_training)
        self.check.changed.connect(self._show_status)
        self.reading.changed.connect(self._show_status)
        self.speed.changed.connect(self._show_precision)

    def _connect_train_and_results(self) -> None:
        train, results = self.train_page, self.results_page
        train.model_chosen.connect(self.show_training)
        train.new_model_wanted.connect(lambda: self.window.show_page(Page.DATA))
        train.predict_wanted.connect(self.predict_with)
        train.results_wanted.connect(self.show_results)
        train.plot_export_wanted.connect(self.choices.save_plot)
        self.choices.plot_saved.connect(train.show_saved)
        train.shown_in_folder.connect(show_in_folder)
        self.training.changed.connect(self._on_training_changed)
        self.past_training.changed.connect(self._show_status)
        self.training.started.connect(lambda: QTimer.singleShot(MILLISECONDS_UNTIL_AWAKE, self, self._stay_awake))
        self.training.started.connect(lambda: self.past_training.show(None))
        self.training.ended.connect(self._on_training_ended)
        results.model_chosen.connect(self.show_results)
        results.models_wanted.connect(lambda: self.window.show_page(Page.START))
        results.predict_wanted.connect(self.predict_with)
        results.locate_wanted.connect(self.choices.locate_dataset)
        results.folder_wanted.connect(show_in_folder)
        results.picture_opened.connect(self._view_result)
        self.evaluation.changed.connect(self._show_status)
        for looked_anew in (self.predictions.taken, self.data_page.check_step.check_again_wanted):
            looked_anew.connect(self.thumbnails.look_again)
        self.data_page.check_step.check_again_wanted.connect(self.augmentation.look_again)

    def _connect_predict(self) -> None:
        predict = self.predict_page
        predict.model_chosen.connect(self.predict_with)
        predict.files_wanted.connect(self.choices.choose_pictures)
        predict.folder_wanted.connect(self.choices.choose_picture_folder)
        predict.new_model_wanted.connect(lambda: self.window.show_page(Page.DATA))
        predict.picture_opened.connect(self._view_prediction)
        predict.shown_in_folder.connect(show_in_folder)
        predict.table_wanted.connect(self.save_table)
        self.choices.table_saved.connect(self._on_table_saved)
        self.predictions.changed.connect(self._show_status)

    def _connect_library_and_choices(self) -> None:
        self.library.changed.connect(self._show_models)
        self.library.located.connect(self._on_located)
        self.library.renamed.connect(self._on_renamed)
        self.library.cant_be_opened.connect(self._on_cant_be_opened)
        self.library.thrown_away.connect(self._on_thrown_away)
        self.current.changed.connect(self._on_current_changed)
        self.choices.dataset_chosen.connect(self.open_dataset)
        self.choices.model_chosen.connect(self.predict_with)
        self.choices.shared_models_chosen.connect(lambda files: self.open_paths(files, self.window.page))
        self.choices.weights_chosen.connect(self.data_page.recipe_step.show_weights)
        self.choices.place_chosen.connect(self.data_page.start_step.show_place)
        self.choices.pictures_chosen.connect(self.predict)
        self.choices.dataset_located.connect(self.library.locate)
        self.choices.writing_failed.connect(self._on_writing_failed)
        self.viewer.folder_wanted.connect(show_in_folder)

    def _connect_export(self) -> None:
        self.start_page.export_wanted.connect(self.export)
        self.start_page.share_wanted.connect(self.share)
        self.choices.share_chosen.connect(self.sharing.share)
        self.sharing.shown_in_folder.connect(show_in_folder)
        self.export_dialog.place_wanted.connect(self.choices.choose_export)
        self.export_dialog.shown_in_folder.connect(show_in_folder)
        self.choices.export_chosen.connect(self._start_export)
        self.leaving.hidden.connect(self.export_dialog.reject)
        self.library.renamed.connect(self.export_dialog.follow_renaming)
        self.exports.changed.connect(self._show_status)

    def _connect_window(self) -> None:
        self.window.incoming.connect(self.take)
        self.window.hovering.connect(self.start_page.drop_zone.show_hovering)
        self.window.hovering.connect(self.data_page.folder.drop_zone.show_hovering)
        self.window.hovering.connect(self.predict_page.show_hovering)
        self.window.close_wanted.connect(self.leaving.ask)
        self.window.page_shown.connect(self._on_page_shown)

    def _connect_menus(self) -> None:
        menus = self.window.menus
        for action, do in (
            (menus.new_model, self.choices.choose_dataset),
            (menus.samples, self.draw_samples),
            (menus.open_model, self.choices.choose_model),
            (menus.open_shared, self.choices.choose_shared_model),
            (menus.share_model, lambda: self.share(self.current.path)),
            (menus.save_table, self.save_table),
            (menus.save_loss, lambda: self.train_page.export_plot("loss")),
            (menus.save_accuracy, lambda: self.train_page.export_plot("accuracy")),
            (menus.close, self.window.close),
            (menus.quit, self.window.close),
            (menus.undo, self.predict_page.undo_clear),
            (menus.paste, self.paste),
            (menus.copy_log, self.train_page.copy_log),
            (menus.search, self._search),
            (menus.clear, self.predict_page.clear),
            (menus.preferences, self._show_preferences),
            (menus.predict_files, self.choices.choose_pictures),
            (menus.predict_folder, self.choices.choose_picture_folder),
            (menus.results, lambda: self.show_results(self.current.path)),
            (menus.export, lambda: self.export(self.current.path)),
            (menus.show_model, lambda: show_in_folder(self.current.path)),
            (menus.stop_training, self.training.stop),
            (menus.log_folder, lambda: show_in_folder(str(paths.log_folder()))),
            (menus.about, self._show_about),
        ):
            action.triggered.connect(lambda _checked=False, do=do: do())
        for scheme, action in menus.appearances.items():
            action.triggered.connect(lambda _checked=False, scheme=scheme: self._apply_appearance(scheme))
        menus.appearances[self._remembered_appearance()].setChecked(True)

    # --- Files that come in --------------------------------------------------------------------------------------

    def take(self, what: incoming.Incoming) -> None:
        """Do what a person expects of what was dropped or pasted."""
        if not what.is_usable:
            self._refuse(what.refusal)
            return
        if not what.data:
            self.open_paths(list(what.paths), self.window.page)
            if what.refusal and self.window.page is Page.PREDICT:  # of a part: told beside the results of the others
                self.predict_page.show_refusal(what.refusal)
            return
        try:
            self.open_paths([self.pasted.keep(what)], Page.PREDICT)
        except OSError as error:
            self._refuse(self.tr("The picture can't be kept: {why}.").format(why=error.strerror or error))

    def open_paths(self, given: list[str], page: Page) -> None:
        """Open a model, teach with a folder, or predict pictures."""
        way = route(given, page)
        match way.goal:
            case Goal.OPEN_MODEL:
                self._open_model(way.paths[0], list(way.paths[1:]))
            case Goal.OPEN_SHARED_MODEL:
                self._open_shared(list(way.paths))
            case Goal.TEACH:
                self.open_dataset(way.paths[0])
            case Goal.PREDICT:
                self.predict(list(way.paths))
            case Goal.REFUSE:
                self._refuse(way.refusal)

    def _open_model(self, run: str, pictures: list[str]) -> None:
        if not pictures:
            self.predict_with(run)
            return
        self.library.open(run, self._use)
        self.library.open(run, lambda _summary: self.predict(pictures))

    def _open_shared(self, paths: list[str]) -> None:
        """Take models into the library; the last of them predicts what else there is."""
        *others, last = [path for path in paths if is_shared_model(path)]
        pictures = [path for path in paths if not is_shared_model(path)]
        for file in others:
            self.sharing.open(file, lambda _run: None)
        self.sharing.open(last, lambda run: self._open_model(run.path, pictures))

    def paste(self) -> None:
        """Take what is on the clipboard."""
        self.take(incoming.read_incoming(QGuiApplication.clipboard().mimeData()))

    def open_dataset(self, folder: str) -> None:
        """Begin the wizard with a folder."""
        self.thumbnails.look_again()
        self.augmentation.look_again()
        self.data_page.open_folder(folder)
        self.window.show_page(Page.DATA)

    def predict(self, files: list[str]) -> None:
        """Have pictures predicted with the current model."""
        self.pasted.note(files)
        self.window.show_page(Page.PREDICT)
        self.predictions.predict(files)

    def _refuse(self, sentence: str) -> None:
        if self.window.page in (Page.START, Page.DATA):
            self.window.show_page(Page.START)
            self.start_page.notice.show_message(self.tr("This didn't work"), sentence)
            return
        self.window.show_page(Page.PREDICT)
        self.predict_page.show_refusal(sentence)

    def _on_writing_failed(self, sentence: str) -> None:
        box = MessageBox(QMessageBox.Icon.Warning, "writing_failed", self.window)
        box.setWindowTitle(self.window.windowTitle())
        box.setText(sentence)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    # --- Models --------------------------------------------------------------------------------------------------

    def predict_with(self, run: str) -> None:
        """Choose a model and show the Predict page."""
        self.library.open(run, self._use)

    def show_results(self, run: str) -> None:
        """Measure a model and show the Results page."""
        if run:
            self.library.open(run, self._evaluate)

    def show_training(self, run: str) -> None:
        """Make a model the current one, and show how it was trained."""
        self.library.open(run, self.current.choose)

    def export(self, run: str) -> None:
        """Ask in which format a model is to be written for other programs."""
        if run:
            self.library.open(run, lambda summary: self.export_dialog.open_for(summary.path))

    def share(self, run: str) -> None:
        """Ask for the file that a model is to be written as, for others who have this program."""
        if run:
            self.library.open(run, lambda summary: self.choices.choose_shared_file(summary.path))

    def _start_export(self, request: ExportRequest) -> None:
        self.speed.stop()  # the trainer may be at it
        self.exports.start(request)

    def save_table(self) -> None:
        """Write the predictions as CSV, for scripts or for this system's spreadsheets, where the person says."""
        results, classes = self.predictions.results, self.predictions.classes
        if results:
            self.choices.save_table(lambda path, form: write_csv(path, results, classes, form))

    def _use(self, summary: RunSummary) -> None:
        self.current.choose(summary)
        self.window.show_page(Page.PREDICT)

    def _evaluate(self, summary: RunSummary) -> None:
        self.thumbnails.look_again()
        self.current.choose(summary)
        self.evaluation.open(summary.path, summary)
        self.window.show_page(Page.RESULTS)

    def _on_current_changed(self) -> None:
        self.predictions.choose_model(self.current.summary)
        self._show_models()
        self._get_ready(self.window.page)

    def _get_ready(self, page: Page) -> None:
        """Do with the current model what the page in sight is there for; it costs nothing while nobody looks."""
        summary = self.current.summary
        if page is Page.PREDICT:
            self.predictions.prepare()
        elif page is Page.TRAIN:
            now = self.training.state
            # It knows more of its own training than what was written down.
            is_enough = now is not None and (now.is_running or now.run == self.current.path)
            self.past_training.show(None if is_enough else summary)
        elif page is Page.RESULTS and summary is None:
            self.evaluation.close()
        elif page is Page.RESULTS and summary is not None and not self.evaluation.is_of(summary):
            self.evaluation.open(summary.path, summary)

    def _view_result(self, shown: list[str], index: int) -> None:
        self.viewer.show_pictures(shown, self.results_page.captions, index)

    def _view_sample(self, shown: list[str], index: int) -> None:
        self.viewer.show_pictures(shown, [str(Path(path).parent) for path in shown], index)

    def _view_prediction(self, shown: list[str], captions: list[str], index: int) -> None:
        model = self.predictions.model
        name = Path(model.path).name if model is not None else ""
        self.viewer.show_pictures(shown, captions, index, self.predictions.finder(), name)

    def _on_cant_be_opened(self, run: str, why: str) -> None:
        self.window.show_page(Page.START)
        title = self.tr("“{name}” can't be opened").format(name=Path(run).name)
        self.start_page.notice.show_message(title, why)

    def _show_models(self) -> None:
        for page in (self.train_page, self.results_page, self.predict_page):
            page.show_models(self.library.with_models(), self.current.path or None)
        self._show_status()

    def _on_table_saved(self, path: str) -> None:
        self.predict_page.show_saved(path, len(self.predictions.results))

    def _on_located(self, run: str, dataset: str, found: LocateDatasetResult) -> None:
        title = self.tr("“{name}” has its pictures again").format(name=Path(run).name)
        words = self.tr("{n} of {m} pictures are there.")
        words = words.format(n=texts.number(found.found), m=texts.number(found.total))
        tone = "success" if found.found == found.total else "news"
        self.start_page.notice.show_message(title, words, tone)
        self.thumbnails.look_again()
        self.training.follow_locating(run, dataset)
        if self.evaluation.state.run == run:
            self.evaluation.retry()

    def _on_renamed(self, old: str, new: str) -> None:
        self.predictions.follow_renaming(old, new)
        self.evaluation.follow_renaming(old, new)
        self.training.follow_renaming(old, new)
        self.exports.follow_renaming(old, new)

    def _on_thrown_away(self, run: str) -> None:
        self.predictions.forget_model(run)
        if self.evaluation.state.run == run:
            self.evaluation.close()

    # --- Training ------------------------------------------------------------------------------------------------

    def start_training(self, request: TrainRequest) -> None:
        """Train, and show how it goes."""
        if not request.recipe.trains_network:
            self.engines.trainer.recycle()  # Keras, if its speed was measured, isn't needed and takes 2 GB
        self.reading.stop()
        self.training.start(request, self.reading.state)
        # In a turn of its own, and others may have theirs between: both take a moment.
        QTimer.singleShot(MILLISECONDS_UNTIL_WATCHED, self, lambda: self.window.show_page(Page.TRAIN))

    def resume_training(self, run: str) -> None:
        """Go on with a training that was interrupted, and show how it goes."""
        summary = self.library.find(run)
        if summary is None or self.training.is_running:
            self.window.show_page(Page.TRAIN)
            return
        self.speed.stop()  # the trainer may be at it
        self.reading.stop()
        self.training.resume(summary)
        QTimer.singleShot(MILLISECONDS_UNTIL_WATCHED, self, lambda: self.window.show_page(Page.TRAIN))

    def _stay_awake(self) -> None:
        if self.training.is_running:
            self.sleep.inhibit(self.tr("A model is being trained"))

    def draw_samples(self) -> None:
        """Begin the wizard with sample pictures, which are drawn first."""
        self.start_page.forget_messages()
        self.thumbnails.look_again()
        self.data_page.open_samples(str(paths.data_folder() / "sample pictures"))
        self.window.show_page(Page.DATA)

    def _on_training_changed(self) -> None:
        state = self.training.state
        self.start_page.show_training(state.run if state is not None and state.is_running else "")
        self._show_status()

    def _on_training_ended(self, state: RunState) -> None:
        self.sleep.release()
        if state.result is not None:
            self.current.expect(state.run)
        self.library.remember(state.run)
        if self.leaving.is_hidden or not self.window.isActiveWindow():
            notify(*texts.end_of_training(state))

    # --- The window ----------------------------------------------------------------------------------------------

    def _on_page_shown(self, page: Page) -> None:
        if page is Page.START:
            self.library.refresh()
        messages = {
            Page.START: self.start_page.forget_messages,
            Page.TRAIN: self.train_page.forget_messages,
            Page.PREDICT: self.predict_page.forget_messages,
        }
        for left in messages.keys() - {page}:
            messages[left]()
        self._get_ready(page)
        self._show_status()

    def _show_status(self) -> None:
        predicted = (self.predictions.done, self.predictions.total) if self.predictions.is_running else None
        jobs = running_jobs(
            self.training.state,
            self.check.state,
            self.evaluation.state,
            predicted,
            export=self.exports.state,
            reading=self.reading.state,
        )
        self.window.rail.show_jobs(jobs)
        self.window.menus.show_possible(
            Possible(
                is_training=self.training.is_running,
                has_training=self.train_page.state is not None,
                has_model=bool(self.current.path),
                has_predictions=self.predictions.has_results,
                can_undo=self.predictions.can_undo,
            )
        )

    def _show_precision(self) -> None:
        if self.speed.result is not None:
            self.window.rail.show_precision(self.speed.result.precision)

    def _search(self) -> None:
        self.window.show_page(Page.PREDICT)
        self.predict_page.search()

    def _show_preferences(self) -> None:
        from xception_gui.ui.preferences.preferences_dialog import PreferencesDialog

        dialog = PreferencesDialog(self.cache, self.window)
        dialog.shown_in_folder.connect(show_in_folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _show_about(self) -> None:
        from xception_gui.ui.shell.about import AboutDialog

        dialog = AboutDialog(self.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _remembered_appearance(self) -> Qt.ColorScheme:
        name = str(self.settings.value(APPEARANCE, ""))
        return {scheme.name: scheme for scheme in Qt.ColorScheme}.get(name, Qt.ColorScheme.Unknown)

    def _apply_appearance(self, scheme: Qt.ColorScheme) -> None:
        self.settings.setValue(APPEARANCE, scheme.name)
        choose_appearance(self._app, scheme)


def show_in_folder(path: str) -> None:
    """Open the folder of a file, or a folder itself, in the file manager."""
    if path:
        place = Path(path)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(place if place.is_dir() else place.parent)))
