"""`demo` and `doctor`: what somebody tries first."""

import json
import os
from pathlib import Path

import pytest
from PIL import Image

from tests.programs import json_of, run_program


@pytest.fixture
def no_display(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


def test_the_demo_shows_what_it_found_how_well_it_learned_and_predictions(no_display):
    done = run_program("demo")
    assert done.returncode == 0, done.stderr
    assert "The demo stays in the terminal. No display was found." in done.stdout
    pages = Path(os.environ["XCEPTION_GUI_HOME"]) / "data" / "models" / "road scenes - pages"
    assert str(pages) in done.stdout
    for page in ("start.png", "results.png", "predict.png"):
        with Image.open(pages / page) as picture:
            assert picture.width >= 1280 and len(picture.convert("RGB").getcolors(1 << 24)) > 1000, page
    assert "Found 300 pictures in 3 classes: busy 100, clear 100, jammed 100." in done.stderr
    for words in ("accuracy", "log loss", "Predicted (columns) vs. actual (rows)", "scene-1.jpg: "):
        assert words in done.stdout
    measured = json_of("evaluate", pages.with_name("road scenes"))
    assert 0.9 <= measured["accuracy"] < 1  # there are mistakes to look at, and few
    again = run_program("demo", "--headless")
    assert again.returncode == 0, again.stderr
    assert "road scenes 2" in again.stdout


def test_the_doctor_says_what_is_there_and_that_it_works():
    examination = json_of("doctor")
    assert examination["ok"] is True
    assert examination["network_used"] is False
    assert examination["devices"][0]["kind"] == "cpu"
    assert examination["precision"] in ("float32", "bfloat16", "float16")  # whatever is fastest here
    assert {"xception-gui", "python", "keras", "tensorflow", "numpy"} <= examination["versions"].keys()
    assert examination["folders"]["data"].startswith(os.environ["XCEPTION_GUI_HOME"])
    text = run_program("doctor")
    assert text.returncode == 0
    assert "FAILED" not in text.stdout


def test_the_window_says_why_it_cannot_open(no_display, tmp_path):
    for words in ([], [tmp_path]):
        done = run_program(*words)
        assert done.returncode == 1
        assert done.stderr.startswith("xception-gui: The window can't open. No display was found.")


def test_wrong_words_are_usage_errors(tmp_path):
    for words in (["fly"], ["train", "x"], ["predict", "x"], ["export", "x", "--format", "docx", "--out", "y"]):
        done = run_program(*words)
        assert done.returncode == 2, words
        assert "usage" in done.stderr


def test_fields_that_a_recipe_does_not_have_are_refused(tmp_path):
    refused = {
        ("--epochs", "3"): "epochs",
        ("--augment", "none"): "augment",
        ("--precision", "float32"): "precision",
        ("--early-stopping", "2"): "early stopping",
        ("--class-weights",): "class weights",
        ("--weights", "none"): "random weights",
        ("--image-size", "70"): "71",
        ("--val-fraction", "1.5"): "between 0 and 1",
        ("--max-per-class", "1"): "2 or more",
        ("--seed", "-1"): "Seed must be",
    }
    for words, why in refused.items():
        done = run_program("train", tmp_path, "--out", tmp_path / "run", *words)
        assert done.returncode == 2, words
        assert why in done.stderr
    assert not (tmp_path / "run").exists()
    done = run_program("train", tmp_path, "--out", tmp_path / "run", "--recipe", "tutorial", "--learning-rate", "0")
    assert done.returncode == 2
    assert json.dumps(done.stdout) == '""'
