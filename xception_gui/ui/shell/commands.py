"""Connects the menu entries to actions."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction

from xception_gui import paths
from xception_gui.domain.messages.base import Finished, Message
from xception_gui.domain.messages.machine import ChooseRuntimeRequest, RuntimeResult
from xception_gui.domain.runtime import RuntimeChoice
from xception_gui.ui.desktop.file_manager import show_in_folder
from xception_gui.ui.engines.current_job import CurrentJob
from xception_gui.ui.framework.services import Services
from xception_gui.ui.shell.drops import Drops
from xception_gui.ui.shell.main_window import MainWindow


class Commands(QObject):
    """Connects each entry; the menu Model acts on the current model, whatever page is shown."""

    def __init__(self, window: MainWindow, services: Services, drops: Drops) -> None:
        super().__init__(window)
        self._window = window
        self._engines = services.engines
        menus, navigator, current = window.menus, services.navigator, services.current
        self._connect(
            (menus.new_model, navigator.choose_dataset),
            (menus.samples, navigator.draw_samples),
            (menus.open_model, navigator.choose_model),
            (menus.open_shared, navigator.choose_shared_models),
            (menus.share_model, lambda: navigator.share(current.path)),
            (menus.save_table, navigator.save_table),
            (menus.save_loss, lambda: navigator.save_plot("loss")),
            (menus.save_accuracy, lambda: navigator.save_plot("accuracy")),
            (menus.close, window.close),
            (menus.quit, window.close),
            (menus.undo, navigator.undo_clearing),
            (menus.paste, drops.paste),
            (menus.copy_log, navigator.copy_log),
            (menus.search, navigator.search_predictions),
            (menus.clear, navigator.clear_predictions),
            (menus.preferences, navigator.show_preferences),
            (menus.predict_files, navigator.choose_pictures),
            (menus.predict_folder, navigator.choose_picture_folder),
            (menus.results, lambda: navigator.show_results(current.path)),
            (menus.export, lambda: navigator.export(current.path)),
            (menus.show_model, lambda: show_in_folder(current.path)),
            (menus.stop_training, services.training.stop),
            (menus.log_folder, lambda: show_in_folder(str(paths.log_folder()))),
            (menus.about, self._show_about),
        )

    def _connect(self, *entries: tuple[QAction, Callable[[], object]]) -> None:
        for action, do in entries:
            action.triggered.connect(lambda _checked=False, do=do: do())

    def _show_about(self) -> None:
        from xception_gui.ui.shell.about import AboutDialog  # loaded when needed

        def show_runtime(end: Message) -> None:
            if isinstance(end, Finished) and isinstance(end.result, RuntimeResult):
                dialog.show_runtime(RuntimeChoice(end.result.runtime, end.result.seconds))

        dialog = AboutDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        job = CurrentJob(self._engines.predictor, dialog)  # in the reader, reading ahead would give way to it
        job.ended.connect(show_runtime)
        job.start(ChooseRuntimeRequest())
        dialog.open()
