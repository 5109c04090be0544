"""The only module in which the program deletes anything.

The rule: a file is deleted only if it has one of the program's own names, is in a folder that the program made, and is
reached without following a link. A folder is deleted only once it is empty. Everything else stays, or is moved to the
system's trash when a person deletes it.

A folder that the program made is one made by this very process, or one that contains the marker. Folders of the first
release have none: `claim` marks one if everything in it has one of the program's own names.

Folders are opened without following links and then used through their descriptors, so that they can't be replaced by a
link meanwhile. Windows has no such descriptors; there each name is checked before it is used.
"""

import contextlib
import os
import re
import stat
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MARKER = ".xception-gui"
"""File in a folder that the program made, which allows later starts to delete from it."""

_MARKER_TEXT = b"Xception GUI made this folder, and deletes what it wrote here once that isn't needed any more.\n"

_BESIDE = re.compile(r"\.DS_Store|\._.*|Thumbs\.db|desktop\.ini|\.directory", re.IGNORECASE)
"""Files that file managers leave in every folder that is opened."""

_HAS_DESCRIPTORS = {os.open, os.stat, os.unlink, os.rmdir} <= os.supports_dir_fd and os.scandir in os.supports_fd

_Identity = tuple[int, int]
"""Device and inode."""

_made: set[_Identity] = set()
"""Folders that this process has made."""


@dataclass(frozen=True, slots=True)
class OwnNames:
    """Names of the program's files and subfolders in a folder, as regular expressions of whole names."""

    files: Collection[str] = ()
    folders: Mapping[str, "OwnNames"] = field(default_factory=dict)

    def has_file(self, name: str) -> bool:
        """Return whether a file with this name is the program's."""
        return name == MARKER or any(re.fullmatch(pattern, name) for pattern in self.files)

    def folder(self, name: str) -> "OwnNames | None":
        """Return the program's names in a subfolder with this name; None if the subfolder isn't the program's."""
        return next((names for pattern, names in self.folders.items() if re.fullmatch(pattern, name)), None)


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file of the program's own, as it was when the folder was read."""

    name: str
    size: int  # bytes
    changed: int  # nanoseconds since 1970


def is_real_folder(path: Path) -> bool:
    """Return whether there is a folder at this path, not a link to one."""
    try:
        return _is_folder(path.lstat())
    except (OSError, ValueError):
        return False


def make_folder(path: Path, *, mode: int = 0o777, parents: bool = False) -> bool:
    """Make a folder that later starts may delete from. Returns False, without a change, if it already exists.

    Raises:
        OSError: it can't be made, or its name is taken by something else.
    """
    if parents:
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.mkdir(mode)
    except FileExistsError:
        if not path.is_dir():
            raise
        return False
    with contextlib.suppress(OSError), _opened(path) as folder:
        _made.add(folder.identity)
        folder.mark()
    return True


def claim(path: Path, names: OwnNames) -> None:
    """Mark a folder that the first release made, recognised by its contents: everything has one of the given names.

    Any other folder stays unmarked, and nothing is ever deleted from it.
    """
    with contextlib.suppress(OSError), _opened(path) as folder:
        if not folder.is_own() and folder.holds_only(names):
            folder.mark()


@contextlib.contextmanager
def temporary_folder(parent: Path, prefix: str, names: OwnNames) -> Iterator[Path]:
    """Make a temporary folder that only its owner can open. At the end, the program's files are deleted, then the
    folder if it is empty.

    Raises:
        OSError: it can't be made.
    """
    path = Path(tempfile.mkdtemp(dir=parent, prefix=prefix))
    with _opened(path) as folder:
        identity = folder.identity
    _made.add(identity)
    try:
        yield path
    finally:
        delete_made_folder(path, names)
        _made.discard(identity)


def have_made(path: Path) -> None:
    """Record that this process has just made a folder, so that it may delete its own files from it."""
    with _opened(path) as folder:
        _made.add(folder.identity)


