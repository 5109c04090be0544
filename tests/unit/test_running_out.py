"""Memory, files, threads and disks that run out in the middle: nothing good is called bad, and what ends says why."""

import errno
import os
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin

from tests.conftest import draw_picture
from tests.disks import SmallDisk, small_disk
from xception_gui.data.cache.blob_store import BlobStore
from xception_gui.data.dataset.checks import check_dataset
from xception_gui.data.pictures import open_files, upright
from xception_gui.data.pictures import open_picture as images
from xception_gui.data.pictures.open_files import OpenFiles
from xception_gui.data.pictures.open_picture import PictureError, decode_file
from xception_gui.data.pictures.upright import UprightPicture
from xception_gui.data.pool import prefetched, read_ahead
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode, Finding, ProgramError
from xception_gui.domain.messages.base import Failed
from xception_gui.domain.messages.dataset import CheckRequest
from xception_gui.domain.messages.training import TrainRequest
from xception_gui.domain.reasons import Reason
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.files.atomic import write_text
from xception_gui.inference import embedding_table
from xception_gui.inference.embedding_table import EmbeddingTable
from xception_gui.jobs.reporting import never
from xception_gui.jobs.run_job import run_job
from xception_gui.words.errors import failure_text

SMALL = make_recipe(Preset.QUICK, image_size=71)
ON_UNIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")


def end_of(request) -> object:
    events = []
    run_job(request, events.append, never)
    return events[-1]


def in_a_process_of_its_own(script: str, *words: object) -> str:
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, words)]
    one_heap = {**os.environ, "MALLOC_ARENA_MAX": "1"}  # else each thread sets much more aside than it takes (glibc)
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=one_heap)
    assert done.returncode == 0, done.stderr
    return done.stdout


# --- Memory -----------------------------------------------------------------------------------------------------------

CHECK_IN_LITTLE_MEMORY = """
    import resource, sys
    from pathlib import Path
    from xception_gui.data.dataset import checks
    from xception_gui.data import pool
    pool.usable_cores = lambda: 4
    list(pool.read_ahead(lambda _: None, range(8)))
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    limit = used + int(sys.argv[2]) * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    found = checks.check_dataset(Path(sys.argv[1]))
    print(len(found.pictures), *(f"{file.code}" for file in found.left_out))
"""


@pytest.fixture(scope="module")
def large_pictures(tmp_path_factory) -> Path:
    """Four pictures that take some 150 MB each while they are decoded, and a damaged one."""
    root = tmp_path_factory.mktemp("large")
    for number in range(4):
        path = root / ("cat" if number % 2 else "dog") / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", (6000, 6000), (number * 20, 90, 90)).save(path, compress_level=1)
    (root / "cat" / "damaged.png").write_bytes((root / "cat" / "1.png").read_bytes()[:20_000])
    return root


@pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere the memory of a process can't be limited")
def test_good_pictures_are_used_where_there_is_memory_for_one_at_a_time(large_pictures):
    assert in_a_process_of_its_own(CHECK_IN_LITTLE_MEMORY, large_pictures, 330) == "4 damaged\n"


@pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere the memory of a process can't be limited")
def test_pictures_for_which_there_is_no_memory_at_all_are_not_called_damaged(large_pictures):
    said = in_a_process_of_its_own(CHECK_IN_LITTLE_MEMORY, large_pictures, 100).split()[1:]
    assert "no-memory" in said and "damaged" not in said


def failing_once(error: Exception):
    """A step that fails the first time, and how often it was done."""
    tries = []

    def fail(really):
        def step(*words, **options):
            tries.append(threading.get_ident())
            if len(tries) == 1:
                raise error
            return really(*words, **options)

        return step

    return fail, tries


class Turns(dict):
    """Where it is looked up how a picture is turned."""


@pytest.mark.parametrize(
    ("place", "step"), [(JpegImagePlugin.JpegImageFile, "load"), (UprightPicture, "scaled"), (Turns, "get")]
)
def test_where_memory_runs_out_a_picture_is_decoded_once_more(tmp_path, monkeypatch, place, step):
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "a.jpg"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (90, 160, 3), np.uint8)).save(path, exif=exif)
    wanted = decode_file(path, 71)
    monkeypatch.setattr(upright, "_TURNS", Turns(upright._TURNS))
    fail, tries = failing_once(MemoryError())
    monkeypatch.setattr(place, step, fail(getattr(place, step)), raising=False)
    np.testing.assert_array_equal(decode_file(path, 71), wanted)
    assert len(tries) >= 2


