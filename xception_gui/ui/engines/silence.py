"""Engines that should be at work and aren't heard of: wait, or end them."""

from collections.abc import Iterable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from xception_gui.ui.engines.engine_client import EngineClient
from xception_gui.ui.kit.message_box import MessageBox


class SilenceQuestion(MessageBox):
    """Asks whether to wait for an engine that may hang, or to end it; goes away by itself once it is heard again."""

    def __init__(self, engine: EngineClient, parent: QWidget) -> None:
        super().__init__(QMessageBox.Icon.Question, "silence_question", parent)
        self._engine = engine
        self.setWindowTitle(self.tr("Still at work?"))
        self.setText(self.tr("Nothing has been heard for two minutes from the part of the program that is at work."))
        self.setInformativeText(
            self.tr(
                "It may be busy with something long, or it hangs. If you end it, nothing that was saved is lost: a "
                "training can be resumed, anything else tried again."
            )
        )
        wait = self.addButton(self.tr("Keep waiting"), QMessageBox.ButtonRole.RejectRole)
        self._end = self.addButton(self.tr("End it"), QMessageBox.ButtonRole.DestructiveRole)
        for one, name in ((wait, "silence_wait"), (self._end, "silence_end")):
            one.setObjectName(name)
            one.setAccessibleName(one.text())
        wait.setProperty("role", "primary")
        self._end.setProperty("role", "destructive")
        self.setDefaultButton(wait)
        self.setEscapeButton(wait)
        self.finished.connect(self._on_finished)
        engine.heard_again.connect(self.reject)

    def _on_finished(self) -> None:
        if self.clickedButton() is self._end:
            self._engine.end_by_force()
        else:
            self._engine.keep_waiting()
        self.deleteLater()


class SilenceWatch(QObject):
    """Asks about each engine that falls silent.

    Args:
        engines: all of them.
        window: above which it asks.
    """

    def __init__(self, engines: Iterable[EngineClient], window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        for engine in engines:
            engine.fell_silent.connect(lambda engine=engine: SilenceQuestion(engine, self._window).open())
