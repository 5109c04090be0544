"""What the page *Predict* says of models, classes and progress."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from PySide6.QtCore import QCoreApplication, QLocale

from xception_gui.domain.messages import RunSummary
from xception_gui.domain.visible import visible
from xception_gui.ui import texts

MOST_CLASSES_NAMED = 12


def model_words(model: RunSummary) -> str:
    """Say what a model knows and how good it is."""
    classes = QCoreApplication.translate("predictions", "{n} classes").format(n=texts.number(len(model.classes)))
    if model.val_accuracy is None:
        return classes
    return f"{classes} · {texts.right_on_new(model.val_accuracy, model.val_images)}"


def model_names(paths: Sequence[str]) -> list[str]:
    """Name models by their folders; those of the same name also by the folder they lie in."""
    names = [PurePath(path).name for path in paths]
    return [
        visible(f"{name} ({PurePath(path).parent.name})" if names.count(name) > 1 else name)
        for name, path in zip(names, paths, strict=True)
    ]


def split_after_first_sentence(text: str) -> tuple[str, str]:
    """Split a text into what has happened and the rest, which says why and what to do."""
    first, *others = re.split(r"(?<=[.!?])\s+|(?<=[。！？])\s*", text.strip(), maxsplit=1)
    return first, "".join(others)


def class_words(classes: Sequence[str]) -> str:
    """Name classes, the first ones of many."""
    named = ", ".join(map(visible, classes[:MOST_CLASSES_NAMED]))
    others = len(classes) - MOST_CLASSES_NAMED
    if others <= 0:
        return named
    return QCoreApplication.translate("predictions", "{classes} and {n} more").format(classes=named, n=others)


def progress_words(done: int, total: int, rate: float | None, seconds_left: float | None) -> str:
    """Say how far it is, how fast it goes and how long it will take.

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
