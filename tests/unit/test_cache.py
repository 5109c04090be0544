"""What the cache keeps: whole or not at all, under a limit, for several programs at once."""

import contextlib
import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import draw_picture
from xception_gui.data.cache import stores as cache
from xception_gui.data.cache.blob_store import BlobStore
from xception_gui.data.cache.decoded_pictures import DecodedPictures
from xception_gui.data.cache.known_files import KnownFile, KnownFiles
from xception_gui.data.cache.limit import Preferences, load_preferences, save_preferences
from xception_gui.data.file_state import FileState
from xception_gui.data.pictures.open_picture import PICTURE_PATH_VERSION, PictureError, content_hash, decode
from xception_gui.domain.architecture import XCEPTION
from xception_gui.inference.embedding_cache import EmbeddingCache
from xception_gui.inference.measurements import recall

WRITER = """
import sys
from pathlib import Path
from xception_gui.data.cache import stores as cache
from xception_gui.data.cache.blob_store import BlobStore

name, count = sys.argv[2], int(sys.argv[3])
store = BlobStore(Path(sys.argv[1]), 10**9)
for number in range(count):
    key = f"{name} {number}".encode()
    store.save(key, key * 1000)
    print(number, flush=True)
"""


def writer(file: Path, name: str, count: int) -> "subprocess.Popen[str]":
    """Another program that fills the store."""
    command = [sys.executable, "-c", WRITER, str(file), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_what_was_saved_is_there_for_the_next_start(tmp_path):
    BlobStore(tmp_path / "blobs.sqlite3", 10**6).save(b"key", b"data")
    store = BlobStore(tmp_path / "blobs.sqlite3", 10**6)
    assert store.load(b"key") == b"data"
    assert b"key" in store
    assert store.load(b"other") is None


def test_two_programs_fill_it_at_once(tmp_path):
    file = tmp_path / "blobs.sqlite3"
    programs = [writer(file, name, 50) for name in ("first", "second")]
    for program in programs:
        program.communicate(timeout=60)
        assert program.returncode == 0
    store = BlobStore(file, 10**9)
    for name in ("first", "second"):
        for number in range(50):
            key = f"{name} {number}".encode()
            assert store.load(key) == key * 1000


def test_a_program_killed_while_it_writes_leaves_whole_entries_only(tmp_path):
    file = tmp_path / "blobs.sqlite3"
    program = writer(file, "killed", 1_000_000)
    assert program.stdout is not None
    for _ in range(20):
        program.stdout.readline()
    program.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    program.communicate(timeout=60)
    store = BlobStore(file, 10**9)
    found = [store.load(f"killed {number}".encode()) for number in range(200)]
    assert all(data == f"killed {number}".encode() * 1000 for number, data in enumerate(found[:20]))
    assert all(data in (None, f"killed {number}".encode() * 1000) for number, data in enumerate(found))
    store.save(b"after", b"it")
    assert store.load(b"after") == b"it"


def test_the_oldest_make_room_for_new_ones(tmp_path):
    store = BlobStore(tmp_path / "blobs.sqlite3", 1_000_000)
    keys = [f"{number}".encode() for number in range(320)]
    for key in keys:
        store.save(key, os.urandom(10_000))
    kept = [key for key in keys if key in store]
    assert store.bytes <= 1_700_000  # the limit, and what comes between two looks at it
    assert kept == keys[-len(kept) :]
    assert len(kept) >= 80


def test_clearing_it_gives_the_disk_back(tmp_path):
    file = tmp_path / "blobs.sqlite3"
    store = BlobStore(file, 10**9)
    for number in range(100):
        store.save(f"{number}".encode(), os.urandom(10_000))
    store.clear()
    assert b"1" not in store
    assert file.stat().st_size < 100_000


@pytest.mark.parametrize("contents", [b"no database at all, but long enough to be taken for one" * 100, b""])
def test_a_damaged_file_is_begun_anew(tmp_path, contents):
    file = tmp_path / "blobs.sqlite3"
    file.write_bytes(contents)
    store = BlobStore(file, 10**6)
    assert store.load(b"key") is None
    store.save(b"key", b"data")
    assert store.load(b"key") == b"data"


def test_a_place_that_cant_be_written_is_no_reason_to_stop(tmp_path):
    (tmp_path / "file").write_text("where a folder should be")
    store = BlobStore(tmp_path / "file" / "blobs.sqlite3", 10**6)
    store.save(b"key", b"data")
    assert store.load(b"key") is None
    assert store.bytes == 0


def embedding_cache(store: BlobStore, **differences: object) -> EmbeddingCache:
    key = {"backbone_sha256": "aa", "runtime": "litert-float32", "image_size": 299, **differences}
    return EmbeddingCache(store, **{"embedding_size": XCEPTION.embedding_size, **key})


def test_an_embedding_is_found_by_content_and_by_all_that_changes_it(tmp_path):
    store = BlobStore(tmp_path / "blobs.sqlite3", 10**6)
    embedding = np.random.default_rng(0).normal(0, 1, XCEPTION.embedding_size).astype(np.float16)
    sha256 = "ab" * 32
    embedding_cache(store).save(sha256, embedding)
    found = embedding_cache(store).load(sha256)
    assert found is not None
    np.testing.assert_array_equal(found, embedding)
    assert sha256 in embedding_cache(store)
    assert embedding_cache(store).load("cd" * 32) is None
    for difference in ({"backbone_sha256": "bb"}, {"runtime": "openvino-bfloat16"}, {"image_size": 224}):
        assert embedding_cache(store, **difference).load(sha256) is None


def test_embeddings_that_earlier_releases_kept_are_found(tmp_path):
    """Their key, as these releases wrote it: renaming anything in it would have all pictures read anew."""
    store = BlobStore(tmp_path / "blobs.sqlite3", 10**6)
    embedding = np.random.default_rng(0).normal(0, 1, 6712).astype("<f2")
    about = hashlib.sha256(f"aa litert-float32 299 {PICTURE_PATH_VERSION}".encode()).digest()[:16]
    store.save(about + bytes.fromhex("ab" * 32), embedding.tobytes())
    found = embedding_cache(store).load("ab" * 32)
    assert found is not None
    np.testing.assert_array_equal(found, embedding)


def test_an_entry_of_the_wrong_length_counts_as_none(tmp_path):
    store = BlobStore(tmp_path / "blobs.sqlite3", 10**6)
    cache = embedding_cache(store)
    cache.save("ab" * 32, np.zeros(XCEPTION.embedding_size - 1, np.float16))
    assert cache.load("ab" * 32) is None


def test_preferences_are_kept_and_a_damaged_file_gives_the_usual_ones(tmp_path, monkeypatch):
    monkeypatch.setenv("XCEPTION_GUI_HOME", str(tmp_path))
    assert load_preferences() == Preferences()
    save_preferences(Preferences(cache_bytes=2_000_000_000))
    assert load_preferences().cache_bytes == 2_000_000_000
    (tmp_path / "settings" / "preferences.json").write_text('{"cache_bytes": -5}')
    assert load_preferences() == Preferences()


def test_a_picture_is_decoded_once_for_each_size(tmp_path):
    file = draw_picture(tmp_path / "picture.png", (220, 60, 60), seed=1)
    sha256 = content_hash(file.read_bytes())
    store = BlobStore(tmp_path / "blobs.sqlite3", 10**7)
    first = DecodedPictures(store, 71).get(file, sha256)
    np.testing.assert_array_equal(first, decode(file.read_bytes(), 71))
    file.write_bytes(b"no picture any more")
    np.testing.assert_array_equal(DecodedPictures(store, 71).get(file, sha256), first)
    with pytest.raises(PictureError):
        DecodedPictures(store, 72).get(file, sha256)


def test_a_picture_that_changed_since_it_was_checked_is_not_kept_as_what_it_was(tmp_path):
    file = draw_picture(tmp_path / "picture.png", (220, 60, 60), seed=1)
    before = file.read_bytes()
    draw_picture(file, (60, 60, 220), seed=2)
    pictures = DecodedPictures(BlobStore(tmp_path / "blobs.sqlite3", 10**7), 71)
    np.testing.assert_array_equal(pictures.get(file, content_hash(before)), decode(file.read_bytes(), 71))
    file.write_bytes(before)
    np.testing.assert_array_equal(pictures.get(file, content_hash(before)), decode(before, 71))


def test_networks_in_the_cache_are_counted_and_cleared_with_it(tmp_path, monkeypatch):
    monkeypatch.setenv("XCEPTION_GUI_HOME", str(tmp_path))
    before = cache.used_bytes()
    backbone = tmp_path / "cache" / "backbones" / f"{'a' * 64}.tflite"
    backbone.parent.mkdir(parents=True)
    backbone.write_bytes(bytes(1000))
    assert cache.used_bytes() == before + 1000
    cache.clear()
    assert not backbone.exists()


# --- A cache that somebody else has written into --------------------------------------------------------------------


def poisoned(file: Path, script: str) -> BlobStore:
    """A store whose file was changed by hand."""
    BlobStore(file, 10**6).save(b"key", b"data")
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.executescript(script)
    return BlobStore(file, 10**6)


@pytest.mark.parametrize(
    "value",
    ["'text where bytes belong'", "CAST(x'fffe' AS TEXT)", "17", "1.5"],
    ids=["text", "no UTF-8", "int", "float"],
)
def test_what_is_no_bytes_is_no_entry_and_is_made_anew(tmp_path, value):
    store = poisoned(tmp_path / "blobs.sqlite3", f"UPDATE blobs SET data = {value}")
    assert store.load(b"key") is None and b"key" not in store
    store.save(b"key", b"new")
    assert store.load(b"key") == b"new"


ENDLESS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers) SELECT n AS number"


