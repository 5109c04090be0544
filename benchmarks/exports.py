"""Measures each export: seconds, peak memory and bytes written.

    .venv/bin/python -m benchmarks.exports RUN [--formats litert onnx …]

Exports the model of RUN in each format, each in a new process (half a minute), with the check that `export` makes.
Formats whose packages are missing are listed, not measured. Prints JSON.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.machine import machine
from benchmarks.printing import last_document, print_document, say
from benchmarks.processes import run_process
from xception_gui.domain.export_formats import ExportFormat
from xception_gui.domain.messages.base import Event, Failed, plain
from xception_gui.domain.messages.exporting import ExportRequest
from xception_gui.edition import missing_of
from xception_gui.jobs import run_job
from xception_gui.jobs.reporting import never

ONE = "--one"
"""Followed by a format: export it in this process."""


def main() -> None:
    """Measure and print."""
    arguments = _arguments()
    if arguments.one:
        _export(arguments.run, {one.value: one for one in ExportFormat}[arguments.one])
        return
    chosen = [one for one in ExportFormat if one.value in arguments.formats]
    missing = {one.value: missing_of(one.about.packages) for one in chosen if missing_of(one.about.packages)}
    measured = {one.value: _measured(arguments.run, one) for one in chosen if one.value not in missing}
    print_document({"machine": machine(), "formats": measured, "missing": missing})


def _measured(run: Path, export_format: ExportFormat) -> dict[str, object]:
    say(f"{export_format.value}…")
    ran = run_process([sys.executable, "-m", "benchmarks.exports", str(run), ONE, export_format.value])
    told = last_document(ran.stdout)
    kept = ("bytes", "pictures_checked", "largest_difference", "same_top_class")
    return {"seconds": ran.seconds, "peak_mb": ran.peak_mb, "own_mb": ran.own_mb, **{name: told[name] for name in kept}}


def _export(run: Path, export_format: ExportFormat) -> None:
    events: list[Event] = []
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"model{export_format.about.suffix}"
        run_job(ExportRequest(str(run), export_format, str(out)), events.append, never)
    if isinstance(events[-1], Failed):
        sys.exit(f"{events[-1].what} {events[-1].why}")
    print_document(plain(events[-1].result))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    names = [one.value for one in ExportFormat]
    parser.add_argument("--formats", nargs="+", choices=names, default=names)
    parser.add_argument(ONE, choices=names, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
