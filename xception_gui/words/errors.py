"""The wording of each failure: what happened, why, what to do."""

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
    """A failure in words, with places in {braces} for its details."""

    what: str
    why: str
    fix: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.why, self.fix) if part)


def error_text(code: ErrorCode, details: Mapping[str, Detail], translate: Translate = in_english) -> Text:
    """Return what happened, why, and what to do. A detail that is a finding or another failure is put into words."""
    told = {name: _told(name, detail, details, translate) for name, detail in details.items()}
    text = TEXTS[code]
    return Text(*(fill_in(part, told, translate).strip() for part in (text.what, text.why, text.fix)))


def text_of(error: ProgramError) -> Text:
    """Return an error in English."""
    return error_text(error.code, error.details)


def failure_text(failure: Failed, translate: Translate = in_english) -> Text:
    """Return a failed job in words. A failure of another release has its own text, or only its code."""
    if failure.what or failure.code not in list(ErrorCode):
        return Text(failure.what or failure.code, failure.why, failure.fix)
    details = {name: _in_one_line(detail) for name, detail in failure.details.items()}
    return error_text(ErrorCode(failure.code), details, translate)


def broken_text(run: RunSummary, translate: Translate = in_english) -> str:
    """Return why a run can't be opened, or "" if it can."""
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
"""Details that may be codes: of a finding, or of the failure that caused this one, whose own finding is then the detail
`cause`. The values of all other details come from a person or from the system."""

