"""The data of the plots of a training, computed from its state. No Qt."""

import csv
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from xception_gui.domain.messages.training import EpochFinished
from xception_gui.domain.run_state import RunState, smoothed

Points = tuple[tuple[float, float], ...]
"""x and y of each point."""


class Quantity(StrEnum):
    """The plotted quantity."""

    LOSS = "loss"
    ACCURACY = "accuracy"


@dataclass(frozen=True, slots=True)
class Curves:
    """The curves of one plot."""

    quantity: Quantity
    against_images: bool  # x counts pictures (Quick); else epochs
    end: float  # of the x axis: all pictures or planned epochs
    batches: Points = ()  # training, each batch
    smooth: Points = ()  # the same, smoothed
    training: Points = ()  # training, each epoch or fit
    validation: Points = ()
    best: float | None = None  # x of the best epoch
    quick: float | None = None  # y of Quick's model on the validation pictures, if the network is trained from it
    forecast: tuple[float, float] | None = None  # y that a trial before the training let expect: low and high
    firm_from: float = 0.0  # x; points before it are preliminary

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw yet."""
        return not (self.batches or self.training or self.validation)


def curves_of(state: RunState, quantity: Quantity) -> Curves:
    """Return the curves of a training."""
    of_training, of_validation, of_batch = (
        ("loss", "val_loss", "loss") if quantity is Quantity.LOSS else ("accuracy", "val_accuracy", "accuracy")
    )
    quick = not state.recipe.trains_network

    def x_of(epoch: EpochFinished) -> float:
        return float(epoch.images if quick else epoch.epoch)

    def points(pairs: Iterable[tuple[float, float | None]]) -> Points:
        return tuple((x, float(y)) for x, y in pairs if y is not None and _can_be_drawn(y, quantity))

    raw = points((b.epoch - 1 + b.step / b.steps, getattr(b, of_batch)) for b in state.batches)
    strong = zip((x for x, _ in raw), smoothed(tuple(y for _, y in raw)), strict=True)
    best = state.best
    firm = (x_of(epoch) for epoch in state.epochs if not epoch.preliminary)
    start = next((getattr(epoch, of_validation) for epoch in state.epochs if epoch.epoch == 0), None)
    return Curves(
        quantity=quantity,
        against_images=quick,
        end=float(state.train_images or max((e.images for e in state.epochs), default=1)) if quick else _planned(state),
        batches=raw,
        smooth=tuple(strong),
        training=points((x_of(e), getattr(e, of_training)) for e in state.epochs),
        validation=points((x_of(e), getattr(e, of_validation)) for e in state.epochs),
        best=x_of(best) if best is not None and not quick else None,
        forecast=_forecast(state, start) if quantity is Quantity.ACCURACY else None,
        quick=start if not quick and start is not None and _can_be_drawn(start, quantity) else None,
        firm_from=next(firm, math.inf),
    )


def only_validation(curves: Curves) -> Curves:
    """Return the curves without those of training."""
    return replace(curves, batches=(), smooth=(), training=())


def _can_be_drawn(value: float, quantity: Quantity) -> bool:
    """Return whether a value fits into the plot: finite, and at most 1 for an accuracy."""
    most = math.inf if quantity is Quantity.LOSS else 1.001
    return 0 <= value < most


def _forecast(state: RunState, quick: float | None) -> tuple[float, float] | None:
    """Return the range of the accuracy that was forecast for the network, given that of Quick's model."""
    if quick is None or state.forecast is None:
        return None
    low, high = (min(1.0, max(0.0, quick + points / 100)) for points in state.forecast)
    return low, high


def _planned(state: RunState) -> float:
    return float(state.planned_epochs or 1)


def table(curves: Curves) -> str:
    """Return the curves as CSV: x, each batch, training, validation."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    name = curves.quantity.value
    rows.writerow(["images" if curves.against_images else "epoch", f"{name}_batch", name, f"val_{name}"])
    by_batch, training, validation = dict(curves.batches), dict(curves.training), dict(curves.validation)
    for x in sorted({*by_batch, *training, *validation}):
        rows.writerow([x, by_batch.get(x, ""), training.get(x, ""), validation.get(x, "")])
    return text.getvalue()


def values_near(curves: Curves, x: float, *, by_batch: bool) -> tuple[float, float | None, float | None] | None:
    """Return the values near a place on the x axis: the nearest x that has values, its training and validation value.

    Args:
        curves: of the plot.
        x: where the pointer is.
        by_batch: whether training is shown by batch, smoothed; else by epoch.
    """
    training = dict(curves.smooth if by_batch and curves.smooth else curves.training)
    validation = dict(curves.validation)
    places = [*training, *validation]
    if not places:
        return None
    nearest = min(places, key=lambda place: abs(place - x))
    return nearest, training.get(nearest), validation.get(nearest)
