"""`check`: the classes of a data set, and files that can't be used."""

import argparse
from typing import IO

from xception_gui.cli.arguments import add_dataset, add_folders, add_json, folders_of
from xception_gui.cli.documents import document_of
from xception_gui.cli.exit_status import ExitStatus
from xception_gui.cli.printing import print_left_out, print_table, say
from xception_gui.cli.running import Terminal, result_of
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.dataset import CheckRequest, CheckResult
from xception_gui.domain.visible import visible
from xception_gui.words.problems import problem_text

ORDER = 20
HELP = "check a folder of pictures: its classes, and files that can't be used"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments to its parser."""
    add_dataset(parser)
    add_folders(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Run the verb. Return the exit status."""
    result = result_of(CheckRequest(arguments.dataset, folders_of(arguments)), terminal)
    if arguments.json:
        terminal.print_json(document_of(result))
    else:
        print_check(result, terminal.out)
    for problem in result.problems:
        if problem.severity == "error":
            print(f"xception-gui: {visible(problem_text(problem))}", file=terminal.err)
    return ExitStatus.DONE if result.can_be_trained_on else ExitStatus.FAILED


def print_check(result: CheckResult, out: IO[str]) -> None:
    """Print the classes, problems and skipped files of a data set."""
    if result.classes:
        rows = [(name, str(count)) for name, count in result.classes.items()]
        print_table([("class", "pictures"), *rows, ("total", str(result.used))], out)
    if result.has_parts:
        parts = ", ".join(f"“{folder}” ({part})" for folder, part in result.part_folders.items())
        print(file=out)
        say(f"These folders split the data set and are not classes: {parts}.", out)
        say("If they are classes, add --folders classes.", out)
    warnings = [problem for problem in result.problems if problem.severity != "error"]  # errors are for stderr
    if warnings:
        print(file=out)
    for problem in warnings:
        say(f"- {problem_text(problem)}", out)
    if not any(problem.code == ErrorCode.DATASET_EMPTY for problem in result.problems):  # its text tells this already
        print_left_out(result.left_out, out)
