"""A model is run by the runtime that its figures were computed with."""

import json
from pathlib import Path

import pytest

from tests.answers import answers_in
from xception_gui.domain.messages.base import Finished
from xception_gui.domain.messages.training import Notice, NoticeCode, TrainRequest
from xception_gui.domain.messages.using import EvaluateRequest, PredictRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.domain.runtime import LITERT, OPENVINO_BFLOAT16
from xception_gui.inference import runtimes
from xception_gui.inference.openvino import openvino_runtime
from xception_gui.jobs import run_job
from xception_gui.jobs.reporting import never
from xception_gui.paths import HOME_VARIABLE


def run(request):
    events = []
    run_job(request, events.append, never)
    assert isinstance(events[-1], Finished), events[-1]
    return events[-1].result, answers_in(events) if isinstance(request, PredictRequest) else []


def notices_of(request):
    events = []
    run_job(request, events.append, never)
    return [event for event in events if isinstance(event, Notice)]


def train(dataset: Path, folder: Path):
    recipe = make_recipe(Preset.QUICK, image_size=71)
    return run(TrainRequest(str(dataset), str(folder), recipe))[0]


def runtime_of(folder: Path) -> str:
    return json.loads((folder / "run.json").read_text(encoding="utf-8"))["runtime"]


def test_a_run_says_its_runtime_and_an_older_one_is_litert(tiny_dataset, tmp_path, monkeypatch):
    monkeypatch.setattr(runtimes, "find_spec", lambda name: None)
    folder = tmp_path / "run"
    trained = train(tiny_dataset, folder)
    assert runtime_of(folder) == LITERT
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    del record["runtime"]
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    evaluated, _ = run(EvaluateRequest(str(folder), None))
    assert evaluated.log_loss == trained.val_log_loss


@pytest.mark.openvino
def test_openvinos_figures_are_openvinos_to_the_digit(tiny_dataset, tmp_path, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    monkeypatch.setattr(runtimes, "_measure", lambda architecture: {LITERT: 0.1, openvino_runtime(): 0.01})
    folder = tmp_path / "run"
    trained = train(tiny_dataset, folder)
    assert runtime_of(folder) == openvino_runtime()
    monkeypatch.setattr(runtimes, "_measure", lambda architecture: {LITERT: 0.01, openvino_runtime(): 0.1})
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "another home"))  # where LiteRT is what new models get
    evaluated, _ = run(EvaluateRequest(str(folder), None))
    assert evaluated.log_loss == trained.val_log_loss
    pictures = sorted(map(str, tiny_dataset.rglob("*.png")))
    _, together = run(PredictRequest(str(folder), tuple(pictures)))
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "a third home"))
    _, alone = run(PredictRequest(str(folder), (pictures[-1],)))
    assert alone == together[-1:]


def test_where_its_runtime_is_missing_litert_says_the_same_within_a_hundredth(tiny_dataset, tmp_path):
    folder = tmp_path / "run"
    train(tiny_dataset, folder)
    pictures = tuple(sorted(map(str, tiny_dataset.rglob("*.png"))))
    _, before = run(PredictRequest(str(folder), pictures))
    text = (folder / "run.json").read_text(encoding="utf-8")
    (folder / "run.json").write_text(text.replace(runtime_of(folder), "of another machine"), encoding="utf-8")
    _, after = run(PredictRequest(str(folder), pictures))
    for one, other in zip(before, after, strict=True):
        assert one.predictions[0].class_name == other.predictions[0].class_name
        assert abs(one.predictions[0].probability - other.predictions[0].probability) < 1e-2


def test_a_model_in_another_runtime_than_its_own_says_so(tiny_dataset, tmp_path):
    folder = tmp_path / "run"
    train(tiny_dataset, folder)
    for request in (EvaluateRequest(str(folder), None), PredictRequest(str(folder), (str(tiny_dataset),))):
        assert notices_of(request) == []
    text = (folder / "run.json").read_text(encoding="utf-8")
    (folder / "run.json").write_text(
        text.replace(runtime_of(folder), OPENVINO_BFLOAT16.replace("b", "B")), encoding="utf-8"
    )
    for request in (EvaluateRequest(str(folder), None), PredictRequest(str(folder), (str(tiny_dataset),))):
        (notice,) = notices_of(request)
        assert notice.code is NoticeCode.OTHER_RUNTIME and notice.details["used"] == "LiteRT (float32)"
