"""What is said of each failure: what happened, why, what to do."""

from collections.abc import Mapping
from dataclasses import dataclass

from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages.base import Detail, Failed
from xception_gui.domain.messages.models import RunSummary
from xception_gui.domain.translation import QT_TRANSLATE_NOOP
from xception_gui.words.filling import Translate, fill_in, in_english
from xception_gui.words.findings import finding_text


@dataclass(frozen=True, slots=True)
class Text:
    """One failure in words, with places in {braces} for its details."""

    what: str
    why: str
    fix: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.why, self.fix) if part)


def error_text(code: ErrorCode, details: Mapping[str, Detail], translate: Translate = in_english) -> Text:
    """Return what happened, why, and what to do. A detail that is a finding, or another failure, is told in words."""
    told = {name: _told(name, detail, details, translate) for name, detail in details.items()}
    text = TEXTS[code]
    return Text(*(fill_in(part, told, translate).strip() for part in (text.what, text.why, text.fix)))


def text_of(error: ProgramError) -> Text:
    """Return in English what an error is."""
    return error_text(error.code, error.details)


def failure_text(failure: Failed, translate: Translate = in_english) -> Text:
    """Return how a job failed. What has no words here, as it is of another release, has brought its own."""
    if failure.what or failure.code not in list(ErrorCode):
        return Text(failure.what or failure.code, failure.why, failure.fix)
    details = {name: _in_one_line(detail) for name, detail in failure.details.items()}
    return error_text(ErrorCode(failure.code), details, translate)


def broken_text(run: RunSummary, translate: Translate = in_english) -> str:
    """Return why a run can't be opened; nothing if it can."""
    if run.broken is None:
        return ""
    text = failure_text(Failed(run.broken, run.details), translate)
    return f"{text.what} {text.why}".strip()


def _in_one_line(detail: Detail) -> Detail:
    return " ".join(detail.split("\n")) if isinstance(detail, str) else detail


def _told(name: str, detail: Detail, details: Mapping[str, Detail], translate: Translate) -> Detail:
    if name not in PLACES_OF_CODES or not isinstance(detail, str):
        return detail
    if detail not in list(ErrorCode):
        return finding_text(detail, details, translate)
    others = {name: one for name, one in details.items() if name not in {*PLACES_OF_CODES, "cause"}}
    return error_text(ErrorCode(detail), {**others, "found": details.get("cause", "")}, translate).why.rstrip(".")


PLACES_OF_CODES = frozenset({"found", "hint", "holder", "place"})
"""Details that may be codes themselves: of a finding, or of the failure that led to this one, whose own finding is then
the detail `cause`. What is in all others came from a person or a system."""

