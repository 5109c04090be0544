"""The whole window with real engines, driven as a person drives it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from tests import programs
from xception_gui.app import Program

PATIENCE = 1000 * programs.PATIENCE  # milliseconds


def drop(program: Program, *paths: Path | str) -> None:
    """Drop files on the window, as a file manager does."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    drop_mime(program, mime)


def drop_mime(program: Program, mime: QMimeData) -> None:
    """Drop anything on the window."""
    window = program.window
    middle = window.rect().center()
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(middle, Qt.DropAction.CopyAction, mime, buttons, keys)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(middle), Qt.DropAction.CopyAction, mime, buttons, keys))


def find(program: Program, name: str) -> QWidget:
    """Find a widget by its object name."""
    found = program.window.findChild(QWidget, name)
    assert found is not None, name
    return found


def press(program: Program, name: str) -> None:
    """Press a button that can be seen and pressed."""
    button = find(program, name)
    assert isinstance(button, QAbstractButton)
    assert button.isVisible() and button.isEnabled(), name
    button.click()


def wait(qtbot, is_so: Callable[[], bool]) -> None:
    """Let the window live until something is so."""
    qtbot.waitUntil(is_so, timeout=PATIENCE)
