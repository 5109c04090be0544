"""What the cache keeps, in SQLite files: mapped into memory, whole after a kill, shared by several programs."""

import contextlib
import os
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from xception_gui.deletion import claim, delete_files, make_folder
from xception_gui.diagnostics import logger
from xception_gui.own_names import CACHE
from xception_gui.regular_files import is_regular

PATIENCE = 10.0
"""Seconds to wait for another program that is writing."""

MAPPED_BYTES = 2**40
"""As much as SQLite is willing to map, which is 2 GB of each file."""

Row = tuple[Any, ...]

SIDE_FILES = ("", "-wal", "-shm", "-journal")
"""Endings of the files that SQLite opens."""

_PAGES = "pragma_page_count, pragma_freelist_count, pragma_page_size"


class Database:
    """One file of the cache, opened when it is first asked.

    It never fails: what can't be read is not there, and what can't be written (a full or read-only disk) is not kept.
    A damaged file is thrown away, and one that holds other tables than these, or a view that would compute without end:
    all that it held can be computed again.

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
            make_folder(self.file.parent, parents=True)
            self._refuse_other_than_files()
            connection = sqlite3.connect(self.file, PATIENCE, isolation_level=None, check_same_thread=False)
            weakref.finalize(self, connection.close)
            self._connection = connection
            # A power failure may lose the last entries, never the file (https://www.sqlite.org/wal.html).
            for setting in ("auto_vacuum=incremental", "journal_mode=wal", "synchronous=normal"):
                connection.execute(f"PRAGMA {setting}")
            connection.execute(f"PRAGMA mmap_size={MAPPED_BYTES}")
            connection.executescript(self._schema)
            if _tables_of(connection) != _tables_made_by(self._schema):
                raise sqlite3.DatabaseError("it holds other tables")
        return self._connection

    def _refuse_other_than_files(self) -> None:
        """A pipe would be waited for without end, and a link leads who knows where."""
        for path in (self.file.with_name(self.file.name + ending) for ending in SIDE_FILES):
            if os.path.lexists(path) and not is_regular(path):
                raise OSError(f"{path} is no file")

    def _throw_away(self, error: sqlite3.DatabaseError) -> None:
        logger.warning("The cache %s is damaged and begun anew: %s", self.file, error)
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        names = {self.file.name + ending for ending in SIDE_FILES}
        claim(self.file.parent, CACHE)
        delete_files(self.file.parent, CACHE, names.__contains__)


@cache
def _tables_made_by(schema: str) -> list[Row]:
    with contextlib.closing(sqlite3.connect(":memory:")) as empty:
        empty.executescript(schema)
        return _tables_of(empty)


def _tables_of(connection: sqlite3.Connection) -> list[Row]:
    """Say what a database consists of: tables and indexes, but views and triggers too, as they were defined."""
    # In digits, as what isn't UTF-8 would be an error of its own.
    found = "SELECT hex(type), hex(name), hex(tbl_name), hex(sql) FROM sqlite_master ORDER BY 1, 2"
    return connection.execute(found).fetchall()
