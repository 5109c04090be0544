"""What a person should know about a data set, in sentences: one for each kind of thing that was found."""

from collections import Counter
from collections.abc import Iterable

from xception_gui.domain.errors import QT_TRANSLATE_NOOP
from xception_gui.domain.messages import LeftOut, Problem
from xception_gui.domain.reasons import Reason

UNEQUAL_FROM = 4
"""Times as many pictures in the largest class as in the smallest, from which it is worth a word."""


def _text(text: str) -> str:
    return QT_TRANSLATE_NOOP("problems", text)


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
                Reason.NOT_A_FILE,
                Reason.BROKEN_LINK,
                Reason.MISSING,
            }
        ),
        _text("Files that can't be used as pictures: {count}."),
    ),
    (
        "duplicates",
        frozenset({Reason.DUPLICATE}),
        _text("Exact copies of a picture in the same class, of which the first is used: {count}."),
    ),
    (
        "duplicates-across-classes",
        frozenset({Reason.DUPLICATE_ACROSS_CLASSES}),
        _text("The same picture lies in different classes, so none of its copies is used: {count} files."),
    ),
    (
        "class-too-small",
        frozenset({Reason.CLASS_TOO_SMALL}),
        _text("Classes with fewer than two usable pictures are left out: {count} files."),
    ),
    (
        "class-not-trained",
        frozenset({Reason.CLASS_NOT_TRAINED}),
        _text("Classes that the training folder doesn't have are left out: {count} files."),
    ),
    (
        "outside-classes",
        frozenset({Reason.OUTSIDE_CLASSES}),
        _text("Files beside the class folders are left out: {count}."),
    ),
)


def problems_of(left_out: Iterable[LeftOut], counts: Counter[str], empty_folders: list[str]) -> list[Problem]:
    """Sum up what was left out, empty class folders and unequal classes.

    Args:
        left_out: every file that isn't used.
        counts: usable pictures of each class.
        empty_folders: class folders without a file.
    """
    files = list(left_out)
    problems = []
    for code, reasons, sentence in _GROUPS:
        paths = tuple(file.path for file in files if file.code in reasons)
        if paths:
            problems.append(Problem(code, sentence.format(count=len(paths)), paths))
    if empty_folders:
        sentence = _text("Class folders without pictures: {count}.").format(count=len(empty_folders))
        problems.append(Problem("empty-class", sentence, tuple(empty_folders)))
    if len(counts) > 1 and max(counts.values()) >= UNEQUAL_FROM * min(counts.values()):
        problems.append(_unequal(counts))
    return problems


def _unequal(counts: Counter[str]) -> Problem:
    (most, many), *_, (least, few) = counts.most_common()
    sentence = _text("The classes are unequal: “{most}” has {many} pictures, “{least}” has {few}.")
    return Problem("unequal-classes", sentence.format(most=most, many=many, least=least, few=few), ())
