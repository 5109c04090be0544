"""Which of the programs this is: started from source or packaged; the full one, or the lite one, which comes without
Keras and TensorFlow."""

import os
import sys
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from xception_gui.surroundings import is_packaged, isolated_command

CONSOLE = "-cli"
"""What the name of a packaged program ends in that is for terminals and engines, beside the one with the window."""


@cache
def has_keras() -> bool:
    """Return whether Keras and TensorFlow are installed, without loading them."""
    return find_spec("keras") is not None and find_spec("tensorflow") is not None


def missing_of(modules: Iterable[str]) -> list[str]:
    """Return those of some modules that can't be found; none is imported."""
    return [module for module in modules if find_spec(module) is None]


def desktop_id() -> str:
    """Name the desktop file of this program, without its suffix."""
    return Path(window_command()[0]).stem if is_packaged() else "xception-gui"


def console_name() -> str:
    """Return what a person types in a terminal to start this program."""
    return Path(console_command()[0]).stem if is_packaged() else "xception-gui"


def window_command() -> list[str]:
    """Return how the window is started from here."""
    return [_packaged("")] if is_packaged() else isolated_command()


def console_command() -> list[str]:
    """Return how an engine or a verb of the command line is started from here."""
    return [_packaged(CONSOLE)] if is_packaged() else isolated_command()


def _packaged(ending: str) -> str:
    """Return the path of a program in this package."""
    this = Path(sys.executable)
    return str(this.with_name(f"{this.stem.removesuffix(CONSOLE)}{ending}{this.suffix}"))


def forget_own_libraries() -> None:
    """Let other programs that are started from here, a file manager say, find the system's libraries.

    A packaged program on Linux has been started with its own in front of them (`LD_LIBRARY_PATH`), which it has read by
    now. Engines, which are the same program, are told to begin as if nobody had started them, and set it again.
    """
    if not (is_packaged() and sys.platform.startswith("linux")):
        return
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is None:
        os.environ.pop("LD_LIBRARY_PATH", None)
    else:
        os.environ["LD_LIBRARY_PATH"] = before
