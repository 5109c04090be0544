"""What a figure was measured on."""

from pathlib import Path

from xception_gui.jobs.machine import device_name, versions

TELLING_FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16")


def describe() -> str:
    """Name the processor, what it can do, and the versions of what ran."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("flags", 2)[1].split("\n")[0].split()
    except (OSError, IndexError):
        flags = []
    found = " ".join(flag for flag in TELLING_FLAGS if flag in flags) or "unknown"
    packages = ", ".join(f"{name} {version}" for name, version in versions().items())
    return f"{device_name()}; flags: {found}; {packages}"
