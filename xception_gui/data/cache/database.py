"""What the cache keeps, in SQLite files: whole after a kill, shared by several programs."""

import contextlib
import math
import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from xception_gui.diagnostics import logger
from xception_gui.files.deletion import claim, delete_files, make_folder
from xception_gui.files.own_names import CACHE
from xception_gui.files.regular_files import is_regular

PATIENCE = 1.0
"""Seconds to wait for another program that is writing: about as long as it takes to compute a dozen entries anew."""

PAUSE = 10.0
"""Seconds in which reading, or writing, isn't tried again after it failed, so that at most a tenth of the time goes
into waiting, and what has passed (another program that wrote, a full disk) is noticed soon."""

DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
"""What SQLite says of a damaged file. All else says something of what is around it: the disk is full, may only be read
or is gone, another program is writing, too many files are open, there is not enough memory."""

PRIMARY_CODE = 0xFF
"""Bits of an error's code that say what it is; the others say more of it."""

Row = tuple[Any, ...]

SIDE_FILES = ("", "-wal", "-shm", "-journal")
"""Endings of the files that SQLite opens."""

_PAGES = "pragma_page_count, pragma_freelist_count, pragma_page_size"


class Access(StrEnum):
    """What is done with a file."""

    READING = "Reading"
    WRITING = "Writing"


class OtherTablesError(sqlite3.DatabaseError):
    """A file holds other tables than it should."""


class Database:
    """One file of the cache, opened when it is first asked.

    It never fails: what can't be read is not there, and what can't be written (a full or read-only disk) is not kept.
    After that it pauses: what fails to be written can still be read. A damaged file is thrown away, and one that holds
    other tables than these, or a view that would compute without end: all that it held can be computed again.

    Args:
        file: where it is, or will be.
        schema: statements that make its tables if they aren't there.
    """

    def __init__(self, file: Path, schema: str) -> None:
        self.file = file
        self._schema = schema
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._paused_until = {Access.READING: -math.inf, Access.WRITING: -math.inf}

    def read(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        """Return the rows that a statement finds; none where nothing can be read."""
        return self._run(Access.READING, lambda connection: connection.execute(statement, values).fetchall()) or []

    def write(self, statement: str, rows: Iterable[Sequence[object]] = ((),)) -> bool:
        """Run a statement once for each of the rows of values, all of them or none. Says whether that was possible."""
        values = list(rows)

        def run(connection: sqlite3.Connection) -> list[Row]:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(statement, values)
            return []

        return self._run(Access.WRITING, run) is not None

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

        self._run(Access.WRITING, run)

    def empty(self, statement: str) -> None:
        """Delete all rows by this statement and give the disk back; where a disk is too full for that, the file."""
        if self.write(statement):
            self.give_back()
        else:
            with self._lock:
                self._throw_away()

    def _run(self, access: "Access", work: Callable[[sqlite3.Connection], list[Row]]) -> list[Row] | None:
        """Return what `work` gives; None if that can't be done now."""
        with self._lock:
            if time.monotonic() < self._paused_until[access]:
                return None
            try:
                return self._run_again_if_damaged(work)
            except (sqlite3.Error, OSError, MemoryError) as error:
                logger.warning("%s the cache %s pauses: %r", access, self.file, error)
                self._paused_until[access] = time.monotonic() + PAUSE
                return None

    def _run_again_if_damaged(self, work: Callable[[sqlite3.Connection], list[Row]]) -> list[Row]:
        try:
            return work(self._open())
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            logger.warning("The cache %s is damaged and begun anew: %s", self.file, error)
            self._throw_away()
            return work(self._open())

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            make_folder(self.file.parent, parents=True)
            self._refuse_other_than_files()
            connection = sqlite3.connect(self.file, PATIENCE, isolation_level=None, check_same_thread=False)
            try:
                self._prepare(connection)
            except BaseException:
                connection.close()
                raise
            weakref.finalize(self, connection.close)
            self._connection = connection
        return self._connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        # A power failure may lose the last entries, never the file (https://www.sqlite.org/wal.html). What is deleted
        # needn't be overwritten, which would take as long, and as much of the disk, as writing it did. And nothing is
        # mapped into memory: what is cut off from a mapped file, or can't be read, ends the process that looks at it.
        for setting in ("auto_vacuum=incremental", "journal_mode=wal", "synchronous=normal", "secure_delete=off"):
            connection.execute(f"PRAGMA {setting}")
        connection.executescript(self._schema)
        if _tables_of(connection) != _tables_made_by(self._schema):
            raise OtherTablesError("it holds other tables")

    def _refuse_other_than_files(self) -> None:
        """A pipe would be waited for without end, and a link leads who knows where."""
        for path in (self.file.with_name(self.file.name + ending) for ending in SIDE_FILES):
            if os.path.lexists(path) and not is_regular(path):
                raise OSError(f"{path} is no file")

    def _throw_away(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        names = {self.file.name + ending for ending in SIDE_FILES}
        claim(self.file.parent, CACHE)
        delete_files(self.file.parent, CACHE, names.__contains__)


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", None)  # there isn't one where Python itself says something
    return isinstance(error, OtherTablesError) or (code is not None and code & PRIMARY_CODE in DAMAGED)


@cache
def _tables_made_by(schema: str) -> list[Row]:
    with contextlib.closing(sqlite3.connect(":memory:")) as empty:
        empty.executescript(schema)
        return _tables_of(empty)


def _tables_of(connection: sqlite3.Connection) -> list[Row]:
    """Return what a database consists of: tables and indexes, but views and triggers too, as they were defined."""
    # In digits, as what isn't UTF-8 would be an error of its own.
    found = "SELECT hex(type), hex(name), hex(tbl_name), hex(sql) FROM sqlite_master ORDER BY 1, 2"
    return connection.execute(found).fetchall()
