"""Buttons by their role: primary, destructive, link, plain."""

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton


def button(text: str, name: str, role: str = "", on_click: Callable[[], object] | None = None) -> QPushButton:
    """Make a button.

    Args:
        text: the label, also the accessible name.
        name: the object name, as in docs/automation.md.
        role: primary (at most one per page), destructive, link, plain or empty.
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
