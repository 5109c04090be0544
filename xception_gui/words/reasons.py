"""The wording of each reason why a file is skipped, or why a picture can't be shown."""

from dataclasses import dataclass

from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Details
from xception_gui.domain.messages.dataset import LeftOut
from xception_gui.domain.reasons import Reason
from xception_gui.domain.translation import QT_TRANSLATE_NOOP
from xception_gui.words.errors import error_text
from xception_gui.words.filling import Translate, fill_in, in_english
from xception_gui.words.findings import finding_text
from xception_gui.words.wording import Counted, chosen


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """A reason in few words, as they follow a number of files, and in a sentence with a place for its detail."""

    name: str | Counted
    sentence: str


def reason_name(code: str, count: int, translate: Translate = in_english) -> str:
    """Name what `count` files are, in few words: “duplicates” of 3; a reason of a later release by its code."""
    return translate(chosen(REASONS[Reason(code)].name, {"count": count})) if code in list(Reason) else code


def reason_text(file: LeftOut, translate: Translate = in_english) -> str:
    """Return why a file is skipped. What an earlier release wrote down has its own sentence."""
    return file.reason or refusal_text(file.code, {"detail": file.detail}, translate)


def refusal_text(code: str, details: Details, translate: Translate = in_english) -> str:
    """Return why there is no picture: for a reason, or because writing it failed."""
    if code in list(ErrorCode):
        text = error_text(ErrorCode(code), details, translate)
        return f"{text.what} {text.why}"
    if code == Reason.UNREADABLE:  # the details of all others are names, which may be spelled like a finding
        details = {name: finding_text(str(detail), {}, translate) for name, detail in details.items()}
    return fill_in(REASONS[Reason(code)].sentence, details, translate) if code in list(Reason) else code


