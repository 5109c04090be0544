"""What a file is that is no picture here: said as what it is, whatever its name promises, and what to do about it."""

import gzip
import io
import json
import sqlite3
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest

from tests.unit.test_images import drawing, encoded
from xception_gui.data.dataset.checks import refusal
from xception_gui.data.pictures.file_kinds import FileKind, any_kind, known_kind
from xception_gui.data.pictures.open_picture import PictureError, decode, decode_file
from xception_gui.domain.reasons import Reason
from xception_gui.words.reasons import reason_text

PICTURES = Path(__file__).resolve().parents[1] / "recordings" / "pictures"


def packed(name: str, content: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, content)
    return data.getvalue()


def tarred(content: bytes) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        entry = tarfile.TarInfo("cat.jpg")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return data.getvalue()


def saved(array: np.ndarray) -> bytes:
    data = io.BytesIO()
    np.save(data, array)
    return data.getvalue()


def boxes(brand: bytes) -> bytes:
    return struct.pack(">I", 20) + b"ftyp" + brand + bytes(4) + brand + struct.pack(">I", 100_000) + b"mdat" + bytes(99)


def tiff(entries: dict[int, int], behind: bytes = b"", order: str = "<") -> bytes:
    """Give a TIFF with these numbers in its directory, and `behind` at byte 8, before it."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    table = b"".join(struct.pack(f"{order}HHII", tag, 4, 1, value) for tag, value in sorted(entries.items()))
    place = 8 + len(behind)
    return mark + struct.pack(f"{order}I", place) + behind + struct.pack(f"{order}H", len(entries)) + table + bytes(4)


JPEG = encoded(drawing(), "JPEG")
PAGE = b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head><body>Sorry.</body></html>\n"
POINTER = (
    b"version https://git-lfs.github.com/spec/v1\n"
    b"oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
)
SENSOR = {256: 6000, 257: 4000, 262: 32803}

EXAMPLES: list[tuple[str, bytes, FileKind]] = [
    ("a page", PAGE, FileKind.WEB_PAGE),
    ("a page in capitals", PAGE.upper(), FileKind.WEB_PAGE),
    ("a page behind blanks", b"\r\n\r\n  " + PAGE, FileKind.WEB_PAGE),
    ("a page behind a mark", b"\xef\xbb\xbf" + PAGE, FileKind.WEB_PAGE),
    ("a page behind a comment", b"<!-- served by -->\n" + PAGE, FileKind.WEB_PAGE),
    ("a page in Latin-1", PAGE.replace(b"Sorry", "Désolé".encode("latin-1")), FileKind.WEB_PAGE),
    ("a page in Shift JIS", PAGE.replace(b"Sorry", "申し訳".encode("shift-jis")), FileKind.WEB_PAGE),
    ("a page in UTF-16", PAGE.decode().encode("utf-16"), FileKind.WEB_PAGE),
    ("a page in XHTML", b'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml">', FileKind.WEB_PAGE),
    ("a page's fragment", b"<div class='error'>Please log in</div>", FileKind.WEB_PAGE),
    ("a page that is cut", b"<html lang='de'><body>" + "ä".encode() * 4000, FileKind.WEB_PAGE),
    ("an answer in JSON", json.dumps({"message": "Not Found", "status": 404}).encode(), FileKind.SERVER_MESSAGE),
    ("an answer in XML", b'<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>', FileKind.SERVER_MESSAGE),
    ("an answer in words", b"404: Not Found", FileKind.SERVER_MESSAGE),
    ("an answer with its head", b"HTTP/1.1 200 OK\r\n\r\n", FileKind.SERVER_MESSAGE),
    ("a pointer", POINTER, FileKind.LFS_POINTER),
    ("zeros", bytes(10_000), FileKind.ZEROS),
    ("saved as text", JPEG.decode("utf-8", "replace").encode(), FileKind.SAVED_AS_TEXT),
    ("saved as Latin", JPEG.decode("latin-1").encode(), FileKind.SAVED_AS_TEXT),
    ("written out", b"data:image/jpeg;base64,/9j/4AAQ", FileKind.BASE64),
    ("an SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>", FileKind.SVG),
    ("an SVG with a head", b'<?xml version="1.0"?>\n<!-- drawn -->\n<svg width="9"/>', FileKind.SVG),
    ("XMP", b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>", FileKind.XML),
    ("JSON", b'[{"id": 1, "bbox": [1, 2, 3, 4]}]', FileKind.JSON),
    ("a text", b"These are words.\n" * 9, FileKind.TEXT),
    ("a text about skipping", b"The skip of the road", FileKind.TEXT),
    ("a table", "Bild,Klasse\nä.jpg,Hund\n".encode(), FileKind.TEXT),
    ("a PDF", encoded(drawing(), "PDF"), FileKind.PDF),
    ("an EPS", encoded(drawing(), "EPS"), FileKind.EPS),
    ("a macOS icon", encoded(drawing((64, 64)), "ICNS"), FileKind.MAC_ICON),
    ("a cursor", struct.pack("<HHHBBBBHHII", 0, 2, 1, 32, 32, 0, 0, 1, 1, 40, 22) + bytes(99), FileKind.CURSOR),
    ("a moving cursor", b"RIFF\x99\0\0\0ACON", FileKind.CURSOR),
    ("an MP4", boxes(b"isom"), FileKind.VIDEO),
    ("a QuickTime", boxes(b"qt  "), FileKind.VIDEO),
    ("a QuickTime without a brand", struct.pack(">I", 8) + b"wide" + bytes(40), FileKind.VIDEO),
    ("a WebM", b"\x1a\x45\xdf\xa3" + bytes(40), FileKind.VIDEO),
    ("an AVI", b"RIFF\x99\0\0\0AVI LIST", FileKind.VIDEO),
    ("an MPEG", b"\0\0\1\xba" + bytes(40), FileKind.VIDEO),
    ("an MPEG that might be a TGA", b"\0\0\1\xba" + bytes(8) + b"\x08\0\x08\0\x08\0" + bytes(99), FileKind.VIDEO),
    ("a transport stream", (b"G" + bytes(187)) * 8, FileKind.VIDEO),
    ("a camera's transport stream", (bytes(4) + b"G" + bytes(187)) * 8, FileKind.VIDEO),
    ("a WMV", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11" + bytes(40), FileKind.VIDEO),
    ("a sound", b"RIFF\x99\0\0\0WAVEfmt ", FileKind.SOUND),
    ("a voice memo", boxes(b"M4A "), FileKind.SOUND),
    ("a CR3", boxes(b"crx "), FileKind.RAW),
    ("a CR2", tiff({256: 100, 257: 50}, b"CR\2\0" + bytes(4)), FileKind.RAW),
    ("a PEF", tiff(SENSOR, order=">"), FileKind.RAW),
    ("a DNG", tiff({256: 100, 257: 50, 50706: 0x01040000}), FileKind.RAW),
    ("an ORF", b"IIRO\x08\0\0\0" + bytes(40), FileKind.RAW),
    ("an RW2", b"IIU\0\x08\0\0\0" + bytes(40), FileKind.RAW),
    ("an RAF", b"FUJIFILMCCD-RAW 0201", FileKind.RAW),
    ("a JPEG XL", b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(40), FileKind.JPEG_XL),
    ("JPEG XL alone", b"\xff\x0a" + bytes(40), FileKind.JPEG_XL),
    ("another HEIF", boxes(b"mif2"), FileKind.OTHER_HEIF),
    ("a Photoshop file", b"8BPS\0\1" + bytes(40), FileKind.PHOTOSHOP),
    ("a GIMP file", b"gimp xcf v011\0", FileKind.GIMP),
    ("a BPG", b"BPG\xfb" + bytes(40), FileKind.BPG),
    ("a DICOM", bytes(128) + b"DICM" + bytes(40), FileKind.DICOM),
    ("a FITS", b"SIMPLE  =                    T" + b" " * 50, FileKind.FITS),
    ("an array", saved(np.zeros((9, 9))), FileKind.ARRAY),
    ("a ZIP", packed("cat.jpg", JPEG), FileKind.ZIP),
    ("a KMZ", packed("doc.kml", b"<kml/>"), FileKind.ZIP),
    ("an empty ZIP", b"PK\5\6" + bytes(18), FileKind.ZIP),
    ("a document", packed("[Content_Types].xml", b"<Types/>"), FileKind.OFFICE),
    ("a document of OpenOffice", packed("mimetype", b"application/vnd.oasis.opendocument.text"), FileKind.OFFICE),
    ("a gzip", gzip.compress(JPEG), FileKind.PACKED),
    ("a RAR", b"Rar!\x1a\x07\1\0", FileKind.RAR),
    ("a 7z", b"7z\xbc\xaf\x27\x1c\0\4", FileKind.SEVEN_ZIP),
    ("a TAR", tarred(JPEG), FileKind.TAR),
    ("Thumbs.db", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40), FileKind.OLD_OFFICE),
    ("an AppleDouble", b"\0\5\x16\7\0\2\0\0Mac OS X        ", FileKind.APPLE_DOUBLE),
    ("a link of Windows", b"L\0\0\0\1\x14\2\0" + bytes(40), FileKind.SHORTCUT),
    ("an alias of macOS", b"book\0\0\0\0mark\0\0\0\0", FileKind.SHORTCUT),
    ("a placeholder of iCloud", b"bplist00\xd3\1\2", FileKind.PROPERTY_LIST),
    ("a program", b"\x7fELF\2\1\1" + bytes(40), FileKind.PROGRAM),
]


@pytest.mark.parametrize(("data", "kind"), [pytest.param(data, kind, id=name) for name, data, kind in EXAMPLES])
def test_it_is_said_as_what_it_is_under_a_pictures_name(data, kind, tmp_path):
    path = tmp_path / "cat.jpg"
    path.write_bytes(data)
    with pytest.raises(PictureError) as caught:
        decode_file(path, 32)
    said = refusal(path, caught.value)
    assert (said.code, said.detail) == (kind.reason, kind.words)
    assert kind.words in reason_text(said)
    assert kind is FileKind.SAVED_AS_TEXT or "damaged" not in reason_text(said)


@pytest.mark.parametrize("kind", FileKind)
def test_each_says_what_to_do(kind):
    said = refusal(Path("a.jpg"), kind.error())
    sentences = reason_text(said).split(". ")
    assert len(sentences) == 2 or ": " in reason_text(said)
    assert "{" not in reason_text(said) and "  " not in reason_text(said)


def test_an_empty_file_says_what_to_do(tmp_path):
    (tmp_path / "a.jpg").touch()
    with pytest.raises(PictureError) as caught:
        decode_file(tmp_path / "a.jpg", 32)
    assert (
        reason_text(refusal(tmp_path / "a.jpg", caught.value))
        == "The file is empty (0 bytes). Copy or download it again."
    )


def test_a_jpeg_that_is_cut_short_stays_a_damaged_one():
    with pytest.raises(PictureError) as caught:
        decode(JPEG[: len(JPEG) // 2], 32)
    assert caught.value.reason is Reason.DAMAGED


def test_what_nobody_knows_stays_unknown():
    assert any_kind(np.random.default_rng(0).bytes(5000)) is None
    assert any_kind(b"") is None


@pytest.mark.parametrize("picture", sorted(PICTURES.iterdir()), ids=lambda path: path.name)
def test_no_picture_that_can_be_read_is_taken_for_something_else(picture):
    beginning = picture.read_bytes()[:4096]
    assert known_kind(beginning) is None or picture.suffix in (".avif", ".heic", ".HEIC", ".heif", ".hif", ".jpg")
    assert decode(picture.read_bytes(), 32).shape == (32, 32, 3)


@pytest.mark.parametrize("kind", ["BMP", "PPM", "TGA", "PCX"])
@pytest.mark.parametrize("value", [0, 0x0A, 0x20, 0x47, 0x3C, 0xFF])
def test_pictures_of_one_colour_are_no_texts_or_videos(kind, value):
    image = drawing((192, 70)).point(lambda _: value)
    assert decode(encoded(image, kind), 32).mean() == value


# --- TIFFs of several pictures --------------------------------------------------------------------------------------


Page = tuple[int, int, int, int | None]
"""Width, height, the value of all pixels, and what kind of page it says it is (tag 254)."""


def pages(*shown: Page, inner: tuple[int, int, int] | None = None, order: str = "<") -> bytes:
    """Give a grey TIFF of pages; `inner` is another size of the first one, in a directory of its own (tag 330)."""
    data = bytearray((b"II*\0" if order == "<" else b"MM\0*") + bytes(4))

    def put(entries: list[tuple[int, int]]) -> int:
        """Append a directory, and give its place. Its last four bytes name the next one."""
        place = len(data)
        table = b"".join(struct.pack(f"{order}HHII", tag, 4, 1, value) for tag, value in sorted(entries))
        data.extend(struct.pack(f"{order}H", len(entries)) + table + bytes(4))
        return place

    def picture(width: int, height: int, value: int) -> list[tuple[int, int]]:
        begin = len(data)
        data.extend(zlib.compress(bytes([value]) * (width * height)))
        size = [(256, width), (257, height), (278, height)]
        return [*size, (258, 8), (259, 8), (262, 1), (273, begin), (277, 1), (279, len(data) - begin)]

    place_of_inner = put(picture(*inner)) if inner else None
    link = 4
    for index, (width, height, value, kind) in enumerate(shown):
        entries = picture(width, height, value)
        entries += [(254, kind)] if kind is not None else []
        entries += [(330, place_of_inner)] if place_of_inner and index == 0 else []
        data[link : link + 4] = struct.pack(f"{order}I", put(entries))
        link = len(data) - 4
    return bytes(data)


THUMBNAIL, PAGE_OF_MANY, MASK = 1, 2, 4


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("sizes", "inner", "value"),
    [
        pytest.param([(16, 12, 50, THUMBNAIL), (160, 120, 200, 0)], None, 200, id="a thumbnail first"),
        pytest.param(
            [(16, 12, 50, THUMBNAIL), (80, 60, 90, 0), (160, 120, 200, None), (40, 30, 9, 0)], None, 200, id="largest"
        ),
        pytest.param([(16, 12, 50, THUMBNAIL), (160, 120, 200, 0), (320, 240, 9, MASK)], None, 200, id="a mask last"),
        pytest.param([(16, 12, 50, THUMBNAIL)], (160, 120, 200), 200, id="inside of the thumbnail"),
        pytest.param([(16, 12, 50, None), (160, 120, 200, None)], None, 50, id="pages"),
        pytest.param([(16, 12, 50, PAGE_OF_MANY), (160, 120, 200, PAGE_OF_MANY)], None, 50, id="numbered pages"),
        pytest.param([(160, 120, 50, 0), (16, 12, 200, THUMBNAIL)], None, 50, id="a thumbnail last"),
        pytest.param([(16, 12, 50, None)], (160, 120, 200), 50, id="another size of a page"),
        pytest.param([(16, 12, 50, THUMBNAIL)], None, 50, id="a thumbnail alone"),
    ],
)
def test_of_a_tiff_whose_first_page_is_a_thumbnail_the_largest_is_shown(sizes, inner, value, order):
    assert (decode(pages(*sizes, inner=inner, order=order), 32) == value).all()


def test_pages_that_lead_in_a_circle_are_looked_at_once():
    data = bytearray(pages((16, 12, 50, THUMBNAIL), (160, 120, 200, 0)))
    data[-4:] = data[4:8]
    assert (decode(bytes(data), 32) == 200).all()


def test_a_raw_photograph_with_its_sensor_behind_the_thumbnail_is_one():
    whole = bytearray(pages((16, 12, 50, THUMBNAIL), inner=(160, 120, 200)))
    photometric = whole.index(struct.pack("<HHII", 262, 4, 1, 1))
    whole[photometric + 8 : photometric + 12] = struct.pack("<I", 32803)
    with pytest.raises(PictureError) as caught:
        decode(bytes(whole), 32)
    assert caught.value.detail == "a camera's raw file"


def test_a_database_is_told(tmp_path):
    with sqlite3.connect(tmp_path / "a.jpg") as database:
        database.execute("create table t (x)")
    database.close()
    with pytest.raises(PictureError) as caught:
        decode_file(tmp_path / "a.jpg", 32)
    assert caught.value.detail == "a database"
