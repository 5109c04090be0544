"""The models that are there: listed whatever state they are in, renamed, and told where their pictures are now."""

import contextlib
import dataclasses
import json
import os
import shutil
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tests.conftest import draw_dataset
from tests.recordings import recording
from tests.unit.test_run_folder import make_record
from xception_gui.data.pictures.open_picture import content_hash
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.lines import encode
from xception_gui.domain.messages.base import Event, Finished, Progress
from xception_gui.domain.messages.models import (
    ListRunsRequest,
    LocateDatasetRequest,
    LocateDatasetResult,
    ReadLogRequest,
    RenameRunRequest,
    RunSummary,
    TrainingLogResult,
)
from xception_gui.domain.messages.training import BatchFinished
from xception_gui.domain.recipe import Precision, Preset, make_recipe
from xception_gui.domain.run_state import MAX_BATCHES
from xception_gui.domain.training_progress import EpochProgress, TrainingProgress
from xception_gui.jobs.models.list_runs import list_runs
from xception_gui.jobs.models.locate_dataset import locate_dataset
from xception_gui.jobs.models.rename_run import rename_run
from xception_gui.jobs.reporting import never
from xception_gui.jobs.run_job import run_job
from xception_gui.runs import lock, run_folder
from xception_gui.runs import run_list as library
from xception_gui.runs.checkpoint import Checkpoint, TrainingState
from xception_gui.runs.lock import RunLock
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.schema import Figures, RecordedPicture, SplitRecord, Status
from xception_gui.words.errors import broken_text, text_of


def ignore(event: object) -> None:
    """A report that nobody reads."""


def make_run(path: Path, *, with_model: bool = True, **fields: object) -> Path:
    figures = {"status": Status.FINISHED, "figures": Figures(0.75, 0.5)} if with_model else {}
    run = RunFolder(path)
    run.create(make_record(**{**figures, **fields}))
    if with_model:
        run.write_head((14,), np.zeros((2048, 2), np.float32), np.zeros(2, np.float32))
    return path


def listed(*folders: Path, runs: tuple[Path, ...] = ()) -> tuple[RunSummary, ...]:
    request = ListRunsRequest(tuple(map(str, folders)), tuple(map(str, runs)))
    return list_runs(request, ignore, never).runs


def error_of(job: object, request: object) -> ProgramError:
    with pytest.raises(ProgramError) as caught:
        job(request, ignore, never)
    return caught.value


@pytest.fixture
def trained(tiny_dataset: Path, tmp_path: Path) -> Path:
    """A run whose pictures are there: of each class, two for validation and six to learn from."""
    entries: dict[str, list[RecordedPicture]] = {"train": [], "val": []}
    for path in sorted(tiny_dataset.rglob("*.png")):
        part = "val" if path.stem.endswith(("-0", "-4")) else "train"
        label = ("blue", "red").index(path.parent.name)
        relative = path.relative_to(tiny_dataset).as_posix()
        entries[part].append(RecordedPicture(relative, content_hash(path.read_bytes()), label))
    split = SplitRecord(tuple(entries["train"]), tuple(entries["val"]))
    return make_run(tmp_path / "run", classes=("blue", "red"), split=split, dataset=str(tiny_dataset))


# --- The log of a training ----------------------------------------------------------------------------------------


def read_log_of(run: Path) -> tuple[list[Event], Event]:
    """What the job tells: on the way, and at the end."""
    told: list[Event] = []
    run_job(ReadLogRequest(str(run)), told.append, never)
    return told[:-1], told[-1]


def written_down(run: Path, *events: Event) -> Path:
    RunFolder(run).events.write_text("".join(f"{encode(event)}\n" for event in events), encoding="utf-8")
    return run


