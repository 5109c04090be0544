"""`export`: a model for other programs."""

import argparse
from typing import IO

from xception_gui.cli.arguments import UsageError, add_json, add_run, file_name
from xception_gui.cli.exit_status import ExitStatus
from xception_gui.cli.printing import say
from xception_gui.cli.running import Terminal, document, result_of
from xception_gui.domain.messages.exporting import ExportFormat, ExportRequest, ExportResult

ORDER = 60
HELP = "Write a model for other programs."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what can be typed after the verb."""
    add_run(parser)
    parser.add_argument(
        "--format",
        choices=[format.value for format in ExportFormat],
        required=True,
        help="keras: a file for Keras; litert: a file for LiteRT, on phones and small devices; litert-f16: the same, "
        "half as large; saved-model: a folder for TensorFlow. All but keras give a class activation map too",
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


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Do it. Return the exit status."""
    export_format = ExportFormat(arguments.format)
    if export_format is ExportFormat.KERAS and not arguments.out.endswith(".keras"):
        raise UsageError(f"Keras opens only files whose names end in .keras. Received: {arguments.out}")
    result = result_of(ExportRequest(arguments.run, export_format, arguments.out), terminal)
    if arguments.json:
        terminal.print_json(document(result))
    else:
        print_export(result, terminal.out)
    return ExitStatus.DONE


def print_export(result: ExportResult, out: IO[str]) -> None:
    """Say what was written, and how near it is to the model that it was made of."""
    say(f"Written: “{result.path}”, {result.bytes / 1e6:.1f} MB.", out)
    pictures = (
        "drawn pictures (no validation picture was found)" if result.pictures_generated else "validation pictures"
    )
    say(
        f"Checked on {result.pictures_checked} {pictures}: probabilities differ from the predictor's by at most "
        f"{result.largest_difference:.4f}. Details: “{result.check_file}”.",
        out,
    )
