"""Results that are expensive to compute, kept by key under a limit; the oldest go first."""

from pathlib import Path

from xception_gui.data.cache.database import Database

_SCHEMA = """
CREATE TABLE IF NOT EXISTS blobs (number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, data BLOB NOT NULL);
"""

_ENTRY = "FROM blobs WHERE key = ? AND typeof(data) = 'blob'"
"""What anything else is that stands there: no entry. SQLite takes any value in any column."""

SAVES_BETWEEN_LOOKS = 64
"""At the size of the file."""

KEPT_SHARE = 0.9
"""Of the limit, that is left after making room: making it costs a moment."""


class BlobStore:
    """Bytes by key. An entry is there whole or not at all.

    Args:
        file: of the cache.
        limit: bytes.
    """

    def __init__(self, file: Path, limit: int) -> None:
        self._database = Database(file, _SCHEMA)
        self._limit = limit
        self._saves = 0

    def __contains__(self, key: bytes) -> bool:
        return bool(self._database.read(f"SELECT 1 {_ENTRY}", (key,)))

    def load(self, key: bytes) -> bytes | None:
        """Look an entry up."""
        found = self._database.read(f"SELECT data {_ENTRY}", (key,))
        return found[0][0] if found else None

    def save(self, key: bytes, data: bytes) -> None:
        """Keep an entry, and now and then make room for more."""
        self._database.write("INSERT OR REPLACE INTO blobs (key, data) VALUES (?, ?)", [(key, data)])
        self._saves += 1
        if self._saves % SAVES_BETWEEN_LOOKS == 0:
            self.make_room()

    @property
    def bytes(self) -> int:
        """How much of the disk the entries take."""
        return self._database.bytes

    def make_room(self) -> None:
        """Delete the oldest entries if all of them take more than the limit."""
        excess = self.bytes - self._limit
        if excess <= 0:
            return
        found = self._database.read("SELECT count(*), avg(length(data)) FROM blobs")
        count, mean = found[0] if found else (0, None)  # it may have become unreadable just now
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
