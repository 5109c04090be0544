"""Times training steps of the program's Xception beside timm's, in turns.

    .venv/bin/python -m benchmarks.xception_steps PYTHON [--image-size 299] [--batch-size 16] [--rounds 3]

PYTHON is the Python of an environment with `torch` (its build for processors) and `timm`, without torchvision: see
`timm_steps.py`. All weights are trained, in both precisions; and, as Fine-tune does it, blocks 5 to 14 alone, at 224
and 299 pixels. Don't let anything else run meanwhile.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.machine import measured_now
from benchmarks.printing import print_document, say
from benchmarks.processes import ROOT, run_process
from xception_gui.domain.recipe import Precision, Preset, make_recipe

STEPS = 5


def seconds_of_steps(preset: Preset, precision: Precision, size: int, batch: int) -> list[float]:
    """Take training steps of a preset on random pictures in this process; the first two, which compile, don't count."""
    import numpy as np

    from xception_gui import paths
    from xception_gui.domain.architecture import XCEPTION
    from xception_gui.finetune.network import starting_network
    from xception_gui.finetune.steps import training_step
    from xception_gui.finetune.training import compile_network, freeze

    training = make_recipe(preset, precision=precision).hyperparameters
    network = starting_network(
        XCEPTION, size, training.head_blocks, 6, weights=paths.shipped_weights(), precision=precision
    )
    freeze(network, training)
    compile_network(network, training)
    step = training_step(network)
    pictures = np.random.default_rng(0).integers(0, 256, (batch, size, size, 3), np.uint8)
    truth = np.eye(6, dtype=np.float32)[np.arange(batch) % 6]
    seconds = []
    for _ in range(2 + STEPS):
        began = time.monotonic()
        step(pictures, truth, np.ones(batch, np.float32))
        seconds.append(time.monotonic() - began)
    return seconds[2:]


def main() -> None:
    parser = argparse.ArgumentParser(description="Time steps beside timm's Xception.")
    parser.add_argument("python", type=Path, help="of an environment with torch and timm")
    parser.add_argument("--image-size", type=int, default=299)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs=3, help=argparse.SUPPRESS)  # preset, precision, size: in a process of its own
    given = parser.parse_args()
    if given.only:
        preset, precision, size = given.only
        found = seconds_of_steps(Preset(preset), Precision(precision), int(size), given.batch_size)
        print_document({"seconds": found})
        return
    print_document(measure(given.python, given.image_size, given.batch_size, given.rounds))


def measure(python: Path, size: int, batch: int, rounds: int) -> dict[str, Any]:
    """Time all contestants in turns: the median seconds of a picture in a step."""

    def ours(preset: Preset, precision: str, pixels: int) -> Callable[[], dict[str, Any]]:
        words = [sys.executable, "-m", "benchmarks.xception_steps", str(python), "--batch-size", str(batch)]
        return lambda: json.loads(run_process([*words, "--only", preset, precision, str(pixels)]).stdout)

    def timms(precision: str) -> Callable[[], dict[str, Any]]:
        words = [str(python), str(ROOT / "benchmarks" / "timm_steps.py"), "--precision", precision]
        words += ["--image-size", str(size), "--batch-size", str(batch), "--steps", str(STEPS)]
        return lambda: json.loads(run_process(words).stdout)

    contestants = {}
    for precision in ("float32", "bfloat16"):
        contestants[f"timm, {precision}"] = timms(precision)
        contestants[f"Xception GUI, {precision}"] = ours(Preset.TUTORIAL, precision, size)
        contestants[f"Fine-tune, {precision}"] = ours(Preset.FINE_TUNE, precision, size)
        contestants[f"Fine-tune at 224 pixels, {precision}"] = ours(Preset.FINE_TUNE, precision, 224)
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    versions: dict[str, str] = {}
    for number in range(rounds):
        for name, run in contestants.items():
            found = run()
            seconds[name].append(statistics.median(found.pop("seconds")) / batch)
            versions |= found
            say(f"round {number + 1}, {name}: {1000 * seconds[name][-1]:.0f} ms a picture")
    medians = {name: statistics.median(found) for name, found in seconds.items()}
    return {
        "measured": measured_now(),
        "image_size": size,
        "batch_size": batch,
        "versions": versions,
        "seconds_per_picture": medians,
    }


if __name__ == "__main__":
    main()
