"""The services that are passed to features."""

from dataclasses import dataclass

from PySide6.QtWidgets import QMainWindow

from xception_gui.ui.desktop.file_dialogs import FileDialogs
from xception_gui.ui.engines.engines import Engines
from xception_gui.ui.framework.navigator import Navigator
from xception_gui.ui.models.current_model import CurrentModel
from xception_gui.ui.models.model_list import ModelList
from xception_gui.ui.models.training import Training
from xception_gui.ui.pictures.pasted_pictures import PastedPictures
from xception_gui.ui.pictures.picture_viewer import PictureViewer
from xception_gui.ui.pictures.thumbnails import Thumbnails
from xception_gui.ui.plots.plot_library import PlotLibrary


@dataclass(frozen=True, slots=True)
class Services:
    """Objects that several features share, made once."""

    navigator: Navigator
    window: QMainWindow  # parent of dialogs
    files: FileDialogs
    engines: Engines
    models: ModelList
    current: CurrentModel
    training: Training
    thumbnails: Thumbnails
    viewer: PictureViewer
    pasted: PastedPictures
    plots: PlotLibrary
