"""What every source gives: rows, and why other files are none."""

from dataclasses import dataclass, field
from pathlib import Path

from xception_gui.data.sources.folder_decision import FolderDecision
from xception_gui.data.sources.rows import Part, Row
from xception_gui.domain.messages.dataset import LeftOut


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything that a source has found."""

    root: Path
    rows: tuple[Row, ...]  # sorted by relative path
    left_out: tuple[LeftOut, ...]
    parts: frozenset[Part] = frozenset()  # that the source names, also where they are empty; none: it names no parts
    has_class_folders: bool = False  # whether the folders at the top are the classes
    empty_folders: tuple[Path, ...] = ()  # class folders without a file, sorted
    decision: FolderDecision = field(default_factory=FolderDecision)  # what the top folders are, if there are any
