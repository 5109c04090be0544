"""The library of the plots: loaded while nobody waits, and no work for the garbage collector afterwards."""

import gc
import sys

import pytest

from tests.programs import PATIENCE
from xception_gui.ui.plot_library import PlotLibrary


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
