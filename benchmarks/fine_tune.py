"""Compares Fine-tune with Quick: both learn from the same few pictures and are tested on all others.

    .venv/bin/python -m benchmarks.fine_tune WORK DATASET … [--per-class 80] [--seeds 1 2 3] [--apart]
    .venv/bin/python -m benchmarks.fine_tune WORK DATASET … --contestant slow="--recipe fine-tune --epochs 30"
    .venv/bin/python -m benchmarks.fine_tune WORK DATASET … --script fastai="fastai --no-flips"

Each training is one line in WORK/trainings.jsonl, and its probabilities are kept: a call that was interrupted, or that
asks for more, goes on from there. Differences to Quick are paired: 95 % intervals from a bootstrap over test pictures
and seeds. A script (`plain_fine_tuning.py`) gets the time that Fine-tune took on the same parts. Don't let anything
else run meanwhile.
"""

import argparse
import json
import shlex
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.machine import measured_now
from benchmarks.parts import Kind, pictures_of, write_parts
from benchmarks.printing import print_document, say
from benchmarks.processes import PROGRAM, ROOT, run_process
from xception_gui.domain import metrics
from xception_gui.inference.classifier import Classifier

WEIGHTS = ROOT / "models" / "xception_imagenet_notop.weights.h5"


@dataclass(frozen=True, slots=True)
class Contestant:
    """The program with a recipe, or a script."""

    name: str
    options: str  # of `train`, or of `plain_fine_tuning.py`
    is_script: bool = False


QUICK = Contestant("quick", "--recipe quick")
"""The contestant that the others are compared with."""

FINE_TUNE = Contestant("fine-tune", "--recipe fine-tune")
"""The one whose time scripts get."""

RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Tested:
    """What a model said about the test pictures."""

    probabilities: NDArray[np.float32]  # (N, classes)
    labels: NDArray[np.int64]  # (N,)

    @classmethod
    def read(cls, path: Path) -> "Tested":
        """Read what was written with `np.savez`."""
        with np.load(path) as found:
            return cls(found["probabilities"], found["labels"])

    @property
    def right(self) -> NDArray[np.float64]:
        """1 for each picture whose class has the highest probability, else 0."""
        return (self.probabilities.argmax(axis=1) == self.labels).astype(np.float64)

    @property
    def losses(self) -> NDArray[np.float64]:
        """The log loss of each picture."""
        return metrics.log_losses(self.probabilities, self.labels)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The folder of all trainings: a line for each, and what its model said."""

    work: Path

    @property
    def lines(self) -> dict[str, dict[str, Any]]:
        """The line of each training, by its key."""
        path = self.work / "trainings.jsonl"
        found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
        return {line["key"]: line for line in found}

    def add(self, line: dict[str, Any], tested: Tested) -> None:
        """Write a training down."""
        self._of(line["key"]).parent.mkdir(parents=True, exist_ok=True)
        np.savez(self._of(line["key"]), probabilities=tested.probabilities, labels=tested.labels)
        with (self.work / "trainings.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def tested(self, key: str) -> Tested:
        """Read what a model said."""
        return Tested.read(self._of(key))

    def _of(self, key: str) -> Path:
        return self.work / "said" / f"{key}.npz"


def key_of(kind: Kind, contestant: Contestant) -> str:
    """Return the key of a training's line."""
    return f"{kind.name}.{contestant.name}"


def train_and_test(kind: Kind, contestant: Contestant, ledger: Ledger) -> None:
    """Train on the parts of a data set, and test the model."""
    parts = write_parts(kind, ledger.work / "parts")
    began = time.monotonic()
    if contestant.is_script:
        tested, figures = _train_with_script(kind, contestant, parts, ledger)
    else:
        tested, figures = _train_with_program(kind, contestant, parts, ledger)
    line = {
        "key": key_of(kind, contestant),
        "dataset": kind.dataset.name,
        "per_class": kind.per_class,
        "seed": kind.seed,
        "apart": kind.apart,
        "contestant": contestant.name,
        "options": contestant.options,
        "seconds": time.monotonic() - began,
        **figures,
        "accuracy": float(tested.right.mean()),
        "log_loss": float(tested.losses.mean()),
        "pictures": len(tested.labels),
    }
    ledger.add(line, tested)
    say(f"{line['key']}: {line['seconds']:.0f} s, test {line['accuracy']:.3f} / {line['log_loss']:.3f}")


def _train_with_program(
    kind: Kind, contestant: Contestant, parts: Path, ledger: Ledger
) -> tuple[Tested, dict[str, Any]]:
    run, home = ledger.work / "models" / key_of(kind, contestant), ledger.work / "home"
    shutil.rmtree(run, ignore_errors=True)  # of a training that was interrupted
    words = [*PROGRAM, "train", str(parts), "--out", str(run), "--seed", str(kind.seed)]
    began = time.monotonic()
    run_process([*words, *shlex.split(contestant.options), "--json"], home=home)
    seconds = time.monotonic() - began
    classifier = Classifier.open(run)
    found = classifier.record.figures
    assert found is not None
    figures = {
        "seconds": seconds,  # without the test
        "best_epoch": found.best_epoch,
        "val_accuracy": found.val_accuracy,
        "val_log_loss": found.val_log_loss,
    }
    return _test(classifier, parts / "test"), figures


def _train_with_script(
    kind: Kind, contestant: Contestant, parts: Path, ledger: Ledger
) -> tuple[Tested, dict[str, Any]]:
    peer = ledger.lines[key_of(kind, FINE_TUNE)]
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said.npz"
        schedule, *options = shlex.split(contestant.options)
        words = [sys.executable, "-m", "benchmarks.plain_fine_tuning", schedule, str(WEIGHTS), str(parts), *options]
        run_process([*words, "--seconds", str(peer["seconds"]), "--to", str(said)])
        return Tested.read(said), {"seconds": peer["seconds"]}


