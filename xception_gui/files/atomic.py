"""Files that appear whole or not at all."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from xception_gui.files.deletion import delete_empty_folder, delete_written, make_folder

FOR_ALL = 0o666
"""Permissions of a new file, before the system applies the person's umask."""

FOR_OWNER = 0o600


@contextlib.contextmanager
def replacing(path: Path, *, durable: bool = True, rights: int = FOR_ALL) -> Iterator[Path]:
    """Yield a temporary path beside `path`; at the end, the file written there replaces `path`, unless an error occurs.

    The temporary name has the same suffix, for writers that depend on it.

    Args:
        path: file to write.
        durable: whether the file survives a power cut, for which the disk takes a moment; if false, it may then be
            empty.
        rights: permissions of the file, before the umask.
    """
    with _written_beside(path, rights, durable=durable) as temporary:
        yield temporary
        if durable:
            _bring_file_to_disk(temporary)
        temporary.replace(path)


@contextlib.contextmanager
def making(path: Path) -> Iterator[Path]:
    """Do the same as `replacing`, but never replace an existing file.

    Raises:
        FileExistsError: at the end: `path` exists.
    """
    with _written_beside(path, FOR_ALL, durable=True) as temporary:
        yield temporary
        _bring_file_to_disk(temporary)
        place(temporary, path)


def write_text(path: Path, text: str) -> None:
    """Write a text file in UTF-8; characters that UTF-8 doesn't have become `\\udc…` escapes, as in JSON."""
    with replacing(path) as temporary:
        temporary.write_bytes(text.encode("utf-8", errors="backslashreplace"))


def write_private(path: Path, data: bytes) -> None:
    """Write a small file of the cache or the settings, readable by its owner only; make its folder if needed.

    It isn't synced to the disk: if a power cut damages it, it is made again.

    Raises:
        OSError: it can't be written.
    """
    make_folder(path.parent, parents=True)
    with replacing(path, durable=False, rights=FOR_OWNER) as temporary:
        temporary.write_bytes(data)


def place(made: Path, path: Path) -> None:
    """Move a file or folder to `path`, on the same disk, unless `path` exists.

    Raises:
        FileExistsError: it does.
        OSError: the system refuses.
    """
    if os.name == "nt":  # there, renaming never replaces anything
        made.rename(path)
    elif made.is_dir():
        path.mkdir()  # reserves the name
        try:
            made.rename(path)  # replaces an empty folder
        except BaseException:
            delete_empty_folder(path)
            raise
    else:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))  # reserves the name
        try:
            made.replace(path)
        except BaseException:
            delete_written(path)
            raise


@contextlib.contextmanager
def _written_beside(path: Path, rights: int, *, durable: bool) -> Iterator[Path]:
    temporary = _make_beside(path, rights)
    try:
        yield temporary
        if durable:
            _bring_folder_to_disk(path.parent)
    except BaseException as error:
        if isinstance(error, OSError) and error.filename is None:  # the system doesn't name the file if writing fails
            error.filename = str(path)
        delete_written(temporary)
        raise


def _make_beside(path: Path, rights: int) -> Path:
    """Make an empty file with a name that isn't taken.

    The system applies the umask to its permissions. A file from `tempfile` would need its permissions changed later,
    and the umask can't be read without changing it for all threads.
    """
    while True:
        temporary = path.with_name(f".{secrets.token_hex(4)}.{path.name}")
        with contextlib.suppress(FileExistsError):
            os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, rights))
            return temporary


def _bring_file_to_disk(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def _bring_folder_to_disk(folder: Path) -> None:
    """Sync a folder, so that the names in it survive a power cut. Not every system and drive can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
