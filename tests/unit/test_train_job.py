"""A training from its request to its end: how it ends when it is stopped or left, whenever that is; what lies in the
run after a power cut at any moment; and that what it was asked for reaches what does it.

What computes is stood in for: heads that say nothing, and networks of a few bytes.
"""

import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest

from tests.conftest import draw_dataset, draw_picture
from tests.unit.power_cut import cut_after_each_change
from tests.unit.test_library import listed
from xception_gui import paths
from xception_gui.data.dataset.split import split_dataset
from xception_gui.data.pictures.open_picture import decode_file
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.lines import decode_event
from xception_gui.domain.messages.base import Event, Failed, Finished, Phase, PhaseStarted, Progress, Stopped
from xception_gui.domain.messages.dataset import DatasetChecked, DatasetSplit
from xception_gui.domain.messages.training import (
    EpochFinished,
    Notice,
    NoticeCode,
    ResumeRequest,
    TrainingResumed,
    TrainRequest,
)
from xception_gui.domain.metrics import Measured
from xception_gui.domain.recipe import Precision, Preset, SizeChoice, make_recipe
from xception_gui.domain.runtime import LITERT
from xception_gui.domain.training_progress import EpochProgress, TrainingProgress
from xception_gui.finetune import convert, devices, network, saving, training
from xception_gui.finetune.training import Outcome
from xception_gui.inference.backbone import file_sha256
from xception_gui.inference.classifier import Classifier
from xception_gui.inference.embedder import Embedder
from xception_gui.inference.head import Head
from xception_gui.inference.machine import device_name, versions
from xception_gui.jobs import run_job
from xception_gui.jobs.reporting import never
from xception_gui.jobs.training import carrying_out, mirroring, networks, reading, train
from xception_gui.jobs.training.figures import embed_pictures
from xception_gui.jobs.training.trained_model import Model
from xception_gui.jobs.using import best_so_far
from xception_gui.jobs.using.best_so_far import open_model
from xception_gui.runs import lock
from xception_gui.runs.checkpoint import Checkpoint, TrainingState
from xception_gui.runs.lock import RunLock, is_held
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.schema import RecordedPicture, SplitRecord
from xception_gui.words.errors import failure_text, text_of
from xception_gui.words.notices import notice_text

QUICK = make_recipe(Preset.QUICK, image_size=71)
FINE_TUNE = make_recipe(Preset.FINE_TUNE, image_size=71, epochs=3, precision=Precision.FLOAT32)
TUTORIAL = make_recipe(Preset.TUTORIAL, image_size=71, epochs=3, precision=Precision.FLOAT32)

recipes = pytest.mark.parametrize("recipe", [QUICK, FINE_TUNE, TUTORIAL], ids=lambda recipe: recipe.preset)


def head(number: float, blocks: tuple[int, ...] = XCEPTION.embedding_blocks) -> Head:
    size = XCEPTION.embedding_size if blocks == XCEPTION.embedding_blocks else 2048
    return Head(XCEPTION, blocks, np.full((size, 2), number, np.float32), np.full(2, number, np.float32))


def epoch(number: int, loss: float) -> EpochFinished:
    return EpochFinished(number, 12, 0.5, 0.9, loss, 0.9, 1e-3 if number else None, 1.0, True)


class Learning:
    """What is learned by heart: Quick's head says 0, the network's 2 after its second epoch, which is its best.

    `at` holds what is done at a moment: `quick`, `fitted`, `epoch 1` … `converting`, `measured`.
    """

    def __init__(self) -> None:
        self.at: dict[str, Callable[[], None]] = {}
        self.given: dict[str, tuple] = {}
        self.stopped_quick = False
        self.trained_loss: float | None = 0.05

    def reach(self, moment: str) -> None:
        self.at.get(moment, lambda: None)()

    def quick(self, split, embedder, seed, *, is_start, report, stop) -> Model:
        self.given["quick"] = (split, embedder.image_size, seed, is_start)
        self.reach("quick")
        if stop() and not self.stopped_quick:
            raise JobStopped
        report(epoch(0 if is_start else 1, 0.1))
        self.reach("fitted")
        return Model(head(0.0), embedder, Measured(0.9, 0.1), stopped=stop() and self.stopped_quick, strength=0.04)

    def loop(self, built, training, data, validation, *, checkpoint, report, stop, **given) -> Outcome:
        """Learn for three epochs, and keep each once it is told."""
        self.given["loop"] = (built, training, data, validation, given)
        saved = checkpoint.progress()
        if saved is None and given["start"]:
            checkpoint.save(TrainingState(progress_after(0, 0, given["image_size"]), [np.zeros(1)], []))
        done = saved.epochs if saved else 0
        for number in range(done + 1, training.epochs + 1):
            self.reach(f"epoch {number}")
            if stop():
                break
            if number == 2:
                checkpoint.save_best(2, [np.full(1, 2.0)])
            best = 2 if number >= 2 else (0 if given["start"] else None)
            report(epoch(number, 0.2 / number))
            checkpoint.save(TrainingState(progress_after(number, best, given["image_size"]), [np.zeros(1)], []))
            done = number
        self.reach("learned")
        best = 2 if done >= 2 else (0 if given["start"] else None)
        return Outcome(best, done, any_step=True, stopped=stop())

    def write_backbone(self, architecture, built, path: Path, *, image_size: int) -> None:
        self.given["backbone"] = (built, image_size)
        self.reach("converting")
        path.write_bytes(b"a trained network")

    def write_keras_model(self, built, path: Path, *, image_size: int, head: Head) -> None:
        path.write_bytes(b"for Keras")

    def validated(self, head, split, embedder, report, strength) -> SimpleNamespace | None:
        self.given["measured"] = (head, split, embedder)
        self.given["strength"] = strength
        self.reach("measured")
        if self.trained_loss is None:
            return None
        return SimpleNamespace(head=head, measured=Measured(1.0, self.trained_loss))


def progress_after(number: int, best: int | None, size: int | None = None) -> TrainingProgress:
    loss = None if best is None else 0.09  # Quick's is 0.1
    epoch, passed = EpochProgress(number + 1), 12 * number
    return TrainingProgress(epoch, 16, Precision.FLOAT32, 3 * number, passed, best, loss, 0.9, image_size=size)


