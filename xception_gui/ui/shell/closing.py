"""Closing the window during a training or an export, and leaving when that has ended."""

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

    KEEP_TRAINING = auto()  # the window hides, the program runs until the training has ended
    RESUME_LATER = auto()  # leave now; the training is saved and can be resumed
    STOP = auto()  # stop, keep the best model, then leave
    CANCEL = auto()


class ClosingQuestion(MessageBox):
    """Asks what to do with the running training.

    Signals:
        answered: Closing.
    """

    answered = Signal(object)

    def __init__(self, model: str, parent: QWidget) -> None:
        super().__init__(QMessageBox.Icon.Question, "closing_question", parent)
        self.setWindowTitle(self.tr("A model is still training"))
        self.setText(self.tr("“{name}” is still training. What do you want to do?").format(name=model))
        self.setInformativeText(
            self.tr(
                "If you keep training, only this window closes, and you are notified when the model is ready. Start the "
                "program again to bring the window back.\n\nIf you resume later, your progress is saved now, and you can "
                "resume on the Start page."
            )
        )
        self._keep = self.addButton(self.tr("Keep training"), QMessageBox.ButtonRole.AcceptRole)
        self._later = self.addButton(self.tr("Close and resume later"), QMessageBox.ButtonRole.AcceptRole)
        self._stop = self.addButton(self.tr("Stop and keep best model"), QMessageBox.ButtonRole.DestructiveRole)
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
    """Decides when the program leaves: at once, or when the work behind a hidden window has ended.

    That work is a training that the person wants to continue, or an export that is stopping and tidying up. When no
    question can be asked, such as at a log-out, the program leaves at once: its engines save their work.

    Signals:
        leave_wanted: the program should leave now.
        hidden: the window was hidden; windows beside it should close too.
    """

    leave_wanted = Signal()
    hidden = Signal()

    def __init__(self, window: QWidget, training: Training, exports: Exports) -> None:
        super().__init__(window)
        self._window = window
        self._training = training
        self._exports = exports
        self.is_hidden = False  # the window was closed, and the program waits for work to end
        training.ended.connect(self._on_something_ended)
        exports.ended.connect(self._on_something_ended)

    def ask(self) -> None:
        """Ask what to do when the window is closed or the desktop session ends."""
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
        """Note that the window was brought back."""
        self.is_hidden = False

    def _on_answered(self, answer: Closing) -> None:
        if answer is Closing.CANCEL:
            return
        if answer is Closing.RESUME_LATER:
            self.leave_wanted.emit()
            return
        if answer is Closing.STOP:
            self._training.stop()
        self._leave_soon()  # the training may have ended during the question

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
