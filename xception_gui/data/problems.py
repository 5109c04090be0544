"""What a person should know about a data set, in sentences: one for each kind of thing that was found."""

from collections import Counter
from collections.abc import Iterable

from xception_gui.domain.errors import QT_TRANSLATE_NOOP
from xception_gui.domain.messages import LeftOut, Problem
from xception_gui.domain.reasons import Reason

UNEQUAL_FROM = 4
"""Times as many pictures in the largest class as in the smallest, from which it is worth a word."""


_GROUPS: tuple[tuple[str, frozenset[Reason], str], ...] = (
    (
        "unreadable",
        frozenset(
            {
                Reason.UNREADABLE,
                Reason.EMPTY,
                Reason.NOT_A_PICTURE,
                Reason.DAMAGED,
                Reason.TOO_LARGE,
                Reason.TOO_MANY_PIXELS,
                Reason.TOO_DEMANDING,
                Reason.NOT_A_FILE,
                Reason.BROKEN_LINK,
                Reason.MISSING,
            }
        ),
        QT_TRANSLATE_NOOP("problems", "Files that can't be used as pictures: {count}."),
    ),
    (
        "duplicates",
        frozenset({Reason.DUPLICATE}),
        QT_TRANSLATE_NOOP(
            "problems", "Exact copies of a picture in the same class, of which the first is used: {count}."
        ),
    ),
    (
        "duplicates-across-classes",
        frozenset({Reason.DUPLICATE_ACROSS_CLASSES}),
        QT_TRANSLATE_NOOP(
            "problems", "The same picture lies in different classes, so none of its copies is used: {count} files."
        ),
    ),
    (
        "class-too-small",
        frozenset({Reason.CLASS_TOO_SMALL}),
        QT_TRANSLATE_NOOP("problems", "Classes with fewer than two usable pictures are left out: {count} files."),
    ),
    (
        "class-not-trained",
        frozenset({Reason.CLASS_NOT_TRAINED}),
        QT_TRANSLATE_NOOP("problems", "Classes that the training folder doesn't have are left out: {count} files."),
    ),
    (
        "outside-classes",
        frozenset({Reason.OUTSIDE_CLASSES}),
        QT_TRANSLATE_NOOP("problems", "Files beside the class folders are left out: {count}."),
    ),
)


def problems_of(
    left_out: Iterable[LeftOut], counts: Counter[str], *, empty_folders: Iterable[str], not_validated: Iterable[str]
) -> list[Problem]:
    """Sum up what was left out, and what is odd about the classes.

    Args:
        left_out: every file that isn't used.
        counts: usable pictures of each class.
        empty_folders: class folders without a file.
        not_validated: classes that a validation folder lacks.
    """
    files = list(left_out)
    problems = []
    for code, reasons, sentence in _GROUPS:
        paths = tuple(file.path for file in files if file.code in reasons)
        if paths:
            problems.append(_problem(code, sentence, paths, count=len(paths)))
    if empty := tuple(empty_folders):
        sentence = QT_TRANSLATE_NOOP("problems", "Class folders without pictures: {count}.")
        problems.append(_problem("empty-class", sentence, empty, count=len(empty)))
    if names := ", ".join(f"“{name}”" for name in not_validated):
        sentence = QT_TRANSLATE_NOOP(
            "problems", "Nobody will see how well these are learned, the validation folder lacks them: {names}."
        )
        problems.append(_problem("class-not-validated", sentence, names=names))
    if len(counts) > 1 and max(counts.values()) >= UNEQUAL_FROM * min(counts.values()):
        (most, many), *_, (least, few) = counts.most_common()
        sentence = QT_TRANSLATE_NOOP(
            "problems", "The classes are unequal: “{most}” has {many} pictures, “{least}” has {few}."
        )
        problems.append(_problem("unequal-classes", sentence, most=most, many=many, least=least, few=few))
    return problems


def _problem(code: str, sentence: str, paths: tuple[str, ...] = (), **details: object) -> Problem:
    filled = {name: str(value) for name, value in details.items()}
    return Problem(code, sentence.format_map(filled), paths, details=filled)