@pytest.fixture
def learning(monkeypatch) -> Learning:
    learning = Learning()
    for module in (carrying_out, networks):
        monkeypatch.setattr(module, "require_keras", lambda: None)
    monkeypatch.setattr(carrying_out, "train_quick", learning.quick)
    monkeypatch.setattr(training, "fit_network", learning.loop)
    monkeypatch.setattr(devices, "accelerators", list)
    monkeypatch.setattr(network, "starting_network", lambda *given, **options: SimpleNamespace(made=(given, options)))
    monkeypatch.setattr(network, "head_of", lambda architecture, built, blocks: head(2.0, blocks))
    monkeypatch.setattr(convert, "write_backbone_of", learning.write_backbone)
    monkeypatch.setattr(convert, "write_keras_model", learning.write_keras_model)
    monkeypatch.setattr(networks, "_validated", learning.validated)
    monkeypatch.setattr(
        networks, "_is_as_good", lambda quick, said, *given: said.measured.log_loss <= quick.validation.log_loss
    )
    monkeypatch.setattr(networks, "can_be_mirrored", lambda *given: True)
    return learning


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> Path:
    colours = {"red": (220, 60, 60), "blue": (60, 60, 220)}
    return draw_dataset(tmp_path_factory.mktemp("set") / "pictures", colours, count=8)


@dataclass
class Flags:
    """Whoever wants a training to end."""

    stop: bool = False
    leave: bool = False

    def ask(self, *, leave: bool) -> None:
        self.stop, self.leave = True, leave


def events_of(request, flags: Flags | None = None) -> list[Event]:
    events: list[Event] = []
    flags = flags or Flags()
    run_job(request, events.append, lambda: flags.stop, lambda: flags.leave)
    return events


def end(request, flags: Flags | None = None) -> Event:
    return events_of(request, flags)[-1]


def status_of(run: Path) -> str:
    return RunFolder(run).read_record().status


# --- Stopped, or left ---------------------------------------------------------------------------------------------

LATER = {QUICK: [], TUTORIAL: ["epoch 1", "epoch 2", "epoch 3"], FINE_TUNE: ["fitted", "epoch 1", "epoch 2", "epoch 3"]}
IN_TRAINING = [(recipe, moment) for recipe, moments in LATER.items() for moment in moments]
in_training = pytest.mark.parametrize(
    ("recipe", "moment"), IN_TRAINING, ids=[f"{recipe.preset}, {moment}" for recipe, moment in IN_TRAINING]
)


@pytest.mark.parametrize("recipe", [QUICK, FINE_TUNE], ids=lambda recipe: recipe.preset)
def test_stopped_before_there_is_anything_it_leaves_nothing(recipe, learning, pictures, tmp_path):
    flags = Flags()
    learning.at["quick"] = lambda: flags.ask(leave=False)
    assert end(TrainRequest(str(pictures), str(tmp_path / "run"), recipe), flags) == Stopped()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("recipe", [QUICK, FINE_TUNE], ids=lambda recipe: recipe.preset)
@pytest.mark.parametrize("has_read_some", [False, True])
def test_left_before_there_is_anything_it_is_there_to_be_gone_on_with(
    recipe, has_read_some, learning, pictures, tmp_path
):
    """Also where what it has read is enough for a model: nobody has said that this is all they want."""
    flags, run = Flags(), tmp_path / "run"
    learning.at["quick"] = lambda: flags.ask(leave=True)
    learning.stopped_quick = has_read_some
    assert end(TrainRequest(str(pictures), str(run), recipe), flags) == Stopped(resumable=True)
    assert status_of(run) == "training" and not (run / "head.npz").exists() and not is_held(run)
    learning.at.clear()
    assert isinstance(end(ResumeRequest(str(run))), Finished)
    assert status_of(run) == "finished"


@recipes
def test_ended_at_once_it_has_not_failed_and_whoever_wants_its_model_is_told_to_go_on(
    recipe, learning, pictures, tmp_path
):
    """As by a second Ctrl-C, before anything was saved."""

    def interrupt(event: Event) -> None:
        if isinstance(event, Progress | EpochFinished) and (tmp_path / "run").exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_job(TrainRequest(str(pictures), str(tmp_path / "run"), recipe), interrupt, never)
    assert status_of(tmp_path / "run") == "training"
    (summary,) = listed(tmp_path)
    assert summary.resumable
    with pytest.raises(ProgramError) as told:
        Classifier.open(tmp_path / "run")
    assert told.value.code is ErrorCode.RUN_WITHOUT_MODEL and "--resume" in text_of(told.value).fix
    assert isinstance(end(ResumeRequest(str(tmp_path / "run"))), Finished)


@pytest.mark.parametrize("recipe", [QUICK, FINE_TUNE], ids=lambda recipe: recipe.preset)
def test_stopped_while_pictures_are_read_it_keeps_a_model_of_what_was_read(recipe, learning, pictures, tmp_path):
    flags, run = Flags(), tmp_path / "run"
    learning.at["quick"] = lambda: flags.ask(leave=False)
    learning.stopped_quick = True
    ended = end(TrainRequest(str(pictures), str(run), recipe), flags)
    assert isinstance(ended, Stopped) and ended.result.stopped and not ended.resumable
    assert status_of(run) == "stopped" and Classifier.open(run).head.bias[0] == 0


@in_training
def test_stopped_while_it_trains_it_brings_the_best_to_its_end(recipe, moment, learning, pictures, tmp_path):
    flags, run = Flags(), tmp_path / "run"
    learning.at[moment] = lambda: flags.ask(leave=False)
    events = events_of(TrainRequest(str(pictures), str(run), recipe), flags)
    ended = events[-1]
    assert isinstance(ended, Stopped) and ended.result.stopped and not ended.resumable
    assert status_of(run) == "stopped" and not (run / "checkpoint").exists()
    record = RunFolder(run).read_record()
    expected = 2 if moment == "epoch 3" else (0 if recipe is FINE_TUNE else None)
    assert record.figures.best_epoch == expected
    assert Classifier.open(run).head.bias[0] == (0.0 if expected == 0 else 2.0)
    told = {event.code for event in events if isinstance(event, Notice)}
    assert (NoticeCode.NO_EPOCH in told) is (expected is None)
    assert (NoticeCode.QUICK_KEPT in told) is (expected == 0)


@in_training
def test_left_while_it_trains_it_stays_as_it_was_saved(recipe, moment, learning, pictures, tmp_path):
    flags, run = Flags(), tmp_path / "run"
    learning.at[moment] = lambda: flags.ask(leave=True)
    assert end(TrainRequest(str(pictures), str(run), recipe), flags) == Stopped(resumable=True)
    assert status_of(run) == "training" and "backbone" not in learning.given and not is_held(run)
    (shown,) = listed(tmp_path)
    assert shown.resumable and not shown.in_training
    shipped = paths.shipped_sha256(paths.shipped_backbone())
    assert RunFolder(run).read_record().backbone == (shipped if recipe is FINE_TUNE else None)  # that it has by now
    saved = Checkpoint(run / "checkpoint").progress()
    assert (saved.epochs if saved else 0) == (int(moment[-1]) - 1 if moment.startswith("epoch") else 0)
    learning.at.clear()
    told = events_of(ResumeRequest(str(run)))
    assert isinstance(told[-1], Finished) and told[-1].result.epochs == 3
    numbers = [event.epoch for event in told if isinstance(event, EpochFinished)]
    assert numbers == ([0, 1, 2, 3] if recipe is FINE_TUNE else [1, 2, 3])


