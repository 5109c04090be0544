"""Opens files that are dropped, pasted, chosen or given at the start."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from xception_gui.ui.dataset.feature import DATA
from xception_gui.ui.framework.navigator import Navigator
from xception_gui.ui.kit import texts
from xception_gui.ui.models.run_paths import is_shared_model
from xception_gui.ui.pictures.pasted_pictures import PastedPictures
from xception_gui.ui.predict.feature import PREDICT
from xception_gui.ui.shell.incoming import Incoming, read_incoming
from xception_gui.ui.shell.main_window import MainWindow
from xception_gui.ui.shell.routing import Goal, route
from xception_gui.ui.start.feature import START


class Drops(QObject):
    """Opens a model, starts a data set or classifies pictures, depending on the files and the page they came in on."""

    def __init__(self, window: MainWindow, navigator: Navigator, pasted: PastedPictures) -> None:
        super().__init__(window)
        self._window = window
        self._navigator = navigator
        self._pasted = pasted
        window.incoming.connect(self.take)
        navigator.open_paths.handle_with(self._open_here)

    def take(self, what: Incoming) -> None:
        """Open what was dropped or pasted, or say why not."""
        if not what.is_usable:
            self.refuse(what.refusal)
        elif what.data:
            self._take_picture(what)
        else:
            self._open_here(list(what.paths))
            if what.refusal and self._window.page == PREDICT.name:  # of a part: shown beside the results
                self._navigator.show_unpredicted(what.refusal)

    def paste(self) -> None:
        """Take what is on the clipboard."""
        self.take(read_incoming(QGuiApplication.clipboard().mimeData()))

    def open_at_start(self, given: list[str]) -> None:
        """Open the files given on the command line, whatever page is shown."""
        self._open(given, only_predicts=False)

    def refuse(self, sentence: str) -> None:
        """Say on the current page why something isn't used."""
        if self._window.page in (START.name, DATA.name):
            self._navigator.show_refusal(sentence)
        else:
            self._navigator.show_unpredicted(sentence)

    def _take_picture(self, picture: Incoming) -> None:
        """Classify a picture that came as data, without a file."""
        try:
            path = self._pasted.keep(picture.data, picture.suffix)
        except OSError as error:
            words = self.tr("The picture couldn't be saved: {why}. Save it as a file yourself, then drop the file.")
            self.refuse(words.format(why=texts.system_text(error)))
            return
        self._open([path], only_predicts=True)

    def _open_here(self, given: list[str]) -> None:
        self._open(given, only_predicts=self._window.page == PREDICT.name)

    def _open(self, given: list[str], *, only_predicts: bool) -> None:
        """Open a model or a data set, or classify pictures."""
        way = route(given, only_predicts=only_predicts)
        paths = list(way.paths)
        match way.goal:
            case Goal.OPEN_MODEL:
                self._navigator.open_model(paths[0], paths[1:])
            case Goal.OPEN_SHARED_MODEL:
                models = [path for path in paths if is_shared_model(path)]
                pictures = [path for path in paths if not is_shared_model(path)]
                self._navigator.open_shared_models(models, pictures)
            case Goal.TEACH:
                self._navigator.open_dataset(paths[0])
            case Goal.PREDICT:
                self._navigator.predict(paths)
            case Goal.REFUSE:
                self.refuse(way.refusal)
