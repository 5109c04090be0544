"""What came together to be predicted, and how far that is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from xception_gui.domain.messages.base import Progress
from xception_gui.domain.pace import NO_PACE, Pace

Drop = tuple[str, ...]
"""Paths of files and folders that came together."""


@dataclass(frozen=True, slots=True)
class DropProgress:
    """How far the drop is that is at work, and how many pictures those before it held."""

    done_before: int = 0
    done: int = 0
    total: int = 0
    pace: Pace = NO_PACE

    def after(self, event: Progress) -> "DropProgress":
        """Return it after some more pictures."""
        pace = self.pace.after(event.seconds, event.done)
        return replace(self, done=event.done, total=event.total, pace=pace)

    def ended(self, *, goes_on: bool) -> "DropProgress":
        """Return it at the end of the drop; where another one follows, what was counted goes on to count."""
        return DropProgress(self.done_before + self.done if goes_on else 0)


def still_missing(paths: Sequence[str], last: str | None) -> Drop:
    """Return what of a drop must be predicted again after it broke off. Results come in the order of the drop.

    A folder in the midst of which it broke off is predicted as a whole: what was embedded before passes in no time.

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
