"""Going back from a fine-tuned network to the Quick model that it was trained from."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.programs import json_of
from tests.runs import copy_of
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Failed, Finished
from xception_gui.domain.messages.models import ListRunsRequest, LocateDatasetRequest, SeparateQuickRequest
from xception_gui.inference.classifier import Classifier
from xception_gui.jobs import run_job
from xception_gui.jobs.reporting import never
from xception_gui.runs.run_folder import RunFolder


@pytest.fixture
def run(fine_tuned_run, tmp_path) -> RunFolder:
    return copy_of(fine_tuned_run, tmp_path / "models")


def end_of(request):
    events = []
    run_job(request, events.append, never)
    return events[-1]


def contents(run: RunFolder) -> dict[str, bytes]:
    return {str(path.relative_to(run.path)): path.read_bytes() for path in run.path.rglob("*") if path.is_file()}


def test_quick_becomes_a_model_of_its_own_and_the_network_stays(run, samples):
    before = contents(run)
    ended = end_of(SeparateQuickRequest(str(run.path)))
    assert isinstance(ended, Finished), ended
    assert contents(run) == before
    new = RunFolder(run.path.parent / "run (Quick)")
    assert ended.result.run == str(new.path)
    listed = {one.path: one for one in end_of(ListRunsRequest((str(run.path.parent),))).result.runs}
    assert listed[str(new.path)].preset == "quick" and not listed[str(new.path)].has_quick
    assert listed[str(run.path)].preset == "fine-tune" and listed[str(run.path)].has_quick
    quick, network = Classifier.open(new.path), Classifier.open(run.path)
    assert not new.backbone.exists() and quick.record.backbone != network.record.backbone
    assert quick.record.figures.val_log_loss > network.record.figures.val_log_loss
    assert json_of("evaluate", new.path)["accuracy"] == pytest.approx(quick.record.figures.val_accuracy)
    assert "Recipe: Quick" in new.card.read_text(encoding="utf-8")


def test_it_knows_where_the_pictures_were_located_since(run, samples, tmp_path):
    moved = shutil.copytree(samples.dataset, tmp_path / "moved")
    assert isinstance(end_of(LocateDatasetRequest(str(run.path), str(moved))), Finished)
    quick = RunFolder(Path(end_of(SeparateQuickRequest(str(run.path))).result.run))
    assert quick.read_record().dataset == str(moved)


def test_each_time_it_is_another_model(run):
    names = [end_of(SeparateQuickRequest(str(run.path))).result.run for _ in range(2)]
    assert [name.rpartition("/")[2] for name in names] == ["run (Quick)", "run (Quick) 2"]


def test_what_it_keeps_can_be_used_where_it_is(run, samples):
    picture = next(samples.dataset.rglob("*.jpg"))
    said = json_of("predict", run.quick, picture)
    assert np.isfinite(Classifier.open(run.quick).head.kernel).all() and said


def test_a_model_that_is_quicks_has_none_to_go_back_to(quick_run, tmp_path):
    run = copy_of(quick_run, tmp_path / "models")
    ended = end_of(SeparateQuickRequest(str(run.path)))
    assert isinstance(ended, Failed) and ended.code == ErrorCode.NOT_A_RUN
    assert [path.name for path in run.path.parent.iterdir()] == ["run"]


def test_what_is_damaged_is_not_copied(run):
    (run.quick / "head.npz").write_bytes(b"no head")
    ended = end_of(SeparateQuickRequest(str(run.path)))
    assert isinstance(ended, Failed) and ended.code == ErrorCode.RUN_DAMAGED
    assert [path.name for path in run.path.parent.iterdir()] == ["run"]
