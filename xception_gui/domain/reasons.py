"""Why a file is left out, and what else is odd about a data set, in words."""

from enum import StrEnum

from xception_gui.domain.errors import QT_TRANSLATE_NOOP
from xception_gui.domain.messages.dataset import LeftOut


class Reason(StrEnum):
    """Why a file is left out."""

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


REASONS: dict[Reason, str] = {
    Reason.HIDDEN: QT_TRANSLATE_NOOP("reasons", "It is a hidden file or in a hidden folder."),
    Reason.SYSTEM: QT_TRANSLATE_NOOP("reasons", "It belongs to the system or to another program."),
    Reason.SIDECAR: QT_TRANSLATE_NOOP("reasons", "It is a file about pictures, not a picture."),
    Reason.OUTSIDE_PARTS: QT_TRANSLATE_NOOP(
        "reasons", "It lies beside the folders for training, validation and testing."
    ),
    Reason.OUTSIDE_CLASSES: QT_TRANSLATE_NOOP("reasons", "It lies beside the class folders, not in one of them."),
    Reason.NOT_A_FILE: QT_TRANSLATE_NOOP("reasons", "It is a device, a pipe or a socket, not a file."),
    Reason.BROKEN_LINK: QT_TRANSLATE_NOOP("reasons", "It is a link to something that is not there."),
    Reason.LINK_LOOP: QT_TRANSLATE_NOOP("reasons", "It is a link to a folder that is read already."),
    Reason.UNREADABLE: QT_TRANSLATE_NOOP("reasons", "It can't be read: {detail}."),
    Reason.EMPTY: QT_TRANSLATE_NOOP("reasons", "It is empty: 0 bytes. Copy or download it again."),
    Reason.NOT_A_PICTURE: QT_TRANSLATE_NOOP("reasons", "It is not a picture that this program can read."),
    Reason.FAILED_DOWNLOAD: QT_TRANSLATE_NOOP(
        "reasons", "It is {detail} instead of a picture: a download went wrong. Download the picture again."
    ),
    Reason.LFS_POINTER: QT_TRANSLATE_NOOP(
        "reasons", "It is a Git LFS pointer: the picture itself wasn't downloaded. Run “git lfs pull” where it is from."
    ),
    Reason.ONLY_ZEROS: QT_TRANSLATE_NOOP(
        "reasons", "It begins with nothing but zeros: its contents were lost on the way. Copy or download it again."
    ),
    Reason.OTHER_FORMAT: QT_TRANSLATE_NOOP(
        "reasons", "It is {detail}, which can't be read here. Save it as JPEG or PNG, and use that."
    ),
    Reason.VIDEO: QT_TRANSLATE_NOOP(
        "reasons", "It is a video. Save single pictures of it as JPEG or PNG, and use those."
    ),
    Reason.ARCHIVE: QT_TRANSLATE_NOOP("reasons", "It is {detail}. Unpack it, and use the pictures in it."),
    Reason.OTHER_CONTENT: QT_TRANSLATE_NOOP(
        "reasons", "It is {detail}, not a picture. If there should be a picture here, copy or download it again."
    ),
    Reason.DAMAGED: QT_TRANSLATE_NOOP("reasons", "It is damaged or cut short: {detail}."),
    Reason.TOO_LARGE: QT_TRANSLATE_NOOP("reasons", "It is larger than {detail}, more than a picture should be."),
    Reason.TOO_MANY_PIXELS: QT_TRANSLATE_NOOP("reasons", "It has {detail} pixels, more than can be opened safely."),
    Reason.TOO_DEMANDING: QT_TRANSLATE_NOOP("reasons", "Opening it would take {detail}, more than is safe."),
    Reason.NO_MEMORY: QT_TRANSLATE_NOOP(
        "reasons", "There is not enough memory to open it now. Close other programs, then try again."
    ),
    Reason.DUPLICATE: QT_TRANSLATE_NOOP("reasons", "It is the same picture as “{detail}”."),
    Reason.DUPLICATE_ACROSS_CLASSES: QT_TRANSLATE_NOOP(
        "reasons", "The same picture lies in another class too: “{detail}”."
    ),
    Reason.CLASS_TOO_SMALL: QT_TRANSLATE_NOOP(
        "reasons", "Its class has fewer than two usable pictures to learn from and be tested on."
    ),
    Reason.CLASS_NOT_TRAINED: QT_TRANSLATE_NOOP("reasons", "Its class is not in the training folder."),
    Reason.CLASS_UNKNOWN: QT_TRANSLATE_NOOP("reasons", "The model doesn't know its class “{detail}”."),
    Reason.CLASS_SPELLED_DIFFERENTLY: QT_TRANSLATE_NOOP(
        "reasons", "Its class only looks like “{detail}”: the names are spelled differently."
    ),
    Reason.MISSING: QT_TRANSLATE_NOOP("reasons", "There is no such file."),
    Reason.CHANGED: QT_TRANSLATE_NOOP("reasons", "It was changed since the training."),
}


def left_out(path: str, reason: Reason, detail: str = "") -> LeftOut:
    """Say that `path` is left out, and why."""
    return LeftOut(path=path, reason=REASONS[reason].replace("{detail}", detail), code=reason.value, detail=detail)


def words_on_untested(missing: int, pictures: int) -> str:
    """Say that pictures became unreadable before the model was tested on them."""
    return (
        f"{missing} of {pictures} test pictures can't be read any more: they were moved, changed or unplugged since they "
        "were checked. The model is tested on the others."
    )


def words_on_unreadable(missing: int, pictures: int) -> str:
    """Say that pictures became unreadable while a training reads them."""
    return (
        f"{missing} of {pictures} pictures can't be read any more: they were moved, changed or unplugged since they "
        "were checked. The training goes on with the others."
    )
