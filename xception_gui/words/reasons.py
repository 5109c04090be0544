"""What is said of each reason for which a file is left out, or a picture can't be shown."""

from dataclasses import dataclass

from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Details
from xception_gui.domain.messages.dataset import LeftOut
from xception_gui.domain.reasons import Reason
from xception_gui.domain.translation import QT_TRANSLATE_NOOP
from xception_gui.words.errors import error_text
from xception_gui.words.filling import Translate, fill_in, in_english
from xception_gui.words.findings import finding_text


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """A reason in few words, and in a sentence with a place for its detail."""

    name: str
    sentence: str


def reason_name(code: str, translate: Translate = in_english) -> str:
    """Name a reason in few words; one of another release by its code."""
    return translate(REASONS[Reason(code)].name) if code in list(Reason) else code


def reason_text(file: LeftOut, translate: Translate = in_english) -> str:
    """Return why a file is left out. What has no words here, as it is of another release, has brought its own."""
    return file.reason or refusal_text(file.code, {"detail": file.detail}, translate)


def refusal_text(code: str, details: Details, translate: Translate = in_english) -> str:
    """Return why there is no picture: for a reason, or as writing failed."""
    if code in list(ErrorCode):
        text = error_text(ErrorCode(code), details, translate)
        return f"{text.what} {text.why}"
    if code == Reason.UNREADABLE:  # the details of all others are names, which may be spelled like a finding
        details = {name: finding_text(str(detail), {}, translate) for name, detail in details.items()}
    return fill_in(REASONS[Reason(code)].sentence, details, translate) if code in list(Reason) else code