@pytest.mark.parametrize(
    ("recipe", "moment"),
    [
        (QUICK, "fitted"),
        (FINE_TUNE, "converting"),
        (FINE_TUNE, "measured"),
        (TUTORIAL, "converting"),
        (TUTORIAL, "measured"),
    ],
    ids=lambda value: getattr(value, "preset", value),
)
@pytest.mark.parametrize("leave", [False, True])
def test_what_has_learned_all_is_brought_to_its_end_by_whoever_asks(
    recipe, moment, leave, learning, pictures, tmp_path
):
    """Left, it is finished: it has all of its epochs. Stopped, it says that somebody wanted no more of it, the test."""
    flags, run = Flags(), tmp_path / "run"
    learning.at[moment] = lambda: flags.ask(leave=leave)
    ended = end(TrainRequest(str(pictures), str(run), recipe), flags)
    assert isinstance(ended, Finished if leave else Stopped) and ended.result.stopped is not leave
    assert status_of(run) == ("finished" if leave else "stopped")
    assert Classifier.open(run).head.bias[0] == (0 if recipe is QUICK else 2)


@pytest.mark.parametrize("recipe", [FINE_TUNE, TUTORIAL], ids=lambda recipe: recipe.preset)
@pytest.mark.parametrize("moment", ["converting", "measured"])
def test_stopped_first_it_stays_stopped_though_the_process_has_to_go_then(recipe, moment, learning, pictures, tmp_path):
    flags, run = Flags(), tmp_path / "run"
    learning.at = {"epoch 3": lambda: flags.ask(leave=False), moment: lambda: flags.ask(leave=True)}
    ended = end(TrainRequest(str(pictures), str(run), recipe), flags)
    assert isinstance(ended, Stopped) and ended.result.stopped and not ended.resumable
    assert status_of(run) == "stopped"


@recipes
def test_a_training_that_fails_says_so_in_its_record_and_can_be_gone_on_with_where_it_was_saved(
    recipe, learning, pictures, tmp_path
):
    def fail() -> None:
        raise OSError(28, "No space left on device")

    run, moment, seen = tmp_path / "run", "fitted" if recipe is QUICK else "converting", []
    learning.at[moment] = fail
    ended = end(TrainRequest(str(pictures), str(run), recipe))
    assert isinstance(ended, Failed) and "no space left" in failure_text(ended).why
    assert status_of(run) == "failed" and not is_held(run)
    (shown,) = listed(tmp_path)
    assert shown.resumable is (recipe is not QUICK)
    assert json.loads((run / "events.jsonl").read_text().splitlines()[-1])["type"] == "failed"
    learning.at[moment] = lambda: seen.append(status_of(run))
    told = events_of(ResumeRequest(str(run)))
    assert isinstance(told[-1], Finished) and not any(isinstance(event, Failed) for event in told)
    assert seen == ["training"]


# --- The power is cut ---------------------------------------------------------------------------------------------


def what_lies_in(run: Path) -> frozenset[tuple[str, bytes]]:
    """The files of a run, but for those that are still being written."""
    return frozenset(
        (path.relative_to(run).as_posix(), path.read_bytes())
        for path in run.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    )


def look_at(run: Path) -> None:
    """A run is whole, whatever it is: one that says it is finished has a model, and any other can be gone on with."""
    (shown,) = listed(run.parent)
    assert shown.broken is None
    if shown.status in ("finished", "stopped"):
        opened = Classifier.open(run)
        assert shown.val_accuracy == opened.record.figures.val_accuracy
        return
    assert shown.status == "training" and shown.resumable
    saved = Checkpoint(run / "checkpoint").progress()
    if saved is not None and saved.best_epoch:
        Checkpoint(run / "checkpoint").load_best(saved.best_epoch)
    if (run / "checkpoint" / "head.npz").exists():  # of the model that it started from
        assert Classifier.open(run).head.bias[0] in (0, 2)


@pytest.fixture
def looked_through(monkeypatch, pictures):
    """The data set is looked through once: that changes nothing on the disk, and takes longest."""
    known = reading.read_dataset(str(pictures), lambda event: None, never)
    monkeypatch.setattr(reading, "read_dataset", lambda *given, **options: known)


@pytest.mark.parametrize("recipe", [QUICK, FINE_TUNE], ids=lambda recipe: recipe.preset)
def test_whenever_the_power_is_cut_the_run_is_whole_and_can_be_gone_on_with(
    recipe, learning, pictures, tmp_path, looked_through
):
    def work(folder: Path) -> None:
        run_job(TrainRequest(str(pictures), str(folder / "run"), recipe), lambda event: None, never)

    seen = set()
    for folder, is_done in cut_after_each_change(work, tmp_path):
        run = folder / "run"
        if not (run / "run.json").exists():
            assert not is_done
            continue
        look_at(run)
        found = what_lies_in(run)
        if found in seen:
            continue
        seen.add(found)
        if status_of(run) == "training":
            told = events_of(ResumeRequest(str(run)))
            assert isinstance(told[-1], Finished)
            numbers = [event.epoch for event in told if isinstance(event, EpochFinished)]
            assert numbers == ([1] if recipe is QUICK else [0, 1, 2, 3])
            rows = (run / "metrics.csv").read_text().splitlines()[1:]
            assert [int(row.split(",")[0]) for row in rows] == numbers
        assert status_of(run) == "finished"
        assert Classifier.open(run).head.bias[0] == (0 if recipe is QUICK else 2)
    assert len(seen) >= 5
    names = {"run.json", "events.jsonl", "metrics.csv", "head.npz", "labels.txt", "README.md"}
    own = set() if recipe is QUICK else {"backbone.tflite", "model.keras", "quick"}
    assert {path.name for path in run.iterdir()} == names | own


