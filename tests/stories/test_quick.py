"""From a folder of pictures to a prediction, with the real weights, as a person does it on the command line."""

import contextlib
import csv
import json
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import draw_picture
from tests.programs import PATIENCE, PROGRAM, WITH_SHORT_NETWORK, json_of, run_program, running
from xception_gui.domain.messages.using import EvaluateRequest, PictureEvaluated
from xception_gui.jobs import run_job
from xception_gui.samples.sample_set import SampleSet, write_sample_set

CLASSES = ["busy", "clear", "jammed"]


@pytest.fixture(scope="module")
def samples(tmp_path_factory) -> SampleSet:
    return write_sample_set(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="module")
def run(samples, tmp_path_factory) -> tuple[Path, dict]:
    folder = tmp_path_factory.mktemp("runs") / "road scenes"
    return folder, json_of("train", samples.dataset, "--out", folder)


def test_quick_learns_the_sample_set(run):
    folder, result = run
    assert result["val_accuracy"] >= 0.90
    assert result == {
        "run": str(folder),
        "recipe": "quick",
        "classes": CLASSES,
        "train_images": 240,
        "val_images": 60,
        "val_accuracy": result["val_accuracy"],
        "val_log_loss": result["val_log_loss"],
        "epochs": None,
        "seconds": result["seconds"],
        "stopped": False,
    }


def test_evaluate_gives_exactly_the_figures_of_the_run(run):
    folder, trained = run
    evaluated = json_of("evaluate", folder)
    assert evaluated["accuracy"] == trained["val_accuracy"]
    assert evaluated["log_loss"] == trained["val_log_loss"]
    assert evaluated["images"] == 60
    assert evaluated["trained_on"] == 0
    assert np.array(evaluated["confusion_matrix"]).sum() == 60
    assert set(evaluated["per_class"]["busy"]) == {"precision", "recall", "f1", "support"}
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert record["figures"]["val_accuracy"] == trained["val_accuracy"]
    assert record["status"] == "finished"


def test_evaluate_tells_what_it_says_about_each_picture(run, samples):
    for given in (None, f"{samples.dataset}/"):
        events = []
        run_job(EvaluateRequest(str(run[0]), given), events.append, lambda: False)
        told = [event for event in events if isinstance(event, PictureEvaluated)]
        result = events[-1].result
        assert len(told) == result.images
        assert all(event.path.startswith(f"{samples.dataset}/{result.classes[event.label]}/") for event in told)
        right = sum(event.ranking[0] == event.label for event in told)
        assert right / len(told) == result.accuracy
        for event in told:
            said = list(event.probabilities)
            assert said == sorted(said, reverse=True)
            assert {result.classes[label] for label in event.ranking} == set(CLASSES)


def test_a_check_shows_pictures_of_each_class_and_counts_those_that_were_looked_at(run, samples):
    given = f"{samples.dataset}//"
    checked = json_of("check", given)
    assert checked["embedded"] == 300
    assert checked["has_parts"] is False
    for name in CLASSES:
        shown = checked["samples"][name]
        assert shown == sorted(set(shown))
        assert len(shown) == 8
        assert all(path.startswith(f"{given}{name}/") and Path(path).is_file() for path in shown)


def test_evaluate_says_how_many_pictures_the_model_has_learned_from(run, samples):
    evaluated = json_of("evaluate", run[0], samples.dataset)
    assert evaluated["images"] == 300
    assert evaluated["trained_on"] == 240


def test_pictures_it_has_never_seen(run, samples, tmp_path):
    (tmp_path / "notes.jpg").write_text("This is no picture.")
    table = tmp_path / "table.csv"
    missing = tmp_path / "missing.jpg"
    pictures = sorted(samples.new_pictures.iterdir())
    words = ["predict", run[0], pictures[3], samples.new_pictures, tmp_path / "notes.jpg", missing]
    found = json_of(*words, "--csv", table, "--top", "2")
    assert [one["path"] for one in found] == [str(p) for p in (pictures[3], *pictures, tmp_path / "notes.jpg", missing)]
    for one in found[:-2]:
        assert one["error"] is None
        first, second = one["predictions"]
        assert first["probability"] >= second["probability"]
        assert first["class"] in CLASSES
    assert all(one["error"] and not one["predictions"] for one in found[-2:])
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["path"] for row in rows] == [one["path"] for one in found]
    assert rows[0]["class"] == found[0]["predictions"][0]["class"]
    assert sum(float(rows[0][name]) for name in CLASSES) == pytest.approx(1, abs=1e-4)


