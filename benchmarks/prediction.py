"""Times `predict`: many pictures against the bare runtime, and one from a cold start against plain scripts.

    .venv/bin/python -m benchmarks.prediction many RUN PICTURES [--pictures 500] [--repeats 3]
    .venv/bin/python -m benchmarks.prediction one RUN PICTURE [--keras] [--repeats 5]

`many` alternates, in one process, between the bare runtime on decoded pixels and the job on files, without embeddings
in the cache. `one` alternates between new processes, also without embeddings in the cache.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.printing import print_document
from benchmarks.processes import PROGRAM, run_process
from xception_gui.data.pictures.open_picture import decode
from xception_gui.data.sources.walker import files_below
from xception_gui.domain.messages.base import Finished, Message
from xception_gui.domain.messages.using import PredictRequest
from xception_gui.inference.classifier import Classifier
from xception_gui.jobs import run_job
from xception_gui.jobs.reporting import never
from xception_gui.paths import HOME_VARIABLE, cache_folder

HERE = Path(__file__).resolve().parent
KEPT = ("compiled", "runtimes.json")
"""Entries of the cache that aren't embeddings."""


def many(run: Path, folder: Path, pictures: int, repeats: int) -> dict[str, object]:
    """Compare the job with the bare runtime, in pictures per second."""
    files = [Path(file) for file in files_below(folder)[0][:pictures]]
    classifier = Classifier.open(run)
    backbone = classifier.embedder.open_backbone()
    pixels = [decode(file.read_bytes(), classifier.record.image_size) for file in files]

    def bare() -> None:
        for picture in pixels:
            backbone.embed(picture)

    def job() -> None:
        ends: list[Message] = []
        run_job(PredictRequest(str(run), tuple(map(str, files))), ends.append, never)
        assert isinstance(ends[-1], Finished) and ends[-1].result.pictures == len(files), ends[-1]

    seconds = in_turns({"bare": bare, "job": job}, repeats)
    rates = {f"{name}_images_per_second": len(files) / statistics.median(times) for name, times in seconds.items()}
    return {
        "pictures": len(files),
        "runtime": backbone.runtime,
        **rates,
        "ratio": rates["job_images_per_second"] / rates["bare_images_per_second"],
        "seconds": seconds,
    }


def one(run: Path, picture: Path, *, with_keras: bool, repeats: int) -> dict[str, object]:
    """Compare a cold `predict` process with plain scripts, in seconds."""
    commands = {
        "predict": [*PROGRAM, "predict", str(run), str(picture)],
        "plain_litert": [sys.executable, str(HERE / "plain_litert.py"), str(run), str(picture)],
    }
    if with_keras:
        commands["plain_keras"] = [sys.executable, str(HERE / "plain_keras.py"), str(run), str(picture)]

    def process(command: list[str]) -> Callable[[], object]:
        return lambda: run_process(command)

    seconds = in_turns({name: process(command) for name, command in commands.items()}, repeats)
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    return {
        "runtime": Classifier.open(run).embedder.runtime,
        "median_seconds": medians,
        "ratios": {f"to_{name}": medians["predict"] / medians[name] for name in commands if name != "predict"},
        "seconds": seconds,
    }


def in_turns(work: dict[str, Callable[[], object]], repeats: int) -> dict[str, list[float]]:
    """Time each piece of work `repeats` times, in turns, after one warm-up turn."""
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(repeats + 1):
        for name, do in work.items():
            forget_embeddings()
            began = time.perf_counter()
            do()
            seconds[name].append(time.perf_counter() - began)
    return {name: times[1:] for name, times in seconds.items()}


def forget_embeddings() -> None:
    """Delete everything from the cache but what the first start on a machine creates."""
    for path in cache_folder().glob("*"):
        if path.name not in KEPT:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["many", "one"])
    parser.add_argument("run", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--pictures", type=int, default=500)
    parser.add_argument("--repeats", type=int)
    parser.add_argument("--keras", action="store_true")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ[HOME_VARIABLE] = home
        if words.what == "many":
            figures = many(words.run, words.picture, words.pictures, words.repeats or 3)
        else:
            figures = one(words.run, words.picture, with_keras=words.keras, repeats=words.repeats or 5)
    print_document(figures)


if __name__ == "__main__":
    main()
