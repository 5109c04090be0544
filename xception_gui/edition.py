"""Which edition of the program this is: from source or packaged; full, or lite, without Keras and TensorFlow."""

import os
import sys
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from xception_gui.surroundings import is_packaged, isolated_command

CONSOLE = "-cli"
"""Suffix of the packaged program for terminals and engines, beside the one with the window."""


@cache
def has_keras() -> bool:
    """Return whether Keras and TensorFlow are installed, without loading them."""
    return find_spec("keras") is not None and find_spec("tensorflow") is not None


def missing_of(modules: Iterable[str]) -> list[str]:
    """Return the modules that aren't installed, without importing any."""
    return [module for module in modules if find_spec(module) is None]


def desktop_id() -> str:
    """Return the name of this program's desktop file, without its suffix."""
    return Path(window_command()[0]).stem if is_packaged() else "xception-gui"


def console_name() -> str:
    """Return the command that starts this program in a terminal."""
    return Path(console_command()[0]).stem if is_packaged() else "xception-gui"


def window_command() -> list[str]:
    """Return the command that starts the window."""
    return [_packaged("")] if is_packaged() else isolated_command()


def console_command() -> list[str]:
    """Return the command that starts an engine or a verb of the command line."""
    return [_packaged(CONSOLE)] if is_packaged() else isolated_command()


def _packaged(ending: str) -> str:
    """Return the path of a program in this package."""
    this = Path(sys.executable)
    return str(this.with_name(f"{this.stem.removesuffix(CONSOLE)}{ending}{this.suffix}"))


def forget_own_libraries() -> None:
    """Let other programs that this one starts, such as a file manager, find the system's libraries.

    A packaged program on Linux is started with its own libraries first in `LD_LIBRARY_PATH`, which only matters at its
    start. Engines, which are the same program, are told to initialise as if started on their own, and set it again.
    """
    if not (is_packaged() and sys.platform.startswith("linux")):
        return
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is None:
        os.environ.pop("LD_LIBRARY_PATH", None)
    else:
        os.environ["LD_LIBRARY_PATH"] = before
