"""Files and folders that systems and other programs leave among pictures: previews, trash, catalogues."""

import re
from fnmatch import translate

SYSTEM_NAMES = (
    # Windows
    "$recycle.bin",
    "recycler",
    "system volume information",
    "found.[0-9][0-9][0-9]",
    "thumbs.db",
    "thumbs.db:encryptable",
    "ehthumbs.db",
    "ehthumbs_vista.db",
    "desktop.ini",
    "wpsettings.dat",
    "indexervolumeguid",
    # macOS
    "__macosx",
    "icon\r",
    "network trash folder",
    "temporary items",
    "thevolumesettingsfolder",
    "photos library",
    "*.photoslibrary",
    # Linux
    "lost+found",
    # network storage: Synology, QNAP, NetApp
    "@eadir",
    "@tmp",
    "@recycle",
    "@recently-snapshot",
    "@transcode",
    "@__thumb",
    "#recycle",
    "#snapshot",
    "~snapshot",
    # photo programs: Picasa, Lightroom, Capture One, ZoomBrowser
    "picasa.ini",
    "*.lrdata",
    "*.lrcat",
    "*.lrcat-data",
    "captureone",
    "zbthumbnail.info",
    # other programs
    "__pycache__",
    "~$*",
    "_gsdata_",
)
"""Patterns of whole names, in lower case. Names with a leading dot count as hidden and aren't listed here."""

SIDECAR_SUFFIXES = frozenset(
    """
    .json .jsonl .xmp .xml .txt .csv .tsv .ini .cfg .yaml .yml .toml .md .log .db .aae .thm .pp3 .dop .cos .nksc .on1
    .url .webloc .lnk .md5 .sha1 .sha256 .names .data .caption .pickle .pkl .npy
    """.split()  # noqa: SIM905 - thirty quoted strings are harder to read
)
"""Suffixes of files that describe pictures. Contents decide: a picture with such a name is still a picture."""

ARCHIVE_SUFFIXES = frozenset(".zip .rar .7z .tar .gz .tgz .bz2 .tbz2 .xz .txz .zst".split())  # noqa: SIM905 - as above

_PATTERN = re.compile("|".join(translate(name) for name in SYSTEM_NAMES), re.IGNORECASE)


def is_system_name(name: str) -> bool:
    """Return whether a name is known to belong to a system or another program."""
    return _PATTERN.fullmatch(name) is not None


def is_sidecar(suffix: str) -> bool:
    """Return whether a suffix is that of a file that describes a picture."""
    return suffix.lower() in SIDECAR_SUFFIXES


def is_archive(suffix: str) -> bool:
    """Return whether a suffix is that of an archive, which must be unpacked first."""
    return suffix.lower() in ARCHIVE_SUFFIXES
