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
        """Leave nothing running, and the garbage collector as it was."""
        if self._loading.is_alive():
            self._loading.join()
        gc.unfreeze()


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
