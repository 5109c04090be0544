"""The current model: chosen on any page, shown on all, and remembered."""

from collections.abc import Sequence

from msgspec.structs import replace
from PySide6.QtCore import QObject, QSettings, Signal

from xception_gui.domain.messages.models import RunSummary
from xception_gui.ui.models.model_list import ModelList

CURRENT_MODEL = "models/current"
"""Setting: the model that was chosen last."""


class CurrentModel(QObject):
    """Keeps the current model: always one of the list that can predict, if there is one.

    Signals:
        changed: another model is the current one, or its summary has changed.
        choice_changed: list[RunSummary], the models to choose from, str | None, the path of the current one; the list
            or the current one may have changed.
    """

    changed = Signal()
    choice_changed = Signal(list, object)

    def __init__(self, models: ModelList, settings: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._models = models
        self._settings = settings
        self.summary: RunSummary | None = None
        self._expected = ""  # path of a model that isn't in the list yet
        models.changed.connect(self._on_listed)
        models.thrown_away.connect(self._on_thrown_away)

    @property
    def path(self) -> str:
        """The folder of its run; empty: there is no model."""
        return self.summary.path if self.summary is not None else ""

    def choose(self, summary: RunSummary) -> None:
        """Make a model the current one, also after a restart."""
        self._settings.setValue(CURRENT_MODEL, summary.path)
        self._become(summary)

    def expect(self, run: str) -> None:
        """Make a newly trained model the current one as soon as the list contains it."""
        self._expected = run

    def follow_renaming(self, old: str, new: str) -> None:
        """Update the path of a model that was renamed. Whatever is stored by its path must be updated before."""
        if self._settings.value(CURRENT_MODEL, "") == old:
            self._settings.setValue(CURRENT_MODEL, new)
        if self._expected == old:
            self._expected = new
        if self.summary is not None and self.path == old:
            self._become(replace(self.summary, path=new))

    def _become(self, summary: RunSummary | None) -> None:
        if summary != self.summary:
            self.summary = summary
            self.changed.emit()
            self._tell_choice()

    def _tell_choice(self) -> None:
        self.choice_changed.emit(self._models.with_models(), self.path or None)

    def _on_listed(self) -> None:
        models = self._models.with_models()
        expected = next((model for model in models if model.path == self._expected), None)
        if expected is not None:
            self._expected = ""
            self.choose(expected)
        elif self._models.is_known:
            self._become(current_of(models, self.path, str(self._settings.value(CURRENT_MODEL, ""))))
        self._tell_choice()

    def _on_thrown_away(self, run: str) -> None:
        if self._settings.value(CURRENT_MODEL, "") == run:
            self._settings.remove(CURRENT_MODEL)


def current_of(models: Sequence[RunSummary], present: str, remembered: str) -> RunSummary | None:
    """Decide which model is the current one: the present one, else the one chosen last, else the newest.

    A model that is found again, such as on a drive that was reconnected, does not replace the present one, which may be
    in use.

    Args:
        models: that can predict, the newest first.
        present: path of the current one so far; empty: there is none.
        remembered: path of the one chosen last, perhaps in an earlier session; empty: there is none.
    """
    by_path = {model.path: model for model in models}
    newest = models[0] if models else None
    return by_path.get(present) or by_path.get(remembered) or newest
