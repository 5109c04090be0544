"""The picture path: any picture becomes the same kind of pixels, and anything else is refused with a reason."""

import base64
import contextlib
import hashlib
import io
import os
import stat
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageDraw, ImageFile, PngImagePlugin, PpmImagePlugin, UnidentifiedImageError

from tests.torture.bombs import gif, in_an_icon, png
from tests.unit import heic_files
from xception_gui.data.pictures import open_picture as images
from xception_gui.data.pictures import ppm_decoder, upright
from xception_gui.data.pictures.excerpt import TooManyPiecesError
from xception_gui.data.pictures.file_kinds import FileKind
from xception_gui.data.pictures.headers import Header, read_header
from xception_gui.data.pictures.open_picture import (
    FORMATS,
    MAX_PIXELS,
    SUFFIXES,
    PictureError,
    content_hash,
    decode,
    decode_file,
    decoded,
    examine,
    hash_file,
    looks_like_a_picture,
    open_file,
)
from xception_gui.data.pictures.ppm_decoder import OddDepths
from xception_gui.domain.errors import Finding
from xception_gui.domain.reasons import Reason

pytestmark = pytest.mark.filterwarnings(r"ignore:::PIL\.")  # the program ignores them too

RED, GREEN, BLUE = (200, 40, 40), (40, 160, 60), (40, 60, 190)
ORIENTATION = 0x0112  # EXIF
SIZE = 32


def open_picture(data: bytes, at_least: int | None = None) -> Image.Image:
    """Decode all of a picture, RGB and upright."""
    with decoded(data, at_least) as picture:
        return picture.scaled(picture.size, Image.Resampling.BILINEAR)


def drawing(size: tuple[int, int] = (96, 64)) -> Image.Image:
    """Red with a green right and a blue lower left: no two corners that a turn or a mirror could mix up."""
    image = Image.new("RGB", size, RED)
    draw, (width, height) = ImageDraw.Draw(image), size
    draw.rectangle((width // 2, 0, width, height), fill=GREEN)
    draw.rectangle((0, height // 2, width // 2 - 1, height), fill=BLUE)
    return image


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    data = io.BytesIO()
    image.save(data, format=kind, **options)
    return data.getvalue()


def assert_shows(data: bytes, image: Image.Image, tolerance: float = 1.0) -> None:
    """The pixels are, on average, those of an RGB picture that is stretched alike."""
    pixels = decode(data, SIZE)
    assert pixels.shape == (SIZE, SIZE, 3)
    assert pixels.dtype == np.uint8
    wanted = np.asarray(image.resize((SIZE, SIZE), Image.Resampling.BILINEAR), float)
    assert np.abs(pixels - wanted).mean() <= tolerance


REFUSALS = (
    *(Reason.NOT_A_PICTURE, Reason.DAMAGED, Reason.TOO_MANY_PIXELS, Reason.TOO_DEMANDING),
    *(kind.reason for kind in FileKind),
)


def reason_of(data: bytes) -> Reason:
    with pytest.raises(PictureError) as caught:
        decode(data, SIZE)
    return caught.value.reason


# --- Formats ------------------------------------------------------------------------------------------------------

SAVED = {
    "JPEG": {"quality": 95},
    "MPO": {"quality": 95},
    "PNG": {},
    "WEBP": {"lossless": True},
    "GIF": {},
    "TIFF": {"compression": "tiff_lzw"},
    "BMP": {},
    "DIB": {},
    "AVIF": {"quality": 95},
    "JPEG2000": {},
    "PPM": {},
    "TGA": {},
    "PCX": {},
    "ICO": {"sizes": [(96, 64)]},
}


def test_no_format_goes_untested():
    assert set(FORMATS) | {"MPO"} == set(SAVED) | {"HEIF"}  # which test_heic is about: nothing here can write it


@pytest.mark.parametrize("kind", SAVED)
def test_every_format_shows_the_same_picture(kind):
    assert_shows(encoded(drawing(), kind, **SAVED[kind]), drawing(), tolerance=4)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"progressive": True, "quality": 95}),
        ("JPEG", {"optimize": True, "quality": 95, "restart_marker_blocks": 1}),
        ("JPEG", {"subsampling": "4:2:0", "quality": 95}),
        ("WEBP", {"quality": 90}),
        ("TIFF", {"compression": "jpeg", "quality": 95}),
        ("TIFF", {"compression": "tiff_adobe_deflate"}),
        ("TIFF", {"big_tiff": True}),
        ("JPEG2000", {"irreversible": True}),
        ("JPEG2000", {"no_jp2": True}),
        ("TGA", {"compression": "tga_rle"}),
        ("ICO", {"sizes": [(96, 64)], "bitmap_format": "bmp"}),
        ("PNG", {"bits": 8, "compress_level": 0}),
    ],
)
def test_so_do_their_variants(kind, options):
    assert_shows(encoded(drawing(), kind, **options), drawing(), tolerance=5)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "YCbCr", "LAB", "I;16", "I", "F"])
def test_every_colour_mode_becomes_rgb(mode):
    grey = Image.linear_gradient("L").resize((96, 64))
    if mode == "LAB":
        image, wanted = Image.new("LAB", (96, 64), (255, 128, 128)), Image.new("RGB", (96, 64), "white")
    elif mode == "I;16":
        image = Image.fromarray(np.asarray(grey, np.uint16) * 257)
        wanted = grey.convert("RGB")
    elif mode in ("I", "F"):
        image, wanted = grey.convert(mode), grey.convert("RGB")
    else:
        source = drawing() if mode in ("P", "RGB", "RGBA", "CMYK", "YCbCr") else grey
        image = source.convert(mode)
        wanted = image.convert("RGB")
    kind = "PNG" if mode in ("1", "L", "P", "RGB", "RGBA", "LA", "I;16") else "TIFF"
    with Image.open(io.BytesIO(encoded(image, kind))) as reread:
        assert reread.mode == mode
    assert_shows(encoded(image, kind), wanted, tolerance=2)