def test_a_training_is_told_again_but_for_its_progress_and_its_end(trained):
    written_down(trained, *recording("tutorial"))
    told, end = read_log_of(trained)
    left_out = Progress, Finished
    assert told == [event for event in recording("tutorial") if not isinstance(event, left_out)]
    assert any(isinstance(event, BatchFinished) for event in told)
    record = RunFolder(trained).read_record()
    assert end == Finished(TrainingLogResult(record.dataset, record.recipe, record.seconds))


def test_of_a_night_s_steps_as_many_are_told_as_a_plot_shows(trained):
    step = next(event for event in recording("tutorial") if isinstance(event, BatchFinished))
    steps = [msgspec.structs.replace(step, step=number + 1, steps=9000) for number in range(9000)]
    told, _ = read_log_of(written_down(trained, *steps))
    assert len(told) == MAX_BATCHES and told[0] == steps[0]


def test_a_run_that_wrote_nothing_down_is_told_of_all_the_same(trained):
    told, end = read_log_of(trained)
    assert told == [] and isinstance(end, Finished)
    (trained / "run.json").write_text("{", encoding="utf-8")
    assert read_log_of(trained)[1].code == ErrorCode.RUN_DAMAGED


# --- Listing ------------------------------------------------------------------------------------------------------


def test_a_run_is_shown_with_what_it_is_and_how_good(trained, tiny_dataset):
    (run,) = listed(trained.parent)
    assert run == RunSummary(
        path=str(trained),
        bytes=sum(file.stat().st_size for file in trained.iterdir()),
        status="finished",
        preset="fine-tune",
        classes=("blue", "red"),
        images=16,
        train_images=12,
        val_images=4,
        val_accuracy=0.75,
        val_log_loss=0.5,
        created="2025-01-31T10:00:00+01:00",
        dataset=str(tiny_dataset),
        dataset_found=True,
        samples=tuple(str(tiny_dataset / name / f"{name}-0.png") for name in ("blue", "red")),
    )


def test_the_newest_comes_first_whatever_its_time_zone_and_broken_ones_last(tmp_path):
    made = {
        "a": "2025-01-31T10:00:00+01:00",
        "b": "2025-01-31T09:30:00+00:00",
        "c": "2025-01-31T22:00:00+14:00",
        "d": "long ago",
    }
    for name, created in made.items():
        make_run(tmp_path / name, created=created)
    for name in ("y", "x"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text("{")
    assert [Path(run.path).name for run in listed(tmp_path)] == ["b", "a", "c", "d", "x", "y"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"format": 1}', b'{"status": "finished"}'],
    ids=lambda content: content.decode(errors="replace")[:20] or "nothing",
)
def test_a_broken_run_is_listed_with_the_reason_and_hides_no_other(content, tmp_path):
    make_run(tmp_path / "fine")
    broken = make_run(tmp_path / "broken")
    (broken / "run.json").write_bytes(content)
    fine, other = listed(tmp_path)
    assert fine.broken is None
    assert other.path == str(broken)
    assert "run.json" in broken_text(other)
    assert other.bytes > 0


def test_a_record_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    run = make_run(tmp_path / "run")
    monkeypatch.setattr(run_folder, "MAX_BYTES", 100)
    assert "larger than" in broken_text(listed(run.parent)[0])


def test_a_training_that_goes_on_or_failed_has_no_figures_and_is_not_broken(tmp_path):
    for status in (Status.TRAINING, Status.FAILED):
        make_run(tmp_path / status, with_model=False, status=status)
    for run in listed(tmp_path):
        assert run.broken is None
        assert run.val_accuracy is None
        assert run.val_log_loss is None


def test_a_model_that_is_gone_has_no_figures(trained):
    (trained / "head.npz").unlink()
    (run,) = listed(trained.parent)
    assert run.val_accuracy is None
    assert run.status == "finished"


def test_other_folders_hidden_ones_and_what_is_not_there_are_passed_over(tmp_path):
    run = make_run(tmp_path / "models" / "run")
    make_run(tmp_path / "models" / ".hidden")
    (tmp_path / "models" / "holiday").mkdir()
    (tmp_path / "models" / "letter.txt").touch()
    elsewhere = make_run(tmp_path / "elsewhere")
    found = listed(tmp_path / "models", tmp_path / "nowhere", runs=(elsewhere, tmp_path / "gone", Path("zero\0")))
    assert {one.path for one in found} == {str(run), str(elsewhere)}


