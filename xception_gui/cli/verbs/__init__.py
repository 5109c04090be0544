"""The verbs of the command line, one per module.

A verb has `HELP`, `ORDER`, `add_options(parser)` and `run(arguments, terminal)`.
"""

import argparse
import pkgutil
from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from xception_gui.cli.running import Terminal


class Verb(Protocol):
    """The interface of a verb's module."""

    HELP: str
    """What the verb does: a phrase in lower case, without a full stop."""

    ORDER: int
    """Position in the help; lower comes first."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the verb's arguments to its parser."""

    def run(self, arguments: argparse.Namespace, terminal: "Terminal") -> int:
        """Run the verb. Return the exit status."""


def names() -> frozenset[str]:
    """Return the names of all verbs, without importing any."""
    return frozenset(module.name for module in pkgutil.iter_modules(__path__))


def import_verbs(chosen: Iterable[str]) -> dict[str, Verb]:
    """Import verbs, in the order of the help."""
    verbs = {name: cast(Verb, import_module(f"{__name__}.{name}")) for name in chosen}
    return dict(sorted(verbs.items(), key=lambda named: named[1].ORDER))
