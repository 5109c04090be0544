"""A source: folders that are training, validation and test parts, each with class folders in it."""

from collections.abc import Sequence
from pathlib import Path

from xception_gui.data.sources.class_folders import list_classes
from xception_gui.data.sources.folder_decision import FolderDecision
from xception_gui.data.sources.listing import Listing
from xception_gui.data.sources.walker import FolderWalker
from xception_gui.domain.reasons import Reason


def list_part_folders(walker: FolderWalker, top: Sequence[Path], decision: FolderDecision) -> Listing:
    """List the pictures of a data set whose top folders are its parts; other top folders are skipped."""
    for folder in top:
        if folder.name in decision.beside:
            walker.leave_out(folder, Reason.OUTSIDE_PARTS)
    parts = [(folder, decision.parts[folder.name]) for folder in top if folder.name in decision.parts]
    classes = {inner: part for folder, part in parts for inner in walker.folders_of(folder)}
    return list_classes(walker, classes, decision)
