"""A run, opened: which of its files count, and in which words what is wrong with them is told."""

import shutil
from pathlib import Path

import msgspec
import numpy as np
import pytest

from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.runtime import LITERT
from xception_gui.inference import classifier
from xception_gui.inference.classifier import Classifier
from xception_gui.runs.run_folder import RunFolder
from xception_gui.words.errors import text_of

QUICK = Path(__file__).resolve().parents[1] / "old_models" / "0.1" / "quick"


@pytest.fixture
def run(tmp_path) -> RunFolder:
    shutil.copytree(QUICK, tmp_path / "run")
    return RunFolder(tmp_path / "run")


def with_record(run: RunFolder, **fields: object) -> RunFolder:
    record = msgspec.json.decode(run.record_file.read_bytes())
    run.record_file.write_bytes(msgspec.json.encode(record | fields))
    return run


def error_of(run: RunFolder) -> ProgramError:
    with pytest.raises(ProgramError) as caught:
        Classifier.open(run.path)
    return caught.value


def test_a_finished_run_is_opened_with_its_record_head_and_backbone(run):
    opened = Classifier.open(run.path)
    assert opened.record == run.read_record()
    assert opened.embedder.image_size == opened.record.image_size
    assert (opened.embedder.sha256, opened.embedder.own) == (opened.record.backbone, None)
    said = opened.probabilities(np.zeros((2, XCEPTION.embedding_size), np.float16))
    assert said.shape == (2, len(opened.record.classes))
    np.testing.assert_allclose(said.sum(axis=1), 1, atol=1e-6)


@pytest.mark.parametrize(("asked", "had", "taken"), [("other", "other", "other"), ("other", None, LITERT)])
def test_it_is_run_by_what_its_figures_were_computed_with_where_that_is_here(run, monkeypatch, asked, had, taken):
    monkeypatch.setattr("xception_gui.inference.runtimes._other_runtime", lambda: had)
    assert Classifier.open(with_record(run, runtime=asked).path).embedder.runtime == taken


def test_a_run_without_a_head_has_no_model(run):
    run.head.unlink()
    error = error_of(run)
    assert (error.code, error.details["status"]) == (ErrorCode.RUN_WITHOUT_MODEL, "finished")
    assert error.details["path"] == str(run.path)
    told = text_of(error)
    assert "the file head.npz is missing" in told.why and told.fix.startswith("Copy the whole folder")
    for status in ("training", "failed"):
        told = text_of(error_of(with_record(run, status=status)))
        assert f"Training ended (status: {status})" in told.why and "--resume" in told.fix


def test_of_an_interrupted_training_the_best_so_far_counts_with_its_own_record(run):
    best = run.path / "checkpoint" / "best-3"
    shutil.copytree(QUICK, best)
    recipe = msgspec.json.decode((best / "run.json").read_bytes())["recipe"]
    with_record(RunFolder(best), image_size=160, recipe={**recipe, "image_size": 160})
    run.head.unlink()
    with_record(run, status="training")
    assert Classifier.open(run.path).record.image_size == 160
    RunFolder(best).record_file.unlink()
    assert Classifier.open(run.path).record == run.read_record()


def test_a_backbone_that_isnt_here_or_isnt_the_one_is_told(run):
    error = error_of(with_record(run, backbone="ab" * 32))
    assert (error.code, error.details["sha256"]) == (ErrorCode.BACKBONE_MISSING, "ab" * 32)
    run.backbone.write_bytes(b"another network")
    error = error_of(run)
    assert error.code is ErrorCode.RUN_DAMAGED
    assert "its hash differs from the one in run.json" in str(error)


@pytest.mark.parametrize(("size", "words"), [(9, "its hash"), (10, "its hash"), (11, "larger than 0 MB")])
def test_a_backbone_is_looked_at_from_outside_before_it_is_read(run, monkeypatch, size, words):
    monkeypatch.setattr(classifier, "MAX_BYTES", 10)
    run.backbone.write_bytes(bytes(size))
    assert words in str(error_of(run))


def test_a_folder_in_the_place_of_a_backbone_is_no_file(run):
    run.backbone.mkdir()
    error = error_of(run)
    assert error.code is ErrorCode.RUN_DAMAGED and "not a file" in str(error)


def test_a_head_whose_numbers_overflow_is_damaged(run):
    opened = Classifier.open(run.path)
    with pytest.raises(ProgramError, match="not finite") as caught:
        opened.probabilities(np.full((1, XCEPTION.embedding_size), np.inf, np.float32))
    assert caught.value.code is ErrorCode.RUN_DAMAGED
    assert run.head.name in str(caught.value)
