"""What is in a data set's folder: every file, in its class, or why not."""

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from xception_gui.data.dataset.folder_parts import FolderDecision, decide
from xception_gui.data.dataset.folder_parts import Part as Part
from xception_gui.data.dataset.system_names import is_archive, is_system_name
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.dataset import LeftOut
from xception_gui.domain.reasons import Reason, left_out


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file in a class folder. What it is, nobody has looked yet."""

    path: Path  # as the data set was named, joined with what was found below it
    relative: str  # below the data set, with slashes
    class_name: str
    part: Part  # TRAIN where the folders don't say


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything in a data set's folder."""

    root: Path
    decision: FolderDecision  # what its top folders are
    empty_folders: tuple[Path, ...]  # class folders without a file, sorted
    files: tuple[FoundFile, ...]  # sorted by relative path
    left_out: tuple[LeftOut, ...]

    @property
    def has_parts(self) -> bool:
        """Whether there are train and other parts, instead of class folders."""
        return bool(self.decision.parts)


def scan(root: Path, folders: Folders = Folders.AUTO, *, for_training: bool = True) -> Listing:
    """List a folder of class folders, or of train and other parts that hold class folders.

    Nothing is opened. Links to folders are followed, but no folder is read twice: a class folder counts as itself, also
    where a link in another class leads to it.

    Args:
        root: the folder.
        folders: what its top folders are, if a person has said so.
        for_training: else a model is measured, for which any part will do.

    Raises:
        ProgramError: DATASET_NOT_FOUND, DATASET_IS_ARCHIVE.
    """
    walker = _Walker(root)
    top = walker.folders_of(root)
    decision = decide({folder.name: _inside(folder) for folder in top}, folders, for_training=for_training)
    class_folders = dict.fromkeys(top, Part.TRAIN)
    if decision.parts:
        walker.leave_out_beside_parts(folder for folder in top if folder.name in decision.beside)
        parts = [(folder, decision.parts[folder.name]) for folder in top if folder.name in decision.parts]
        class_folders = {inner: part for folder, part in parts for inner in walker.folders_of(folder)}
    walker.claim(class_folders)
    for class_folder, part in class_folders.items():
        walker.add_class(class_folder, part)
    return Listing(
        root=root,
        decision=decision,
        empty_folders=tuple(sorted(walker.empty_folders)),
        files=tuple(sorted(walker.files, key=lambda file: file.relative)),
        left_out=tuple(sorted(walker.left_out, key=lambda file: file.path)),
    )


def files_below(folder: Path) -> tuple[list[Path], list[LeftOut]]:
    """List all files below a folder, at any depth, sorted by path; and what stands between them, with the reasons."""
    walker = _Walker(folder)
    try:
        files = sorted(walker.files_below(folder))
    except ProgramError:
        return [], [left_out(str(folder), Reason.UNREADABLE, "the folder can't be opened")]
    return files, walker.left_out


def as_given(given: str, path: str) -> str:
    """Write a path below a folder as the folder was given: `./pictures//` and not what that comes to."""
    below = os.path.relpath(path, given)
    return given if below == os.curdir else os.path.join(given, below)  # noqa: PTH118 - Path would tidy it up


def is_shown(name: str) -> bool:
    """Say whether a file or folder of this name is a person's own: neither hidden nor a system's."""
    return not name.startswith(".") and not is_system_name(name)


def _inside(folder: Path) -> frozenset[str] | None:
    """Name the folders in a folder; None if nothing is in it."""
    with contextlib.suppress(OSError, ValueError), os.scandir(folder) as found:  # who reads it will meet the error
        entries = [entry for entry in found if is_shown(entry.name)]
        return frozenset(entry.name for entry in entries if _is_folder(entry)) if entries else None
    return frozenset()


@dataclass
class _Walker:
    """Walks through folders and accounts for everything that it meets."""

    root: Path
    files: list[FoundFile] = field(default_factory=list)
    empty_folders: list[Path] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    # Device and inode of a folder → the path by which it is read.
    _readers: dict[tuple[int, int], Path] = field(default_factory=dict)

    def folders_of(self, folder: Path) -> list[Path]:
        """List the folders directly in `folder`; files beside them are left out."""
        folders = []
        for entry in self._entries(folder):
            if _is_folder(entry):
                folders.append(Path(entry.path))
            else:
                self._leave_out(Path(entry.path), Reason.OUTSIDE_CLASSES)
        return folders

    def claim(self, folders: Iterable[Path]) -> None:
        """Have these folders read by these paths, not by links that are met before them."""
        for folder in sorted(folders, key=Path.is_symlink):
            with contextlib.suppress(OSError):  # who reads it will meet the error again
                self._reader_of(folder)

    def leave_out_beside_parts(self, folders: Iterable[Path]) -> None:
        """Account for folders beside the parts, each with all that is in it."""
        for folder in folders:
            self._leave_out(folder, Reason.OUTSIDE_PARTS)

    def add_class(self, folder: Path, part: Part) -> None:
        """Take every file below a class folder."""
        before = len(self.files)
        for path in self.files_below(folder):
            relative = PurePosixPath(path.relative_to(self.root)).as_posix()
            self.files.append(FoundFile(path, relative, folder.name, part))
        if len(self.files) == before:
            self.empty_folders.append(folder)

    def files_below(self, folder: Path) -> Iterator[Path]:
        """Give every file below `folder`, at any depth (a stack, not a recursion: folders may lie deep)."""
        folders = [folder]
        while folders:
            for entry in self._entries(folders.pop()):
                if _is_folder(entry):
                    folders.append(Path(entry.path))
                elif _is_regular_file(entry):
                    yield Path(entry.path)
                else:
                    self._leave_out(Path(entry.path), Reason.BROKEN_LINK if entry.is_symlink() else Reason.NOT_A_FILE)

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        """Give what is a person's own in `folder`, sorted by name; nothing if it was read before or can't be read."""
        try:
            if self._reader_of(folder) != folder:
                self._leave_out(folder, Reason.LINK_LOOP)
                return []
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except (OSError, ValueError) as error:  # ValueError: a name that no folder can have, as one with a zero in it
            if folder == self.root:
                raise ProgramError(_why_no_folder(folder), path=folder) from error
            self._leave_out(folder, Reason.UNREADABLE, getattr(error, "strerror", None) or str(error))
            return []
        for entry in entries:
            if not is_shown(entry.name):
                self._leave_out(Path(entry.path), Reason.HIDDEN if entry.name.startswith(".") else Reason.SYSTEM)
        return [entry for entry in entries if is_shown(entry.name)]

    def _reader_of(self, folder: Path) -> Path:
        status = folder.stat()
        return self._readers.setdefault((status.st_dev, status.st_ino), folder)

    def _leave_out(self, path: Path, reason: Reason, detail: str = "") -> None:
        self.left_out.append(left_out(str(path), reason, detail))


def _why_no_folder(path: Path) -> ErrorCode:
    return ErrorCode.DATASET_IS_ARCHIVE if is_archive(path.suffix) and path.is_file() else ErrorCode.DATASET_NOT_FOUND


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself, or a folder that may not be entered
        return False


def _is_regular_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False