REASONS: dict[Reason, ReasonWords] = {
    Reason.HIDDEN: ReasonWords(
        Counted(QT_TRANSLATE_NOOP("words", "hidden file"), QT_TRANSLATE_NOOP("words", "hidden files")),
        QT_TRANSLATE_NOOP("words", "The file or its folder is hidden."),
    ),
    Reason.SYSTEM: ReasonWords(
        Counted(QT_TRANSLATE_NOOP("words", "system file"), QT_TRANSLATE_NOOP("words", "system files")),
        QT_TRANSLATE_NOOP("words", "The file belongs to the system or to another program."),
    ),
    Reason.SIDECAR: ReasonWords(
        Counted(QT_TRANSLATE_NOOP("words", "text or data file"), QT_TRANSLATE_NOOP("words", "text or data files")),
        QT_TRANSLATE_NOOP("words", "This is a text or data file, not a picture."),
    ),
    Reason.OUTSIDE_PARTS: ReasonWords(
        Counted(QT_TRANSLATE_NOOP("words", "other folder"), QT_TRANSLATE_NOOP("words", "other folders")),
        QT_TRANSLATE_NOOP("words", "The folder is not one of the training, validation and test folders."),
    ),
    Reason.OUTSIDE_CLASSES: ReasonWords(
        QT_TRANSLATE_NOOP("words", "not in a class folder"),
        QT_TRANSLATE_NOOP("words", "The file is not in a class folder."),
    ),
    Reason.NOT_A_FILE: ReasonWords(
        Counted(QT_TRANSLATE_NOOP("words", "device or pipe"), QT_TRANSLATE_NOOP("words", "devices or pipes")),
        QT_TRANSLATE_NOOP("words", "This is a device, a pipe or a socket, not a file."),
    ),
    Reason.BROKEN_LINK: ReasonWords(
        Counted(QT_TRANSLATE_NOOP("words", "broken link"), QT_TRANSLATE_NOOP("words", "broken links")),
        QT_TRANSLATE_NOOP("words", "The link leads to something that doesn't exist."),
    ),
    Reason.LINK_LOOP: ReasonWords(
        Counted(QT_TRANSLATE_NOOP("words", "repeated folder"), QT_TRANSLATE_NOOP("words", "repeated folders")),
        QT_TRANSLATE_NOOP("words", "The link leads to a folder that is already used."),
    ),
    Reason.UNREADABLE: ReasonWords(
        QT_TRANSLATE_NOOP("words", "unreadable"),
        QT_TRANSLATE_NOOP("words", "The file can't be read: {detail}."),
    ),
    Reason.EMPTY: ReasonWords(
        Counted(QT_TRANSLATE_NOOP("words", "empty file"), QT_TRANSLATE_NOOP("words", "empty files")),
        QT_TRANSLATE_NOOP("words", "The file is empty (0 bytes). Copy or download it again."),
    ),
    Reason.NOT_A_PICTURE: ReasonWords(
        Counted(QT_TRANSLATE_NOOP("words", "not a picture"), QT_TRANSLATE_NOOP("words", "not pictures")),
        QT_TRANSLATE_NOOP("words", "The file is not a picture that this program can read."),
    ),
    Reason.FAILED_DOWNLOAD: ReasonWords(
        Counted(QT_TRANSLATE_NOOP("words", "failed download"), QT_TRANSLATE_NOOP("words", "failed downloads")),
        QT_TRANSLATE_NOOP(
            "words", "The file is {detail}, not a picture: its download failed. Download the picture again."
        ),
    ),
    Reason.LFS_POINTER: ReasonWords(
        Counted(QT_TRANSLATE_NOOP("words", "Git LFS pointer"), QT_TRANSLATE_NOOP("words", "Git LFS pointers")),
        QT_TRANSLATE_NOOP(
            "words",
            "The file is a Git LFS pointer: the picture itself wasn't downloaded. Use “git lfs pull” in its repository.",
        ),
    ),
    Reason.ONLY_ZEROS: ReasonWords(
        Counted(
            QT_TRANSLATE_NOOP("words", "file without contents"), QT_TRANSLATE_NOOP("words", "files without contents")
        ),
        QT_TRANSLATE_NOOP(
            "words", "The file begins with only zeros: its contents were lost. Copy or download it again."
        ),
    ),
    Reason.OTHER_FORMAT: ReasonWords(
        QT_TRANSLATE_NOOP("words", "in another format"),
        QT_TRANSLATE_NOOP("words", "The file is {detail}, which this program can't read. Save it as JPEG or PNG."),
    ),
    Reason.VIDEO: ReasonWords(
        Counted(QT_TRANSLATE_NOOP("words", "video"), QT_TRANSLATE_NOOP("words", "videos")),
        QT_TRANSLATE_NOOP("words", "The file is a video. Save single frames of it as JPEG or PNG."),
    ),
    Reason.ARCHIVE: ReasonWords(
        Counted(QT_TRANSLATE_NOOP("words", "archive"), QT_TRANSLATE_NOOP("words", "archives")),
        QT_TRANSLATE_NOOP("words", "The file is {detail}. Unpack it and use the pictures inside."),
    ),
    Reason.OTHER_CONTENT: ReasonWords(
        Counted(QT_TRANSLATE_NOOP("words", "other file"), QT_TRANSLATE_NOOP("words", "other files")),
        QT_TRANSLATE_NOOP(
            "words", "The file is {detail}, not a picture. If it should be one, copy or download it again."
        ),
    ),
    Reason.DAMAGED: ReasonWords(
        QT_TRANSLATE_NOOP("words", "damaged"),
        QT_TRANSLATE_NOOP("words", "The file is damaged or incomplete: {detail}."),
    ),
    Reason.TOO_LARGE: ReasonWords(
        QT_TRANSLATE_NOOP("words", "too large"),
        QT_TRANSLATE_NOOP("words", "The file is larger than {detail}, the limit for a picture."),
    ),
    Reason.TOO_MANY_PIXELS: ReasonWords(
        QT_TRANSLATE_NOOP("words", "with too many pixels"),
        QT_TRANSLATE_NOOP("words", "The picture has {detail} pixels, more than can be opened safely."),
    ),
    Reason.TOO_DEMANDING: ReasonWords(
        QT_TRANSLATE_NOOP("words", "too demanding to open"),
        QT_TRANSLATE_NOOP("words", "Opening the picture would take {detail}, more than is safe."),
    ),
    Reason.NO_MEMORY: ReasonWords(
        QT_TRANSLATE_NOOP("words", "not opened for lack of memory"),
        QT_TRANSLATE_NOOP(
            "words", "There isn't enough memory to open the picture now. Close other programs, then try again."
        ),
    ),
    Reason.DUPLICATE: ReasonWords(
        Counted(QT_TRANSLATE_NOOP("words", "duplicate"), QT_TRANSLATE_NOOP("words", "duplicates")),
        QT_TRANSLATE_NOOP("words", "The file is an exact duplicate of “{detail}”."),
    ),
    Reason.DUPLICATE_ACROSS_CLASSES: ReasonWords(
        QT_TRANSLATE_NOOP("words", "in two classes"),
        QT_TRANSLATE_NOOP("words", "The same picture is in another class too: “{detail}”."),
    ),
    Reason.CLASS_TOO_SMALL: ReasonWords(
        QT_TRANSLATE_NOOP("words", "in a class with too few pictures"),
        QT_TRANSLATE_NOOP("words", "The class has fewer than two usable pictures."),
    ),
    Reason.CLASS_NOT_TRAINED: ReasonWords(
        QT_TRANSLATE_NOOP("words", "of a class without training pictures"),
        QT_TRANSLATE_NOOP("words", "The class is not in the training folder."),
    ),
    Reason.CLASS_UNKNOWN: ReasonWords(
        QT_TRANSLATE_NOOP("words", "of an unknown class"),
        QT_TRANSLATE_NOOP("words", "The model doesn't know the class “{detail}”."),
    ),
    Reason.CLASS_SPELLED_DIFFERENTLY: ReasonWords(
        QT_TRANSLATE_NOOP("words", "of a class spelled differently"),
        QT_TRANSLATE_NOOP(
            "words", "The class only looks like the model's “{detail}”: the names are spelled differently."
        ),
    ),
    Reason.MISSING: ReasonWords(
        QT_TRANSLATE_NOOP("words", "missing"),
        QT_TRANSLATE_NOOP("words", "The file doesn't exist."),
    ),
    Reason.CHANGED: ReasonWords(
        QT_TRANSLATE_NOOP("words", "changed"),
        QT_TRANSLATE_NOOP("words", "The file has been changed since training."),
    ),
}
