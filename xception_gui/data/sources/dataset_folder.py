"""Choice of the source for a data set's folder."""

import contextlib
import os
from pathlib import Path

from xception_gui.data.sources.class_folders import list_class_folders
from xception_gui.data.sources.folder_decision import decide
from xception_gui.data.sources.listing import Listing
from xception_gui.data.sources.part_folders import list_part_folders
from xception_gui.data.sources.walker import FolderWalker, is_folder, is_shown
from xception_gui.domain.folders import Folders


def scan(root: Path, folders: Folders = Folders.AUTO, *, for_training: bool = True) -> Listing:
    """List a folder of class folders, or of part folders that contain class folders.

    No file is opened. Links to folders are followed, but no folder is read twice: a class folder counts as itself, even
    if a link in another class leads to it.

    Args:
        root: the folder.
        folders: what its top folders are, if a person has chosen.
        for_training: if false, a model is measured, and any part will do.

    Raises:
        ProgramError: DATASET_NOT_FOUND, DATASET_IS_ARCHIVE.
    """
    walker = FolderWalker(root)
    top = walker.folders_of(root)
    decision = decide({folder.name: _inside(folder) for folder in top}, folders, for_training=for_training)
    source = list_part_folders if decision.parts else list_class_folders
    return source(walker, top, decision)


def _inside(folder: Path) -> frozenset[str] | None:
    """Return the names of the folders in a folder; None if it is empty."""
    with contextlib.suppress(OSError, ValueError), os.scandir(folder) as found:  # reading it will raise the error again
        entries = [entry for entry in found if is_shown(entry.name)]
        return frozenset(entry.name for entry in entries if is_folder(entry)) if entries else None
    return frozenset()
