"""The verbs of the command line: each module here is one.

A verb has `HELP`, its place in the help (`ORDER`), `add_options(parser)` and `run(arguments, terminal)`.
"""

import argparse
import pkgutil
from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from xception_gui.cli.running import Terminal


class Verb(Protocol):
    """What a module of a verb holds."""

    HELP: str
    """What it does, in a sentence."""

    ORDER: int
    """Where the help names it: lower comes first."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Describe what can be typed after the verb."""

    def run(self, arguments: argparse.Namespace, terminal: "Terminal") -> int:
        """Do it. Return the exit status."""


def names() -> frozenset[str]:
    """Return the names of all verbs, without importing any."""
    return frozenset(module.name for module in pkgutil.iter_modules(__path__))


def import_verbs(chosen: Iterable[str]) -> dict[str, Verb]:
    """Import verbs, in the order of the help."""
    verbs = {name: cast(Verb, import_module(f"{__name__}.{name}")) for name in chosen}
    return dict(sorted(verbs.items(), key=lambda named: named[1].ORDER))
