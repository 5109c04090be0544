"""Removes what PyInstaller collects and the program doesn't need. The smoke test, which uses every recipe, fails if
something is missing."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

Entry = tuple[str, str, str]
"""A file as PyInstaller lists it: its path in the program, its path on this computer, its kind."""

KERAS = [
    "absl", "astunparse", "charset_normalizer", "gast", "google", "h5py", "keras", "ml_dtypes", "namex", "optree",
    "requests", "tensorflow", "urllib3",
]  # fmt: skip
"""Packages that the lite program doesn't contain."""

NEVER = [
    # Parts of Python that the program doesn't use.
    "idlelib", "lib2to3", "pydoc_data", "readline", "tkinter", "turtledemo",
    # Tools for building, testing and documenting.
    "PyInstaller", "numpy.f2py", "pip", "pytest", "setuptools", "wheel",
    # Used by rich for syntax highlighting and Markdown; here it only draws progress bars.
    "markdown_it", "pygments",
    # Pillow's bridge to Tk.
    "PIL.ImageTk", "PIL._imagingtk",
    # Optional dependencies of pyqtgraph.
    "IPython", "matplotlib", "OpenGL", "PySide6.QtOpenGL", "PySide6.QtTest", "pyqtgraph.examples",
    "pyqtgraph.opengl", "scipy",
    # Used by TensorFlow for training on several machines.
    "grpc",
]  # fmt: skip

EMPTY = ["PySide6.QtOpenGL", "tensorflow.python.profiler.internal._pywrap_profiler_plugin"]
"""Native modules that pyqtgraph and TensorFlow import and the program never calls; replaced by empty ones."""


def modules_left_out(*, lite: bool, naive: bool = False) -> list[str]:
    """Return the modules that PyInstaller excludes; in a naive build, only those that lite doesn't contain."""
    return [*([] if naive else NEVER), *(KERAS if lite else [])]


def modules_emptied(*, lite: bool) -> list[str]:
    """Return the modules that are replaced by an empty one."""
    return [name for name in EMPTY if not (lite and name.partition(".")[0] in KERAS)]


_FILES = (
    r"models/make_backbone\.py$",
    # Plugins for embedded screens, input devices without a desktop, and networks; and GTK's dialogs, which are
    # used through the desktop's portal instead.
    r"Qt/plugins/(egldeviceintegrations|generic|networkinformation|tls)/",
    r"Qt/plugins/platforms/libq(eglfs|linuxfb|minimalegl|vkkhrdisplay|vnc)\.so",
    r"Qt/plugins/platformthemes/libqgtk3\.so",
    # Pictures are opened by Pillow, in engines.
    r"Qt/plugins/imageformats/libq(gif|icns|ico|tga|tiff|wbmp|webp)\.so",
    r"PySide6/Qt/translations/",
    r"pyqtgraph/icons/peegee/",
    # TensorFlow's just-in-time compiler, StableHLO and profiler.
    r"tensorflow/compiler/tf2xla/ops/_xla_ops\.so",
    r"tensorflow/compiler/mlir/stablehlo/stablehlo_extension\.so",
    r"tensorflow/python/profiler/internal/_pywrap_profiler_plugin\.so",
)

_LEFT_OUT = re.compile("|".join(_FILES))

_LEFT_OUT_OF_LITE = re.compile(r"models/xception_imagenet_notop\.weights\.h5$")


def without_files(entries: Iterable[Entry], *, lite: bool) -> list[Entry]:
    """Return the entries without files that the program doesn't need."""
    kept = [entry for entry in entries if not _LEFT_OUT.search(_slashes(entry[0]))]
    return [entry for entry in kept if not (lite and _LEFT_OUT_OF_LITE.search(_slashes(entry[0])))]


_LIBRARY = re.compile(r"(PySide6/Qt/lib/)?[^/]+\.so[.0-9]*$")
"""Paths of libraries that are only there because others need them: Qt's and the system's."""


def without_orphans(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries without libraries that only removed files needed; on Linux only."""
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
    """Return the names of the libraries that a library is linked to."""
    told = subprocess.run(["readelf", "--dynamic", library], capture_output=True, text=True, check=False).stdout
    return set(re.findall(r"\(NEEDED\).*\[(.+)\]", told))


def _slashes(path: str) -> str:
    return path.replace("\\", "/")


def metadata(datas: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Replace the folders from `copy_metadata` with their files METADATA, which versions are read from."""
    files = []
    for source, target in datas:
        file = Path(source) / "METADATA"
        if file.is_file():
            files.append((str(file), f"{target}/METADATA"))
    return files


LARGE = 50_000
"""Bytes; smaller libraries hold hardly any symbols."""


def stripped(binaries: Iterable[Entry], folder: Path) -> list[Entry]:
    """Return the entries with large libraries replaced by stripped copies in a folder; on Linux only.

    Libraries that auditwheel has patched (with a hash in their names) stay as they are: `strip` breaks some of them.
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
