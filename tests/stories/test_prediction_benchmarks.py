"""The scripts that time prediction work, on few and tiny pictures; what they measure then means nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs import PATIENCE, json_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(tiny_dataset, tmp_path) -> Path:
    folder = tmp_path / "run"
    json_of("train", tiny_dataset, "--out", folder, "--image-size", "71")
    return folder


def printed(script: str, *words: str | Path) -> str:
    as_module = [] if script.endswith(".py") else ["-m"]
    command = [sys.executable, *as_module, script, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_many_pictures_and_one(run, tiny_dataset):
    many = json.loads(printed("benchmarks.prediction", "many", run, tiny_dataset, "--pictures", "5", "--repeats", "1"))
    assert many["pictures"] == 5
    assert many["ratio"] == pytest.approx(many["job_images_per_second"] / many["bare_images_per_second"])
    picture = next(tiny_dataset.rglob("*.png"))
    one = json.loads(printed("benchmarks.prediction", "one", run, picture, "--repeats", "1"))
    medians = one["median_seconds"]
    assert one["ratios"]["to_plain_litert"] == pytest.approx(medians["predict"] / medians["plain_litert"])


def test_the_plain_script_says_what_the_program_says(run, tiny_dataset):
    picture = next(tiny_dataset.rglob("*.png"))
    (said,) = json_of("predict", run, picture)
    name, probability = printed("benchmarks/plain_litert.py", run, picture).split()
    assert name == said["predictions"][0]["class"]
    assert float(probability) == pytest.approx(said["predictions"][0]["probability"], abs=1e-2)


def test_drops_on_the_window(run, tiny_dataset):
    found = json.loads(printed("benchmarks.drop", run, tiny_dataset, "--repeats", "1", "--fresh", "1"))
    medians = found["median_seconds"]
    assert found["of_the_window"]["opened"] == pytest.approx(medians["window"] - medians["engine"])


@pytest.mark.openvino
def test_both_runtimes(tiny_dataset):
    figures = json.loads(printed("benchmarks.runtimes", tiny_dataset, "5"))
    assert figures["tested"] == 2
    assert figures["apart"]["largest"] < 1e-2
