"""Files and folders that were dropped together, and the progress of classifying them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from xception_gui.domain.messages.base import Progress
from xception_gui.domain.pace import NO_PACE, Pace

Drop = tuple[str, ...]
"""Paths of files and folders that were dropped together."""


@dataclass(frozen=True, slots=True)
class DropProgress:
    """Progress of the current drop, and the number of pictures in the drops before it."""

    done_before: int = 0
    done: int = 0
    total: int = 0
    pace: Pace = NO_PACE

    def after(self, event: Progress) -> "DropProgress":
        """Return the progress after more pictures."""
        pace = self.pace.after(event.seconds, event.done)
        return replace(self, done=event.done, total=event.total, pace=pace)

    def ended(self, *, goes_on: bool) -> "DropProgress":
        """Return the progress at the end of a drop; the counts continue if another drop follows."""
        return DropProgress(self.done_before + self.done if goes_on else 0)


def still_missing(paths: Sequence[str], last: str | None) -> Drop:
    """Return the part of an interrupted drop that must be classified again. Results come in the order of the drop.

    A folder that was interrupted halfway is classified as a whole: embeddings made before come from the cache.

    Args:
        paths: of the drop, files and folders.
        last: path of the newest result, None if there was none.
    """
    if last is None:
        return tuple(paths)
    newest = PurePath(last)
    at_or_above = {newest, *newest.parents}
    reached = next((number for number, path in enumerate(paths) if PurePath(path) in at_or_above), 0)
    is_the_file = PurePath(paths[reached]) == newest
    return tuple(paths[reached + 1 :] if is_the_file else paths[reached:])
