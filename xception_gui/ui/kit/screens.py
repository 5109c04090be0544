"""How large windows may be on the screens that there are."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget

FIRST = QSize(1280, 820)
LEAST = QSize(760, 500)
FRAME = QSize(16, 48)
"""Pixels, at most, that the system's frame and title take around a window."""


def first_size(available: QSize) -> QSize:
    """Return how large the first window is, in the room that a screen has for windows."""
    return FIRST.boundedTo(available - FRAME)


def least_size(available: Sequence[QSize]) -> QSize:
    """Return how small a window can become, for the room that each screen has: on none may it be larger than that."""
    least = LEAST
    for room in available:
        least = least.boundedTo(room - FRAME)
    return least


def in_sight(frame: QRect, available: QRect) -> QRect:
    """Return the place of a window so that all of it is on the screen; where it is, if that is so already."""
    size = frame.size().boundedTo(available.size())
    left = max(available.left(), min(frame.left(), available.right() + 1 - size.width()))
    top = max(available.top(), min(frame.top(), available.bottom() + 1 - size.height()))
    return QRect(QPoint(left, top), size)


def room_for(dialog: QWidget) -> QSize:
    """Return how large a dialog may be on its screen, without its frame."""
    return dialog.screen().availableSize() - FRAME
