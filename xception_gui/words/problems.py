"""What a person should know about a data set: one sentence for each kind of thing that is found."""

from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.dataset import Problem, ProblemCode
from xception_gui.domain.translation import QT_TRANSLATE_NOOP
from xception_gui.words.errors import error_text
from xception_gui.words.filling import Translate, fill_in, in_english


def problem_text(problem: Problem, translate: Translate = in_english) -> str:
    """Return what it is. What has no words here, as it is of another release, has brought its own."""
    if problem.message:
        return problem.message
    if problem.code in list(ErrorCode):
        return str(error_text(ErrorCode(problem.code), problem.details, translate))
    if problem.code in list(ProblemCode):
        return fill_in(PROBLEMS[ProblemCode(problem.code)], problem.details, translate)
    return problem.code


PROBLEMS: dict[ProblemCode, str] = {
    ProblemCode.UNREADABLE: QT_TRANSLATE_NOOP("words", "Files that can't be used as pictures: {count}."),
    ProblemCode.DUPLICATES: QT_TRANSLATE_NOOP(
        "words", "Exact copies of a picture in the same class, of which the first is used: {count}."
    ),
    ProblemCode.DUPLICATES_ACROSS_CLASSES: QT_TRANSLATE_NOOP(
        "words", "The same picture lies in different classes, so none of its copies is used: {count} files."
    ),
    ProblemCode.CLASS_TOO_SMALL: QT_TRANSLATE_NOOP(
        "words", "Classes with fewer than two usable pictures are left out: {count} files."
    ),
    ProblemCode.CLASS_NOT_TRAINED: QT_TRANSLATE_NOOP(
        "words", "Classes that the training folder doesn't have are left out: {count} files."
    ),
    ProblemCode.OUTSIDE_CLASSES: QT_TRANSLATE_NOOP("words", "Files beside the class folders are left out: {count}."),
    ProblemCode.SYSTEM_FILES: QT_TRANSLATE_NOOP(
        "words", "Files of the system and of other programs, and files about pictures, are left out: {count}."
    ),
    ProblemCode.OUTSIDE_PARTS: QT_TRANSLATE_NOOP(
        "words", "Folders beside the training, validation and test folders are left out: {names}."
    ),
    ProblemCode.CLASS_NAMES_ALIKE: QT_TRANSLATE_NOOP(
        "words",
        "Some class names look alike, and count as different classes: {names}. Where they are meant as one, give "
        "the folders the same name, to the letter.",
    ),
    ProblemCode.SAME_INNER_FOLDERS: QT_TRANSLATE_NOOP(
        "words",
        "Several class folders hold the same folders: {names}. If they are the classes, make a folder for each of "
        "them at the top.",
    ),
    ProblemCode.PART_AS_CLASS: QT_TRANSLATE_NOOP(
        "words",
        "“{folder}” counts as a class, and holds folders of its own: {names}. If they are the classes, choose "
        "“{folder}” instead of the folder around it.",
    ),
    ProblemCode.EMPTY_CLASS: QT_TRANSLATE_NOOP("words", "Class folders without pictures: {count}."),
    ProblemCode.CLASS_NOT_VALIDATED: QT_TRANSLATE_NOOP(
        "words", "Nobody will see how well these are learned, the validation folder lacks them: {names}."
    ),
    ProblemCode.UNEQUAL_CLASSES: QT_TRANSLATE_NOOP(
        "words", "The classes are unequal: “{most}” has {many} pictures, “{least}” has {few}."
    ),
}
