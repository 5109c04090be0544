"""Checks forecasts of fine-tuning against trainings that `fine_tune.py` has done.

    .venv/bin/python -m benchmarks.forecasts WORK

For each of the parts in WORK that both Quick and Fine-tune were trained on, fine-tuning is tried out as
`train --recipe auto` does. What it chooses is compared with the better one on the test pictures: how often it was
right, and what being wrong cost. Forecasts are kept in WORK/forecasts.jsonl; don't let anything else run meanwhile.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.fine_tune import FINE_TUNE, QUICK, Ledger
from benchmarks.machine import measured_now
from benchmarks.printing import print_document, say
from benchmarks.processes import run_process
from xception_gui.domain.messages.base import Finished, Message
from xception_gui.domain.messages.training import ForecastRequest, ForecastResult
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.jobs import run_job
from xception_gui.jobs.reporting import never


def forecast_in_this_process(parts: Path, seed: int) -> dict[str, Any]:
    """Try fine-tuning out, and return what was found.

    Raises:
        RuntimeError: it failed.
    """
    began = time.monotonic()
    ends: list[Message] = []
    run_job(ForecastRequest(str(parts), make_recipe(Preset.FINE_TUNE, seed=seed)), ends.append, never)
    end = ends[-1]
    if not isinstance(end, Finished) or not isinstance(end.result, ForecastResult):
        raise RuntimeError(f"no forecast: {end}")
    found = end.result
    return {
        "low": found.low,
        "high": found.high,
        "pictures": found.pictures,
        "pays": found.pays,
        "told_seconds": found.seconds,
        "seconds": time.monotonic() - began,
    }


def pairs(ledger: Ledger) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Return the lines of Quick and of Fine-tune by the name of their parts."""
    lines = ledger.lines
    names = [key.removesuffix(f".{QUICK.name}") for key in lines if key.endswith(f".{QUICK.name}")]
    found = {name: (lines[f"{name}.{QUICK.name}"], lines.get(f"{name}.{FINE_TUNE.name}")) for name in names}
    return {name: (quick, tuned) for name, (quick, tuned) in found.items() if tuned is not None}


def judged(quick: dict[str, Any], tuned: dict[str, Any], forecast: dict[str, Any]) -> dict[str, Any]:
    """Compare what a forecast recommends with what was better on the test pictures, by log loss."""
    gain = 100 * (tuned["accuracy"] - quick["accuracy"])
    chosen, other = (tuned, quick) if forecast["pays"] else (quick, tuned)
    return {
        **{name: tuned[name] for name in ("dataset", "per_class", "seed", "apart")},
        **forecast,
        "gain": gain,
        "in_range": forecast["low"] <= gain <= forecast["high"],
        "right": chosen["log_loss"] <= other["log_loss"],
        "accuracy_lost": max(0.0, other["accuracy"] - chosen["accuracy"]),
        "log_loss_lost": max(0.0, chosen["log_loss"] - other["log_loss"]),
        "share_of_time": forecast["seconds"] / tuned["seconds"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Check forecasts of fine-tuning.")
    parser.add_argument("work", type=Path, metavar="WORK", help="folder of fine_tune.py")
    parser.add_argument("--parts", type=Path, help=argparse.SUPPRESS)  # in a process of its own
    parser.add_argument("--seed", type=int, default=0, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.parts is not None:
        print_document(forecast_in_this_process(arguments.parts, arguments.seed))
        return
    work = arguments.work.resolve()
    found = pairs(Ledger(work))
    if not found:
        parser.error(f"no trainings of Quick and Fine-tune in {work}: see fine_tune.py")
    kept = work / "forecasts.jsonl"
    known = dict(json.loads(line) for line in kept.read_text().splitlines()) if kept.exists() else {}
    left = [name for name in found if name not in known]
    say(f"{len(left)} forecasts, about a minute each")
    for name in left:
        words = [sys.executable, "-m", "benchmarks.forecasts", str(work), "--parts", str(work / "parts" / name)]
        ran = run_process([*words, "--seed", str(found[name][0]["seed"])], home=work / "home")
        known[name] = json.loads(ran.stdout)
        with kept.open("a", encoding="utf-8") as file:
            file.write(json.dumps([name, known[name]]) + "\n")
    rows = [judged(*pair, known[name]) for name, pair in found.items()]
    for row in rows:
        said = f"{row['low']:.1f} to {row['high']:.1f}, {row['gain']:.1f} on test pictures"
        say(f"{row['dataset']} {row['per_class']} {row['seed']}: {said}")
    tried = [row for row in rows if row["pictures"]]
    print_document(
        {
            "measured": measured_now(),
            "forecasts": rows,
            "right": sum(row["right"] for row in tried),
            "in_range": sum(row["in_range"] for row in tried),
            "of": len(tried),
            "median_share_of_time": statistics.median(row["share_of_time"] for row in tried) if tried else None,
        }
    )


if __name__ == "__main__":
    main()
