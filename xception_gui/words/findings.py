"""What is said of what was found: whole sentences, put into those of a failure."""

from collections.abc import Mapping

from xception_gui.domain.errors import Finding
from xception_gui.domain.messages.base import Detail
from xception_gui.domain.translation import QT_TRANSLATE_NOOP
from xception_gui.words.filling import Translate, fill_in, in_english


def finding_text(found: str, details: Mapping[str, Detail], translate: Translate = in_english) -> str:
    """Return what was found; what is no code of this table, as a message of the system, is told as it is.

    Args:
        found: the code.
        details: of the failure that it led to.
        translate: into the reader's language.
    """
    return fill_in(FINDINGS[Finding(found)], details, translate) if found in list(Finding) else found


FINDINGS: dict[Finding, str] = {
    Finding.NO_FILES: QT_TRANSLATE_NOOP("words", "The folder is empty."),
    Finding.NO_FILES_IN_FOLDERS: QT_TRANSLATE_NOOP("words", "The folders in it hold no files."),
    Finding.NO_FILES_IN_PARTS: QT_TRANSLATE_NOOP("words", "Its parts hold no files."),
    Finding.ARCHIVES: QT_TRANSLATE_NOOP("words", "It holds an archive: unpack {names} first."),
    Finding.ONE_LOOSE_FILE: QT_TRANSLATE_NOOP("words", "The only file is in one folder, and none in a class folder."),
    Finding.LOOSE_FILES: QT_TRANSLATE_NOOP(
        "words", "All {count:,} files are in one folder, and none in a class folder."
    ),
    Finding.LOOSE_PICTURES_IN_PARTS: QT_TRANSLATE_NOOP(
        "words",
        "The pictures in {names} are not in class folders. If these folders are the classes, say so (--folders classes).",
    ),
    Finding.FOLDERS_HERE: QT_TRANSLATE_NOOP("words", "Here are: {names}."),
    Finding.USABLE_CLASSES: QT_TRANSLATE_NOOP("words", "Usable classes here: {names}."),
    Finding.NO_USABLE_CLASSES: QT_TRANSLATE_NOOP("words", "Usable classes here: none."),
    Finding.A_LEVEL_TOO_DEEP: QT_TRANSLATE_NOOP(
        "words", "The class folders lie a level too deep, in {inside}: move them up into the parts."
    ),
    Finding.CHOOSE_THE_FOLDER_IN_IT: QT_TRANSLATE_NOOP(
        "words", "Perhaps the folder to choose is {inside}, which holds folders itself."
    ),
    Finding.CLASSES_LOOK_ALIKE: QT_TRANSLATE_NOOP(
        "words", "Folders whose names look alike are different classes: {names}."
    ),
    Finding.TOO_MANY_CLASSES: QT_TRANSLATE_NOOP(
        "words", "It has {count:,} classes, and a model can tell {most:,} apart."
    ),
    Finding.TOO_MANY_NAMES: QT_TRANSLATE_NOOP(
        "words", "The names of its pictures take {count} MB, and a model can keep {most} MB."
    ),
    Finding.CLASS_FOLDERS: QT_TRANSLATE_NOOP("words", "The class folders here: {names}."),
    Finding.CLASS_FOLDERS_LOOK_ALIKE: QT_TRANSLATE_NOOP(
        "words", "The class folders here: {names} (some look like the model's, but are spelled differently)."
    ),
    Finding.NO_CLASS_FOLDERS: QT_TRANSLATE_NOOP("words", "The class folders here: none."),
    Finding.NO_SUCH_FOLDER: QT_TRANSLATE_NOOP("words", "There is no such folder."),
    Finding.NO_RECORD: QT_TRANSLATE_NOOP("words", "This folder holds none."),
    Finding.NEWER_FORMAT: QT_TRANSLATE_NOOP("words", "Its format is {found}, and this release reads up to {known}."),
    Finding.UNKNOWN_ARCHITECTURE: QT_TRANSLATE_NOOP(
        "words", "Its architecture is “{architecture}”, and this release knows {known}."
    ),
    Finding.ENDED_EARLY: QT_TRANSLATE_NOOP(
        "words", "Its training ended early (status: {status}), before there was anything to keep."
    ),
    Finding.HEAD_MISSING: QT_TRANSLATE_NOOP(
        "words", "Its training came to its end (status: {status}), but its file {file} is not there any more."
    ),
    Finding.RESUME_OR_TRAIN_AGAIN: QT_TRANSLATE_NOOP(
        "words",
        "Resume its training if it was interrupted, with --resume or on the page Start; else train it again, under another name.",
    ),
    Finding.COPY_OR_TRAIN_AGAIN: QT_TRANSLATE_NOOP(
        "words", "Copy the whole folder again from where it came from, or train the model again, under another name."
    ),
    Finding.FOLDER_MOVED: QT_TRANSLATE_NOOP("words", "The folder was moved meanwhile."),
    Finding.IN_TRAINING: QT_TRANSLATE_NOOP("words", "Process {process} on “{computer}” has trained it since {since}."),
    Finding.BEING_CONVERTED: QT_TRANSLATE_NOOP(
        "words", "Process {process} on “{computer}” has been making its best epoch usable since {since}."
    ),
    Finding.BEING_MOVED: QT_TRANSLATE_NOOP(
        "words", "Process {process} on “{computer}” has been moving it since {since}."
    ),
    Finding.RECORD_BEING_WRITTEN: QT_TRANSLATE_NOOP(
        "words", "Process {process} on “{computer}” has been writing its record since {since}."
    ),
    Finding.IN_USE: QT_TRANSLATE_NOOP("words", "Another process uses it."),
    Finding.AT_A_FILE: QT_TRANSLATE_NOOP("words", " with “{path}”"),
    Finding.NAME_EMPTY: QT_TRANSLATE_NOOP("words", "A name is needed."),
    Finding.NAME_HIDDEN: QT_TRANSLATE_NOOP("words", "Names that begin with a dot are hidden."),
    Finding.NAME_WITH_SEPARATOR: QT_TRANSLATE_NOOP(
        "words", "A name can't hold / or \\, which part folders from each other."
    ),
    Finding.NAME_WITH_CONTROL: QT_TRANSLATE_NOOP(
        "words", "A name can't hold line breaks or other invisible control characters."
    ),
    Finding.NAME_WITH_INVISIBLE: QT_TRANSLATE_NOOP(
        "words", "A name can't hold invisible characters, such as those that change the direction of writing."
    ),
    Finding.NAME_WITH_RESERVED: QT_TRANSLATE_NOOP(
        "words", "A name can't hold any of < > : \" | ? *, which Windows keeps for itself."
    ),
    Finding.NAME_ENDING: QT_TRANSLATE_NOOP("words", "A name can't end with a dot or a space, which Windows cuts off."),
    Finding.NAME_OF_A_DEVICE: QT_TRANSLATE_NOOP("words", "Windows keeps this name for a device."),
    Finding.NAME_TOO_LONG: QT_TRANSLATE_NOOP("words", "The name is too long."),
    # What the system says, within a sentence.
    Finding.SYSTEM_NO_SPACE: QT_TRANSLATE_NOOP("words", "there is no space left on the disk"),
    Finding.SYSTEM_PERMISSION_DENIED: QT_TRANSLATE_NOOP("words", "permission denied"),
    Finding.SYSTEM_READ_ONLY: QT_TRANSLATE_NOOP("words", "the disk can only be read"),
    Finding.SYSTEM_NOT_FOUND: QT_TRANSLATE_NOOP("words", "there is no such file or folder"),
    Finding.SYSTEM_TOO_MANY_FILES: QT_TRANSLATE_NOOP("words", "too many files are open"),
    Finding.SYSTEM_NAME_TOO_LONG: QT_TRANSLATE_NOOP("words", "the name is too long"),
}
