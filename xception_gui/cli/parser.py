"""The parser of the command line, with all verbs."""

import argparse
from collections.abc import Sequence
from typing import NoReturn

from xception_gui import __version__
from xception_gui.cli.verbs import import_verbs, names
from xception_gui.domain.visible import visible


def make_parser(words: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Return the parser. Parsed arguments hold the name of the verb as `verb` and its module as `does`.

    Args:
        words: the arguments that will be parsed. If they begin with a verb, no other verb is imported, which matters to
            `predict`: it takes 0.3 s for a picture.
    """
    parser: argparse.ArgumentParser = _Parser(
        prog="xception-gui",
        allow_abbrev=False,  # an abbreviation could become ambiguous with any new option
        description="Turn a folder of pictures into an image classifier. No code, no account, no internet connection.",
        epilog="Help on one command: xception-gui COMMAND --help",
    )
    parser.add_argument("--version", action="version", version=f"xception-gui {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="COMMAND", required=True)
    chosen = words[:1] if words and words[0] in names() else names()
    for name, verb in import_verbs(chosen).items():
        options = verbs.add_parser(name, help=verb.HELP, description=_as_sentence(verb.HELP), allow_abbrev=False)
        options.set_defaults(does=verb)
        verb.add_options(options)
    return parser


def _as_sentence(phrase: str) -> str:
    return f"{phrase[:1].upper()}{phrase[1:]}."


class _Parser(argparse.ArgumentParser):
    """A parser that escapes invisible characters in the arguments that it quotes."""

    def error(self, message: str) -> NoReturn:
        """Print the error, and exit with 2."""
        super().error(visible(message))