def own_files(path: Path, names: OwnNames) -> list[OwnFile]:
    """List the program's own files directly in a folder; none if the program didn't make the folder."""
    found = []
    with contextlib.suppress(OSError), _opened(path) as folder:
        if folder.is_own():
            for name in folder.names():
                status = folder.status(name)
                if status is not None and stat.S_ISREG(status.st_mode) and name != MARKER and names.has_file(name):
                    found.append(OwnFile(name, status.st_size, status.st_mtime_ns))
    return found


def delete_files(path: Path, names: OwnNames, is_wanted: Callable[[str], bool] = lambda name: True) -> None:
    """Delete the program's own files directly in a folder, if `is_wanted` is true for their names.

    Files that can't be deleted stay.
    """
    with contextlib.suppress(OSError), _opened(path) as folder:
        if folder.is_own():
            for name in folder.names():
                if name != MARKER and names.has_file(name) and is_wanted(name):
                    folder.delete_file(name)


def delete_oldest(path: Path, names: OwnNames, *, down_to: int, spared: Collection[str] = ()) -> None:
    """Delete the program's own files directly in a folder, the oldest first, until the rest takes no more than
    `down_to` bytes. Those named in `spared` always stay."""
    wanted = oldest(own_files(path, names), down_to, spared)
    if wanted:
        delete_files(path, names, wanted.__contains__)


def oldest(files: Collection[OwnFile], bytes_left: int, spared: Collection[str] = ()) -> set[str]:
    """Return the names of the oldest files that must go so that the rest takes no more than `bytes_left`."""
    left = sum(file.size for file in files)
    found = set()
    for file in sorted(files, key=lambda file: file.changed):
        if left <= bytes_left:
            break
        if file.name not in spared:
            found.add(file.name)
            left -= file.size
    return found


def delete_folders_in(path: Path, names: OwnNames, is_wanted: Callable[[str], bool]) -> None:
    """Delete the program's own folders directly in a folder, with the program's own files in them.

    Files that can't be deleted stay, and so does a folder that isn't empty then.
    """
    with contextlib.suppress(OSError), _opened(path) as folder:
        if folder.is_own():
            for name in folder.names():
                inside = names.folder(name)
                if inside is not None and is_wanted(name):
                    _delete_folder_in(folder, name, inside)


def delete_folder(path: Path, names: OwnNames) -> None:
    """Delete the program's own files in a folder and in its own subfolders; then the folder, if it is empty.

    Files that can't be deleted stay.
    """
    _delete_folder(path, names, _Folder.is_own)


def delete_made_folder(path: Path, names: OwnNames) -> None:
    """Do the same, but only if this very process made the folder that now has this name."""
    _delete_folder(path, names, _Folder.is_made_by_this_process)


def _delete_folder(path: Path, names: OwnNames, may_be_deleted: Callable[["_Folder"], bool]) -> None:
    with contextlib.suppress(OSError), _opened(path) as folder:
        if not may_be_deleted(folder):
            return
        _empty(folder, names)
        _made.discard(folder.identity)
    with contextlib.suppress(OSError):
        path.rmdir()


def delete_written(path: Path) -> None:
    """Delete a file that this process has just written, and nothing but a file. It may be gone already."""
    with contextlib.suppress(OSError), _opened(path.parent, through_links=True) as folder:
        folder.delete_file(path.name)


def delete_empty_folder(path: Path) -> None:
    """Delete an empty folder.

    Raises:
        OSError: it isn't empty, or isn't a folder.
    """
    path.rmdir()


def delete_socket(path: Path) -> None:
    """Delete the socket of a process of this person that has ended, and nothing but a socket."""
    with contextlib.suppress(OSError):
        status = path.lstat()
        if stat.S_ISSOCK(status.st_mode) and status.st_uid == os.getuid():
            path.unlink()


