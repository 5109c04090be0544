"""Everything that can go wrong, in words: what happened, why, what to do."""

from dataclasses import dataclass
from enum import StrEnum


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 - the name that Qt's lupdate looks for
    """Mark `text` for translation; whoever shows it translates it."""
    return text


def _text(text: str) -> str:
    return QT_TRANSLATE_NOOP("errors", text)


class ErrorCode(StrEnum):
    """One kind of failure each. Codes travel; their texts are filled in where they are shown."""

    DATASET_NOT_FOUND = "dataset-not-found"
    DATASET_EMPTY = "dataset-empty"
    TOO_FEW_CLASSES = "too-few-classes"
    NO_VALIDATION_PICTURES = "no-validation-pictures"
    CLASSES_UNKNOWN = "classes-unknown"
    RUN_EXISTS = "run-exists"
    RUN_IN_DATASET = "run-in-dataset"
    NOT_A_RUN = "not-a-run"
    RUN_DAMAGED = "run-damaged"
    RUN_WITHOUT_MODEL = "run-without-model"
    BACKBONE_MISSING = "backbone-missing"
    BACKBONE_UNUSABLE = "backbone-unusable"
    PICTURES_MOVED = "pictures-moved"
    PICTURES_GONE = "pictures-gone"
    NOTHING_READABLE = "nothing-readable"
    WEIGHTS_NOT_FOUND = "weights-not-found"
    WEIGHTS_DAMAGED = "weights-damaged"
    WEIGHTS_OF_ANOTHER_NETWORK = "weights-of-another-network"
    KERAS_MISSING = "keras-missing"
    OUTPUT_EXISTS = "output-exists"
    CANNOT_WRITE = "cannot-write"
    INSTALLATION_DAMAGED = "installation-damaged"
    OUT_OF_MEMORY = "out-of-memory"
    TRAINING_DIVERGED = "training-diverged"
    ENGINE_DIED = "engine-died"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True)
class Text:
    """One failure in words, with places in {braces} for its details."""

    what: str
    why: str
    fix: str


