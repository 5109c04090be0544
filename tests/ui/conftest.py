"""What all tests of the window share: no screen, a home of its own, and nothing left behind by any test."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import gc
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSettings, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QMenu
from shiboken6 import isValid

from xception_gui.ui.engines.engine_client import EngineClient
from xception_gui.ui.kit.theme import apply_theme, choose_appearance


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The one application, dressed as the program is."""
    app = QApplication.instance() or QApplication(["xception-gui"])
    assert isinstance(app, QApplication)
    apply_theme(app)
    return app


@pytest.fixture(autouse=True)
def no_qt_warnings() -> Iterator[None]:
    """Fail a test during which Qt warned about anything."""
    said: list[str] = []

    def listen(kind: QtMsgType, context: object, message: str) -> None:
        if kind is not QtMsgType.QtDebugMsg and kind is not QtMsgType.QtInfoMsg:
            said.append(message)

    before = qInstallMessageHandler(listen)
    yield
    qInstallMessageHandler(before)
    # The offscreen platform has no window manager to ask, and says so.
    ours = [message for message in said if not message.startswith("This plugin does not support")]
    assert not ours, f"Qt warned: {ours}"


@pytest.fixture(autouse=True)
def nothing_left(qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves a window or a thread behind."""
    windows, threads = set(qapp.topLevelWidgets()), set(threading.enumerate())
    yield
    qapp.processEvents()
    left = [widget for widget in qapp.topLevelWidgets() if widget not in windows and widget.isVisible()]
    assert not left, f"Windows left open: {left}"
    alive = [thread for thread in threading.enumerate() if thread not in threads and thread.is_alive()]
    assert not alive, f"Threads left running: {alive}"


@pytest.fixture(scope="module", autouse=True)
def no_timers_left(qapp: QApplication) -> Iterator[None]:
    """Fail the last test of a file that leaves a timer running. (Looking through all objects takes its time.)"""
    before = set(map(id, _running_timers()))
    yield
    gc.collect()
    for menu in [one for one in qapp.topLevelWidgets() if isinstance(one, QMenu) and one.parent() is None]:
        menu.deleteLater()  # of a plot: its library forgets them, and each would be dressed anew from then on
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qapp.processEvents()
    left = [timer for timer in _running_timers() if id(timer) not in before and not timer.isSingleShot()]
    assert not left, f"Timers left running: {[(timer, timer.parent()) for timer in left]}"


def _running_timers() -> list[QTimer]:
    timers = [thing for thing in gc.get_objects() if isinstance(thing, QTimer)]
    return [timer for timer in timers if isValid(timer) and timer.isActive()]


@pytest.fixture(scope="module")
def undressed(qapp: QApplication) -> Iterator[None]:
    """Without colours a whole window is built in a third of the time: for files that don't look at them."""
    from xception_gui.ui.shell import appearance

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(appearance, "choose_appearance", lambda _app, _scheme: None)
        qapp.setStyleSheet("")
        yield
    choose_appearance(qapp, Qt.ColorScheme.Unknown)


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    """Settings that nothing else sees."""
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def engine(qapp: QApplication) -> Iterator[EngineClient]:
    """A real engine, ended at the end."""
    client = EngineClient("test")
    yield client
    client.close()
