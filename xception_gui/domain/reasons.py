"""Why a file is left out, and what else is odd about a data set, in words."""

from enum import StrEnum

from xception_gui.domain.errors import QT_TRANSLATE_NOOP
from xception_gui.domain.messages import LeftOut


def _text(text: str) -> str:
    return QT_TRANSLATE_NOOP("reasons", text)


class Reason(StrEnum):
    """Why a file is left out."""

    HIDDEN = "hidden"
    OUTSIDE_CLASSES = "outside-classes"
    NOT_A_FILE = "not-a-file"
    BROKEN_LINK = "broken-link"
    LINK_LOOP = "link-loop"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    NOT_A_PICTURE = "not-a-picture"
    DAMAGED = "damaged"
    TOO_LARGE = "too-large"
    TOO_MANY_PIXELS = "too-many-pixels"
    DUPLICATE = "duplicate"
    DUPLICATE_ACROSS_CLASSES = "duplicate-across-classes"
    CLASS_TOO_SMALL = "class-too-small"
    CLASS_NOT_TRAINED = "class-not-trained"
    CLASS_UNKNOWN = "class-unknown"
    MISSING = "missing"
    CHANGED = "changed"


REASONS: dict[Reason, str] = {
    Reason.HIDDEN: _text("It is a hidden file or in a hidden folder."),
    Reason.OUTSIDE_CLASSES: _text("It lies beside the class folders, not in one of them."),
    Reason.NOT_A_FILE: _text("It is a device, a pipe or a socket, not a file."),
    Reason.BROKEN_LINK: _text("It is a link to something that is not there."),
    Reason.LINK_LOOP: _text("It is a link to a folder that is read already."),
    Reason.UNREADABLE: _text("It can't be read: {detail}."),
    Reason.EMPTY: _text("It is empty: 0 bytes."),
    Reason.NOT_A_PICTURE: _text("It is not a picture that this program can read."),
    Reason.DAMAGED: _text("It is damaged or cut short: {detail}."),
    Reason.TOO_LARGE: _text("It is larger than {detail}, more than a picture should be."),
    Reason.TOO_MANY_PIXELS: _text("It has {detail} pixels, more than can be opened safely."),
    Reason.DUPLICATE: _text("It is the same picture as “{detail}”."),
    Reason.DUPLICATE_ACROSS_CLASSES: _text("The same picture lies in another class too: “{detail}”."),
    Reason.CLASS_TOO_SMALL: _text("Its class has fewer than two usable pictures to learn from and be tested on."),
    Reason.CLASS_NOT_TRAINED: _text("Its class is not in the training folder."),
    Reason.CLASS_UNKNOWN: _text("The model doesn't know its class “{detail}”."),
    Reason.MISSING: _text("There is no such file."),
    Reason.CHANGED: _text("It was changed since the training."),
}


def left_out(path: str, reason: Reason, detail: str = "") -> LeftOut:
    """Say that `path` is left out, and why."""
    return LeftOut(path=path, reason=REASONS[reason].replace("{detail}", detail), code=reason.value)
