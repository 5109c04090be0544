"""`doctor`: versions and devices, folders, and a self-test."""

import argparse

from xception_gui.cli.arguments import add_json
from xception_gui.cli.exit_status import ExitStatus
from xception_gui.cli.running import Terminal
from xception_gui.domain.messages.base import plain

ORDER = 70
HELP = "check the installation: versions, folders, and whether everything works"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments to its parser."""
    add_json(parser)


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Run the verb. Return the exit status."""
    # Imports everything that computes, which no other verb needs.
    from xception_gui.cli.examination import examine, print_examination

    examination = examine()
    if arguments.json:
        terminal.print_json(plain(examination))
    else:
        print_examination(examination, terminal.out)
    return ExitStatus.DONE if examination.ok else ExitStatus.FAILED
