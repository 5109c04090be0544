"""The feature Start: opens, shares and locates the models in its list."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from xception_gui.domain.messages.base import Failed
from xception_gui.domain.messages.models import LocateDatasetResult, RunSummary, ShareModelResult
from xception_gui.domain.run_name import SHARED_MODEL_SUFFIX
from xception_gui.domain.visible import visible, without_hidden
from xception_gui.ui.desktop.file_dialogs import Purpose
from xception_gui.ui.desktop.file_manager import show_in_folder
from xception_gui.ui.framework.feature import PageFeature, PagePart
from xception_gui.ui.framework.services import Services
from xception_gui.ui.kit import texts
from xception_gui.ui.start.shared_box import SharedBox
from xception_gui.ui.start.sharing import Sharing
from xception_gui.ui.start.start_page import StartPage


class StartPart(PagePart):
    """The list of models, and the actions on a model that have no page of their own."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._models = services.models
        self._navigator = services.navigator
        self.page: StartPage = StartPage(services.models, services.thumbnails)
        self.sharing = Sharing(services.engines.viewer, services.models, self)
        self._connect_page()
        services.models.located.connect(self._on_located)
        services.models.separated.connect(self._on_separated)
        services.models.cant_be_opened.connect(self._on_cant_be_opened)
        services.training.changed.connect(self._on_training_changed)
        self.sharing.shared.connect(self._on_shared)
        self.sharing.failed.connect(self._on_shared)
        self._handle_commands()

    def _connect_page(self) -> None:
        page, navigator = self.page, self._navigator
        page.folder_wanted.connect(navigator.choose_dataset)
        page.samples_wanted.connect(navigator.draw_samples)
        page.predict_wanted.connect(navigator.predict_with)
        page.resume_wanted.connect(navigator.resume_training)
        page.results_wanted.connect(navigator.show_results)
        page.export_wanted.connect(navigator.export)
        page.share_wanted.connect(navigator.share)
        page.quick_wanted.connect(self._models.separate_quick)
        page.locate_wanted.connect(navigator.locate)
        page.shown_in_folder.connect(show_in_folder)

    def _handle_commands(self) -> None:
        navigator = self._navigator
        navigator.show_models.handle_with(self.page_wanted.emit)
        navigator.choose_model.handle_with(self._choose_model)
        navigator.choose_shared_models.handle_with(self._choose_shared_models)
        navigator.open_shared_models.handle_with(self._open_shared_models)
        navigator.share.handle_with(self._share)
        navigator.locate.handle_with(self._locate)
        navigator.show_refusal.handle_with(self._show_refusal)

    def come_into_sight(self) -> None:
        """Read the list of models again."""
        self._models.refresh()
        super().come_into_sight()

    def go_out_of_sight(self) -> None:
        """Hide messages that were about the last action."""
        super().go_out_of_sight()
        self.page.forget_messages()

    def show_hovering(self, hovering: bool) -> None:
        """Highlight the drop zone while something hovers over it."""
        self.page.drop_zone.show_hovering(hovering)

    # --- Opening models -------------------------------------------------------------------------------------------

    def _choose_model(self) -> None:
        """Ask for the folder of a model, and open it in Predict."""
        folder = self._services.files.folder(Purpose.MODEL, self.tr("Choose a model folder"))
        if folder is not None:
            self._navigator.predict_with(str(folder))

    def _choose_shared_models(self) -> None:
        """Ask for shared models, and open them."""
        title = self.tr("Choose a model file")
        chosen = self._services.files.files(Purpose.SHARE, title, self._kinds_of_shared_models())
        if chosen:
            self._navigator.open_paths([str(path) for path in chosen])

    def _open_shared_models(self, files: Sequence[str], pictures: Sequence[str]) -> None:
        """Add models to the list; the last one classifies the pictures."""
        *others, last = files
        for file in others:
            self.sharing.open(file, lambda _run: None)
        self.sharing.open(last, lambda run: self._navigator.open_model(run.path, list(pictures)))

    def _on_cant_be_opened(self, run: str, why: str) -> None:
        self.page_wanted.emit()
        title = self.tr("“{name}” can't be opened").format(name=Path(run).name)
        self.page.notice.show_message(title, why)

    # --- Sharing and locating -------------------------------------------------------------------------------------

    def _share(self, run: str) -> None:
        if run:
            self._models.open(run, self._choose_shared_file)

    def _choose_shared_file(self, summary: RunSummary) -> None:
        """Ask where to save a model as one file. An existing file is never replaced."""
        title = self.tr("Save the model as one file")
        name = f"{without_hidden(Path(summary.path).name)}{SHARED_MODEL_SUFFIX}"
        kinds = self._kinds_of_shared_models()
        place = self._services.files.save_file(Purpose.SHARE, title, name, kinds, may_exist=False)
        if place is not None:
            self.sharing.share(summary.path, str(place))

    def _kinds_of_shared_models(self) -> str:
        return self.tr("Xception GUI models (*{suffix})").format(suffix=SHARED_MODEL_SUFFIX)

    def _on_shared(self, told: ShareModelResult | Failed) -> None:
        SharedBox(told, self._services.window).open()

    def _locate(self, run: str) -> None:
        """Ask for the folder that has the pictures of a model now."""
        title = self.tr("Choose the folder with the pictures of “{name}”").format(name=visible(Path(run).name))
        folder = self._services.files.folder(Purpose.LOCATE, title)
        if folder is not None:
            self._models.locate(run, str(folder))

    def _on_located(self, run: str, _dataset: str, found: LocateDatasetResult) -> None:
        title = self.tr("Pictures of “{name}” located").format(name=Path(run).name)
        words = self.tr("Found {n} of {m} pictures.")
        words = words.format(n=texts.number(found.found), m=texts.number(found.total))
        tone = "success" if found.found == found.total else "news"
        self.page.notice.show_message(title, words, tone)
        self._services.thumbnails.look_again()

    def _on_separated(self, run: str, quick: str) -> None:
        title = self.tr("“{quick}” added").format(quick=visible(Path(quick).name))
        words = self.tr("This is Quick's model from before fine-tuning. “{name}” stays as it is.")
        self.page.notice.show_message(title, words.format(name=visible(Path(run).name)), "success")

    # --- Messages -------------------------------------------------------------------------------------------------

    def _show_refusal(self, sentence: str) -> None:
        self.page_wanted.emit()
        self.page.notice.show_message(self.tr("That didn't work"), sentence)

    def _on_training_changed(self) -> None:
        state = self._services.training.state
        self.page.show_training(state.run if state is not None and state.is_running else "")


START = PageFeature(
    "start", StartPart, icon="start", title=lambda: QCoreApplication.translate("features", "&Start"), shortcut="Ctrl+1"
)
