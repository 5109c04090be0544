"""The feature Preferences: the data that the program stores."""

from PySide6.QtCore import Qt

from xception_gui.ui.desktop.file_manager import show_in_folder
from xception_gui.ui.framework.feature import Feature, Part
from xception_gui.ui.framework.services import Services
from xception_gui.ui.preferences.stored_data import StoredData


class PreferencesPart(Part):
    """The stored data, and its dialog."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._window = services.window
        pasted = services.pasted
        self.stored = StoredData(services.engines.viewer, self, spared=lambda: pasted.shown)
        services.navigator.show_preferences.handle_with(self._show)

    def _show(self) -> None:
        from xception_gui.ui.preferences.preferences_dialog import PreferencesDialog  # late: the window starts faster

        dialog = PreferencesDialog(self.stored, self._window)
        dialog.shown_in_folder.connect(show_in_folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


PREFERENCES = Feature("preferences", PreferencesPart)
