"""What the page *Predict* says of models, classes and progress."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtGui import QFont, QFontMetrics

from xception_gui.domain.messages.models import RunSummary
from xception_gui.domain.visible import visible
from xception_gui.ui.kit import texts, theme
from xception_gui.ui.predict.model_predictions import Offer

MAX_CLASSES_NAMED = 12
LONGEST_NAME = 130  # pixels of a model, where it is one word of several


def model_words(model: RunSummary) -> str:
    """Return what a model knows and how good it is."""
    classes = QCoreApplication.translate("predictions", "{n} classes").format(n=texts.number(len(model.classes)))
    if model.val_accuracy is None:
        return classes
    return f"{classes} · {texts.right_on_new(model.val_accuracy, model.val_images)}"


def quoted(name: str) -> str:
    """Name a model in the words of a button or a bar: the middle of a long name is left out."""
    metrics = QFontMetrics(theme.font(14, QFont.Weight.DemiBold))
    return metrics.elidedText(visible(name), Qt.TextElideMode.ElideMiddle, LONGEST_NAME)


def pictures(count: int) -> str:
    """Count pictures."""
    if count == 1:
        return QCoreApplication.translate("predictions", "1 picture")
    return QCoreApplication.translate("predictions", "{n} pictures").format(n=texts.number(count))


def offer_words(offer: Offer) -> str:
    """Return whose results there are already."""
    name, count = quoted(PurePath(offer.model.path).name), pictures(len(offer.pictures))
    if offer.is_older:
        words = QCoreApplication.translate("predictions", "“{name}” has trained on since it predicted {pictures}.")
    else:
        words = QCoreApplication.translate("predictions", "“{name}” has predicted {pictures}.")
    return words.format(name=name, pictures=count)


def same_words(offer: Offer, model: RunSummary) -> str:
    """Offer to predict the same pictures with the current model."""
    if offer.is_older:
        return QCoreApplication.translate("predictions", "Predict them again")
    words = QCoreApplication.translate("predictions", "Predict the same {pictures} with “{name}”")
    return words.format(pictures=pictures(len(offer.pictures)), name=quoted(PurePath(model.path).name))


def cleared_words(count: int) -> str:
    """Return what was cleared."""
    if count == 0:
        return QCoreApplication.translate("predictions", "What was to be predicted was cleared.")
    if count == 1:
        return QCoreApplication.translate("predictions", "1 result was cleared.")
    return QCoreApplication.translate("predictions", "{n} results were cleared.").format(n=texts.number(count))


def split_after_first_sentence(text: str) -> tuple[str, str]:
    """Split a text into what has happened and the rest, which says why and what to do."""
    first, *others = re.split(r"(?<=[.!?])\s+|(?<=[。！？])\s*", text.strip(), maxsplit=1)
    return first, "".join(others)


def class_words(classes: Sequence[str]) -> str:
    """Name classes, the first ones of many."""
    named = ", ".join(map(visible, classes[:MAX_CLASSES_NAMED]))
    others = len(classes) - MAX_CLASSES_NAMED
    if others <= 0:
        return named
    return QCoreApplication.translate("predictions", "{classes} and {n} more").format(classes=named, n=others)


def progress_words(done: int, total: int, rate: float | None, seconds_left: float | None) -> str:
    """Return how far it is, how fast it goes and how long it will take.

    Args:
        done: pictures.
        total: pictures.
        rate: pictures a second, None where that can't be said yet.
        seconds_left: None where that can't be said yet.
    """
    if done == 0:
        return QCoreApplication.translate("predictions", "Opening the model…")
    said = QCoreApplication.translate("predictions", "predicted {n} of {total}")
    parts = [said.format(n=texts.number(done), total=texts.number(total))]
    if rate is not None:
        per_second = QLocale().toString(rate, "f", 0 if rate >= 9.5 else 1)
        parts.append(QCoreApplication.translate("predictions", "{n} pictures/s").format(n=per_second))
    if seconds_left is not None and done < total:
        left = QCoreApplication.translate("predictions", "{time} left")
        parts.append(left.format(time=texts.duration(seconds_left)))
    return " · ".join(parts)
