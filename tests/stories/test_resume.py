"""A training that is killed goes on, and ends as if nothing had happened."""

import csv
import signal
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from tests.answers import answers_in
from tests.killed_training import train_until
from tests.programs import PATIENCE, WITH_SHORT_NETWORK, json_of, run_program, running
from tests.runs import copy_of
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Event, Failed, Finished
from xception_gui.domain.messages.training import (
    BatchFinished,
    EpochFinished,
    Notice,
    NoticeCode,
    ResumeRequest,
    TrainRequest,
    TrainResult,
)
from xception_gui.domain.messages.using import PredictRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.jobs import run_job
from xception_gui.jobs.reporting import never
from xception_gui.runs.checkpoint import Checkpoint
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.run_list import list_runs
from xception_gui.runs.run_log import read_log
from xception_gui.runs.schema import Status


def weights_of(run: RunFolder) -> list[np.ndarray]:
    """What plain Keras finds in its model.keras."""
    return keras.models.load_model(run.keras_model, compile=False).get_weights()


def steps(events: list[Event]) -> list[tuple[int, int]]:
    return [(event.epoch, event.step) for event in events if isinstance(event, BatchFinished)]


def epochs(events: list[Event]) -> list[int]:
    return [event.epoch for event in events if isinstance(event, EpochFinished)]


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is killed like this there")
def test_a_training_that_is_killed_twice_ends_with_the_weights_of_one_that_is_not(tiny_dataset, tmp_path):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    train_until("never", tiny_dataset, whole, "tutorial")

    train_until("2:2", tiny_dataset, killed, "tutorial")  # in the middle of an epoch, while it is saved
    assert RunFolder(killed).read_record().status == "training"
    told = train_until("converting", tiny_dataset, killed, "tutorial")
    assert [event.code for event in told if isinstance(event, Notice) and event.code == NoticeCode.RESUMED]
    assert epochs(told) == [1, 2]  # what was over is told again, for the curves
    told = train_until("never", tiny_dataset, killed, "tutorial")
    assert epochs(told) == [1, 2]
    assert sum(isinstance(event, Notice) and event.code == NoticeCode.RESUMED for event in told) == 1

    (result,) = [event.result for event in told if isinstance(event, Finished)]
    assert isinstance(result, TrainResult) and not result.stopped and result.epochs == 2
    found, wanted = (weights_of(RunFolder(run)) for run in (killed, whole))
    assert max(np.abs(one - other).max() for one, other in zip(found, wanted, strict=True)) < 1e-5
    run = RunFolder(killed)
    assert steps(list(read_log(run))) == sorted(set(steps(list(read_log(run)))))
    with run.metrics.open(encoding="utf-8") as file:
        assert [row["epoch"] for row in csv.DictReader(file)] == ["1", "2"]
    assert not run.checkpoint.exists()
    assert sorted(path.name for path in killed.iterdir()) == sorted(path.name for path in whole.iterdir())


