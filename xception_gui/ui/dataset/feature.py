"""The feature Data: from a folder of pictures to a training, in four steps."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from xception_gui import paths
from xception_gui.domain.messages.training import TrainRequest
from xception_gui.ui.dataset.augmentation_preview import AugmentationPreview
from xception_gui.ui.dataset.data_page import DataPage
from xception_gui.ui.dataset.dataset_check import DatasetCheck
from xception_gui.ui.dataset.forecasting import Forecasting
from xception_gui.ui.dataset.machine_speed import MachineSpeed
from xception_gui.ui.dataset.reading_ahead import ReadingAhead
from xception_gui.ui.desktop.file_dialogs import Purpose
from xception_gui.ui.desktop.file_manager import show_in_folder
from xception_gui.ui.framework.feature import PageFeature, PagePart
from xception_gui.ui.framework.running_job import RunningJob
from xception_gui.ui.framework.services import Services
from xception_gui.ui.models.model_list import ModelList


class DataPart(PagePart):
    """The wizard, and its controllers: check, reading ahead, speed of this computer, forecast, previews of
    augmentation."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._navigator = services.navigator
        engines = services.engines
        self.check = DatasetCheck(engines.reader, self)
        self.reading = ReadingAhead(engines.reader, self)
        self.speed = MachineSpeed(engines.reader, engines.trainer, self)
        self.forecasting = Forecasting(engines.trainer, self)
        self.augmentation = AugmentationPreview(engines.viewer, self)
        self.page: DataPage = DataPage(
            self.check,
            self.reading,
            self.speed,
            self.forecasting,
            services.training,
            services.thumbnails,
            self.augmentation,
            ModelList.folder(),
        )
        self._connect_page()
        services.plots.loaded.connect(self.page.check_step.learning.make_plots)
        services.training.started.connect(self.reading.stop)
        services.training.started.connect(self.forecasting.stop)
        self.check.changed.connect(self.changed)
        self.reading.changed.connect(self.changed)
        self.speed.changed.connect(self._on_speed_changed)
        self.forecasting.changed.connect(self.changed)
        self._navigator.show_dataset.handle_with(self.page_wanted.emit)
        self._navigator.choose_dataset.handle_with(self._choose_dataset)
        self._navigator.open_dataset.handle_with(self._open_dataset)
        self._navigator.draw_samples.handle_with(self._draw_samples)

    def _connect_page(self) -> None:
        page = self.page
        page.folder_wanted.connect(self._navigator.choose_dataset)
        page.samples_wanted.connect(self._navigator.draw_samples)
        page.place_wanted.connect(self._choose_place)
        page.weights_wanted.connect(self._choose_weights)
        page.shown_in_folder.connect(show_in_folder)
        page.picture_opened.connect(self._view_picture)
        page.training_wanted.connect(self._start_training)
        page.check_step.check_again_wanted.connect(self._look_again)

    def show_hovering(self, hovering: bool) -> None:
        """Highlight the drop zone while something hovers over it."""
        self.page.folder.drop_zone.show_hovering(hovering)

    def jobs(self) -> Sequence[RunningJob]:
        """Return the check of the folder, the reading ahead and the forecast."""
        jobs = []
        check, reading = self.check.state, self.reading.state
        if check.is_running:
            words = self.tr("Drawing sample pictures") if check.is_drawing else self.tr("Checking pictures")
            jobs.append(RunningJob(words, check.done, check.total or 0))
        if reading is not None and reading.is_running:
            jobs.append(RunningJob(self.tr("Reading pictures"), reading.done, reading.total or 0))
        trial = self.forecasting.state
        if trial.is_running:
            jobs.append(RunningJob(self.tr("Trying out fine-tuning"), trial.done, trial.total or 0))
        return jobs

    # --- The folder -----------------------------------------------------------------------------------------------

    def _choose_dataset(self) -> None:
        title = self.tr("Choose a folder with one folder of pictures per class")
        folder = self._services.files.folder(Purpose.DATASET, title)
        if folder is not None:
            self._navigator.open_dataset(str(folder))

    def _open_dataset(self, folder: str) -> None:
        self._look_again()
        self.page.open_folder(folder)
        self.page_wanted.emit()

    def _draw_samples(self) -> None:
        """Draw the sample pictures, and begin with them."""
        self._look_again()
        self.page.open_samples(str(paths.data_folder() / "sample pictures"))
        self.page_wanted.emit()

    def _look_again(self) -> None:
        """Reload pictures: files may have changed since they were shown."""
        self._services.thumbnails.look_again()
        self.augmentation.look_again()

    def _view_picture(self, shown: list[str], index: int) -> None:
        self._services.viewer.show_pictures(shown, [str(Path(path).parent) for path in shown], index)

    # --- The training ---------------------------------------------------------------------------------------------

    def _choose_place(self) -> None:
        """Ask where to save a new model."""
        folder = self._services.files.folder(Purpose.MODEL_PLACE, self.tr("Choose where to save the model"))
        if folder is not None:
            self.page.start_step.show_place(folder)

    def _choose_weights(self) -> None:
        title, kinds = self.tr("Choose a weights file"), self.tr("Keras weights (*.h5)")
        chosen = self._services.files.files(Purpose.MODEL, title, kinds)
        if chosen:
            self.page.recipe_step.show_weights(str(chosen[0]))

    def _start_training(self, request: TrainRequest) -> None:
        self._navigator.start_training(request, self.reading.state)

    def _on_speed_changed(self) -> None:
        if self.speed.result is not None:
            self._navigator.show_precision(self.speed.result.precision)


DATA = PageFeature(
    "data", DataPart, icon="data", title=lambda: QCoreApplication.translate("features", "&Data"), shortcut="Ctrl+2"
)
