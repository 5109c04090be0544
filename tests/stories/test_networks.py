"""Runs that train or need the whole network, with the real weights: Fine-tune, exports, other weights files."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import draw_dataset
from tests.programs import PATIENCE, WITH_SHORT_NETWORK, json_of, run_program
from tests.runs import SIZE
from xception_gui import paths
from xception_gui.data.pictures.open_picture import decode
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.messages.base import Failed
from xception_gui.domain.messages.training import TrainRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.inference.classifier import Classifier
from xception_gui.jobs import run_job
from xception_gui.jobs.reporting import never
from xception_gui.samples.sample_set import SampleSet
from xception_gui.words.errors import failure_text


def plain_keras_says(model: Path, pictures: list[Path], tmp_path: Path) -> np.ndarray:
    """Open an exported model with Keras alone, in a process that can't see this program."""
    pixels = np.stack([decode(path.read_bytes(), SIZE) for path in pictures]).astype(np.float32)
    np.save(tmp_path / "pixels.npy", pixels)
    code = (
        "import sys, keras, numpy as np\n"
        f"model = keras.models.load_model({str(model)!r})\n"
        f"said = model.predict(np.load({str(tmp_path / 'pixels.npy')!r}), verbose=0)\n"
        f"np.save({str(tmp_path / 'said.npy')!r}, said)\n"
        "assert not any(name.startswith('xception_gui') for name in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return np.load(tmp_path / "said.npy")


def program_says(run: Path, pictures: list[Path]) -> np.ndarray:
    classifier = Classifier.open(run)
    embeddings = np.stack([one.embedding for one in classifier.embedder.embed(pictures)])
    return classifier.probabilities(embeddings)


def assert_agree(said: np.ndarray, plain: np.ndarray) -> None:
    """Probabilities within 0.01, and the same top class (equal within that counts as same)."""
    assert np.abs(said - plain).max() <= 1e-2
    top = said.argmax(axis=1)
    assert (plain.max(axis=1) - plain[np.arange(len(plain)), top] <= 1e-2).all()


def pictures_of(samples: SampleSet) -> list[Path]:
    return sorted(path for folder in (samples.dataset, samples.new_pictures) for path in folder.rglob("*.jpg"))


@pytest.mark.parametrize("recipe", ["quick", "fine-tune"])
def test_an_exported_model_says_in_plain_keras_what_the_program_says(
    recipe, quick_run, fine_tuned_run, samples, tmp_path
):
    run = {"quick": quick_run, "fine-tune": fine_tuned_run}[recipe]
    model = tmp_path / "model.keras"
    done = run_program("export", run, "--format", "keras", "--out", model)
    assert done.returncode == 0, done.stderr
    pictures = pictures_of(samples)
    assert_agree(program_says(run, pictures), plain_keras_says(model, pictures, tmp_path))


def test_fine_tune_betters_quick_where_it_can_and_reports_what_its_predictor_says(fine_tuned_run):
    record = json.loads((fine_tuned_run / "run.json").read_text(encoding="utf-8"))
    rows = (fine_tuned_run / "metrics.csv").read_text().splitlines()
    assert [row.split(",")[0] for row in rows] == ["epoch", *"012345"]
    quick_loss = float(rows[1].split(",")[4])
    assert record["figures"]["best_epoch"] >= 1
    assert record["figures"]["val_log_loss"] < quick_loss
    assert record["recipe"]["training"]["precision"] == "auto"
    notices = [event["details"] for event in events_of(fine_tuned_run) if event.get("code") == "precision"]
    assert [details["precision"] for details in notices] == [record["precision"]]
    assert json_of("doctor")["precision"] == record["precision"]  # it was measured once
    assert json_of("evaluate", fine_tuned_run)["log_loss"] == record["figures"]["val_log_loss"]


def events_of(run: Path) -> list[dict]:
    return [json.loads(line) for line in (run / "events.jsonl").read_text(encoding="utf-8").splitlines()]


def test_every_switch_of_a_training_can_be_typed(tmp_path):
    colours = {"red": (220, 60, 60), "blue": (60, 60, 220)}
    dataset = draw_dataset(tmp_path / "pictures", colours, count=12)
    for picture in sorted((dataset / "red").iterdir())[6:]:
        picture.unlink()
    run = tmp_path / "run"
    words = ["--recipe", "tutorial", "--weights", "none", "--image-size", "71", "--batch-size", "8", "--epochs", "9"]
    switches = ["--precision", "bfloat16", "--augment", "gentle", "--early-stopping", "1", "--class-weights"]
    words += ["--learning-rate", "0.05", *switches]
    done = run_program("train", dataset, "--out", run, *words, program=WITH_SHORT_NETWORK)
    assert done.returncode == 0, done.stderr
    record = json.loads((run / "run.json").read_text(encoding="utf-8"))
    assert record["precision"] == "bfloat16"
    training = record["recipe"]["training"]
    assert (training["augment"], training["early_stopping"], training["class_weights"]) == ("gentle", 1, True)
    assert record["figures"]["epochs"] < 9  # such long steps soon better nothing
    for said in (
        "uses bfloat16, as requested",
        "With class weights, a picture of “red”",
        "Stopped after epoch",
    ):
        assert said in done.stderr
    assert 0 <= json_of("evaluate", run)["accuracy"] <= 1


def test_a_model_that_fine_tuning_can_not_better_is_quicks(samples, tmp_path):
    run = tmp_path / "run"
    words = ["--recipe", "fine-tune", "--epochs", "1", "--batch-size", "6", "--learning-rate", "1.0"]
    result = json_of("train", samples.dataset, "--out", run, "--image-size", str(SIZE), *words)
    rows = (run / "metrics.csv").read_text().splitlines()
    assert result["val_log_loss"] == pytest.approx(float(rows[1].split(",")[4]))
    assert json.loads((run / "run.json").read_text(encoding="utf-8"))["figures"]["best_epoch"] == 0
    assert not (run / "backbone.tflite").exists()
    pictures = pictures_of(samples)[:8]
    assert_agree(program_says(run, pictures), plain_keras_says(run / "model.keras", pictures, tmp_path))


def test_before_its_first_step_fine_tunes_network_says_what_quick_says(quick_run, samples):
    from xception_gui.finetune.network import starting_network

    classifier = Classifier.open(quick_run)
    network = starting_network(
        XCEPTION, SIZE, classifier.head.blocks, 3, weights=paths.shipped_weights(), head=classifier.head
    )
    pictures = pictures_of(samples)[::4]
    pixels = np.stack([decode(path.read_bytes(), SIZE) for path in pictures]).astype(np.float32)
    assert_agree(program_says(quick_run, pictures), network.predict(pixels, verbose=0))


def test_a_weights_file_of_ones_own_makes_a_run_that_stands_alone(samples, quick_run, tmp_path):
    weights = tmp_path / "own.weights.h5"
    shutil.copy(paths.shipped_weights(), weights)
    run = tmp_path / "run"
    words = ["--weights", weights, "--image-size", str(SIZE), "--seed", "3"]
    done = run_program("train", samples.dataset, "--out", run, *words)
    assert done.returncode == 0, done.stderr
    assert "half a minute" in done.stderr
    weights.unlink()
    pictures = pictures_of(samples)[:10]
    assert_agree(program_says(run, pictures), program_says(quick_run, pictures))
    done = run_program("export", run, "--format", "keras", "--out", tmp_path / "model.keras")
    assert done.returncode == 0, done.stderr


def test_a_wrong_weights_file_is_told_before_any_work(tiny_dataset, tmp_path):
    wrong, missing, run = tmp_path / "wrong.h5", tmp_path / "missing.h5", tmp_path / "run"
    wrong.write_text("These are no weights.")
    for preset in (Preset.QUICK, Preset.TUTORIAL):
        for weights in (wrong, missing):
            recipe = make_recipe(preset, weights=str(weights))
            events = []
            run_job(TrainRequest(str(tiny_dataset), str(run), recipe), events.append, never)
            assert isinstance(events[-1], Failed)
            what = failure_text(events[-1]).what
            assert what.startswith("The weights file") and weights.name in what
    done = run_program("train", tiny_dataset, "--out", run, "--weights", wrong)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("xception-gui: The weights file")
    assert not run.exists()


def test_the_tutorial_from_random_weights_says_so(tiny_dataset, tmp_path):
    words = ["--recipe", "tutorial", "--weights", "none", "--image-size", "71", "--epochs", "1", "--json"]
    done = run_program("train", tiny_dataset, "--out", tmp_path / "run", *words, program=WITH_SHORT_NETWORK)
    assert done.returncode == 0, done.stderr
    assert "random weights" in done.stderr
    assert json.loads(done.stdout)["epochs"] == 1


def test_an_export_never_replaces_a_file(quick_run, tmp_path):
    (tmp_path / "model.keras").write_text("mine")
    done = run_program("export", quick_run, "--format", "keras", "--out", tmp_path / "model.keras")
    assert done.returncode == 1
    assert (tmp_path / "model.keras").read_text() == "mine"
    done = run_program("export", quick_run, "--format", "keras", "--out", tmp_path / "model.h5")
    assert done.returncode == 2
