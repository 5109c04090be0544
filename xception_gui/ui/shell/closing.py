"""Closing the window while a model learns or is exported, and going when that has ended."""

from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from xception_gui.ui.export.exports import Exports
from xception_gui.ui.kit.message_box import MessageBox
from xception_gui.ui.models.training import Training


class Closing(Enum):
    """What the person wants."""

    KEEP_TRAINING = auto()  # the window hides, the program stays until the run has ended
    RESUME_LATER = auto()  # go now; the training is saved, to be gone on with
    STOP = auto()  # stop, keep the best, then go
    CANCEL = auto()


class ClosingQuestion(MessageBox):
    """Asks.

    Signals:
        answered: Closing.
    """

    answered = Signal(object)

    def __init__(self, model: str, parent: QWidget) -> None:
        super().__init__(QMessageBox.Icon.Question, "closing_question", parent)
        self.setWindowTitle(self.tr("A model is still learning"))
        self.setText(self.tr("“{name}” is still being trained. What should happen to it?").format(name=model))
        self.setInformativeText(
            self.tr(
                "If it keeps training, this window hides. You are told when it has ended; until then, starting the program "
                "again brings the window back.\n\nIf you resume it later, it is saved now, and the Start page offers to go "
                "on with it."
            )
        )
        self._keep = self.addButton(self.tr("Keep training"), QMessageBox.ButtonRole.AcceptRole)
        self._later = self.addButton(self.tr("Close, resume later"), QMessageBox.ButtonRole.AcceptRole)
        self._stop = self.addButton(self.tr("Stop, keep the best"), QMessageBox.ButtonRole.DestructiveRole)
        self._cancel = self.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        names = ("closing_keep", "closing_later", "closing_stop", "closing_cancel")
        for one, name in zip((self._keep, self._later, self._stop, self._cancel), names, strict=True):
            one.setObjectName(name)
            one.setAccessibleName(one.text())
        self._keep.setProperty("role", "primary")
        self._stop.setProperty("role", "destructive")
        self.setDefaultButton(self._keep)
        self.setEscapeButton(self._cancel)
        self.finished.connect(self._on_finished)

    def _on_finished(self) -> None:
        answers = {
            self._keep: Closing.KEEP_TRAINING,
            self._later: Closing.RESUME_LATER,
            self._stop: Closing.STOP,
        }
        self.answered.emit(answers.get(self.clickedButton(), Closing.CANCEL))  # type: ignore[call-overload]
        self.deleteLater()


class Leaving(QObject):
    """Decides when the program goes: at once, or when what goes on behind a hidden window has ended.

    That is a training which the person wants to go on, or an export that is asked to stop and tidies up. Where nobody
    can be asked, at a log-out say, the program goes at once: its engines save what they are at.

    Signals:
        leave_wanted: the program should go now.
        hidden: the window was hidden; what stands beside it goes too.
    """

    leave_wanted = Signal()
    hidden = Signal()

    def __init__(self, window: QWidget, training: Training, exports: Exports) -> None:
        super().__init__(window)
        self._window = window
        self._training = training
        self._exports = exports
        self.is_hidden = False  # the window was closed, and the program waits for something to end
        training.ended.connect(self._on_something_ended)
        exports.ended.connect(self._on_something_ended)

    def ask(self) -> None:
        """The person wants to close the window, or ends the session with it."""
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication) and app.isSavingSession():
            self.leave_wanted.emit()
            return
        state = self._training.state
        if state is None or not self._training.is_running:
            self._leave_soon()
            return
        question = ClosingQuestion(Path(state.run).name, self._window)
        question.answered.connect(self._on_answered)
        question.open()

    def stay(self) -> None:
        """The window was brought back."""
        self.is_hidden = False

    def _on_answered(self, answer: Closing) -> None:
        if answer is Closing.CANCEL:
            return
        if answer is Closing.RESUME_LATER:
            self.leave_wanted.emit()
            return
        if answer is Closing.STOP:
            self._training.stop()
        self._leave_soon()  # the training may have ended while the question stood there

    def _leave_soon(self) -> None:
        self._exports.stop()
        if not self._training.is_running and not self._exports.state.is_running:
            self.leave_wanted.emit()
            return
        self.is_hidden = True
        self._window.hide()
        self.hidden.emit()

    def _on_something_ended(self) -> None:
        if self.is_hidden:
            self._leave_soon()