def test_a_run_with_several_names_is_listed_once(tmp_path):
    run = make_run(tmp_path / "models" / "run")
    (tmp_path / "models" / "twin").symlink_to(run)
    assert len(listed(tmp_path / "models", tmp_path / "models", runs=(run,))) == 1


def test_a_data_set_is_found_if_any_of_its_pictures_is(trained, tiny_dataset):
    for path in tiny_dataset.rglob("*-0.png"):
        path.unlink()
    assert listed(trained.parent)[0].dataset_found
    tiny_dataset.rename(tiny_dataset.with_name("moved"))
    assert not listed(trained.parent)[0].dataset_found


def test_five_pictures_all_over_the_validation_part_are_looked_for(tmp_path):
    names = [f"cat/{number:02}.jpg" for number in range(100)]
    split = SplitRecord((), tuple(RecordedPicture(name, "aa" * 32, 0) for name in names))
    make_run(tmp_path / "run", split=split, dataset=str(tmp_path))
    (tmp_path / "cat").mkdir()
    found = []
    for name in names:
        (tmp_path / name).touch()
        if listed(tmp_path)[0].dataset_found:
            found.append(name)
        (tmp_path / name).unlink()
    assert found == [f"cat/{number:02}.jpg" for number in (0, 20, 40, 60, 80)]


def test_four_classes_are_shown_by_their_first_picture(tmp_path):
    classes = tuple("abcdefgh")
    entries = tuple(
        RecordedPicture(f"{name}/{number}.jpg", "aa" * 32, label)
        for number in (2, 1)
        for label, name in enumerate(classes)
    )
    split = SplitRecord((), entries)
    make_run(tmp_path / "run", classes=classes, split=split, dataset=str(tmp_path))
    assert listed(tmp_path)[0].samples == tuple(str(tmp_path / name / "2.jpg") for name in "aceg")
    make_run(tmp_path / "other", classes=classes, split=split, dataset="elsewhere")
    assert {run.samples for run in listed(tmp_path) if run.path.endswith("other")} == {()}


def test_of_a_folder_a_thousand_files_and_folders_are_counted(tmp_path):
    inside = tmp_path / "run" / "a" / "b"
    inside.mkdir(parents=True)
    (tmp_path / "run" / "run.json").write_text("{")
    (inside / "first").write_text("1")
    for number in range(1000):
        (inside / str(number)).hardlink_to(inside / "first")
    assert listed(tmp_path)[0].bytes == 998  # and two folders


def test_what_links_lead_to_takes_no_room_in_a_folder(tmp_path):
    for name in ("elsewhere", "run"):
        (tmp_path / name).mkdir()
    (tmp_path / "elsewhere" / "large").write_bytes(bytes(100_000))
    (tmp_path / "run" / "run.json").write_text("{")
    (tmp_path / "run" / "file").symlink_to(tmp_path / "elsewhere" / "large")
    (tmp_path / "run" / "folder").symlink_to(tmp_path / "elsewhere")
    assert listed(tmp_path)[0].bytes < 1000


PROGRESS = TrainingProgress(EpochProgress(4), 16, Precision.FLOAT32, best_epoch=3, best_loss=0.25, best_accuracy=0.875)


