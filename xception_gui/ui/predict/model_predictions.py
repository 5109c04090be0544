"""What there is of one model while the window is open: its results, and what waits to be predicted with it."""

from collections import deque
from dataclasses import dataclass, field

from xception_gui.domain.messages.base import Failed
from xception_gui.domain.messages.models import RunSummary
from xception_gui.ui.predict.prediction_store import PredictionStore

Drop = tuple[str, ...]
"""Paths of files and folders that came together."""


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

    def lacks(self, paths: list[str]) -> Drop:
        """Give those pictures of which there is no result."""
        return tuple(path for path in paths if path not in self.results)


@dataclass(frozen=True, slots=True)
class Offer:
    """Pictures of which there are results already, and that could be predicted with the current model as well."""

    model: RunSummary  # which has predicted them
    pictures: Drop
    is_older: bool = False  # it was the current model, before it trained on


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was cleared, so that it can be brought back."""

    of: ModelPredictions
    results: PredictionStore
    drops: tuple[Drop, ...]  # that were at work or waiting
    failure: Failed | None
    made_by: tuple[float | None, float | None] | None


def is_same_model(one: RunSummary, other: RunSummary) -> bool:
    """Say whether two summaries are of one model: its place alone may be another one's by now."""
    return (one.path, one.created, one.classes) == (other.path, other.created, other.classes)


def figures_of(model: RunSummary) -> tuple[float | None, float | None]:
    """Give what changes whenever a model's training goes on."""
    return model.val_accuracy, model.val_log_loss
