"""What a stranger's picture may take: 1 GB in all, however many are decoded at a time, and five seconds."""

import io
import json
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.torture.bombs import BOMBS, encoded, jpeg, jpeg2000, png, png_chunk, segment, tiff
from xception_gui.data.pictures import open_picture as images
from xception_gui.data.pictures.excerpt import Counted, Excerpt, TooManyPiecesError
from xception_gui.data.pictures.headers import read_header
from xception_gui.data.pictures.memory_budget import MemoryBudget
from xception_gui.data.pictures.open_picture import MAX_MEMORY, MAX_SECONDS, PictureError, decode, memory_to_decode
from xception_gui.domain.reasons import Reason, left_out
from xception_gui.words.reasons import reason_text

MOST_MEMORY = 1_000_000_000  # bytes
MOST_SECONDS = 5.0

pytestmark = pytest.mark.filterwarnings(r"ignore:::PIL\.")  # the program ignores them too


def in_a_process_of_its_own(folder: Path, *options: str) -> dict[str, Any]:
    """Decode the files in a folder, so that nothing else counts as memory of it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture.bombs", folder, *options],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_no_bomb_takes_a_gigabyte_or_five_seconds(tmp_path):
    kinds = BOMBS.keys() - {"float TIFF"}  # which comes in the next test
    for name in kinds:
        (tmp_path / name).write_bytes(BOMBS[name]())
    told = in_a_process_of_its_own(tmp_path)
    assert told["peak"] < MOST_MEMORY
    assert told["found"].keys() == kinds
    for name, (found, seconds) in told["found"].items():
        assert found in ("pixels", Reason.TOO_DEMANDING), name
        assert seconds < MOST_SECONDS, name


def test_four_of_them_side_by_side_take_no_more(tmp_path):
    for folder in ("float TIFF", "WebP of many codes"):
        (tmp_path / folder).mkdir()
        for number in range(4):
            (tmp_path / folder / str(number)).write_bytes(BOMBS[folder]() + bytes([number]))
    told = in_a_process_of_its_own(tmp_path, "--check")
    assert told["peak"] < MOST_MEMORY
    assert told["found"] == {"pictures": 8, "left out": []}


def refusal_of(data: bytes) -> PictureError:
    with pytest.raises(PictureError) as caught:
        decode(data, 299)
    return caught.value


def test_what_is_too_demanding_is_told_with_how_much_it_would_take():
    memory = refusal_of(jpeg(40_000, 40_000, frame=0xC2))
    assert (memory.reason, memory.detail) == (Reason.TOO_DEMANDING, "3.3 GB of memory")
    seconds = refusal_of(jpeg(8000, 8000, frame=0xC2, scans=200))
    assert (seconds.reason, seconds.detail) == (Reason.TOO_DEMANDING, "about 8 seconds")
    assert reason_text(left_out("a.jpg", seconds.reason, seconds.detail)) == (
        "Opening the picture would take about 8 seconds, more than is safe."
    )


# --- Ordinary pictures are none -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        png(10_000, 10_000, 8, 2, filled=False),
        png(10_000, 10_000, 16, 6, filled=False),
        png(10_000, 10_000, 8, 3, filled=False),
        jpeg(65_500, 65_500)[:1000],
        jpeg(12_000, 8_000, frame=0xC2, components=3, scans=10),
        tiff(10_000, 10_000, samples=3),
        tiff(10_000, 10_000, bits=32, kind=3),
        tiff(10_000, 10_000, bits=16, samples=3),
        b"P6 10000 10000 255\n",
        jpeg2000(5000, 5000),
        b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 7000, 5000),
    ],
    ids=[
        *("RGB PNG", "deep PNG", "PNG of a palette", "huge JPEG", "progressive JPEG", "RGB TIFF", "float TIFF"),
        *("deep TIFF", "PPM", "JPEG 2000", "WebP"),
    ],
)
def test_as_many_pixels_as_promised_can_be_decoded(data):
    header = read_header(io.BytesIO(data), 299)
    assert memory_to_decode(header, 299) < MAX_MEMORY
    assert header.seconds < MAX_SECONDS


def test_a_picture_that_is_divided_into_tiny_pieces_takes_memory_for_each():
    ordinary = read_header(io.BytesIO(jpeg2000(2000, 2000)))
    divided = read_header(io.BytesIO(BOMBS["JPEG 2000 of small precincts"]()))
    assert divided.memory > 50 * ordinary.memory
    strips = read_header(io.BytesIO(tiff(1000, 1000, rows=1)))
    assert strips.memory > read_header(io.BytesIO(tiff(1000, 1000))).memory + 100_000


def test_a_thumbnail_among_the_metadata_is_no_scan_and_what_follows_a_picture_neither():
    thumbnails = segment(0xE1, b"Exif\0\0" + b"\xff\xda\0\4" * 9000)
    data = jpeg(4000, 4000, frame=0xC2, scans=3, before=thumbnails) + b"\xff\xda\0\4" * 100_000
    ordinary = read_header(io.BytesIO(jpeg(4000, 4000, frame=0xC2, scans=3)))
    assert read_header(io.BytesIO(data)).seconds == pytest.approx(ordinary.seconds, abs=0.1)


def test_bytes_too_many_between_the_blocks_of_a_gif_dont_matter():
    data = encoded(Image.effect_noise((90, 60), 40), "GIF", comment=b"words")
    frame = data.index(b",\0\0\0\0")
    odd = data[:frame] + b"\0\0\0" + data[frame:]
    assert (read_header(io.BytesIO(odd)).width, read_header(io.BytesIO(odd)).height) == (90, 60)
    assert (decode(odd, 32) == decode(data, 32)).all()


def test_only_what_decoding_needs_is_read_of_a_files_header():
    words = png_chunk(b"tEXt", b"name\0" + b"words" * 50_000)
    image = Image.effect_noise((90, 60), 40)
    for data, end in (
        (encoded(image, "PNG", pnginfo=None), b"IDAT"),
        (encoded(image, "JPEG", comment=b"words" * 9000, icc_profile=b"profile" * 90_000), b"\xff\xda"),
        (encoded(image, "GIF", comment=b"words" * 9000), b","),
    ):
        at = data.index(end) - 4 if end == b"IDAT" else None
        data = data if at is None else data[:at] + words + data[at:]
        header = read_header(io.BytesIO(data))
        shown = Excerpt(io.BytesIO(data), header.parts).read()
        assert b"words" not in shown
        assert b"profile" not in shown
        assert len(shown) < len(data) - 40_000
        assert decode(data, 32).std() > 0


# --- What isn't what it says --------------------------------------------------------------------------------------


def test_a_size_that_its_data_contradict_is_not_believed():
    data = encoded(Image.new("L", (640, 640)), "AVIF")
    lying = data.replace(struct.pack(">II", 640, 640), struct.pack(">II", 64, 64))
    assert lying != data
    assert read_header(io.BytesIO(lying)).memory > 6 * 640 * 640
    second = png(9, 9, 1, 0, before=png_chunk(b"IHDR", struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0)))
    assert refusal_of(second).reason is Reason.TOO_MANY_PIXELS
    data = jpeg2000(9000, 9000)
    inside = struct.pack(">I4s", 0, b"jp2c") + data
    box = struct.pack(">I4sIIHBBBB", 22, b"ihdr", 64, 64, 3, 7, 7, 0, 0)
    colours = struct.pack(">I4sBBBI", 15, b"colr", 1, 0, 0, 16)
    header = struct.pack(">I4s", 8 + len(box) + len(colours), b"jp2h") + box + colours
    file = b"\0\0\0\x0cjP  \r\n\x87\n" + struct.pack(">I4s4sI4s", 20, b"ftyp", b"jp2 ", 0, b"jp2 ") + header + inside
    assert refusal_of(file).reason is Reason.TOO_DEMANDING


def test_a_header_of_endless_parts_is_given_up():
    for data in (
        b"\0\0\0\x20ftypavif" + bytes(20) + struct.pack(">I4s", 8, b"free") * 300_000,
        b"\xff\xd8" + segment(0xE5, b"") * 300_000,
        b"GIF89a\1\0\1\0\0\0\0" + b"!\xfe\1a\0" * 300_000,
        b"\x89PNG\r\n\x1a\n" + png_chunk(b"abCd", b"") * 300_000,
    ):
        assert refusal_of(data).detail == "hundreds of thousands of small steps"


def test_a_damaged_picture_isnt_kept_by_its_error(monkeypatch):
    opened = []
    load = images._open
    monkeypatch.setattr(images, "_open", lambda *arguments: opened.append(load(*arguments)) or opened[-1])
    data = png(300, 300, 8, 6)
    error = refusal_of(data[: len(data) // 2])
    assert error.reason is Reason.DAMAGED
    with pytest.raises(ValueError, match="closed image"):
        _ = opened[0].im


# --- Parts of files -----------------------------------------------------------------------------------------------


@given(
    data=st.binary(min_size=20, max_size=60),
    cuts=st.lists(st.integers(0, 60), max_size=6, unique=True),
    steps=st.lists(st.tuples(st.integers(-5, 70), st.integers(-1, 40)), max_size=8),
)
def test_an_excerpt_reads_like_a_file_of_its_parts(data, cuts, steps):
    ends = sorted(cuts)
    parts = list(zip(ends[::2], ends[1::2], strict=False)) or [(0, 5)]
    excerpt, joined = Excerpt(io.BytesIO(data), parts), b"".join(data[begin:end] for begin, end in parts)
    whole = io.BytesIO(joined)
    for place, size in steps:
        if 0 <= place <= len(joined):
            assert excerpt.seek(place) == whole.seek(place)
        assert excerpt.read(size) == whole.read(size)
        assert excerpt.tell() == whole.tell()


def test_a_file_is_read_in_so_many_pieces_and_no_more():
    file = Counted(io.BytesIO(bytes(100)), pieces=3)
    assert [file.read(1), file.read(2), file.read(0)] == [b"\0", b"\0\0", b""]
    with pytest.raises(TooManyPiecesError):
        file.read(1)
    with pytest.raises(TooManyPiecesError):
        Counted(io.BytesIO(bytes(100)), pieces=3, most=50).read()


def test_an_excerpt_is_gone_to_from_its_beginning_its_end_and_where_one_is():
    excerpt = Excerpt(io.BytesIO(b"0123456789"), [(1, 3), (5, 9)])  # 12 5678
    assert excerpt.read() == b"125678"
    assert (excerpt.seek(-2, io.SEEK_END), excerpt.read(None)) == (4, b"78")
    assert (excerpt.seek(-3, io.SEEK_CUR), excerpt.read(2)) == (3, b"67")
    assert (excerpt.seek(0), excerpt.tell(), excerpt.read(0)) == (0, 0, b"")
    assert (excerpt.seek(1, io.SEEK_CUR), excerpt.read(1)) == (1, b"2")
    assert (excerpt.seek(50), excerpt.read(), excerpt.tell()) == (50, b"", 50)
    with pytest.raises(ValueError, match="-1"):
        excerpt.seek(-1)
    assert excerpt.tell() == 50


def test_a_file_that_ends_before_its_parts_gives_what_there_is():
    excerpt = Excerpt(io.BytesIO(b"01234"), [(1, 3), (4, 9), (20, 30)])
    assert (excerpt.read(), excerpt.tell()) == (b"124", 3)


def test_no_more_than_four_megabytes_come_in_one_piece_unless_all_are_asked_for():
    data = bytes(4_000_001)
    for size, found in ((4_000_000, 4_000_000), (4_000_001, 4_000_000), (None, 4_000_001), (-1, 4_000_001), (7, 7)):
        assert len(Counted(io.BytesIO(data), pieces=1).read(size)) == found
    counted = Counted(io.BytesIO(data), pieces=9)
    assert (counted.seek(4_000_000), counted.tell(), counted.read()) == (4_000_000, 4_000_000, b"\0")


def test_as_many_bytes_as_allowed_may_be_read_and_not_one_more():
    counted = Counted(io.BytesIO(bytes(100)), pieces=9, most=50)
    assert len(counted.read(30) + counted.read(20) + counted.read(0)) == 50
    with pytest.raises(TooManyPiecesError):
        counted.read(1)


# --- One budget for all -------------------------------------------------------------------------------------------


@given(
    wishes=st.lists(st.integers(0, 10), min_size=1, max_size=30),
    threads=st.integers(1, 8),
)
def test_threads_never_hold_more_than_there_is(wishes, threads):
    budget, held, most = MemoryBudget(10), [], []
    waiting = iter(wishes)
    lock = threading.Lock()

    def work():
        while True:
            with lock:
                wish = next(waiting, None)
            if wish is None:
                return
            with budget.reserved(wish):
                held.append(wish)
                most.append(sum(held))
                time.sleep(0)  # another thread's turn
                held.remove(wish)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)
        assert not worker.is_alive()
    assert max(most) <= 10
    with budget.reserved(10):
        pass


def test_a_large_wish_is_not_passed_by_for_ever():
    budget = MemoryBudget(10)
    order: list[int] = []

    def take(wish: int) -> None:
        with budget.reserved(wish):
            order.append(wish)

    threads = [threading.Thread(target=take, args=[wish]) for wish in (10, 1)]
    with budget.reserved(5):
        for waiting, thread in enumerate(threads, start=1):
            thread.start()
            while len(budget._waiting) < waiting:
                time.sleep(0)
        assert order == []
    for thread in threads:
        thread.join(20)
    assert order == [10, 1]


def test_more_than_there_is_in_all_is_never_waited_for():
    with pytest.raises(ValueError, match="11 bytes of 10"), MemoryBudget(10).reserved(11):
        pass


def test_whoever_gives_up_waiting_leaves_its_turn_to_the_next(monkeypatch):
    budget = MemoryBudget(10)
    with budget.reserved(10):
        monkeypatch.setattr(budget._changed, "wait", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt), budget.reserved(5):
            pass
        monkeypatch.undo()
    with budget.reserved(10):
        pass