@pytest.mark.parametrize("status", [Status.TRAINING, Status.FAILED])
@pytest.mark.parametrize(
    ("fields", "figures"),
    [
        ({}, (0.875, 0.25)),
        ({"best_accuracy": None}, (0.0, 0.25)),
        ({"best_loss": 0.0}, (0.875, 0.0)),
        ({"best_loss": None}, (None, None)),
        ({"best_epoch": None}, (None, None)),
        ({"best_epoch": 0}, (None, None)),  # the model that it started from
    ],
)
def test_an_interrupted_training_is_as_good_as_its_best_epoch(status, fields, figures, tmp_path):
    path = make_run(tmp_path / "run", with_model=False, status=status)
    Checkpoint(path / "checkpoint").save(TrainingState(dataclasses.replace(PROGRESS, **fields), [], []))
    (run,) = listed(tmp_path)
    assert (run.val_accuracy, run.val_log_loss) == figures
    assert run.resumable and not run.in_training and run.rests_on is None


def test_until_its_first_epoch_it_is_as_good_as_what_it_started_from(tmp_path):
    path = make_run(tmp_path / "run", status=Status.TRAINING, figures=Figures(0.75, 0.5, rests_on=7))
    Checkpoint(path / "checkpoint").save(TrainingState(dataclasses.replace(PROGRESS, best_epoch=0), [], []))
    assert listed(tmp_path)[0].val_accuracy is None  # its head lies beside the state
    (path / "head.npz").rename(path / "checkpoint" / "head.npz")
    (run,) = listed(tmp_path)
    assert (run.val_accuracy, run.val_log_loss, run.rests_on) == (0.75, 0.5, 7)
    (path / "checkpoint" / "state.npz").write_bytes(b"damaged")
    assert listed(tmp_path) == (msgspec.structs.replace(run, bytes=listed(tmp_path)[0].bytes),)


@pytest.mark.parametrize(
    ("preset", "best", "kept"), [(Preset.FINE_TUNE, 0, True), (Preset.FINE_TUNE, 3, False), (Preset.QUICK, None, False)]
)
def test_of_fine_tuning_it_is_known_whether_quick_s_model_was_kept(preset, best, kept, tmp_path):
    make_run(tmp_path / "run", recipe=make_recipe(preset), figures=Figures(0.75, 0.5, best_epoch=best))
    assert listed(tmp_path)[0].kept_quick is kept


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("is_saved", [False, True])
@pytest.mark.parametrize("is_held", [False, True])
def test_a_training_goes_on_can_be_gone_on_with_or_has_ended(status, is_saved, is_held, tmp_path):
    path = make_run(tmp_path / "run", with_model=False, status=status)
    if is_saved:
        (path / "checkpoint").mkdir()
    with RunLock(path) if is_held else contextlib.nullcontext():
        (run,) = listed(tmp_path)
    assert run.in_training == (status is Status.TRAINING and is_held)
    interrupted = status is Status.TRAINING or (status is Status.FAILED and is_saved)
    assert run.resumable == (interrupted and not run.in_training)


def test_all_parts_count(tmp_path):
    part = tuple(RecordedPicture(f"cat/{number}.jpg", "aa" * 32, 0) for number in range(7))
    make_run(tmp_path / "run", split=SplitRecord(part[:4], part[:2], part[:1]), figures=Figures(0.5, 1.0, rests_on=3))
    (run,) = listed(tmp_path)
    assert (run.images, run.train_images, run.val_images, run.rests_on) == (7, 4, 2, 3)


def test_it_is_asked_before_each_run_whether_to_stop(tmp_path):
    for name in "abc":
        make_run(tmp_path / name)
    asked = []

    def stop() -> bool:
        asked.append(None)
        return len(asked) == 3

    with pytest.raises(JobStopped):
        library.list_runs([tmp_path], stop=stop)
    assert len(asked) == 3 and len(library.list_runs([tmp_path])) == 3


def test_a_stop_ends_the_list(trained):
    with pytest.raises(JobStopped):
        list_runs(ListRunsRequest((str(trained.parent),)), ignore, lambda: True)


# --- Renaming -----------------------------------------------------------------------------------------------------


