"""The files of the cache: what is written whole or not, when room is made and how much, and what errors lead to."""

import contextlib
import os
import sqlite3
import time
from pathlib import Path

import pytest

from xception_gui.data.cache import database as module
from xception_gui.data.cache import known_files
from xception_gui.data.cache.blob_store import BlobStore
from xception_gui.data.cache.database import PAUSE, Database
from xception_gui.data.cache.known_files import KnownFile, KnownFiles
from xception_gui.data.cache.limit import SMALLEST_CACHE, Preferences, load_preferences
from xception_gui.data.file_state import COARSEST_CLOCK, FileState
from xception_gui.data.pictures.open_picture import PICTURE_PATH_VERSION
from xception_gui.files.atomic import write_private

# --- Room -------------------------------------------------------------------------------------------------------------


def filled(file: Path, entries: int, limit: int = 10**9) -> BlobStore:
    store = BlobStore(file, limit)
    for number in range(entries):
        store.save(bytes([number]), bytes([number]) * 10_000)
    return store


def kept_in(store: BlobStore) -> list[int]:
    return [number for number in range(256) if bytes([number]) in store]


def test_a_tenth_of_the_limit_is_made_free_and_the_oldest_go(tmp_path):
    whole = filled(tmp_path / "a", 40).bytes
    store = BlobStore(tmp_path / "a", whole - 1)
    store.make_room()
    assert kept_in(store) == list(range(kept_in(store)[0], 40))
    assert 0.86 * whole < store.bytes <= 0.92 * whole
    assert (tmp_path / "a").stat().st_size < 0.95 * whole  # the disk has it back


def test_as_much_as_the_limit_may_stay(tmp_path):
    whole = filled(tmp_path / "a", 20).bytes
    BlobStore(tmp_path / "a", whole).make_room()
    assert kept_in(BlobStore(tmp_path / "a", whole)) == list(range(20))


def test_one_entry_goes_at_least_and_no_more_than_there_are(tmp_path):
    store = filled(tmp_path / "a", 3)
    store._limit = store.bytes - 1
    store._database.write("UPDATE blobs SET data = zeroblob(1000000) WHERE number = 3")
    store._limit = store.bytes - 1
    store.make_room()
    assert kept_in(store) == [1, 2]
    store._limit = 0
    store.make_room()
    assert kept_in(store) == []
    store.make_room()  # nothing is left


def test_there_is_a_look_at_the_size_every_64_entries(tmp_path):
    store = BlobStore(tmp_path / "a", 1)
    for number in range(63):
        store.save(bytes([number]), b"data")
    assert len(kept_in(store)) == 63
    store.save(bytes([63]), b"data")
    assert kept_in(store) == []
    for number in range(63):
        store.save(bytes([number]), b"data")
    assert len(kept_in(store)) == 63


def test_an_entry_that_is_saved_again_is_a_new_one(tmp_path):
    store = filled(tmp_path / "a", 3)
    store.save(bytes([0]), b"other")
    assert store.load(bytes([0])) == b"other"
    store._delete_oldest(2)
    assert kept_in(store) == [0]


def test_an_empty_store_takes_no_more_than_its_tables(tmp_path):
    store = BlobStore(tmp_path / "a", 10**9)
    empty = store.bytes
    assert 4096 <= empty < 40_000
    store.save(b"key", bytes(100_000))
    assert 95_000 <= store.bytes - empty <= 110_000
    store.clear()
    assert store.bytes == empty
    assert store.load(b"key") is None


# --- A database -------------------------------------------------------------------------------------------------------

SCHEMA = "CREATE TABLE IF NOT EXISTS numbers (number INTEGER NOT NULL);"


def numbers_in(database: Database) -> list[int]:
    return [number for (number,) in database.read("SELECT number FROM numbers ORDER BY number")]


def test_of_several_rows_all_are_written_or_none(tmp_path):
    database = Database(tmp_path / "a", SCHEMA)
    database.write("INSERT INTO numbers VALUES (?)", [(1,), (2,)])
    database.write("INSERT INTO numbers VALUES (?)", [(3,), (None,)])
    assert numbers_in(Database(tmp_path / "a", SCHEMA)) == [1, 2]


def limited_to(database: Database, pages: int) -> None:
    """Leave no room: SQLite says of a file that may not grow what it says of a full disk (SQLITE_FULL)."""
    database.read(f"PRAGMA max_page_count = {pages}")


def test_what_finds_no_room_isnt_kept_and_what_is_there_can_be_read(tmp_path, monkeypatch):
    database = Database(tmp_path / "a", SCHEMA)
    database.write("INSERT INTO numbers VALUES (?)", [(1,)])
    limited_to(database, 1)
    many = [(number,) for number in range(10_000)]
    assert not database.write("INSERT INTO numbers VALUES (?)", many)
    assert numbers_in(database) == [1]
    limited_to(database, 10**6)
    assert not database.write("INSERT INTO numbers VALUES (?)", [(2,)])  # it isn't tried again at once
    later = time.monotonic() + PAUSE
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert database.write("INSERT INTO numbers VALUES (?)", [(2,)])
    assert numbers_in(database) == [1, 2]