def test_what_a_decoder_says_of_memory_in_its_own_words_is_believed_only_if_there_was_some(tmp_path, monkeypatch):
    path = draw_picture(tmp_path / "a.png", (200, 30, 30), seed=1)
    (tmp_path / "b.png").write_bytes(path.read_bytes()[:-30])
    monkeypatch.setattr(images, "_can_be_had", lambda wanted: wanted < images.MAX_MEMORY)
    with pytest.raises(PictureError) as caught:
        decode_file(tmp_path / "b.png", 71)
    assert caught.value.reason is Reason.DAMAGED  # it is, said the second look, for which there was enough
    monkeypatch.setattr(images, "_can_be_had", lambda wanted: False)
    with pytest.raises(PictureError) as caught:
        decode_file(tmp_path / "b.png", 71)
    assert caught.value.reason is Reason.NO_MEMORY


def test_no_training_goes_on_without_pictures_that_there_was_only_no_memory_for(tiny_dataset, tmp_path, monkeypatch):
    def fail(*words: object) -> None:
        raise MemoryError

    checked = check_dataset(tiny_dataset)
    assert len(checked.pictures) == 16
    monkeypatch.setattr("xception_gui.jobs.training.reading.read_dataset", lambda *words, **options: checked)
    monkeypatch.setenv("XCEPTION_GUI_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(images, "read_header", fail)
    end = end_of(TrainRequest(str(tiny_dataset), str(tmp_path / "run"), SMALL))
    assert isinstance(end, Failed) and end.code == ErrorCode.OUT_OF_MEMORY


# --- Files ------------------------------------------------------------------------------------------------------------

CHECK_WITH_FEW_FILES = """
    import os, resource, sys
    from pathlib import Path
    from xception_gui.data.dataset import checks
    from xception_gui.data import pool
    pool.usable_cores = lambda: 8
    found = checks.check_dataset(Path(sys.argv[1]))
    lowest_free = os.dup(0)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free + int(sys.argv[2]), 1000))
    os.close(lowest_free)
    found = checks.check_dataset(Path(sys.argv[1]))
    print(len(found.pictures), len(found.left_out))
"""


@ON_UNIX
def test_where_few_files_may_be_open_pictures_wait_for_each_other(tiny_dataset):
    assert in_a_process_of_its_own(CHECK_WITH_FEW_FILES, tiny_dataset, 1) == "16 0\n"


def test_where_no_file_can_be_opened_that_is_said_and_no_picture_is_called_unreadable(tiny_dataset, monkeypatch):
    def fail(path, **options):
        raise OSError(errno.EMFILE, "Too many open files", str(path))

    monkeypatch.setattr(images, "open_regular", fail)
    end = end_of(CheckRequest(str(tiny_dataset)))
    assert (
        isinstance(end, Failed)
        and end.code == ErrorCode.TOO_MANY_OPEN_FILES
        and "too many files are open" in failure_text(end).why
    )


def test_files_that_threads_wait_for_are_opened_in_the_end(tmp_path):
    (tmp_path / "a").write_bytes(b"a")
    allowed = threading.Semaphore(2)
    files = OpenFiles()

    def opener():
        if not allowed.acquire(blocking=False):
            raise OSError(errno.EMFILE, "Too many open files")
        return (tmp_path / "a").open("rb")

    def read(_: int) -> bytes:
        with files.opened(opener) as file:
            time.sleep(0)  # others have their turn
            data = file.read()
            allowed.release()
            return data

    assert list(read_ahead(read, range(200), threads=8)) == [b"a"] * 200
    assert (files._count, {errno.EMFILE, errno.ENFILE} <= open_files.NO_MORE) == (0, True)


# --- Threads ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("started", [0, 2])
def test_without_threads_the_work_is_done_all_the_same_each_in_its_turn(monkeypatch, started):
    really, starts = threading.Thread.start, []

    def start(thread) -> None:
        starts.append(thread)
        if len(starts) > started:
            raise RuntimeError("can't start new thread")
        really(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    assert list(read_ahead(lambda item: item * 2, range(50), threads=4)) == list(range(0, 100, 2))


def test_a_thread_that_can_be_started_later_swallows_no_batch(monkeypatch):
    really, starts = threading.Thread.start, []

    def start(thread) -> None:
        starts.append(thread)
        if len(starts) == 1:
            raise RuntimeError("can't start new thread")
        really(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    assert list(prefetched((number for number in range(20)), ahead=2)) == list(range(20))


# --- Disks ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def full_disk(tmp_path, monkeypatch):
    with small_disk(tmp_path / "home", 4) as disk:
        monkeypatch.setenv("XCEPTION_GUI_HOME", str(disk.place))
        yield disk


def test_a_table_of_embeddings_for_which_there_is_no_room_is_refused_in_words(full_disk, monkeypatch):
    monkeypatch.setattr(embedding_table, "ROWS_IN_MEMORY", 3)
    rows = 8_000_000 // (2 * XCEPTION.embedding_size)
    with pytest.raises(ProgramError) as caught:
        EmbeddingTable(rows, XCEPTION.embedding_size)
    assert caught.value.code is ErrorCode.CANNOT_WRITE and Finding.SYSTEM_NO_SPACE in str(caught.value)


def test_a_disk_that_fills_up_while_a_table_is_written_ends_it_in_words(full_disk: SmallDisk, monkeypatch):
    """As on file systems that set nothing aside, or need more to write than they had set aside."""
    monkeypatch.setattr(embedding_table, "ROWS_IN_MEMORY", 3)
    monkeypatch.setattr(embedding_table, "_allocate", lambda file, size: file.truncate(size))
    table = EmbeddingTable(100, XCEPTION.embedding_size)
    full_disk.fill()
    with pytest.raises(ProgramError) as caught:
        for number in range(100):
            table.add(np.full(XCEPTION.embedding_size, number, np.float16))
    assert caught.value.code is ErrorCode.CANNOT_WRITE
    np.testing.assert_array_equal(table.embeddings[:, 0], np.arange(len(table)))


def test_where_no_room_can_be_set_aside_it_is_written(tmp_path, monkeypatch):
    def cant(*words: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setenv("XCEPTION_GUI_HOME", str(tmp_path))
    monkeypatch.setattr(embedding_table, "ROWS_IN_MEMORY", 3)
    monkeypatch.setattr("os.posix_fallocate", cant, raising=False)
    table = EmbeddingTable(200, XCEPTION.embedding_size)
    assert table._file is not None
    assert (table._file._file.seek(0, 2), table._file._file.seek(0)) == (200 * 2 * XCEPTION.embedding_size, 0)
    table.add(np.ones(XCEPTION.embedding_size, np.float16))
    np.testing.assert_array_equal(table.embeddings, np.ones((1, XCEPTION.embedding_size)))


def test_a_training_of_many_pictures_on_a_full_disk_ends_in_words(tiny_dataset, tmp_path, full_disk, monkeypatch):
    monkeypatch.setattr(embedding_table, "ROWS_IN_MEMORY", 3)
    full_disk.fill()
    end = end_of(TrainRequest(str(tiny_dataset), str(tmp_path / "run"), SMALL))
    assert isinstance(end, Failed) and end.code == ErrorCode.CANNOT_WRITE and "no space left" in failure_text(end).why


def test_a_file_for_which_there_is_no_room_stays_as_it_was_and_is_named(full_disk: SmallDisk):
    path = full_disk.place / "run.json"
    write_text(path, "old")
    full_disk.fill()
    with pytest.raises(OSError) as caught:
        write_text(path, "new" * 100_000)
    assert (caught.value.errno, caught.value.filename, path.read_text()) == (errno.ENOSPC, str(path), "old")


def test_a_cache_whose_disk_fills_up_goes_on_to_be_read(full_disk: SmallDisk):
    store = BlobStore(full_disk.place / "cache" / "blobs.sqlite3", 10**9)
    store.save(b"first", b"1" * 1000)
    full_disk.fill()
    store.save(b"second", b"2" * 100_000)
    assert store.load(b"first") == b"1" * 1000
    assert store.load(b"second") is None
    full_disk.make_room()
    again = BlobStore(full_disk.place / "cache" / "blobs.sqlite3", 10**9)
    again.save(b"second", b"2" * 100_000)
    assert (again.load(b"first"), again.load(b"second")) == (b"1" * 1000, b"2" * 100_000)


def test_a_cache_can_be_emptied_on_a_full_disk(full_disk: SmallDisk):
    file = full_disk.place / "cache" / "blobs.sqlite3"
    store = BlobStore(file, 10**9)
    for number in range(20):
        store.save(bytes([number]), bytes([number]) * 100_000)
    full_disk.fill()
    BlobStore(file, 10**9).clear()
    assert sum(path.stat().st_size for path in file.parent.iterdir()) < 100_000