def test_a_renamed_run_is_the_same_run_with_another_name_also_in_its_card(trained):
    before = {file.name: file.read_bytes() for file in trained.iterdir() if file.name != "README.md"}
    renamed = Path(rename_run(RenameRunRequest(str(trained), "red & blue"), ignore, never).run)
    assert renamed == trained.with_name("red & blue")
    assert not trained.exists()
    assert {file.name: file.read_bytes() for file in renamed.iterdir() if file.name != "README.md"} == before
    assert (renamed / "README.md").read_text(encoding="utf-8").startswith("# red & blue\n")


@pytest.mark.parametrize("name", ["", " ", "..", "a/b", "nul", "a\0"])
def test_names_that_are_none_are_refused(name, trained):
    error = error_of(rename_run, RenameRunRequest(str(trained), name))
    assert error.code is ErrorCode.RUN_NAME_INVALID
    assert trained.is_dir()


def test_a_name_that_is_taken_is_refused_and_its_own_is_fine(trained):
    (trained.parent / "empty").mkdir()
    (trained.parent / "file").touch()
    (trained.parent / "link").symlink_to("nowhere")
    for name in ("empty", "file", "link", "pictures"):
        assert error_of(rename_run, RenameRunRequest(str(trained), name)).code is ErrorCode.RUN_EXISTS
    assert rename_run(RenameRunRequest(str(trained), trained.name), ignore, never).run == str(trained)
    assert (trained.parent / "empty").is_dir()


def test_only_runs_are_renamed(tmp_path):
    (tmp_path / "holiday").mkdir()
    for path in (tmp_path / "holiday", tmp_path / "missing"):
        assert error_of(rename_run, RenameRunRequest(str(path), "b")).code is ErrorCode.NOT_A_RUN
    assert (tmp_path / "holiday").is_dir()


def test_a_run_that_is_being_trained_keeps_its_name(trained, monkeypatch):
    monkeypatch.setattr(lock, "PATIENCE", 0)
    with RunLock(trained):
        error = error_of(rename_run, RenameRunRequest(str(trained), "b"))
    assert error.code is ErrorCode.RUN_IN_USE and f"Process {os.getpid()}" in text_of(error).why
    assert rename_run(RenameRunRequest(str(trained), "b"), ignore, never).run == str(trained.with_name("b"))


def test_of_two_who_rename_a_run_at_once_the_second_finds_it_gone(trained, monkeypatch):
    """Also where the other one was just before it as it looked."""
    really = run_folder.move_run

    def second(run: Path, move: object) -> None:
        monkeypatch.setattr(run_folder, "move_run", really)
        RunFolder(trained).rename("first")
        really(run, move)

    monkeypatch.setattr(run_folder, "move_run", second)
    assert error_of(rename_run, RenameRunRequest(str(trained), "second")).code is ErrorCode.NOT_A_RUN
    assert {path.name for path in trained.parent.iterdir()} == {"first", "pictures"}


def test_a_run_given_from_inside_its_folder_is_renamed_too(trained, monkeypatch):
    monkeypatch.chdir(trained.parent)
    assert rename_run(RenameRunRequest(f"{trained.name}{os.sep}", "b"), ignore, never).run == str(trained.parent / "b")


# --- Finding the pictures again -----------------------------------------------------------------------------------


def located(run: Path, dataset: Path) -> LocateDatasetResult:
    return locate_dataset(LocateDatasetRequest(str(run), str(dataset)), ignore, never)


def test_a_data_set_that_was_moved_is_found_again(trained, tiny_dataset):
    moved = tiny_dataset.rename(tiny_dataset.with_name("moved"))
    assert located(trained, moved) == LocateDatasetResult(found=16, total=16)
    (run,) = listed(trained.parent)
    assert run.dataset == str(moved)
    assert run.dataset_found


def test_changed_validation_pictures_and_missing_ones_are_not_counted(trained, tiny_dataset):
    shutil.copy(tiny_dataset / "red" / "red-1.png", tiny_dataset / "red" / "red-0.png")
    (tiny_dataset / "blue" / "blue-3.png").unlink()
    assert located(trained, tiny_dataset) == LocateDatasetResult(found=14, total=16)


