"""What there is of one model while the window is open: its results, and what waits to be predicted with it."""

from collections import deque
from dataclasses import dataclass, field, replace

from msgspec.structs import replace as replace_fields

from xception_gui.domain.messages.base import Failed
from xception_gui.domain.messages.models import RunSummary
from xception_gui.ui.predict.drops import Drop
from xception_gui.ui.predict.prediction_store import PredictionStore


@dataclass(slots=True, eq=False)
class ModelPredictions:
    """The results of a model, kept when another one is chosen."""

    model: RunSummary
    results: PredictionStore = field(default_factory=PredictionStore)
    waiting: deque[Drop] = field(default_factory=deque)
    failure: Failed | None = None  # why what waits is not predicted
    made_by: tuple[float | None, float | None] | None = None  # the figures of the model as it was for its results

    @property
    def is_of_an_older_model(self) -> bool:
        """Whether the model has trained on since its results were made."""
        return len(self.results) > 0 and self.made_by != figures_of(self.model)

    @property
    def is_ready(self) -> bool:
        """Whether something can be predicted with it."""
        return bool(self.waiting) and self.failure is None

    def clear(self, drops: tuple[Drop, ...]) -> "Cleared | None":
        """Forget the results and a failure. Returns what brings them back, None where there was nothing.

        Args:
            drops: that were at work or waiting.
        """
        had_any = bool(drops) or self.failure is not None or len(self.results) > 0
        cleared = Cleared(self, self.results, drops, self.failure, self.made_by) if had_any else None
        self.results, self.failure, self.made_by = PredictionStore(), None, None
        return cleared

    def lacks(self, paths: list[str]) -> Drop:
        """Return those pictures of which there is no result."""
        return tuple(path for path in paths if path not in self.results)


@dataclass(frozen=True, slots=True)
class Offer:
    """Pictures of which there are results already, and that could be predicted with the current model as well."""

    model: RunSummary  # which has predicted them
    pictures: Drop
    is_older: bool = False  # it was the current model, before it trained on

    def after_renaming(self, old: str, new: str) -> "Offer":
        """Return it after a model's folder has got another name."""
        return replace(self, model=replace_fields(self.model, path=new)) if self.model.path == old else self


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was cleared, so that it can be brought back."""

    of: ModelPredictions
    results: PredictionStore
    drops: tuple[Drop, ...]  # that were at work or waiting
    failure: Failed | None
    made_by: tuple[float | None, float | None] | None

    def bring_back(self) -> None:
        """Undo it."""
        self.of.results, self.of.failure, self.of.made_by = self.results, self.failure, self.made_by
        self.of.waiting.extend(self.drops)


def predictions_of(models: list[ModelPredictions], summary: RunSummary) -> ModelPredictions:
    """Return what there is of a model, as its summary tells of it now; one that is new is added."""
    found = next((one for one in models if is_same_model(one.model, summary)), None)
    if found is None:
        found = ModelPredictions(summary)
        models.append(found)
    found.model = summary
    return found


def is_same_model(one: RunSummary, other: RunSummary) -> bool:
    """Return whether two summaries are of one model: its place alone may be another one's by now."""
    return (one.path, one.created, one.classes) == (other.path, other.created, other.classes)


def figures_of(model: RunSummary) -> tuple[float | None, float | None]:
    """Return what changes whenever a model's training goes on."""
    return model.val_accuracy, model.val_log_loss
