"""Predictions of a model, by class names, as the command line prints them."""

from collections.abc import Iterable

from xception_gui.cli.documents import named
from xception_gui.domain.messages.base import Message
from xception_gui.domain.messages.using import ModelOpened, PicturePredicted
from xception_gui.domain.predictions import PicturePrediction


def answers_in(events: Iterable[Message]) -> list[PicturePrediction]:
    """Return the predictions in the events of `predict`."""
    told = list(events)
    (classes,) = [event.classes for event in told if isinstance(event, ModelOpened)]
    return named([event for event in told if isinstance(event, PicturePredicted)], classes)
