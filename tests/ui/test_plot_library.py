"""The library of the plots: loaded while nobody waits, and no work for the garbage collector afterwards."""

import gc
import os
import subprocess
import sys

import pytest

from tests.programs import PATIENCE
from xception_gui.ui.plots.plot_library import PlotLibrary


@pytest.fixture
def library(qapp):
    library = PlotLibrary()
    yield library
    library.end()


def test_what_was_loaded_is_no_work_for_the_garbage_collector(library, qtbot):
    library.prepare()
    with qtbot.waitSignal(library.loaded, timeout=PATIENCE * 1000):
        pass
    qtbot.waitUntil(lambda: gc.get_freeze_count() > 0, timeout=PATIENCE * 1000)
    assert "pyqtgraph" in sys.modules and gc.isenabled()
    assert len(gc.get_objects()) < gc.get_freeze_count() / 10  # else each full look would be a pause
    library.end()
    assert gc.get_freeze_count() == 0


PROGRAM = """
import sys, threading
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from xception_gui.ui.plots.plot_library import PlotLibrary

class Watch:
    def find_spec(self, name, path, target=None):
        if name == "pyqtgraph":
            modules = [sys.modules[f"PySide6.{part}"] for part in ("QtCore", "QtGui", "QtWidgets")]
            unmade = [name for module in modules for name in dir(module) if name not in vars(module)]
            print(threading.current_thread().name, unmade, flush=True)

app = QApplication([])
sys.meta_path.insert(0, Watch())
library = PlotLibrary()
library.prepare()
look = QTimer(interval=10)
look.timeout.connect(lambda: app.quit() if "pyqtgraph" in sys.modules else None)
look.start()
app.exec()
library.end()
"""


def test_all_types_of_qt_are_made_before_another_thread_asks_for_them():
    """PySide makes them when they are asked for. A window that was handed an object meanwhile crashed, now and then."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.stdout == "plots []\n", done.stderr
