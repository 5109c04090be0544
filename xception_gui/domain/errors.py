"""All failures, as codes with details; `words/errors.py` has their texts."""

import errno
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from xception_gui.domain.messages.base import Detail


class ErrorCode(StrEnum):
    """The kinds of failures."""

    DATASET_NOT_FOUND = "dataset-not-found"
    DATASET_IS_ARCHIVE = "dataset-is-archive"
    DATASET_EMPTY = "dataset-empty"
    PARTS_INCOMPLETE = "parts-incomplete"
    TOO_FEW_CLASSES = "too-few-classes"
    NO_VALIDATION_PICTURES = "no-validation-pictures"
    DATASET_TOO_LARGE = "dataset-too-large"
    CLASSES_UNKNOWN = "classes-unknown"
    RUN_EXISTS = "run-exists"
    RUN_IN_DATASET = "run-in-dataset"
    NOT_A_RUN = "not-a-run"
    RUN_DAMAGED = "run-damaged"
    RUN_OF_NEWER_RELEASE = "run-of-newer-release"
    RUN_WITHOUT_MODEL = "run-without-model"
    RUN_IN_USE = "run-in-use"
    RUN_HAS_ENDED = "run-has-ended"
    RUN_NOT_ENDED = "run-not-ended"
    RUN_NAME_INVALID = "run-name-invalid"
    SHARED_MODEL_UNUSABLE = "shared-model-unusable"
    DATASET_DOESNT_MATCH = "dataset-doesnt-match"
    BACKBONE_MISSING = "backbone-missing"
    BACKBONE_UNUSABLE = "backbone-unusable"
    PICTURES_MOVED = "pictures-moved"
    RUN_WITHOUT_VALIDATION = "run-without-validation"
    TRAINING_PICTURES_MOVED = "training-pictures-moved"
    PICTURES_GONE = "pictures-gone"
    NOTHING_READABLE = "nothing-readable"
    WEIGHTS_NOT_FOUND = "weights-not-found"
    WEIGHTS_DAMAGED = "weights-damaged"
    WEIGHTS_OF_ANOTHER_NETWORK = "weights-of-another-network"
    KERAS_MISSING = "keras-missing"
    EXTRA_MISSING = "extra-missing"
    EXPORT_NEEDS_MEMORY = "export-needs-memory"
    OUTPUT_EXISTS = "output-exists"
    EXPORT_DIFFERS = "export-differs"
    TABLE_EXISTS = "table-exists"
    CANNOT_WRITE = "cannot-write"
    SYSTEM_REFUSED = "system-refused"
    INSTALLATION_DAMAGED = "installation-damaged"
    OUT_OF_MEMORY = "out-of-memory"
    TOO_MANY_OPEN_FILES = "too-many-open-files"
    TRAINING_DIVERGED = "training-diverged"
    ENGINE_DIED = "engine-died"
    ENGINE_NOT_STARTED = "engine-not-started"
    UNEXPECTED = "unexpected"