@pytest.mark.parametrize(
    "script",
    [
        f"DROP TABLE blobs; CREATE VIEW blobs AS {ENDLESS}, x'6b' AS key, x'00' AS data FROM numbers",
        f"CREATE TRIGGER slow AFTER INSERT ON blobs BEGIN SELECT count(*) FROM ({ENDLESS} FROM numbers); END",
        "ALTER TABLE blobs ADD COLUMN more TEXT",
        "CREATE TABLE others (name TEXT)",
        "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = CAST(x'fffe' AS TEXT)",
    ],
    ids=["endless view", "endless trigger", "another column", "another table", "no UTF-8"],
)
def test_a_cache_of_other_tables_is_thrown_away_and_made_anew(tmp_path, script):
    store = poisoned(tmp_path / "blobs.sqlite3", script)
    assert store.load(b"key") is None
    store.save(b"other", b"new")
    assert store.load(b"other") == b"new"


def test_of_known_files_only_those_count_that_are_told_properly(tmp_path):
    picture = draw_picture(tmp_path / "a.png", (220, 60, 60), seed=0)
    os.utime(picture, (1, 1))
    known = KnownFiles(tmp_path / "files.sqlite3")
    known.remember([KnownFile(picture, FileState.of(picture), "ab" * 32)])
    assert known.sha256_of(picture) == known.below(tmp_path).sha256_of(picture) == "ab" * 32
    for change in ("sha256 = 'abab'", "sha256 = x'abab'", "state = '7 0 0 1'", "state = NULL"):
        with contextlib.closing(sqlite3.connect(tmp_path / "files.sqlite3")) as connection, connection:
            connection.execute(f"UPDATE files SET {change}")
        again = KnownFiles(tmp_path / "files.sqlite3")
        assert again.sha256_of(picture) is None and again.below(tmp_path).sha256_of(picture) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no pipes with names")
