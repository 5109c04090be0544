"""Whether a window can be shown. Checked before Qt is used, as Qt ends the process if there is no display."""

import os
import sys

WITHOUT_SCREEN = ("offscreen", "minimal")
"""Qt platforms that only draw in memory."""


def why_no_window() -> str | None:
    """Return why no window can be opened, None if one can."""
    if not os.environ.get("QT_QPA_PLATFORM") and _lacks_display():
        return "No display was found."
    return _why_qt_fails()


def why_no_screen() -> str | None:
    """Return why a window wouldn't be visible, None if it would."""
    if os.environ.get("QT_QPA_PLATFORM") in WITHOUT_SCREEN:
        return "QT_QPA_PLATFORM tells Qt to draw off screen."
    return why_no_window()


def _lacks_display() -> bool:
    on_linux = sys.platform.startswith("linux")
    return on_linux and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _why_qt_fails() -> str | None:
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        return f"Libraries that the window needs are missing ({error})."
    return None
