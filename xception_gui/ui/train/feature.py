"""The feature Train: starts, resumes and follows trainings."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer

from xception_gui.domain.messages.training import TrainRequest
from xception_gui.domain.run_state import RunState
from xception_gui.ui.desktop.file_dialogs import Purpose
from xception_gui.ui.desktop.file_manager import show_in_folder
from xception_gui.ui.desktop.notifications import notify
from xception_gui.ui.desktop.sleep import SleepInhibitor
from xception_gui.ui.framework.feature import PageFeature, PagePart
from xception_gui.ui.framework.running_job import RunningJob
from xception_gui.ui.framework.services import Services
from xception_gui.ui.kit import texts
from xception_gui.ui.plots.plot_data import Quantity
from xception_gui.ui.train.past_training import PastTraining
from xception_gui.ui.train.train_page import TrainPage

MILLISECONDS_UNTIL_WATCHED = 20
MILLISECONDS_UNTIL_AWAKE = 1000
"""After the start of a training: no computer goes to sleep so soon, and the call to the system takes a moment."""


class TrainPart(PagePart):
    """The running training, or else that of the current model."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._navigator = services.navigator
        self._training = services.training
        self._current = services.current
        self.past = PastTraining(services.engines.viewer, self)
        self.sleep = SleepInhibitor()
        self.page: TrainPage = TrainPage(self._training, self.past)
        self._connect_page()
        self._connect_training()
        services.plots.loaded.connect(self.page.make_plots)
        services.current.changed.connect(self._get_ready_in_sight)
        services.current.choice_changed.connect(self.page.show_models)
        self._handle_commands()

    def _connect_page(self) -> None:
        page = self.page
        page.model_chosen.connect(self._show_training)
        page.new_model_wanted.connect(self._navigator.show_dataset)
        page.predict_wanted.connect(self._navigator.predict_with)
        page.results_wanted.connect(self._navigator.show_results)
        page.plot_wanted.connect(self._navigator.save_plot)
        page.shown_in_folder.connect(show_in_folder)

    def _connect_training(self) -> None:
        self._training.changed.connect(self.changed)
        self.past.changed.connect(self.changed)
        self._training.started.connect(self._on_started)
        self._training.ended.connect(self._on_ended)
        self._services.models.renamed.connect(self._training.follow_renaming)
        self._services.models.located.connect(self._training.follow_locating)

    def _handle_commands(self) -> None:
        self._navigator.start_training.handle_with(self._start_training)
        self._navigator.resume_training.handle_with(self._resume_training)
        self._navigator.copy_log.handle_with(self.page.copy_log)
        self._navigator.save_plot.handle_with(self._save_plot)

    def go_out_of_sight(self) -> None:
        """Hide messages that were about the last action."""
        super().go_out_of_sight()
        self.page.forget_messages()

    def jobs(self) -> Sequence[RunningJob]:
        """Return the training."""
        state = self._training.state
        if state is None or not state.is_running:
            return ()
        words = self.tr("Training “{name}”").format(name=Path(state.run).name)
        return (RunningJob(words, state.done, state.total or 0, is_long=True),)

    # --- A training -----------------------------------------------------------------------------------------------

    def _start_training(self, request: TrainRequest, ahead: RunState | None) -> None:
        self._training.start(request, ahead)
        self._show_soon()

    def _resume_training(self, run: str) -> None:
        """Resume a training that was interrupted."""
        summary = self._services.models.find(run)
        if summary is None or self._training.is_running:
            self.page_wanted.emit()
            return
        self._training.resume(summary)
        self._show_soon()

    def _show_soon(self) -> None:
        """Show the page in a later turn of the event loop: starting and showing a training both take a moment."""
        QTimer.singleShot(MILLISECONDS_UNTIL_WATCHED, self, self.page_wanted.emit)

    def _on_started(self) -> None:
        QTimer.singleShot(MILLISECONDS_UNTIL_AWAKE, self, self._stay_awake)
        self.past.show(None)

    def _stay_awake(self) -> None:
        if self._training.is_running:
            self.sleep.inhibit(self.tr("A model is training"))

    def _on_ended(self, state: RunState) -> None:
        self.sleep.release()
        if state.result is not None:
            self._current.expect(state.run)
        self._services.models.remember(state.run)
        window = self._services.window
        if not (window.isVisible() and window.isActiveWindow()):
            notify(*texts.end_of_training(state))

    # --- The training of the current model -----------------------------------------------------------------------

    def _show_training(self, run: str) -> None:
        """Make a model the current one, and show how it was trained."""
        self._services.models.open(run, self._current.choose)

    def _get_ready(self) -> None:
        now = self._training.state
        # The state in memory has more than what was written to disk.
        is_enough = now is not None and (now.is_running or now.run == self._current.path)
        self.past.show(None if is_enough else self._current.summary)

    # --- Plots ----------------------------------------------------------------------------------------------------

    def _save_plot(self, name: str) -> None:
        """Ask where to save a plot, and write it: as a picture, a drawing or its values."""
        plot = self.page.plot(Quantity(name))
        if plot is None:
            return
        kinds = self.tr("Picture (*.png);;Drawing (*.svg);;Values (*.csv)")
        place = self._services.files.save_file(Purpose.PLOT, self.tr("Save the plot"), f"{name}.png", kinds)
        if place is not None and self._services.files.write(place, plot.save):
            self.page.show_saved(str(place))


TRAIN = PageFeature(
    "train", TrainPart, icon="train", title=lambda: QCoreApplication.translate("features", "&Train"), shortcut="Ctrl+3"
)
