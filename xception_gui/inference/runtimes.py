"""The runtime of a backbone: LiteRT, which comes with the program, or OpenVINO if it is installed and faster."""

import time
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from xception_gui import paths
from xception_gui.diagnostics import logger
from xception_gui.domain.architecture import Architecture
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.runtime import LITERT, RuntimeChoice, runtime_title
from xception_gui.inference.backbone import LiteRTBackbone, MappedBackbone
from xception_gui.inference.machine import device_name, versions
from xception_gui.inference.measurements import keep, recall

NAME = "runtimes"
"""Of the measurement in the cache."""

TIMED_PICTURES = 4
WORTH_IT = 0.8
"""Share of LiteRT's time above which another runtime isn't chosen: it takes longer to start, and a choice that
depends on chance would fill two caches."""


def open_backbone(
    architecture: Architecture, path: Path, image_size: int, *, sha256: str, runtime: str
) -> MappedBackbone:
    """Open a backbone in a runtime that `usable_runtime` or `fastest_runtime` returned.

    Only the weights of a file are used, unless it is the shipped one: the shipped network runs.

    Raises:
        ProgramError: BACKBONE_UNUSABLE, INSTALLATION_DAMAGED.
    """
    is_shipped = path == paths.shipped_backbone(architecture.name)
    content = None if is_shipped else _in_shipped_network(architecture, path)
    if runtime == LITERT:
        return LiteRTBackbone(architecture, path, image_size, sha256=sha256, content=content)
    from xception_gui.inference.openvino import OpenVINOBackbone

    return OpenVINOBackbone(architecture, path, image_size, sha256=sha256, runtime=runtime, content=content)


def _in_shipped_network(architecture: Architecture, path: Path) -> bytes:
    from xception_gui.inference.own_backbone import in_shipped_network  # takes 10 ms, so only for such a file

    return in_shipped_network(architecture, path)


@lru_cache(maxsize=1)
def open_shipped_backbone(architecture: Architecture, image_size: int, runtime: str = LITERT) -> MappedBackbone:
    """Open the backbone that comes with the program, at any image size that its architecture takes.

    The last one stays open: a prediction is mostly followed by others with the same model.

    Raises:
        ProgramError: INSTALLATION_DAMAGED.
    """
    path = paths.shipped_backbone(architecture.name)
    try:
        return open_backbone(architecture, path, image_size, sha256=paths.shipped_sha256(path), runtime=runtime)
    except ProgramError as error:
        raise ProgramError(ErrorCode.INSTALLATION_DAMAGED, path=path, found=error.details["found"]) from error
    except (OSError, KeyError) as error:
        raise ProgramError(ErrorCode.INSTALLATION_DAMAGED, path=path, found=error) from error


def usable_runtime(wanted: str) -> str:
    """Return `wanted` if this machine has that runtime, else LiteRT."""
    return wanted if wanted != LITERT and wanted == _other_runtime() else LITERT


def fastest_runtime(architecture: Architecture) -> str:
    """Return the runtime for new models; see `choose_runtime`."""
    return choose_runtime(architecture).runtime


def choose_runtime(architecture: Architecture) -> RuntimeChoice:
    """Choose the runtime for new models. It is measured, in two seconds, once per machine and release.

    Raises:
        ProgramError: INSTALLATION_DAMAGED.
    """
    if find_spec("openvino") is None:
        return RuntimeChoice(LITERT)
    seconds = recall(NAME, depends_on(architecture), dict[str, float])
    if seconds is None or not _still_holds(seconds):
        seconds = _measure(architecture)
        keep(NAME, depends_on(architecture), seconds)
    return RuntimeChoice(choose(seconds), seconds)


def _still_holds(seconds: dict[str, float]) -> bool:
    """Return whether a choice by these times can be used: OpenVINO may have been broken or repaired since."""
    if LITERT not in seconds:
        return False
    if len(seconds) > 1 and choose(seconds) == LITERT:  # OpenVINO, which takes long to load, makes no difference
        return True
    return seconds.keys() == {LITERT, *filter(None, [_other_runtime()])}


def depends_on(architecture: Architecture) -> dict[str, str]:
    """Return what the speeds of runtimes depend on: packages, processor, network."""
    backbone = paths.shipped_sha256(paths.shipped_backbone(architecture.name))
    return {**versions(), "device": device_name(), "backbone": backbone}


def choose(seconds: dict[str, float]) -> str:
    """Choose a runtime, given the seconds that each takes for a picture."""
    fastest = min(seconds, key=seconds.__getitem__)
    return fastest if seconds[fastest] <= WORTH_IT * seconds[LITERT] else LITERT


def _other_runtime() -> str | None:
    from xception_gui.inference.openvino import openvino_runtime

    return openvino_runtime()


def _measure(architecture: Architecture) -> dict[str, float]:
    """Return the median seconds of each runtime for a picture of random pixels, in turns, after one to warm up.

    A runtime that can't open the network is left out; LiteRT must.

    Raises:
        ProgramError: INSTALLATION_DAMAGED.
    """
    size = architecture.default_image_size
    opened = {LITERT: open_shipped_backbone(architecture, size, LITERT)}
    other = _other_runtime()
    if other is not None:
        try:
            opened[other] = open_shipped_backbone(architecture, size, other)
        except ProgramError as error:
            logger.warning("The network can't be opened in %s: %s", runtime_title(other), error)
    random = np.random.default_rng(0)
    seconds: dict[str, list[float]] = {name: [] for name in opened}
    for _ in range(TIMED_PICTURES + 1):
        picture = random.integers(0, 256, (size, size, 3), np.uint8)
        for name, backbone in opened.items():
            began = time.perf_counter()
            backbone.embed(picture)
            seconds[name].append(time.perf_counter() - began)
    return {name: float(np.median(times[1:])) for name, times in seconds.items()}