@pytest.fixture
def interrupted(interrupted_run, tmp_path) -> RunFolder:
    """A Fine-tune run that was killed in its second step."""
    return copy_of(interrupted_run, tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is killed like this there")
def test_the_best_model_of_a_killed_training_can_be_used_right_away(interrupted, colours):
    (summary,) = list_runs([interrupted.path.parent])
    assert summary.status == "training" and summary.val_accuracy == 1.0
    events: list[Event] = []
    run_job(PredictRequest(str(interrupted.path), (str(colours),)), events.append, never)
    said = answers_in(events)
    assert len(said) == 16
    assert all(Path(one.path).parent.name == one.predictions[0].class_name for one in said)

    words = ["train", colours, "--out", interrupted.path, "--resume"]
    for options in (["--epochs", "5"], ["--recipe", "tutorial"], ["--seed", "1"]):
        refused = run_program(*words, *options)
        assert refused.returncode == 2 and options[0] in refused.stderr
    assert run_program("train", interrupted.path, *words[2:]).returncode == 2  # other pictures

    resumed = json_of(*words, "--recipe", "fine-tune", "--epochs", "2", program=WITH_SHORT_NETWORK)
    assert resumed["epochs"] == 2
    assert interrupted.read_record().status == "finished"
    again = run_program(*words)
    assert again.returncode == 1 and "can't be resumed" in again.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is killed like this there")
def test_the_best_epoch_of_a_killed_training_can_be_used_and_the_training_goes_on(tiny_dataset, tmp_path):
    run = RunFolder(tmp_path / "run")
    told = train_until("2:1", tiny_dataset, run.path, "tutorial")
    measured = {event.epoch: event.val_accuracy for event in told if isinstance(event, EpochFinished)}
    best = Checkpoint(run.checkpoint).progress().best_epoch
    assert best == 1
    (summary,) = list_runs([tmp_path])
    assert summary.resumable and summary.val_accuracy == measured[best]

    said = json_of("predict", run.path, tiny_dataset, "--top", "2", program=WITH_SHORT_NETWORK)
    assert len(said) == 16
    model = run.model(Status.TRAINING)
    assert model.path == run.checkpoint / f"best-{best}"
    wanted = Checkpoint(run.checkpoint).load_best(best)
    for one, other in zip(weights_of(model), wanted, strict=True):
        np.testing.assert_array_equal(one, other)
    when = model.backbone.stat().st_mtime_ns
    assert json_of("predict", run.path, tiny_dataset, "--top", "2") == said
    assert json_of("evaluate", run.path)["images"] == 4
    assert model.backbone.stat().st_mtime_ns == when  # made once

    again = train_until("never", tiny_dataset, run.path, "tutorial")
    assert epochs(again) == [1, 2]
    assert run.read_record().status == "finished" and not run.checkpoint.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is killed like this there")
def test_a_training_whose_saved_state_is_damaged_says_so_and_its_model_can_still_be_used(interrupted, colours):
    state = interrupted.checkpoint / "state.npz"
    with state.open("r+b") as file:
        file.seek(state.stat().st_size // 2)
        file.write(b"damage" * 100)
    refused = run_program("train", colours, "--out", interrupted.path, "--resume")
    assert refused.returncode == 1
    assert "state.npz" in refused.stderr and "mistake" not in refused.stderr
    assert len(json_of("predict", interrupted.path, colours)) == 16


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_a_training_that_is_asked_to_go_is_saved_and_gone_on_with(tiny_dataset, tmp_path):
    run = RunFolder(tmp_path / "run")
    words = ["train", str(tiny_dataset), "--out", str(run.path), "--recipe", "tutorial", "--weights", "none"]
    words += ["--image-size", "71", "--epochs", "500"]
    with running([*WITH_SHORT_NETWORK, *words], stderr=subprocess.PIPE) as process:
        for line in process.stderr:
            if line.startswith("Epoch 1"):
                process.terminate()
                break
        rest = process.stderr.read()
        assert process.wait(timeout=PATIENCE) == 130
    assert "--resume" in rest
    saved = Checkpoint(run.checkpoint).progress()
    assert run.read_record().status == "training" and saved.steps > 0

    told = ""
    with running([*WITH_SHORT_NETWORK, *words, "--resume"], stderr=subprocess.PIPE) as process:
        for line in process.stderr:
            told += line
            if line.startswith("Epoch 2"):
                process.send_signal(signal.SIGINT)
                break
        process.stderr.read()
        assert process.wait(timeout=PATIENCE) == 130
    assert "resumes from the last save" in told
    assert run.read_record().status == "stopped"


def test_where_nothing_was_saved_yet_the_training_begins_anew(tiny_dataset, tmp_path):
    run = RunFolder(tmp_path / "run")
    recipe = make_recipe(Preset.QUICK, image_size=71)
    first: list[Event] = []
    run_job(TrainRequest(str(tiny_dataset), str(run.path), recipe), first.append, never)
    record = run.read_record()
    run.write_record(record.replaced(status="training", figures=None))  # as it was before the end
    run.head.unlink()
    again: list[Event] = []
    run_job(ResumeRequest(str(run.path)), again.append, never)
    assert isinstance(again[-1], Finished)
    assert again[-1].result.val_log_loss == first[-1].result.val_log_loss
    assert run.read_record().figures == record.figures
    assert epochs(list(read_log(run))) == epochs(first)


def test_a_training_whose_pictures_are_gone_is_left_as_it_was(tiny_dataset, tmp_path):
    run = RunFolder(tmp_path / "run")
    run_job(
        TrainRequest(str(tiny_dataset), str(run.path), make_recipe(Preset.QUICK, image_size=71)), lambda e: None, never
    )
    run.write_record(run.read_record().replaced(status="training"))
    before = {path.name: path.read_bytes() for path in run.path.iterdir()}
    tiny_dataset.rename(tmp_path / "elsewhere")
    events: list[Event] = []
    run_job(ResumeRequest(str(run.path)), events.append, never)
    assert isinstance(events[-1], Failed) and events[-1].code == ErrorCode.TRAINING_PICTURES_MOVED
    assert {path.name: path.read_bytes() for path in run.path.iterdir()} == before
