"""The lock on a run: one process at a time may train into it, rename it or write its record.

To change a record, or to move a run's folder, a process holds the lock from reading to writing. Reading alone needs no
lock: each file of a run appears whole or not at all.
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
"""Limit in bytes of the file that names the holder."""

NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP})
"""Errors of network drives without locks: training there is allowed all the same."""

MAY_NOT_BE_WRITTEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
"""Errors of a read-only folder: it can't be trained into, but it may still be moved."""

PATIENCE = 1.0
"""Seconds: a mere check whether a run is held takes the lock for a moment."""

NO_PATIENCE = 0.05
"""Seconds, for the window, which must stay responsive."""


class Work(StrEnum):
    """The reasons for holding a run."""

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
    """Holds a run while it is changed. The system releases it however the process exits.

    Args:
        run: its folder.
        work: the reason, which is told to other processes.
        patience: seconds to wait for another holder.

    Raises:
        ProgramError: on entry: RUN_IN_USE, with the holder, another process holds the run; NOT_A_RUN, the folder no
            longer exists.
    """

    def __init__(self, run: Path, work: Work = Work.TRAINING, patience: float | None = None) -> None:
        self._run = run
        self._folder = Path(os.path.realpath(run))  # its real path, even if a link to it is moved
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
        except FileNotFoundError as error:  # it was moved during the wait
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
        """Keep holding the run at its folder's new path, if it has been moved there."""
        if _identity_of(run) == self._identity:
            self._folder = Path(os.path.realpath(run))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._identity == _identity_of(self._folder):  # else another folder has the path by now
            delete_written(_holder_file(self._folder))
            # Before the release: a waiting process then finds the file gone and makes another. Windows deletes it on
            # release.
            delete_written(_lock_file(self._folder))
        self._lock.release()

    def _say_who_holds_it(self) -> None:
        """Write the holder's file. If the disk is full there is none, since a model may be deleted to make room."""
        since = datetime.now().astimezone().isoformat(timespec="seconds")
        holder = {"process": os.getpid(), "computer": platform.node(), "since": since, "work": self._work}
        try:
            write_text(_holder_file(self._folder), json.dumps(holder))
        except OSError as error:
            logger.warning("Who holds %s can't be written down: %s", self._run, error)


def is_held(run: Path) -> bool:
    """Return whether a process is training into a run or changing it."""
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
    """Check that a run is free, before long work that will lock it at the end.

    Raises:
        ProgramError: RUN_IN_USE.
    """
    if is_held(run):
        raise _in_use(run)


def move_run(run: Path, move: Callable[[], Path], patience: float | None = None) -> None:
    """Rename a run's folder, or move it to the trash, while holding the lock.

    The lock file is in the folder and moves with it: waiting processes find the folder gone. Windows can't move a
    folder that contains an open file, so the lock is released just before; if another process takes it in between, its
    open file prevents the move.

    Args:
        run: its folder.
        move: moves it and returns the new path; the folder may have stayed.
        patience: seconds to wait for another holder.

    Raises:
        ProgramError: RUN_IN_USE, NOT_A_RUN, and any that `move` raises.
        OSError: the folder may not be changed.
    """
    with RunLock(run, Work.MOVING, patience) as held:
        if os.name != "nt":
            held.follow(move())
            return
    move()


def _file_lock(run: Path) -> "FileLock":
    from filelock import FileLock  # takes 6 ms, not needed for a prediction from a cold start

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
    """Read who holds a run, and why, as details of an error."""
    try:
        holder = json.loads(read_regular(path, LONGEST_HOLDER))
        work = Work(holder.get("work", Work.TRAINING))  # the only reason in earlier releases
        whoever = {name: str(holder[name]) for name in ("process", "computer", "since")}
        return {"holder": _FINDINGS[work], **whoever}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {"holder": Finding.IN_USE}