def test_whenever_the_power_is_cut_a_training_that_goes_on_goes_on_once_more(
    learning, pictures, tmp_path, looked_through
):
    flags, begun = Flags(), tmp_path / "begun"
    learning.at["epoch 3"] = lambda: flags.ask(leave=True)
    end(TrainRequest(str(pictures), str(begun), FINE_TUNE), flags)
    learning.at.clear()

    def begin(folder: Path) -> None:
        shutil.copytree(begun, folder / "run")

    def work(folder: Path) -> None:
        run_job(ResumeRequest(str(folder / "run")), lambda event: None, never)

    seen = set()
    for folder, is_done in cut_after_each_change(work, tmp_path, begin):
        run = folder / "run"
        look_at(run)
        found = what_lies_in(run)
        if found in seen:
            continue
        seen.add(found)
        if status_of(run) == "training":
            assert not is_done
            told = events_of(ResumeRequest(str(run)))
            assert isinstance(told[-1], Finished) and told[-1].result.epochs == 3
            assert [event.epoch for event in told if isinstance(event, EpochFinished)] == [0, 1, 2, 3]
        assert Classifier.open(run).head.bias[0] == 2
    assert len(seen) >= 5


def test_whenever_the_power_is_cut_while_the_best_so_far_is_made_usable_there_is_a_model(
    interrupted, learning, tmp_path, monkeypatch
):
    def begin(folder: Path) -> None:
        shutil.copytree(interrupted.path, folder / "run")

    def work(folder: Path) -> None:
        open_model(folder / "run", lambda event: None, never)

    given = []
    monkeypatch.setattr(best_so_far, "require_keras", lambda: None)
    monkeypatch.setattr(saving, "set_weights", lambda built, weights: given.append(weights[0].tolist()))
    (tmp_path / "cut").mkdir()
    for folder, is_done in cut_after_each_change(work, tmp_path / "cut", begin):
        run = folder / "run"
        look_at(run)
        assert Classifier.open(run).head.bias[0] in (0, 2)
        given.clear()
        assert open_model(run, lambda event: None, never).head.bias[0] == 2
        assert given in ([], [[2.0]]) and (not is_done or not given)  # once
        assert Classifier.open(run).record.runtime == LITERT and Classifier.open(run).record.figures is None


def test_while_no_epoch_is_better_quick_is_the_best_so_far(interrupted, learning, tmp_path):
    run = RunFolder(Path(shutil.copytree(interrupted.path, tmp_path / "begun")))
    kept = Checkpoint(run.checkpoint)
    state = kept.load()
    kept.save(replace(state, progress=replace(state.progress, best_loss=0.11)))
    assert open_model(run.path, lambda event: None, never).head.bias[0] == 0
    assert [one.val_log_loss for one in listed(run.path.parent) if one.path == str(run.path)] == [0.1]


def test_a_run_is_held_while_its_best_so_far_is_made_usable(interrupted, learning, tmp_path, monkeypatch):
    """Else two programs that open it at once would write the same files."""
    run, held = RunFolder(Path(shutil.copytree(interrupted.path, tmp_path / "held"))), []
    monkeypatch.setattr(best_so_far, "_write_best_epoch", lambda run, *which: held.append(is_held(run.path)))
    open_model(run.path, lambda event: None, never)
    assert held == [True] and not is_held(run.path)
    monkeypatch.setattr(best_so_far, "is_held", lambda path: False)  # somebody comes between the look and the lock
    with RunLock(run.path):
        assert open_model(run.path, lambda event: None, never).head.bias[0] == 0
    assert held == [True]


def test_an_epoch_is_made_usable_as_the_run_is_once_it_is_held(interrupted, learning, monkeypatch):
    """Between the look and the lock, the training went on to its end."""
    run, converted = interrupted, []
    really = best_so_far.RunLock

    def lock_after_the_end(path: Path, work: object) -> RunLock:
        assert isinstance(end(ResumeRequest(str(path))), Finished)
        return really(path, work)

    monkeypatch.setattr(best_so_far, "RunLock", lock_after_the_end)
    monkeypatch.setattr(best_so_far, "_write_best_epoch", lambda *given: converted.append(given))
    assert open_model(run.path, lambda event: None, never).record.status == "finished"
    assert converted == []


def test_whoever_stops_before_the_best_epoch_is_usable_leaves_the_run_as_it_was(interrupted, learning, monkeypatch):
    run, asked = interrupted.path, []
    monkeypatch.setattr(best_so_far, "require_keras", lambda: None)
    monkeypatch.setattr(saving, "set_weights", lambda built, weights: None)
    before = what_lies_in(run)
    for steps in (1, 2, 3, 4):
        asked.clear()
        with pytest.raises(JobStopped):
            open_model(run, lambda event: None, lambda steps=steps: asked.append(None) or len(asked) == steps)
        assert what_lies_in(run) == before and not is_held(run)
        assert not list(run.rglob(".converting*"))
    assert open_model(run, lambda event: None, never).head.bias[0] == 2


# --- Everything reaches what it is meant for ------------------------------------------------------------------------


@recipes
def test_what_is_asked_for_is_what_is_done(recipe, learning, pictures, tmp_path):
    recipe = msgspec.structs.replace(recipe, seed=7, val_fraction=0.25, max_per_class=6)
    run = tmp_path / "run"
    events = events_of(TrainRequest(str(pictures), str(run), recipe))
    result = events[-1].result
    record = RunFolder(run).read_record()
    assert record.recipe == recipe and record.dataset == str(pictures) and record.image_size == 71
    assert record.classes == result.classes == ("blue", "red")
    split = split_dataset(
        reading.read_dataset(str(pictures), lambda event: None, never), val_fraction=0.25, max_per_class=6, seed=7
    )
    assert record.split == SplitRecord(
        *(
            tuple(RecordedPicture(one.relative, one.sha256, split.classes.index(one.class_name)) for one in part)
            for part in (split.train, split.val, split.test)
        )
    )
    assert (result.run, result.recipe, result.train_images, result.val_images) == (str(run), recipe.preset, 8, 4)
    assert (DatasetSplit(8, 4, 0) in events) and record.versions == versions() and record.device == device_name()
    assert abs(datetime.fromisoformat(record.created).timestamp() - time.time()) < 60
    if recipe.preset is not Preset.TUTORIAL:
        assert learning.given["quick"] == (split, 71, 7, recipe.preset is Preset.FINE_TUNE)
    if recipe.preset is Preset.QUICK:
        assert (result.epochs, record.precision, record.figures.strength) == (None, None, 0.04)
        assert record.backbone == paths.shipped_sha256(paths.shipped_backbone())
        return
    assert (result.epochs, record.precision, record.figures.best_epoch) == (3, "float32", 2)
    assert record.figures.val_log_loss == result.val_log_loss == 0.05
    assert record.backbone == file_sha256(run / "backbone.tflite")
    built, asked, data, validation, given = learning.given["loop"]
    assert asked == recipe.training
    for part, labelled in ((split.train, data), (split.val, validation)):
        assert list(labelled.files) == [one.path for one in part] and labelled.class_count == 2
        assert list(labelled.hashes) == [one.sha256 for one in part]
        assert labelled.labels.tolist() == [int(one.class_name == "red") for one in part]
    is_fine_tune = recipe.preset is Preset.FINE_TUNE
    assert given["start"] == (Measured(0.9, 0.1) if is_fine_tune else None)
    assert (given["image_size"], given["seed"]) == (71, 7) and given["available_memory"] > 0
    made, options = built.made
    assert made == (XCEPTION, 71, recipe.training.head_blocks, 2)
    start = options.pop("head")
    assert start.bias[0] == 0 if is_fine_tune else start is None
    assert options == {"weights": paths.shipped_weights(), "seed": 7, "precision": "float32"}
    assert learning.given["backbone"] == (built, 71)
    measured_head, measured_split, embedder = learning.given["measured"]
    assert (measured_head.bias[0], measured_split, embedder.image_size) == (2, split, 71)
    assert embedder.sha256 == record.backbone
    assert learning.given["strength"] == (0.04 if is_fine_tune else None)  # of Quick's head: it is fitted again so


