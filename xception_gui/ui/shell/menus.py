"""The menus: every action of the program, with the usual shortcuts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from xception_gui.ui.framework.feature import PageFeature

Shortcut = QKeySequence | QKeySequence.StandardKey | str | None


@dataclass(frozen=True, slots=True)
class Possible:
    """The state that decides which entries are enabled."""

    is_training: bool
    has_training: bool  # running or ended
    has_model: bool
    has_predictions: bool
    can_undo: bool  # predictions were cleared


class Menus(QObject):
    """Makes the menus of a window. `Commands` connects the actions."""

    def __init__(self, window: QMainWindow, features: Sequence[PageFeature[Any]]) -> None:
        super().__init__(window)
        self._window = window
        file = self._menu(self.tr("&File"), "menu_file")
        self.new_model = self._add(
            file, "action_new_model", self.tr("&New model from a folder…"), QKeySequence.StandardKey.New
        )
        self.samples = self._add(file, "action_samples", self.tr("Try &sample pictures"))
        self.open_model = self._add(file, "action_open_model", self.tr("&Open model…"), QKeySequence.StandardKey.Open)
        self.open_shared = self._add(file, "action_open_shared", self.tr("Open s&hared model…"))
        self.share_model = self._add(file, "action_share_model", self.tr("Sha&re model…"))
        file.addSeparator()
        self.save_table = self._add(
            file, "action_save_table", self.tr("Save predictions as &table…"), QKeySequence.StandardKey.Save
        )
        self.save_loss = self._add(file, "action_save_loss", self.tr("Save &loss plot…"))
        self.save_accuracy = self._add(file, "action_save_accuracy", self.tr("Save &accuracy plot…"))
        file.addSeparator()
        self.close = self._add(file, "action_close", self.tr("&Close window"), QKeySequence.StandardKey.Close)
        self.quit = self._add(file, "action_quit", self.tr("&Quit"), "Ctrl+Q")
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        edit = self._menu(self.tr("&Edit"), "menu_edit")
        self.undo = self._add(edit, "action_undo", self.tr("&Undo clear"), QKeySequence.StandardKey.Undo)
        self.paste = self._add(edit, "action_paste", self.tr("&Paste pictures"), QKeySequence.StandardKey.Paste)
        self.copy_log = self._add(edit, "action_copy_log", self.tr("Copy training &log"))
        self.search = self._add(
            edit, "action_search", self.tr("&Search predictions by file name"), QKeySequence.StandardKey.Find
        )
        self.clear = self._add(edit, "action_clear", self.tr("&Clear predictions"))
        edit.addSeparator()
        self.preferences = self._add(edit, "action_preferences", self.tr("P&references…"), "Ctrl+,")
        self.preferences.setMenuRole(QAction.MenuRole.PreferencesRole)
        model = self._menu(self.tr("&Model"), "menu_model")
        self.predict_files = self._add(model, "action_predict_files", self.tr("Classify &pictures…"), "Ctrl+P")
        self.predict_folder = self._add(model, "action_predict_folder", self.tr("Classify a &folder…"), "Ctrl+Shift+P")
        self.results = self._add(model, "action_results", self.tr("Show &results"), "Ctrl+R")
        self.export = self._add(model, "action_export", self.tr("&Export for other programs…"), "Ctrl+E")
        self.show_model = self._add(model, "action_show_model", self.tr("Show &in folder"))
        model.addSeparator()
        self.stop_training = self._add(model, "action_stop", self.tr("&Stop and keep best model"), "Ctrl+.")
        self.pages = self._pages(features)
        help_menu = self._menu(self.tr("&Help"), "menu_help")
        self.log_folder = self._add(help_menu, "action_log_folder", self.tr("Open &log folder"))
        self.about = self._add(help_menu, "action_about", self.tr("&About Xception GUI"))
        self.about.setMenuRole(QAction.MenuRole.AboutRole)

    def show_possible(self, possible: Possible) -> None:
        """Enable the possible actions."""
        self.stop_training.setEnabled(possible.is_training)
        for action in (self.copy_log, self.save_loss, self.save_accuracy):
            action.setEnabled(possible.has_training)
        for action in (self.share_model, self.results, self.export, self.show_model):
            action.setEnabled(possible.has_model)
        self.undo.setEnabled(possible.can_undo)
        for action in (self.save_table, self.clear):
            action.setEnabled(possible.has_predictions)

    def _pages(self, features: Sequence[PageFeature[Any]]) -> dict[str, QAction]:
        view = self._menu(self.tr("&View"), "menu_view")
        pages = {
            feature.name: self._add(view, f"action_page_{feature.name}", feature.title(), feature.shortcut)
            for feature in features
        }
        view.addSeparator()
        self.appearances = self._appearances(view)
        return pages

    def _appearances(self, view: QMenu) -> dict[Qt.ColorScheme, QAction]:
        menu = view.addMenu(self.tr("&Appearance"))
        menu.setObjectName("menu_appearance")
        group = QActionGroup(self)
        names = {
            Qt.ColorScheme.Unknown: self.tr("Same as &system"),
            Qt.ColorScheme.Light: self.tr("&Light"),
            Qt.ColorScheme.Dark: self.tr("&Dark"),
        }
        made = {}
        for scheme, name in names.items():
            action = self._add(menu, f"action_appearance_{scheme.name.lower()}", name)
            action.setCheckable(True)
            group.addAction(action)
            made[scheme] = action
        return made

    def _menu(self, title: str, name: str) -> QMenu:
        menu = self._window.menuBar().addMenu(title)
        menu.setObjectName(name)
        return menu

    def _add(self, menu: QMenu, name: str, text: str, shortcut: Shortcut = None) -> QAction:
        action = QAction(text, self._window)
        action.setObjectName(name)
        if shortcut is not None:
            action.setShortcut(QKeySequence(shortcut))
        menu.addAction(action)
        return action
