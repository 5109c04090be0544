"""A stranger's network of its own: told in words, and never answered with what isn't a number."""

import json
import math
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.answers import answers_in
from tests.conftest import draw_dataset
from tests.programs import run_program
from tests.strange_networks import changed, endless_network, learned, scaled, write
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages.base import Failed, Finished, JobRequest, Message
from xception_gui.domain.messages.training import TrainRequest
from xception_gui.domain.messages.using import EvaluateRequest, PictureEvaluated, PicturePredicted, PredictRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.inference.backbone import MAX_BYTES, file_sha256
from xception_gui.inference.classifier import Classifier
from xception_gui.jobs import run_job
from xception_gui.jobs.exporting.export_check import check_export
from xception_gui.jobs.reporting import never
from xception_gui.runs.run_folder import RunFolder


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> RunFolder:
    """A Quick model, with the pictures that it has learned from beside it."""
    folder = tmp_path_factory.mktemp("model")
    dataset = draw_dataset(folder / "pictures", {"red": (220, 60, 60), "blue": (60, 60, 220)}, count=4)
    recipe = make_recipe(Preset.QUICK, image_size=71)
    run_job(TrainRequest(str(dataset), str(folder / "run"), recipe), lambda event: None, never)
    return RunFolder(folder / "run")


@pytest.fixture
def pictures(model) -> Path:
    """What it has learned from."""
    return model.path.parent / "pictures"


@pytest.fixture
def run(model, tmp_path) -> RunFolder:
    """A copy of it, to be changed."""
    shutil.copytree(model.path, tmp_path / "run")
    return RunFolder(tmp_path / "run")


def has_backbone(run: RunFolder) -> None:
    """Have a run's record speak of the backbone that now lies in it."""
    record = json.loads(run.record_file.read_text(encoding="utf-8"))
    record["backbone"] = file_sha256(run.backbone)
    run.record_file.write_text(json.dumps(record), encoding="utf-8")


def set_nan(network: Any) -> None:
    numbers = learned(network)[0].data.view(np.float16).copy()
    numbers[0] = np.nan
    learned(network)[0].data = numbers.view(np.uint8)


def events_of(request: JobRequest) -> list[Message]:
    events: list[Message] = []
    run_job(request, events.append, never)
    return events


def refusals_of(run: RunFolder, pictures: Path) -> list[ProgramError | Failed]:
    """Ask a model about pictures in every way that there is; each must fail, and say nothing of a picture before."""
    refusals: list[ProgramError | Failed] = []
    for request in (
        PredictRequest(str(run.path), (str(pictures),)),
        EvaluateRequest(str(run.path)),
        EvaluateRequest(str(run.path), str(pictures)),
    ):
        *others, end = events_of(request)
        assert isinstance(end, Failed)
        assert not [event for event in others if isinstance(event, PicturePredicted | PictureEvaluated)]
        refusals.append(end)
    with pytest.raises(ProgramError) as caught:
        check_export(Classifier.open(run.path), lambda pixels: np.full((1, 2), 0.5, np.float32), print, never)
    return [*refusals, caught.value]


def test_a_network_with_other_numbers_is_used_as_any_other(pictures, run):
    changed(run.backbone, lambda network: scaled(network, 0.99))
    has_backbone(run)
    events = events_of(PredictRequest(str(run.path), (str(pictures),)))
    assert isinstance(events[-1], Finished)
    said = [one.predictions for one in answers_in(events)]
    assert len(said) == 8
    assert all(math.isclose(sum(one.probability for one in picture), 1, abs_tol=1e-5) for picture in said)


def test_a_network_that_would_run_for_ever_is_refused(pictures, run):
    write(run.backbone, endless_network())
    has_backbone(run)
    assert {refusal.code for refusal in refusals_of(run, pictures)} == {ErrorCode.BACKBONE_UNUSABLE}


def test_a_network_that_says_what_is_no_number_is_damaged(pictures, run):
    changed(run.backbone, set_nan)
    has_backbone(run)
    assert {refusal.code for refusal in refusals_of(run, pictures)} == {ErrorCode.BACKBONE_UNUSABLE}


def test_a_head_whose_numbers_overflow_is_damaged(pictures, run):
    blocks, kernel, bias = run.read_head(XCEPTION, 2)
    run.write_head(blocks, np.copysign(np.float32(3e38), kernel), bias)
    assert {refusal.code for refusal in refusals_of(run, pictures)} == {ErrorCode.RUN_DAMAGED}


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes there")
def test_a_network_that_is_a_pipe_or_huge_is_refused_before_it_is_read(pictures, run):
    os.mkfifo(run.backbone)
    assert {refusal.details["found"] for refusal in refusals_of(run, pictures)} == {"not a file"}
    run.backbone.unlink()
    run.backbone.touch()
    os.truncate(run.backbone, MAX_BYTES + 1)
    assert {refusal.details["found"] for refusal in refusals_of(run, pictures)} == {"larger than 50 MB"}


def test_on_the_command_line_nothing_is_printed_but_words(pictures, run):
    changed(run.backbone, set_nan)
    has_backbone(run)
    done = run_program("predict", run.path, next(pictures.rglob("*.png")), "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "outputs that are not finite numbers" in done.stderr


def test_embeddings_that_are_no_numbers_are_computed_anew(pictures, model):
    """Whoever wrote them into the cache."""
    classifier = Classifier.open(model.path)
    files = sorted(pictures.rglob("*.png"))
    wanted = [found.embedding for found in classifier.embedder.embed(files)]
    for number, found in enumerate(classifier.embedder.embed(files)):
        spoilt = np.array(found.embedding)
        spoilt[number] = (np.nan, np.inf)[number % 2]
        classifier.embedder.cache.save(found.sha256, spoilt)
    again = [found.embedding for found in classifier.embedder.embed(files)]
    np.testing.assert_array_equal(again, wanted)
