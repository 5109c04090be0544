"""What is kept of a training while it goes on: it comes back as it was, and what can't have been one is refused."""

import json
import os
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.power_cut import cut_after_each_change
from xception_gui.domain.recipe import Precision
from xception_gui.domain.training_progress import EpochProgress, TrainingProgress
from xception_gui.files.deletion import MARKER
from xception_gui.runs import checkpoint as files
from xception_gui.runs.checkpoint import Checkpoint, CheckpointError, TrainingState

PROGRESS = TrainingProgress(
    EpochProgress(3, steps=2, passed=8, images=7, losses=1 / 3, right=4.0, seconds=1.5),
    batch_size=4,
    precision=Precision.BFLOAT16,
    steps=12,
    passed=48,
    best_epoch=1,
    best_loss=0.1 + 0.2,
    best_accuracy=0.75,
)


def state(progress: TrainingProgress = PROGRESS, count: int = 2) -> TrainingState:
    weights = [np.full((2, 1), number, np.float32) for number in range(count)]
    return TrainingState(progress, weights, [np.array(7 + number, np.int64) for number in range(count)])


@pytest.fixture
def kept(tmp_path) -> Checkpoint:
    return Checkpoint(tmp_path / "checkpoint")


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {MARKER}


def write_state(folder: Path, progress: object, **arrays: object) -> None:
    """A state as somebody else may have written it."""
    text = progress if isinstance(progress, bytes) else json.dumps(progress).encode()
    np.savez(folder / "state.npz", progress=np.frombuffer(text, np.uint8), **arrays)


@pytest.mark.parametrize("count", [0, 1, 12])  # as words, 10 comes before 9
def test_a_state_comes_back_as_it_was(kept, count):
    assert kept.load() is kept.progress() is None
    kept.save(state(count=count))
    found = kept.load()
    assert found is not None and found.progress == kept.progress() == PROGRESS
    assert [float(array[0, 0]) for array in found.weights] == list(range(count))
    assert [(array.dtype, array.tolist()) for array in found.optimizer] == [(np.int64, 7 + n) for n in range(count)]
    assert all(array.dtype == np.float32 for array in found.weights)


def test_of_the_best_weights_those_are_kept_that_the_state_names(kept, tmp_path):
    for epoch in (0, 1, 9, 10, 11):
        kept.save_best(epoch, [np.full(1, epoch)])
        kept.save(state(replace(PROGRESS, best_epoch=epoch)))
        assert names_in(tmp_path / "checkpoint") == {"state.npz", f"best-{epoch}.npz"}
        assert kept.load_best(epoch)[0] == epoch
    kept.converted(11).mkdir()
    kept.save(state(replace(PROGRESS, best_epoch=None)))
    assert names_in(tmp_path / "checkpoint") == {"state.npz", "best-11"}


def test_best_weights_are_kept_until_a_state_names_others(tmp_path):
    def begin(folder: Path) -> None:
        Checkpoint(folder).save_best(9, [np.full(1, 9)])
        Checkpoint(folder).save(state(replace(PROGRESS, best_epoch=9)))

    def work(folder: Path) -> None:
        Checkpoint(folder).save_best(10, [np.full(1, 10)])
        Checkpoint(folder).save(state(replace(PROGRESS, best_epoch=10)))

    found = []
    for folder, _ in cut_after_each_change(work, tmp_path, begin):
        kept = Checkpoint(folder)
        found.append(kept.load().progress.best_epoch)
        assert kept.load_best(found[-1])[0] == found[-1]
    assert set(found) == {9, 10} and found == sorted(found)


def test_what_was_being_written_is_deleted_and_nothing_else(kept, tmp_path):
    folder = tmp_path / "checkpoint"
    kept.save_best(1, [np.ones(1)])
    kept.save(state())
    whole = names_in(folder)
    (folder / ".abcd1234.state.npz").touch()
    (folder / ".converting-abcd1234" / "model").mkdir(parents=True)
    (folder / ".converting-abcd1234" / "model" / "head.npz").touch()
    (folder / ".notes").touch()
    kept.delete_leftovers()
    assert names_in(folder) == {*whole, ".notes"}
    (folder / ".notes").unlink()
    kept.delete()
    assert not folder.exists()


def test_what_the_first_release_was_writing_is_deleted_too(kept, tmp_path):
    folder = tmp_path / "checkpoint"
    folder.mkdir()
    for name in ("state.npz", ".abcd1234.state.npz"):
        (folder / name).touch()
    kept.delete_leftovers()
    assert names_in(folder) == {"state.npz"}


