"""The library that draws plots, loaded while nobody waits for it."""

import contextlib
import gc
import importlib
import threading
import time
from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal

MILLISECONDS_UNTIL_PAINTED = 400  # the window comes first
MILLISECONDS_UNTIL_LOADED = 1500  # then plots may be made
SECONDS_OF_A_TURN = 0.005

PARTS_OF_QT = ("QtCore", "QtGui", "QtWidgets", "QtSvg", "QtTest", "QtOpenGLWidgets")
"""What pyqtgraph imports, as far as it is installed. It asks for all that is in the first three."""


class PlotLibrary(QObject):
    """Loads pyqtgraph, and numpy with it, on a thread after the window was painted.

    Before that, Qt's types are made on the window's own thread, a few at a time. PySide makes each of them when it is
    first asked for, and Python may turn to another thread in the midst of that: while pyqtgraph asked for all of them, a
    window that was handed one of Qt's objects looked among unfinished types, and crashed.

    Signals:
        loaded: plots can be made without anybody waiting.
    """

    loaded = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._types = make_types()
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._make_some_types)
        self._loading = threading.Thread(target=_load, name="plots", daemon=True)

    def prepare(self) -> None:
        """Begin as soon as the window is there."""
        QTimer.singleShot(MILLISECONDS_UNTIL_PAINTED, self, self._turn.start)
        QTimer.singleShot(MILLISECONDS_UNTIL_LOADED, self, self.loaded.emit)

    def _make_some_types(self) -> None:
        ends = time.perf_counter() + SECONDS_OF_A_TURN
        for _ in self._types:
            if time.perf_counter() > ends:
                return
        self._turn.stop()
        self._loading.start()

    def end(self) -> None:
        """Leave nothing running, and the garbage collector as it was."""
        self._turn.stop()
        if self._loading.is_alive():
            self._loading.join()
        gc.unfreeze()


def make_types() -> Iterator[str]:
    """Have the types of Qt made, one at a time; gives the name of each."""
    for part in PARTS_OF_QT:
        with contextlib.suppress(ImportError):
            module = importlib.import_module(f"PySide6.{part}")
            yield part
            for name in dir(module):
                getattr(module, name)
                yield name


def _load() -> None:
    """Import pyqtgraph. Without the garbage collector: on this thread it would destroy Qt's objects of the other one.

    What there is now, modules and widgets, stays until the end, so the collector needn't look at it again: the next looks
    would take up to 40 ms each, whatever the window is doing.
    """
    gc.disable()
    try:
        importlib.import_module("pyqtgraph")
        gc.freeze()
    finally:
        gc.enable()
