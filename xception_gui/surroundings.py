"""Isolates the process from its surroundings: from the current folder, from environment variables that configure Python
and libraries, and from packages that are installed for the account.

Until `start_isolated` has returned, only modules that are built into Python are imported: any other could be a file in
the current folder.
"""

import os
import sys

SETTINGS = (
    *("KERAS_", "TF_", "TF2_", "XLA_", "AUTOGRAPH_"),
    *("NPY_", "NUMPY_"),
    *("ONEDNN_", "DNNL_", "OV_", "OPENVINO_"),
    *("HDF5_", "H5PY_", "PILLOW_", "LIBHEIF_", "PROTOCOL_BUFFERS_"),
    *("PYQTGRAPH", "PYSIDE"),
    *("QT_STYLE_OVERRIDE", "QT_QPA_PLATFORM_PLUGIN_PATH", "QT_PLUGIN_PATH", "QT_FATAL_"),
)
"""Prefixes of environment variables that configure libraries, set for experiments or for other programs."""

WISHES = frozenset({"TF_FORCE_GPU_ALLOW_GROWTH", "TF_GPU_ALLOCATOR", "HDF5_USE_FILE_LOCKING"})
"""The exceptions, which describe the machine: how a graphics card is shared, what a network drive supports."""

SET_BY_THE_PACKAGE = frozenset({"QT_PLUGIN_PATH"})
"""Variables that a packaged program has just set itself."""


def is_packaged() -> bool:
    """Return whether this program was built by PyInstaller."""
    return bool(getattr(sys, "frozen", False))


def isolated_command() -> list[str]:
    """Return the command that starts this program from source or from a wheel, isolated from its surroundings.

    It names the file `__main__.py`: an isolated Python doesn't find packages that `pip install --user` has installed.
    """
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "__main__.py")
    return [sys.executable, "-I", "-X", "utf8", program]


def start_isolated() -> int | None:
    """Start the program again in isolation, unless it is isolated already: Python's start can't be undone.

    Returns:
        The exit status of the isolated process; None if this one is isolated, as a packaged program always is.
    """
    if is_packaged() or not sys.executable or (sys.flags.isolated and sys.flags.utf8_mode):
        return None
    command = [*isolated_command(), *sys.argv[1:]]
    if os.name == "posix":
        os.execv(sys.executable, command)  # replaces this process
    return _wait_for(command)


def _wait_for(command: list[str]) -> int:
    """Start it as a child on Windows, where `execv` would make this process appear to have ended."""
    sys.path[:] = [place for place in sys.path if place.startswith((sys.prefix, sys.base_prefix))]
    import signal
    import subprocess

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the child too, which handles it
    return subprocess.run(command, check=False).returncode


def forget_settings() -> None:
    """Remove variables that configure libraries from the environment of this process and its children."""
    kept = WISHES | SET_BY_THE_PACKAGE if is_packaged() else WISHES
    for name in [name for name in os.environ if name.startswith(SETTINGS) and name not in kept]:
        del os.environ[name]