TEXTS: dict[ErrorCode, Text] = {
    ErrorCode.DATASET_NOT_FOUND: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” can't be opened as a folder."),
        QT_TRANSLATE_NOOP("words", "There is no such folder, or you aren't allowed to read it."),
        QT_TRANSLATE_NOOP("words", "Check the name and the permissions, then choose a folder again."),
    ),
    ErrorCode.DATASET_IS_ARCHIVE: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” is an archive, not a folder."),
        QT_TRANSLATE_NOOP("words", "Pictures inside archives can't be read."),
        QT_TRANSLATE_NOOP("words", "Unpack the archive, then choose the folder that contains one folder per class."),
    ),
    ErrorCode.DATASET_EMPTY: Text(
        QT_TRANSLATE_NOOP("words", "There are no class folders with pictures in “{path}”."),
        QT_TRANSLATE_NOOP("words", "{found}"),
        QT_TRANSLATE_NOOP(
            "words", "Choose a folder that contains one folder per class, or sort the pictures into such folders."
        ),
    ),
    ErrorCode.TOO_FEW_CLASSES: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” has fewer than two usable classes."),
        QT_TRANSLATE_NOOP(
            "words", "A model needs two classes or more, with at least two usable pictures each. {found} {hint}"
        ),
        QT_TRANSLATE_NOOP(
            "words", "Add pictures or another class folder, or choose the folder that contains the class folders."
        ),
    ),
    ErrorCode.NO_VALIDATION_PICTURES: Text(
        QT_TRANSLATE_NOOP(
            "words", "The validation folder of “{path}” has no usable pictures of any class in the training folder."
        ),
        QT_TRANSLATE_NOOP("words", "Accuracy is measured on validation pictures. {found}"),
        QT_TRANSLATE_NOOP(
            "words",
            "Add pictures there, in class folders with the same names, or choose a folder that isn't split yet.",
        ),
    ),
    ErrorCode.DATASET_TOO_LARGE: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” is too large for one model."),
        QT_TRANSLATE_NOOP("words", "{found}"),
        QT_TRANSLATE_NOOP("words", "Use fewer pictures per class (--max-per-class), or fewer classes."),
    ),
    ErrorCode.CLASSES_UNKNOWN: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” has no usable pictures of this model's classes."),
        QT_TRANSLATE_NOOP("words", "The model knows {classes}, and class folders are matched by name. {found}"),
        QT_TRANSLATE_NOOP("words", "Choose a folder whose class folders have these names."),
    ),
    ErrorCode.RUN_EXISTS: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” already exists."),
        QT_TRANSLATE_NOOP("words", "A new model never overwrites another model or a folder with other files."),
        QT_TRANSLATE_NOOP("words", "Choose another name for the model, or delete that folder first."),
    ),
    ErrorCode.RUN_IN_DATASET: Text(
        QT_TRANSLATE_NOOP("words", "The model can't be saved in “{path}”."),
        QT_TRANSLATE_NOOP("words", "This folder is inside the data set, where nothing is ever written."),
        QT_TRANSLATE_NOOP("words", "Save the model in another folder."),
    ),
    ErrorCode.NOT_A_RUN: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” is not a model of this program."),
        QT_TRANSLATE_NOOP("words", "A model is a folder with a file named run.json. {found}"),
        QT_TRANSLATE_NOOP("words", "Choose the folder that the model was saved in."),
    ),
    ErrorCode.RUN_DAMAGED: Text(
        QT_TRANSLATE_NOOP("words", "The model in “{path}” can't be opened."),
        QT_TRANSLATE_NOOP("words", "The file {file} is missing or damaged: {found}."),
        QT_TRANSLATE_NOOP("words", "Copy the whole folder again from its source, or train the model again."),
    ),
    ErrorCode.RUN_OF_NEWER_RELEASE: Text(
        QT_TRANSLATE_NOOP("words", "The model in “{path}” can't be opened."),
        QT_TRANSLATE_NOOP("words", "The model was made with a newer version of this program. {hint}"),
        QT_TRANSLATE_NOOP("words", "Install the latest version of this program, then open the model again."),
    ),
    ErrorCode.RUN_WITHOUT_MODEL: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” contains no finished model."),
        QT_TRANSLATE_NOOP("words", "{found}"),
        QT_TRANSLATE_NOOP("words", "{hint}"),
    ),
    ErrorCode.RUN_IN_USE: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” is in use."),
        QT_TRANSLATE_NOOP("words", "{holder}"),
        QT_TRANSLATE_NOOP("words", "Wait until that process has finished, or stop it."),
    ),
    ErrorCode.RUN_HAS_ENDED: Text(
        QT_TRANSLATE_NOOP("words", "The training of “{path}” can't be resumed."),
        QT_TRANSLATE_NOOP("words", "The training has already ended (status: {status})."),
        QT_TRANSLATE_NOOP("words", "Train a new model under another name."),
    ),
    ErrorCode.RUN_NOT_ENDED: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” can't be shared yet."),
        QT_TRANSLATE_NOOP("words", "Its training hasn't finished (status: {status})."),
        QT_TRANSLATE_NOOP("words", "Wait until the training has finished, or resume it on the Start page."),
    ),
    ErrorCode.SHARED_MODEL_UNUSABLE: Text(
        QT_TRANSLATE_NOOP("words", "The model in “{path}” can't be opened."),
        QT_TRANSLATE_NOOP("words", "The file is not a complete shared model: {found}."),
        QT_TRANSLATE_NOOP("words", "Have the model shared and sent again, then open it."),
    ),
    ErrorCode.RUN_NAME_INVALID: Text(
        QT_TRANSLATE_NOOP("words", "A model can't be called “{name}”."),
        QT_TRANSLATE_NOOP("words", "{found}"),
        QT_TRANSLATE_NOOP("words", "Choose another name for the model."),
    ),
    ErrorCode.DATASET_DOESNT_MATCH: Text(
        QT_TRANSLATE_NOOP("words", "The pictures of this model are not in “{path}”."),
        QT_TRANSLATE_NOOP(
            "words", "None of its {total:,} validation pictures was found there with the same name and contents."
        ),
        QT_TRANSLATE_NOOP(
            "words", "Choose the folder that the model was trained on: the one that contains the class folders."
        ),
    ),
    ErrorCode.BACKBONE_MISSING: Text(
        QT_TRANSLATE_NOOP("words", "The model in “{path}” needs a network that this program doesn't have."),
        QT_TRANSLATE_NOOP("words", "The model was trained with another version, whose network has the hash {sha256}."),
        QT_TRANSLATE_NOOP("words", "Open the model with that version, or train it again with this one."),
    ),
    ErrorCode.BACKBONE_UNUSABLE: Text(
        QT_TRANSLATE_NOOP("words", "The network in “{path}” can't be used."),
        QT_TRANSLATE_NOOP("words", "The file is damaged or is not this program's Xception: {found}."),
        QT_TRANSLATE_NOOP("words", "Copy the whole folder again from its source, or train the model again."),
    ),
    ErrorCode.PICTURES_MOVED: Text(
        QT_TRANSLATE_NOOP("words", "The validation pictures of this model are no longer in “{path}”."),
        QT_TRANSLATE_NOOP("words", "They were moved, renamed, deleted or changed after the training."),
        QT_TRANSLATE_NOOP("words", "Put them back, or choose another data set to evaluate the model on."),
    ),
    ErrorCode.RUN_WITHOUT_VALIDATION: Text(
        QT_TRANSLATE_NOOP("words", "The model in “{path}” can't be measured on its own validation pictures."),
        QT_TRANSLATE_NOOP("words", "Its file run.json lists none."),
        QT_TRANSLATE_NOOP("words", "Choose a data set to evaluate the model on."),
    ),
    ErrorCode.TRAINING_PICTURES_MOVED: Text(
        QT_TRANSLATE_NOOP("words", "The pictures of this model are no longer in “{path}”."),
        QT_TRANSLATE_NOOP(
            "words",
            "They were moved, renamed, deleted or changed after training was interrupted. Everything learned so far is safe.",
        ),
        QT_TRANSLATE_NOOP(
            "words", "Put them back, or tell the model where they are now (Locate folder… in its menu), then resume."
        ),
    ),
    ErrorCode.PICTURES_GONE: Text(
        QT_TRANSLATE_NOOP("words", "The pictures can't be read any more."),
        QT_TRANSLATE_NOOP("words", "Their folder was moved, deleted or unplugged after the data set was checked."),
        QT_TRANSLATE_NOOP("words", "Put the folder back, then start again."),
    ),
    ErrorCode.NOTHING_READABLE: Text(
        QT_TRANSLATE_NOOP("words", "None of these files could be read as a picture."),
        QT_TRANSLATE_NOOP("words", "{found}"),
        QT_TRANSLATE_NOOP("words", "Choose picture files, or folders that contain some."),
    ),
    ErrorCode.WEIGHTS_NOT_FOUND: Text(
        QT_TRANSLATE_NOOP("words", "The weights file “{path}” can't be opened."),
        QT_TRANSLATE_NOOP("words", "The file doesn't exist, or you aren't allowed to read it."),
        QT_TRANSLATE_NOOP("words", "Check its name, or use the weights that come with the program."),
    ),
    ErrorCode.WEIGHTS_DAMAGED: Text(
        QT_TRANSLATE_NOOP("words", "The weights file “{path}” can't be read."),
        QT_TRANSLATE_NOOP("words", "The file is damaged or is not a plain file of weights: {found}."),
        QT_TRANSLATE_NOOP("words", "Download the file again, or use the weights that come with the program."),
    ),
    ErrorCode.WEIGHTS_OF_ANOTHER_NETWORK: Text(
        QT_TRANSLATE_NOOP("words", "The weights file “{path}” doesn't fit Xception."),
        QT_TRANSLATE_NOOP("words", "The weights belong to another network: {found}."),
        QT_TRANSLATE_NOOP(
            "words",
            "Choose a file of Keras' own Xception, with or without its last layer, or use the weights that come with the program.",
        ),
    ),
    ErrorCode.KERAS_MISSING: Text(
        QT_TRANSLATE_NOOP("words", "This needs the full Xception GUI, with Keras and TensorFlow."),
        QT_TRANSLATE_NOOP(
            "words",
            "Training the whole network, other weights and exports need them, and they can't be loaded here: {found}.",
        ),
        QT_TRANSLATE_NOOP(
            "words", "Install the full program; it opens the same models. Quick and predictions work without it."
        ),
    ),
    ErrorCode.EXTRA_MISSING: Text(
        QT_TRANSLATE_NOOP("words", "{format} needs packages that don't come with this program."),
        QT_TRANSLATE_NOOP("words", "Missing: {found}."),
        QT_TRANSLATE_NOOP(
            "words",
            'If you installed the program with pip, add them: pip install "xception-gui[{extra}]". The downloaded program can\'t be extended.',
        ),
    ),
    ErrorCode.EXPORT_NEEDS_MEMORY: Text(
        QT_TRANSLATE_NOOP("words", "There is not enough memory to export to {format}."),
        QT_TRANSLATE_NOOP("words", "The export briefly needs {needed} of free memory; this computer has {memory}."),
        QT_TRANSLATE_NOOP("words", "Close other programs, or choose another format."),
    ),
    ErrorCode.OUTPUT_EXISTS: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” already exists."),
        QT_TRANSLATE_NOOP("words", "An export never replaces a file or a folder."),
        QT_TRANSLATE_NOOP("words", "Choose another name, or delete the existing one first."),
    ),
    ErrorCode.EXPORT_DIFFERS: Text(
        QT_TRANSLATE_NOOP("words", "The exported model gave different predictions and was not saved."),
        QT_TRANSLATE_NOOP(
            "words",
            "On {pictures} pictures, {same} got the same class, and probabilities differed by up to {difference} (0.01 is allowed).",
        ),
        QT_TRANSLATE_NOOP(
            "words",
            "Choose another format. If that fails too, a file of the model is damaged: copy its folder again from its source, or train the model again.",
        ),
    ),
    ErrorCode.TABLE_EXISTS: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” already exists and is not a table of this program."),
        QT_TRANSLATE_NOOP("words", "Only an earlier table is ever replaced, never another file."),
        QT_TRANSLATE_NOOP("words", "Choose another name for the table."),
    ),
    ErrorCode.CANNOT_WRITE: Text(
        QT_TRANSLATE_NOOP("words", "“{path}” can't be written."),
        QT_TRANSLATE_NOOP("words", "Reason: {found}."),
        QT_TRANSLATE_NOOP("words", "Choose another name or folder, or free some disk space, then try again."),
    ),
    ErrorCode.SYSTEM_REFUSED: Text(
        QT_TRANSLATE_NOOP("words", "The system reported a problem{place}."),
        QT_TRANSLATE_NOOP("words", "Its message: {found}."),
        QT_TRANSLATE_NOOP("words", "Check that the disk is not full and that the folders may be read and written."),
    ),
    ErrorCode.PARTS_INCOMPLETE: Text(
        QT_TRANSLATE_NOOP("words", "The training, validation and test folders in “{path}” don't fit together."),
        QT_TRANSLATE_NOOP(
            "words", "{found} A split needs one training folder, and a validation folder, a test folder or both."
        ),
        QT_TRANSLATE_NOOP(
            "words",
            "Rename or move the folders that don't belong, or choose the training folder alone to have it split. If the folders are classes, use them as classes (--folders classes).",
        ),
    ),
    ErrorCode.INSTALLATION_DAMAGED: Text(
        QT_TRANSLATE_NOOP("words", "A part of the program is missing or damaged: “{path}”."),
        QT_TRANSLATE_NOOP("words", "{found}"),
        QT_TRANSLATE_NOOP("words", "Install the program again."),
    ),
    ErrorCode.OUT_OF_MEMORY: Text(
        QT_TRANSLATE_NOOP("words", "There is not enough memory for this."),
        QT_TRANSLATE_NOOP("words", "This needs more memory than is free: the computer has {memory}."),
        QT_TRANSLATE_NOOP("words", "Close other programs, or choose a smaller batch size or picture size."),
    ),
    ErrorCode.TOO_MANY_OPEN_FILES: Text(
        QT_TRANSLATE_NOOP("words", "The program can't open any more files."),
        QT_TRANSLATE_NOOP("words", "The system limits how many files can be open at a time. Its message: {found}."),
        QT_TRANSLATE_NOOP("words", "Close other programs, or raise that limit (ulimit -n), then try again."),
    ),
    ErrorCode.TRAINING_DIVERGED: Text(
        QT_TRANSLATE_NOOP("words", "Training became unstable (loss is NaN)."),
        QT_TRANSLATE_NOOP("words", "This happens when the learning rate is too high ({learning_rate})."),
        QT_TRANSLATE_NOOP("words", "Start again with a lower learning rate."),
    ),
    ErrorCode.ENGINE_DIED: Text(
        QT_TRANSLATE_NOOP("words", "The background process ended unexpectedly."),
        QT_TRANSLATE_NOOP("words", "{found}"),
        QT_TRANSLATE_NOOP(
            "words", "Try again. If this happens again, close other programs to free memory, and look at the log."
        ),
    ),
    ErrorCode.ENGINE_NOT_STARTED: Text(
        QT_TRANSLATE_NOOP("words", "The background process can't be started."),
        QT_TRANSLATE_NOOP("words", "{found}"),
        QT_TRANSLATE_NOOP("words", "Install the program again."),
    ),
    ErrorCode.UNEXPECTED: Text(
        QT_TRANSLATE_NOOP("words", "Something unexpected went wrong: {found}"),
        QT_TRANSLATE_NOOP("words", "This is a bug in the program."),
        QT_TRANSLATE_NOOP("words", "Try again. If this happens again, please report it with the log: {log}"),
    ),
}
