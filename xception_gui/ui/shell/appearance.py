"""Light or dark: as the system is, unless the person chose otherwise."""

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication

from xception_gui.ui.kit.theme import choose_appearance
from xception_gui.ui.shell.menus import Menus

APPEARANCE = "window/appearance"
"""Setting: the name of the scheme."""


class Appearance:
    """Keeps what was chosen."""

    def __init__(self, app: QApplication, settings: QSettings) -> None:
        self._app = app
        self._settings = settings
        choose_appearance(app, self.chosen)

    @property
    def chosen(self) -> Qt.ColorScheme:
        """What was chosen, perhaps before this start."""
        name = str(self._settings.value(APPEARANCE, ""))
        return {scheme.name: scheme for scheme in Qt.ColorScheme}.get(name, Qt.ColorScheme.Unknown)

    def connect_menus(self, menus: Menus) -> None:
        """Have it chosen in the menus."""
        for scheme, action in menus.appearances.items():
            action.triggered.connect(lambda _checked=False, scheme=scheme: self._choose(scheme))
        menus.appearances[self.chosen].setChecked(True)

    def _choose(self, scheme: Qt.ColorScheme) -> None:
        self._settings.setValue(APPEARANCE, scheme.name)
        choose_appearance(self._app, scheme)
