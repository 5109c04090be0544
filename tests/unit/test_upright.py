"""Upright in strips: each strip comes from its place in the stored picture, and together they are all of it."""

import numpy as np
import pytest
from PIL import Image

from xception_gui.data.pictures import upright
from xception_gui.data.pictures.headers.header import METADATA
from xception_gui.data.pictures.upright import UprightPicture, between_size

ORIENTATION = 0x0112  # EXIF
WIDTH, HEIGHT = 5, 3
STORED = np.arange(WIDTH * HEIGHT, dtype=np.uint8).reshape(HEIGHT, WIDTH)

SEEN = {  # what EXIF says of how the first row and column of the stored pixels lie, in numpy's words
    1: STORED,
    2: STORED[:, ::-1],
    3: STORED[::-1, ::-1],
    4: STORED[::-1],
    5: STORED.T,
    6: STORED[::-1].T,
    7: STORED[::-1, ::-1].T,
    8: STORED[:, ::-1].T,
    9: STORED,
}


def stored_with(orientation: int) -> Image.Image:
    image = Image.fromarray(STORED)
    image.getexif()[ORIENTATION] = orientation
    return image


@pytest.mark.parametrize("orientation", SEEN)
def test_every_part_of_a_picture_is_the_part_that_a_person_sees(orientation):
    picture, seen = UprightPicture(stored_with(orientation)), SEEN[orientation]
    height, width = seen.shape
    assert picture.size == (width, height)
    for left, top, right, bottom in ((0, 0, width, height), (1, 0, 3, 2), (0, 1, 2, 3), (2, 2, 3, 3)):
        part = picture.scaled((right - left, bottom - top), Image.Resampling.NEAREST, (left, top, right, bottom))
        assert part.mode == "RGB"
        assert (np.asarray(part)[..., 0] == seen[top:bottom, left:right]).all()


@pytest.mark.parametrize("exif", [b"", b"rubbish", b"x" * (METADATA + 1)])
def test_what_cant_say_how_a_picture_is_turned_says_nothing(exif):
    image = Image.fromarray(STORED)
    image.info["exif"] = exif
    assert UprightPicture(image).size == (WIDTH, HEIGHT)


def test_exif_data_count_up_to_a_megabyte():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    data = exif.tobytes()
    for more, size in ((0, (HEIGHT, WIDTH)), (METADATA - len(data), (HEIGHT, WIDTH))):
        image = Image.fromarray(STORED)
        image.info["exif"] = data + bytes(more)
        assert UprightPicture(image).size == size
    image.info["exif"] += b"\0"
    assert UprightPicture(image).size == (WIDTH, HEIGHT)


# --- Strips -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("box", "columns", "wanted"),
    [
        ((3, 2, 13, 6), False, [(3, 2, 13, 4), (3, 4, 13, 6)]),
        ((3, 2, 13, 7), False, [(3, 2, 13, 4), (3, 4, 13, 6), (3, 6, 13, 7)]),
        ((3, 2, 13, 7), True, [(3, 2, 7, 7), (7, 2, 11, 7), (11, 2, 13, 7)]),
        ((3, 2, 11, 7), True, [(3, 2, 7, 7), (7, 2, 11, 7)]),
        ((0, 0, 21, 2), False, [(0, 0, 21, 1), (0, 1, 21, 2)]),  # a row is wider than a strip may be
        ((0, 0, 2, 50), True, [(0, 0, 1, 50), (1, 0, 2, 50)]),
    ],
)
def test_strips_hold_twenty_pixels_or_one_row_and_cover_a_box_once(box, columns, wanted, monkeypatch):
    monkeypatch.setattr(upright, "AT_ONCE", 20)
    assert list(upright._strips(box, columns)) == wanted


def test_pictures_of_a_quarter_of_a_million_pixels_are_scaled_at_once(monkeypatch):
    asked: list[upright.Box] = []
    part = UprightPicture._part
    monkeypatch.setattr(UprightPicture, "_part", lambda self, box: asked.append(box) or part(self, box))
    for size, count in (((500, 500), 1), ((500, 501), 2)):
        asked.clear()
        UprightPicture(Image.new("L", size)).scaled((400, 400), Image.Resampling.BILINEAR)
        assert len(asked) == count


