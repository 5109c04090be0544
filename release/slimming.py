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

KERAS = [
    "absl", "astunparse", "charset_normalizer", "gast", "google", "h5py", "keras", "ml_dtypes", "namex", "optree",
    "requests", "tensorflow", "urllib3",
]  # fmt: skip
"""Packages that the lite program does without."""

NEVER = [
    # Of Python: nothing here asks for them.
    "idlelib", "lib2to3", "pydoc_data", "readline", "tkinter", "turtledemo",
    # What builds, tests or documents.
    "PyInstaller", "numpy.f2py", "pip", "pytest", "setuptools", "wheel",
    # What rich colours programs and texts with; here it draws progress bars.
    "markdown_it", "pygments",
    # Pillow's bridge to Tk.
    "PIL.ImageTk", "PIL._imagingtk",
    # What pyqtgraph uses where it is there.
    "IPython", "matplotlib", "OpenGL", "PySide6.QtOpenGL", "PySide6.QtTest", "pyqtgraph.examples",
    "pyqtgraph.opengl", "scipy",
    # What TensorFlow trains on several machines with.
    "grpc",
]  # fmt: skip

EMPTY = ["PySide6.QtOpenGL", "tensorflow.python.profiler.internal._pywrap_profiler_plugin"]
"""Modules of native code that pyqtgraph and TensorFlow import and nothing here calls; empty ones take their places."""


def modules_left_out(*, lite: bool, naive: bool = False) -> list[str]:
    """Name the modules that PyInstaller is not to follow; of a naive build, those alone that lite is without."""
    return [*([] if naive else NEVER), *(KERAS if lite else [])]


def modules_emptied(*, lite: bool) -> list[str]:
    """Name the modules that an empty one is put in the place of."""
    return [name for name in EMPTY if not (lite and name.partition(".")[0] in KERAS)]


_FILES = (
    r"models/make_backbone\.py$",
    # Screens without windows, keyboards without a desktop, networks; and GTK's dialogs, which are asked for by
    # way of the desktop's portal instead of bringing GTK.
    r"Qt/plugins/(egldeviceintegrations|generic|networkinformation|tls)/",
    r"Qt/plugins/platforms/libq(eglfs|linuxfb|minimalegl|vkkhrdisplay|vnc)\.so",
    r"Qt/plugins/platformthemes/libqgtk3\.so",
    # Strangers' pictures are opened by Pillow, in engines.
    r"Qt/plugins/imageformats/libq(gif|icns|ico|tga|tiff|wbmp|webp)\.so",
    r"PySide6/Qt/translations/",
    r"pyqtgraph/icons/peegee/",
    # TensorFlow's just-in-time compiler, its exchange format, what profiles it.
    r"tensorflow/compiler/tf2xla/ops/_xla_ops\.so",
    r"tensorflow/compiler/mlir/stablehlo/stablehlo_extension\.so",
    r"tensorflow/python/profiler/internal/_pywrap_profiler_plugin\.so",
)

_LEFT_OUT = re.compile("|".join(_FILES))

_LEFT_OUT_OF_LITE = re.compile(r"models/xception_imagenet_notop\.weights\.h5$")


def without_files(entries: Iterable[Entry], *, lite: bool) -> list[Entry]:
    """Leave out files that no path needs."""
    kept = [entry for entry in entries if not _LEFT_OUT.search(_slashes(entry[0]))]
    return [entry for entry in kept if not (lite and _LEFT_OUT_OF_LITE.search(_slashes(entry[0])))]


_LIBRARY = re.compile(r"(PySide6/Qt/lib/)?[^/]+\.so[.0-9]*$")
"""Where libraries lie that are there because others need them: Qt's, and the system's."""


def without_orphans(entries: Iterable[Entry]) -> list[Entry]:
    """Leave out, on Linux, libraries that nothing needs any more, since what needed them was left out."""
    kept = list(entries)
    if not sys.platform.startswith("linux"):
        return kept
    needs = {entry: _needed_by(entry[1]) for entry in kept if ".so" in entry[0]}
    while True:
        needed = set().union(*(needs.get(entry, set()) for entry in kept))
        libraries = [entry for entry in kept if _LIBRARY.match(entry[0]) and entry[2] != "EXTENSION"]
        orphans = [entry for entry in libraries if Path(entry[0]).name not in needed]
        orphans = [entry for entry in orphans if not Path(entry[0]).name.startswith("libpython")]
        if not orphans:
            return kept
        kept = [entry for entry in kept if entry not in orphans]


def _needed_by(library: str) -> set[str]:
    """Name the libraries that a library says it needs."""
    told = subprocess.run(["readelf", "--dynamic", library], capture_output=True, text=True, check=False).stdout
    return set(re.findall(r"\(NEEDED\).*\[(.+)\]", told))


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


LARGE = 50_000
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