REASONS: dict[Reason, ReasonWords] = {
    Reason.HIDDEN: ReasonWords(
        QT_TRANSLATE_NOOP("words", "hidden"),
        QT_TRANSLATE_NOOP("words", "It is a hidden file or in a hidden folder."),
    ),
    Reason.SYSTEM: ReasonWords(
        QT_TRANSLATE_NOOP("words", "of the system"),
        QT_TRANSLATE_NOOP("words", "It belongs to the system or to another program."),
    ),
    Reason.SIDECAR: ReasonWords(
        QT_TRANSLATE_NOOP("words", "about pictures"),
        QT_TRANSLATE_NOOP("words", "It is a file about pictures, not a picture."),
    ),
    Reason.OUTSIDE_PARTS: ReasonWords(
        QT_TRANSLATE_NOOP("words", "beside the parts"),
        QT_TRANSLATE_NOOP("words", "It lies beside the folders for training, validation and testing."),
    ),
    Reason.OUTSIDE_CLASSES: ReasonWords(
        QT_TRANSLATE_NOOP("words", "beside the class folders"),
        QT_TRANSLATE_NOOP("words", "It lies beside the class folders, not in one of them."),
    ),
    Reason.NOT_A_FILE: ReasonWords(
        QT_TRANSLATE_NOOP("words", "not a file"),
        QT_TRANSLATE_NOOP("words", "It is a device, a pipe or a socket, not a file."),
    ),
    Reason.BROKEN_LINK: ReasonWords(
        QT_TRANSLATE_NOOP("words", "broken link"),
        QT_TRANSLATE_NOOP("words", "It is a link to something that is not there."),
    ),
    Reason.LINK_LOOP: ReasonWords(
        QT_TRANSLATE_NOOP("words", "link to a folder read already"),
        QT_TRANSLATE_NOOP("words", "It is a link to a folder that is read already."),
    ),
    Reason.UNREADABLE: ReasonWords(
        QT_TRANSLATE_NOOP("words", "can't be read"),
        QT_TRANSLATE_NOOP("words", "It can't be read: {detail}."),
    ),
    Reason.EMPTY: ReasonWords(
        QT_TRANSLATE_NOOP("words", "empty"),
        QT_TRANSLATE_NOOP("words", "It is empty: 0 bytes. Copy or download it again."),
    ),
    Reason.NOT_A_PICTURE: ReasonWords(
        QT_TRANSLATE_NOOP("words", "not a picture"),
        QT_TRANSLATE_NOOP("words", "It is not a picture that this program can read."),
    ),
    Reason.FAILED_DOWNLOAD: ReasonWords(
        QT_TRANSLATE_NOOP("words", "failed download"),
        QT_TRANSLATE_NOOP(
            "words", "It is {detail} instead of a picture: a download went wrong. Download the picture again."
        ),
    ),
    Reason.LFS_POINTER: ReasonWords(
        QT_TRANSLATE_NOOP("words", "Git LFS pointer"),
        QT_TRANSLATE_NOOP(
            "words",
            "It is a Git LFS pointer: the picture itself wasn't downloaded. Run “git lfs pull” where it is from.",
        ),
    ),
    Reason.ONLY_ZEROS: ReasonWords(
        QT_TRANSLATE_NOOP("words", "only zeros"),
        QT_TRANSLATE_NOOP(
            "words", "It begins with nothing but zeros: its contents were lost on the way. Copy or download it again."
        ),
    ),
    Reason.OTHER_FORMAT: ReasonWords(
        QT_TRANSLATE_NOOP("words", "another format"),
        QT_TRANSLATE_NOOP("words", "It is {detail}, which can't be read here. Save it as JPEG or PNG, and use that."),
    ),
    Reason.VIDEO: ReasonWords(
        QT_TRANSLATE_NOOP("words", "video"),
        QT_TRANSLATE_NOOP("words", "It is a video. Save single pictures of it as JPEG or PNG, and use those."),
    ),
    Reason.ARCHIVE: ReasonWords(
        QT_TRANSLATE_NOOP("words", "archive"),
        QT_TRANSLATE_NOOP("words", "It is {detail}. Unpack it, and use the pictures in it."),
    ),
    Reason.OTHER_CONTENT: ReasonWords(
        QT_TRANSLATE_NOOP("words", "not a picture, but something else"),
        QT_TRANSLATE_NOOP(
            "words", "It is {detail}, not a picture. If there should be a picture here, copy or download it again."
        ),
    ),
    Reason.DAMAGED: ReasonWords(
        QT_TRANSLATE_NOOP("words", "damaged"),
        QT_TRANSLATE_NOOP("words", "It is damaged or cut short: {detail}."),
    ),
    Reason.TOO_LARGE: ReasonWords(
        QT_TRANSLATE_NOOP("words", "too large"),
        QT_TRANSLATE_NOOP("words", "It is larger than {detail}, more than a picture should be."),
    ),
    Reason.TOO_MANY_PIXELS: ReasonWords(
        QT_TRANSLATE_NOOP("words", "too many pixels"),
        QT_TRANSLATE_NOOP("words", "It has {detail} pixels, more than can be opened safely."),
    ),
    Reason.TOO_DEMANDING: ReasonWords(
        QT_TRANSLATE_NOOP("words", "too much to open"),
        QT_TRANSLATE_NOOP("words", "Opening it would take {detail}, more than is safe."),
    ),
    Reason.NO_MEMORY: ReasonWords(
        QT_TRANSLATE_NOOP("words", "not enough memory"),
        QT_TRANSLATE_NOOP("words", "There is not enough memory to open it now. Close other programs, then try again."),
    ),
    Reason.DUPLICATE: ReasonWords(
        QT_TRANSLATE_NOOP("words", "exact copy"),
        QT_TRANSLATE_NOOP("words", "It is the same picture as “{detail}”."),
    ),
    Reason.DUPLICATE_ACROSS_CLASSES: ReasonWords(
        QT_TRANSLATE_NOOP("words", "same picture in two classes"),
        QT_TRANSLATE_NOOP("words", "The same picture lies in another class too: “{detail}”."),
    ),
    Reason.CLASS_TOO_SMALL: ReasonWords(
        QT_TRANSLATE_NOOP("words", "class too small"),
        QT_TRANSLATE_NOOP("words", "Its class has fewer than two usable pictures to learn from and be tested on."),
    ),
    Reason.CLASS_NOT_TRAINED: ReasonWords(
        QT_TRANSLATE_NOOP("words", "class not in the training folder"),
        QT_TRANSLATE_NOOP("words", "Its class is not in the training folder."),
    ),
    Reason.CLASS_UNKNOWN: ReasonWords(
        QT_TRANSLATE_NOOP("words", "unknown class"),
        QT_TRANSLATE_NOOP("words", "The model doesn't know its class “{detail}”."),
    ),
    Reason.CLASS_SPELLED_DIFFERENTLY: ReasonWords(
        QT_TRANSLATE_NOOP("words", "class spelled differently"),
        QT_TRANSLATE_NOOP("words", "Its class only looks like “{detail}”: the names are spelled differently."),
    ),
    Reason.MISSING: ReasonWords(
        QT_TRANSLATE_NOOP("words", "gone"),
        QT_TRANSLATE_NOOP("words", "There is no such file."),
    ),
    Reason.CHANGED: ReasonWords(
        QT_TRANSLATE_NOOP("words", "changed"),
        QT_TRANSLATE_NOOP("words", "It was changed since the training."),
    ),
}
