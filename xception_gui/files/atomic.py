"""Files that appear whole or not at all."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from xception_gui.files.deletion import delete_empty_folder, delete_written, make_folder

FOR_ALL = 0o666
"""The rights of a new file, of which the umask takes what the person doesn't want others to have."""

FOR_OWNER = 0o600


@contextlib.contextmanager
def replacing(path: Path, *, durable: bool = True, rights: int = FOR_ALL) -> Iterator[Path]:
    """Yield a temporary name beside `path`; what was written there gets its name at the end, unless something failed.

    The temporary name ends as `path` does, for writers that look at suffixes.

    Args:
        path: what is written.
        durable: whether it outlasts a power cut, which takes the disk a moment; without, it may be empty after one.
        rights: of the file, before the umask.
    """
    with _written_beside(path, rights, durable=durable) as temporary:
        yield temporary
        if durable:
            _bring_file_to_disk(temporary)
        temporary.replace(path)


@contextlib.contextmanager
def making(path: Path) -> Iterator[Path]:
    """Do the same, but never in the place of what is at `path` by then.

    Raises:
        FileExistsError: at the end: something is.
    """
    with _written_beside(path, FOR_ALL, durable=True) as temporary:
        yield temporary
        _bring_file_to_disk(temporary)
        place(temporary, path)


def write_text(path: Path, text: str) -> None:
    """Write a text file in UTF-8; characters that UTF-8 doesn't have become `\\udc…` escapes, as JSON knows them."""
    with replacing(path) as temporary:
        temporary.write_bytes(text.encode("utf-8", errors="backslashreplace"))


def write_private(path: Path, data: bytes) -> None:
    """Write a small file of the cache or the settings for its owner's eyes, and its folder where there is none.

    It isn't forced to the disk: what a power cut leaves of it is made again.

    Raises:
        OSError: it can't be written.
    """
    make_folder(path.parent, parents=True)
    with replacing(path, durable=False, rights=FOR_OWNER) as temporary:
        temporary.write_bytes(data)


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
def _written_beside(path: Path, rights: int, *, durable: bool) -> Iterator[Path]:
    temporary = _make_beside(path, rights)
    try:
        yield temporary
        if durable:
            _bring_folder_to_disk(path.parent)
    except BaseException as error:
        if isinstance(error, OSError) and error.filename is None:  # the system names no file that it was writing
            error.filename = str(path)
        delete_written(temporary)
        raise


def _make_beside(path: Path, rights: int) -> Path:
    """Make an empty file of a name that nobody else has.

    The system takes from its rights what the umask says. A file of `tempfile` would have to be given the rights of
    other files afterwards, and the umask can't be asked for without setting it, for all threads.
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
    """Have the names in a folder outlast a power cut. Not every system and drive can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
