"""Light or dark: follows the system unless the person chose."""

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication

from xception_gui.ui.kit.theme import choose_appearance
from xception_gui.ui.shell.menus import Menus

APPEARANCE = "window/appearance"
"""Setting: the name of the scheme."""


class Appearance:
    """Applies and stores the chosen appearance."""

    def __init__(self, app: QApplication, settings: QSettings) -> None:
        self._app = app
        self._settings = settings
        choose_appearance(app, self.chosen)

    @property
    def chosen(self) -> Qt.ColorScheme:
        """The stored choice; Unknown follows the system."""
        name = str(self._settings.value(APPEARANCE, ""))
        return {scheme.name: scheme for scheme in Qt.ColorScheme}.get(name, Qt.ColorScheme.Unknown)

    def connect_menus(self, menus: Menus) -> None:
        """Connect the entries of the menu Appearance."""
        for scheme, action in menus.appearances.items():
            action.triggered.connect(lambda _checked=False, scheme=scheme: self._choose(scheme))
        menus.appearances[self.chosen].setChecked(True)

    def _choose(self, scheme: Qt.ColorScheme) -> None:
        self._settings.setValue(APPEARANCE, scheme.name)
        choose_appearance(self._app, scheme)