TEXTS: dict[ErrorCode, Text] = {
    ErrorCode.DATASET_NOT_FOUND: Text(
        _text("The folder “{path}” can't be opened."),
        _text("There is no folder of this name, or it may not be read."),
        _text("Check its name and its permissions, then choose it again."),
    ),
    ErrorCode.DATASET_EMPTY: Text(
        _text("No picture that can be used was found in “{path}”."),
        _text("A data set is a folder that holds one folder of pictures for each class. {found}"),
        _text("Choose the folder that holds the class folders."),
    ),
    ErrorCode.TOO_FEW_CLASSES: Text(
        _text("“{path}” can't be learned from: it needs two classes with two usable pictures each."),
        _text("A classifier compares classes, and needs pictures to learn from and others to be tested on. {found}"),
        _text("Add pictures or a second class folder, then choose the folder that holds the class folders."),
    ),
    ErrorCode.NO_VALIDATION_PICTURES: Text(
        _text("The validation folder of “{path}” holds no usable picture of a class that is trained."),
        _text("Without pictures that weren't learned from, nobody can say how good a model is."),
        _text(
            "Put pictures into class folders of the same names there, or choose a folder without a split of its own."
        ),
    ),
    ErrorCode.CLASSES_UNKNOWN: Text(
        _text("“{path}” holds no usable picture of a class that this model knows."),
        _text("The model knows: {classes}. Class folders are compared by their names. {found}"),
        _text("Choose a folder whose class folders have these names."),
    ),
    ErrorCode.RUN_EXISTS: Text(
        _text("“{path}” exists already."),
        _text("A run is never written over another one, or into a folder that holds something else."),
        _text("Choose another name with --out, or delete that folder first."),
    ),
    ErrorCode.RUN_IN_DATASET: Text(
        _text("The model can't be kept in “{path}”."),
        _text("That is inside the folder of the pictures, in which nothing is ever written."),
        _text("Choose another place with --out."),
    ),
    ErrorCode.NOT_A_RUN: Text(
        _text("“{path}” is not a model of this program."),
        _text("A model is a folder that holds a file run.json. {found}"),
        _text("Choose the folder that was given as --out when the model was trained."),
    ),
    ErrorCode.RUN_DAMAGED: Text(
        _text("The model in “{path}” can't be opened."),
        _text("Its file {file} is missing or damaged: {found}."),
        _text("Copy the whole folder again from where it came from, or train the model again."),
    ),
    ErrorCode.RUN_WITHOUT_MODEL: Text(
        _text("“{path}” holds no finished model."),
        _text("Its training ended early (status: {status}), before there was anything to keep."),
        _text("Train it again, under another name."),
    ),
    ErrorCode.BACKBONE_MISSING: Text(
        _text("The model in “{path}” needs a network that is not in this program."),
        _text("It was trained with another release, whose network has the hash {sha256}."),
        _text("Open it with that release, or train it again with this one."),
    ),
    ErrorCode.BACKBONE_UNUSABLE: Text(
        _text("The network in “{path}” can't be used."),
        _text("It can't be read as an Xception of this program: {found}."),
        _text("Copy the whole folder again from where it came from, or train the model again."),
    ),
    ErrorCode.PICTURES_MOVED: Text(
        _text("None of the run's validation pictures is where it was, in “{path}”."),
        _text("They were moved, renamed, deleted or changed since the training."),
        _text("Put them back, or name a folder of pictures: evaluate RUN DATASET."),
    ),
    ErrorCode.PICTURES_GONE: Text(
        _text("The pictures can't be read any more."),
        _text(
            "They were there when the data set was checked; since then their folder was moved, deleted or unplugged."
        ),
        _text("Put it back, then start again."),
    ),
    ErrorCode.NOTHING_READABLE: Text(
        _text("None of what was given could be read as a picture."),
        _text("{found}"),
        _text("Give picture files, or folders that hold some."),
    ),
    ErrorCode.WEIGHTS_NOT_FOUND: Text(
        _text("The weights file “{path}” can't be opened."),
        _text("There is no file of this name, or it may not be read."),
        _text("Check its name, or leave --weights out to use the weights that come with the program."),
    ),
    ErrorCode.WEIGHTS_DAMAGED: Text(
        _text("The weights file “{path}” can't be read."),
        _text("It is damaged, cut short, or no HDF5 file: {found}."),
        _text("Download it again, or leave --weights out to use the weights that come with the program."),
    ),
    ErrorCode.WEIGHTS_OF_ANOTHER_NETWORK: Text(
        _text("The weights file “{path}” doesn't fit Xception."),
        _text("It was made for another network: {found}."),
        _text("Give a file of Keras' own Xception, with or without its top, or leave --weights out."),
    ),
    ErrorCode.KERAS_MISSING: Text(
        _text("This needs Keras and TensorFlow, which can't be loaded here."),
        _text("Training the whole network, other weights and exports use them: {found}."),
        _text("Install the full program. Training with Quick and predictions work without them."),
    ),
    ErrorCode.OUTPUT_EXISTS: Text(
        _text("“{path}” exists already."),
        _text("An export never replaces a file or a folder."),
        _text("Choose another name with --out, or delete it first."),
    ),
    ErrorCode.CANNOT_WRITE: Text(
        _text("“{path}” can't be written."),
        _text("The system says: {found}."),
        _text("Make room or choose another place, then try again."),
    ),
    ErrorCode.INSTALLATION_DAMAGED: Text(
        _text("A part of the program is missing or damaged: “{path}”."),
        _text("{found}"),
        _text("Install the program again."),
    ),
    ErrorCode.OUT_OF_MEMORY: Text(
        _text("There is not enough memory for this."),
        _text("The machine has {memory}, and what was asked for needs more than is free."),
        _text("Close other programs, or choose a smaller batch size or image size."),
    ),
    ErrorCode.TRAINING_DIVERGED: Text(
        _text("The training went astray: the loss is no number any more."),
        _text("This happens when the learning rate is too high ({learning_rate})."),
        _text("Start again with a lower learning rate."),
    ),
    ErrorCode.ENGINE_DIED: Text(
        _text("The part of the program that does the work has ended without a word."),
        _text("{found}"),
        _text("Try again. If it happens again, the log tells more: {log}"),
    ),
    ErrorCode.UNEXPECTED: Text(
        _text("Something went wrong that nobody had thought of: {found}"),
        _text("This is a mistake in the program, not yours."),
        _text("Try again. If it happens again, please report it with the log: {log}"),
    ),
}


class JobStopped(Exception):  # noqa: N818 - no error: somebody asked for it
    """The work was stopped before it had reached anything that could be kept."""


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


def fill_in(text: Text, details: dict[str, str]) -> Text:
    """Put `details` into the places of `text`; a place without a detail stays empty."""
    places = _Blank(details)
    return Text(*(part.format_map(places).strip() for part in (text.what, text.why, text.fix)))


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""
