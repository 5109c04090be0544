"""The window's composition root: creates the services, the features and the shell around them."""

import sys
from collections.abc import Sequence

from PySide6.QtCore import QLocale, QObject, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from xception_gui import __version__, diagnostics, edition, paths
from xception_gui.ui.desktop.file_dialogs import FileDialogs
from xception_gui.ui.desktop.file_manager import show_in_folder
from xception_gui.ui.desktop.single_instance import SingleInstance
from xception_gui.ui.desktop.termination import Termination
from xception_gui.ui.desktop.unexpected import UnexpectedErrors
from xception_gui.ui.engines.engines import Engines
from xception_gui.ui.engines.silence import SilenceWatch
from xception_gui.ui.export.feature import EXPORT
from xception_gui.ui.features import FEATURES, PAGES
from xception_gui.ui.framework.feature import AnyPart, Feature, Parts
from xception_gui.ui.framework.navigator import Navigator
from xception_gui.ui.framework.services import Services
from xception_gui.ui.kit.theme import apply_theme
from xception_gui.ui.models.current_model import CurrentModel
from xception_gui.ui.models.model_list import ModelList
from xception_gui.ui.models.training import Training
from xception_gui.ui.pictures.pasted_pictures import PastedPictures
from xception_gui.ui.pictures.picture_viewer import PictureViewer
from xception_gui.ui.pictures.thumbnails import Thumbnails
from xception_gui.ui.pictures.whole_picture import WholePicture
from xception_gui.ui.plots.plot_library import PlotLibrary
from xception_gui.ui.shell.appearance import Appearance
from xception_gui.ui.shell.closing import Leaving
from xception_gui.ui.shell.commands import Commands
from xception_gui.ui.shell.drops import Drops
from xception_gui.ui.shell.main_window import MainWindow
from xception_gui.ui.shell.status import Status
from xception_gui.ui.train.feature import TRAIN


def run_window(arguments: Sequence[str]) -> int:
    """Show the window until it is closed. Returns the exit status.

    Args:
        arguments: paths to open at the start: of a model, of a folder of pictures, or of pictures.
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
    program.leaving.leave_wanted.connect(lambda: app.exit(0))  # `quit` would ask the window again
    termination = Termination(program)
    termination.asked.connect(program.leaving.leave_wanted)
    program.begin(arguments)
    status = app.exec()
    program.end()
    mistakes.uninstall()
    instance.release()
    return status


def make_application() -> QApplication:
    """Create the `QApplication`, with its name, number format and theme."""
    app = QApplication([sys.argv[0]])
    app.setApplicationName("xception-gui")
    app.setApplicationDisplayName("Xception GUI")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName(edition.desktop_id())
    app.setQuitOnLastWindowClosed(False)  # a training may continue after the window is closed
    if QLocale.system().language() is QLocale.Language.C:  # no language is set, but thousands should be grouped
        QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    apply_theme(app)
    return app


def window_settings() -> QSettings:
    """Return the settings of the window, such as its size and position; kept in the person's data folder."""
    return QSettings(str(paths.data_folder() / "window.ini"), QSettings.Format.IniFormat)


class Program(QObject):
    """Everything that the window consists of."""

    def __init__(self, app: QApplication, settings: QSettings) -> None:
        super().__init__()
        self.settings = settings
        # First, as repainting widgets in other colours takes as long as building half the window.
        appearance = Appearance(app, settings)
        self.engines = Engines(self)
        self.window = MainWindow(PAGES)
        self.services = self._make_services()
        self.navigator = self.services.navigator
        self._parts = Parts(FEATURES, self.services)
        # Connected last: by then, every other part knows the model by its new name.
        self.services.models.renamed.connect(self.services.current.follow_renaming)
        self._show_pages()
        self.drops = Drops(self.window, self.navigator, self.services.pasted)
        self.leaving = Leaving(self.window, self.services.training, self[EXPORT].exports)
        self.leaving.hidden.connect(self[EXPORT].dialog.reject)
        self.window.close_wanted.connect(self.leaving.ask)
        self.services.viewer.folder_wanted.connect(show_in_folder)
        SilenceWatch(self.engines.all, self.window)
        Status(self.window, self._parts, self.services)
        Commands(self.window, self.services, self.drops)
        appearance.connect_menus(self.window.menus)

    def __getitem__(self, feature: Feature[AnyPart]) -> AnyPart:
        """Return the part that a feature has built."""
        return self._parts[feature]

    def _make_services(self) -> Services:
        viewer = self.engines.viewer
        models = ModelList(viewer, self.engines.reader, self.settings, self)
        return Services(
            navigator=Navigator(),
            window=self.window,
            files=FileDialogs(self.window, self.settings),
            engines=self.engines,
            models=models,
            current=CurrentModel(models, self.settings, self),
            training=Training(self.engines.trainer, self),
            thumbnails=Thumbnails(viewer, self),
            viewer=PictureViewer(WholePicture(viewer, self), self.window),
            pasted=PastedPictures(),
            plots=PlotLibrary(self),
        )

    def _show_pages(self) -> None:
        self.window.add_pages({name: part.page for name, part in self._parts.pages.items()})
        self.window.page_shown.connect(self._on_page_shown)
        for name, part in self._parts.pages.items():
            part.page_wanted.connect(lambda name=name: self.window.show_page(name))
            self.window.hovering.connect(part.show_hovering)

    def _on_page_shown(self, shown: str) -> None:
        pages = self._parts.pages
        for name in pages.keys() - {shown}:
            pages[name].go_out_of_sight()
        pages[shown].come_into_sight()

    # --- From start to end ---------------------------------------------------------------------------------------

    def begin(self, arguments: Sequence[str]) -> None:
        """Show the window, and open what the arguments name."""
        self.window.restore(self.settings)
        self.window.show()
        # Whatever the first painting doesn't need comes after it.
        QTimer.singleShot(0, self.services.models.refresh)
        QTimer.singleShot(0, self.services.plots.prepare)
        if arguments:
            QTimer.singleShot(0, lambda: self.drops.open_at_start(list(arguments)))

    def end(self) -> None:
        """Save the state of the window and end the engines."""
        self.window.save(self.settings)
        self.settings.sync()
        self.services.plots.end()
        self[EXPORT].dialog.hide()
        self.window.hide()
        self[TRAIN].sleep.release()
        self.engines.close()
        self.window.may_close = True
        self.window.close()

    def on_started_again(self, arguments: list[str]) -> None:
        """Come to the front and open the arguments of a second start of the program."""
        self.leaving.stay()
        self.window.come_forward()
        if arguments:
            self.drops.open_at_start(arguments)
