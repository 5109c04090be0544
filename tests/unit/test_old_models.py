"""What earlier releases wrote opens for ever: each folder in `tests/old_models` holds what one release made.

Of trained networks their records are kept alone, as the weights take 125 MB. The pictures that they name lie nowhere.
"""

import json
import shutil
from pathlib import Path

import pytest

from tests.answers import answers_in
from xception_gui.domain.messages.base import Finished
from xception_gui.domain.messages.models import AddModelRequest, ListRunsRequest, RunSummary
from xception_gui.domain.messages.using import PredictRequest
from xception_gui.jobs import run_job

OLD_MODELS = Path(__file__).resolve().parents[1] / "old_models"

STATES = {
    # status, recipe, resumable, accuracy on the validation pictures
    "quick": ("finished", "quick", False, 0.8333333333333334),
    "fine-tune": ("finished", "fine-tune", False, None),
    "tutorial": ("finished", "tutorial", False, None),
    "failed": ("failed", "tutorial", False, None),
    "interrupted": ("training", "fine-tune", True, 1.0),
}
"""What the list shows of each; no figures without a model."""


@pytest.fixture(params=["0.1"])
def release(request, tmp_path) -> Path:
    return Path(shutil.copytree(OLD_MODELS / request.param, tmp_path / request.param))


def events_of(request) -> list:
    events: list = []
    run_job(request, events.append, lambda: False)
    assert isinstance(events[-1], Finished), events[-1]
    return events


def listed(folder: Path) -> dict[str, RunSummary]:
    return {Path(run.path).name: run for run in events_of(ListRunsRequest((str(folder),)))[-1].result.runs}


def test_they_are_listed_as_they_were(release):
    found = listed(release)
    assert found.keys() == STATES.keys()
    for name, (status, preset, resumable, accuracy) in STATES.items():
        run = found[name]
        assert (run.broken, run.status, run.preset) == (None, status, preset)
        assert (run.resumable, run.val_accuracy) == (resumable, accuracy)
        assert run.classes == ("busy", "clear", "jammed")
        assert (run.train_images, run.val_images) == (24, 6)


@pytest.mark.parametrize("is_shared", [False, True])
def test_they_predict_what_they_predicted(release, is_shared, tmp_path):
    run = release / "quick"
    if is_shared:
        run = events_of(AddModelRequest(str(release / "quick.xcmodel"), str(tmp_path / "models")))[-1].result.run
    pictures = sorted((release / "new scenes").iterdir())
    events = events_of(PredictRequest(str(run), tuple(map(str, pictures))))
    answers = json.loads((release / "answers.json").read_text())
    for picture in answers_in(events):
        found = {one.class_name: one.probability for one in picture.predictions}
        wanted = answers.pop(Path(picture.path).name)
        assert found == pytest.approx(wanted, abs=2e-3)  # processors differ in the last digits
    assert not answers


def test_a_shared_model_is_known_as_the_one_that_was_shared(release):
    added = events_of(AddModelRequest(str(release / "quick.xcmodel"), str(release)))[-1].result.run
    assert added == str(release / "quick")
