"""Everything that can go wrong, in words: what happened, why, what to do."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 - the name that Qt's lupdate looks for
    """Mark `text` for translation; whoever shows it translates it."""
    return text


class ErrorCode(StrEnum):
    """One kind of failure each. Codes travel; their texts are filled in where they are shown."""

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


@dataclass(frozen=True, slots=True)
class Text:
    """One failure in words, with places in {braces} for its details."""

    what: str
    why: str
    fix: str


TEXTS: dict[ErrorCode, Text] = {
    ErrorCode.DATASET_NOT_FOUND: Text(
        QT_TRANSLATE_NOOP("errors", "The folder “{path}” can't be opened."),
        QT_TRANSLATE_NOOP("errors", "There is no folder of this name, or it may not be read."),
        QT_TRANSLATE_NOOP("errors", "Check its name and its permissions, then choose it again."),
    ),
    ErrorCode.DATASET_IS_ARCHIVE: Text(
        QT_TRANSLATE_NOOP("errors", "“{path}” is an archive, not a folder."),
        QT_TRANSLATE_NOOP("errors", "Pictures are read from folders, never from inside of an archive."),
        QT_TRANSLATE_NOOP("errors", "Unpack it, then choose the folder that holds one folder for each class."),
    ),
    ErrorCode.DATASET_EMPTY: Text(
        QT_TRANSLATE_NOOP("errors", "There are no class folders with pictures in “{path}”."),
        QT_TRANSLATE_NOOP("errors", "{found}"),
        QT_TRANSLATE_NOOP(
            "errors",
            "Choose a folder that holds one folder of pictures for each class, or sort the pictures into such folders.",
        ),
    ),
    ErrorCode.TOO_FEW_CLASSES: Text(
        QT_TRANSLATE_NOOP(
            "errors", "“{path}” can't be learned from: it needs two classes with two usable pictures each."
        ),
        QT_TRANSLATE_NOOP(
            "errors",
            "A classifier compares classes, and needs pictures to learn from and others to be tested on. {found}",
        ),
        QT_TRANSLATE_NOOP(
            "errors", "Add pictures or a second class folder, then choose the folder that holds the class folders."
        ),
    ),
    ErrorCode.NO_VALIDATION_PICTURES: Text(
        QT_TRANSLATE_NOOP(
            "errors", "The validation folder of “{path}” holds no usable picture of a class that is trained."
        ),
        QT_TRANSLATE_NOOP(
            "errors", "Without pictures that weren't learned from, nobody can say how good a model is. {found}"
        ),
        QT_TRANSLATE_NOOP(
            "errors",
            "Put pictures into class folders of the same names there, or choose a folder without a split of its own.",
        ),
    ),
    ErrorCode.DATASET_TOO_LARGE: Text(
        QT_TRANSLATE_NOOP("errors", "“{path}” is too large for one model."),
        QT_TRANSLATE_NOOP("errors", "{found}"),
        QT_TRANSLATE_NOOP("errors", "Use fewer pictures of each class (--max-per-class), or fewer classes."),
    ),
    ErrorCode.CLASSES_UNKNOWN: Text(
        QT_TRANSLATE_NOOP("errors", "“{path}” holds no usable picture of a class that this model knows."),
        QT_TRANSLATE_NOOP("errors", "The model knows: {classes}. Class folders are compared by their names. {found}"),
        QT_TRANSLATE_NOOP("errors", "Choose a folder whose class folders have these names."),
    ),
    ErrorCode.RUN_EXISTS: Text(
        QT_TRANSLATE_NOOP("errors", "“{path}” exists already."),
        QT_TRANSLATE_NOOP(
            "errors", "A run is never written over another one, or into a folder that holds something else."
        ),
        QT_TRANSLATE_NOOP("errors", "Choose another name for the model, or delete that folder first."),
    ),
    ErrorCode.RUN_IN_DATASET: Text(
        QT_TRANSLATE_NOOP("errors", "The model can't be kept in “{path}”."),
        QT_TRANSLATE_NOOP("errors", "That is inside the folder of the pictures, in which nothing is ever written."),
        QT_TRANSLATE_NOOP("errors", "Choose another place for the model."),
    ),
    ErrorCode.NOT_A_RUN: Text(
        QT_TRANSLATE_NOOP("errors", "“{path}” is not a model of this program."),
        QT_TRANSLATE_NOOP("errors", "A model is a folder that holds a file run.json. {found}"),
        QT_TRANSLATE_NOOP("errors", "Choose the folder that the model was kept in when it was trained."),
    ),
    ErrorCode.RUN_DAMAGED: Text(
        QT_TRANSLATE_NOOP("errors", "The model in “{path}” can't be opened."),
        QT_TRANSLATE_NOOP("errors", "Its file {file} is missing or damaged: {found}."),
        QT_TRANSLATE_NOOP("errors", "Copy the whole folder again from where it came from, or train the model again."),
    ),
    ErrorCode.RUN_OF_NEWER_RELEASE: Text(
        QT_TRANSLATE_NOOP("errors", "The model in “{path}” can't be opened."),
        QT_TRANSLATE_NOOP(
            "errors",
            "A newer release of this program wrote it: its format is {found}, and this release reads up to {known}.",
        ),
        QT_TRANSLATE_NOOP("errors", "Install the newest release of this program, then open the model again."),
    ),
    ErrorCode.RUN_WITHOUT_MODEL: Text(
        QT_TRANSLATE_NOOP("errors", "“{path}” holds no finished model."),
        QT_TRANSLATE_NOOP("errors", "Its training ended early (status: {status}), before there was anything to keep."),
        QT_TRANSLATE_NOOP(
            "errors",
            "Resume its training if it was interrupted, with --resume or on the page Start; else train it again, under another name.",
        ),
    ),
    ErrorCode.RUN_IN_USE: Text(
        QT_TRANSLATE_NOOP("errors", "“{path}” is in use."),
        QT_TRANSLATE_NOOP("errors", "{holder}"),
        QT_TRANSLATE_NOOP("errors", "Wait until that has ended, or stop it there."),
    ),
    ErrorCode.RUN_HAS_ENDED: Text(
        QT_TRANSLATE_NOOP("errors", "There is nothing to go on with in “{path}”."),
        QT_TRANSLATE_NOOP("errors", "Its training has ended (status: {status})."),
        QT_TRANSLATE_NOOP("errors", "To train further, start a new training under another name."),
    ),
    ErrorCode.RUN_NOT_ENDED: Text(
        QT_TRANSLATE_NOOP("errors", "“{path}” can't be shared yet."),
        QT_TRANSLATE_NOOP("errors", "Its training has not come to its end (status: {status})."),
        QT_TRANSLATE_NOOP("errors", "Wait until it has ended, or resume it on the page Start."),
    ),
    ErrorCode.SHARED_MODEL_UNUSABLE: Text(
        QT_TRANSLATE_NOOP("errors", "The model in “{path}” can't be opened."),
        QT_TRANSLATE_NOOP("errors", "It is no whole model that this program has shared: {found}."),
        QT_TRANSLATE_NOOP("errors", "Have it shared and sent once more, then open it again."),
    ),
    ErrorCode.RUN_NAME_INVALID: Text(
        QT_TRANSLATE_NOOP("errors", "A model can't have the name “{name}”."),
        QT_TRANSLATE_NOOP("errors", "{found}"),
        QT_TRANSLATE_NOOP("errors", "Choose another name for the model."),
    ),
    ErrorCode.DATASET_DOESNT_MATCH: Text(
        QT_TRANSLATE_NOOP("errors", "The pictures of this model are not in “{path}”."),
        QT_TRANSLATE_NOOP(
            "errors",
            "None of the {total} pictures that it was validated on lies there under its old name, as it was at the training.",
        ),
        QT_TRANSLATE_NOOP(
            "errors", "Choose the folder that the model was trained on, the one that holds its class folders."
        ),
    ),
    ErrorCode.BACKBONE_MISSING: Text(
        QT_TRANSLATE_NOOP("errors", "The model in “{path}” needs a network that is not in this program."),
        QT_TRANSLATE_NOOP("errors", "It was trained with another release, whose network has the hash {sha256}."),
        QT_TRANSLATE_NOOP("errors", "Open it with that release, or train it again with this one."),
    ),
    ErrorCode.BACKBONE_UNUSABLE: Text(
        QT_TRANSLATE_NOOP("errors", "The network in “{path}” can't be used."),
        QT_TRANSLATE_NOOP("errors", "It can't be read as an Xception of this program: {found}."),
        QT_TRANSLATE_NOOP("errors", "Copy the whole folder again from where it came from, or train the model again."),
    ),
    ErrorCode.PICTURES_MOVED: Text(
        QT_TRANSLATE_NOOP("errors", "None of the run's validation pictures is where it was, in “{path}”."),
        QT_TRANSLATE_NOOP("errors", "They were moved, renamed, deleted or changed since the training."),
        QT_TRANSLATE_NOOP("errors", "Put them back, or choose a folder of pictures to measure the model on."),
    ),
    ErrorCode.TRAINING_PICTURES_MOVED: Text(
        QT_TRANSLATE_NOOP("errors", "The pictures of this training are not where they were, in “{path}”."),
        QT_TRANSLATE_NOOP(
            "errors", "They were moved, renamed, deleted or changed since it was interrupted. It is as it was."
        ),
        QT_TRANSLATE_NOOP(
            "errors",
            "Put them back, or tell the model where they are now (Locate folder… in its menu), then resume it.",
        ),
    ),
    ErrorCode.PICTURES_GONE: Text(
        QT_TRANSLATE_NOOP("errors", "The pictures can't be read any more."),
        QT_TRANSLATE_NOOP(
            "errors",
            "They were there when the data set was checked; since then their folder was moved, deleted or unplugged.",
        ),
        QT_TRANSLATE_NOOP("errors", "Put it back, then start again."),
    ),
    ErrorCode.NOTHING_READABLE: Text(
        QT_TRANSLATE_NOOP("errors", "None of what was given could be read as a picture."),
        QT_TRANSLATE_NOOP("errors", "{found}"),
        QT_TRANSLATE_NOOP("errors", "Give picture files, or folders that hold some."),
    ),
    ErrorCode.WEIGHTS_NOT_FOUND: Text(
        QT_TRANSLATE_NOOP("errors", "The weights file “{path}” can't be opened."),
        QT_TRANSLATE_NOOP("errors", "There is no file of this name, or it may not be read."),
        QT_TRANSLATE_NOOP("errors", "Check its name, or choose none to use the weights that come with the program."),
    ),
    ErrorCode.WEIGHTS_DAMAGED: Text(
        QT_TRANSLATE_NOOP("errors", "The weights file “{path}” can't be read."),
        QT_TRANSLATE_NOOP("errors", "It is damaged, or no plain file of weights: {found}."),
        QT_TRANSLATE_NOOP("errors", "Download it again, or choose none to use the weights that come with the program."),
    ),
    ErrorCode.WEIGHTS_OF_ANOTHER_NETWORK: Text(
        QT_TRANSLATE_NOOP("errors", "The weights file “{path}” doesn't fit Xception."),
        QT_TRANSLATE_NOOP("errors", "It was made for another network: {found}."),
        QT_TRANSLATE_NOOP(
            "errors",
            "Give a file of Keras' own Xception, with or without its top, or none to use those that come with the program.",
        ),
    ),
    ErrorCode.KERAS_MISSING: Text(
        QT_TRANSLATE_NOOP("errors", "This needs the full Xception GUI, the one with Keras and TensorFlow."),
        QT_TRANSLATE_NOOP(
            "errors",
            "Training the whole network, other weights and exports use them, and they can't be loaded here: {found}.",
        ),
        QT_TRANSLATE_NOOP(
            "errors",
            "Install the full program; it opens the same models. Training with Quick and predictions work without it.",
        ),
    ),
    ErrorCode.EXTRA_MISSING: Text(
        QT_TRANSLATE_NOOP("errors", "{format} needs packages that don't come with this program."),
        QT_TRANSLATE_NOOP("errors", "Not found: {found}."),
        QT_TRANSLATE_NOOP(
            "errors",
            'Install them where the program is installed: pip install "xception-gui[{extra}]". A packaged program can\'t take any.',
        ),
    ),
    ErrorCode.EXPORT_NEEDS_MEMORY: Text(
        QT_TRANSLATE_NOOP("errors", "There is not enough memory to write {format}."),
        QT_TRANSLATE_NOOP("errors", "It takes {needed} of free memory for a moment; the machine has {memory}."),
        QT_TRANSLATE_NOOP("errors", "Close other programs, or choose another format."),
    ),
    ErrorCode.OUTPUT_EXISTS: Text(
        QT_TRANSLATE_NOOP("errors", "“{path}” exists already."),
        QT_TRANSLATE_NOOP("errors", "An export never replaces a file or a folder."),
        QT_TRANSLATE_NOOP("errors", "Choose another name for the file, or delete it first."),
    ),
    ErrorCode.EXPORT_DIFFERS: Text(
        QT_TRANSLATE_NOOP("errors", "The exported model would not say what this model says, so it was not kept."),
        QT_TRANSLATE_NOOP(
            "errors",
            "On {pictures} pictures, {same} were given the same class, and probabilities differed by up to {difference}; 0.01 is allowed.",
        ),
        QT_TRANSLATE_NOOP(
            "errors",
            "Export it in another format. If that is refused too, a file of the model is damaged: copy its folder again from where it came from, or train it again.",
        ),
    ),
    ErrorCode.TABLE_EXISTS: Text(
        QT_TRANSLATE_NOOP("errors", "“{path}” exists already, and is no table of this program."),
        QT_TRANSLATE_NOOP("errors", "Only an earlier table is ever replaced, never a picture or anything else."),
        QT_TRANSLATE_NOOP("errors", "Give the table another name."),
    ),
    ErrorCode.CANNOT_WRITE: Text(
        QT_TRANSLATE_NOOP("errors", "“{path}” can't be written."),
        QT_TRANSLATE_NOOP("errors", "The system says: {found}."),
        QT_TRANSLATE_NOOP("errors", "Make room or choose another place, then try again."),
    ),
    ErrorCode.SYSTEM_REFUSED: Text(
        QT_TRANSLATE_NOOP("errors", "The system doesn't let the program do its work{place}."),
        QT_TRANSLATE_NOOP("errors", "It says: {found}."),
        QT_TRANSLATE_NOOP("errors", "Check that the disk is not full and that the folders may be read and written."),
    ),
    ErrorCode.PARTS_INCOMPLETE: Text(
        QT_TRANSLATE_NOOP("errors", "The folders in “{path}” look like parts of a data set, but don't add up."),
        QT_TRANSLATE_NOOP(
            "errors", "{found} A split needs one training folder, and one for validation or one for testing, or both."
        ),
        QT_TRANSLATE_NOOP(
            "errors",
            "Rename or move the folders that don't belong, or choose the training folder to have it split. If they are classes, say so (--folders classes).",
        ),
    ),
    ErrorCode.INSTALLATION_DAMAGED: Text(
        QT_TRANSLATE_NOOP("errors", "A part of the program is missing or damaged: “{path}”."),
        QT_TRANSLATE_NOOP("errors", "{found}"),
        QT_TRANSLATE_NOOP("errors", "Install the program again."),
    ),
    ErrorCode.OUT_OF_MEMORY: Text(
        QT_TRANSLATE_NOOP("errors", "There is not enough memory for this."),
        QT_TRANSLATE_NOOP("errors", "The machine has {memory}, and what was asked for needs more than is free."),
        QT_TRANSLATE_NOOP("errors", "Close other programs, or choose a smaller batch size or image size."),
    ),
    ErrorCode.TOO_MANY_OPEN_FILES: Text(
        QT_TRANSLATE_NOOP("errors", "The program can't open any more files."),
        QT_TRANSLATE_NOOP("errors", "The system limits how many may be open at a time. It says: {found}."),
        QT_TRANSLATE_NOOP("errors", "Close other programs, or raise that limit (ulimit -n), then try again."),
    ),
    ErrorCode.TRAINING_DIVERGED: Text(
        QT_TRANSLATE_NOOP("errors", "The training went astray: the loss is no number any more."),
        QT_TRANSLATE_NOOP("errors", "This happens when the learning rate is too high ({learning_rate})."),
        QT_TRANSLATE_NOOP("errors", "Start again with a lower learning rate."),
    ),
    ErrorCode.ENGINE_DIED: Text(
        QT_TRANSLATE_NOOP("errors", "The part of the program that does the work has ended unexpectedly."),
        QT_TRANSLATE_NOOP("errors", "{found}"),
        QT_TRANSLATE_NOOP(
            "errors", "Try again. If it happens again, close other programs to free memory, and look into the log."
        ),
    ),
    ErrorCode.ENGINE_NOT_STARTED: Text(
        QT_TRANSLATE_NOOP("errors", "The part of the program that does the work can't be started."),
        QT_TRANSLATE_NOOP("errors", "{found}"),
        QT_TRANSLATE_NOOP("errors", "Install the program again."),
    ),
    ErrorCode.UNEXPECTED: Text(
        QT_TRANSLATE_NOOP("errors", "Something went wrong that nobody had thought of: {found}"),
        QT_TRANSLATE_NOOP("errors", "This is a mistake in the program, not yours."),
        QT_TRANSLATE_NOOP("errors", "Try again. If it happens again, please report it with the log: {log}"),
    ),
}


class JobStopped(Exception):  # noqa: N818 - no error: somebody asked for it
    """The work was stopped before it had reached anything that could be kept.

    Attributes:
        resumable: it was a training, which is saved and can be gone on with.
    """

    def __init__(self, *, resumable: bool = False) -> None:
        super().__init__()
        self.resumable = resumable


class ProgramError(Exception):
    """A failure that can be told in words.

    Attributes:
        code: which failure.
        details: what fills the places of its text.
    """

    def __init__(self, code: ErrorCode, **details: object) -> None:
        self.code = code
        self.details = {name: str(value) for name, value in details.items()}
        super().__init__(f"{self.text.what} {self.text.why} {self.text.fix}")

    @property
    def text(self) -> Text:
        """Its words, filled in."""
        return fill_in(TEXTS[self.code], self.details)


def cannot_write(path: Path, error: OSError) -> ProgramError:
    """Return the error of what the system doesn't let be written."""
    return ProgramError(ErrorCode.CANNOT_WRITE, path=path, found=error.strerror or error)


def fill_in(text: Text, details: dict[str, str]) -> Text:
    """Put `details` into the places of `text`; a place without a detail stays empty."""
    places = _Blank(details)
    return Text(*(part.format_map(places).strip() for part in (text.what, text.why, text.fix)))


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""