@pytest.mark.parametrize("ending", ["", "-wal", "-shm"])
@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_what_is_no_file_is_not_opened(tmp_path, ending, kind):
    (tmp_path / "precious.sqlite3").write_bytes(b"mine")
    place = tmp_path / "cache" / f"blobs.sqlite3{ending}"
    place.parent.mkdir()
    match kind:
        case "pipe":
            os.mkfifo(place)
        case "link":
            place.symlink_to(tmp_path / "precious.sqlite3")
        case "folder":
            place.mkdir()
    store = BlobStore(tmp_path / "cache" / "blobs.sqlite3", 10**6)
    store.save(b"key", b"data")
    assert store.load(b"key") is None
    assert os.path.lexists(place) and (tmp_path / "precious.sqlite3").read_bytes() == b"mine"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no pipes with names")
def test_decisions_and_measurements_are_not_read_from_a_pipe(tmp_path, monkeypatch):
    monkeypatch.setenv("XCEPTION_GUI_HOME", str(tmp_path))
    (tmp_path / "settings").mkdir()
    (tmp_path / "cache").mkdir()
    os.mkfifo(tmp_path / "settings" / "preferences.json")
    os.mkfifo(tmp_path / "cache" / "speed.json")
    assert load_preferences() == Preferences()
    assert recall("speed", {}, float) is None
