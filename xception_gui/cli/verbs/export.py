"""`export`: writes a model for other programs."""

import argparse
from typing import IO

from xception_gui.cli.arguments import UsageError, add_json, add_run, file_name
from xception_gui.cli.documents import document_of
from xception_gui.cli.exit_status import ExitStatus
from xception_gui.cli.printing import counted, say
from xception_gui.cli.running import Terminal, result_of
from xception_gui.domain.export_formats import ExportFormat
from xception_gui.domain.messages.exporting import ExportRequest, ExportResult

ORDER = 60
HELP = "write a model in a format for other programs"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments to its parser."""
    add_run(parser)
    parser.add_argument(
        "--format",
        choices=[one.value for one in ExportFormat],
        required=True,
        help=_formats_in_words(),
    )
    parser.add_argument(
        "--out",
        type=file_name,
        required=True,
        metavar="PATH",
        help="file or folder to write, which must not exist yet; for keras, its name must end in .keras; the result of "
        "a check is written to PATH.check.json",
    )
    add_json(parser)


def _formats_in_words() -> str:
    words = "; ".join(f"{one.value}: {one.about.help}" for one in ExportFormat)
    plain = ", ".join(one.value for one in ExportFormat if not one.about.gives_maps)
    return f"{words}; all but {plain} include heat maps"


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Run the verb. Return the exit status."""
    export_format = {one.value: one for one in ExportFormat}[arguments.format]
    about = export_format.about
    if about.needs_suffix and not arguments.out.endswith(about.suffix):
        raise UsageError(f"the name of a {about.title} file must end in {about.suffix}. Received: {arguments.out}")
    result = result_of(ExportRequest(arguments.run, export_format, arguments.out), terminal)
    if arguments.json:
        terminal.print_json(document_of(result))
    else:
        print_export(result, terminal.out)
    return ExitStatus.DONE


def print_export(result: ExportResult, out: IO[str]) -> None:
    """Print what was written, and how closely its probabilities match the model's."""
    say(f"Exported to “{result.path}” ({result.bytes / 1e6:.1f} MB).", out)
    kind, why = ("drawn", ", as no validation picture was found") if result.pictures_generated else ("validation", "")
    pictures = f"{counted(result.pictures_checked, f'{kind} picture')}{why}"
    say(f"Compared with the model on {pictures}.", out)
    say(f"The probabilities differ by at most {result.largest_difference:.4f}. Details: “{result.check_file}”.", out)
