"""HEIC: telephones' photographs are read like any other picture, within the same limits."""

import io
import struct
import subprocess
import sys

import pytest
from PIL import Image

from tests.unit.heic_files import PICTURES, TO_THE_LEFT, Item, full_box, grid, heic, photograph, size, tile
from tests.unit.test_images import assert_shows, drawing, encoded, open_picture, reason_of
from xception_gui.data.pictures import heic_decoder
from xception_gui.data.pictures import open_picture as images
from xception_gui.data.pictures.headers import read_header
from xception_gui.data.pictures.open_picture import PictureError, decode
from xception_gui.data.pictures.previews import make_preview
from xception_gui.domain.messages.dataset import PreviewShape
from xception_gui.domain.reasons import Reason

THE_DRAWING = ("RGB.heic", "444.heic", "10 bit.heif", "several.heic", "HEIC.jpg")


@pytest.mark.parametrize("name", THE_DRAWING)
def test_a_heic_is_read_whatever_it_is_called(name):
    assert_shows((PICTURES / name).read_bytes(), drawing(), tolerance=6)


def test_a_photograph_that_was_taken_upright_stands_upright():
    """It is stored lying, and both the file and its EXIF data say how to turn it: once is enough."""
    data = (PICTURES / "turned.HEIC").read_bytes()
    assert b"Exif" in data and b"irot" in data
    assert open_picture(data).size == (96, 64)
    assert_shows(data, drawing(), tolerance=6)


def test_grey_and_transparent_ones_become_rgb_on_white():
    assert_shows((PICTURES / "L.heic").read_bytes(), drawing().convert("L").convert("RGB"), tolerance=6)
    white = Image.new("RGB", (96, 64), "white")
    shown = Image.composite(drawing(), white, Image.linear_gradient("L").resize((96, 64)))
    assert_shows((PICTURES / "RGBA.heic").read_bytes(), shown, tolerance=6)


def test_a_photograph_in_tiles_is_put_together_and_turned():
    whole = Image.new("RGB", (192, 128))
    for left, top in ((x, y) for x in (0, 64, 128) for y in (0, 64)):
        whole.paste(drawing((64, 64)), (left, top))
    assert_shows(photograph(2, 3), whole, tolerance=6)
    turned = photograph(2, 3, quarters=TO_THE_LEFT)
    assert open_picture(turned).size == (128, 192)
    assert_shows(turned, whole.transpose(Image.Transpose.ROTATE_90), tolerance=6)


def test_a_large_one_is_decoded_once_however_often_it_is_looked_at(monkeypatch):
    decoded: list[object] = []
    frombytes = heic_decoder.HeicFile.frombytes
    monkeypatch.setattr(
        heic_decoder.HeicFile, "frombytes", lambda self, *given: decoded.append(self) or frombytes(self, *given)
    )
    decode(photograph(16, 16), 32)  # scaled in several strips
    assert len(decoded) == 1


@pytest.mark.parametrize("share", range(1, 8))
def test_one_that_is_cut_short_is_damaged(share):
    for name in (*THE_DRAWING, "turned.HEIC", "RGBA.heic"):
        data = (PICTURES / name).read_bytes()
        assert reason_of(data[: len(data) * share // 8]) in (Reason.DAMAGED, Reason.TOO_MANY_PIXELS)


def test_what_goes_with_a_picture_may_be_named_in_any_bytes():
    """pi-heif's own way of opening a file dies of this one."""
    data = (PICTURES / "turned.HEIC").read_bytes()
    assert data.count(b"Exif\0\0") >= 1
    assert_shows(data.replace(b"Exif\0", b"\xff\xff\xff\x7f\0", 1), drawing(), tolerance=6)


# --- Bombs --------------------------------------------------------------------------------------------------------


def huge_grid(side: int) -> bytes:
    """Promise a canvas of so many pixels a side, and bring one tile."""
    return heic([Item(b"grid", grid(1, 1, side, side), [size(64, 64)], [2]), tile()])


def grids_of_grids() -> bytes:
    """Put a picture together of 100 that are put together of the same 110 tiles."""
    tiles = range(102, 212)
    inner = Item(b"grid", grid(10, 11, 704, 640), [size(704, 640)], tiles)
    outer = Item(b"grid", grid(10, 10, 7040, 6400), [size(7040, 6400)], range(2, 102))
    return heic([outer, *(inner for _ in range(100)), *(tile() for _ in tiles)])


def in_a_circle() -> bytes:
    """Put two pictures together of each other."""
    return heic([Item(b"grid", grid(1, 1, 64, 64), [size(64, 64)], [other]) for other in (2, 1)])


def with_pictures(count: int) -> bytes:
    """Give data of so many pictures, the first of which is shown."""
    one = tile()
    return heic([Item(one.kind, one.data * count, one.properties)])


def widened(data: bytes, width: int) -> bytes:
    """Say in all boxes that a picture is so wide, and nowhere else."""
    return data.replace(size(64, 64), size(width, 64))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (huge_grid(10_001), Reason.TOO_MANY_PIXELS),
        (huge_grid(9_000), Reason.TOO_DEMANDING),
        (widened(photograph(1, 1), 2_000_000_000), Reason.TOO_MANY_PIXELS),
        (grids_of_grids(), Reason.TOO_DEMANDING),
        (in_a_circle(), Reason.DAMAGED),
        (photograph(99, 101), Reason.TOO_DEMANDING),
        (with_pictures(30_000), Reason.TOO_DEMANDING),
    ],
    ids=["canvas", "canvas of 81 million", "size", "grids of grids", "circle", "tiles", "pictures"],
)
def test_a_bomb_is_refused_by_its_header(data, reason, monkeypatch):
    monkeypatch.setattr(heic_decoder, "_library", lambda: pytest.fail("it was opened"))
    assert reason_of(data) is reason


