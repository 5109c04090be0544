"""The library that draws plots, loaded while nobody waits for it."""

import gc
import importlib
import threading

from PySide6.QtCore import QObject, QTimer, Signal

MILLISECONDS_UNTIL_PAINTED = 400  # the window comes first
MILLISECONDS_UNTIL_LOADED = 1500  # then plots may be made


class PlotLibrary(QObject):
    """Loads pyqtgraph, and numpy with it, on a thread after the window was painted.

    Signals:
        loaded: plots can be made without anybody waiting.
    """

    loaded = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loading = threading.Thread(target=_load, name="plots", daemon=True)

    def prepare(self) -> None:
        """Begin as soon as the window is there."""
        QTimer.singleShot(MILLISECONDS_UNTIL_PAINTED, self, self._loading.start)
        QTimer.singleShot(MILLISECONDS_UNTIL_LOADED, self, self.loaded.emit)

    def end(self) -> None:
        """Leave nothing running."""
        if self._loading.is_alive():
            self._loading.join()


def _load() -> None:
    """Import pyqtgraph. Without the garbage collector: on this thread it would destroy Qt's objects of the other one."""
    gc.disable()
    try:
        importlib.import_module("pyqtgraph")
    finally:
        gc.enable()
