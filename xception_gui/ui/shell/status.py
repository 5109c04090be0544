"""Shows running jobs at the foot of the rail, and enables menu entries."""

from collections.abc import Iterable

from PySide6.QtCore import QObject

from xception_gui.ui.framework.feature import Part, Parts
from xception_gui.ui.framework.running_job import RunningJob
from xception_gui.ui.framework.services import Services
from xception_gui.ui.predict.feature import PREDICT
from xception_gui.ui.shell.main_window import MainWindow
from xception_gui.ui.shell.menus import Possible
from xception_gui.ui.train.feature import TRAIN


class Status(QObject):
    """Follows the state of all features."""

    def __init__(self, window: MainWindow, parts: Parts, services: Services) -> None:
        super().__init__(window)
        self._window = window
        self._parts = parts
        self._services = services
        for part in parts.all:
            part.changed.connect(self.show)
        services.current.changed.connect(self.show)
        window.page_shown.connect(self.show)
        services.navigator.show_precision.handle_with(window.rail.show_precision)
        self.show()

    def show(self) -> None:
        """Show the current state."""
        self._window.rail.show_jobs(running_jobs(self._parts.all))
        self._window.menus.show_possible(self._possible())

    def _possible(self) -> Possible:
        queue = self._parts[PREDICT].queue
        return Possible(
            is_training=self._services.training.is_running,
            has_training=self._parts[TRAIN].page.state is not None,
            has_model=bool(self._services.current.path),
            has_predictions=queue.has_results,
            can_undo=queue.can_undo,
        )


def running_jobs(parts: Iterable[Part]) -> list[RunningJob]:
    """Return the running jobs of all features, long ones first, else in the order of the features."""
    return sorted((job for part in parts for job in part.jobs()), key=lambda job: not job.is_long)
