"""Labels in a file that is an archive too."""

import zipfile
from pathlib import Path


def add_labels_as_archive(path: Path, labels: bytes) -> None:
    """Append `labels.txt` to a file as an archive.

    LiteRT's metadata keep files in a ZIP archive at the end of the model, and what Keras writes is one.
    """
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("labels.txt", labels)
