"""What is in a data set's folder: every file, in its class, or why not."""

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePosixPath

from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages import LeftOut
from xception_gui.domain.reasons import Reason, left_out


class Part(StrEnum):
    """Which part of a data set a picture belongs to, where its folders say so."""

    TRAIN = "train"
    VAL = "val"
    TEST = "test"


PART_NAMES: dict[str, Part] = {
    "train": Part.TRAIN,
    "training": Part.TRAIN,
    "val": Part.VAL,
    "valid": Part.VAL,
    "validation": Part.VAL,
    "test": Part.TEST,
    "testing": Part.TEST,
}


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
    has_parts: bool  # train and validation folders, instead of class folders
    empty_folders: tuple[Path, ...]  # class folders without a file, sorted
    files: tuple[FoundFile, ...]  # sorted by relative path
    left_out: tuple[LeftOut, ...]


def scan(root: Path) -> Listing:
    """List a folder of class folders, or of train and validation folders that hold class folders.

    Nothing is opened. Links to folders are followed, but no folder is read twice: a class folder counts as itself, also
    where a link in another class leads to it.

    Raises:
        ProgramError: DATASET_NOT_FOUND.
    """
    walker = _Walker(root)
    top = walker.folders_of(root)
    parts = _parts(top)
    class_folders = (
        {folder: part for top_folder, part in parts.items() for folder in walker.folders_of(top_folder)}
        if parts
        else dict.fromkeys(top, Part.TRAIN)
    )
    walker.claim(class_folders)
    for class_folder, part in class_folders.items():
        walker.add_class(class_folder, part)
    return Listing(
        root=root,
        has_parts=bool(parts),
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


def _parts(folders: list[Path]) -> dict[Path, Part]:
    """Say which part each folder is, if they are a training and a validation folder, with or without a test folder."""
    parts = {folder: PART_NAMES.get(folder.name.casefold()) for folder in folders}
    found = sorted(part for part in parts.values() if part)
    if len(found) == len(folders) and found in ([Part.TRAIN, Part.VAL], [Part.TEST, Part.TRAIN, Part.VAL]):
        return {folder: part for folder, part in parts.items() if part}
    return {}


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
        """Give what isn't hidden in `folder`, sorted by name; nothing if it was read before or can't be read."""
        try:
            if self._reader_of(folder) != folder:
                self._leave_out(folder, Reason.LINK_LOOP)
                return []
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except (OSError, ValueError) as error:  # ValueError: a name that no folder can have, as one with a zero in it
            if folder == self.root:
                raise ProgramError(ErrorCode.DATASET_NOT_FOUND, path=folder) from error
            self._leave_out(folder, Reason.UNREADABLE, getattr(error, "strerror", None) or str(error))
            return []
        for entry in entries:
            if entry.name.startswith("."):
                self._leave_out(Path(entry.path), Reason.HIDDEN)
        return [entry for entry in entries if not entry.name.startswith(".")]

    def _reader_of(self, folder: Path) -> Path:
        status = folder.stat()
        return self._readers.setdefault((status.st_dev, status.st_ino), folder)

    def _leave_out(self, path: Path, reason: Reason, detail: str = "") -> None:
        self.left_out.append(left_out(str(path), reason, detail))


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
