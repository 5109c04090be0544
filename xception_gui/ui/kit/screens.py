"""Sizes of windows on the available screens."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget

FIRST = QSize(1280, 820)
LEAST = QSize(760, 500)
FRAME = QSize(16, 48)
"""Largest size in pixels of the system's frame and title around a window."""


def first_size(available: QSize) -> QSize:
    """Return the size of the first window for the available room of a screen."""
    return FIRST.boundedTo(available - FRAME)


def least_size(available: Sequence[QSize]) -> QSize:
    """Return the least size of a window, which must fit on every screen."""
    least = LEAST
    for room in available:
        least = least.boundedTo(room - FRAME)
    return least


def in_sight(frame: QRect, available: QRect) -> QRect:
    """Return the place of a window moved, and shrunk if needed, so that all of it is on the screen."""
    size = frame.size().boundedTo(available.size())
    left = max(available.left(), min(frame.left(), available.right() + 1 - size.width()))
    top = max(available.top(), min(frame.top(), available.bottom() + 1 - size.height()))
    return QRect(QPoint(left, top), size)


def room_for(dialog: QWidget) -> QSize:
    """Return the largest size of a dialog on its screen, without the frame."""
    return dialog.screen().availableSize() - FRAME