def test_a_cmyk_jpeg_keeps_its_colours():
    data = encoded(drawing().convert("CMYK"), "JPEG", quality=95)
    assert_shows(data, drawing(), tolerance=4)


def test_a_jpeg_with_arithmetic_coding_shows_the_same_picture():
    # Pillow reads it and can't write it: the drawing, by cjpeg -arithmetic.
    data = base64.b64decode(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUV"
        "DA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU"
        "FBT/yQARCABAAGADAREAAhEBAxEB/8wACgAQEAUBEBEF/9oADAMBAAIRAxEAPwD/ANIOpeCKw2w9soKzVJc383cpGb7ZfxnZ4ZOQVM9W"
        "/wC1Cw4ojqstotuRr9bsoeXdY5Dxy7wxuC9rua8pGGOtPWla3ajeZk/57ldWXIlaD5+ngP/Z"
    )
    assert_shows(data, drawing(), tolerance=4)


def grey_ramp(dtype: type, low: float, high: float) -> Image.Image:
    return Image.fromarray(np.tile(np.linspace(low, high, 96), (64, 1)).astype(dtype))


@pytest.mark.parametrize(
    ("dtype", "low", "high"),
    [
        (np.uint16, 0, 65535),
        (np.int32, 0, 255),
        (np.int32, 0, 65535),
        (np.int32, -1000, 100_000),
        (np.int32, 1000, 100_000),
        (np.int32, -1, 65_535),
        (np.int32, 0, 65_536),
        (np.float32, 0, 1),
        (np.float32, 0, 255),
        (np.float32, -3, 7),
        (np.float32, 0, 1e30),
    ],
)
def test_grey_of_any_range_goes_from_black_to_white(dtype, low, high):
    data = encoded(grey_ramp(dtype, low, high), "TIFF")
    assert_shows(data, grey_ramp(np.uint8, 0, 255).convert("RGB"), tolerance=1.5)


@pytest.mark.parametrize(
    ("dtype", "low", "high", "darkest", "brightest"),
    [
        (np.uint16, 0, 6553, 0, 25.5),
        (np.uint16, 25_700, 65_535, 100, 255),
        (np.uint16, 25_700, 51_400, 100, 200),
        (np.int32, 0, 25, 0, 25),
        (np.int32, 100, 255, 100, 255),
        (np.int32, 100, 200, 100, 200),
        (np.int32, 0, 6553, 0, 25.5),
        (np.int32, 0, 256, 0, 1),
        (np.int32, 25_700, 65_535, 100, 255),
        (np.int32, 25_700, 51_400, 100, 200),
        (np.float32, 0, 0.1, 0, 25.5),
        (np.float32, 0.4, 1, 102, 255),
        (np.float32, 0.4, 0.8, 102, 204),
        (np.float32, 1, 100, 1, 100),
        (np.float32, 100, 255, 100, 255),
    ],
)
def test_what_is_dark_stays_dark_and_what_is_pale_stays_pale(dtype, low, high, darkest, brightest):
    """8 and 16 bits and shares of one are told by the greatest value; where they begin and end changes nothing."""
    wanted = Image.fromarray(np.round(np.tile(np.linspace(darkest, brightest, 96), (64, 1))).astype(np.uint8))
    assert_shows(encoded(grey_ramp(dtype, low, high), "TIFF"), wanted.convert("RGB"), tolerance=0.6)


def test_one_grey_value_all_over_is_a_picture_too():
    for value in (0, 0.5, -4, 1e9):
        assert np.ptp(decode(encoded(Image.new("F", (9, 9), value), "TIFF"), SIZE)) == 0


def test_measurements_without_a_value_dont_spoil_the_others():
    values = np.tile(np.linspace(-3, 7, 96, dtype=np.float32), (64, 1))
    values[0, :3] = np.inf, -np.inf, np.nan
    data = encoded(Image.fromarray(values), "TIFF")
    assert_shows(data, grey_ramp(np.uint8, 0, 255).convert("RGB"), tolerance=2)


def test_nothing_but_missing_values_is_one_grey():
    assert np.ptp(decode(encoded(Image.new("F", (9, 9), float("nan")), "TIFF"), SIZE)) == 0


# --- Transparency lies on white -----------------------------------------------------------------------------------


def half_transparent(mode: str) -> Image.Image:
    """The left half is the colour below, the right half is fully transparent."""
    image = Image.new("RGBA", (96, 64), (*BLUE, 255))
    image.paste((0, 0, 0, 0), (48, 0, 96, 64))
    return image if mode == "RGBA" else image.convert(mode)


def on_white(colour: tuple[int, int, int]) -> Image.Image:
    image = Image.new("RGB", (96, 64), colour)
    image.paste("white", (48, 0, 96, 64))
    return image


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("TGA", {}),
        ("AVIF", {"quality": 95}),
        ("JPEG2000", {}),
        ("ICO", {"sizes": [(96, 64)]}),
        ("ICO", {"sizes": [(96, 64)], "bitmap_format": "bmp"}),
        ("GIF", {}),
    ],
)
def test_what_is_transparent_is_white(kind, options):
    assert_shows(encoded(half_transparent("RGBA"), kind, **options), on_white(BLUE), tolerance=3)


