"""The export dialog: choice of format, progress, and the result of the comparison with the model."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from xception_gui.domain.export_formats import CONTEXT, ExportFormat
from xception_gui.domain.messages.exporting import ExportResult
from xception_gui.edition import has_keras, missing_of
from xception_gui.ui.export.exports import Exports, ExportState
from xception_gui.ui.kit import texts
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import Card
from xception_gui.ui.kit.dialog import FittingDialog
from xception_gui.ui.kit.labels import ElidedLabel, label
from xception_gui.ui.kit.message_card import MessageCard
from xception_gui.ui.kit.progress_bar import ProgressBar
from xception_gui.ui.models.training import Training

WIDTH = 620  # pixels
FINEST = 0.0001  # smallest difference of probabilities that is shown: a hundredth of a percent


class ExportDialog(FittingDialog):
    """A dialog that leaves the window usable. Closing it stops the export.

    Signals:
        place_wanted: str run, ExportFormat: the person should be asked where to save the export.
        shown_in_folder: str, a path.
    """

    place_wanted = Signal(str, object)
    shown_in_folder = Signal(str)

    def __init__(self, exports: Exports, training: Training, parent: QWidget | None = None) -> None:
        super().__init__("export", WIDTH, parent)
        self.setWindowTitle(self.tr("Export model"))
        self._exports = exports
        self._training = training
        self._run = ""
        self._title = ElidedLabel("", "heading", Qt.TextElideMode.ElideMiddle)
        self._title.setObjectName("export_title")
        self._formats = _Formats()
        self._hint = label(self._hint_words(), "muted", wrap=True)
        self._progress = _Progress()
        self._show = button(self.tr("Show in folder"), "export_show_in_folder", "", self._on_show)
        self._message = MessageCard("export_message", (self._show,))
        self._stop = button(self.tr("Stop"), "export_stop", "", exports.stop)
        self._close = button(self.tr("Close"), "export_close", "", self.reject)
        self._export = button(self.tr("Export…"), "export_start", "primary", self._on_export)
        self._export.setEnabled(has_keras())
        self._lay_out()
        exports.changed.connect(self._on_changed)
        training.changed.connect(self._on_changed)
        self._on_changed()

    def open_for(self, run: str) -> None:
        """Show the dialog for a model, or for the export that is running."""
        if not self._exports.state.is_running:
            self._run = run
            self._exports.forget()
        self.show()
        self.raise_()
        self.activateWindow()
        self._formats.setFocus()

    def follow_renaming(self, old: str, new: str) -> None:
        """Update the path of the model after it was renamed."""
        if self._run == old:
            self._run = new
            self._on_changed()

    def reject(self) -> None:
        """Close the dialog, and stop the export."""
        self._exports.stop()
        super().reject()

    def _lay_out(self) -> None:
        for part in (self._title, self._formats, self._hint, self._progress, self._message):
            self.body.addWidget(part)
        self.foot.addStretch(1)
        for one in (self._stop, self._close, self._export):
            self.foot.addWidget(one)

    def _on_changed(self) -> None:
        state = self._exports.state
        self._title.setText(self.tr("Export “{name}” for other programs").format(name=Path(self._run).name))
        self._formats.setEnabled(not state.is_running)
        self._progress.setVisible(state.is_running)
        self._stop.setVisible(state.is_running)
        self._stop.setEnabled(not state.stop_asked)
        self._close.setVisible(not state.is_running)
        self._export.setVisible(not state.is_running)
        if state.is_running:
            self._progress.show_progress(self._what(state), state.done, state.total)
        self._show_end(state)
        self._hint.setVisible(not state.is_running and self._message.isHidden())
        self.fit()

    def _hint_words(self) -> str:
        if has_keras():
            return self.tr("The export is compared with the model before it is saved. This takes about a minute.")
        return self.tr(
            "Exporting needs the full Xception GUI, which includes TensorFlow. To move the model there, use File, Share "
            "model…"
        )

    def _what(self, state: ExportState) -> str:
        if state.stop_asked:
            return self.tr("Stopping…")
        if state.phase is not None:
            return f"{texts.phase_name(state.phase)}…"
        training = self._training.state
        if training is not None and self._training.is_running:
            return self.tr("Waiting for the training of “{name}”…").format(name=Path(training.run).name)
        return self.tr("Starting…")

    def _show_end(self, state: ExportState) -> None:
        self._show.setVisible(state.result is not None)
        if state.result is not None:
            written = self.tr("“{name}” was saved ({size}).")
            name, size = Path(state.result.path).name, texts.size(state.result.bytes)
            self._message.show_message(
                written.format(name=name, size=size), self._check_in_words(state.result), "success"
            )
        elif state.stop_asked and not state.is_running:
            self._message.show_message(self.tr("Stopped. Nothing was saved."), tone="news")
        else:
            self._message.show_failure(state.failure)

    def _check_in_words(self, result: ExportResult) -> str:
        """Return the result of the comparison with the model, in words."""
        words = self.tr(
            "Results match those of the model: on {n} pictures not used in training, percentages differ by at most {most}."
        )
        if result.pictures_generated:
            words = self.tr(
                "Results match those of the model: on {n} generated pictures (the model's own were not found), "
                "percentages differ by at most {most}."
            )
        most = max(result.largest_difference, FINEST)
        return words.format(n=texts.number(result.pictures_checked), most=texts.percent(most, 2))

    def _on_export(self) -> None:
        self.place_wanted.emit(self._run, self._formats.chosen)

    def _on_show(self) -> None:
        result = self._exports.state.result
        if result is not None:
            self.shown_in_folder.emit(str(Path(result.path).parent))


class _Formats(QWidget):
    """The formats to choose from, each with a description."""

    def __init__(self) -> None:
        super().__init__()
        self._buttons: dict[ExportFormat, QRadioButton] = {}
        group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for one in ExportFormat:
            missing = missing_of(one.about.packages)
            name, words = _translated(one.about.title), _translated(one.about.summary)
            if missing:
                words += " " + self.tr("Needs packages that are not installed: {names}.").format(
                    names=", ".join(missing)
                )
            choice = QRadioButton(name)
            choice.setObjectName(f"export_{one.value.replace('-', '_')}")
            choice.setAccessibleName(f"{name}. {words}")
            choice.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            choice.setEnabled(not missing)
            group.addButton(choice)
            self._buttons[one] = choice
            sentence = label(words, "muted", wrap=True)
            sentence.setContentsMargins(27, 0, 0, 8)
            column.addWidget(choice)
            column.addWidget(sentence)
        self._buttons[ExportFormat.LITERT].setChecked(True)
        self.setFocusProxy(self._buttons[ExportFormat.LITERT])

    @property
    def chosen(self) -> ExportFormat:
        """The chosen format."""
        return next(one for one, choice in self._buttons.items() if choice.isChecked())


def _translated(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)


class _Progress(Card):
    """The current phase, and a progress bar."""

    def __init__(self) -> None:
        super().__init__()
        self._words = ElidedLabel("", "strong")
        self._words.setObjectName("export_progress_words")
        self._bar = ProgressBar()
        self._bar.setObjectName("export_progress")
        self._bar.setAccessibleName(self.tr("Export progress"))
        self._bar.setTextVisible(False)
        self.column.addWidget(self._words)
        self.column.addWidget(self._bar)

    def show_progress(self, words: str, done: int, total: int) -> None:
        """Show the progress; a total of 0: not known."""
        self._words.setText(words)
        self._bar.show_progress(done, total)