@pytest.mark.parametrize(
    ("size", "to", "columns"),
    [
        ((100, 300), (100, 100), True),
        ((150, 201), (100, 100), True),
        ((150, 200), (100, 100), False),  # height shrinks by twice as much, and not more
        ((300, 100), (100, 100), False),
        ((10, 100), (100, 100), False),  # height stays
        ((10, 101), (100, 100), True),
        ((10, 99), (100, 100), False),
        ((10, 120), (1, 100), True),
        ((11, 120), (1, 100), False),
    ],
)
def test_height_comes_first_where_it_shrinks_by_more_than_twice_as_much(size, to, columns):
    assert upright._columns_first(*size, to) is columns


def test_between_the_two_steps_there_is_one_side_of_each_size():
    assert between_size(1000, 4000, 299) == 1000 * 299
    assert between_size(4000, 1000, 299) == 299 * 1000


@pytest.mark.parametrize("size", [(90, 40), (40, 90)])
def test_a_part_in_strips_is_the_part_that_is_cut_out_first(size, monkeypatch):
    monkeypatch.setattr(upright, "AT_ONCE", 150)
    pixels = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), np.uint8)
    image, box = Image.fromarray(pixels), (7, 11, 38, 39)
    for to in ((20, 9), (9, 20), (31, 3), (3, 28)):
        found = UprightPicture(image).scaled(to, Image.Resampling.BICUBIC, box)
        assert found.tobytes() == image.crop(box).resize(to, Image.Resampling.BICUBIC).tobytes()


def test_a_picture_that_is_closed_frees_its_pixels():
    image = Image.fromarray(STORED)
    picture = UprightPicture(image)
    picture.close()
    with pytest.raises(ValueError, match="closed image"):
        image.load()
    assert not hasattr(picture, "_image")


# --- Grey -------------------------------------------------------------------------------------------------------------


def in_8_bits(values: list[float], dtype: type) -> list[int]:
    image = Image.fromarray(np.array([values], dtype))
    return np.asarray(UprightPicture(image).scaled(image.size, Image.Resampling.NEAREST))[0, :, 0].tolist()


@pytest.mark.parametrize(
    ("values", "dtype", "wanted"),
    [
        ([0, 128, 129, 385, 386, 65535], np.uint16, [0, 0, 1, 1, 2, 255]),
        ([0, 128, 129, 386, 65535], np.int32, [0, 0, 1, 2, 255]),
        ([0, 7, 255], np.int32, [0, 7, 255]),
        ([0, 7, 256], np.int32, [0, 0, 1]),
        ([-1, 0, 254], np.int32, [0, 1, 255]),
        ([0, 65536], np.int32, [0, 255]),
        ([100, 65536], np.int32, [0, 255]),
        ([0, 0.5, 1], np.float32, [0, 128, 255]),
        ([0.1, 0.2], np.float32, [26, 51]),
        ([0, 1, 1.5], np.float32, [0, 1, 2]),
        ([-0.5, 0.5], np.float32, [0, 255]),
        ([3, 3], np.float32, [3, 3]),
        ([-3, -3], np.float32, [0, 0]),
        ([300, 300], np.float32, [0, 0]),
        ([0, 2, np.nan, np.inf, -np.inf], np.float32, [0, 2, 0, 2, 0]),
        ([5, 6, np.nan], np.float32, [5, 6, 0]),
        ([-4, 6, np.inf, -np.inf, np.nan], np.float32, [0, 255, 255, 0, 102]),
        ([-4, -2, np.inf], np.float32, [0, 128, 255]),
        ([5, 9, -np.inf], np.float32, [5, 9, 0]),
        ([np.nan, np.inf, -np.inf], np.float32, [0, 0, 0]),
    ],
)
def test_grey_of_many_bits_becomes_grey_of_eight(values, dtype, wanted):
    assert in_8_bits(values, dtype) == wanted


def test_the_range_of_values_is_that_of_all_strips(monkeypatch):
    monkeypatch.setattr(upright, "AT_ONCE", 4)
    values = np.array([[5, 7, 9, -4], [1, 2, 3, 4], [6, 6, 6, 6]], np.float32)
    assert upright._extremes(Image.fromarray(values), lambda strip: strip) == (-4, 9)
    assert upright._extremes(Image.fromarray(values), lambda strip: strip[strip > 99]) == (np.inf, -np.inf)
