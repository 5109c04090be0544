"""Whether a window can be shown here, found out before Qt is asked: without a display it ends the process."""

import os
import sys

WITHOUT_SCREEN = ("offscreen", "minimal")
"""Platforms of Qt that draw in memory only."""


def why_no_window() -> str | None:
    """Return why no window can be made, None if one can."""
    if not os.environ.get("QT_QPA_PLATFORM") and _lacks_display():
        return "There is no display here."
    return _why_qt_fails()


def why_no_screen() -> str | None:
    """Return why nobody would see a window, None if somebody would."""
    if os.environ.get("QT_QPA_PLATFORM") in WITHOUT_SCREEN:
        return "Qt is told to draw off the screen."
    return why_no_window()


def _lacks_display() -> bool:
    on_linux = sys.platform.startswith("linux")
    return on_linux and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _why_qt_fails() -> str | None:
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        return f"The libraries that windows need are missing ({error})."
    return None
