"""Kills a training again and again at random moments, and checks what is left each time.

    python -m tests.torture.kills --kills 100 --seed 1

A training of the network is saved after every step, killed (`kill -9`), checked and resumed, until it has finished or
was killed ten times; then another one begins. After each kill the run must be listed, be resumable, and predict with
the best model so far. Prints counts as JSON; exit status 1 if a run was lost, or a model that should be usable isn't.
"""

import argparse
import contextlib
import csv
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.conftest import draw_dataset
from xception_gui.domain.errors import ProgramError
from xception_gui.domain.lines import LineError, decode_event
from xception_gui.domain.messages.base import Event, Finished
from xception_gui.domain.messages.using import PredictRequest
from xception_gui.jobs import run_job
from xception_gui.jobs.reporting import never
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.run_list import list_runs

LONGEST_LIFE = 12.0
"""Seconds from its first event, after which a training is killed at the latest."""

MAX_OF_A_RUN = 10
"""Kills before another run begins; the remaining training is resumed at the end."""

EPOCHS = 3


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dataset = draw_dataset(folder / "pictures", {"red": (220, 60, 60), "blue": (60, 60, 220)}, count=8)
        models = folder / "models"
        models.mkdir()
        number = 0
        while counts["kills"] < arguments.kills:
            run, preset = RunFolder(models / f"run {number}"), ("tutorial", "fine-tune")[number % 2]
            number += 1
            _train_and_kill(dataset, run, preset, rng, counts, arguments.kills)
        for path in sorted(models.iterdir()):  # left by the last kills
            _go_on(dataset, RunFolder(path), counts)
        counts["runs"] = len(list(models.iterdir()))
        counts["finished"] = sum(RunFolder(path).read_record().status == "finished" for path in models.iterdir())
    lost = counts["runs"] != counts["finished"] or counts["lost"] or counts["unusable"]
    print(json.dumps({"seed": arguments.seed, **counts}))
    return int(bool(lost))


def _train_and_kill(
    dataset: Path, run: RunFolder, preset: str, rng: random.Random, counts: Counter[str], most: int
) -> None:
    for _ in range(min(MAX_OF_A_RUN, most - counts["kills"])):
        had_begun = run.record_file.exists()
        phase = _live_for(dataset, run, preset, rng.uniform(0, LONGEST_LIFE))
        if phase is None:
            counts["ended by themselves"] += 1
            _look_at_the_end(run, counts)
            return
        counts["kills"] += 1
        counts[f"killed while {phase}"] += 1
        if had_begun or run.record_file.exists():
            _look(dataset, run, counts)
        print(json.dumps(counts), file=sys.stderr)


def _live_for(dataset: Path, run: RunFolder, preset: str, seconds: float) -> str | None:
    """Train, or resume, for some seconds after the first event. Returns the phase when killed; None if it ended."""
    words = [sys.executable, "-m", "tests.killed_training", str(dataset), str(run.path), preset, "never"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        with contextlib.suppress(subprocess.TimeoutExpired):  # its output is too short to fill the pipe
            process.wait(seconds)
        process.send_signal(signal.SIGKILL)
        told = [first, *process.stdout]
    return None if process.returncode == 0 else _phase(told)


def _phase(lines: list[str]) -> str:
    phase = "starting"
    for line in lines:
        with contextlib.suppress(LineError):
            event: Event = decode_event(line)[1]
            phase = str(getattr(event, "phase", phase))
    return phase


def _look(dataset: Path, run: RunFolder, counts: Counter[str]) -> None:
    """Check that a killed run is listed and resumable, and that its model, if there is one, can be used."""
    summary = next((one for one in list_runs([run.path.parent]) if one.path == str(run.path)), None)
    if summary is None or summary.broken or not (summary.resumable or summary.status == "finished"):
        counts["lost"] += 1
        print(f"{run.path.name} is lost: {summary}", file=sys.stderr)
        return
    if summary.val_accuracy is None:
        counts["without a model so far"] += 1
        return
    events: list[Event] = []
    run_job(PredictRequest(str(run.path), (str(next(dataset.rglob("*.png"))),)), events.append, never)
    counts["usable" if isinstance(events[-1], Finished) else "unusable"] += 1
    if not isinstance(events[-1], Finished):
        print(f"{run.path.name} can't be used: {events[-1]}", file=sys.stderr)


def _look_at_the_end(run: RunFolder, counts: Counter[str]) -> None:
    """Check that a finished training has recorded each epoch once, however often it was killed."""
    with run.metrics.open(encoding="utf-8") as file:
        epochs = [int(row["epoch"]) for row in csv.DictReader(file)]
    whole = list(range(1, EPOCHS + 1))
    if epochs not in (whole, [0, *whole]):
        counts["lost"] += 1
        print(f"{run.path.name} has the epochs {epochs}", file=sys.stderr)


def _go_on(dataset: Path, run: RunFolder, counts: Counter[str]) -> None:
    with contextlib.suppress(ProgramError):
        if run.read_record().status != "training":
            return
    began = time.monotonic()
    if _live_for(dataset, run, run.read_record().recipe.preset, 600.0) is not None:
        counts["lost"] += 1
        print(f"{run.path.name} couldn't be gone on with in {time.monotonic() - began:.0f} s", file=sys.stderr)
    else:
        _look_at_the_end(run, counts)


if __name__ == "__main__":
    sys.exit(main())
