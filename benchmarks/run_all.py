"""Runs all benchmarks on this machine, stage by stage, and writes RESULTS.md from the results.

    .venv/bin/python -m benchmarks.run_all DATASET [DATASET …]
    .venv/bin/python -m benchmarks.run_all DATASET … --list              # list the stages
    .venv/bin/python -m benchmarks.run_all DATASET … --only growth gpu   # these stages, if they have no results yet
    .venv/bin/python -m benchmarks.run_all DATASET … --again growth      # these stages again

Each stage writes a file of results. Stages with results aren't run again, so an interrupted call can be continued.
Don't let anything else run meanwhile.
"""

import argparse
import json
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

from benchmarks.machine import machine, stolen_seconds
from benchmarks.printing import last_document, say
from benchmarks.processes import ROOT, run_process
from benchmarks.report import render
from benchmarks.stages import TINY, Place, Scale, Stage, all_stages

MEASURED = "measured"
"""Key of what is added to a script's own document: date, machine, duration, and the share of processor time that others
on the same host took."""


def read_results(folder: Path) -> dict[str, dict[str, Any]]:
    """Read the documents of all stages that have run."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


def run_stage(stage: Stage, place: Place) -> None:
    """Run a stage and write its results.

    Raises:
        RuntimeError: its command failed.
        ValueError: it printed no document.
    """
    command = [sys.executable, "-m", *stage.words(read_results(place.results))]
    began, stolen = time.monotonic(), stolen_seconds()
    document = last_document(run_process(command, home=place.work / "home", is_quiet=False).stdout)
    seconds, found = time.monotonic() - began, machine()
    document[MEASURED] = {
        "date": datetime.now().astimezone().isoformat(timespec="seconds"),
        "seconds": seconds,
        "stolen": max(0.0, stolen_seconds() - stolen) / (seconds * (psutil.cpu_count() or 1)),
        "machine": found,
    }
    path = place.results / f"{stage.name}.json"
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    unfinished.replace(path)


def chosen_stages(stages: list[Stage], only: list[str], again: list[str], there: set[str]) -> list[Stage]:
    """Return the stages to run: all, or those in `only` and `again`; those with results only if they are in `again`."""
    wanted = {*only, *again} or {stage.name for stage in stages}
    return [stage for stage in stages if stage.name in wanted and (stage.name in again or stage.name not in there)]


def main() -> int:
    arguments = _parse()
    results = arguments.results.resolve()
    work = arguments.work.resolve() if arguments.work else results / "work"
    place = Place(tuple(path.resolve() for path in arguments.datasets), results, work)
    place.results.mkdir(parents=True, exist_ok=True)
    place.work.mkdir(parents=True, exist_ok=True)
    stages = all_stages(place, TINY if arguments.tiny else Scale())
    there = set(read_results(place.results))
    unknown = {*arguments.only, *arguments.again} - {stage.name for stage in stages}
    if unknown:
        say(f"There is no stage {', '.join(sorted(unknown))}. There are: {', '.join(stage.name for stage in stages)}")
        return 2
    if arguments.list:
        for stage in stages:
            print(f"{'there' if stage.name in there else '-':6} {stage.name}")
        return 0
    failed = _run(chosen_stages(stages, arguments.only, arguments.again, there), place, arguments.report)
    for name in failed:
        say(f"Not measured: {name}")
    return 1 if failed else 0


def _run(stages: list[Stage], place: Place, report: Path) -> list[str]:
    """Run stages, and write the report after each. Returns the names of those that failed."""
    failed = []
    for number, stage in enumerate(stages, start=1):
        say(f"{number}/{len(stages)} {stage.name}")
        missing = [name for name in stage.needs if name not in read_results(place.results)]
        if missing:
            say(f"{stage.name} needs the results of stages that haven't run: {', '.join(missing)}")
            failed.append(stage.name)
            continue
        try:
            run_stage(stage, place)
        except (RuntimeError, ValueError) as error:
            say(str(error))
            failed.append(stage.name)
        report.write_text(render(read_results(place.results)), encoding="utf-8")
    report.write_text(render(read_results(place.results)), encoding="utf-8")
    return failed


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run every benchmark on this machine.")
    parser.add_argument("datasets", type=Path, nargs="+", metavar="DATASET", help="data sets")
    parser.add_argument("--results", type=Path, default=ROOT / "benchmarks" / "results", help="folder of the results")
    parser.add_argument(
        "--work", type=Path, help="folder for models and generated pictures, about 3 GB (default: results/work)"
    )
    parser.add_argument("--report", type=Path, default=ROOT / "benchmarks" / "RESULTS.md")
    parser.add_argument("--only", nargs="+", default=[], metavar="STAGE", help="run only these stages")
    parser.add_argument(
        "--again", nargs="+", default=[], metavar="STAGE", help="run these stages even if they have results"
    )
    parser.add_argument("--list", action="store_true", help="list the stages, and which have results")
    parser.add_argument(
        "--tiny",
        action="store_true",
        help="run everything at a tiny scale, to test the scripts; the figures are meaningless",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