def test_a_folder_with_other_pictures_is_refused_and_the_run_stays_as_it_was(trained, tmp_path):
    before = (trained / "run.json").read_bytes()
    other = draw_dataset(tmp_path / "other", {"red": (200, 60, 60), "blue": (60, 60, 200)}, count=8)
    error = error_of(locate_dataset, LocateDatasetRequest(str(trained), str(other)))
    assert error.code is ErrorCode.DATASET_DOESNT_MATCH
    assert "4" in text_of(error).why
    missing = LocateDatasetRequest(str(trained), str(tmp_path / "missing"))
    assert error_of(locate_dataset, missing).code is ErrorCode.DATASET_NOT_FOUND
    assert (trained / "run.json").read_bytes() == before


def test_it_says_how_far_it_is_and_can_be_stopped(trained, tiny_dataset):
    events = []
    request = LocateDatasetRequest(str(trained), str(tiny_dataset))
    locate_dataset(request, events.append, never)
    assert events[-1].done == events[-1].total == 16
    before = (trained / "run.json").read_bytes()
    events.clear()
    with pytest.raises(JobStopped):
        locate_dataset(request, events.append, lambda: sum(isinstance(event, Progress) for event in events) >= 2)
    assert (trained / "run.json").read_bytes() == before
    assert json.loads(before)["dataset"] == str(tiny_dataset)


def at_the_first_picture(do) -> object:
    """A report that does something while pictures are still looked for."""
    return lambda event: do() if isinstance(event, Progress) and event.done == 1 else None


def test_a_training_that_ends_while_its_pictures_are_looked_for_has_ended(trained, tiny_dataset):
    run, figures = RunFolder(trained), Figures(0.9, 0.1)
    run.write_record(run.read_record().replaced(status=Status.TRAINING, figures=None, dataset="/elsewhere"))

    def finish() -> None:
        run.write_record(run.read_record().replaced(status=Status.FINISHED, figures=figures))

    locate_dataset(LocateDatasetRequest(str(trained), str(tiny_dataset)), at_the_first_picture(finish), never)
    record = run.read_record()
    assert (record.status, record.figures, record.dataset) == (Status.FINISHED, figures, str(tiny_dataset))


def test_pictures_of_a_run_that_is_being_trained_are_not_even_looked_for(trained, tiny_dataset):
    before, events = (trained / "run.json").read_bytes(), []
    request = LocateDatasetRequest(str(trained), str(tiny_dataset))
    with RunLock(trained), pytest.raises(ProgramError) as caught:
        locate_dataset(request, events.append, never)
    assert caught.value.code is ErrorCode.RUN_IN_USE and events == []
    assert (trained / "run.json").read_bytes() == before


def test_a_training_that_begins_while_its_pictures_are_looked_for_is_left_alone(trained, tiny_dataset, monkeypatch):
    monkeypatch.setattr(lock, "PATIENCE", 0)
    before = (trained / "run.json").read_bytes()
    with contextlib.ExitStack() as training:
        report = at_the_first_picture(lambda: training.enter_context(RunLock(trained)))
        with pytest.raises(ProgramError) as caught:
            locate_dataset(LocateDatasetRequest(str(trained), str(tiny_dataset)), report, never)
        assert caught.value.code is ErrorCode.RUN_IN_USE and (trained / "run.json").read_bytes() == before


def test_a_run_that_has_another_one_s_name_by_then_is_not_told_where_pictures_are(trained, tiny_dataset):
    def swap() -> None:
        trained.rename(trained.with_name("away"))
        make_run(trained)

    request = LocateDatasetRequest(str(trained), str(tiny_dataset))
    with pytest.raises(ProgramError) as caught:
        locate_dataset(request, at_the_first_picture(swap), never)
    assert caught.value.code is ErrorCode.CANNOT_WRITE
    assert RunFolder(trained).read_record().dataset != str(tiny_dataset)