class Finding(StrEnum):
    """What led to a failure: the value of its detail `found`, `hint`, `holder` or `place`."""

    NO_FILES = "no-files"
    NO_FILES_IN_FOLDERS = "no-files-in-folders"
    NO_FILES_IN_PARTS = "no-files-in-parts"
    ARCHIVES = "archives"
    ONE_LOOSE_FILE = "one-loose-file"
    LOOSE_FILES = "loose-files"
    LOOSE_PICTURES_IN_PARTS = "loose-pictures-in-parts"
    FOLDERS_HERE = "folders-here"
    USABLE_CLASSES = "usable-classes"
    NO_USABLE_CLASSES = "no-usable-classes"
    A_LEVEL_TOO_DEEP = "a-level-too-deep"
    CHOOSE_THE_FOLDER_IN_IT = "choose-the-folder-in-it"
    CLASSES_LOOK_ALIKE = "classes-look-alike"
    TOO_MANY_CLASSES = "too-many-classes"
    TOO_MANY_NAMES = "too-many-names"
    CLASS_FOLDERS = "class-folders"
    CLASS_FOLDERS_LOOK_ALIKE = "class-folders-look-alike"
    NO_CLASS_FOLDERS = "no-class-folders"
    NO_SUCH_FOLDER = "no-such-folder"
    NO_RECORD = "no-record"
    NEWER_FORMAT = "newer-format"
    UNKNOWN_ARCHITECTURE = "unknown-architecture"
    ENDED_EARLY = "ended-early"
    HEAD_MISSING = "head-missing"
    RESUME_OR_TRAIN_AGAIN = "resume-or-train-again"
    COPY_OR_TRAIN_AGAIN = "copy-or-train-again"
    FOLDER_MOVED = "folder-moved"
    IN_TRAINING = "in-training"
    BEING_CONVERTED = "being-converted"
    BEING_MOVED = "being-moved"
    RECORD_BEING_WRITTEN = "record-being-written"
    IN_USE = "in-use"
    AT_A_FILE = "at-a-file"
    NAME_EMPTY = "name-empty"
    NAME_HIDDEN = "name-hidden"
    NAME_WITH_SEPARATOR = "name-with-separator"
    NAME_WITH_CONTROL = "name-with-control"
    NAME_WITH_INVISIBLE = "name-with-invisible"
    NAME_WITH_RESERVED = "name-with-reserved"
    NAME_ENDING = "name-ending"
    NAME_OF_A_DEVICE = "name-of-a-device"
    NAME_TOO_LONG = "name-too-long"
    SYSTEM_NO_SPACE = "system-no-space"
    SYSTEM_PERMISSION_DENIED = "system-permission-denied"
    SYSTEM_READ_ONLY = "system-read-only"
    SYSTEM_NOT_FOUND = "system-not-found"
    SYSTEM_TOO_MANY_FILES = "system-too-many-files"
    SYSTEM_NAME_TOO_LONG = "system-name-too-long"


SYSTEM_FINDINGS = {
    errno.ENOSPC: Finding.SYSTEM_NO_SPACE,
    errno.EACCES: Finding.SYSTEM_PERMISSION_DENIED,
    errno.EROFS: Finding.SYSTEM_READ_ONLY,
    errno.ENOENT: Finding.SYSTEM_NOT_FOUND,
    errno.EMFILE: Finding.SYSTEM_TOO_MANY_FILES,
    errno.ENFILE: Finding.SYSTEM_TOO_MANY_FILES,
    errno.ENAMETOOLONG: Finding.SYSTEM_NAME_TOO_LONG,
}
"""What systems refuse most often. By number, as their texts differ from one system and language to the next."""


class JobStopped(Exception):  # noqa: N818 - not an error: the stop was requested
    """A job was stopped before it had a result that could be kept.

    Attributes:
        resumable: whether the job was a training that is saved and can be resumed.
    """

    def __init__(self, *, resumable: bool = False) -> None:
        super().__init__()
        self.resumable = resumable


class ProgramError(Exception):
    """A failure that has a text for people.

    Attributes:
        code: the kind of failure.
        details: values for the places in its text: numbers, lists of names; all other values become text.

    `str(error)` is for logs.
    """

    def __init__(self, code: ErrorCode, **details: object) -> None:
        self.code = code
        self.details = {name: _plain(value) for name, value in details.items()}
        super().__init__(f"{code}: {', '.join(f'{name} = {detail}' for name, detail in self.details.items())}")


def system_finding(error: Exception) -> str:
    """Return why the system has refused something: a code where there is one for it, else the system's own words."""
    if not isinstance(error, OSError):
        return str(error)
    return SYSTEM_FINDINGS.get(error.errno or 0, error.strerror or str(error))


def cannot_write(path: Path, error: OSError) -> ProgramError:
    """Return the error for a path that the system doesn't allow to be written."""
    return ProgramError(ErrorCode.CANNOT_WRITE, path=path, found=system_finding(error))


def _plain(value: object) -> Detail:
    match value:
        case bool():
            return str(value)
        case int() | float():
            return value
        case tuple() | list():
            return _names(value)
    return str(value)


def _names(names: Sequence[object]) -> tuple[str | tuple[str, ...], ...]:
    return tuple(tuple(map(str, name)) if isinstance(name, tuple | list) else str(name) for name in names)