def test_half_transparent_colours_are_mixed_with_white():
    pixels = decode(encoded(Image.new("RGBA", (9, 9), (0, 0, 0, 128))), SIZE)
    assert np.unique(pixels).tolist() == [127]


def test_transparent_grey_is_white():
    image = Image.new("LA", (96, 64), (60, 255))
    image.paste((0, 0), (48, 0, 96, 64))
    assert_shows(encoded(image), on_white((60, 60, 60)))


def test_a_transparent_colour_of_a_palette_is_white():
    image = Image.new("P", (96, 64), 0)
    image.putpalette([*BLUE, 0, 0, 0])
    image.paste(1, (48, 0, 96, 64))
    assert_shows(encoded(image, transparency=1), on_white(BLUE))
    assert_shows(encoded(image, transparency=bytes([255, 0])), on_white(BLUE))
    assert_shows(encoded(image, "GIF", transparency=1), on_white(BLUE))


def test_a_colour_that_is_declared_transparent_is_white():
    image = Image.new("RGB", (96, 64), BLUE)
    image.paste((1, 2, 3), (48, 0, 96, 64))
    assert_shows(encoded(image, transparency=(1, 2, 3)), on_white(BLUE))


# --- In strips, to the same pixels -----------------------------------------------------------------------------------


def plainly_decoded(data: bytes, size: int) -> np.ndarray:
    """What decoding is: open, turn upright, make RGB of it, resize. It takes several copies of a picture in memory."""
    image = Image.open(io.BytesIO(data))
    if image.format == "JPEG":
        image.draft("RGB", (size, size))
    image.load()
    turn = upright._TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    image = image.copy() if turn is None else image.transpose(turn.how)
    if image.mode[0] in "IF":
        image = plainly_grey(image)
    if image.has_transparency_data:
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image.convert("RGBA"))
    return np.asarray(image.convert("RGB").resize((size, size), Image.Resampling.BILINEAR))


def plainly_grey(image: Image.Image) -> Image.Image:
    values = np.asarray(image, np.float32)
    finite = values[np.isfinite(values)]
    values = np.nan_to_num(values, posinf=finite.max(initial=0), neginf=finite.min(initial=0))
    low, high = values.min(), values.max()
    if image.mode.startswith("I;16") or (image.mode == "I" and low >= 0 and 255 < high <= 65535):
        values = values / 257
    elif image.mode == "F" and low >= 0 and high <= 1:
        values = values * 255
    elif low < 0 or high > 255:
        values = (values - low) * (255 / max(float(high - low), 1e-12))
    return Image.fromarray(np.round(values).astype(np.uint8))


