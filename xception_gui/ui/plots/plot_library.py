"""Loads the plotting library in the background."""

import contextlib
import gc
import importlib
import threading
import time
from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal

MILLISECONDS_UNTIL_PAINTED = 400  # the window is painted first
MILLISECONDS_UNTIL_LOADED = 1500  # plots may be made then
SECONDS_OF_A_TURN = 0.005

PARTS_OF_QT = ("QtCore", "QtGui", "QtWidgets", "QtSvg", "QtTest", "QtOpenGLWidgets")
"""Modules that pyqtgraph imports, if installed. It reads every name of the first three."""


class PlotLibrary(QObject):
    """Loads pyqtgraph, and numpy with it, on a thread after the window was painted.

    Before that, all types of Qt are created on the window's thread, a few at a time. PySide creates each type when it is
    first accessed, and Python may switch threads in the middle: while pyqtgraph accessed all of them, the window received
    an object of Qt, searched the unfinished types, and crashed.

    Signals:
        loaded: plots can be made without a delay.
    """

    loaded = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._types = make_types()
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._make_some_types)
        self._loading = threading.Thread(target=_load, name="plots", daemon=True)

    def prepare(self) -> None:
        """Schedule the loading for after the window is painted."""
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
        """Wait for the thread, and restore the garbage collector."""
        self._turn.stop()
        if self._loading.is_alive():
            self._loading.join()
        gc.unfreeze()


def make_types() -> Iterator[str]:
    """Create the types of Qt, one at a time; yields the name of each."""
    for part in PARTS_OF_QT:
        with contextlib.suppress(ImportError):
            module = importlib.import_module(f"PySide6.{part}")
            yield part
            for name in dir(module):
                getattr(module, name)
                yield name


def _load() -> None:
    """Import pyqtgraph with the garbage collector off: on this thread it would destroy Qt objects of the window's thread.

    Everything allocated so far, modules and widgets, lives until the end, so it is frozen: the collector would need up to
    40 ms for each pass over it, and block the window meanwhile.
    """
    gc.disable()
    try:
        importlib.import_module("pyqtgraph")
        gc.freeze()
    finally:
        gc.enable()
