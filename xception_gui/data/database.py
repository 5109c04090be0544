"""What the cache keeps, in SQLite files: mapped into memory, whole after a kill, shared by several programs."""

import contextlib
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from xception_gui.diagnostics import logger

PATIENCE = 10.0
"""Seconds to wait for another program that is writing."""

MAPPED_BYTES = 2**40
"""As much as SQLite is willing to map, which is 2 GB of each file."""

Row = tuple[Any, ...]

_PAGES = "pragma_page_count, pragma_freelist_count, pragma_page_size"


class Database:
    """One file of the cache, opened when it is first asked.

    It never fails: what can't be read is not there, and what can't be written (a full or read-only disk) is not kept.
    A damaged file is thrown away; all that it held can be computed again.

    Args:
        file: where it is, or will be.
        schema: statements that make its tables if they aren't there.
    """

    def __init__(self, file: Path, schema: str) -> None:
        self.file = file
        self._schema = schema
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._is_usable = True

    def read(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        """Give the rows that a statement finds; none where nothing can be read."""
        return self._run(lambda connection: connection.execute(statement, values).fetchall())

    def write(self, statement: str, rows: Iterable[Sequence[object]] = ((),)) -> None:
        """Run a statement once for each of the rows of values, all of them or none."""
        values = list(rows)

        def run(connection: sqlite3.Connection) -> list[Row]:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(statement, values)
            return []

        self._run(run)

    @property
    def bytes(self) -> int:
        """How much of the file is in use."""
        found = self.read("SELECT (page_count - freelist_count) * page_size FROM " + _PAGES)
        return int(found[0][0]) if found else 0

    def give_back(self) -> None:
        """Return what isn't in use to the disk."""

        def run(connection: sqlite3.Connection) -> list[Row]:
            connection.executescript("PRAGMA incremental_vacuum")  # `execute` would give one page back
            return connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

        self._run(run)

    def _run(self, work: Callable[[sqlite3.Connection], list[Row]]) -> list[Row]:
        with self._lock:
            if not self._is_usable:
                return []
            try:
                return self._run_again_if_damaged(work)
            except (sqlite3.Error, OSError) as error:
                logger.warning("The cache %s can't be used: %s", self.file, error)
                self._is_usable = "locked" in str(error)  # by another program, for a while
                return []

    def _run_again_if_damaged(self, work: Callable[[sqlite3.Connection], list[Row]]) -> list[Row]:
        try:
            return work(self._open())
        except sqlite3.DatabaseError as error:
            if type(error) is not sqlite3.DatabaseError:  # its subclasses say what went wrong around the file
                raise
            self._throw_away(error)
            return work(self._open())

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self.file, PATIENCE, isolation_level=None, check_same_thread=False)
            weakref.finalize(self, connection.close)
            self._connection = connection
            # A power failure may lose the last entries, never the file (https://www.sqlite.org/wal.html).
            for setting in ("auto_vacuum=incremental", "journal_mode=wal", "synchronous=normal"):
                connection.execute(f"PRAGMA {setting}")
            connection.execute(f"PRAGMA mmap_size={MAPPED_BYTES}")
            connection.executescript(self._schema)
        return self._connection

    def _throw_away(self, error: sqlite3.DatabaseError) -> None:
        logger.warning("The cache %s is damaged and begun anew: %s", self.file, error)
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                self.file.with_name(self.file.name + suffix).unlink()
