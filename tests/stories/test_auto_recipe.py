"""Stories of a forecast: a trial that leaves nothing, and `train --recipe auto`, which does as it says."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.conftest import RED_AND_BLUE, draw_dataset
from tests.programs import WITH_SHORT_NETWORK, json_of, run_program
from tests.short_network import shorten
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import End, Failed, Finished, Phase, PhaseStarted, Progress
from xception_gui.domain.messages.training import EpochFinished, ForecastRequest, Notice, NoticeCode, TrainRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.jobs import run_job
from xception_gui.jobs.reporting import never
from xception_gui.words.notices import notice_text

STARTED = "from xception_gui.__main__ import main; sys.exit(main())"
SMALL = ("--image-size", "71", "--epochs", "1")


@pytest.fixture(scope="module")
def many(make_once) -> Path:
    """A hundred pictures each of red and blue, which Quick tells apart without a mistake."""
    return make_once("many", lambda folder: draw_dataset(folder, RED_AND_BLUE, count=100))


def test_what_quick_can_do_already_is_left_to_quick(many, tmp_path):
    out = tmp_path / "model"
    found = json_of("train", many, "--out", out, "--recipe", "auto", *SMALL)
    assert found["recipe"] == "quick" and found["val_accuracy"] == 1.0
    assert found["forecast"]["pictures"] == 40 and found["forecast"]["high"] < 1


def test_with_few_pictures_fine_tuning_is_tried_at_once(colours, tmp_path):
    words = ("train", colours, "--out", tmp_path / "model", "--recipe", "auto", *SMALL, "--json")
    done = run_program(*words, program=WITH_SHORT_NETWORK)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["recipe"] == "fine-tune" and found["forecast"]["pictures"] == 0
    told = ("First, a short trial", "With few pictures", "Now training with Fine-tune.")
    assert sorted(told, key=done.stderr.find) == list(told) and all(part in done.stderr for part in told)


def test_a_place_where_no_model_can_be_made_is_told_before_the_trial(many, tmp_path):
    (tmp_path / "holiday.txt").touch()
    done = run_program("train", many, "--out", tmp_path, "--recipe", "auto", *SMALL)
    assert done.returncode == 1 and "already exists" in done.stderr and "Fine-tuning" not in done.stderr


def test_without_keras_quick_is_used_and_this_is_said(colours, tmp_path):
    without = [sys.executable, "-c", "import sys; sys.modules['keras'] = None; " + STARTED]
    done = run_program("train", colours, "--out", tmp_path / "model", "--recipe", "auto", "--json", program=without)
    assert done.returncode == 0, done.stderr
    assert "needs Keras" in done.stderr and json.loads(done.stdout)["recipe"] == "quick"


def test_what_was_forecast_is_told_in_the_training(colours, tmp_path):
    """So that a person can compare, also later."""
    out, recipe = tmp_path / "model", make_recipe(Preset.QUICK, image_size=71)
    events = []
    run_job(TrainRequest(str(colours), str(out), recipe, forecast=(1.0, 4.5)), events.append, never, never)
    assert isinstance(events[-1], Finished)
    told = [notice_text(event) for event in events if isinstance(event, Notice) and event.code is NoticeCode.FORECAST]
    assert told == ["Forecast by a trial before the training: accuracy +1 to +4 percentage points compared with Quick."]
    assert "forecast" in (out / "events.jsonl").read_text(encoding="utf-8")


def test_a_forecast_says_how_long_it_takes_and_leaves_no_model(many, tmp_path, monkeypatch):
    """Its epochs and notices are of a network that nobody will use, so they aren't reported."""
    monkeypatch.chdir(tmp_path)
    events = []
    recipe = make_recipe(Preset.FINE_TUNE, image_size=71)
    run_job(ForecastRequest(str(many), recipe), events.append, never, never)
    assert isinstance(events[-1], Finished), events[-1]
    result = events[-1].result
    assert result.pictures == 40 and not result.pays and result.seconds > 0
    assert any(isinstance(event, Progress) for event in events)
    assert not any(isinstance(event, EpochFinished) for event in events)
    assert list(tmp_path.iterdir()) == []


def test_a_few_pictures_that_go_meanwhile_dont_matter_to_a_forecast(many, tmp_path, monkeypatch):
    ended = forecast_while(lambda folder: folder.glob("red/red-*[37].png"), many, tmp_path, monkeypatch)
    assert isinstance(ended, Finished) and 20 < ended.result.pictures < 40


def test_without_one_of_the_classes_nothing_is_forecast(many, tmp_path, monkeypatch):
    ended = forecast_while(lambda folder: folder.glob("red/*.png"), many, tmp_path, monkeypatch)
    assert isinstance(ended, Failed) and ended.code == ErrorCode.PICTURES_GONE


def test_a_rate_that_destroys_the_network_is_told(many, monkeypatch):
    shorten(monkeypatch.setattr)
    recipe = make_recipe(Preset.FINE_TUNE, image_size=71, learning_rate=10.0, warm_up=0.0)
    events = []
    run_job(ForecastRequest(str(many), recipe), events.append, never, never)
    assert isinstance(events[-1], Failed) and events[-1].code == ErrorCode.TRAINING_DIVERGED


def forecast_while(going, pictures: Path, tmp_path: Path, monkeypatch) -> End:
    """Forecast while some pictures are deleted, after the first were read. Returns the end."""
    shorten(monkeypatch.setattr)
    folder, events = Path(shutil.copytree(pictures, tmp_path / "pictures")), []

    def report(event):
        events.append(event)
        if isinstance(event, PhaseStarted) and event.phase is Phase.FITTING:
            for path in going(folder):
                path.unlink()

    run_job(ForecastRequest(str(folder), make_recipe(Preset.FINE_TUNE, image_size=71)), report, never, never)
    return events[-1]
