"""The wording of each problem of a data set."""

from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.dataset import Problem, ProblemCode
from xception_gui.domain.translation import QT_TRANSLATE_NOOP
from xception_gui.words.errors import error_text
from xception_gui.words.filling import Translate, in_english
from xception_gui.words.wording import Counted, Wording, in_words, worded


def problem_text(problem: Problem, translate: Translate = in_english) -> str:
    """Return a problem in words. What an earlier release wrote down has its own message; a later release's is its code."""
    if problem.message:
        return problem.message
    if problem.code in list(ErrorCode):
        return str(error_text(ErrorCode(problem.code), problem.details, translate))
    if problem.code in list(ProblemCode):
        return in_words(PROBLEMS[ProblemCode(problem.code)], problem.details, translate) or problem.code
    return problem.code


PROBLEMS: dict[ProblemCode, tuple[Wording, ...]] = {
    ProblemCode.UNREADABLE: (
        worded(
            Counted(
                one=QT_TRANSLATE_NOOP("words", "1 file was skipped: it can't be used as a picture."),
                many=QT_TRANSLATE_NOOP("words", "{count:,} files were skipped: they can't be used as pictures."),
            )
        ),
    ),
    ProblemCode.DUPLICATES: (
        worded(
            Counted(
                one=QT_TRANSLATE_NOOP("words", "1 exact duplicate was skipped."),
                many=QT_TRANSLATE_NOOP("words", "{count:,} exact duplicates were skipped."),
            )
        ),
    ),
    ProblemCode.DUPLICATES_ACROSS_CLASSES: (
        worded(QT_TRANSLATE_NOOP("words", "{count:,} files were skipped: the same picture is in more than one class.")),
    ),
    ProblemCode.CLASS_TOO_SMALL: (
        worded(
            Counted(
                one=QT_TRANSLATE_NOOP("words", "1 class was skipped: it has fewer than two pictures."),
                many=QT_TRANSLATE_NOOP("words", "{classes:,} classes were skipped: they have fewer than two pictures."),
                by="classes",
            )
        ),
        worded(  # earlier releases counted the files only
            Counted(
                one=QT_TRANSLATE_NOOP("words", "1 file was skipped: its class has fewer than two pictures."),
                many=QT_TRANSLATE_NOOP(
                    "words", "{count:,} files were skipped: their classes have fewer than two pictures."
                ),
            )
        ),
    ),
    ProblemCode.CLASS_NOT_TRAINED: (
        worded(
            Counted(
                one=QT_TRANSLATE_NOOP("words", "1 class was skipped: it is not in the training folder."),
                many=QT_TRANSLATE_NOOP(
                    "words", "{classes:,} classes were skipped: they are not in the training folder."
                ),
                by="classes",
            )
        ),
        worded(  # likewise
            Counted(
                one=QT_TRANSLATE_NOOP("words", "1 file was skipped: its class is not in the training folder."),
                many=QT_TRANSLATE_NOOP(
                    "words", "{count:,} files were skipped: their classes are not in the training folder."
                ),
            )
        ),
    ),
    ProblemCode.OUTSIDE_CLASSES: (
        worded(
            Counted(
                one=QT_TRANSLATE_NOOP("words", "1 file was skipped: it is not in a class folder."),
                many=QT_TRANSLATE_NOOP("words", "{count:,} files were skipped: they are not in a class folder."),
            )
        ),
    ),
    ProblemCode.SYSTEM_FILES: (
        worded(
            Counted(
                one=QT_TRANSLATE_NOOP(
                    "words",
                    "1 file was skipped: it is a text or data file, or belongs to the system or another program.",
                ),
                many=QT_TRANSLATE_NOOP(
                    "words",
                    "{count:,} files were skipped: they are text or data files, or belong to the system or other programs.",
                ),
            )
        ),
    ),
    ProblemCode.OUTSIDE_PARTS: (
        worded(
            QT_TRANSLATE_NOOP("words", "Only the training, validation and test folders are used. Skipped: {names}.")
        ),
    ),
    ProblemCode.CLASS_NAMES_ALIKE: (
        worded(
            QT_TRANSLATE_NOOP(
                "words",
                "Some class names look alike but count as different classes: {names}. If they mean the same class, "
                "give the folders exactly the same name.",
            )
        ),
    ),
    ProblemCode.SAME_INNER_FOLDERS: (
        worded(
            QT_TRANSLATE_NOOP(
                "words",
                "Several class folders contain the same folders: {names}. If these are the classes, make a folder for "
                "each of them at the top.",
            )
        ),
    ),
    ProblemCode.PART_AS_CLASS: (
        worded(
            QT_TRANSLATE_NOOP(
                "words",
                "“{folder}” counts as a class but contains folders: {names}. If these are the classes, choose "
                "“{folder}” instead of the folder around it.",
            )
        ),
    ),
    ProblemCode.EMPTY_CLASS: (
        worded(
            Counted(
                one=QT_TRANSLATE_NOOP("words", "1 class folder is empty."),
                many=QT_TRANSLATE_NOOP("words", "{count:,} class folders are empty."),
            )
        ),
    ),
    ProblemCode.CLASS_NOT_VALIDATED: (
        worded(
            QT_TRANSLATE_NOOP(
                "words", "Accuracy can't be measured for {names}: the validation folder has no such pictures."
            )
        ),
    ),
    ProblemCode.UNEQUAL_CLASSES: (
        worded(
            QT_TRANSLATE_NOOP(
                "words", "Few pictures of “{least}” ({few:,}, against {many:,} “{most}”). It may be missed more often."
            )
        ),
    ),
}