class _Folder:
    """An open folder: all operations are on this very folder, whatever its path leads to by then."""

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self._path = path
        self._descriptor = descriptor
        status = os.stat(path) if descriptor is None else os.fstat(descriptor)  # noqa: PTH116 - as below
        self.identity: _Identity = (status.st_dev, status.st_ino)

    def names(self) -> list[str]:
        with os.scandir(self._path if self._descriptor is None else self._descriptor) as entries:
            return [entry.name for entry in entries]

    def status(self, name: str) -> os.stat_result | None:
        """Return the status of an entry itself, without following a link; None if there is no such entry."""
        try:
            return os.stat(**self._at(name), follow_symlinks=False)
        except OSError:
            return None

    def is_made_by_this_process(self) -> bool:
        return self.identity in _made

    def is_own(self) -> bool:
        """Return whether the program made this folder."""
        marker = self.status(MARKER)
        return self.is_made_by_this_process() or (marker is not None and stat.S_ISREG(marker.st_mode))

    def holds_only(self, names: OwnNames) -> bool:
        """Return whether everything in this folder has one of the program's own names."""
        return self.status(MARKER) is None and all(self._is_of(names, name) for name in self.names())

    def mark(self) -> None:
        with contextlib.suppress(OSError):  # a full disk, for instance: then it is marked next time
            descriptor = os.open(**self._at(MARKER), flags=os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o666)
            try:
                os.write(descriptor, _MARKER_TEXT)
            finally:
                os.close(descriptor)

    def delete_file(self, name: str) -> None:
        status = self.status(name)
        if status is not None and stat.S_ISREG(status.st_mode):
            with contextlib.suppress(OSError):
                os.unlink(**self._at(name))

    def delete_empty_folder(self, name: str) -> None:
        with contextlib.suppress(OSError):
            os.rmdir(**self._at(name))

    @contextlib.contextmanager
    def opened(self, name: str) -> Iterator["_Folder"]:
        """Open a subfolder.

        Raises:
            OSError: it isn't a folder, or is a link.
        """
        if self._descriptor is None:
            with _opened(self._path / name) as folder:
                yield folder
            return
        descriptor = os.open(name, _opening(through_links=False), dir_fd=self._descriptor)
        try:
            yield _Folder(self._path / name, descriptor)
        finally:
            os.close(descriptor)

    def _is_of(self, names: OwnNames, name: str) -> bool:
        status = self.status(name)
        if status is None or _BESIDE.fullmatch(name):
            return True
        if stat.S_ISREG(status.st_mode):
            return names.has_file(name)
        return _is_folder(status) and names.folder(name) is not None

    def _at(self, name: str) -> dict[str, Any]:
        if self._descriptor is None:
            return {"path": self._path / name}
        return {"path": name, "dir_fd": self._descriptor}


@contextlib.contextmanager
def _opened(path: Path, *, through_links: bool = False) -> Iterator[_Folder]:
    """Open a folder.

    Raises:
        OSError: it isn't a folder or, unless `through_links`, is a link.
    """
    if not _HAS_DESCRIPTORS:
        if not through_links and not is_real_folder(path):
            raise NotADirectoryError(path)
        yield _Folder(path, None)
        return
    descriptor = os.open(path, _opening(through_links=through_links))
    try:
        yield _Folder(path, descriptor)
    finally:
        os.close(descriptor)


def _opening(*, through_links: bool) -> int:
    return os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | (0 if through_links else os.O_NOFOLLOW)


def _empty(folder: _Folder, names: OwnNames) -> None:
    """Delete the program's own files and folders in a folder; the marker last, and only if nothing else is left."""
    for name in folder.names():
        inside = names.folder(name)
        if inside is not None:
            _delete_folder_in(folder, name, inside)
        if name != MARKER and names.has_file(name):
            folder.delete_file(name)
    if folder.names() == [MARKER]:
        folder.delete_file(MARKER)


def _delete_folder_in(folder: _Folder, name: str, names: OwnNames) -> None:
    """Delete a subfolder of one of the program's own folders."""
    with contextlib.suppress(OSError):
        with folder.opened(name) as inside:
            is_on_another_disk = inside.identity[0] != folder.identity[0]
            if is_on_another_disk or not (inside.is_own() or inside.holds_only(names)):
                return
            _empty(inside, names)
        folder.delete_empty_folder(name)


def _is_folder(status: os.stat_result) -> bool:
    """Return whether this is a folder, and not a junction of Windows, which is a kind of link."""
    attributes = getattr(status, "st_file_attributes", 0)
    is_junction = bool(attributes & getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0))
    return stat.S_ISDIR(status.st_mode) and not is_junction
