"""What lies around a process, and doesn't decide what it does: the folder that it is started in, what environment
variables have Python and libraries do, what is installed for the account beside this program.

Until `start_isolated` has returned, nothing is imported but what is built into Python: anything else could be a file in
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
"""What the names of environment variables begin with that set a library up: for experiments, for other programs."""

WISHES = frozenset({"TF_FORCE_GPU_ALLOW_GROWTH", "TF_GPU_ALLOCATOR", "HDF5_USE_FILE_LOCKING"})
"""Those among them that are about the machine: how a graphics card is shared, what a drive of the network can do."""

SET_BY_THE_PACKAGE = frozenset({"QT_PLUGIN_PATH"})
"""Those that a packaged program has just set itself, whatever they were before."""


def is_packaged() -> bool:
    """Return whether this is a program that PyInstaller has built."""
    return bool(getattr(sys, "frozen", False))


def isolated_command() -> list[str]:
    """Return how this program is started from source or from a wheel, so that nothing around it counts.

    By its file, as Python alone doesn't find what `pip install --user` has put among the account's own packages.
    """
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "__main__.py")
    return [sys.executable, "-I", "-X", "utf8", program]


def start_isolated() -> int | None:
    """Begin again, unless Python was told already to look at nothing around it: not all that it does can be undone.

    Returns:
        The exit status of the other process; None if this one is isolated, as a packaged program always is.
    """
    if is_packaged() or not sys.executable or (sys.flags.isolated and sys.flags.utf8_mode):
        return None
    command = [*isolated_command(), *sys.argv[1:]]
    if os.name == "posix":
        os.execv(sys.executable, command)  # the same process goes on with it
    return _wait_for(command)


def _wait_for(command: list[str]) -> int:
    """Do the same on Windows, where the one who started this process would take it to have ended."""
    sys.path[:] = [place for place in sys.path if place.startswith((sys.prefix, sys.base_prefix))]
    import signal
    import subprocess

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the other process too, which answers it
    return subprocess.run(command, check=False).returncode


def forget_settings() -> None:
    """Take out of the environment, of this process and of those that it starts, what sets libraries up."""
    kept = WISHES | SET_BY_THE_PACKAGE if is_packaged() else WISHES
    for name in [name for name in os.environ if name.startswith(SETTINGS) and name not in kept]:
        del os.environ[name]