SMALLER = msgspec.structs.replace(
    FINE_TUNE, image_size=80, training=msgspec.structs.replace(FINE_TUNE.hyperparameters, train_size=71)
)


@pytest.mark.parametrize("is_better", [True, False], ids=["trained", "Quick kept"])
def test_a_network_that_learns_from_smaller_pictures_has_a_model_of_their_size(is_better, learning, pictures, tmp_path):
    """Quick's model, which it has to beat, is of the recipe's size; the head to start from is fitted at its own."""
    run = tmp_path / "run"
    learning.trained_loss = 0.05 if is_better else 0.5
    assert isinstance(end(TrainRequest(str(pictures), str(run), SMALLER)), Finished)
    built, *_, given = learning.given["loop"]
    made, options = built.made
    assert learning.given["quick"][1] == 80 and given["image_size"] == 71 and made[1] == 71
    assert options["head"].kernel.any()  # Quick's, as this test has it, is all zeros
    assert learning.given["backbone"] == (built, 71)
    record, classifier = RunFolder(run).read_record(), Classifier.open(run)
    assert record.recipe.image_size == 80 and record.image_size == classifier.embedder.image_size
    assert record.image_size == (71 if is_better else 80)


def test_until_it_has_a_model_of_its_own_quicks_is_used_at_its_size(learning, pictures, tmp_path):
    flags, run = Flags(), tmp_path / "run"
    learning.at["epoch 1"] = lambda: flags.ask(leave=True)
    assert end(TrainRequest(str(pictures), str(run), SMALLER), flags) == Stopped(resumable=True)
    assert Classifier.open(run).embedder.image_size == 80
    learning.at.clear()
    assert isinstance(end(ResumeRequest(str(run))), Finished)
    assert Classifier.open(run).embedder.image_size == 71


@pytest.mark.parametrize(("recipe", "asks"), [(FINE_TUNE, True), (TUTORIAL, False)], ids=["Fine-tune", "Tutorial"])
def test_pictures_are_mirrored_if_quicks_model_says_so(recipe, asks, learning, pictures, tmp_path):
    assert isinstance(end(TrainRequest(str(pictures), str(tmp_path / "run"), recipe)), Finished)
    assert learning.given["loop"][-1]["mirrored"] is asks


@pytest.mark.parametrize("kind", ["file", "folder", "in the data set", "in the data set by a link"])
def test_a_place_where_no_run_can_be_is_refused_before_any_work(kind, pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "read_dataset", lambda *given, **options: pytest.fail("it was looked through"))
    monkeypatch.setattr(train, "open_embedder", lambda *given: pytest.fail("it was begun with"))
    out = tmp_path / "run"
    match kind:
        case "file":
            out.write_text("mine")
        case "folder":
            out.mkdir()
            (out / ".hidden").write_text("mine")
        case "in the data set":
            out = pictures / "red" / "run"
        case "in the data set by a link":
            (tmp_path / "link").symlink_to(pictures)
            out = tmp_path / "link" / "run"
    ended = end(TrainRequest(str(pictures), str(out), QUICK))
    assert ended.code == (ErrorCode.RUN_EXISTS if kind in ("file", "folder") else ErrorCode.RUN_IN_DATASET)
    assert str(out) in failure_text(ended).what


def test_an_empty_folder_is_a_place_and_so_is_one_beside_the_pictures(learning, pictures, tmp_path):
    (tmp_path / "empty").mkdir()
    for out in (tmp_path / "empty", tmp_path / "new" / "deep", pictures.with_name("pictures run")):
        assert isinstance(end(TrainRequest(str(pictures), str(out), QUICK)), Finished)


def test_what_cant_be_read_again_is_not_begun(learning, pictures, tmp_path, monkeypatch):
    for name, most in (("MAX_CLASSES", 1), ("MAX_BYTES", 500)):
        with monkeypatch.context() as patch:
            patch.setattr(train, name, most)
            events = events_of(TrainRequest(str(pictures), str(tmp_path / "run"), QUICK))
        assert events[-1].code == ErrorCode.DATASET_TOO_LARGE and str(pictures) in failure_text(events[-1]).what
        assert any(isinstance(event, DatasetSplit) for event in events) and list(tmp_path.iterdir()) == []


def test_what_cant_be_trained_on_is_told_with_what_was_found(learning, pictures, tmp_path):
    shutil.copytree(pictures / "red", tmp_path / "pictures" / "red")
    (tmp_path / "pictures" / "beside.txt").touch()
    events = events_of(TrainRequest(str(tmp_path / "pictures"), str(tmp_path / "run"), QUICK))
    assert events[-1].code == ErrorCode.TOO_FEW_CLASSES
    (found,) = [event for event in events if isinstance(event, DatasetChecked)]
    assert found.classes == {"red": 8} and [file.code for file in found.left_out] == ["outside-classes"]
    assert [problem.code for problem in found.problems] == ["outside-classes"] and not (tmp_path / "run").exists()


