"""What can be typed, all verbs together."""

import argparse
from collections.abc import Sequence
from typing import NoReturn

from xception_gui import __version__
from xception_gui.cli.verbs import import_verbs, names
from xception_gui.domain.visible import visible


def make_parser(words: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Describe verbs and their options. The verb that was typed is `verb`, and its module `does`.

    Args:
        words: that were typed. Where they begin with a verb, no other is imported: predicting a picture takes 0.3 s.
    """
    parser: argparse.ArgumentParser = _Parser(
        prog="xception-gui",
        allow_abbrev=False,  # an abbreviation would change its meaning with the next option
        description="Turn a folder of pictures into an image classifier. No code, no account, no network.",
        epilog="“xception-gui VERB --help” tells more about a verb.",
    )
    parser.add_argument("--version", action="version", version=f"xception-gui {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    chosen = words[:1] if words and words[0] in names() else names()
    for name, verb in import_verbs(chosen).items():
        options = verbs.add_parser(name, help=verb.HELP, description=verb.HELP, allow_abbrev=False)
        options.set_defaults(does=verb)
        verb.add_options(options)
    return parser


class _Parser(argparse.ArgumentParser):
    """One that writes out what can't be seen in the words that it quotes."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong, and exit."""
        super().error(visible(message))
