"""SQLite files of the cache: intact after a kill, shared by several processes."""

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
"""Seconds to wait while another process writes: about as long as it takes to recompute a dozen entries."""

PAUSE = 10.0
"""Seconds without a new attempt at reading or writing after one failed: at most a tenth of the time is spent waiting,
and the end of the cause (another process that wrote, a full disk) is noticed soon."""

DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
"""SQLite's error codes for a damaged file. All others are about its surroundings: the disk is full, read-only or gone,
another process is writing, too many files are open, memory is short."""

PRIMARY_CODE = 0xFF
"""Bits of an error code that hold the primary code; the others hold details."""

Row = tuple[Any, ...]

SIDE_FILES = ("", "-wal", "-shm", "-journal")
"""Suffixes of the files that SQLite opens."""

_PAGES = "pragma_page_count, pragma_freelist_count, pragma_page_size"


class Access(StrEnum):
    """Kinds of access to a file."""

    READING = "Reading"
    WRITING = "Writing"


class OtherTablesError(sqlite3.DatabaseError):
    """A file holds tables other than its own."""


class Database:
    """One file of the cache, opened on first use.

    Never fails: what can't be read counts as missing, what can't be written (the disk is full or read-only) isn't kept.
    After a failure, that kind of access pauses; a file that can't be written can still be read. A damaged file is
    deleted, and so is one with tables other than its own or a view that could compute for ever: all of its contents can
    be recomputed.

    Args:
        file: path of the file, which needn't exist.
        schema: statements that create the tables if they don't exist.
    """

    def __init__(self, file: Path, schema: str) -> None:
        self.file = file
        self._schema = schema
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._paused_until = {Access.READING: -math.inf, Access.WRITING: -math.inf}

    def read(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        """Return the rows that a statement finds; none if nothing can be read."""
        return self._run(Access.READING, lambda connection: connection.execute(statement, values).fetchall()) or []

    def write(self, statement: str, rows: Iterable[Sequence[object]] = ((),)) -> bool:
        """Run a statement once for each row of values: all of them or none. Returns whether that was possible."""
        values = list(rows)

        def run(connection: sqlite3.Connection) -> list[Row]:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(statement, values)
            return []

        return self._run(Access.WRITING, run) is not None

    @property
    def bytes(self) -> int:
        """Bytes of the file that are in use."""
        found = self.read("SELECT (page_count - freelist_count) * page_size FROM " + _PAGES)
        return int(found[0][0]) if found else 0

    def give_back(self) -> None:
        """Return unused space to the disk."""

        def run(connection: sqlite3.Connection) -> list[Row]:
            connection.executescript("PRAGMA incremental_vacuum")  # `execute` would return a single page
            return connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

        self._run(Access.WRITING, run)

    def empty(self, statement: str) -> None:
        """Delete all rows by this statement and return the space; delete the file if the disk is too full for that."""
        if self.write(statement):
            self.give_back()
        else:
            with self._lock:
                self._throw_away()

    def _run(self, access: "Access", work: Callable[[sqlite3.Connection], list[Row]]) -> list[Row] | None:
        """Return the result of `work`, or None if it fails or access is paused."""
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
        # A power failure may lose the last entries, never the file (https://www.sqlite.org/wal.html). Deleted data
        # aren't overwritten: that would take as much time and disk space as writing them. Nothing is memory-mapped: if
        # a mapped file is truncated or can't be read, the process that reads it is killed.
        for setting in ("auto_vacuum=incremental", "journal_mode=wal", "synchronous=normal", "secure_delete=off"):
            connection.execute(f"PRAGMA {setting}")
        connection.executescript(self._schema)
        if _tables_of(connection) != _tables_made_by(self._schema):
            raise OtherTablesError("contains other tables")

    def _refuse_other_than_files(self) -> None:
        """Raise OSError for a pipe, which would block for ever, or a link, which could lead anywhere."""
        for path in (self.file.with_name(self.file.name + ending) for ending in SIDE_FILES):
            if os.path.lexists(path) and not is_regular(path):
                raise OSError(f"{path} is not a file")

    def _throw_away(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        names = {self.file.name + ending for ending in SIDE_FILES}
        claim(self.file.parent, CACHE)
        delete_files(self.file.parent, CACHE, names.__contains__)


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", None)  # missing if Python itself raised the error
    return isinstance(error, OtherTablesError) or (code is not None and code & PRIMARY_CODE in DAMAGED)


@cache
def _tables_made_by(schema: str) -> list[Row]:
    with contextlib.closing(sqlite3.connect(":memory:")) as empty:
        empty.executescript(schema)
        return _tables_of(empty)


def _tables_of(connection: sqlite3.Connection) -> list[Row]:
    """Return the definitions of everything in a database: tables and indexes, but also views and triggers."""
    # In hexadecimal, since text that isn't UTF-8 would raise another error.
    found = "SELECT hex(type), hex(name), hex(tbl_name), hex(sql) FROM sqlite_master ORDER BY 1, 2"
    return connection.execute(found).fetchall()