def test_an_accelerator_says_itself_what_fits(learning, pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(devices, "accelerators", lambda: ["gpu:0"])
    end(TrainRequest(str(pictures), str(tmp_path / "run"), TUTORIAL))
    assert learning.given["loop"][-1]["available_memory"] is None


@recipes
def test_every_event_is_written_down_before_it_is_told(recipe, learning, pictures, tmp_path):
    """Whoever hears of the end finds it in the run."""
    run, told, late = RunFolder(tmp_path / "run"), [], []

    def report(event: Event) -> None:
        told.append(event)
        if run.events.exists() and decode_event(run.events.read_text().splitlines()[-1])[1] != event:
            late.append(event)

    run_job(TrainRequest(str(pictures), str(run.path), recipe), report, never)
    assert not late
    assert [decode_event(line)[1] for line in run.events.read_text().splitlines()] == told
    assert isinstance(told[-1], Finished)
    rows = run.metrics.read_text().splitlines()[1:]
    assert [row.split(",")[0] for row in rows] == [str(e.epoch) for e in told if isinstance(e, EpochFinished)]


@recipes
def test_the_record_is_there_when_the_end_is_told_and_nobody_holds_the_run_any_more(
    recipe, learning, pictures, tmp_path
):
    run, seen = tmp_path / "run", []

    def report(event: Event) -> None:
        if run.exists():
            is_end = isinstance(event, Finished)
            seen.append((is_end, status_of(run), is_held(run), (run / "checkpoint").exists() and is_end))

    run_job(TrainRequest(str(pictures), str(run), recipe), report, never)
    assert seen[-1] == (True, "finished", False, False)
    assert set(seen[:-1]) == {(False, "training", True, False)}


def test_a_run_that_is_trained_is_nobody_else_s(learning, pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "PATIENCE", 0)
    run, others = tmp_path / "run", []
    learning.at["fitted"] = lambda: others.append(end(ResumeRequest(str(run))))
    assert isinstance(end(TrainRequest(str(pictures), str(run), QUICK)), Finished)
    assert others[0].code == ErrorCode.RUN_IN_USE and str(os.getpid()) in failure_text(others[0]).why
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    again = [end(ResumeRequest(str(run))), end(TrainRequest(str(pictures), str(run), QUICK))]
    assert [one.code for one in again] == [ErrorCode.RUN_HAS_ENDED, ErrorCode.RUN_EXISTS]
    assert {path.name: path.read_bytes() for path in run.iterdir()} == before


@pytest.mark.parametrize("is_resumed", [False, True])
def test_another_model_that_has_its_name_by_then_stays_as_it_is(is_resumed, learning, pictures, tmp_path):
    """Somebody renames the folder of a training that goes on."""
    other, run = tmp_path / "other", tmp_path / "run"
    end(TrainRequest(str(pictures), str(other), QUICK))
    if is_resumed:
        flags = Flags()
        learning.at["quick"] = lambda: flags.ask(leave=True)
        end(TrainRequest(str(pictures), str(run), QUICK), flags)
        learning.at.clear()

    def swap() -> None:
        run.rename(tmp_path / "renamed")
        shutil.copytree(other, run)

    learning.at["fitted"] = swap
    ended = end(ResumeRequest(str(run)) if is_resumed else TrainRequest(str(pictures), str(run), QUICK))
    assert isinstance(ended, Failed) and ended.code == ErrorCode.CANNOT_WRITE
    assert what_lies_in(run) == what_lies_in(other)


def test_only_a_run_is_gone_on_with(learning, tmp_path):
    (tmp_path / "holiday").mkdir()
    for place in ("holiday", "nowhere"):
        assert end(ResumeRequest(str(tmp_path / place))).code == ErrorCode.NOT_A_RUN
    assert [path.name for path in tmp_path.rglob("*")] == ["holiday"]


# --- At which size ---------------------------------------------------------------------------------------------------

SIZES = msgspec.structs.replace(
    FINE_TUNE,
    image_size=142,
    training=msgspec.structs.replace(
        FINE_TUNE.hyperparameters, train_size=71, epochs=12, size_choice=SizeChoice.SUITED
    ),
)


@pytest.fixture
def expecting(learning, monkeypatch):
    """Quick's log loss to expect on new pictures at the full and at the training size, as cross-validation says."""

    def losses(mean: float | None) -> np.ndarray | None:
        return None if mean is None else mean + np.linspace(-0.1, 0.1, 40)

    def expect(full: float | None, small: float | None) -> None:
        really = learning.quick
        monkeypatch.setattr(
            carrying_out,
            "train_quick",
            lambda *given, **how: replace(really(*given, **how), unseen_losses=losses(full)),
        )
        fit = SimpleNamespace(head=head(1.0), unseen_losses=losses(small))
        monkeypatch.setattr(carrying_out, "fit_head", lambda *given, **how: fit)

    return expect


@pytest.mark.parametrize(
    ("full", "small", "size"),
    [(0.3, 0.4, 142), (0.4, 0.3, 71), (0.3, 0.3, 71), (None, 0.3, 71), (0.3, None, 71)],
)
def test_the_network_learns_at_the_size_that_quick_does_better_with(
    full, small, size, learning, expecting, pictures, tmp_path
):
    expecting(full, small)
    run = RunFolder(tmp_path / "run")
    events = events_of(TrainRequest(str(pictures), str(run.path), SIZES))
    assert isinstance(events[-1], Finished)
    _, training, _, _, given = learning.given["loop"]
    assert given["image_size"] == size and training.epochs == (3 if size == 142 else 12)
    assert run.read_record().image_size == size and Classifier.open(run.path).embedder.image_size == size
    told = [event.details for event in events if isinstance(event, Notice) and event.code is NoticeCode.FULL_SIZE]
    assert told == ([{"size": 142, "smaller": 71, "epochs": 3}] if size == 142 else [])


@pytest.mark.parametrize("size", [71, 142])
def test_a_training_that_goes_on_keeps_its_size(size, learning, expecting, pictures, tmp_path):
    flags, run = Flags(), tmp_path / "run"
    expecting(*((0.3, 0.4) if size == 142 else (0.4, 0.3)))
    learning.at["epoch 2"] = lambda: flags.ask(leave=True)
    assert end(TrainRequest(str(pictures), str(run), SIZES), flags) == Stopped(resumable=True)
    expecting(*((0.4, 0.3) if size == 142 else (0.3, 0.4)))  # isn't asked again
    learning.at.clear()
    assert isinstance(end(ResumeRequest(str(run))), Finished)
    assert learning.given["loop"][-1]["image_size"] == size
    assert Classifier.open(run).embedder.image_size == size


@pytest.mark.parametrize("moment", ["quick", "epoch 2"])
def test_a_training_that_goes_on_still_knows_its_forecast(moment, learning, pictures, tmp_path):
    flags, run = Flags(), tmp_path / "run"
    learning.at[moment] = lambda: flags.ask(leave=True)
    end(TrainRequest(str(pictures), str(run), FINE_TUNE, forecast=(1.0, 4.0)), flags)
    learning.at.clear()
    told = events_of(ResumeRequest(str(run)))
    forecasts = [event for event in told if isinstance(event, Notice) and event.code is NoticeCode.FORECAST]
    assert [one.details for one in forecasts] == [{"low": 1.0, "high": 4.0}]
    assert (run / "events.jsonl").read_text(encoding="utf-8").count('"forecast"') == 1


@pytest.mark.parametrize("moment", ["embedding", "mirroring"])
@pytest.mark.parametrize("leave", [False, True])
def test_ended_before_head_size_and_mirroring_are_known_it_saves_no_other_ones(
    moment, leave, learning, expecting, pictures, tmp_path, monkeypatch
):
    """A training that goes on is the one that it would have been, whenever it was left."""
    expecting(0.4, 0.3)
    flags, run = Flags(), RunFolder(tmp_path / "run")

    def embed(*given, **how):
        if moment == "embedding":
            flags.ask(leave=leave)
        return embed_pictures(*given, **how)

    def decode(*given):
        if moment == "mirroring":
            flags.ask(leave=leave)
        return decode_file(*given)

    with monkeypatch.context() as patch:
        patch.setattr(carrying_out, "embed_pictures", embed)
        patch.setattr(networks, "can_be_mirrored", mirroring.can_be_mirrored)
        patch.setattr(mirroring, "decode_file", decode)
        ended = end(TrainRequest(str(pictures), str(run.path), SIZES), flags)
    assert isinstance(ended, Stopped) and ended.resumable is leave and "loop" not in learning.given
    if not leave:
        assert status_of(run.path) == "stopped" and ended.result.epochs == 0
        assert Classifier.open(run.path).head.bias[0] == 0 and run.read_record().image_size == 142
        return
    assert Checkpoint(run.checkpoint).progress() is None
    assert isinstance(end(ResumeRequest(str(run.path))), Finished)
    given = learning.given["loop"][-1]
    assert given["image_size"] == 71 and given["mirrored"] and status_of(run.path) == "finished"


def test_a_size_that_is_fixed_stays(learning, expecting, pictures, tmp_path):
    expecting(0.3, 0.4)
    fixed = msgspec.structs.replace(SIZES.hyperparameters, size_choice=SizeChoice.FIXED)
    recipe = msgspec.structs.replace(SIZES, training=fixed)
    assert isinstance(end(TrainRequest(str(pictures), str(tmp_path / "run"), recipe)), Finished)
    assert learning.given["loop"][-1]["image_size"] == 71


# --- What is better ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("loss", "is_kept"), [(0.1, True), (0.0999, True), (0.1001, False), (None, False)])
def test_what_was_trained_is_kept_if_its_predictor_is_no_worse_than_quick(loss, is_kept, learning, pictures, tmp_path):
    learning.trained_loss = loss
    run = RunFolder(tmp_path / "run")
    events = events_of(TrainRequest(str(pictures), str(run.path), FINE_TUNE))
    record = run.read_record()
    assert isinstance(events[-1], Finished)
    assert record.figures.best_epoch == (2 if is_kept else 0) and record.figures.epochs == 3
    assert record.figures.val_log_loss == (loss if is_kept else 0.1)
    assert run.backbone.exists() is is_kept and run.keras_model.exists() and not run.checkpoint.exists()
    assert Classifier.open(run.path).head.bias[0] == (2 if is_kept else 0)
    assert any(isinstance(event, Notice) and event.code == NoticeCode.QUICK_KEPT for event in events) is not is_kept


def test_a_tutorial_that_gives_no_numbers_has_failed_and_keeps_nothing(learning, pictures, tmp_path):
    learning.trained_loss = None
    run = RunFolder(tmp_path / "run")
    ended = end(TrainRequest(str(pictures), str(run.path), TUTORIAL))
    assert ended.code == ErrorCode.TRAINING_DIVERGED and "0.001" in str(failure_text(ended))
    assert run.read_record().status == "failed"
    assert not any(file.exists() for file in (run.head, run.backbone, run.keras_model))


@pytest.mark.parametrize("recipe", [QUICK, FINE_TUNE], ids=lambda recipe: recipe.preset)
def test_a_model_of_own_weights_takes_its_network_along(recipe, learning, pictures, tmp_path, monkeypatch):
    own = tmp_path / "own.tflite"
    own.write_bytes(b"made of own weights")
    monkeypatch.setattr(
        train, "open_embedder", lambda architecture, recipe, report: Embedder(XCEPTION, 71, own, runtime=LITERT)
    )
    monkeypatch.setattr(carrying_out, "write_keras_model", lambda path, *given: path.write_bytes(b"for Keras"))
    learning.trained_loss = 0.2  # of Quick's model nothing is bettered
    run = RunFolder(tmp_path / "run")
    assert isinstance(end(TrainRequest(str(pictures), str(run.path), recipe)), Finished)
    assert run.backbone.read_bytes() == own.read_bytes() and run.keras_model.exists()
    assert run.read_record().backbone == file_sha256(own)
    assert Classifier.open(run.path).embedder.own == run.backbone


# --- Going on ---------------------------------------------------------------------------------------------------


@pytest.fixture
def interrupted(learning, pictures, tmp_path) -> RunFolder:
    """A Fine-tune that was left in its third epoch."""
    flags = Flags()
    learning.at["epoch 3"] = lambda: flags.ask(leave=True)
    end(TrainRequest(str(pictures), str(tmp_path / "run"), FINE_TUNE), flags)
    learning.at.clear()
    learning.given.clear()
    return RunFolder(tmp_path / "run")


def test_what_was_told_is_told_again_first_and_is_not_written_down_again(interrupted, learning, pictures):
    before = [decode_event(line)[1] for line in interrupted.events.read_text().splitlines()]
    told = events_of(ResumeRequest(str(interrupted.path)))
    again = [event for event in before if not isinstance(event, Stopped)]
    first = told.index(TrainingResumed(str(pictures), FINE_TUNE)) + 1
    assert told[first : first + len(again)] == again
    (notice,) = [event for event in told if isinstance(event, Notice) and event.code == NoticeCode.RESUMED]
    assert notice_text(notice).endswith("epoch 3.") and "picture" not in notice_text(notice)
    written = [decode_event(line)[1] for line in interrupted.events.read_text().splitlines()]
    assert not any(isinstance(event, TrainingResumed | Stopped) for event in written)
    assert written[: len(again)] == again and [e for e in written if isinstance(e, Notice)].count(notice) == 1


def test_the_model_that_it_started_from_is_not_fitted_again(interrupted, learning):
    assert isinstance(end(ResumeRequest(str(interrupted.path))), Finished)
    assert "quick" not in learning.given
    assert learning.given["loop"][-1]["start"] == Measured(0.9, 0.1)
    assert learning.given["strength"] == 0.04


def test_what_was_being_written_when_it_was_interrupted_is_gone_before_it_goes_on(interrupted, learning):
    (interrupted.checkpoint / ".ab12cd34.state.npz").write_bytes(b"half")
    (interrupted.checkpoint / ".converting-ab12cd34" / "model").mkdir(parents=True)
    (interrupted.checkpoint / ".converting-ab12cd34" / "model" / "backbone.tflite").write_bytes(b"half")
    left = []
    learning.at["epoch 3"] = lambda: left.extend(path.name for path in interrupted.checkpoint.glob(".[!x]*"))
    assert isinstance(end(ResumeRequest(str(interrupted.path))), Finished)
    assert left == []


def test_a_state_that_is_damaged_is_told_and_all_stays_as_it_is(interrupted):
    state = interrupted.checkpoint / "state.npz"
    state.write_bytes(state.read_bytes()[:-30])
    before = what_lies_in(interrupted.path)
    ended = end(ResumeRequest(str(interrupted.path)))
    assert ended.code == ErrorCode.RUN_DAMAGED and "state.npz" in failure_text(ended).why
    assert what_lies_in(interrupted.path) == before


def test_the_seconds_before_count(interrupted):
    interrupted.write_record(interrupted.read_record().replaced(seconds=1000.0))
    result = end(ResumeRequest(str(interrupted.path))).result
    assert 1000 < result.seconds < 1060 and interrupted.read_record().seconds == result.seconds


def test_in_the_middle_of_an_epoch_it_says_at_which_picture(interrupted):
    kept = Checkpoint(interrupted.checkpoint)
    state = kept.load()
    progress = replace(state.progress, epoch=EpochProgress(3, steps=1, passed=5, images=4))
    kept.save(replace(state, progress=progress))
    told = events_of(ResumeRequest(str(interrupted.path)))
    (notice,) = [event for event in told if isinstance(event, Notice) and event.code == NoticeCode.RESUMED]
    assert notice_text(notice).endswith("epoch 3, picture 5.")


@pytest.mark.parametrize("gone", [1, 2])
def test_pictures_that_are_gone_keep_their_places(gone, learning, tmp_path):
    pictures = draw_dataset(tmp_path / "set", {"red": (220, 60, 60), "blue": (60, 60, 220)}, count=5)
    flags, run = Flags(), RunFolder(tmp_path / "run")
    learning.at["quick"] = lambda: flags.ask(leave=True)
    end(TrainRequest(str(pictures), str(run.path), QUICK), flags)
    learning.at.clear()
    split = run.read_record().split
    for picture in split.train[:gone]:
        (pictures / picture.relative).unlink()
    told = events_of(ResumeRequest(str(run.path)))
    assert isinstance(told[-1], Finished) and DatasetSplit(len(split.train), len(split.val), 0) in told
    (notice,) = [event for event in told if isinstance(event, Notice) and event.code == NoticeCode.PICTURES_CHANGED]
    assert notice_text(notice).startswith("1 picture of" if gone == 1 else "2 pictures of")
    found = learning.given["quick"][0]
    for part in ("train", "val", "test"):
        assert [(one.relative, one.sha256) for one in getattr(found, part)] == [
            (one.relative, one.sha256) for one in getattr(split, part)
        ]
        assert all(one.path == pictures / one.relative for one in getattr(found, part))
        assert all(one.class_name == one.relative.split("/")[0] for one in getattr(found, part))


# --- The test part ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def in_parts(tmp_path_factory) -> Path:
    """Training, validation and test folders with 3, 2 and 1 pictures of red, and 2, 1 and 3 of blue."""
    root = tmp_path_factory.mktemp("parts") / "pictures"
    seed = 0
    for part, counts in {"train": (3, 2), "val": (2, 1), "test": (1, 3)}.items():
        for (name, colour), count in zip({"red": (220, 60, 60), "blue": (60, 60, 220)}.items(), counts, strict=True):
            (root / part / name).mkdir(parents=True)
            for _ in range(count):
                seed += 1
                draw_picture(root / part / name / f"{seed}.png", colour, seed=seed)
    return root


@pytest.mark.parametrize("is_stopped", [False, True])
def test_the_test_part_is_looked_at_once_at_the_end_and_not_where_it_was_stopped(
    is_stopped, learning, in_parts, tmp_path
):
    flags, run = Flags(), RunFolder(tmp_path / "run")
    if is_stopped:
        learning.at["fitted"] = lambda: flags.ask(leave=False)
    events = events_of(TrainRequest(str(in_parts), str(run.path), QUICK), flags)
    result, record = events[-1].result, run.read_record()
    assert (DatasetSplit(5, 3, 4) in events) and record.has_parts and len(record.split.test) == 4
    phases = [event for event in events if isinstance(event, PhaseStarted) and event.phase is Phase.TESTING]
    progress = [event.done for event in events if isinstance(event, Progress) and event.phase is Phase.TESTING]
    if is_stopped:
        assert (result.test_images, record.figures.test_accuracy, phases) == (msgspec.UNSET, None, [])
        return
    # The head says nothing: all classes are as probable, and the first counts.
    assert phases == [PhaseStarted(Phase.TESTING, 4)] and progress[-1] == 4
    assert (result.test_images, result.test_accuracy) == (4, 0.75)
    assert result.test_log_loss == pytest.approx(np.log(2))
    assert (record.figures.test_accuracy, record.figures.test_log_loss) == (0.75, result.test_log_loss)


def test_test_pictures_that_vanish_meanwhile_are_told(learning, in_parts, tmp_path):
    pictures = Path(shutil.copytree(in_parts, tmp_path / "pictures"))
    learning.at["fitted"] = lambda: next((pictures / "test" / "blue").iterdir()).unlink()
    events = events_of(TrainRequest(str(pictures), str(tmp_path / "run"), QUICK))
    said = [notice_text(event) for event in events if isinstance(event, Notice)]
    assert isinstance(events[-1], Finished) and any(text.startswith("1 of 4 test pictures can't") for text in said)


def test_a_training_that_looks_for_its_pictures_says_how_far_it_is_and_can_be_stopped(interrupted, learning):
    run = interrupted.path
    before, events = what_lies_in(run), []

    def looked_at() -> list[Progress]:
        return [event for event in events if isinstance(event, Progress) and event.phase == "checking"]

    run_job(ResumeRequest(str(run)), events.append, lambda: bool(looked_at()))
    split = RunFolder(run).read_record().split
    assert events[0] == PhaseStarted("checking", sum(map(len, (split.train, split.val, split.test))))
    assert looked_at()[0].done == 1 and events[-1] == Stopped(resumable=True)
    assert what_lies_in(run) == before
    assert isinstance(end(ResumeRequest(str(run))), Finished)
