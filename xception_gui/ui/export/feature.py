"""The feature Export: saves a model for other programs."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from xception_gui.domain.export_formats import CONTEXT, ExportFormat
from xception_gui.domain.messages.exporting import ExportRequest
from xception_gui.domain.messages.models import RunSummary
from xception_gui.domain.visible import without_hidden
from xception_gui.ui.desktop.file_dialogs import Purpose
from xception_gui.ui.desktop.file_manager import show_in_folder
from xception_gui.ui.export.export_dialog import ExportDialog
from xception_gui.ui.export.exports import Exports
from xception_gui.ui.framework.feature import Feature, Part
from xception_gui.ui.framework.running_job import RunningJob
from xception_gui.ui.framework.services import Services


class ExportPart(Part):
    """The running export, and its dialog."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.exports = Exports(services.engines.trainer, self)
        self.dialog = ExportDialog(self.exports, services.training, services.window)
        self.dialog.place_wanted.connect(self._choose_place)
        self.dialog.shown_in_folder.connect(show_in_folder)
        self.exports.changed.connect(self.changed)
        services.models.renamed.connect(self.exports.follow_renaming)
        services.models.renamed.connect(self.dialog.follow_renaming)
        services.navigator.export.handle_with(self._export)

    def jobs(self) -> Sequence[RunningJob]:
        """Return the export."""
        state = self.exports.state
        if state.request is None or not state.is_running:
            return ()
        words = self.tr("Exporting “{name}”").format(name=Path(state.request.run).name)
        return (RunningJob(words, state.done, state.total, is_long=True),)

    def _export(self, run: str) -> None:
        """Open the dialog for a model."""
        if run:
            self._services.models.open(run, self._open_dialog)

    def _open_dialog(self, summary: RunSummary) -> None:
        self.dialog.open_for(summary.path)

    def _choose_place(self, run: str, export_format: ExportFormat) -> None:
        """Ask where to save the export, and start it. An existing file is never replaced."""
        about = export_format.about
        suggested = f"{without_hidden(Path(run).name)}{about.name_ending}{about.suffix}"
        kinds = f"{QCoreApplication.translate(CONTEXT, about.file_kind)} (*{about.suffix})" if about.file_kind else ""
        title = self.tr("Save the exported model")
        place = self._services.files.save_file(Purpose.EXPORT, title, suggested, kinds, may_exist=False)
        if place is not None:
            self.exports.start(ExportRequest(run, export_format, str(place)))


EXPORT = Feature("export", ExportPart)
