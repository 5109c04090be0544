"""The wording of each finding: whole sentences, which complete those of a failure."""

from collections.abc import Mapping

from xception_gui.domain.errors import Finding
from xception_gui.domain.messages.base import Detail
from xception_gui.domain.translation import QT_TRANSLATE_NOOP
from xception_gui.words.filling import Translate, fill_in, in_english


def finding_text(found: str, details: Mapping[str, Detail], translate: Translate = in_english) -> str:
    """Return a finding in words; a text that is no code, such as a message of the system, is returned as it is.

    Args:
        found: the code.
        details: of the failure that the finding led to.
        translate: into the reader's language.
    """
    return fill_in(FINDINGS[Finding(found)], details, translate) if found in list(Finding) else found


FINDINGS: dict[Finding, str] = {
    Finding.NO_FILES: QT_TRANSLATE_NOOP("words", "This folder is empty."),
    Finding.NO_FILES_IN_FOLDERS: QT_TRANSLATE_NOOP("words", "The folders inside contain no files."),
    Finding.NO_FILES_IN_PARTS: QT_TRANSLATE_NOOP(
        "words", "The training, validation and test folders contain no files."
    ),
    Finding.ARCHIVES: QT_TRANSLATE_NOOP("words", "Pictures inside archives can't be read: unpack {names} first."),
    Finding.ONE_LOOSE_FILE: QT_TRANSLATE_NOOP("words", "The only file is not in a class folder."),
    Finding.LOOSE_FILES: QT_TRANSLATE_NOOP("words", "All {count:,} files are in one folder, not in class folders."),
    Finding.LOOSE_PICTURES_IN_PARTS: QT_TRANSLATE_NOOP(
        "words",
        "The pictures in {names} are not in class folders. If these folders are the classes, use them as classes (--folders classes).",
    ),
    Finding.FOLDERS_HERE: QT_TRANSLATE_NOOP("words", "Folders found: {names}."),
    Finding.USABLE_CLASSES: QT_TRANSLATE_NOOP("words", "Usable classes: {names}."),
    Finding.NO_USABLE_CLASSES: QT_TRANSLATE_NOOP("words", "There are no usable classes."),
    Finding.A_LEVEL_TOO_DEEP: QT_TRANSLATE_NOOP(
        "words", "The class folders are one level too deep, in {inside}: move them up one level."
    ),
    Finding.CHOOSE_THE_FOLDER_IN_IT: QT_TRANSLATE_NOOP(
        "words", "Perhaps you meant {inside}, which contains folders itself."
    ),
    Finding.CLASSES_LOOK_ALIKE: QT_TRANSLATE_NOOP(
        "words", "Some folder names look alike but mean different classes: {names}."
    ),
    Finding.TOO_MANY_CLASSES: QT_TRANSLATE_NOOP(
        "words", "The data set has {count:,} classes; a model can have {most:,} at most."
    ),
    Finding.TOO_MANY_NAMES: QT_TRANSLATE_NOOP(
        "words", "The names of its pictures take {count} MB; a model can store {most} MB."
    ),
    Finding.CLASS_FOLDERS: QT_TRANSLATE_NOOP("words", "Class folders found: {names}."),
    Finding.CLASS_FOLDERS_LOOK_ALIKE: QT_TRANSLATE_NOOP(
        "words", "Class folders found: {names} (some look like the model's classes but are spelled differently)."
    ),
    Finding.NO_CLASS_FOLDERS: QT_TRANSLATE_NOOP("words", "No class folders were found."),
    Finding.NO_SUCH_FOLDER: QT_TRANSLATE_NOOP("words", "This folder doesn't exist."),
    Finding.NO_RECORD: QT_TRANSLATE_NOOP("words", "This folder has none."),
    Finding.FOLDER_MOVED: QT_TRANSLATE_NOOP("words", "The folder was moved in the meantime."),
    Finding.IN_TRAINING: QT_TRANSLATE_NOOP(
        "words", "Process {process} on “{computer}” has been training this model since {since}."
    ),
    Finding.NEWER_FORMAT: QT_TRANSLATE_NOOP("words", "Its format is {found}, and this version reads up to {known}."),
    Finding.UNKNOWN_ARCHITECTURE: QT_TRANSLATE_NOOP(
        "words", "Its architecture is “{architecture}”, and this version knows {known}."
    ),
    Finding.ENDED_EARLY: QT_TRANSLATE_NOOP(
        "words", "Training ended (status: {status}) before there was anything to save."
    ),
    Finding.HEAD_MISSING: QT_TRANSLATE_NOOP(
        "words", "Training was completed (status: {status}), but the file {file} is missing."
    ),
    Finding.RESUME_OR_TRAIN_AGAIN: QT_TRANSLATE_NOOP(
        "words",
        "If training was interrupted, resume it on the Start page or with --resume. Otherwise train again under another name.",
    ),
    Finding.COPY_OR_TRAIN_AGAIN: QT_TRANSLATE_NOOP(
        "words", "Copy the whole folder again from its source, or train the model again under another name."
    ),
    Finding.BEING_CONVERTED: QT_TRANSLATE_NOOP(
        "words", "Process {process} on “{computer}” has been preparing this model for use since {since}."
    ),
    Finding.BEING_MOVED: QT_TRANSLATE_NOOP(
        "words", "Process {process} on “{computer}” has been moving this model since {since}."
    ),
    Finding.RECORD_BEING_WRITTEN: QT_TRANSLATE_NOOP(
        "words", "Process {process} on “{computer}” has been saving changes to this model since {since}."
    ),
    Finding.IN_USE: QT_TRANSLATE_NOOP("words", "Another process is using this model."),
    Finding.AT_A_FILE: QT_TRANSLATE_NOOP("words", " with “{path}”"),
    Finding.NAME_EMPTY: QT_TRANSLATE_NOOP("words", "The name is empty."),
    Finding.NAME_HIDDEN: QT_TRANSLATE_NOOP("words", "A name that begins with a dot would be hidden."),
    Finding.NAME_WITH_SEPARATOR: QT_TRANSLATE_NOOP("words", "A name can't contain / or \\, which separate folders."),
    Finding.NAME_WITH_CONTROL: QT_TRANSLATE_NOOP(
        "words", "A name can't contain line breaks or other control characters."
    ),
    Finding.NAME_WITH_INVISIBLE: QT_TRANSLATE_NOOP(
        "words", "A name can't contain invisible characters, such as those that change the writing direction."
    ),
    Finding.NAME_WITH_RESERVED: QT_TRANSLATE_NOOP(
        "words", "A name can't contain any of < > : \" | ? *, which Windows reserves."
    ),
    Finding.NAME_ENDING: QT_TRANSLATE_NOOP("words", "A name can't end with a dot or a space, which Windows removes."),
    Finding.NAME_OF_A_DEVICE: QT_TRANSLATE_NOOP("words", "Windows reserves this name for a device."),
    Finding.NAME_TOO_LONG: QT_TRANSLATE_NOOP("words", "The name is too long."),
    # What the system says, within a sentence.
    Finding.SYSTEM_NO_SPACE: QT_TRANSLATE_NOOP("words", "there is no space left on the disk"),
    Finding.SYSTEM_PERMISSION_DENIED: QT_TRANSLATE_NOOP("words", "permission denied"),
    Finding.SYSTEM_READ_ONLY: QT_TRANSLATE_NOOP("words", "the disk can only be read"),
    Finding.SYSTEM_NOT_FOUND: QT_TRANSLATE_NOOP("words", "no such file or folder"),
    Finding.SYSTEM_TOO_MANY_FILES: QT_TRANSLATE_NOOP("words", "too many files are open"),
    Finding.SYSTEM_NAME_TOO_LONG: QT_TRANSLATE_NOOP("words", "the name is too long"),
}
