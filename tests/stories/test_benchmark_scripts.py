"""The benchmarks still run: each script on next to nothing, one command for all of them. No figure is judged."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.report import render
from benchmarks.run_all import read_results
from tests.programs import json_of
from xception_gui.domain.architecture import XCEPTION
from xception_gui.samples.sample_set import write_sample_set

STAGES = [
    *(f"roads.{kind}" for kind in ("split", "quick", "whole", "accuracy", "tutorial", "guide", "tutorial-recipe")),
    *("embedding", "saving", "inception", "growth", "window-start", "window-gaps", "gpu"),
]
PATIENCE = 900  # seconds, for a slow machine


@pytest.fixture(scope="module")
def roads(tmp_path_factory) -> Path:
    samples = write_sample_set(tmp_path_factory.mktemp("samples"), per_class=4)
    return samples.dataset.rename(samples.dataset.with_name("roads"))


def run_all(roads: Path, place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    places = ["--results", str(place / "results"), "--report", str(place / "RESULTS.md")]
    command = [sys.executable, "-m", "benchmarks.run_all", str(roads), "--tiny", *places, *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)


@pytest.fixture(scope="module")
def place(roads, tmp_path_factory) -> Path:
    """Where all stages have run."""
    place = tmp_path_factory.mktemp("benchmarks")
    done = run_all(roads, place, "--only", *STAGES)
    assert done.returncode == 0, done.stderr
    return place


def test_every_script_prints_what_it_found_and_on_what(place):
    results = read_results(place / "results")
    assert sorted(results) == sorted(STAGES)
    for result in results.values():
        assert result["measured"]["machine"]["versions"]["xception-gui"]
        assert 0 <= result["measured"]["stolen"] < 1
    report = (place / "RESULTS.md").read_text(encoding="utf-8")
    assert report == render(results)
    assert "## Time to accuracy: roads" in report
    assert str(place) not in report


def test_all_contestants_have_the_programs_own_split(place, roads, tmp_path):
    split = json.loads((place / "results" / "roads.split.json").read_text(encoding="utf-8"))
    json_of("train", roads, "--out", tmp_path / "run", "--max-per-class", "3", "--image-size", "71")
    record = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    for part in ("train", "val"):
        assert [path for path, _ in split[part]] == [str(roads / path) for path, *_ in record["split"][part]]
    assert (len(split["train"]), len(split["val"])) == (6, 3)


def test_every_evaluation_has_its_time(place):
    results = read_results(place / "results")
    runs = [results["roads.tutorial"], results["roads.guide"], *results["roads.tutorial-recipe"]["cold"]]
    runs += results["roads.quick"]["cold"] + results["roads.quick"]["warm"]
    for run in runs:
        seconds = [one["seconds"] for one in run["evaluations"]]
        assert seconds
        assert seconds[0] > 0
        assert seconds == sorted(seconds)
        assert all(0 <= one["val_accuracy"] <= 1 and one["val_loss"] > 0 for one in run["evaluations"])
    assert results["roads.tutorial-recipe"]["cold"][0]["epochs"][0]["images"] == 6


def test_multiply_adds_are_those_that_are_published(place):
    from benchmarks.multiply_adds import multiply_adds
    from xception_gui.finetune.architectures.build import build_classifier

    assert multiply_adds(build_classifier(XCEPTION, 299, (14,), 1000)) == pytest.approx(8.4e9, rel=0.01)
    found = json.loads((place / "results" / "inception.json").read_text(encoding="utf-8"))["networks"]
    assert found["xception"]["multiply_adds"] > found["inception_v3"]["multiply_adds"] > 1e8


def test_what_is_there_is_not_measured_again_unless_asked_for(place, roads):
    def times() -> dict[str, int]:
        return {path.stem: path.stat().st_mtime_ns for path in (place / "results").glob("*.json")}

    before = times()
    assert run_all(roads, place, "--only", *STAGES).returncode == 0
    assert times() == before
    assert run_all(roads, place, "--again", "roads.split").returncode == 0
    assert [name for name, time in times().items() if time != before[name]] == ["roads.split"]


def test_a_stage_that_cannot_run_is_told_and_the_others_run(roads, tmp_path):
    done = run_all(roads, tmp_path, "--only", "roads.split", "roads.guide", "growth")
    assert done.returncode == 1
    assert "roads.guide needs the results of stages that haven't run: roads.tutorial" in done.stderr
    assert sorted(read_results(tmp_path / "results")) == ["growth", "roads.split"]
    assert "Not measured" in (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert run_all(roads, tmp_path, "--only", "rain").returncode == 2


def test_the_stages_can_be_listed(place, roads):
    done = run_all(roads, place, "--list")
    assert done.returncode == 0
    assert "there  growth" in done.stdout.splitlines()
    assert "-      roads.fine-tune" in done.stdout.splitlines()
