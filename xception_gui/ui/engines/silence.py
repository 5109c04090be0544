"""Engines that should be at work and aren't heard of: wait, or end them."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from xception_gui.ui.engines.engine_client import EngineClient
from xception_gui.ui.kit.message_box import MessageBox


class SilenceQuestion(MessageBox):
    """Asks whether to wait for an engine that may hang, or to end it.

    Signals:
        wait_wanted: it may take its time; also where nobody has answered.
        end_wanted: it is to be ended.
    """

    wait_wanted = Signal()
    end_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(QMessageBox.Icon.Question, "silence_question", parent)
        self.setWindowTitle(self.tr("Not responding"))
        self.setText(self.tr("The background process hasn't responded for two minutes."))
        self.setInformativeText(
            self.tr(
                "The process may be busy with a long task, or it may be stuck. If you end the process, nothing that was "
                "saved is lost: you can resume training, and try anything else again."
            )
        )
        wait = self.addButton(self.tr("Keep waiting"), QMessageBox.ButtonRole.RejectRole)
        self._end = self.addButton(self.tr("End process"), QMessageBox.ButtonRole.DestructiveRole)
        for one, name in ((wait, "silence_wait"), (self._end, "silence_end")):
            one.setObjectName(name)
            one.setAccessibleName(one.text())
        wait.setProperty("role", "primary")
        self._end.setProperty("role", "destructive")
        self.setDefaultButton(wait)
        self.setEscapeButton(wait)
        self.finished.connect(self._on_finished)

    def _on_finished(self) -> None:
        wanted = self.end_wanted if self.clickedButton() is self._end else self.wait_wanted
        wanted.emit()
        self.deleteLater()


class SilenceWatch(QObject):
    """Has the person asked about each engine that falls silent; the question goes by itself once it is heard again.

    Args:
        engines: all of them.
        window: above which it asks.
    """

    def __init__(self, engines: Iterable[EngineClient], window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        for engine in engines:
            engine.fell_silent.connect(lambda engine=engine: self._ask_about(engine))

    def _ask_about(self, engine: EngineClient) -> None:
        question = SilenceQuestion(self._window)
        question.wait_wanted.connect(engine.keep_waiting)
        question.end_wanted.connect(engine.end_by_force)
        engine.heard_again.connect(question.reject)
        question.open()
