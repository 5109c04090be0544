"""Times one picture from a cold `predict` process, beside a plain Keras script that opens the same model, exported.

    .venv/bin/python -m benchmarks.first_prediction RUN PICTURE [--repeats 7]

The program's cache is empty each time: the picture is read, decoded and passed through the network. A third process only
imports Keras.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.printing import print_document, say
from benchmarks.processes import PROGRAM, ROOT, run_process


def main() -> None:
    parser = argparse.ArgumentParser(description="Time one picture from a cold start.")
    parser.add_argument("run")
    parser.add_argument("picture")
    parser.add_argument("--repeats", type=int, default=7)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        model = str(Path(place) / "model.keras")
        run_process([*PROGRAM, "export", arguments.run, "--format", "keras", "--out", model], home=Path(place))
        commands = {
            "predict": [*PROGRAM, "predict", arguments.run, arguments.picture],
            "plain_keras": [sys.executable, str(ROOT / "benchmarks" / "plain_keras.py"), model, arguments.picture],
            "import_keras": [sys.executable, "-c", "import keras"],
        }
        for command in commands.values():
            _seconds(command)  # warms the disk cache
        times = {name: [] for name in commands}
        for _ in range(arguments.repeats):
            for name, command in commands.items():
                times[name].append(_seconds(command))
    medians = {name: statistics.median(seconds) for name, seconds in times.items()}
    say(", ".join(f"{name} {seconds:.2f} s" for name, seconds in medians.items()))
    print_document({"repeats": arguments.repeats, "seconds": medians, "all_seconds": times})


def _seconds(command: list[str]) -> float:
    """Time a process that starts with an empty cache."""
    with tempfile.TemporaryDirectory() as home:
        return run_process(command, home=Path(home)).seconds


if __name__ == "__main__":
    main()
