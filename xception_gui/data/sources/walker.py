"""A walk through folders that accounts for everything in them."""

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from xception_gui.data.sources.system_names import is_archive, is_system_name
from xception_gui.domain.errors import ErrorCode, ProgramError, system_finding
from xception_gui.domain.messages.dataset import LeftOut
from xception_gui.domain.reasons import Reason, left_out


def files_below(folder: Path) -> tuple[list[Path], list[LeftOut]]:
    """List all files below a folder, at any depth, sorted by path; and everything else, with reasons."""
    walker = FolderWalker(folder)
    try:
        files = sorted(walker.files_below(folder))
    except ProgramError:
        return [], [left_out(str(folder), Reason.UNREADABLE, "the folder can't be opened")]
    return files, walker.left_out


def is_shown(name: str) -> bool:
    """Return whether a name is a person's own: neither hidden nor a system's."""
    return not name.startswith(".") and not is_system_name(name)


@dataclass
class FolderWalker:
    """Walks through the folders below `root`, each only once."""

    root: Path
    left_out: list[LeftOut] = field(default_factory=list)
    # Device and inode of a folder → the path under which it is read.
    _readers: dict[tuple[int, int], Path] = field(default_factory=dict)

    def folders_of(self, folder: Path) -> list[Path]:
        """List the folders directly in `folder`; record files beside them as skipped."""
        folders = []
        for entry in self._entries(folder):
            if is_folder(entry):
                folders.append(Path(entry.path))
            else:
                self.leave_out(Path(entry.path), Reason.OUTSIDE_CLASSES)
        return folders

    def claim(self, folders: Iterable[Path]) -> None:
        """Reserve folders for these paths, so that links found earlier aren't followed instead."""
        for folder in sorted(folders, key=Path.is_symlink):
            with contextlib.suppress(OSError):  # reading it will raise the error again
                self._reader_of(folder)

    def files_below(self, folder: Path) -> Iterator[Path]:
        """Yield every file below `folder`, at any depth (a stack, not recursion: folders may be nested deeply)."""
        folders = [folder]
        while folders:
            for entry in self._entries(folders.pop()):
                if is_folder(entry):
                    folders.append(Path(entry.path))
                elif _is_regular_file(entry):
                    yield Path(entry.path)
                else:
                    self.leave_out(Path(entry.path), Reason.BROKEN_LINK if entry.is_symlink() else Reason.NOT_A_FILE)

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        """Return a person's own entries in `folder`, sorted by name; none if it was read before or can't be read."""
        try:
            if self._reader_of(folder) != folder:
                self.leave_out(folder, Reason.LINK_LOOP)
                return []
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except (OSError, ValueError) as error:  # ValueError: an impossible name, for instance with a null character
            if folder == self.root:
                raise ProgramError(_why_no_folder(folder), path=folder) from error
            self.leave_out(folder, Reason.UNREADABLE, system_finding(error))
            return []
        for entry in entries:
            if not is_shown(entry.name):
                self.leave_out(Path(entry.path), Reason.HIDDEN if entry.name.startswith(".") else Reason.SYSTEM)
        return [entry for entry in entries if is_shown(entry.name)]

    def _reader_of(self, folder: Path) -> Path:
        status = folder.stat()
        return self._readers.setdefault((status.st_dev, status.st_ino), folder)

    def leave_out(self, path: Path, reason: Reason, detail: str = "") -> None:
        """Record that a file, or a folder with all its contents, isn't used."""
        self.left_out.append(left_out(str(path), reason, detail))


def _why_no_folder(path: Path) -> ErrorCode:
    return ErrorCode.DATASET_IS_ARCHIVE if is_archive(path.suffix) and path.is_file() else ErrorCode.DATASET_NOT_FOUND


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a folder or a link to one."""
    try:
        return entry.is_dir()
    except OSError:  # a link to itself, or a folder that may not be entered
        return False


def _is_regular_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False
