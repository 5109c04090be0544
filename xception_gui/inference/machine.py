"""What this program runs on."""

from contextlib import suppress
from functools import cache
from pathlib import Path

from xception_gui import __version__
from xception_gui.data.pool import usable_cores

PACKAGES = ("numpy", "pillow", "pi-heif", "ai-edge-litert", "openvino", "keras", "tensorflow")
OTHER_NAMES = {"tensorflow": "tensorflow-cpu"}
"""What a package is called that was built for processors alone, as it is in the packaged program."""


def versions() -> dict[str, str]:
    """Versions of the program and of what its figures depend on; packages that aren't there are left out."""
    import platform  # these two take 10 ms, which whoever predicts one picture can do without
    from importlib.metadata import PackageNotFoundError, version

    found = {"xception-gui": __version__, "python": platform.python_version()}
    for package in PACKAGES:
        for name in (package, OTHER_NAMES.get(package, package)):
            with suppress(PackageNotFoundError):
                found[package] = version(name)
    return found


@cache
def device_name() -> str:
    """Name the processor, as its maker does where that can be known."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return f"{line.partition(':')[2].strip()}, {usable_cores()} cores"
    except OSError:
        pass
    import platform

    return f"{platform.processor() or platform.machine()}, {usable_cores()} cores"


def available_memory() -> int:
    """Say how many bytes programs can have without that others are moved to the disk."""
    import psutil

    return int(psutil.virtual_memory().available)


def memory_in_words() -> str:
    """Say how much memory there is."""
    import psutil

    memory = psutil.virtual_memory()
    return f"{memory.total / 1e9:.0f} GB, {memory.available / 1e9:.0f} GB of it free"
