"""`export`: a model for other programs."""

import argparse
from typing import IO

from xception_gui.cli.arguments import UsageError, add_json, add_run, file_name
from xception_gui.cli.documents import document_of
from xception_gui.cli.exit_status import ExitStatus
from xception_gui.cli.printing import say
from xception_gui.cli.running import Terminal, result_of
from xception_gui.domain.export_formats import ExportFormat
from xception_gui.domain.messages.exporting import ExportRequest, ExportResult

ORDER = 60
HELP = "Write a model for other programs."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what can be typed after the verb."""
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
        help="what to write, which must not exist yet; for keras, a name in .keras. What a check of it has found is "
        "written beside it, as PATH.check.json",
    )
    add_json(parser)


def _formats_in_words() -> str:
    words = "; ".join(f"{one.value}: {one.about.help}" for one in ExportFormat)
    plain = ", ".join(one.value for one in ExportFormat if not one.about.gives_maps)
    return f"{words}. All but {plain} give a class activation map too"


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Do it. Return the exit status."""
    export_format = {one.value: one for one in ExportFormat}[arguments.format]
    about = export_format.about
    if about.needs_suffix and not arguments.out.endswith(about.suffix):
        raise UsageError(f"{about.title} opens only files whose names end in {about.suffix}. Received: {arguments.out}")
    result = result_of(ExportRequest(arguments.run, export_format, arguments.out), terminal)
    if arguments.json:
        terminal.print_json(document_of(result))
    else:
        print_export(result, terminal.out)
    return ExitStatus.DONE


def print_export(result: ExportResult, out: IO[str]) -> None:
    """Print what was written, and how near it is to the model that it was made of."""
    say(f"Written: “{result.path}”, {result.bytes / 1e6:.1f} MB.", out)
    pictures = (
        "drawn pictures (no validation picture was found)" if result.pictures_generated else "validation pictures"
    )
    say(
        f"Checked on {result.pictures_checked} {pictures}: probabilities differ from the predictor's by at most "
        f"{result.largest_difference:.4f}. Details: “{result.check_file}”.",
        out,
    )
