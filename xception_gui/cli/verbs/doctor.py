"""`doctor`: what the program runs on, where it keeps things, and whether it works."""

import argparse

from xception_gui.cli.arguments import add_json
from xception_gui.cli.exit_status import ExitStatus
from xception_gui.cli.running import Terminal
from xception_gui.domain.messages.base import plain

ORDER = 70
HELP = "Say what the program runs on, where it keeps things, and whether it works."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what can be typed after the verb."""
    add_json(parser)


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Do it. Return the exit status."""
    from xception_gui.cli.examination import examine, print_examination  # all that computes: no other verb needs it

    examination = examine()
    if arguments.json:
        terminal.print_json(plain(examination))
    else:
        print_examination(examination, terminal.out)
    return ExitStatus.DONE if examination.ok else ExitStatus.FAILED
