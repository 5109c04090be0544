"""Finished runs for tests: one of each kind, trained by the real program, once for all workers.

A test that changes a run must copy it first. The pictures stay where they are.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from tests.conftest import RED_AND_BLUE, draw_dataset
from tests.killed_training import train_until
from tests.programs import json_of
from xception_gui.runs.run_folder import RunFolder
from xception_gui.samples.sample_set import SampleSet, write_sample_set

SIZE = 96
"""Picture size of the runs on the samples: small pictures are embedded fast, and suffice."""

SEED = 1
"""Seed of the samples: with these few pictures, Fine-tune beats Quick."""

MakeOnce = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def make_once(tmp_path_factory: pytest.TempPathFactory) -> MakeOnce:
    """Return a function that makes a folder: the first worker makes it, the others wait for that."""
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent

    def folder_of(name: str, make: Callable[[Path], object]) -> Path:
        folder, made = place / name, place / f"{name}.made"
        with FileLock(place / f"{name}.lock"):
            if not made.exists():
                shutil.rmtree(folder, ignore_errors=True)  # left by a worker that failed
                make(folder)
                made.touch()
        return folder

    return folder_of


@pytest.fixture(scope="session")
def colours(make_once: MakeOnce) -> Path:
    """Two classes of eight pictures, red and blue."""
    return make_once("colours", lambda folder: draw_dataset(folder, RED_AND_BLUE, count=8))


@pytest.fixture(scope="session")
def colours_run(make_once: MakeOnce, colours: Path) -> Path:
    """A Quick run of the colours, at 71 pixels."""
    return make_once("colours run", lambda folder: json_of("train", colours, "--out", folder, "--image-size", "71"))


@pytest.fixture(scope="session")
def interrupted_run(make_once: MakeOnce, colours: Path) -> Path:
    """A Fine-tune run of the colours with the short network, killed in its second step."""
    return make_once("interrupted run", lambda folder: train_until("1:2", colours, folder, "fine-tune"))


@pytest.fixture(scope="session")
def samples(make_once: MakeOnce) -> SampleSet:
    """Eight road scenes of each class, and the new ones."""
    folder = make_once("samples", lambda folder: write_sample_set(folder, per_class=8, seed=SEED))
    return write_sample_set(folder, per_class=8, seed=SEED)  # the pictures exist


@pytest.fixture(scope="session")
def quick_run(make_once: MakeOnce, samples: SampleSet) -> Path:
    """A Quick run of the samples."""
    words = ("--image-size", str(SIZE), "--seed", "3")
    return make_once("quick run", lambda folder: json_of("train", samples.dataset, "--out", folder, *words))


@pytest.fixture(scope="session")
def fine_tuned_run(make_once: MakeOnce, samples: SampleSet) -> Path:
    """A Fine-tune run of the samples. The embeddings are poor at this size, so some epochs beat Quick's model."""
    words = ("--recipe", "fine-tune", "--epochs", "5", "--batch-size", "4", "--learning-rate", "3e-5")
    words = (*words, "--warm-up", "0", "--layer-decay", "1", "--first-trainable-block", "1", "--augment", "flips")
    words = (*words, "--image-size", str(SIZE))
    return make_once("fine-tuned run", lambda folder: json_of("train", samples.dataset, "--out", folder, *words))


@pytest.fixture(scope="session")
def tutorial_run(make_once: MakeOnce, samples: SampleSet) -> Path:
    """A run whose network Keras trained, with a head on block 14 alone."""
    words = ("--recipe", "tutorial", "--weights", "none", "--epochs", "1", "--max-per-class", "4")
    words = (*words, "--image-size", str(SIZE))
    return make_once("tutorial run", lambda folder: json_of("train", samples.dataset, "--out", folder, *words))


def copy_of(run: Path, place: Path) -> RunFolder:
    """Copy a run into a folder, where it can be changed."""
    return RunFolder(Path(shutil.copytree(run, place / "run")))
