"""The result of every source: rows, and the reasons why other files aren't rows."""

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
    parts: frozenset[Part] = frozenset()  # named by the source, even those without pictures
    has_class_folders: bool = False  # whether the folders at the top are the classes
    empty_folders: tuple[Path, ...] = ()  # class folders without a file, sorted
    decision: FolderDecision = field(default_factory=FolderDecision)  # what the top folders are, if there are any