def test_nothing_that_can_be_read_fails_in_words(run, tmp_path):
    (tmp_path / "notes.jpg").write_text("This is no picture.")
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "notes.jpg", tmp_path / "empty", tmp_path / "missing.jpg"):
        done = run_program("predict", run[0], path, "--json")
        assert done.returncode == 1
        assert isinstance(json.loads(done.stdout), list)
        assert done.stderr.splitlines()[-1].startswith("xception-gui: None of these files could be read")


def test_the_same_seed_gives_the_same_run_and_another_seed_another_split(run, samples, tmp_path):
    again = json_of("train", samples.dataset, "--out", tmp_path / "again")
    assert again["val_log_loss"] == run[1]["val_log_loss"]
    json_of("train", samples.dataset, "--out", tmp_path / "other", "--seed", "8")
    splits = [json.loads((path / "run.json").read_text())["split"]["val"] for path in (run[0], tmp_path / "other")]
    assert splits[0] != splits[1]


@pytest.mark.parametrize("verb", ["train", "predict", "evaluate", "check"])
def test_the_whole_process_never_imports_keras_or_tensorflow(verb, run, samples, tmp_path):
    words = {
        "train": ["train", str(samples.dataset), "--out", str(tmp_path / "run")],
        "predict": ["predict", str(run[0]), str(samples.new_pictures)],
        "evaluate": ["evaluate", str(run[0])],
        "check": ["check", str(samples.dataset)],
    }[verb]
    report = tmp_path / "modules.json"
    code = (
        "import json, os, pathlib, sys\n"
        "from xception_gui.__main__ import main\n"
        f"sys.argv = ['xception-gui', *{words!r}]\n"
        "end = os._exit\n"
        "def write_and_end(status):\n"
        f"    pathlib.Path({str(report)!r}).write_text(json.dumps(sorted(sys.modules)))\n"
        "    end(status)\n"
        "os._exit = write_and_end\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    modules = set(json.loads(report.read_text()))
    assert not {"keras", "tensorflow", "PySide6"} & modules


def embedded(home: Path) -> list[tuple[int, int]]:
    """Number and length of all cached embeddings, in the order in which they were computed."""
    file = home / "cache" / "embeddings.sqlite3"
    if not file.exists():
        return []
    with contextlib.closing(sqlite3.connect(file, timeout=PATIENCE)) as cache:
        tables = cache.execute("SELECT count(*) FROM sqlite_master WHERE name = 'blobs'").fetchone()[0]
        return cache.execute("SELECT number, length(data) FROM blobs ORDER BY number").fetchall() if tables else []


def test_pictures_are_embedded_once(run, samples, own_home):
    before = embedded(own_home)
    assert len(before) >= 300
    json_of("evaluate", run[0], samples.dataset)
    assert embedded(own_home) == before


def test_pictures_that_come_later_are_the_only_ones_embedded_then(tiny_dataset, tmp_path, monkeypatch):
    monkeypatch.setenv("XCEPTION_GUI_HOME", str(tmp_path / "home"))
    json_of("train", tiny_dataset, "--out", tmp_path / "first", "--image-size", "71")
    before = embedded(tmp_path / "home")
    for index in range(3):
        draw_picture(tiny_dataset / "red" / f"new-{index}.png", (220, 60, 60), seed=100 + index)
    json_of("train", tiny_dataset, "--out", tmp_path / "second", "--image-size", "71")
    after = embedded(tmp_path / "home")
    assert (after[:16], len(after)) == (before, 19)


def test_a_torn_cache_entry_is_computed_again(tiny_dataset, tmp_path, monkeypatch):
    monkeypatch.setenv("XCEPTION_GUI_HOME", str(tmp_path / "home"))
    trained = json_of("train", tiny_dataset, "--out", tmp_path / "run", "--image-size", "71")
    assert len(embedded(tmp_path / "home")) == 16
    with contextlib.closing(sqlite3.connect(tmp_path / "home" / "cache" / "embeddings.sqlite3")) as cache, cache:
        cache.execute("UPDATE blobs SET data = substr(data, 1, 100)")
    evaluated = json_of("evaluate", tmp_path / "run")
    assert evaluated["log_loss"] == trained["val_log_loss"]
    assert [length for _, length in embedded(tmp_path / "home")].count(2 * 6712) == evaluated["images"]


def test_ctrl_c_while_reading_keeps_a_model_of_what_was_read(samples, tmp_path, monkeypatch):
    monkeypatch.setenv("XCEPTION_GUI_HOME", str(tmp_path / "home"))  # an empty cache: there is much to read
    words = ["train", str(samples.dataset), "--out", str(tmp_path / "run"), "--val-fraction", "0.05", "--json"]
    process = subprocess.Popen([*PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while len(embedded(tmp_path / "home")) < 40:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, err
    result = json.loads(out)
    assert result["stopped"] is True
    assert json.loads((tmp_path / "run" / "run.json").read_text())["status"] == "stopped"
    assert "the model was trained on" in err
    assert json_of("predict", tmp_path / "run", samples.new_pictures)[0]["error"] is None


def test_ctrl_c_before_anything_was_learned_leaves_nothing(samples, tmp_path, monkeypatch):
    monkeypatch.setenv("XCEPTION_GUI_HOME", str(tmp_path / "home"))
    words = ["train", str(samples.dataset), "--out", str(tmp_path / "run"), "--json"]
    process = subprocess.Popen([*PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while len(embedded(tmp_path / "home")) < 3:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert out == ""
    assert "Stopped before there was anything to keep" in err
    assert not (tmp_path / "run").exists()


def test_ctrl_c_right_after_a_line_of_progress(tiny_dataset, tmp_path):
    words = ["train", str(tiny_dataset), "--out", str(tmp_path / "run"), "--recipe", "tutorial", "--weights", "none"]
    words += ["--image-size", "71", "--epochs", "1000", "--json"]
    with running([*WITH_SHORT_NETWORK, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        for line in process.stderr:
            if line.startswith("Epoch 1"):
                process.send_signal(signal.SIGINT)
                break
        rest = process.stderr.read()
        out = process.stdout.read()
        assert process.wait(timeout=PATIENCE) == 130, rest
    assert json.loads(out)["stopped"] is True
    assert "Stopping. What was learned so far is kept." in rest
    assert (tmp_path / "run" / "model.keras").is_file()


def test_whoever_reads_the_progress_may_go_away(tiny_dataset, tmp_path):
    words = ["train", str(tiny_dataset), "--out", str(tmp_path / "run"), "--image-size", "71", "--json"]
    with running([*PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stderr.close()
        out = process.stdout.read()
        assert process.wait(timeout=PATIENCE) == 0
    assert json.loads(out)["stopped"] is False


def test_figures_are_the_same_from_an_empty_cache(tiny_dataset, tmp_path, monkeypatch):
    trained = json_of("train", tiny_dataset, "--out", tmp_path / "run", "--image-size", "71")
    monkeypatch.setenv("XCEPTION_GUI_HOME", str(tmp_path / "empty home"))
    evaluated = json_of("evaluate", tmp_path / "run")
    assert evaluated["accuracy"] == trained["val_accuracy"]
    assert evaluated["log_loss"] == trained["val_log_loss"]


def test_a_run_can_be_copied_to_another_place(run, samples, tmp_path):
    copy = tmp_path / "模型 copy"
    copy.mkdir()
    for path in run[0].iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    there, here = (json_of("predict", folder, samples.new_pictures) for folder in (run[0], copy))
    assert there == here


def test_real_photographs(trashnet, tmp_path):
    result = json_of("train", trashnet, "--out", tmp_path / "run", "--seed", "7", "--max-per-class", "40")
    assert result["val_accuracy"] >= 0.70
    assert result["train_images"] + result["val_images"] == 240
