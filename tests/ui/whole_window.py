"""The whole window as it is built, without a single process: what engines would say is said by the test."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, QSettings
from PySide6.QtWidgets import QApplication
from pytest import MonkeyPatch

from tests.ui.engines import FakeEngine, FakeJob
from xception_gui import app as composition
from xception_gui.app import Program
from xception_gui.domain.messages.base import Message


class FakeEngines(QObject):
    """Engines that do nothing by themselves."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.all = self.viewer, self.predictor, self.reader, self.trainer = [FakeEngine() for _ in range(4)]
        self.are_closed = False

    def close(self) -> None:
        self.are_closed = True


@contextmanager
def whole_window(qapp: QApplication, settings: QSettings, monkeypatch: MonkeyPatch) -> Iterator[Program]:
    """Open the window, and leave nothing of it."""
    monkeypatch.setattr(composition, "Engines", FakeEngines)
    made = Program(qapp, settings)
    made.window.show()
    yield made
    made.end()
    made.window.deleteLater()
    made.deleteLater()
    settle()


def settle() -> None:
    """Let go what was replaced, and come what replaces it."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


def job_of(engine: FakeEngine, kind: type[Message]) -> FakeJob:
    """Give the last job of a kind of request."""
    return [job for job in engine.jobs if isinstance(job.request, kind)][-1]
