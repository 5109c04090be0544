"""Times one picture from a cold `predict` process, beside a process that only imports Keras.

    .venv/bin/python benchmarks/first_prediction.py RUN PICTURE

The picture is taken out of the cache before each time: it is read, decoded and passed through the network.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

from machine import describe

REPEATS = 7


def seconds(command: list[str]) -> float:
    """Time a process that starts with an empty cache."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "XCEPTION_GUI_HOME": home}
        began = time.monotonic()
        subprocess.run(command, check=True, capture_output=True, env=environment)
        return time.monotonic() - began


def main() -> None:
    run, picture = sys.argv[1:]
    commands = {
        "predict": [sys.executable, "-m", "xception_gui", "predict", run, picture],
        "import keras": [sys.executable, "-c", "import keras"],
    }
    for command in commands.values():
        seconds(command)  # warms the disk cache
    times = {name: [seconds(command) for _ in range(REPEATS)] for name, command in commands.items()}
    print(describe())
    for name, measured in times.items():
        print(
            f"{name}: median {statistics.median(measured):.2f} s of {REPEATS} ({min(measured):.2f}–{max(measured):.2f})"
        )
    print(f"ratio: {statistics.median(times['predict']) / statistics.median(times['import keras']):.3f}")


if __name__ == "__main__":
    main()
