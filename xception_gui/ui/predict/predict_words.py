"""Texts of the page *Predict* about models, classes and progress."""

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
LONGEST_NAME = 130  # pixels for the name of a model in a longer text


def model_words(model: RunSummary) -> str:
    """Return how many classes a model has and how good the model is."""
    classes = QCoreApplication.translate("predictions", "{n} classes").format(n=texts.number(len(model.classes)))
    if model.val_accuracy is None:
        return classes
    return f"{classes} · {texts.right_on_new(model.val_accuracy, model.val_images)}"


def quoted(name: str) -> str:
    """Shorten the name of a model for a button or a bar, in its middle."""
    metrics = QFontMetrics(theme.font(14, QFont.Weight.DemiBold))
    return metrics.elidedText(visible(name), Qt.TextElideMode.ElideMiddle, LONGEST_NAME)


def pictures(count: int) -> str:
    """Return “1 picture” or “{n} pictures”."""
    if count == 1:
        return QCoreApplication.translate("predictions", "1 picture")
    return QCoreApplication.translate("predictions", "{n} pictures").format(n=texts.number(count))


def offer_words(offer: Offer) -> str:
    """Say which model has classified the pictures already."""
    name, count = quoted(PurePath(offer.model.path).name), pictures(len(offer.pictures))
    if offer.is_older:
        words = QCoreApplication.translate(
            "predictions", "“{name}” has been trained further since it classified {pictures}."
        )
    else:
        words = QCoreApplication.translate("predictions", "“{name}” has classified {pictures}.")
    return words.format(name=name, pictures=count)


def same_words(offer: Offer, model: RunSummary) -> str:
    """Offer to classify the same pictures with the current model."""
    if offer.is_older:
        return QCoreApplication.translate("predictions", "Classify again")
    if len(offer.pictures) == 1:
        words = QCoreApplication.translate("predictions", "Classify the same picture with “{name}”")
    else:
        words = QCoreApplication.translate("predictions", "Classify the same pictures with “{name}”")
    return words.format(name=quoted(PurePath(model.path).name))


def cleared_words(count: int) -> str:
    """Say how many predictions were cleared."""
    if count == 0:
        return QCoreApplication.translate("predictions", "The waiting pictures were cleared.")
    if count == 1:
        return QCoreApplication.translate("predictions", "1 prediction was cleared.")
    return QCoreApplication.translate("predictions", "{n} predictions were cleared.").format(n=texts.number(count))


def split_after_first_sentence(text: str) -> tuple[str, str]:
    """Split a text into its first sentence (what happened) and the rest (why, and what to do)."""
    first, *others = re.split(r"(?<=[.!?])\s+|(?<=[。！？])\s*", text.strip(), maxsplit=1)
    return first, "".join(others)


def class_words(classes: Sequence[str]) -> str:
    """List classes in a sentence: “ants, bees and wasps”; of many, the first ones and how many more there are."""
    names = [visible(name) for name in classes]
    *named, last = names if len(names) <= MAX_CLASSES_NAMED else [*names[:MAX_CLASSES_NAMED], _more(names)]
    if not named:
        return last
    words = QCoreApplication.translate("predictions", "{classes} and {last}")
    return words.format(classes=", ".join(named), last=last)


def _more(names: Sequence[str]) -> str:
    return QCoreApplication.translate("predictions", "{n} more").format(n=texts.number(len(names) - MAX_CLASSES_NAMED))


def progress_words(done: int, total: int, rate: float | None, seconds_left: float | None) -> str:
    """Return progress, speed and time left.

    Args:
        done: pictures.
        total: pictures.
        rate: pictures per second, None if not known yet.
        seconds_left: None if not known yet.
    """
    if done == 0:
        return QCoreApplication.translate("predictions", "Opening the model…")
    said = QCoreApplication.translate("predictions", "{n} of {total} classified")
    parts = [said.format(n=texts.number(done), total=texts.number(total))]
    if rate is not None:
        per_second = QLocale().toString(rate, "f", 0 if rate >= 9.5 else 1)
        parts.append(QCoreApplication.translate("predictions", "{n} pictures/s").format(n=per_second))
    if seconds_left is not None and done < total:
        left = QCoreApplication.translate("predictions", "{time} left")
        parts.append(left.format(time=texts.duration(seconds_left)))
    return " · ".join(parts)