def _test(classifier: Classifier, folder: Path) -> Tested:
    pictures = sorted(path for path in folder.rglob("*") if path.is_file())
    embedded = list(classifier.embedder.embed(pictures))
    embeddings = np.stack([one.embedding for one in embedded if one.embedding is not None])
    classes = classifier.record.classes
    labels = [classes.index(one.path.parent.name) for one in embedded if one.embedding is not None]
    return Tested(classifier.probabilities(embeddings), np.array(labels))


def paired_interval(
    pairs: Iterable[tuple[NDArray[np.float64], NDArray[np.float64]]], seed: int = 0
) -> tuple[float, float]:
    """Return the 95 % interval of the mean difference, by a bootstrap over seeds and, within each, over pictures.

    Args:
        pairs: for each seed, a figure of each picture for the contestant and for Quick.
        seed: of the bootstrap.
    """
    differences = [ours - quick for ours, quick in pairs]
    random = np.random.default_rng(seed)
    means = []
    for _ in range(RESAMPLES):
        chosen = random.integers(0, len(differences), len(differences))
        means.append(np.mean([_resampled_mean(differences[number], random) for number in chosen]))
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def _resampled_mean(values: NDArray[np.float64], random: np.random.Generator) -> float:
    return float(values[random.integers(0, len(values), len(values))].mean())


def compare(kinds: list[Kind], contestant: Contestant, ledger: Ledger) -> dict[str, Any] | None:
    """Compare a contestant with Quick on the same parts, over seeds; None if something wasn't measured."""
    lines = ledger.lines
    keys = [(key_of(kind, contestant), key_of(kind, QUICK)) for kind in kinds]
    if any(key not in lines for pair in keys for key in pair):
        return None
    tested = [(ledger.tested(ours), ledger.tested(quick)) for ours, quick in keys]
    ours, quick = ([lines[pair[who]] for pair in keys] for who in (0, 1))
    return {
        "dataset": kinds[0].dataset.name,
        "per_class": kinds[0].per_class,
        "apart": kinds[0].apart,
        "contestant": contestant.name,
        "seeds": len(kinds),
        "seconds": statistics.median(line["seconds"] for line in ours),
        "accuracy": statistics.median(line["accuracy"] for line in ours),
        "log_loss": statistics.median(line["log_loss"] for line in ours),
        "quick_accuracy": statistics.median(line["accuracy"] for line in quick),
        "quick_log_loss": statistics.median(line["log_loss"] for line in quick),
        "accuracy_difference": paired_interval((a.right, b.right) for a, b in tested),
        "log_loss_difference": paired_interval((a.losses, b.losses) for a, b in tested),
    }


def tell_budget(left: list[tuple[Kind, Contestant]], ledger: Ledger) -> None:
    """Print how long the rest takes, by the trainings that are there."""
    known: dict[tuple[str, int, str], list[float]] = {}
    for line in ledger.lines.values():
        known.setdefault((line["dataset"], line["per_class"], line["contestant"]), []).append(line["seconds"])
    seconds = [known.get((kind.dataset.name, kind.per_class, one.name)) for kind, one in left]
    told = sum(statistics.median(found) for found in seconds if found)
    unknown = sum(found is None for found in seconds)
    say(f"{len(left)} trainings: {told / 60:.0f} min and {unknown} of unknown length, at most 12 min each")


def main() -> None:
    arguments = _parse()
    contestants = (QUICK, FINE_TUNE, *arguments.contestant, *arguments.script)
    ledger = Ledger(arguments.work.resolve())
    rows = [
        [Kind(dataset.resolve(), per_class, seed, arguments.apart) for seed in arguments.seeds]
        for dataset in arguments.datasets
        for per_class in arguments.per_class
    ]
    wanted = [(kind, one) for kinds in rows for kind in kinds for one in contestants]
    left = [(kind, one) for kind, one in wanted if key_of(kind, one) not in ledger.lines]
    tell_budget(left, ledger)
    for kind, one in left:
        train_and_test(kind, one, ledger)
    compared = [compare(kinds, one, ledger) for kinds in rows for one in contestants if one is not QUICK]
    found = {"comparisons": [one for one in compared if one is not None]}
    print_document({"measured": measured_now(), **found})


def _program(text: str) -> Contestant:
    name, _, options = text.partition("=")
    return Contestant(name, options)


def _script(text: str) -> Contestant:
    name, _, options = text.partition("=")
    return Contestant(name, options, is_script=True)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compare Fine-tune with Quick.")
    parser.add_argument("work", type=Path, metavar="WORK", help="folder of parts, models and results")
    parser.add_argument("datasets", type=Path, nargs="+", metavar="DATASET", help="folders of class folders")
    parser.add_argument("--per-class", type=int, nargs="+", default=[80], help="training pictures a class")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0], help="of the parts")
    parser.add_argument("--apart", action="store_true", help="test on groups that are in no other part")
    parser.add_argument(
        "--contestant",
        type=_program,
        action="append",
        default=[],
        metavar="NAME=OPTIONS",
        help="train with these options too",
    )
    parser.add_argument(
        "--script",
        type=_script,
        action="append",
        default=[],
        metavar="NAME=OPTIONS",
        help="train with plain_fine_tuning.py too",
    )
    given = parser.parse_args()
    for dataset in given.datasets:
        if not pictures_of(dataset):
            parser.error(f"no pictures in folders in {dataset}")
    return given


if __name__ == "__main__":
    main()
