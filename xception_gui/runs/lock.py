"""The right to train into a run: one process at a time has it."""

import errno
import json
import os
import platform
from datetime import datetime
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from xception_gui.deletion import delete_written
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.regular_files import is_regular, read_regular
from xception_gui.runs.atomic import write_text

NAME = ".training"

LONGEST_HOLDER = 10_000
"""Bytes that say who holds a run."""

NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP})
"""What a network drive says that knows no locks: it is trained there all the same."""

PATIENCE = 1.0
"""Seconds: whoever only asks whether a run is held holds it for a moment."""


class RunLock:
    """Holds a run while it is trained. The system takes it from a process that ends, whatever that ends of.

    Raises:
        ProgramError: RUN_IN_USE, when it is entered while another process holds the run; with who that is.
    """

    def __init__(self, run: Path) -> None:
        self._run = run
        self._holder = run / f"{NAME}.json"
        self._lock = FileLock(_lock_file(run))

    def __enter__(self) -> "RunLock":
        try:
            self._lock.acquire(timeout=PATIENCE)
        except Timeout as error:
            raise ProgramError(ErrorCode.RUN_IN_USE, path=self._run, holder=_holder_in_words(self._holder)) from error
        except NotImplementedError:
            pass
        except OSError as error:
            if error.errno not in NO_LOCKS:
                raise
        since = datetime.now().astimezone().isoformat(timespec="seconds")
        write_text(self._holder, json.dumps({"process": os.getpid(), "computer": platform.node(), "since": since}))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        delete_written(self._holder)
        # Before it is given free: whoever waits for it finds that this file is gone and makes another. Windows removes
        # it when it is given free.
        delete_written(_lock_file(self._run))
        self._lock.release()


def is_held(run: Path) -> bool:
    """Say whether a process trains into a run now."""
    if not is_regular(_lock_file(run)):
        return False
    try:
        with FileLock(_lock_file(run), timeout=0):
            return False
    except Timeout:
        return True
    except (OSError, NotImplementedError):
        return False


def _lock_file(run: Path) -> Path:
    return run / f"{NAME}.lock"


def _holder_in_words(path: Path) -> str:
    try:
        holder = json.loads(read_regular(path, LONGEST_HOLDER))
        return f"Process {holder['process']} on “{holder['computer']}” has trained it since {holder['since']}."
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return "Another process trains it."
