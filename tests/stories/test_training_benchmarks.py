"""The benchmarks of training still run, on next to nothing. No figure is judged, but for what can't differ."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.precision import relative_differences
from benchmarks.printing import last_document
from tests.programs import PATIENCE

ROOT = Path(__file__).resolve().parents[2]


def document_of(script: str, *words: object) -> dict:
    command = [sys.executable, "-m", f"benchmarks.{script}", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return last_document(done.stdout)


def test_an_epoch_is_compared_with_the_bare_step(tiny_dataset):
    words = ("--image-size", 71, "--batch-size", 4, "--pictures", 8, "--pairs", 1, "--augment", "gentle")
    found = document_of("training", tiny_dataset, *words)
    assert found["pictures"] == 8 and found["precision"] == "float32"
    assert found["share_of_bare"] == pytest.approx(found["images_per_second"] / found["bare_images_per_second"])


def test_two_precisions_are_compared(tiny_dataset):
    words = ("--image-size", 71, "--batch-size", 4, "--steps", 3, "--random-weights")
    found = document_of("precision", tiny_dataset, *words)
    assert {name: len(losses) for name, losses in found["losses"].items()} == {"float32": 3, "bfloat16": 3}
    assert found["largest_relative_difference"] < 0.2
    assert found["gain"] > 0 and set(found["steps_per_second"]) == {"float32", "bfloat16"}


def test_curves_are_compared_smoothed():
    assert relative_differences([2.0, 2.0], [2.0, 2.0]) == [0, 0]
    assert relative_differences([2.0, 2.0], [3.0, 2.0]) == pytest.approx([0.5, 0.5 * 0.9 / 1.9])
