"""Waiting for file descriptors: as many files are open at a time as the system allows."""

import contextlib
import errno
import threading
from collections.abc import Callable, Iterator
from typing import BinaryIO

from xception_gui.domain.errors import ErrorCode, ProgramError, system_finding

NO_MORE = frozenset({errno.EMFILE, errno.ENFILE})
"""Errors of the system when this process, or all processes together, may open no more files."""


class OpenFiles:
    """Opens files for threads. If too many are open, a thread waits until another one closes its file.

    Each thread opens one file at a time, so there is no deadlock.
    """

    def __init__(self) -> None:
        self._count = 0
        self._closed = 0
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def opened(self, opener: Callable[[], BinaryIO]) -> Iterator[BinaryIO]:
        """Open a file, now or as soon as possible, and close it at the end.

        Raises:
            ProgramError: TOO_MANY_OPEN_FILES, although none of these files is open.
            Exception: any that `opener` raises.
        """
        file = self._open(opener)
        try:
            with file:
                yield file
        finally:
            self._count_closed()

    def _open(self, opener: Callable[[], BinaryIO]) -> BinaryIO:
        while True:
            with self._changed:
                self._count += 1
                closed = self._closed
            try:
                return opener()
            except BaseException as error:
                self._count_closed(is_file=False)
                if not isinstance(error, OSError) or error.errno not in NO_MORE:
                    raise
                self._wait(closed, error)

    def _wait(self, closed: int, error: OSError) -> None:
        with self._changed:
            if not self._count and self._closed == closed:
                raise ProgramError(ErrorCode.TOO_MANY_OPEN_FILES, found=system_finding(error)) from error
            self._changed.wait_for(lambda: self._closed != closed or not self._count)

    def _count_closed(self, *, is_file: bool = True) -> None:
        with self._changed:
            self._count -= 1
            self._closed += is_file
            self._changed.notify_all()