TEXTS: dict[ErrorCode, Text] = {
    ErrorCode.DATASET_NOT_FOUND: Text(
        QT_TRANSLATE_NOOP("words", "The folder “{path}” can't be opened."),
        QT_TRANSLATE_NOOP("words", "There is no folder of this name, or it may not be read."),
        QT_TRANSLATE_NOOP("words", "Check its name and its permissions, then choose it again."),
    ),
    ErrorCode.DATASET_IS_ARCHIVE: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” is an archive, not a folder."),
        QT_TRANSLATE_NOOP("words", "Pictures are read from folders, never from inside of an archive."),
        QT_TRANSLATE_NOOP("words", "Unpack it, then choose the folder that holds one folder for each class."),
    ),
    ErrorCode.DATASET_EMPTY: Text(
        QT_TRANSLATE_NOOP("words", "There are no class folders with pictures in “{path}”."),
        QT_TRANSLATE_NOOP("words", "{found}"),
        QT_TRANSLATE_NOOP(
            "words",
            "Choose a folder that holds one folder of pictures for each class, or sort the pictures into such folders.",
        ),
    ),
    ErrorCode.TOO_FEW_CLASSES: Text(
        QT_TRANSLATE_NOOP(
            "words", "“{path}” can't be learned from: it needs two classes with two usable pictures each."
        ),
        QT_TRANSLATE_NOOP(
            "words",
            "A classifier compares classes, and needs pictures to learn from and others to be tested on. {found} {hint}",
        ),
        QT_TRANSLATE_NOOP(
            "words", "Add pictures or a second class folder, then choose the folder that holds the class folders."
        ),
    ),
    ErrorCode.NO_VALIDATION_PICTURES: Text(
        QT_TRANSLATE_NOOP(
            "words", "The validation folder of “{path}” holds no usable picture of a class that is trained."
        ),
        QT_TRANSLATE_NOOP(
            "words", "Without pictures that weren't learned from, nobody can say how good a model is. {found}"
        ),
        QT_TRANSLATE_NOOP(
            "words",
            "Put pictures into class folders of the same names there, or choose a folder without a split of its own.",
        ),
    ),
    ErrorCode.DATASET_TOO_LARGE: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” is too large for one model."),
        QT_TRANSLATE_NOOP("words", "{found}"),
        QT_TRANSLATE_NOOP("words", "Use fewer pictures of each class (--max-per-class), or fewer classes."),
    ),
    ErrorCode.CLASSES_UNKNOWN: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” holds no usable picture of a class that this model knows."),
        QT_TRANSLATE_NOOP("words", "The model knows: {classes}. Class folders are compared by their names. {found}"),
        QT_TRANSLATE_NOOP("words", "Choose a folder whose class folders have these names."),
    ),
    ErrorCode.RUN_EXISTS: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” exists already."),
        QT_TRANSLATE_NOOP(
            "words", "A run is never written over another one, or into a folder that holds something else."
        ),
        QT_TRANSLATE_NOOP("words", "Choose another name for the model, or delete that folder first."),
    ),
    ErrorCode.RUN_IN_DATASET: Text(
        QT_TRANSLATE_NOOP("words", "The model can't be kept in “{path}”."),
        QT_TRANSLATE_NOOP("words", "That is inside the folder of the pictures, in which nothing is ever written."),
        QT_TRANSLATE_NOOP("words", "Choose another place for the model."),
    ),
    ErrorCode.NOT_A_RUN: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” is not a model of this program."),
        QT_TRANSLATE_NOOP("words", "A model is a folder that holds a file run.json. {found}"),
        QT_TRANSLATE_NOOP("words", "Choose the folder that the model was kept in when it was trained."),
    ),
    ErrorCode.RUN_DAMAGED: Text(
        QT_TRANSLATE_NOOP("words", "The model in “{path}” can't be opened."),
        QT_TRANSLATE_NOOP("words", "Its file {file} is missing or damaged: {found}."),
        QT_TRANSLATE_NOOP("words", "Copy the whole folder again from where it came from, or train the model again."),
    ),
    ErrorCode.RUN_OF_NEWER_RELEASE: Text(
        QT_TRANSLATE_NOOP("words", "The model in “{path}” can't be opened."),
        QT_TRANSLATE_NOOP("words", "A newer release of this program wrote it. {hint}"),
        QT_TRANSLATE_NOOP("words", "Install the newest release of this program, then open the model again."),
    ),
    ErrorCode.RUN_WITHOUT_MODEL: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” holds no finished model."),
        QT_TRANSLATE_NOOP("words", "{found}"),
        QT_TRANSLATE_NOOP("words", "{hint}"),
    ),
    ErrorCode.RUN_IN_USE: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” is in use."),
        QT_TRANSLATE_NOOP("words", "{holder}"),
        QT_TRANSLATE_NOOP("words", "Wait until that has ended, or stop it there."),
    ),
    ErrorCode.RUN_HAS_ENDED: Text(
        QT_TRANSLATE_NOOP("words", "There is nothing to go on with in “{path}”."),
        QT_TRANSLATE_NOOP("words", "Its training has ended (status: {status})."),
        QT_TRANSLATE_NOOP("words", "To train further, start a new training under another name."),
    ),
    ErrorCode.RUN_NOT_ENDED: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” can't be shared yet."),
        QT_TRANSLATE_NOOP("words", "Its training has not come to its end (status: {status})."),
        QT_TRANSLATE_NOOP("words", "Wait until it has ended, or resume it on the page Start."),
    ),
    ErrorCode.SHARED_MODEL_UNUSABLE: Text(
        QT_TRANSLATE_NOOP("words", "The model in “{path}” can't be opened."),
        QT_TRANSLATE_NOOP("words", "It is no whole model that this program has shared: {found}."),
        QT_TRANSLATE_NOOP("words", "Have it shared and sent once more, then open it again."),
    ),
    ErrorCode.RUN_NAME_INVALID: Text(
        QT_TRANSLATE_NOOP("words", "A model can't have the name “{name}”."),
        QT_TRANSLATE_NOOP("words", "{found}"),
        QT_TRANSLATE_NOOP("words", "Choose another name for the model."),
    ),
    ErrorCode.DATASET_DOESNT_MATCH: Text(
        QT_TRANSLATE_NOOP("words", "The pictures of this model are not in “{path}”."),
        QT_TRANSLATE_NOOP(
            "words",
            "None of the {total} pictures that it was validated on lies there under its old name, as it was at the training.",
        ),
        QT_TRANSLATE_NOOP(
            "words", "Choose the folder that the model was trained on, the one that holds its class folders."
        ),
    ),
    ErrorCode.BACKBONE_MISSING: Text(
        QT_TRANSLATE_NOOP("words", "The model in “{path}” needs a network that is not in this program."),
        QT_TRANSLATE_NOOP("words", "It was trained with another release, whose network has the hash {sha256}."),
        QT_TRANSLATE_NOOP("words", "Open it with that release, or train it again with this one."),
    ),
    ErrorCode.BACKBONE_UNUSABLE: Text(
        QT_TRANSLATE_NOOP("words", "The network in “{path}” can't be used."),
        QT_TRANSLATE_NOOP("words", "It can't be read as an Xception of this program: {found}."),
        QT_TRANSLATE_NOOP("words", "Copy the whole folder again from where it came from, or train the model again."),
    ),
    ErrorCode.PICTURES_MOVED: Text(
        QT_TRANSLATE_NOOP("words", "None of the run's validation pictures is where it was, in “{path}”."),
        QT_TRANSLATE_NOOP("words", "They were moved, renamed, deleted or changed since the training."),
        QT_TRANSLATE_NOOP("words", "Put them back, or choose a folder of pictures to measure the model on."),
    ),
    ErrorCode.RUN_WITHOUT_VALIDATION: Text(
        QT_TRANSLATE_NOOP("words", "The model in “{path}” can't be measured on its own validation pictures."),
        QT_TRANSLATE_NOOP("words", "Its file run.json names none."),
        QT_TRANSLATE_NOOP("words", "Choose a folder of pictures to measure the model on."),
    ),
    ErrorCode.TRAINING_PICTURES_MOVED: Text(
        QT_TRANSLATE_NOOP("words", "The pictures of this training are not where they were, in “{path}”."),
        QT_TRANSLATE_NOOP(
            "words", "They were moved, renamed, deleted or changed since it was interrupted. It is as it was."
        ),
        QT_TRANSLATE_NOOP(
            "words",
            "Put them back, or tell the model where they are now (Locate folder… in its menu), then resume it.",
        ),
    ),
    ErrorCode.PICTURES_GONE: Text(
        QT_TRANSLATE_NOOP("words", "The pictures can't be read any more."),
        QT_TRANSLATE_NOOP(
            "words",
            "They were there when the data set was checked; since then their folder was moved, deleted or unplugged.",
        ),
        QT_TRANSLATE_NOOP("words", "Put it back, then start again."),
    ),
    ErrorCode.NOTHING_READABLE: Text(
        QT_TRANSLATE_NOOP("words", "None of what was given could be read as a picture."),
        QT_TRANSLATE_NOOP("words", "{found}"),
        QT_TRANSLATE_NOOP("words", "Give picture files, or folders that hold some."),
    ),
    ErrorCode.WEIGHTS_NOT_FOUND: Text(
        QT_TRANSLATE_NOOP("words", "The weights file “{path}” can't be opened."),
        QT_TRANSLATE_NOOP("words", "There is no file of this name, or it may not be read."),
        QT_TRANSLATE_NOOP("words", "Check its name, or choose none to use the weights that come with the program."),
    ),
    ErrorCode.WEIGHTS_DAMAGED: Text(
        QT_TRANSLATE_NOOP("words", "The weights file “{path}” can't be read."),
        QT_TRANSLATE_NOOP("words", "It is damaged, or no plain file of weights: {found}."),
        QT_TRANSLATE_NOOP("words", "Download it again, or choose none to use the weights that come with the program."),
    ),
    ErrorCode.WEIGHTS_OF_ANOTHER_NETWORK: Text(
        QT_TRANSLATE_NOOP("words", "The weights file “{path}” doesn't fit Xception."),
        QT_TRANSLATE_NOOP("words", "It was made for another network: {found}."),
        QT_TRANSLATE_NOOP(
            "words",
            "Give a file of Keras' own Xception, with or without its top, or none to use those that come with the program.",
        ),
    ),
    ErrorCode.KERAS_MISSING: Text(
        QT_TRANSLATE_NOOP("words", "This needs the full Xception GUI, the one with Keras and TensorFlow."),
        QT_TRANSLATE_NOOP(
            "words",
            "Training the whole network, other weights and exports use them, and they can't be loaded here: {found}.",
        ),
        QT_TRANSLATE_NOOP(
            "words",
            "Install the full program; it opens the same models. Training with Quick and predictions work without it.",
        ),
    ),
    ErrorCode.EXTRA_MISSING: Text(
        QT_TRANSLATE_NOOP("words", "{format} needs packages that don't come with this program."),
        QT_TRANSLATE_NOOP("words", "Not found: {found}."),
        QT_TRANSLATE_NOOP(
            "words",
            'Install them where the program is installed: pip install "xception-gui[{extra}]". A packaged program can\'t take any.',
        ),
    ),
    ErrorCode.EXPORT_NEEDS_MEMORY: Text(
        QT_TRANSLATE_NOOP("words", "There is not enough memory to write {format}."),
        QT_TRANSLATE_NOOP("words", "It takes {needed} of free memory for a moment; the machine has {memory}."),
        QT_TRANSLATE_NOOP("words", "Close other programs, or choose another format."),
    ),
    ErrorCode.OUTPUT_EXISTS: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” exists already."),
        QT_TRANSLATE_NOOP("words", "An export never replaces a file or a folder."),
        QT_TRANSLATE_NOOP("words", "Choose another name for the file, or delete it first."),
    ),
    ErrorCode.EXPORT_DIFFERS: Text(
        QT_TRANSLATE_NOOP("words", "The exported model would not say what this model says, so it was not kept."),
        QT_TRANSLATE_NOOP(
            "words",
            "On {pictures} pictures, {same} were given the same class, and probabilities differed by up to {difference}; 0.01 is allowed.",
        ),
        QT_TRANSLATE_NOOP(
            "words",
            "Export it in another format. If that is refused too, a file of the model is damaged: copy its folder again from where it came from, or train it again.",
        ),
    ),
    ErrorCode.TABLE_EXISTS: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” exists already, and is no table of this program."),
        QT_TRANSLATE_NOOP("words", "Only an earlier table is ever replaced, never a picture or anything else."),
        QT_TRANSLATE_NOOP("words", "Give the table another name."),
    ),
    ErrorCode.CANNOT_WRITE: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” can't be written."),
        QT_TRANSLATE_NOOP("words", "The system says: {found}."),
        QT_TRANSLATE_NOOP("words", "Make room or choose another place, then try again."),
    ),
    ErrorCode.SYSTEM_REFUSED: Text(
        QT_TRANSLATE_NOOP("words", "The system doesn't let the program do its work{place}."),
        QT_TRANSLATE_NOOP("words", "It says: {found}."),
        QT_TRANSLATE_NOOP("words", "Check that the disk is not full and that the folders may be read and written."),
    ),
    ErrorCode.PARTS_INCOMPLETE: Text(
        QT_TRANSLATE_NOOP("words", "The folders in “{path}” look like parts of a data set, but don't add up."),
        QT_TRANSLATE_NOOP(
            "words", "{found} A split needs one training folder, and one for validation or one for testing, or both."
        ),
        QT_TRANSLATE_NOOP(
            "words",
            "Rename or move the folders that don't belong, or choose the training folder to have it split. If they are classes, say so (--folders classes).",
        ),
    ),
    ErrorCode.INSTALLATION_DAMAGED: Text(
        QT_TRANSLATE_NOOP("words", "A part of the program is missing or damaged: “{path}”."),
        QT_TRANSLATE_NOOP("words", "{found}"),
        QT_TRANSLATE_NOOP("words", "Install the program again."),
    ),
    ErrorCode.OUT_OF_MEMORY: Text(
        QT_TRANSLATE_NOOP("words", "There is not enough memory for this."),
        QT_TRANSLATE_NOOP("words", "The machine has {memory}, and what was asked for needs more than is free."),
        QT_TRANSLATE_NOOP("words", "Close other programs, or choose a smaller batch size or image size."),
    ),
    ErrorCode.TOO_MANY_OPEN_FILES: Text(
        QT_TRANSLATE_NOOP("words", "The program can't open any more files."),
        QT_TRANSLATE_NOOP("words", "The system limits how many may be open at a time. It says: {found}."),
        QT_TRANSLATE_NOOP("words", "Close other programs, or raise that limit (ulimit -n), then try again."),
    ),
    ErrorCode.TRAINING_DIVERGED: Text(
        QT_TRANSLATE_NOOP("words", "The training went astray: the loss is no number any more."),
        QT_TRANSLATE_NOOP("words", "This happens when the learning rate is too high ({learning_rate})."),
        QT_TRANSLATE_NOOP("words", "Start again with a lower learning rate."),
    ),
    ErrorCode.ENGINE_DIED: Text(
        QT_TRANSLATE_NOOP("words", "The part of the program that does the work has ended unexpectedly."),
        QT_TRANSLATE_NOOP("words", "{found}"),
        QT_TRANSLATE_NOOP(
            "words", "Try again. If it happens again, close other programs to free memory, and look into the log."
        ),
    ),
    ErrorCode.ENGINE_NOT_STARTED: Text(
        QT_TRANSLATE_NOOP("words", "The part of the program that does the work can't be started."),
        QT_TRANSLATE_NOOP("words", "{found}"),
        QT_TRANSLATE_NOOP("words", "Install the program again."),
    ),
    ErrorCode.UNEXPECTED: Text(
        QT_TRANSLATE_NOOP("words", "Something went wrong that nobody had thought of: {found}"),
        QT_TRANSLATE_NOOP("words", "This is a mistake in the program, not yours."),
        QT_TRANSLATE_NOOP("words", "Try again. If it happens again, please report it with the log: {log}"),
    ),
}
