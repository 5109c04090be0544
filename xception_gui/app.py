"""The window's composition root: makes the services, builds the features and the shell around them."""

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
    """Everything that the window is made of."""

    def __init__(self, app: QApplication, settings: QSettings) -> None:
        super().__init__()
        self.settings = settings
        # Before there is anything to be drawn anew in other colours, which takes as long as building half the window.
        appearance = Appearance(app, settings)
        self.engines = Engines(self)
        self.window = MainWindow(PAGES)
        self.services = self._make_services()
        self.navigator = self.services.navigator
        self._parts = Parts(FEATURES, self.services)
        # The last to follow: by then, whoever knows something of the model knows it by its new name.
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
        """Return a feature as it was built."""
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
        """Show the window and what the arguments name."""
        self.window.restore(self.settings)
        self.window.show()
        # What isn't needed to be painted comes after the first painting.
        QTimer.singleShot(0, self.services.models.refresh)
        QTimer.singleShot(0, self.services.plots.prepare)
        if arguments:
            QTimer.singleShot(0, lambda: self.drops.open_at_start(list(arguments)))

    def end(self) -> None:
        """Remember the window and end the engines."""
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
        """The program was started a second time: come forward with what that start names."""
        self.leaving.stay()
        self.window.come_forward()
        if arguments:
            self.drops.open_at_start(arguments)
