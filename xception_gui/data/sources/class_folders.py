"""A source: folders that are classes, with pictures at any depth."""

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from xception_gui.data.sources.folder_decision import FolderDecision
from xception_gui.data.sources.listing import Listing
from xception_gui.data.sources.rows import Part, Row
from xception_gui.data.sources.walker import FolderWalker
from xception_gui.domain.questions import CLASS


def list_class_folders(walker: FolderWalker, top: Sequence[Path], decision: FolderDecision) -> Listing:
    """List the pictures of a data set whose top folders are its classes."""
    return list_classes(walker, dict.fromkeys(top), decision)


def list_classes(walker: FolderWalker, folders: Mapping[Path, Part | None], decision: FolderDecision) -> Listing:
    """List every file below class folders; the folder's name is the answer to the question for the class.

    Args:
        walker: at the data set's folder.
        folders: the class folders, each with its part.
        decision: what the top folders are.
    """
    walker.claim(folders)
    rows: list[Row] = []
    empty: list[Path] = []
    for folder, part in folders.items():
        answers = {CLASS: folder.name}  # one object for all rows
        found = [Row(path, _relative(path, walker.root), answers, part) for path in walker.files_below(folder)]
        rows += found
        if not found:
            empty.append(folder)
    return Listing(
        root=walker.root,
        rows=tuple(sorted(rows, key=lambda row: row.relative)),
        left_out=tuple(sorted(walker.left_out, key=lambda file: file.path)),
        parts=frozenset(decision.parts.values()),
        has_class_folders=not (decision.parts or decision.clash),
        empty_folders=tuple(sorted(empty)),
        decision=decision,
    )


def _relative(path: Path, root: Path) -> str:
    return PurePosixPath(path.relative_to(root)).as_posix()
