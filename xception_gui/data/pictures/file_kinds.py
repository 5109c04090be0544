"""Kinds of files that no decoder opens, told by their first bytes, so that a person learns what to do about them."""

import re
from collections.abc import Callable
from enum import Enum

from xception_gui.data.pictures.picture_error import PictureError
from xception_gui.domain.reasons import Reason

BEGINNING = 4096
"""Bytes that are examined."""


class FileKind(Enum):
    """Kinds of files that can't be opened: the reason, which tells what to do, and the name of the kind."""

    WEB_PAGE = Reason.FAILED_DOWNLOAD, "a web page"
    SERVER_MESSAGE = Reason.FAILED_DOWNLOAD, "an error message from a server"
    LFS_POINTER = Reason.LFS_POINTER, ""
    ZEROS = Reason.ONLY_ZEROS, ""
    SAVED_AS_TEXT = Reason.DAMAGED, "saved as text, which destroys pictures"
    RAW = Reason.OTHER_FORMAT, "a camera's raw file"
    HEIC = Reason.OTHER_FORMAT, "a HEIC picture"
    OTHER_HEIF = Reason.OTHER_FORMAT, "a HEIF picture other than HEIC"
    JPEG_XL = Reason.OTHER_FORMAT, "a JPEG XL picture"
    PHOTOSHOP = Reason.OTHER_FORMAT, "a Photoshop picture"
    GIMP = Reason.OTHER_FORMAT, "a GIMP picture"
    BPG = Reason.OTHER_FORMAT, "a BPG picture"
    QOI = Reason.OTHER_FORMAT, "a QOI picture"
    DDS = Reason.OTHER_FORMAT, "a DDS texture"
    OPENEXR = Reason.OTHER_FORMAT, "an OpenEXR picture"
    RADIANCE = Reason.OTHER_FORMAT, "a Radiance HDR picture"
    DJVU = Reason.OTHER_FORMAT, "a DjVu document"
    PDF = Reason.OTHER_FORMAT, "a PDF document"
    EPS = Reason.OTHER_FORMAT, "a PostScript drawing"
    SVG = Reason.OTHER_FORMAT, "an SVG drawing"
    METAFILE = Reason.OTHER_FORMAT, "a Windows metafile"
    CURSOR = Reason.OTHER_FORMAT, "a mouse cursor"
    MAC_ICON = Reason.OTHER_FORMAT, "a macOS icon"
    DICOM = Reason.OTHER_FORMAT, "a DICOM picture"
    FITS = Reason.OTHER_FORMAT, "a FITS picture"
    NIFTI = Reason.OTHER_FORMAT, "a NIfTI picture"
    ARRAY = Reason.OTHER_FORMAT, "a NumPy array"
    HDF5 = Reason.OTHER_FORMAT, "an HDF5 file"
    BASE64 = Reason.OTHER_FORMAT, "a picture encoded as text (Base64)"
    VIDEO = Reason.VIDEO, ""
    ZIP = Reason.ARCHIVE, "a ZIP archive"
    RAR = Reason.ARCHIVE, "a RAR archive"
    SEVEN_ZIP = Reason.ARCHIVE, "a 7-Zip archive"
    PACKED = Reason.ARCHIVE, "a compressed file"
    TAR = Reason.ARCHIVE, "a TAR archive"
    SOUND = Reason.OTHER_CONTENT, "a sound recording"
    OFFICE = Reason.OTHER_CONTENT, "an office document"
    OLD_OFFICE = Reason.OTHER_CONTENT, "an office document or a thumbnail cache"
    APPLE_DOUBLE = Reason.OTHER_CONTENT, "macOS information about another file"
    SHORTCUT = Reason.OTHER_CONTENT, "a shortcut to another file"
    DATABASE = Reason.OTHER_CONTENT, "a database"
    PROPERTY_LIST = Reason.OTHER_CONTENT, "a macOS settings file or placeholder"
    PROGRAM = Reason.OTHER_CONTENT, "a program"
    XML = Reason.OTHER_CONTENT, "an XML file"
    JSON = Reason.OTHER_CONTENT, "a JSON file"
    TEXT = Reason.OTHER_CONTENT, "a text file"

    @property
    def reason(self) -> Reason:
        """Why a file of this kind isn't used."""
        return self.value[0]

    @property
    def words(self) -> str:
        """The name of the kind, for the reason's sentence."""
        return self.value[1]

    def error(self) -> PictureError:
        """Return the error for a file of this kind."""
        return PictureError(self.reason, self.words)


def known_kind(beginning: bytes) -> FileKind | None:
    """Identify a file by a signature that no picture of a supported format has.

    Args:
        beginning: its first `BEGINNING` bytes, or all if there are fewer.
    """
    for kind, place, signatures in _SIGNATURES:
        if beginning.startswith(signatures, place):
            return kind
    return next((told for tell in _TELLERS if (told := tell(beginning)) is not None), None)


