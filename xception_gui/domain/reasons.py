"""Reasons why a file is skipped, as codes; `words/reasons.py` has their texts."""

from enum import StrEnum

from xception_gui.domain.messages.dataset import LeftOut


class Reason(StrEnum):
    """Why a file is skipped."""

    HIDDEN = "hidden"
    SYSTEM = "system"
    SIDECAR = "sidecar"
    OUTSIDE_CLASSES = "outside-classes"
    OUTSIDE_PARTS = "outside-parts"
    NOT_A_FILE = "not-a-file"
    BROKEN_LINK = "broken-link"
    LINK_LOOP = "link-loop"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    NOT_A_PICTURE = "not-a-picture"
    FAILED_DOWNLOAD = "failed-download"
    LFS_POINTER = "lfs-pointer"
    ONLY_ZEROS = "only-zeros"
    OTHER_FORMAT = "other-format"
    VIDEO = "video"
    ARCHIVE = "archive"
    OTHER_CONTENT = "other-content"
    DAMAGED = "damaged"
    TOO_LARGE = "too-large"
    TOO_MANY_PIXELS = "too-many-pixels"
    TOO_DEMANDING = "too-demanding"
    NO_MEMORY = "no-memory"
    DUPLICATE = "duplicate"
    DUPLICATE_ACROSS_CLASSES = "duplicate-across-classes"
    CLASS_TOO_SMALL = "class-too-small"
    CLASS_NOT_TRAINED = "class-not-trained"
    CLASS_UNKNOWN = "class-unknown"
    CLASS_SPELLED_DIFFERENTLY = "class-spelled-differently"
    MISSING = "missing"
    CHANGED = "changed"


def left_out(path: str, reason: Reason, detail: str = "") -> LeftOut:
    """Return a skipped file with its reason."""
    return LeftOut(path, reason.value, detail)
