"""`run.json` in format 1, which must always be readable: a picture's label was the name of its folder.

No other module reads a label off a path.
"""

import re

import msgspec

from xception_gui.runs.escaped_names import unescaped
from xception_gui.runs.schema import Hash, RecordedPicture, RunHead, RunRecord, SplitRecord

_DRIVE = re.compile(r"(?:^|/)[A-Za-z]:")

_Entries = tuple[tuple[str, Hash], ...]
"""Path below the data set, with slashes, and content hash of each picture."""


class _Split(msgspec.Struct, frozen=True):
    train: _Entries
    val: _Entries
    test: _Entries = ()


class Format1(RunHead, frozen=True, kw_only=True):
    """A record as it is stored."""

    split: _Split
    escaped: bool = False  # whether the names of pictures are escaped; not so in the first release

    def __post_init__(self) -> None:
        """Skip the checks of `RunHead`: they run on the converted record."""

    def record(self) -> RunRecord:
        """Convert to a record.

        Raises:
            ValueError: it is inconsistent, or leads elsewhere.
        """
        labels = {name: label for label, name in enumerate(self.classes)}
        parts = (self.split.train, self.split.val, self.split.test)
        head = {name: getattr(self, name) for name in RunHead.__struct_fields__}
        return RunRecord(**head, split=SplitRecord(*(self._labelled(part, labels) for part in parts)))

    def _labelled(self, entries: _Entries, labels: dict[str, int]) -> tuple[RecordedPicture, ...]:
        named = ((unescaped(name) if self.escaped else _as_it_is(name), sha256) for name, sha256 in entries)
        return tuple(RecordedPicture(name, sha256, self._label_of(name, labels)) for name, sha256 in named)

    def _label_of(self, relative: str, labels: dict[str, int]) -> int:
        """Return the label of a picture: that of the first folder below the data set, or below its part."""
        below = relative.partition("/")[2] if self.has_parts else relative
        folder, slash, _ = below.partition("/")
        if not slash or folder not in labels:
            raise ValueError(f"“{relative}” is not in a folder of one of the classes")
        return labels[folder]


def _as_it_is(name: str) -> str:
    """Return the name of a picture as the first release wrote it.

    Raises:
        ValueError: it could lead elsewhere.
    """
    if "\\" in name or _DRIVE.search(name):
        raise ValueError(f"“{name}” is not a picture of the data set")
    return name
