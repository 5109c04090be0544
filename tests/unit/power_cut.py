"""A power cut: from one change of the disk on, nothing that the program does reaches it any more, nor does it tidy up.

Changes are what gives or takes names, and the opening of a file to write it; what is in a file that was just opened is
not there yet.
"""

import builtins
import contextlib
import io
import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest


class PowerCutError(BaseException):
    """The end, which nothing that handles errors can handle."""


class _Plug:
    def __init__(self, changes: int) -> None:
        self.left = changes
        self.is_pulled = False

    def guarded(self, change: Callable[..., Any], is_change: Callable[..., bool] = lambda *words, **options: True):
        def changed(*words: Any, **options: Any) -> Any:
            if not is_change(*words, **options):
                return change(*words, **options)
            if not self.is_pulled:
                done = change(*words, **options)
                self.left -= 1
                if self.left:
                    return done
                self.is_pulled = True
                if isinstance(done, io.IOBase):
                    done.close()
            raise PowerCutError

        return changed


def _makes(path: object, flags: int, *words: object, **options: object) -> bool:
    return bool(flags & os.O_CREAT)


def _writes(file: object, mode: str = "r", *words: object, **options: object) -> bool:
    return not isinstance(file, int) and not set(mode).isdisjoint("wxa")


@contextlib.contextmanager
def _power_cut_after(changes: int) -> Iterator[_Plug]:
    plug = _Plug(changes)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("mkdir", "rename", "replace", "rmdir", "unlink"):
            patch.setattr(os, name, plug.guarded(getattr(os, name)))
        patch.setattr(os, "fsync", lambda descriptor: None)  # which takes long, and changes nothing that can be seen
        patch.setattr(os, "open", plug.guarded(os.open, _makes))
        for module in (io, builtins):
            patch.setattr(module, "open", plug.guarded(module.open, _writes))
        yield plug


def cut_after_each_change(
    work: Callable[[Path], object], folder: Path, begin: Callable[[Path], object] = lambda place: None
) -> Iterator[tuple[Path, bool]]:
    """Do some work again and again, each time in a folder of its own, until it gets to its end: the first time the
    power is cut after one change of the disk, the second time after two.

    Args:
        work: given the folder.
        folder: where those folders are made.
        begin: likewise, while there is power: makes what the work finds.

    Yields:
        The folder after each time, and whether the work is done.
    """
    for changes in itertools.count(1):
        place = folder / f"after {changes}"
        place.mkdir()
        begin(place)
        with _power_cut_after(changes) as plug, contextlib.suppress(PowerCutError):
            work(place)
        yield place, not plug.is_pulled
        if not plug.is_pulled:
            return
