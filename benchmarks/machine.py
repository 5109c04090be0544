"""Describes the machine on which a figure was measured."""

import platform
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

from xception_gui.data.pool import usable_cores
from xception_gui.inference.machine import device_name, versions

TELLING_FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16")
MORE_PACKAGES = ("pyside6-essentials", "jax", "torch")


def machine() -> dict[str, Any]:
    """Return processor, its flags, memory, system and versions, as plain values for JSON."""
    return {
        "processor": device_name(),
        "flags": _flags(),
        "cores": usable_cores(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "system": f"{platform.system()} {platform.machine()}",
        "versions": versions() | _more_versions(),
    }


def measured_now() -> dict[str, Any]:
    """Return today's date and the machine, for the document of a script that isn't a stage of `run_all.py`."""
    return {"date": datetime.now().astimezone().isoformat(timespec="seconds"), "machine": machine()}


def describe() -> str:
    """Return a description of the machine in one line."""
    found = machine()
    packages = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    return f"{found['processor']}; flags: {' '.join(found['flags']) or 'unknown'}; {packages}"


def stolen_seconds() -> float:
    """Return the seconds of processor time that others on the same host took from this virtual machine; 0 elsewhere."""
    return float(getattr(psutil.cpu_times(), "steal", 0.0))


def _flags() -> list[str]:
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("flags", 2)[1].split("\n")[0].split()
    except (OSError, IndexError):
        return []
    return [flag for flag in TELLING_FLAGS if flag in flags]


def _more_versions() -> dict[str, str]:
    found = {}
    for package in MORE_PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
