"""The machine and the packages that the program runs on."""

from contextlib import suppress
from functools import cache
from pathlib import Path

from xception_gui import __version__
from xception_gui.data.pool import usable_cores

PACKAGES = ("numpy", "pillow", "pi-heif", "ai-edge-litert", "openvino", "keras", "tensorflow")
OTHER_NAMES = {"tensorflow": "tensorflow-cpu"}
"""Names of packages that were built for processors only, as in the packaged program."""


def versions() -> dict[str, str]:
    """Return the versions of the program and of the packages that its figures depend on, if they are installed."""
    import platform  # these two take 10 ms, which a prediction of one picture can do without
    from importlib.metadata import PackageNotFoundError, version

    found = {"xception-gui": __version__, "python": platform.python_version()}
    for package in PACKAGES:
        for name in (package, OTHER_NAMES.get(package, package)):
            with suppress(PackageNotFoundError):
                found[package] = version(name)
    return found


@cache
def device_name() -> str:
    """Return the name of the processor, as its maker gives it if that can be found, and the number of usable cores."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return f"{line.partition(':')[2].strip()}, {usable_cores()} cores"
    except OSError:
        pass
    import platform

    return f"{platform.processor() or platform.machine()}, {usable_cores()} cores"


def available_memory() -> int:
    """Return the bytes that programs can allocate before the system swaps."""
    import psutil

    return int(psutil.virtual_memory().available)


def memory_in_words() -> str:
    """Return a text on total and free memory."""
    import psutil

    memory = psutil.virtual_memory()
    return f"{memory.total / 1e9:.0f} GB, {memory.available / 1e9:.0f} GB free"
