"""The right to change a run: one process at a time has it, to train into it, to rename it, or to write its record.

Whoever reads a record, changes it and writes it back, or moves the run's folder, holds the run from the reading to the
writing. Whoever only reads a run needs no lock: each of its files appears whole or not at all.
"""

import errno
import json
import os
import platform
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from xception_gui.diagnostics import logger
from xception_gui.domain.errors import ErrorCode, Finding, ProgramError
from xception_gui.files.atomic import write_text
from xception_gui.files.deletion import delete_written
from xception_gui.files.regular_files import is_regular, read_regular

if TYPE_CHECKING:
    from filelock import FileLock

NAME = ".training"

LONGEST_HOLDER = 10_000
"""Bytes that say who holds a run."""

NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP})
"""What a network drive says that knows no locks: it is trained there all the same."""

MAY_NOT_BE_WRITTEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
"""What is said of a folder that may only be read: nobody trains into it, and it may be moved all the same."""

PATIENCE = 1.0
"""Seconds: whoever only asks whether a run is held holds it for a moment."""

NO_PATIENCE = 0.05
"""Seconds, for the window, which may not stand still."""


class Work(StrEnum):
    """What a run is held for."""

    TRAINING = "training"
    CONVERTING = "converting"
    MOVING = "moving"
    WRITING = "writing"


_FINDINGS = {
    Work.TRAINING: Finding.IN_TRAINING,
    Work.CONVERTING: Finding.BEING_CONVERTED,
    Work.MOVING: Finding.BEING_MOVED,
    Work.WRITING: Finding.RECORD_BEING_WRITTEN,
}


class RunLock:
    """Holds a run while it is changed. The system takes it from a process that ends, whatever that ends of.

    Args:
        run: its folder.
        work: what it is held for, which others are told.
        patience: seconds to wait for whoever holds it.

    Raises:
        ProgramError: when it is entered: RUN_IN_USE, another process holds the run; with who that is. NOT_A_RUN: there
            is no such folder by now.
    """

    def __init__(self, run: Path, work: Work = Work.TRAINING, patience: float | None = None) -> None:
        self._run = run
        self._folder = Path(os.path.realpath(run))  # where it is also when a link that leads to it was moved
        self._work = work
        self._patience = PATIENCE if patience is None else patience
        self._lock = _file_lock(run)
        self._identity: tuple[int, int] | None = None  # of the folder

    def __enter__(self) -> "RunLock":
        self._identity = _identity_of(self._folder)
        if self._identity is None:  # filelock would make it
            raise _gone(self._run)
        try:
            self._lock.acquire(timeout=self._patience)
        except TimeoutError as error:
            raise _in_use(self._run) from error
        except NotImplementedError:
            pass
        except FileNotFoundError as error:  # it was moved while it was waited for
            raise _gone(self._run) from error
        except OSError as error:
            if error.errno not in (NO_LOCKS | MAY_NOT_BE_WRITTEN if self._work is Work.MOVING else NO_LOCKS):
                raise
        if self._identity != _identity_of(self._folder):
            delete_written(_lock_file(self._folder))
            self._lock.release()
            raise _gone(self._run)
        self._say_who_holds_it()
        return self

    def follow(self, run: Path) -> None:
        """Go on holding it under the name that its folder has got, if it has."""
        if _identity_of(run) == self._identity:
            self._folder = Path(os.path.realpath(run))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._identity == _identity_of(self._folder):  # else another has its name by now
            delete_written(_holder_file(self._folder))
            # Before it is given free: whoever waits for it finds that this file is gone and makes another. Windows
            # removes it when it is given free.
            delete_written(_lock_file(self._folder))
        self._lock.release()

    def _say_who_holds_it(self) -> None:
        """On a full disk nobody is told, which is no reason to stop: a model may be thrown away to make room."""
        since = datetime.now().astimezone().isoformat(timespec="seconds")
        holder = {"process": os.getpid(), "computer": platform.node(), "since": since, "work": self._work}
        try:
            write_text(_holder_file(self._folder), json.dumps(holder))
        except OSError as error:
            logger.warning("Who holds %s can't be written down: %s", self._run, error)


def is_held(run: Path) -> bool:
    """Return whether a process trains into a run now, or changes it."""
    if not is_regular(_lock_file(run)):
        return False
    try:
        with _file_lock(run).acquire(timeout=0):
            return False
    except TimeoutError:
        return True
    except (OSError, NotImplementedError):
        return False


def refuse_held(run: Path) -> None:
    """Look whether a run is free, before a long piece of work that will hold it at its end.

    Raises:
        ProgramError: RUN_IN_USE.
    """
    if is_held(run):
        raise _in_use(run)


def move_run(run: Path, move: Callable[[], Path], patience: float | None = None) -> None:
    """Rename the folder of a run, or move it to the trash, while nobody else holds it.

    The lock lies in the folder and moves with it: whoever waits for it finds the folder gone. Windows moves no folder
    in which a file is open; there the lock is given free just before, and the open file of whoever takes it in between
    keeps the folder where it is.

    Args:
        run: its folder.
        move: does it, and says where the folder is then; it may have stayed where it is.
        patience: seconds to wait for whoever holds it.

    Raises:
        ProgramError: RUN_IN_USE, NOT_A_RUN, and what `move` raises.
        OSError: the folder may not be changed.
    """
    with RunLock(run, Work.MOVING, patience) as held:
        if os.name != "nt":
            held.follow(move())
            return
    move()


def _file_lock(run: Path) -> "FileLock":
    from filelock import FileLock  # 6 ms, which a prediction from a cold start doesn't need

    return FileLock(_lock_file(run))


def _lock_file(run: Path) -> Path:
    return run / f"{NAME}.lock"


def _holder_file(run: Path) -> Path:
    return run / f"{NAME}.json"


def _identity_of(run: Path) -> tuple[int, int] | None:
    try:
        status = run.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _in_use(run: Path) -> ProgramError:
    return ProgramError(ErrorCode.RUN_IN_USE, path=run, **_holder_in(_holder_file(run)))


def _gone(run: Path) -> ProgramError:
    return ProgramError(ErrorCode.NOT_A_RUN, path=run, found=Finding.NO_SUCH_FOLDER)


def _holder_in(path: Path) -> dict[str, str]:
    """Read who holds a run, and for what, as the details of an error."""
    try:
        holder = json.loads(read_regular(path, LONGEST_HOLDER))
        work = Work(holder.get("work", Work.TRAINING))  # earlier releases held runs for nothing else
        whoever = {name: str(holder[name]) for name in ("process", "computer", "since")}
        return {"holder": _FINDINGS[work], **whoever}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {"holder": Finding.IN_USE}
