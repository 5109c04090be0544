"""What a person should know about a data set, in sentences: one for each kind of thing that was found."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from xception_gui.domain.errors import QT_TRANSLATE_NOOP
from xception_gui.domain.messages.dataset import LeftOut, Problem
from xception_gui.domain.reasons import Reason

UNEQUAL_FROM = 4
"""Times as many pictures in the largest class as in the smallest, from which it is worth a word."""

MOST_NAMES = 20
"""Names in one sentence."""

_GROUPS: tuple[tuple[str, frozenset[Reason], str], ...] = (
    (
        "unreadable",
        frozenset(
            {
                Reason.UNREADABLE,
                Reason.EMPTY,
                Reason.NOT_A_PICTURE,
                Reason.FAILED_DOWNLOAD,
                Reason.LFS_POINTER,
                Reason.ONLY_ZEROS,
                Reason.OTHER_FORMAT,
                Reason.VIDEO,
                Reason.ARCHIVE,
                Reason.OTHER_CONTENT,
                Reason.DAMAGED,
                Reason.TOO_LARGE,
                Reason.TOO_MANY_PIXELS,
                Reason.TOO_DEMANDING,
                Reason.NO_MEMORY,
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
    (
        "system-files",
        frozenset({Reason.SYSTEM, Reason.SIDECAR}),
        QT_TRANSLATE_NOOP(
            "problems", "Files of the system and of other programs, and files about pictures, are left out: {count}."
        ),
    ),
)


def problems_of(
    left_out: Iterable[LeftOut],
    counts: Counter[str],
    *,
    empty_folders: Iterable[str],
    not_validated: Iterable[str],
    alike: Iterable[Sequence[str]] = (),
    shared_inner: Sequence[str] = (),
    parts_as_classes: Mapping[str, Sequence[str]] | None = None,
) -> list[Problem]:
    """Sum up what was left out, and what is odd about the classes.

    Args:
        left_out: every file that isn't used.
        counts: usable pictures of each class.
        empty_folders: class folders without a file.
        not_validated: classes that a validation folder lacks.
        alike: groups of classes whose names look alike.
        shared_inner: folders that class folders with folders of their own all hold.
        parts_as_classes: folders named like parts that count as classes → the folders in them.
    """
    files = list(left_out)
    problems = []
    for code, reasons, sentence in _GROUPS:
        paths = tuple(file.path for file in files if file.code in reasons)
        if paths:
            problems.append(_problem(code, sentence, paths, count=len(paths)))
    if beside := tuple(file.path for file in files if file.code == Reason.OUTSIDE_PARTS):
        sentence = QT_TRANSLATE_NOOP(
            "problems", "Folders beside the training, validation and test folders are left out: {names}."
        )
        problems.append(_problem("outside-parts", sentence, beside, names=_quoted(Path(path).name for path in beside)))
    if groups := "; ".join(_quoted(group) for group in alike):
        sentence = QT_TRANSLATE_NOOP(
            "problems",
            "Some class names look alike, and count as different classes: {names}. Where they are meant as one, give "
            "the folders the same name, to the letter.",
        )
        problems.append(_problem("class-names-alike", sentence, names=groups))
    if shared_inner:
        sentence = QT_TRANSLATE_NOOP(
            "problems",
            "Several class folders hold the same folders: {names}. If they are the classes, make a folder for each of "
            "them at the top.",
        )
        problems.append(_problem("same-inner-folders", sentence, names=_quoted(shared_inner)))
    for folder, inner in (parts_as_classes or {}).items():
        sentence = QT_TRANSLATE_NOOP(
            "problems",
            "“{folder}” counts as a class, and holds folders of its own: {names}. If they are the classes, choose "
            "“{folder}” instead of the folder around it.",
        )
        problems.append(_problem("part-as-class", sentence, folder=folder, names=_quoted(inner)))
    if empty := tuple(empty_folders):
        sentence = QT_TRANSLATE_NOOP("problems", "Class folders without pictures: {count}.")
        problems.append(_problem("empty-class", sentence, empty, count=len(empty)))
    if names := _quoted(not_validated):
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


def _quoted(names: Iterable[str]) -> str:
    shown = list(names)
    more = f" and {len(shown) - MOST_NAMES:,} more" if len(shown) > MOST_NAMES else ""
    return ", ".join(f"“{name}”" for name in shown[:MOST_NAMES]) + more


def _problem(code: str, sentence: str, paths: tuple[str, ...] = (), **details: object) -> Problem:
    filled = {name: str(value) for name, value in details.items()}
    return Problem(code, sentence.format_map(filled), paths, details=filled)
