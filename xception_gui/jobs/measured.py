"""What was measured on this machine: kept in the cache until the machine or a version is another one."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from xception_gui import paths
from xception_gui.data.whole_files import write_whole
from xception_gui.diagnostics import logger
from xception_gui.inference.machine import device_name, versions

Figures = TypeVar("Figures", bound=msgspec.Struct)


class _Measured(msgspec.Struct, Generic[Figures], frozen=True):
    """What a file holds."""

    machine: dict[str, str]  # everything that the figures depend on
    figures: Figures


def load(name: str, kind: type[Figures]) -> Figures | None:
    """Give what was measured on this machine as it is now; None if that is nothing."""
    try:
        measured = msgspec.json.decode(_file(name).read_bytes(), type=_Measured[kind])  # type: ignore[valid-type]
    except (OSError, ValueError, RecursionError):  # none yet, or a damaged one
        return None
    return measured.figures if measured.machine == _machine() else None


def save(name: str, figures: msgspec.Struct) -> None:
    """Keep what was measured. A full or read-only disk is no reason to stop: then it is measured again."""
    try:
        write_whole(_file(name), msgspec.json.encode(_Measured(_machine(), figures)))
    except OSError as error:
        logger.warning("What was measured on this machine can't be kept in %s: %s", _file(name), error)


def has_keras() -> bool:
    """Say whether Keras and TensorFlow are installed, without loading them."""
    return find_spec("keras") is not None and find_spec("tensorflow") is not None


def _file(name: str) -> Path:
    return paths.cache_folder() / f"{name}.json"


def _machine() -> dict[str, str]:
    return {
        **versions(),
        "device": device_name(),
        "keras can be loaded": str(has_keras()),
        "backend": os.environ.get("KERAS_BACKEND", "tensorflow"),
        "visible devices": os.environ.get("CUDA_VISIBLE_DEVICES", "all"),
    }