@pytest.mark.parametrize("kind", ["file", "link"])
def test_nothing_is_kept_in_what_is_no_folder_of_the_runs_own(kind, kept, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    write_state(elsewhere, {"format": 1, **asdict(PROGRESS)})
    if kind == "file":
        (tmp_path / "checkpoint").touch()
    else:
        (tmp_path / "checkpoint").symlink_to(elsewhere)
    for read in (kept.refuse_other_than_a_folder, kept.progress, kept.load):
        with pytest.raises(CheckpointError, match="not a folder"):
            read()
    for write in (kept.make_folder, lambda: kept.save(state()), lambda: kept.save_best(1, [])):
        with pytest.raises(OSError, match="checkpoint"):
            write()
    assert names_in(elsewhere) == {"state.npz"}
    kept.delete_leftovers()
    kept.delete()
    assert names_in(elsewhere) == {"state.npz"}


def test_where_there_is_nothing_yet_there_is_nothing_to_refuse(kept, tmp_path):
    kept.refuse_other_than_a_folder()
    assert kept.progress() is None
    kept.make_folder()
    kept.make_folder()
    kept.refuse_other_than_a_folder()
    assert (tmp_path / "checkpoint").is_dir() and kept.load() is None


def refusal_of(folder: Path, progress: object, **arrays: object) -> str:
    """The words about such a state; empty where it is believed."""
    folder.mkdir(exist_ok=True)
    write_state(folder, progress, **arrays)
    try:
        Checkpoint(folder).load()
    except CheckpointError as error:
        assert str(error).startswith("state.npz: ")
        return str(error)
    return ""


LEAST = {"format": 1, "epoch": {"epoch": 1}, "batch_size": 1, "precision": "float32"}


@pytest.mark.parametrize(
    ("field", "least", "most"),
    [
        ("epoch.epoch", 1, 2**31),
        *((f"epoch.{name}", 0, 2**31 - 1) for name in ("steps", "passed", "images")),
        ("batch_size", 1, 2**31),
        *((name, 0, 2**31 - 1) for name in ("steps", "passed", "best_epoch")),
    ],
)
def test_counts_of_a_training_are_such_as_can_be(field, least, most, tmp_path):
    for value, is_believed in ((least, True), (least - 1, False), (most, True), (most + 1, False)):
        assert (refusal_of(tmp_path, with_field(field, value)) == "") == is_believed, value


@pytest.mark.parametrize("field", ["epoch.losses", "epoch.right", "epoch.seconds", "best_loss", "best_accuracy"])
def test_what_it_measured_is_such_as_can_be(field, tmp_path):
    most = 1.0 if field == "best_accuracy" else 1e300
    for value, is_believed in ((0.0, True), (-1e-9, False), (most, True), (2 * most, field != "best_accuracy")):
        assert (refusal_of(tmp_path, with_field(field, value)) == "") == is_believed, value
    for value in (float("nan"), float("inf")):
        assert refusal_of(tmp_path, with_field(field, value))


def with_field(field: str, value: object) -> dict[str, object]:
    of, _, name = field.rpartition(".")
    return {**LEAST, of: {**LEAST[of], name: value}} if of else {**LEAST, name: value}


def test_a_training_that_cant_be_or_of_another_release_is_refused_in_words(tmp_path):
    assert refusal_of(tmp_path, LEAST) == ""
    assert "impossible numbers" in refusal_of(tmp_path, {**LEAST, "batch_size": 0})
    assert "another version" in refusal_of(tmp_path, {**LEAST, "format": 2})
    assert "format" in refusal_of(tmp_path, {name: value for name, value in LEAST.items() if name != "format"})
    assert refusal_of(tmp_path, b"{") and refusal_of(tmp_path, []) and refusal_of(tmp_path, b"")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_a_state_that_is_cut_short_is_refused_in_words(share, kept, tmp_path):
    kept.save(state())
    whole = (tmp_path / "checkpoint" / "state.npz").read_bytes()
    (tmp_path / "checkpoint" / "state.npz").write_bytes(whole[: int(len(whole) * share)])
    for read in (kept.progress, kept.load):
        with pytest.raises(CheckpointError, match=r"state\.npz: "):
            read()


def test_a_state_with_code_in_it_is_refused(tmp_path):
    np.savez(tmp_path / "state.npz", progress=np.array([print], dtype=object))
    with pytest.raises(CheckpointError, match="allow_pickle"):
        Checkpoint(tmp_path).load()


def test_numbers_are_kept_without_a_gap(tmp_path):
    """Else those behind it would be taken for others."""
    one = np.ones(1)
    assert refusal_of(tmp_path, LEAST, **{"weights-0": one, "weights-1": one, "optimizer-0": one}) == ""
    np.savez(tmp_path / "best-1.npz", **{"weights-0": one, "weights-2": one})
    with pytest.raises(CheckpointError, match="'weights-1' is missing"):
        Checkpoint(tmp_path).load_best(1)
    with pytest.raises(CheckpointError, match=r"best-2\.npz: .*No such file"):
        Checkpoint(tmp_path).load_best(2)


@pytest.mark.parametrize(("size", "is_believed"), [(1_000_000, True), (1_000_001, False)])
def test_of_a_progress_a_megabyte_is_read(size, is_believed, tmp_path):
    text = json.dumps(LEAST).encode()
    assert (refusal_of(tmp_path, text.ljust(size)) == "") == is_believed


def test_a_state_larger_than_any_is_not_read(tmp_path, monkeypatch):
    assert files.MAX_BYTES == 2_000_000_000
    text = json.dumps(LEAST).encode()
    size = len(text) + 128  # with numpy's header
    for most, is_believed in ((size, True), (size - 1, False)):
        monkeypatch.setattr(files, "MAX_BYTES", most)
        assert (refusal_of(tmp_path, text) == "") == is_believed


@pytest.mark.parametrize("name", ["state.npz", "best-1.npz"])
def test_a_file_that_is_a_link_is_not_read(name, kept, tmp_path):
    kept.save_best(1, [np.ones(1)])
    kept.save(state())
    os.rename(tmp_path / "checkpoint" / name, tmp_path / "elsewhere")  # noqa: PTH104
    (tmp_path / "checkpoint" / name).symlink_to(tmp_path / "elsewhere")
    if name == "state.npz":
        assert kept.load() is None
    else:
        with pytest.raises(CheckpointError):
            kept.load_best(1)
