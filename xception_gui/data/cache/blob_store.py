"""Results that are slow to compute, stored by key up to a limit; the oldest are deleted first."""

from pathlib import Path

from xception_gui.data.cache.database import Database

_SCHEMA = """
CREATE TABLE IF NOT EXISTS blobs (number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, data BLOB NOT NULL);
"""

_ENTRY = "FROM blobs WHERE key = ? AND typeof(data) = 'blob'"
"""SQLite takes any value in any column: rows whose data isn't a blob don't count as entries."""

SAVES_BETWEEN_LOOKS = 64
"""Number of saves between two checks of the file's size."""

KEPT_SHARE = 0.9
"""Share of the limit that is kept when room is made, so that this isn't needed again at once."""


class BlobStore:
    """Bytes by key. An entry exists whole or not at all.

    Args:
        file: database file in the cache.
        limit: bytes.
    """

    def __init__(self, file: Path, limit: int) -> None:
        self._database = Database(file, _SCHEMA)
        self._limit = limit
        self._saves = 0

    def __contains__(self, key: bytes) -> bool:
        return bool(self._database.read(f"SELECT 1 {_ENTRY}", (key,)))

    def load(self, key: bytes) -> bytes | None:
        """Return the value under key, or None."""
        found = self._database.read(f"SELECT data {_ENTRY}", (key,))
        return found[0][0] if found else None

    def save(self, key: bytes, data: bytes) -> None:
        """Save an entry; every so often, make room for more."""
        self._database.write("INSERT OR REPLACE INTO blobs (key, data) VALUES (?, ?)", [(key, data)])
        self._saves += 1
        if self._saves % SAVES_BETWEEN_LOOKS == 0:
            self.make_room()

    @property
    def bytes(self) -> int:
        """Disk space that the entries take."""
        return self._database.bytes

    def make_room(self) -> None:
        """Delete the oldest entries if all of them together exceed the limit."""
        excess = self.bytes - self._limit
        if excess <= 0:
            return
        found = self._database.read("SELECT count(*), avg(length(data)) FROM blobs")
        count, mean = found[0] if found else (0, None)  # None if the file has just become unreadable
        if count and mean:
            share = min(1.0, (excess + (1 - KEPT_SHARE) * self._limit) / (count * mean))
            self._delete_oldest(max(1, round(count * share)))
        self._database.give_back()

    def clear(self) -> None:
        """Delete all entries."""
        self._database.empty("DELETE FROM blobs")

    def _delete_oldest(self, count: int) -> None:
        self._database.write(
            "DELETE FROM blobs WHERE number IN (SELECT number FROM blobs ORDER BY number LIMIT ?)", [(count,)]
        )
