"""ZIP archives, as numpy and Keras write them: looked at before anything in them is unpacked, as they may be a
stranger's."""

import zipfile
from pathlib import Path, PurePosixPath


def refuse_archive(path: Path, most_bytes: int) -> None:
    """Make sure that what is in an archive has names of its own folder, and takes no more memory than it may.

    Readers unpack no more of an entry than the archive says that it holds.

    Args:
        path: of the archive.
        most_bytes: of all that is in it, unpacked.

    Raises:
        ValueError: it is another.
        OSError, zipfile.BadZipFile: it can't be read, or is none.
    """
    if path.exists() and not path.is_file():  # whoever opened a pipe would wait for ever
        raise ValueError("it is no file")
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    size = sum(entry.file_size for entry in entries)
    if size > most_bytes:
        megabytes, most = size // 1_000_000, most_bytes // 1_000_000
        raise ValueError(f"unpacked, it would take {megabytes:,} MB, and {most:,} are allowed")
    for entry in entries:
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others unpack without a limit
            raise ValueError(f"“{entry.filename}” is compressed in a way that is not used here")
        name = PurePosixPath(entry.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts:
            raise ValueError(f"“{entry.filename}” leads out of it")
