"""Results: how good a model is."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from xception_gui.domain.messages.models import LocateDatasetResult, RunSummary
from xception_gui.ui.desktop.file_manager import show_in_folder
from xception_gui.ui.framework.feature import PageFeature, PagePart
from xception_gui.ui.framework.running_job import RunningJob
from xception_gui.ui.framework.services import Services
from xception_gui.ui.results.evaluation import Evaluation
from xception_gui.ui.results.results_page import ResultsPage


class ResultsPart(PagePart):
    """The evaluation of the current model."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._navigator = services.navigator
        self._current = services.current
        self.evaluation = Evaluation(services.engines.reader, self)
        self.page: ResultsPage = ResultsPage(self.evaluation, services.thumbnails)
        self._connect_page()
        self.evaluation.changed.connect(self.changed)
        services.current.changed.connect(self._get_ready_in_sight)
        services.current.choice_changed.connect(self.page.show_models)
        services.models.renamed.connect(self.evaluation.follow_renaming)
        services.models.located.connect(self._on_located)
        services.models.thrown_away.connect(self._on_thrown_away)
        self._navigator.show_results.handle_with(self._show_results)

    def _connect_page(self) -> None:
        page = self.page
        page.model_chosen.connect(self._navigator.show_results)
        page.models_wanted.connect(self._navigator.show_models)
        page.predict_wanted.connect(self._navigator.predict_with)
        page.locate_wanted.connect(self._navigator.locate)
        page.folder_wanted.connect(show_in_folder)
        page.picture_opened.connect(self._view_picture)

    def jobs(self) -> Sequence[RunningJob]:
        """Return the evaluation."""
        state = self.evaluation.state
        return (RunningJob(self.tr("Evaluating the model"), state.done, state.total or 0),) if state.is_running else ()

    def _show_results(self, run: str) -> None:
        if run:
            self._services.models.open(run, self.evaluate)

    def evaluate(self, summary: RunSummary) -> None:
        """Make a model the current one, evaluate it and show the page."""
        self._services.thumbnails.look_again()
        self._current.choose(summary)
        self.evaluation.open(summary.path, summary)
        self.page_wanted.emit()

    def _get_ready(self) -> None:
        summary = self._current.summary
        if summary is None:
            self.evaluation.close()
        elif not self.evaluation.is_of(summary):
            self.evaluation.open(summary.path, summary)

    def _on_located(self, run: str, _dataset: str, _found: LocateDatasetResult) -> None:
        if self.evaluation.state.run == run:
            self.evaluation.retry()

    def _on_thrown_away(self, run: str) -> None:
        if self.evaluation.state.run == run:
            self.evaluation.close()

    def _view_picture(self, shown: list[str], index: int) -> None:
        self._services.viewer.show_pictures(shown, self.page.captions, index)


RESULTS = PageFeature(
    "results",
    ResultsPart,
    icon="results",
    title=lambda: QCoreApplication.translate("features", "&Results"),
    shortcut="Ctrl+4",
)