def test_another_program_that_writes_for_long_is_waited_for_once(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    database = Database(tmp_path / "a", SCHEMA)
    database.write("INSERT INTO numbers VALUES (?)", [(1,)])
    with contextlib.closing(sqlite3.connect(tmp_path / "a", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert not database.write("INSERT INTO numbers VALUES (?)", [(2,)])
        assert numbers_in(database) == [1]
    assert not database.write("INSERT INTO numbers VALUES (?)", [(2,)])  # for now
    assert Database(tmp_path / "a", SCHEMA).write("INSERT INTO numbers VALUES (?)", [(3,)])


@pytest.mark.parametrize("error", [OSError("disk"), MemoryError(), sqlite3.OperationalError("disk I/O error")])
def test_whatever_fails_around_it_passes(tmp_path, monkeypatch, error):
    database = Database(tmp_path / "a", SCHEMA)
    database.write("INSERT INTO numbers VALUES (?)", [(1,)])

    def fail() -> sqlite3.Connection:
        raise error

    monkeypatch.setattr(database, "_open", fail)
    assert database.read("SELECT 1") == []
    assert database.bytes == 0
    monkeypatch.undo()
    assert numbers_in(database) == []  # not tried again at once
    later = time.monotonic() + PAUSE
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert numbers_in(database) == [1]


def test_a_file_that_is_cut_off_while_it_is_open_is_begun_anew(tmp_path):
    database = Database(tmp_path / "files.sqlite3", SCHEMA)
    database.write("INSERT INTO numbers VALUES (?)", [(number,) for number in range(50_000)])
    database.give_back()
    os.truncate(tmp_path / "files.sqlite3", 8192)
    database.read("PRAGMA cache_size = 0")
    assert numbers_in(database) == []
    assert database.write("INSERT INTO numbers VALUES (?)", [(2,)])
    assert numbers_in(database) == [2]


def test_a_file_that_has_no_room_to_be_emptied_is_thrown_away(tmp_path):
    store = filled(tmp_path / "a.sqlite3", 20)
    limited_to(store._database, 1)
    really = store._database.write
    store._database.write = lambda *words: False if words[0].startswith("DELETE") else really(*words)
    store.clear()
    assert not (tmp_path / "a.sqlite3").exists()
    assert kept_in(store) == []


def test_a_statement_that_fails_leaves_the_file_as_it_is(tmp_path):
    database = Database(tmp_path / "a", SCHEMA)
    database.write("INSERT INTO numbers VALUES (?)", [(1,)])
    database.write("INSERT INTO strangers VALUES (?)", [(1,)])
    assert numbers_in(Database(tmp_path / "a", SCHEMA)) == [1]


def test_it_is_written_beside_readers_and_given_back_in_parts(tmp_path):
    database = Database(tmp_path / "folder" / "a", SCHEMA)
    database.write("INSERT INTO numbers VALUES (?)", [(1,)])
    settings = [database.read(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "auto_vacuum", "synchronous")]
    assert settings == ["wal", 2, 1]
    assert database.read("PRAGMA mmap_size") == [(0,)]
    database.give_back()
    assert (tmp_path / "folder" / "a-wal").stat().st_size == 0


def test_a_connection_is_closed_with_its_database(tmp_path):
    database = Database(tmp_path / "a", SCHEMA)
    database.read("SELECT 1")
    connection = database._connection
    del database
    assert connection is not None
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


# --- Known files ------------------------------------------------------------------------------------------------------

OLD = 1_000_000_000_000_000_000  # nanoseconds since 1970


def file_at(path: Path, changed: int = OLD) -> KnownFile:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"picture")
    os.utime(path, ns=(changed, changed))
    return KnownFile(path, FileState.of(path), "ab" * 32)


def test_a_folder_knows_the_files_below_it_and_no_others(tmp_path):
    known = KnownFiles(tmp_path / "files.sqlite3")
    names = ("a/1.png", "a/b/2.png", "a0/3.png", "a.png", "A/4.png")
    known.remember([file_at(tmp_path / name) for name in names])
    below = known.below(tmp_path / "a")
    assert [below.sha256_of(tmp_path / name) for name in names] == ["ab" * 32, "ab" * 32, None, None, None]
    assert [known.sha256_of(tmp_path / name) for name in names] == ["ab" * 32] * 5
    assert below.sha256_of(tmp_path / "a" / "none.png") is None


@pytest.mark.parametrize("changed", [OLD + 1, OLD - 1])
def test_a_file_of_another_time_or_size_is_not_known(tmp_path, changed):
    known = KnownFiles(tmp_path / "files.sqlite3")
    file = file_at(tmp_path / "a.png")
    known.remember([file])
    os.utime(file.path, ns=(changed, changed))
    assert known.sha256_of(file.path) is known.below(tmp_path).sha256_of(file.path) is None
    file.path.write_bytes(b"pictures")
    os.utime(file.path, ns=(OLD, OLD))
    assert known.sha256_of(file.path) is None


def test_what_changed_in_the_last_two_seconds_may_change_unseen(tmp_path, monkeypatch):
    file = file_at(tmp_path / "a.png")
    assert file.state is not None and file.state.renewed > OLD
    for now, is_settled in (
        (file.state.renewed + COARSEST_CLOCK, False),
        (file.state.renewed + COARSEST_CLOCK + 1, True),
    ):
        monkeypatch.setattr(time, "time_ns", lambda now=now: now)
        assert FileState.settled(file.path) == (file.state if is_settled else None)
    os.utime(file.path, ns=(OLD, file.state.renewed + 10**9))  # it is dated later than the system changed it last
    assert FileState.settled(file.path) is None
    assert FileState.settled(tmp_path / "none") is None


def test_what_is_not_settled_is_not_remembered(tmp_path):
    known = KnownFiles(tmp_path / "files.sqlite3")
    file = file_at(tmp_path / "a.png")
    known.remember([KnownFile(file.path, None, "ab" * 32)])
    assert known.sha256_of(file.path) is None
    known.remember([file])
    assert known.sha256_of(file.path) is not None
    known.clear()
    assert known.sha256_of(file.path) is None


@pytest.mark.parametrize("years", [1600, 1969, 3000])
def test_a_file_may_be_of_any_time(tmp_path, years):
    """Numbers of SQLite end with the year 2262."""
    file = file_at(tmp_path / "a.png", (years - 1970) * 365 * 86400 * 10**9)
    known = KnownFiles(tmp_path / "files.sqlite3")
    known.remember([file])
    assert known.sha256_of(file.path) == "ab" * 32


def test_a_database_of_an_earlier_release_opens_and_knows_nothing(tmp_path):
    file = file_at(tmp_path / "pictures" / "a.png")
    (tmp_path / "cache").mkdir()
    database = tmp_path / "cache" / "files.sqlite3"
    old = """
        CREATE TABLE files (path BLOB PRIMARY KEY, size INTEGER, changed INTEGER, picture_path INTEGER, sha256 BLOB);
    """
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.executescript(old)
        row = (os.fsencode(file.path), 7, OLD, PICTURE_PATH_VERSION, bytes(32))
        connection.execute("INSERT INTO files VALUES (?, ?, ?, ?, ?)", row)
    known = KnownFiles(database)
    assert known.sha256_of(file.path) is known.below(tmp_path).sha256_of(file.path) is None
    known.remember([file])
    assert KnownFiles(database).sha256_of(file.path) == "ab" * 32


def test_of_too_many_files_those_that_were_met_first_are_forgotten(tmp_path, monkeypatch):
    monkeypatch.setattr(known_files, "MAX_FILES", 3)
    known = KnownFiles(tmp_path / "files.sqlite3")
    files = [file_at(tmp_path / f"{number}.png") for number in range(5)]
    known.remember(files[:2])
    known.remember(files[2:])
    assert [known.sha256_of(file.path) is not None for file in files] == [False, False, True, True, True]
    known.remember([])
    assert known.bytes > 0


def test_what_another_version_of_the_picture_path_found_counts_for_nothing(tmp_path, monkeypatch):
    file = file_at(tmp_path / "a.png")
    monkeypatch.setattr(known_files, "PICTURE_PATH_VERSION", PICTURE_PATH_VERSION + 1)
    KnownFiles(tmp_path / "files.sqlite3").remember([file])
    monkeypatch.undo()
    assert KnownFiles(tmp_path / "files.sqlite3").sha256_of(file.path) is None


# --- Small files ------------------------------------------------------------------------------------------------------


def test_a_file_is_there_whole_or_as_it_was(tmp_path, monkeypatch):
    file = tmp_path / "folder" / "a"
    write_private(file, b"first")
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("no room")))
    with contextlib.suppress(OSError):
        write_private(file, b"second")
    assert file.read_bytes() == b"first"
    assert [path.name for path in file.parent.iterdir() if not path.name.startswith(".xception")] == ["a"]


def test_the_cache_may_take_ten_gigabytes_and_not_less_than_a_tenth_of_one(tmp_path, monkeypatch):
    monkeypatch.setenv("XCEPTION_GUI_HOME", str(tmp_path))
    assert load_preferences().cache_bytes == 10_000_000_000
    assert Preferences(100_000_000).cache_bytes == SMALLEST_CACHE
    with pytest.raises(ValueError, match="at least 100000000 bytes"):
        Preferences(99_999_999)
    file = tmp_path / "settings" / "preferences.json"
    file.parent.mkdir(exist_ok=True)
    content = b'{"cache_bytes": 200000000}'
    for size, wanted in ((10_000, 200_000_000), (10_001, 10_000_000_000)):
        file.write_bytes(content.ljust(size))
        assert load_preferences().cache_bytes == wanted
    file.unlink()
    (tmp_path / "elsewhere").write_bytes(content)
    file.symlink_to(tmp_path / "elsewhere")  # some people keep their settings together
    assert load_preferences().cache_bytes == 200_000_000
