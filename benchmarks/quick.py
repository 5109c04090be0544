"""Times Quick on a whole data set, from process start to end: with an empty cache (cold) and with a full one (warm).

    .venv/bin/python -m benchmarks.quick DATASET [--cold 1] [--warm 7] [--keep RUN]

Before and after each cold training, the bare runtime is timed on constant pixels: the least time that embedding takes.
"""

import argparse
import json
import shutil
import statistics
import tempfile
from pathlib import Path

from benchmarks.bare import BareBackbone
from benchmarks.printing import print_document, say
from benchmarks.processes import PROGRAM, Ran, run_process
from xception_gui import paths
from xception_gui.data.pool import usable_cores

BARE_PICTURES = 40


def main() -> None:
    parser = argparse.ArgumentParser(description="Time Quick on a whole data set.")
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--cold", type=int, default=1)
    parser.add_argument("--warm", type=int, default=7)
    parser.add_argument("--image-size", type=int, default=299)
    parser.add_argument("--keep", type=Path, help="keep the last model in this folder, replacing an earlier one")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        trained = iter(Path(place) / f"run-{number}" for number in range(arguments.cold + arguments.warm))

        def train(home: Path) -> Ran:
            words = ["train", str(arguments.dataset), "--out", str(next(trained))]
            return run_process([*PROGRAM, *words, "--image-size", str(arguments.image_size), "--json"], home=home)

        cold, warm = [], []
        for number in range(arguments.cold):
            home = Path(place) / f"home-{number}"
            before = _bare_seconds(arguments.image_size)
            ran = train(home)
            bare = statistics.mean([before, _bare_seconds(arguments.image_size)])
            cold.append({"seconds": ran.seconds, "peak_mb": ran.peak_mb, "bare_seconds_per_picture": bare})
            say(f"cold: {ran.seconds:.1f} s; bare runtime {bare * 1000:.1f} ms per picture")
        for _ in range(arguments.warm):
            ran = train(home)
            warm.append({"seconds": ran.seconds, "peak_mb": ran.peak_mb})
            say(f"warm: {ran.seconds:.2f} s")
        result = json.loads(ran.stdout)
        if arguments.keep is not None:
            if (arguments.keep / "run.json").is_file():  # anything but a model is kept, and copying fails
                shutil.rmtree(arguments.keep)
            arguments.keep.parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(result["run"], arguments.keep)
    print_document(
        {
            "dataset": arguments.dataset.name,
            "pictures": result["train_images"] + result["val_images"],
            "val_accuracy": result["val_accuracy"],
            "val_log_loss": result["val_log_loss"],
            "cold": cold,
            "warm": warm,
        }
    )


def _bare_seconds(image_size: int) -> float:
    bare = BareBackbone(paths.shipped_backbone(), image_size, usable_cores())
    bare.seconds_per_picture(3)
    return bare.seconds_per_picture(BARE_PICTURES)


if __name__ == "__main__":
    main()