def random_picture(mode: str, size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    width, height = size
    if mode == "I;16":
        return Image.fromarray(rng.integers(0, 65536, (height, width)).astype(np.uint16))
    if mode == "I":
        low, high = ((0, 256), (0, 65536), (-5, 900_000), (-(2**31), 2**31 - 1))[rng.integers(4)]
        return Image.fromarray(rng.integers(low, high, (height, width)).astype(np.int32))
    if mode == "F":
        values = (rng.random((height, width)) * 10.0 ** rng.integers(-1, 38) - rng.integers(2)).astype(np.float32)
        for odd in (np.nan, np.inf, -np.inf):
            values[rng.random(values.shape) < rng.integers(2) * 0.1] = odd
        return Image.fromarray(values)
    bands = [Image.fromarray(rng.integers(0, 256, (height, width), np.uint8)) for _ in range(4)]
    if mode in ("1", "L", "P"):
        return bands[0].convert(mode)
    return Image.merge(mode, bands[: len(Image.new(mode, (1, 1)).getbands())])


@settings(max_examples=150)
@given(
    mode=st.sampled_from(["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "YCbCr", "LAB", "I;16", "I", "F"]),
    width=st.integers(1, 120),
    height=st.integers(1, 120),
    orientation=st.integers(1, 8),
    size=st.sampled_from([1, 7, 32, 64, 150]),
    at_once=st.sampled_from([40, 700, 5000]),
    seed=st.integers(0, 2**32),
)
@pytest.mark.filterwarnings("ignore:(overflow|invalid value)")
def test_in_strips_a_picture_has_the_same_pixels(mode, width, height, orientation, size, at_once, seed):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    kind = "PNG" if mode in ("1", "L", "P", "RGB", "RGBA", "LA", "I;16") else "TIFF"
    image = random_picture(mode, (width, height), np.random.default_rng(seed))
    data = encoded(image, kind, exif=exif, **({"transparency": 3} if mode in ("P", "L") and seed % 2 else {}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(upright, "AT_ONCE", at_once)
        assert np.array_equal(decode(data, size), plainly_decoded(data, size))


@pytest.mark.parametrize("kind", SAVED)
@pytest.mark.parametrize("metadata", [False, True])
def test_whatever_else_is_in_its_file_a_picture_has_the_pixels_that_pillow_gives(kind, metadata):
    exif = Image.Exif()
    exif[ORIENTATION], exif[ExifTags.Base.Software] = 6, "words" * 999
    more = {"exif": exif, "comment": b"words", "icc_profile": b"no profile" * 9999, "progressive": True}
    options = {**SAVED[kind], **(more if metadata and kind in ("JPEG", "MPO", "PNG", "WEBP") else {})}
    data = encoded(random_picture("RGB", (96, 64), np.random.default_rng(0)), kind, **options)
    assert np.array_equal(decode(data, SIZE), plainly_decoded(data, SIZE))


@pytest.mark.parametrize(
    ("kind", "bands", "deepest"), [("P5", 1, 100), ("P5", 1, 1000), ("P6", 3, 100), ("P6", 3, 4095), ("P6", 3, 65535)]
)
def test_portable_maps_of_odd_depths_have_the_pixels_that_pillow_gives_slowly(kind, bands, deepest, monkeypatch):
    stored = np.uint8 if deepest < 256 else ">u2"
    numbers = np.random.default_rng(0).integers(0, min(deepest + 9, 256 if deepest < 256 else 65536), 60 * 40 * bands)
    data = f"{kind} 60 40 {deepest}\n".encode() + numbers.astype(stored).tobytes()
    pixels = decode(data, SIZE)
    assert reason_of(data[:-1]) is Reason.DAMAGED
    monkeypatch.setitem(Image.DECODERS, "ppm", PpmImagePlugin.PpmDecoder)
    assert np.array_equal(pixels, plainly_decoded(data, SIZE))


@pytest.mark.parametrize("kind", SAVED)
def test_a_header_says_how_large_its_picture_is(kind):
    for image in (drawing(), half_transparent("RGBA")):
        if kind in ("JPEG", "MPO", "PCX") and image.mode == "RGBA":
            continue
        if kind == "PPM" and image.mode == "RGBA":
            continue
        header = read_header(io.BytesIO(encoded(image, kind, **SAVED[kind])))
        assert (header.kind, header.width, header.height) == (kind.replace("MPO", "JPEG"), 96, 64)
        assert header.memory < 1_000_000
        assert header.seconds < 0.01


# --- Frames -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF", "TIFF", "MPO"])
def test_of_several_frames_the_first_counts(kind):
    others = [Image.new("RGB", (96, 64), BLUE), Image.new("RGB", (96, 64), "black")]
    data = encoded(drawing(), kind, save_all=True, append_images=others)
    with Image.open(io.BytesIO(data)) as image:
        assert image.n_frames == 3
    assert_shows(data, drawing(), tolerance=6)


def test_of_an_icons_sizes_the_largest_counts():
    data = encoded(drawing((128, 128)), "ICO", sizes=[(16, 16), (128, 128), (32, 32)])
    assert open_picture(data).size == (128, 128)


# --- Sizes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(1, 1), (30_000, 30), (30, 30_000), (3000, 3), (1, 2), (299, 299)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_any_shape_is_stretched_to_a_square(kind, size):
    pixels = decode(encoded(Image.new("RGB", size, GREEN), kind), SIZE)
    assert pixels.shape == (SIZE, SIZE, 3)
    assert np.abs(pixels - np.array(GREEN, float)).max() <= 3


def test_shrinking_averages_instead_of_picking_pixels():
    stripes = np.zeros((640, 640), np.uint8)
    stripes[:, ::2] = 255
    pixels = decode(encoded(Image.fromarray(stripes)), SIZE)
    assert np.abs(pixels.astype(float) - 127.5).max() < 3


@pytest.fixture(scope="module")
def photograph() -> Image.Image:
    """Soft shapes and fine grain, 4000×3000."""
    rng = np.random.default_rng(1)
    coarse = Image.fromarray(rng.integers(0, 256, (12, 16, 3), dtype=np.uint8))
    smooth = np.asarray(coarse.resize((4000, 3000), Image.Resampling.BICUBIC), np.int16)
    return Image.fromarray(np.clip(smooth + rng.integers(-12, 13, (3000, 4000, 1)), 0, 255).astype(np.uint8))


def test_a_large_jpeg_is_read_at_a_fraction_of_its_size_and_looks_the_same(photograph):
    data = encoded(photograph, "JPEG", quality=90)
    assert open_picture(data).size == (4000, 3000)
    assert open_picture(data, at_least=299).size == (500, 375)
    full = np.asarray(open_picture(data).resize((299, 299), Image.Resampling.BILINEAR), float)
    assert np.abs(decode(data, 299) - full).mean() < 1.5


@pytest.mark.parametrize("size", [(598, 400), (299, 2392), (1196, 1196), (298, 5000)])
def test_a_jpeg_is_never_read_smaller_than_the_network_wants(size):
    reduced = open_picture(encoded(drawing(size), "JPEG"), at_least=299).size
    assert min(reduced) >= min(299, *size)


# --- Orientation, and data beside the pixels ----------------------------------------------------------------------

TURNED = {  # how the stored picture lies when EXIF says so → what turns it there
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", TURNED)
def test_pictures_stand_upright_however_the_camera_was_held(orientation, kind):
    turn = TURNED[orientation]
    stored = drawing() if turn is None else drawing().transpose(turn)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    data = encoded(stored, kind, exif=exif, **({} if kind == "TIFF" else {"quality": 95}))
    assert open_picture(data).size == (96, 64)
    assert_shows(data, drawing(), tolerance=4)


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0rubbish", b"Exif\0\0II*\0\xff\xff\xff\x7f", b"", b"Exif\0\0MM\0*\0\0\0\x08\xff"]
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_damaged_exif_data_doesnt_matter(kind, exif):
    assert_shows(encoded(drawing(), kind, quality=95, exif=exif), drawing(), tolerance=4)


def test_a_picture_stands_upright_also_where_other_exif_data_are_odd():
    orientation = struct.pack("<HHIHH", ORIENTATION, 3, 1, 6, 0)
    maker = struct.pack("<HHII", 0x010F, 5, 1, 8)  # a fraction, where a name should be
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 2) + maker + orientation + bytes(4)
    stored = drawing().transpose(TURNED[6])
    assert_shows(encoded(stored, "JPEG", quality=95, exif=exif), drawing(), tolerance=4)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_doesnt_exist_doesnt_matter(orientation):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    assert_shows(encoded(drawing(), "JPEG", quality=95, exif=exif), drawing(), tolerance=4)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_damaged_colour_profile_doesnt_matter(kind):
    data = encoded(drawing(), kind, icc_profile=b"no profile" * 50)
    assert_shows(data, drawing(), tolerance=6)


# --- What is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SAVED)
def test_a_picture_that_was_cut_short_is_damaged(kind):
    noise = np.random.default_rng(0).integers(0, 256, (64, 96, 3), dtype=np.uint8)
    data = encoded(Image.fromarray(noise), kind, **SAVED[kind])
    assert reason_of(data[: len(data) // 2]) in (Reason.DAMAGED, Reason.NOT_A_PICTURE)


@pytest.mark.parametrize(
    "data",
    [
        np.random.default_rng(0).bytes(5000),
        b"",
    ],
    ids=["random", "nothing"],
)
def test_what_is_no_picture_is_refused_as_such(data):
    assert reason_of(data) is Reason.NOT_A_PICTURE


def test_a_program_in_a_picture_is_never_run():
    # Pillow would hand it to Ghostscript.
    eps = encoded(drawing(), "EPS")
    assert Image.open(io.BytesIO(eps)).format == "EPS"
    assert reason_of(eps) is Reason.OTHER_FORMAT
    assert reason_of(encoded(drawing(), "PDF")) is Reason.OTHER_FORMAT


EMPTY_PNG = png(10_001, 10_000, 1, 0, filled=False)  # whoever decoded it would say that its pixels are damaged


@pytest.mark.parametrize(
    "bomb",
    [EMPTY_PNG, in_an_icon(EMPTY_PNG), b"P6 40000 40000 255\n" + bytes(100), gif(65535, 65535)],
    ids=["PNG", "PNG in an icon", "PPM", "GIF"],
)
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(bomb):
    with pytest.raises(PictureError) as caught:
        decode(bomb, SIZE)
    assert caught.value.reason is Reason.TOO_MANY_PIXELS
    assert caught.value.detail == "more than 100,000,000"


def test_a_jpeg_of_too_many_pixels_is_read_at_a_fraction_of_its_size():
    header = encoded(Image.new("L", (8, 8)), "JPEG")
    start = header.index(b"\xff\xc0") + 5
    data = header[:start] + struct.pack(">HH", 16_000, 16_000) + header[start + 4 :]
    assert open_picture(data, at_least=299).size == (2000, 2000)
    with pytest.raises(PictureError) as caught:
        open_picture(data)
    assert caught.value.reason is Reason.TOO_MANY_PIXELS


def test_as_many_pixels_as_are_allowed_are_opened(monkeypatch):
    assert MAX_PIXELS == 100_000_000
    monkeypatch.setattr(images, "MAX_PIXELS", 96 * 64)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 96 * 64 // 2)
    assert_shows(encoded(drawing()), drawing())
    assert reason_of(encoded(drawing((97, 64)))) is Reason.TOO_MANY_PIXELS


EXAMPLES = {kind: encoded(drawing((24, 16)), kind, **SAVED[kind]) for kind in SAVED if kind != "ICO"}
EXAMPLES["ICO"] = encoded(drawing((16, 16)), "ICO", sizes=[(16, 16)])
EXAMPLES["GIF of two frames"] = encoded(drawing(), "GIF", save_all=True, append_images=[Image.new("RGB", (96, 64))])
EXAMPLES["PNG of a palette"] = encoded(drawing((24, 16)).convert("P"))
EXAMPLES["HEIC"] = (heic_files.PICTURES / "RGB.heic").read_bytes()
EXAMPLES["HEIC with transparency"] = (heic_files.PICTURES / "RGBA.heic").read_bytes()
EXAMPLES["HEIC of tiles"] = heic_files.photograph()
EXAMPLES["16 bit PNG"] = encoded(grey_ramp(np.uint16, 0, 65535))


@pytest.mark.parametrize("name", EXAMPLES)
@settings(max_examples=100)
@given(flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=8))
def test_a_damaged_file_gives_pixels_or_a_reason_and_nothing_else(name, flips):
    data = bytearray(EXAMPLES[name])
    for place, bits in flips:
        data[int(place * len(data))] ^= bits
    try:
        pixels = decode(bytes(data), SIZE)
    except PictureError as error:
        assert error.reason in REFUSALS
        assert "\n" not in error.detail
    else:
        assert pixels.shape == (SIZE, SIZE, 3)


@settings(max_examples=200)
@given(data=st.binary(max_size=300), beginning=st.sampled_from([b"", *(data[:12] for data in EXAMPLES.values())]))
def test_any_bytes_give_pixels_or_a_reason_and_nothing_else(data, beginning):
    try:
        assert decode(beginning + data, SIZE).shape == (SIZE, SIZE, 3)
    except PictureError as error:
        assert error.reason in REFUSALS


# --- Files --------------------------------------------------------------------------------------------------------


def reason_of_file(path: Path) -> Reason:
    with pytest.raises(PictureError) as caught:
        hash_file(path)
    return caught.value.reason


def test_a_file_is_read_whole_also_by_a_link(tmp_path):
    data = bytes(5_000_000) + b"1234"
    (tmp_path / "a.jpg").write_bytes(data)
    (tmp_path / "link").symlink_to(tmp_path / "a.jpg")
    assert hash_file(tmp_path / "a.jpg") == hash_file(tmp_path / "link") == hashlib.sha256(data).hexdigest()


def test_an_empty_file_says_so(tmp_path):
    (tmp_path / "a.jpg").touch()
    assert reason_of_file(tmp_path / "a.jpg") is Reason.EMPTY


def test_what_isnt_there_is_missing(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for path in (tmp_path / "a.jpg", tmp_path / "link", Path("a\0b.jpg"), Path("\ud800.jpg")):
        assert reason_of_file(path) is Reason.MISSING


def test_a_folder_is_no_file(tmp_path):
    assert reason_of_file(tmp_path) is Reason.NOT_A_FILE


PIPES = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no pipes with names")


@PIPES
def test_pipes_and_devices_are_never_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")  # whoever opened it would wait for a writer
    assert reason_of_file(tmp_path / "pipe.jpg") is Reason.NOT_A_FILE
    zero = Path("/dev/zero")  # whoever read it would never end
    assert stat.S_ISCHR(zero.stat().st_mode)
    assert reason_of_file(zero) is Reason.NOT_A_FILE


def test_a_file_that_is_too_large_isnt_read(tmp_path):
    with (tmp_path / "a.jpg").open("wb") as file:
        file.truncate(images.MAX_BYTES + 1)  # takes no room on the disk
    with pytest.raises(PictureError) as caught:
        hash_file(tmp_path / "a.jpg")
    assert (caught.value.reason, caught.value.detail) == (Reason.TOO_LARGE, "1000 MB")


def test_a_file_as_large_as_allowed_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(images, "MAX_BYTES", 4)
    (tmp_path / "a.jpg").write_bytes(b"1234")
    hash_file(tmp_path / "a.jpg")
    (tmp_path / "a.jpg").write_bytes(b"12345")
    assert reason_of_file(tmp_path / "a.jpg") is Reason.TOO_LARGE


@PIPES
def test_a_file_that_turns_into_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "a.jpg").write_bytes(b"1234")

    class Changing(type(tmp_path)):
        def stat(self, **options):
            return (tmp_path / "a.jpg").stat()

    found = []
    reading = threading.Thread(
        target=lambda: found.append(reason_of_file(Changing(tmp_path / "pipe.jpg"))), daemon=True
    )
    reading.start()
    reading.join(20)
    assert found == [Reason.NOT_A_FILE]


def test_large_files_are_decoded_and_hashed_without_being_read_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(images, "READ_AT_ONCE", 10)
    for kind, options in SAVED.items():
        data = encoded(drawing(), kind, **options)
        (tmp_path / "a").write_bytes(data)
        with open_file(tmp_path / "a") as file:
            assert not isinstance(file, io.BytesIO)
            assert content_hash(file) == content_hash(data) == hash_file(tmp_path / "a")
            examine(file)
        assert np.array_equal(decode_file(tmp_path / "a", SIZE), decode(data, SIZE))


def test_a_name_that_leads_in_a_circle_is_unreadable(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "a")
    assert reason_of_file(tmp_path / "a") is Reason.UNREADABLE


def test_pictures_are_named_by_their_bytes():
    assert content_hash(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_names_of_pictures_are_known_in_any_case(suffix):
    assert looks_like_a_picture(Path("a" + suffix))
    assert looks_like_a_picture(Path("a.b" + suffix.upper()))


@pytest.mark.parametrize("name", ["a.txt", "jpg", "a.jpg.zip", "a.", ".jpg"])
def test_other_names_promise_no_picture(name):
    assert not looks_like_a_picture(Path(name))


# --- What decoding is reckoned to take -----------------------------------------------------------------------------


def header_of(width: int, height: int, memory: int = 0, seconds: float = 0.0, memory_of_a_bomb: int = 0) -> Header:
    return Header("PNG", width, height, [(0, 1)], memory, seconds, memory_of_a_bomb)


@pytest.mark.parametrize(
    ("size", "at_least", "wanted"),
    [
        ((1000, 600), None, 4_000_000 + 2 * 2_400_000 + 28 * 250_000 + 16 * 1600 + 24 * 1000),
        ((1000, 600), 1, 4_000_000 + 2_400_000 + 28 * 250_000 + 16 * 1600 + 24 * 1000 + 4 * 299 * 600 + 4 * 299 * 299),
        ((1000, 600), 600, 4_000_000 + 2_400_000 + 28 * 250_000 + 49_600 + 4 * 600 * 600 + 4 * 600 * 600),
        ((600, 1000), 600, 4_000_000 + 2_400_000 + 28 * 250_000 + 40_000 + 4 * 600 * 600 + 4 * 600 * 600),
        ((100, 50), 1, 4_000_000 + 20_000 + 28 * 5000 + 16 * 150 + 24 * 100 + 4 * 299 * 100 + 4 * 299 * 299),
        ((300_000, 2), None, 4_000_000 + 2 * 2_400_000 + 28 * 300_000 + 16 * 300_002 + 24 * 300_000),
        ((2, 300_000), None, 4_000_000 + 2 * 2_400_000 + 28 * 300_000 + 16 * 300_002 + 24 * 2),
    ],
)
def test_memory_is_that_of_all_copies_of_a_picture(size, at_least, wanted):
    assert images.memory_to_decode(header_of(*size), at_least) == wanted
    assert images.memory_to_decode(header_of(*size, memory=12_345), at_least) == wanted + 12_345


@pytest.mark.parametrize(
    ("header", "memory", "reason"),
    [
        (header_of(10_000, 10_000), 0, None),
        (header_of(10_001, 10_000), 0, Reason.TOO_MANY_PIXELS),
        (header_of(1, 1), 650_000_000, None),
        (header_of(1, 1), 650_000_001, Reason.TOO_DEMANDING),
        (header_of(1, 1, memory_of_a_bomb=300_000_000), 600_000_000, None),
        (header_of(1, 1, memory_of_a_bomb=300_000_001), 600_000_000, Reason.TOO_DEMANDING),
        (header_of(1, 1, memory_of_a_bomb=900_000_001), 0, Reason.TOO_DEMANDING),
        (header_of(1, 1, seconds=4.0), 0, None),
        (header_of(1, 1, seconds=4.001), 0, Reason.TOO_DEMANDING),
    ],
)
def test_what_takes_more_than_the_limit_is_refused_and_what_takes_as_much_is_not(header, memory, reason):
    found = None
    try:
        with images._decoding_errors_told():
            images._refuse_demanding(header, memory)
    except PictureError as error:
        found = error.reason
    assert found is reason


class Watched:
    """The budget, and the system's memory: who asked for how much, and whether it was given back."""

    def __init__(self) -> None:
        self.wanted: list[int] = []
        self.given_back = 0

    @contextlib.contextmanager
    def reserved(self, wanted: int) -> Iterator[None]:
        self.wanted.append(wanted)
        yield

    def give_back(self) -> None:
        self.given_back += 1


@pytest.fixture
def watched(monkeypatch) -> Watched:
    watched = Watched()
    monkeypatch.setattr(images, "_BUDGET", watched)
    monkeypatch.setattr(images, "return_freed_memory", watched.give_back)
    return watched


def test_a_picture_waits_for_as_much_memory_as_it_takes_and_large_pictures_give_it_back(watched, monkeypatch):
    for data in (encoded(drawing()), encoded(Image.new("L", (3000, 3000)))):
        examine(data)
        open_picture(data)
        assert watched.wanted[-2:] == [
            images.memory_to_decode(read_header(io.BytesIO(data)), at_least) for at_least in (1, None)
        ]
    assert watched.given_back == 1  # of 70 MB; 53 are kept
    lossless = encoded(Image.effect_noise((900, 900), 99).convert("RGB"), "WEBP", lossless=True)
    header = read_header(io.BytesIO(lossless))
    assert header.memory_of_a_bomb > 0
    examine(lossless)
    assert watched.wanted[-1] == images.memory_to_decode(header, 1) + header.memory_of_a_bomb
    monkeypatch.setattr(images, "MAX_MEMORY", watched.wanted[-1] - 1)
    examine(lossless)
    assert watched.wanted[-1] == images.MAX_MEMORY


def test_from_64_megabytes_on_memory_is_given_back_at_once(watched, monkeypatch):
    data = encoded(drawing())
    taken = images.memory_to_decode(read_header(io.BytesIO(data)), 1)
    for large, given_back in ((taken, 0), (taken - 1, 1)):
        monkeypatch.setattr(images, "LARGE", large)
        examine(data)
        assert watched.given_back == given_back
    with pytest.raises(PictureError):
        examine(data[: len(data) // 2])
    assert watched.given_back == 2


def test_limits_that_pillow_goes_by_too():
    assert (Image.MAX_IMAGE_PIXELS, PngImagePlugin.MAX_TEXT_MEMORY) == (MAX_PIXELS // 2, 1_000_000)
    assert (images.MAX_BYTES, images.READ_AT_ONCE, images.LARGE) == (1_000_000_000, 4_000_000, 64_000_000)
    assert Image.DECODERS["ppm"] is OddDepths
    assert images.MAX_PIECES == 8_000_000


def test_what_goes_wrong_while_pixels_are_loaded_closes_the_picture_and_is_told(monkeypatch):
    closed: list[Image.Image] = []

    def fail(image: ImageFile.ImageFile) -> None:
        raise ValueError("in its pixels")

    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", fail)
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "close", lambda image: closed.append(image))
    with pytest.raises(PictureError) as caught:
        examine(encoded(drawing()))
    assert caught.value.detail == "in its pixels"
    assert len(closed) == 1


# --- What a decoder is given, and what becomes of its errors ----------------------------------------------------------


def test_to_examine_a_picture_is_to_make_pixels_of_it(monkeypatch):
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(upright.UprightPicture, "scaled", lambda self, size, *_: asked.append(size))
    examine(encoded(drawing()))
    assert asked == [(1, 1)]


class Strict(io.BytesIO):
    """A file that says how much was read of it at a time."""

    most = 0

    def read(self, size=-1, /):
        data = super().read(size)
        self.most = max(self.most, len(data))
        return data


def test_of_a_large_jpeg_its_tables_are_read_first_and_not_all_of_it():
    data = encoded(drawing(), "JPEG", comment=b"words" * 9000, exif=b"Exif\0\0" + bytes(50_000)) + bytes(1_000_000)
    file = Strict(data)
    header = read_header(file, None)
    tables = sum(end - begin for begin, end in header.parts[:-1])
    assert 50_000 < tables < 60_000
    file.most = 0
    images._open(file, header).close()
    # What is read of it at once goes from the last table on into the scan.
    assert file.most <= 65_537 + tables
    start = file.tell()
    assert header.parts[-1][0] < start <= header.parts[-1][0] + 65_537


def test_a_row_however_wide_is_handed_to_the_decoder_in_one_piece(monkeypatch):
    blocks: list[int] = []
    load = ImageFile.ImageFile.load
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: blocks.append(self.decodermaxblock) or load(self))
    for width, block in ((20, 65_536), (8192, 65_536), (8193, 65_544), (30_000, 240_000)):
        blocks.clear()
        with decoded(encoded(Image.new("RGB", (width, 1)))):
            assert blocks[0] == block


@pytest.mark.parametrize(
    ("size", "believed"), [((96, 64), True), ((95, 64), False), ((64, 96), True), ((999, 9), True)]
)
def test_a_picture_with_more_pixels_than_its_header_said_is_damaged(size, believed, monkeypatch):
    data = encoded(drawing())
    monkeypatch.setattr(images, "read_header", lambda *_: Header("PNG", *size, [(0, len(data))], 0, 0.0))
    if believed:
        assert decode(data, SIZE).shape == (SIZE, SIZE, 3)
    else:
        assert reason_of(data) is Reason.DAMAGED


@pytest.mark.parametrize(
    ("error", "reason", "detail"),
    [
        (OSError(5, "Input/output error"), Reason.UNREADABLE, "Input/output error"),
        (OSError(5, ""), Reason.UNREADABLE, "[Errno 5] "),
        (OSError("truncated"), Reason.DAMAGED, "truncated"),
        (ValueError("two\n  lines"), Reason.DAMAGED, "two lines"),
        (ValueError("long " * 99), Reason.DAMAGED, ("long " * 40)),
        (KeyError(), Reason.DAMAGED, "KeyError"),
        (TooManyPiecesError(), Reason.TOO_DEMANDING, "hundreds of thousands of small steps"),
        (Image.DecompressionBombError(), Reason.TOO_MANY_PIXELS, "more than 100,000,000"),
        (UnidentifiedImageError("words"), Reason.NOT_A_PICTURE, ""),
        (PictureError(Reason.EMPTY, "words"), Reason.EMPTY, "words"),
    ],
)
def test_whatever_goes_wrong_is_told_by_its_reason(error, reason, detail):
    with pytest.raises(PictureError) as caught, images._decoding_errors_told():
        raise error
    assert (caught.value.reason, caught.value.detail) == (reason, detail)


@pytest.mark.parametrize(
    ("error", "reason", "detail"),
    [
        (FileNotFoundError(2, "words"), Reason.MISSING, ""),
        (PermissionError(13, "Zugriff verweigert"), Reason.UNREADABLE, Finding.SYSTEM_PERMISSION_DENIED),
        (OSError("words"), Reason.UNREADABLE, "words"),
        (ValueError("embedded null byte"), Reason.MISSING, ""),
    ],
)
def test_whatever_goes_wrong_with_a_file_is_told_by_its_reason(error, reason, detail):
    with pytest.raises(PictureError) as caught, images._file_errors_told():
        raise error
    assert (caught.value.reason, caught.value.detail) == (reason, detail)


def test_files_up_to_four_megabytes_are_read_once(tmp_path, monkeypatch):
    monkeypatch.setattr(images, "READ_AT_ONCE", 4)
    for size, whole in ((4, True), (5, False)):
        (tmp_path / "a").write_bytes(bytes(size))
        with open_file(tmp_path / "a") as file:
            assert isinstance(file, io.BytesIO) is whole
        assert file.closed


def test_a_file_that_is_refused_is_closed(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"12345")
    opened = []
    open_regular = images.open_regular
    monkeypatch.setattr(images, "open_regular", lambda *a, **k: opened.append(open_regular(*a, **k)) or opened[-1])
    monkeypatch.setattr(images, "MAX_BYTES", 4)
    assert reason_of_file(tmp_path / "a") is Reason.TOO_LARGE
    assert opened[0].closed


# --- Portable maps of odd depths ---------------------------------------------------------------------------------


def map_of(kind: bytes, deepest: int, data: bytes) -> np.ndarray:
    """Decode four pixels in a row."""
    with decoded(b"%s 4 1 %d\n" % (kind, deepest) + data) as picture:
        return np.asarray(picture._image)[0]


@pytest.mark.parametrize("at_once", [1, 2, 3, 1000])
def test_numbers_of_odd_depths_are_scaled(at_once, monkeypatch):
    monkeypatch.setattr(ppm_decoder, "AT_ONCE", at_once)
    assert map_of(b"P5", 100, bytes([0, 1, 99, 200])).tolist() == [0, 3, 252, 255]
    words = np.array([0, 1, 256, 300], ">u2").tobytes()
    assert map_of(b"P5", 256, words).tolist() == [0, 256, 65535, 65535]
    words = np.array([0, 1, 200, 257, 2, 9, 3, 4, 100, 5, 6, 7], ">u2").tobytes()
    assert map_of(b"P6", 256, words).tolist() == [[0, 1, 199], [255, 2, 9], [3, 4, 100], [5, 6, 7]]
    for cut in (b"\0", words[:7], b""):
        with pytest.raises(PictureError):
            map_of(b"P5", 256, cut)


def test_what_follows_the_numbers_isnt_read():
    assert map_of(b"P5", 100, bytes([0, 1, 99, 200]) + b"more" * 9).tolist() == [0, 3, 252, 255]
