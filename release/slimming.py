"""What PyInstaller finds and no path of the program needs. Each removal is held by the smoke test, which drives what is
left through every recipe."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

Entry = tuple[str, str, str]
"""As PyInstaller lists files: where it goes, where it is now, what kind it is."""

KERAS = ["keras", "tensorflow", "h5py", "ml_dtypes", "optree", "namex", "absl", "grpc", "google", "astunparse", "gast"]
"""Packages that the lite program does without."""

NEVER = [
    # Of Python: nothing here asks for them.
    "idlelib", "lib2to3", "pydoc_data", "tkinter", "turtledemo",
    # What builds, tests or documents.
    "PyInstaller", "pip", "pytest", "setuptools", "wheel",
    # What pyqtgraph uses where it is there.
    "IPython", "matplotlib", "OpenGL", "pyqtgraph.examples", "pyqtgraph.opengl", "scipy",
]  # fmt: skip


def modules_left_out(*, lite: bool, naive: bool = False) -> list[str]:
    """Name the modules that PyInstaller is not to follow; of a naive build, those alone that lite is without."""
    return [*([] if naive else NEVER), *(KERAS if lite else [])]


_LEFT_OUT = re.compile("|".join(f"(?:{pattern})" for pattern in (
    r"models/make_backbone\.py$",
)))  # fmt: skip

_LEFT_OUT_OF_LITE = re.compile(r"models/xception_imagenet_notop\.weights\.h5$")


def without_files(entries: Iterable[Entry], *, lite: bool) -> list[Entry]:
    """Leave out files that no path needs."""
    kept = [entry for entry in entries if not _LEFT_OUT.search(_slashes(entry[0]))]
    return [entry for entry in kept if not (lite and _LEFT_OUT_OF_LITE.search(_slashes(entry[0])))]


def _slashes(path: str) -> str:
    return path.replace("\\", "/")


def metadata(datas: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Turn `copy_metadata`'s folders into files: METADATA alone, which versions are read from."""
    files = []
    for source, target in datas:
        file = Path(source) / "METADATA"
        if file.is_file():
            files.append((str(file), f"{target}/METADATA"))
    return files


LARGE = 1_000_000
"""Bytes: smaller libraries hold next to no symbols."""


def stripped(binaries: Iterable[Entry], folder: Path) -> list[Entry]:
    """Strip symbols from large libraries, on Linux, into copies in a folder; the installed ones stay as they are.

    Libraries of wheels that were patched for their place (auditwheel, with a hash in their names) stay: `strip` breaks
    some of them.
    """
    strip = shutil.which("strip")
    if strip is None or not sys.platform.startswith("linux"):
        return list(binaries)
    folder.mkdir(parents=True, exist_ok=True)
    return [_stripped(entry, folder, strip) for entry in binaries]


def _stripped(entry: Entry, folder: Path, strip: str) -> Entry:
    target, source, kind = entry
    patched = re.search(r"-[0-9a-f]{8}\.so", target)
    if kind not in ("BINARY", "EXTENSION") or patched or Path(source).stat().st_size < LARGE:
        return entry
    copy = folder / target
    copy.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([strip, "--strip-unneeded", "-o", copy, source], capture_output=True, check=False)
    return (target, str(copy), kind) if done.returncode == 0 else entry
