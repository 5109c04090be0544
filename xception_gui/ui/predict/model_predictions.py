"""The predictions of one model while the window is open, and the drops waiting for it."""

from collections import deque
from dataclasses import dataclass, field, replace

from msgspec.structs import replace as replace_fields

from xception_gui.domain.messages.base import Failed
from xception_gui.domain.messages.models import RunSummary
from xception_gui.domain.messages.training import Notice
from xception_gui.ui.predict.drops import Drop
from xception_gui.ui.predict.prediction_store import PredictionStore


@dataclass(slots=True, eq=False)
class ModelPredictions:
    """The results of a model, kept when another one is chosen."""

    model: RunSummary
    results: PredictionStore = field(default_factory=PredictionStore)
    waiting: deque[Drop] = field(default_factory=deque)
    failure: Failed | None = None  # why the waiting drops are not classified
    notice: Notice | None = None  # what to know about the model's predictions
    made_by: tuple[float | None, float | None] | None = None  # the model's figures when its results were made

    @property
    def is_of_an_older_model(self) -> bool:
        """Whether the model has been trained further since its results were made."""
        return len(self.results) > 0 and self.made_by != figures_of(self.model)

    @property
    def is_ready(self) -> bool:
        """Whether a waiting drop can be classified."""
        return bool(self.waiting) and self.failure is None

    def clear(self, drops: tuple[Drop, ...]) -> "Cleared | None":
        """Clear the results and a failure. Returns what is needed to bring them back, None if there was nothing.

        Args:
            drops: that were being classified or waiting.
        """
        had_any = bool(drops) or self.failure is not None or len(self.results) > 0
        cleared = Cleared(self, self.results, drops, self.failure, self.made_by) if had_any else None
        self.results, self.failure, self.made_by = PredictionStore(), None, None
        return cleared

    def lacks(self, paths: list[str]) -> Drop:
        """Return the pictures that have no result."""
        return tuple(path for path in paths if path not in self.results)


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer to classify pictures with the current model that have results from another model already."""

    model: RunSummary  # that has classified them
    pictures: Drop
    is_older: bool = False  # the results are of the current model, before it was trained further

    def after_renaming(self, old: str, new: str) -> "Offer":
        """Return the offer after a model's folder was renamed."""
        return replace(self, model=replace_fields(self.model, path=new)) if self.model.path == old else self


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was cleared, so that it can be brought back."""

    of: ModelPredictions
    results: PredictionStore
    drops: tuple[Drop, ...]  # that were being classified or waiting
    failure: Failed | None
    made_by: tuple[float | None, float | None] | None

    def bring_back(self) -> None:
        """Undo it."""
        self.of.results, self.of.failure, self.of.made_by = self.results, self.failure, self.made_by
        self.of.waiting.extend(self.drops)


def predictions_of(models: list[ModelPredictions], summary: RunSummary) -> ModelPredictions:
    """Return the predictions of a model, with its summary updated; a new model is added."""
    found = next((one for one in models if is_same_model(one.model, summary)), None)
    if found is None:
        found = ModelPredictions(summary)
        models.append(found)
    found.model = summary
    return found


def is_same_model(one: RunSummary, other: RunSummary) -> bool:
    """Return whether two summaries are of one model. The path alone isn't enough: another model may be there by now."""
    return (one.path, one.created, one.classes) == (other.path, other.created, other.classes)


def figures_of(model: RunSummary) -> tuple[float | None, float | None]:
    """Return figures that change whenever a model is trained further."""
    return model.val_accuracy, model.val_log_loss
