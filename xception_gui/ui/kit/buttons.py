"""Buttons by their role: primary, destructive, link, plain."""

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton


def button(text: str, name: str, role: str = "", on_click: Callable[[], object] | None = None) -> QPushButton:
    """Make a button.

    Args:
        text: what it says; also its accessible name.
        name: its object name, as in docs/automation.md.
        role: primary (one a page at most), destructive, link, plain or nothing.
        on_click: called without arguments.
    """
    made = QPushButton(text)
    made.setObjectName(name)
    made.setAccessibleName(text.replace("&", ""))
    made.setProperty("role", role)
    made.setAutoDefault(False)
    if on_click is not None:
        made.clicked.connect(lambda: on_click())
    return made