def any_kind(beginning: bytes) -> FileKind | None:
    """Identify a file that no decoder opens, also if it is all zeros or all text.

    Args:
        beginning: its first `BEGINNING` bytes, or all if there are fewer.
    """
    kind = known_kind(beginning)
    if kind is None and beginning and not any(beginning):
        return FileKind.ZEROS
    return kind or (FileKind.TEXT if _text(beginning) is not None else None)


_SIGNATURES: tuple[tuple[FileKind, int, tuple[bytes, ...]], ...] = (
    (
        FileKind.LFS_POINTER,
        0,
        (b"version https://git-lfs.github.com/spec/", b"version https://hawser.github.com/spec/"),
    ),
    (
        FileKind.SAVED_AS_TEXT,
        0,
        (b"\xef\xbf\xbd\xef\xbf\xbd", b"\xef\xbf\xbdPNG", b"\xc3\xbf\xc3\x98\xc3\xbf", b"\xc2\x89PNG"),
    ),
    # Variants of TIFF: another number, or a name after it.
    (
        FileKind.RAW,
        0,
        (b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"FUJIFILMCCD-RAW", b"FOVb", b"\0MRM", b"II\x1a\0\0\0HEAPCCDR"),
    ),
    (FileKind.JPEG_XL, 0, (b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n")),
    (FileKind.PHOTOSHOP, 0, (b"8BPS",)),
    (FileKind.GIMP, 0, (b"gimp xcf",)),
    (FileKind.BPG, 0, (b"BPG\xfb",)),
    (FileKind.QOI, 0, (b"qoif",)),
    (FileKind.DDS, 0, (b"DDS ",)),
    (FileKind.OPENEXR, 0, (b"\x76\x2f\x31\x01",)),
    (FileKind.RADIANCE, 0, (b"#?RADIANCE", b"#?RGBE")),
    (FileKind.DJVU, 0, (b"AT&TFORM",)),
    (FileKind.EPS, 0, (b"%!PS", b"\xc5\xd0\xd3\xc6")),
    (FileKind.METAFILE, 0, (b"\xd7\xcd\xc6\x9a",)),
    (FileKind.MAC_ICON, 0, (b"icns",)),
    (FileKind.DICOM, 128, (b"DICM",)),
    (FileKind.FITS, 0, (b"SIMPLE  =",)),
    (FileKind.NIFTI, 344, (b"n+1\0", b"ni1\0")),
    (FileKind.ARRAY, 0, (b"\x93NUMPY",)),
    (FileKind.HDF5, 0, (b"\x89HDF\r\n",)),
    (FileKind.BASE64, 0, (b"data:image/", b"/9j/4", b"iVBORw0KGgo")),
    (
        FileKind.VIDEO,
        0,
        (b"\x1a\x45\xdf\xa3", b"\0\0\1\xba", b"\0\0\1\xb3", b"FLV\1", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
    ),
    (FileKind.RAR, 0, (b"Rar!\x1a\x07",)),
    (FileKind.SEVEN_ZIP, 0, (b"7z\xbc\xaf\x27\x1c",)),
    (FileKind.PACKED, 0, (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"MSCF")),
    (FileKind.TAR, 257, (b"ustar",)),
    (FileKind.SOUND, 0, (b"ID3", b"fLaC", b"MThd", b"OggS", b"\xff\xfb", b"\xff\xf3", b"\xff\xf1", b"#!AMR")),
    (FileKind.OLD_OFFICE, 0, (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)),
    (FileKind.OFFICE, 0, (b"{\\rtf",)),
    (FileKind.APPLE_DOUBLE, 0, (b"\0\x05\x16\x07", b"\0\x05\x16\0")),
    (FileKind.SHORTCUT, 0, (b"L\0\0\0\1\x14\2\0", b"[InternetShortcut]", b"book\0\0\0\0mark", b"[Desktop Entry]")),
    (FileKind.DATABASE, 0, (b"SQLite format 3\0",)),
    (FileKind.PROPERTY_LIST, 0, (b"bplist0",)),
    (FileKind.PROGRAM, 0, (b"\x7fELF", b"MZ", b"#!/", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")),
)


def _by_brand(beginning: bytes) -> FileKind | None:
    """Identify files made of boxes (ISO/IEC 14496-12): most are videos."""
    if beginning[4:8] in (b"moov", b"mdat", b"wide", b"pnot", b"skip", b"free") and b"\0" in beginning[:4]:
        return FileKind.VIDEO  # early QuickTime
    if beginning[4:8] != b"ftyp":
        return None
    brand = beginning[8:12]
    if brand == b"crx ":  # Canon
        return FileKind.RAW
    if brand == b"jxl ":
        return FileKind.JPEG_XL
    if brand in (b"mif1", b"mif2", b"msf1", b"miaf", b"jpeg", b"avci", b"1pic"):
        return FileKind.OTHER_HEIF
    return FileKind.SOUND if brand in (b"M4A ", b"M4B ") else FileKind.VIDEO


def _in_chunks(beginning: bytes) -> FileKind | None:
    """Identify RIFF files: recordings, animated cursors, drawings."""
    if beginning.startswith(b"\1\0\0\0") and beginning[40:44] == b" EMF":
        return FileKind.METAFILE
    inside = beginning[8:12] if beginning.startswith((b"RIFF", b"RF64")) else b""
    return {b"AVI ": FileKind.VIDEO, b"WAVE": FileKind.SOUND, b"ACON": FileKind.CURSOR}.get(inside)


def _archive(beginning: bytes) -> FileKind | None:
    if not beginning.startswith((b"PK\3\4", b"PK\5\6", b"PK\7\x08")):
        return None
    first = beginning[30:]  # name and contents of the first entry
    of_office = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"mimetypeapplication/vnd.oasis")
    return FileKind.OFFICE if first.startswith(of_office) else FileKind.ZIP


def _document(beginning: bytes) -> FileKind | None:
    return FileKind.PDF if b"%PDF-" in beginning[:1024] else None


def _transport_stream(beginning: bytes) -> FileKind | None:
    """Identify MPEG in packets of 188 bytes, or of 192 as cameras write them."""
    sync = any(beginning[start::step][:4] == b"GGGG" for start, step in ((0, 188), (4, 192)))
    return FileKind.VIDEO if sync else None


def _cursor(beginning: bytes) -> FileKind | None:
    """Identify cursors. A TGA may begin in the same way, so the first picture must be where cursors have it."""
    count = int.from_bytes(beginning[4:6], "little")
    is_one = beginning.startswith(b"\0\0\2\0") and 0 < count < 100
    first = int.from_bytes(beginning[18:22], "little")
    return FileKind.CURSOR if is_one and first == 6 + 16 * count else None


_MARKUP = re.compile(r"<(!doctype html|html|head|body|script|title|meta|center|h1|iframe)\b", re.IGNORECASE)


def _written(beginning: bytes) -> FileKind | None:
    """Identify text formats, ignoring leading blanks and a byte-order mark."""
    text = _text(beginning)
    if text is None:
        return None
    text = _without_comments(text)
    if _MARKUP.match(text):
        return FileKind.WEB_PAGE
    if text.startswith("<"):
        return _in_markup(text)
    if text.startswith(("{", "[")):
        said = re.search(r'"(error|errors|message|status|detail|code|statusCode)"\s*:', text[:600], re.IGNORECASE)
        return FileKind.SERVER_MESSAGE if said else FileKind.JSON if re.match(r'[{\[]\s*["{\[\d}\]-]', text) else None
    return FileKind.SERVER_MESSAGE if re.match(r"(HTTP/\d|[45]\d\d[ :]+[A-Z])", text) else None


def _without_comments(text: str) -> str:
    return re.sub(r"^(\s*<!--.*?-->)+", "", text, flags=re.DOTALL).lstrip()


def _in_markup(text: str) -> FileKind | None:
    if not text.startswith(("<?xml", "<svg", "<!DOCTYPE", "<Error", "<rdf", "<x:xmpmeta", "<plist")):
        return FileKind.WEB_PAGE if re.match(r"<[a-zA-Z]+[^<>]*>", text) and "</" in text else None
    inside = re.sub(r"<\?.*?\?>", "", text, flags=re.DOTALL)
    if re.search(r"<(\w+:)?svg\b", inside):
        return FileKind.SVG
    if _MARKUP.search(inside):
        return FileKind.WEB_PAGE
    return FileKind.SERVER_MESSAGE if re.match(r"\s*<(Error|error|Fault)\b", inside) else FileKind.XML


def _text(beginning: bytes) -> str | None:
    """Decode text that may be cut off in the middle of a letter, without leading blanks; None if it isn't text."""
    for coding in _codings(beginning):
        for missing in range(4):  # bytes of an incomplete last letter
            try:
                text = beginning[: len(beginning) - missing].decode(coding)
            except UnicodeDecodeError:
                continue
            return None if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text) or not text.strip() else text.lstrip()
    return None


def _codings(beginning: bytes) -> tuple[str, ...]:
    """Return the encodings to try. Pages may be in an older one: their tags are the same in all of these."""
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    return ("utf-8-sig", "latin-1") if beginning.lstrip().startswith(b"<") else ("utf-8-sig",)


_TELLERS: tuple[Callable[[bytes], FileKind | None], ...] = (
    _by_brand,
    _in_chunks,
    _archive,
    _document,
    _transport_stream,
    _cursor,
    _written,
)