def test_what_the_coded_data_say_of_their_size_counts():
    """Boxes promise 64×64 pixels; the data are of 96×64."""
    data = (PICTURES / "RGB.heic").read_bytes()
    lying = data.replace(struct.pack(">II", 96, 64), struct.pack(">II", 8, 8))
    assert lying != data
    cost, true_cost = (read_header(io.BytesIO(each)) for each in (lying, data))
    assert (cost.width, cost.height) == (8, 8)
    assert cost.memory > 2 * 1.5 * 96 * 64
    assert cost.seconds > 0.9 * 50e-9 * 96 * 64
    assert true_cost.memory > cost.memory


@pytest.mark.parametrize("pixels", [(8064, 6048), (4032, 3024)])
def test_what_telephones_take_is_within_the_limits(pixels):
    """48 and 12 million pixels in tiles of 512, which hold nothing here: to reckon, their sizes are enough."""
    width, height = pixels
    columns, rows = -(-width // 512), -(-height // 512)
    tiles = range(2, 2 + rows * columns)
    filled = struct.pack(">I", 512 * 512 // 4) + b"\x28\1\x80".ljust(512 * 512 // 4, b"\0")
    each = Item(b"hvc1", filled, [tile().properties[0], size(512, 512)])
    whole = Item(b"grid", grid(rows, columns, width, height), [size(width, height)], tiles)
    data = heic([whole, *(each for _ in tiles)])
    header = read_header(io.BytesIO(data))
    assert images.memory_to_decode(header, 299) < images.MAX_MEMORY
    assert header.seconds < images.MAX_SECONDS


# --- What can't be read -------------------------------------------------------------------------------------------


def test_without_a_libheif_for_this_computer_it_is_told_as_heic(monkeypatch):
    heic_decoder._library.cache_clear()
    monkeypatch.setitem(sys.modules, "_pi_heif", None)  # importing it fails
    try:
        with pytest.raises(PictureError) as caught:
            decode((PICTURES / "HEIC.jpg").read_bytes(), 32)
        assert (caught.value.reason, caught.value.detail) == (Reason.OTHER_FORMAT, "a HEIC picture")
        assert heic_decoder.libheif_version() is None
        assert_shows(encoded(drawing()), drawing())
    finally:
        heic_decoder._library.cache_clear()


@pytest.mark.parametrize("kind", [b"av01", b"jpeg", b"unci", b"\xff\0\xff\0"])
def test_another_coding_than_hevc_is_told_as_one(kind):
    one = tile()
    assert reason_of(heic([Item(kind, one.data, one.properties)])) is Reason.OTHER_FORMAT


@pytest.mark.parametrize("twice", [b"pitm", b"meta", b"iloc"])
def test_what_decoders_could_understand_in_two_ways_is_damaged(twice, monkeypatch):
    monkeypatch.setattr(heic_decoder, "_library", lambda: pytest.fail("it was opened"))
    data, again = photograph(), full_box(twice, 0, bytes(60))
    if twice == b"meta":
        assert reason_of(data + again) is Reason.DAMAGED
        return
    begin = data.index(b"meta") - 4
    end = begin + int.from_bytes(data[begin : begin + 4], "big")
    longer = struct.pack(">I", end - begin + len(again))
    assert reason_of(data[:begin] + longer + data[begin + 4 : end] + again + data[end:]) is Reason.DAMAGED


def test_avif_stays_avif_under_a_general_brand():
    avif = (PICTURES / "RGB.avif").read_bytes()
    general = avif[:8] + b"mif1" + avif[12:]
    assert read_header(io.BytesIO(general)).kind == "AVIF"
    assert read_header(io.BytesIO(heic([tile()], brand=b"mif1"))).kind == "HEIF"


# --- Around it ----------------------------------------------------------------------------------------------------


def test_a_preview_of_it_is_made_too(tmp_path):
    made = make_preview(PICTURES / "turned.HEIC", 48, PreviewShape.WHOLE, tmp_path)
    with Image.open(made) as preview:
        assert (preview.format, preview.size) == ("JPEG", (48, 32))


def test_it_is_loaded_when_the_first_heic_is_opened():
    script = (
        "import sys, pathlib; from xception_gui.data.pictures.open_picture import decode_file;"
        "at = pathlib.Path(sys.argv[1]);"
        "decode_file(at / 'RGB.jpg', 32); before = '_pi_heif' in sys.modules;"
        "decode_file(at / 'RGB.heic', 32); print(before, '_pi_heif' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, PICTURES], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
