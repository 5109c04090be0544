"""The page Start: a drop zone for a new model, and the list of models."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from xception_gui.domain.messages.base import Failed
from xception_gui.domain.messages.models import RunSummary
from xception_gui.ui.kit import theme
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import Card, rule
from xception_gui.ui.kit.drop_zone import DropZone
from xception_gui.ui.kit.labels import label
from xception_gui.ui.kit.message_card import MessageCard
from xception_gui.ui.kit.page import Page, scrolled
from xception_gui.ui.models.model_list import ModelList
from xception_gui.ui.pictures.thumbnails import Thumbnails
from xception_gui.ui.start.model_row import ModelRow


class StartPage(Page):
    """Takes a folder of pictures, and lists the models.

    Signals:
        folder_wanted: the person wants to choose a folder.
        samples_wanted: the person wants sample pictures.
        resume_wanted: str, a run.
        results_wanted: str, a run.
        predict_wanted: str, a run.
        export_wanted: str, a run.
        share_wanted: str, a run.
        quick_wanted: str, a run: its Quick model is to become a model of its own.
        locate_wanted: str, a run.
        shown_in_folder: str, a path.
    """

    folder_wanted = Signal()
    samples_wanted = Signal()
    resume_wanted = Signal(str)
    results_wanted = Signal(str)
    predict_wanted = Signal(str)
    export_wanted = Signal(str)
    share_wanted = Signal(str)
    quick_wanted = Signal(str)
    locate_wanted = Signal(str)
    shown_in_folder = Signal(str)

    def __init__(self, models: ModelList, thumbnails: Thumbnails) -> None:
        super().__init__("start_page", "")
        self.show_title(
            self.tr("Build an image classifier"),
            self.tr("Turn pictures into a classifier. Everything stays on this computer."),
        )
        self._models = models
        self._thumbnails = thumbnails
        self._training = ""
        self._rows: list[ModelRow] = []
        self.drop_zone = DropZone(
            "start_drop",
            self.tr("Drop a folder of pictures here"),
            self.tr("one folder per class: “cats”, “dogs”, … · or drop pictures to classify them"),
            (
                button(self.tr("Choose a folder…"), "start_choose", "primary", self.folder_wanted.emit),
                button(self.tr("Try sample pictures"), "start_samples", "", self.samples_wanted.emit),
            ),
        )
        self.notice = MessageCard("start_notice", role="notice", on_dismissed=self.forget_messages)
        self._failure = MessageCard("start_failure")
        self._heading = label(self.tr("Your models"), "heading")
        self._empty = label("", "muted", wrap=True, name="start_empty")
        self._list = Card()
        self._list.setObjectName("start_models")
        self._list.setAccessibleName(self.tr("Your models"))
        self._list.column.setContentsMargins(theme.INSIDE, 4, theme.INSIDE, 4)
        self._list.column.setSpacing(0)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.BETWEEN_CARDS)
        for part in (self.drop_zone, self.notice, self._failure, self._heading, self._empty, self._list):
            column.addWidget(part)
        column.addStretch(1)
        self.body.addWidget(scrolled(content, "start_scroll"), 1)
        models.changed.connect(self._show_runs)
        models.failed.connect(self._on_failed)
        models.trash_refused.connect(self._on_trash_refused)
        models.renamed.connect(self.forget_messages)
        models.thrown_away.connect(self.forget_messages)
        self._show_runs()

    def forget_messages(self) -> None:
        """Hide the notice: another action was started, or the person dismissed it."""
        self.notice.hide()

    def show_training(self, run: str) -> None:
        """Mark the run that is being trained now; empty: none is."""
        if run != self._training:
            self._training = run
            self._show_runs()

    def _show_runs(self) -> None:
        runs = self._models.runs
        self._failure.show_failure(self._models.failure)
        self._heading.setVisible(bool(runs) or not self._models.is_known)
        self._list.setVisible(bool(runs))
        self._empty.setVisible(not runs)
        self._empty.setText(
            self.tr(
                "You have no models yet. Drop a folder above, or try the sample pictures: this takes half a minute."
            )
            if self._models.is_known
            else self.tr("Looking for models…")
        )
        if [row.summary for row in self._rows] == list(runs) and all(
            row.is_training == (row.summary.path == self._training) for row in self._rows
        ):
            return
        self._rebuild(runs)

    def _rebuild(self, runs: tuple[RunSummary, ...]) -> None:
        layout = self._list.column
        half_typed = {row.summary.path: row.half_typed_name for row in self._rows}
        while (item := layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._rows = []
        for number, run in enumerate(runs):
            if number:
                layout.addWidget(rule())
            row = ModelRow(run, self._thumbnails, number=number + 1, is_training=run.path == self._training)
            self._connect(row)
            self._rows.append(row)
            layout.addWidget(row)
            if (name := half_typed.get(run.path)) is not None:
                row.start_renaming(name)

    def _connect(self, row: ModelRow) -> None:
        row.resume_wanted.connect(self.resume_wanted)
        row.results_wanted.connect(self.results_wanted)
        row.predict_wanted.connect(self.predict_wanted)
        row.export_wanted.connect(self.export_wanted)
        row.share_wanted.connect(self.share_wanted)
        row.quick_wanted.connect(self.quick_wanted)
        row.locate_wanted.connect(self.locate_wanted)
        row.shown_in_folder.connect(self.shown_in_folder)
        row.renamed.connect(self._models.rename)
        row.thrown_away.connect(self._models.throw_away)

    def _on_trash_refused(self, run: str) -> None:
        self.notice.show_message(
            self.tr("“{name}” couldn't be moved to the trash").format(name=Path(run).name),
            self.tr(
                "This disk has no trash, or you don't have permission to change the folder. You can delete the folder "
                "yourself: {path}"
            ).format(path=run),
        )

    def _on_failed(self, failure: Failed) -> None:
        self.notice.show_failure(failure)
