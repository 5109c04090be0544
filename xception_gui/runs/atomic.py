"""Files that appear whole or not at all."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.files.deletion import delete_empty_folder, delete_written


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary name beside `path`; what was written there gets its name at the end, unless something failed.

    The temporary name ends as `path` does, for writers that look at suffixes.
    """
    with _written_beside(path) as temporary:
        yield temporary
        _make_ready(temporary)
        temporary.replace(path)


@contextlib.contextmanager
def making(path: Path) -> Iterator[Path]:
    """Do the same, but never in the place of what is at `path` by then.

    Raises:
        FileExistsError: at the end: something is.
    """
    with _written_beside(path) as temporary:
        yield temporary
        _make_ready(temporary)
        place(temporary, path)


def place(made: Path, path: Path) -> None:
    """Give a file or a folder that was made on the same disk its name, unless that is taken.

    Raises:
        FileExistsError: it is.
        OSError: the system refuses.
    """
    if os.name == "nt":  # where nothing that is there is ever replaced by this
        made.rename(path)
    elif made.is_dir():
        path.mkdir()  # nobody else has this name from here on
        try:
            made.rename(path)  # which takes the place of an empty folder
        except BaseException:
            delete_empty_folder(path)
            raise
    else:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))  # likewise
        try:
            made.replace(path)
        except BaseException:
            delete_written(path)
            raise


@contextlib.contextmanager
def _written_beside(path: Path) -> Iterator[Path]:
    temporary = _make_beside(path)
    try:
        yield temporary
        _bring_to_disk(path.parent)
    except BaseException as error:
        if isinstance(error, OSError) and error.filename is None:  # the system names no file that it was writing
            error.filename = str(path)
        delete_written(temporary)
        raise


def _make_beside(path: Path) -> Path:
    """Make an empty file of a name that nobody else has.

    The system gives it the rights of any new file. A file of `tempfile` would have to be given them afterwards, and the
    umask can't be asked for without setting it, for all threads.
    """
    while True:
        temporary = path.with_name(f".{secrets.token_hex(4)}.{path.name}")
        with contextlib.suppress(FileExistsError):
            os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
            return temporary


def _make_ready(temporary: Path) -> None:
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())


def write_text(path: Path, text: str) -> None:
    """Write a text file in UTF-8; characters that UTF-8 doesn't have become `\\udc…` escapes, as JSON knows them."""
    with replacing(path) as temporary:
        temporary.write_bytes(text.encode("utf-8", errors="backslashreplace"))


def cannot_write(path: Path, error: OSError) -> ProgramError:
    """Say that something can't be written."""
    return ProgramError(ErrorCode.CANNOT_WRITE, path=path, found=error.strerror or error)


def _bring_to_disk(folder: Path) -> None:
    """Have the names in a folder outlast a power cut. Not every system and drive can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
