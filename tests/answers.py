"""What a model has said of pictures, by the names of its classes, as the command line tells it."""

from collections.abc import Iterable

from xception_gui.cli.documents import named
from xception_gui.domain.messages.base import Message
from xception_gui.domain.messages.using import ModelOpened, PicturePredicted
from xception_gui.domain.predictions import PicturePrediction


def answers_in(events: Iterable[Message]) -> list[PicturePrediction]:
    """Pick the predictions out of what `predict` has told."""
    told = list(events)
    (classes,) = [event.classes for event in told if isinstance(event, ModelOpened)]
    return named([event for event in told if isinstance(event, PicturePredicted)], classes)
