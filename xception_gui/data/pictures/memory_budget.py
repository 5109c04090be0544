"""One memory budget for all threads: a thread that needs much memory waits until enough is free."""

import contextlib
import ctypes
import sys
import threading
from collections import deque
from collections.abc import Iterator


class MemoryBudget:
    """Bytes that threads reserve and release, in the order of their requests.

    A thread reserves all that it needs at once, and reserves nothing more while it holds some, so there is no deadlock.

    Args:
        total: bytes.
    """

    def __init__(self, total: int) -> None:
        self.total = total
        self._free = total
        self._waiting: deque[object] = deque()
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def reserved(self, wanted: int) -> Iterator[None]:
        """Hold `wanted` bytes, once they are free and all earlier requests have been met.

        Raises:
            ValueError: `wanted` exceeds the whole budget.
        """
        if wanted > self.total:
            raise ValueError(f"{wanted} bytes of {self.total}")
        self._take(wanted)
        try:
            yield
        finally:
            self._give(wanted)

    def _take(self, wanted: int) -> None:
        turn = object()
        with self._changed:
            self._waiting.append(turn)
            try:
                self._changed.wait_for(lambda: self._waiting[0] is turn and wanted <= self._free)
                self._free -= wanted
            finally:  # also if the wait is interrupted: the next request takes its turn
                self._waiting.remove(turn)
                self._changed.notify_all()

    def _give(self, amount: int) -> None:
        with self._changed:
            self._free += amount
            self._changed.notify_all()


def return_freed_memory() -> None:
    """Return freed memory to the system, where the C library would keep it (glibc)."""
    if _trim is not None:
        _trim(0)


_trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
