"""What a person should know about a data set: one problem for each kind of finding."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from xception_gui.domain.messages.base import Detail
from xception_gui.domain.messages.dataset import LeftOut, Problem, ProblemCode
from xception_gui.domain.reasons import Reason

UNEQUAL_FROM = 4
"""Ratio of the largest class to the smallest from which it is reported."""

_GROUPS: dict[ProblemCode, frozenset[Reason]] = {
    ProblemCode.UNREADABLE: frozenset(
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
    ProblemCode.DUPLICATES: frozenset({Reason.DUPLICATE}),
    ProblemCode.DUPLICATES_ACROSS_CLASSES: frozenset({Reason.DUPLICATE_ACROSS_CLASSES}),
    ProblemCode.CLASS_TOO_SMALL: frozenset({Reason.CLASS_TOO_SMALL}),
    ProblemCode.CLASS_NOT_TRAINED: frozenset({Reason.CLASS_NOT_TRAINED}),
    ProblemCode.OUTSIDE_CLASSES: frozenset({Reason.OUTSIDE_CLASSES}),
    ProblemCode.SYSTEM_FILES: frozenset({Reason.SYSTEM, Reason.SIDECAR}),
}

_OF_CLASSES = {
    ProblemCode.CLASS_TOO_SMALL: Reason.CLASS_TOO_SMALL,
    ProblemCode.CLASS_NOT_TRAINED: Reason.CLASS_NOT_TRAINED,
}
"""Problems of whole classes, and the reason of their files, which has the class as its detail."""


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
    """Sum up which files aren't used, and what is unusual about the classes.

    Args:
        left_out: every file that isn't used.
        counts: usable pictures of each class.
        empty_folders: class folders without a file.
        not_validated: classes that a validation folder lacks.
        alike: groups of classes whose names look alike.
        shared_inner: subfolders that all class folders with subfolders have in common.
        parts_as_classes: folders named like parts that count as classes → their subfolders.
    """
    files = list(left_out)
    problems = []
    for code, reasons in _GROUPS.items():
        paths = tuple(file.path for file in files if file.code in reasons)
        if paths:
            problems.append(_problem(code, paths, count=len(paths), **_classes_of(code, files)))
    if beside := tuple(file.path for file in files if file.code == Reason.OUTSIDE_PARTS):
        problems.append(_problem(ProblemCode.OUTSIDE_PARTS, beside, names=tuple(Path(path).name for path in beside)))
    if groups := tuple(map(tuple, alike)):
        problems.append(_problem(ProblemCode.CLASS_NAMES_ALIKE, names=groups))
    if shared_inner:
        problems.append(_problem(ProblemCode.SAME_INNER_FOLDERS, names=tuple(shared_inner)))
    for folder, inner in (parts_as_classes or {}).items():
        problems.append(_problem(ProblemCode.PART_AS_CLASS, folder=folder, names=tuple(inner)))
    if empty := tuple(empty_folders):
        problems.append(_problem(ProblemCode.EMPTY_CLASS, empty, count=len(empty)))
    if names := tuple(not_validated):
        problems.append(_problem(ProblemCode.CLASS_NOT_VALIDATED, names=names))
    if len(counts) > 1 and max(counts.values()) >= UNEQUAL_FROM * min(counts.values()):
        (most, many), *_, (least, few) = counts.most_common()
        problems.append(_problem(ProblemCode.UNEQUAL_CLASSES, most=most, many=many, least=least, few=few))
    return problems


def _classes_of(code: ProblemCode, files: Iterable[LeftOut]) -> dict[str, int]:
    """Count the classes that are skipped, as the detail `classes`."""
    if code not in _OF_CLASSES:
        return {}
    return {"classes": len({file.detail for file in files if file.code == _OF_CLASSES[code]})}


def _problem(code: ProblemCode, paths: tuple[str, ...] = (), **details: Detail) -> Problem:
    return Problem(code.value, paths, details=details)
