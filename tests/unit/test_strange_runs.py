"""Runs and shared models of strangers: what may lie in them leads nowhere, costs little, and deceives nobody."""

import json
import os
import shutil
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import draw_dataset, draw_picture
from tests.unit.test_deletion import listing
from tests.unit.test_run_folder import make_record
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Failed, Finished, Stopped
from xception_gui.domain.messages.models import AddModelRequest, ListRunsRequest, RunSummary, ShareModelRequest
from xception_gui.domain.messages.training import ResumeRequest, TrainRequest
from xception_gui.domain.messages.using import EvaluateRequest, PredictRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.jobs import run_job
from xception_gui.runs import shared_model
from xception_gui.runs.record_json import from_json, to_json
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.schema import RecordedPicture, SplitRecord, Status
from xception_gui.words.errors import broken_text, failure_text

QUICK = make_recipe(Preset.QUICK, image_size=71)

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no pipes with names")


def end(request, stop=lambda: False):
    events = []
    run_job(request, events.append, stop)
    return events[-1]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> Path:
    return draw_dataset(tmp_path_factory.mktemp("set") / "pictures", {"red": (220, 60, 60), "blue": (60, 60, 220)}, 6)


@pytest.fixture(scope="module")
def finished(tmp_path_factory, pictures) -> Path:
    run = tmp_path_factory.mktemp("trained") / "colours"
    assert isinstance(end(TrainRequest(str(pictures), str(run), QUICK)), Finished)
    return run


@pytest.fixture
def model(tmp_path, finished) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "models" / "colours"))


@pytest.fixture
def private(tmp_path) -> Path:
    folder = tmp_path / "private"
    (folder / ".ssh").mkdir(parents=True)
    for name in (".ssh/id_ed25519", ".config", "best-1.npz", "state.npz", "events.jsonl", "key"):
        (folder / name).write_text("a private key")
    return folder


def change_record(run: Path, **fields: object) -> None:
    file = run / "run.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **fields}))


def interrupted(run: Path) -> Path:
    """Make a run look as if its training had been interrupted."""
    change_record(run, status="training", figures=None)
    for name in ("head.npz", "metrics.csv", "events.jsonl"):
        (run / name).unlink()
    return run


def listed(run: Path) -> RunSummary:
    (summary,) = end(ListRunsRequest((), (str(run),))).result.runs
    return summary


# --- Resume -------------------------------------------------------------------------------------------------------


def test_a_checkpoint_that_is_a_link_is_not_gone_on_with(model, private):
    interrupted(model)
    (model / "checkpoint").symlink_to(private)
    before = listing(private)
    ended = end(ResumeRequest(str(model)))
    assert ended.code == ErrorCode.RUN_DAMAGED and "checkpoint" in failure_text(ended).why
    assert listing(private) == before
    listed(model)
    end(PredictRequest(str(model), ()))
    assert listing(private) == before


@needs_pipes
def test_nor_one_that_is_a_pipe(model):
    interrupted(model)
    os.mkfifo(model / "checkpoint")
    assert end(ResumeRequest(str(model))).code == ErrorCode.RUN_DAMAGED
    assert listed(model).broken is None


def test_files_of_a_run_that_are_links_are_not_written_through(model, private):
    interrupted(model)
    for name in ("events.jsonl", "metrics.csv", "head.npz", "README.md", ".training.json"):
        (model / name).unlink(missing_ok=True)
        (model / name).symlink_to(private / "key")
    before = listing(private)
    assert isinstance(end(ResumeRequest(str(model))), Finished)
    assert listing(private) == before


def test_a_lock_that_is_a_link_is_not_written_through(model, private):
    interrupted(model)
    (model / ".training.lock").symlink_to(private / "key")
    before = listing(private)
    assert isinstance(end(ResumeRequest(str(model))), Failed)
    assert listing(private) == before


def test_resumed_and_stopped_a_run_keeps_all_that_is_in_it(model):
    interrupted(model)
    (model / "holiday.jpg").write_text("mine")
    ended = end(ResumeRequest(str(model)), stop=lambda: True)
    assert ended == Stopped(resumable=True)
    assert (model / "holiday.jpg").read_text() == "mine" and listed(model).resumable
    assert isinstance(end(ResumeRequest(str(model))), Finished)


def test_a_new_training_that_came_to_nothing_takes_only_its_own_files_with_it(pictures, tmp_path):
    run = tmp_path / "run"

    def stop() -> bool:
        if run.exists():
            (run / "notes.txt").write_text("mine")
        return run.exists()

    fresh = draw_dataset(tmp_path / "fresh", {"green": (60, 220, 60), "grey": (90, 90, 90)}, 4)
    assert end(TrainRequest(str(fresh), str(run), QUICK), stop) == Stopped()
    assert [path.name for path in run.iterdir()] == ["notes.txt"]


def test_a_model_that_took_the_place_of_a_training_stays_as_it_is(pictures, model, tmp_path):
    """Somebody renames the folder of a training that goes on, and another model has its name by the time it ends."""
    for stopped in (False, True):
        run, away = tmp_path / "run", tmp_path / f"away {stopped}"

        def stop(run=run, away=away, stopped=stopped) -> bool:
            if run.exists() and not away.exists():
                run.rename(away)
                shutil.copytree(model, run)
            return stopped and away.exists()

        fresh = draw_dataset(tmp_path / f"fresh {stopped}", {"green": (60, 220, 60), "grey": (90, 90 + stopped, 90)}, 4)
        ended = end(TrainRequest(str(fresh), str(run), QUICK), stop)
        assert listing(run) == listing(model)
        assert ended == Stopped() if stopped else ended.code == ErrorCode.CANNOT_WRITE
        shutil.rmtree(run)


# --- What a record says -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "relative",
    [
        r"\\server\share/red/1.png", r"red/\\server\share\1.png", "C:/red/1.png", "red/C:/1.png", "red/C:1.png",
        r"..\..\red/1.png", r"red/..\1.png", "red//1.png", "/red/1.png", "red/", "red/./1.png", "red/../1.png",
        "red/a:b.png",
    ],
)  # fmt: skip
def test_a_picture_that_could_lie_elsewhere_on_any_system_is_none(model, relative):
    split = json.loads((model / "run.json").read_text())["split"]
    change_record(model, split={**split, "val": [[relative, "aa" * 32, 0]]})
    assert "is not a picture of the data set" in broken_text(listed(model))
    assert end(EvaluateRequest(str(model))).code == ErrorCode.RUN_DAMAGED


def test_pictures_may_have_names_that_other_systems_read_otherwise(tmp_path):
    """As screenshots on Linux have them: `12:30`; and what the first release wrote of them is still read."""
    root = draw_dataset(tmp_path / "pictures", {"red": (220, 60, 60), "100% C:\\blue": (60, 60, 220)}, 0)
    for number in range(4):
        draw_picture(root / "red" / f"Screenshot 12:3{number} 100%25.png", (220, 60, 60), number)
        draw_picture(root / "100% C:\\blue" / f"a\\b%5C{number}.png", (60, 60, 220), number)
    run = tmp_path / "run"
    assert isinstance(end(TrainRequest(str(root), str(run), QUICK)), Finished)
    assert ":" not in "".join(
        name for part in json.loads((run / "run.json").read_text())["split"].values() for name, *_ in part
    )
    assert end(EvaluateRequest(str(run))).result.images == 2
    assert listed(run).dataset_found


def test_a_record_of_the_first_release_may_name_such_a_picture(tmp_path):
    record = json.loads(to_json(make_record(split=SplitRecord((), ()))))
    record |= {"format": 1, "split": {"train": [["cat/12:30 100%25.png", "aa" * 32]], "val": []}}
    read = from_json(json.dumps(record).encode())
    assert read.split.train == (RecordedPicture("cat/12:30 100%25.png", "aa" * 32, 0),)
    assert from_json(to_json(read).encode()) == read


def test_the_name_of_a_data_set_is_not_looked_up_where_the_program_was_started(model, pictures, monkeypatch):
    change_record(model, dataset="pictures")
    monkeypatch.chdir(pictures.parent)
    assert not listed(model).dataset_found and listed(model).samples == ()
    assert end(EvaluateRequest(str(model))).code == ErrorCode.PICTURES_MOVED


def test_half_a_letter_is_no_name(model):
    text = (model / "run.json").read_text()
    for old, new in (("red/red-0", "red/\\ud800"), ('"dataset": "', '"dataset": "/\\ud800')):
        (model / "run.json").write_text(text.replace(old, new))
        assert "run.json" in broken_text(listed(model))


@pytest.mark.parametrize("dataset", ["//server/share", r"\\server\share", r"/\server\share", r"\/server/share"])
def test_no_other_computer_is_asked(dataset):
    assert make_record(dataset=dataset).place_of("cat/1.jpg") is None


@pytest.mark.parametrize(
    "figures",
    [
        {"val_accuracy": 1.5, "val_log_loss": 0.1},
        {"val_accuracy": -0.1, "val_log_loss": 0.1},
        {"val_accuracy": float("nan"), "val_log_loss": 0.1},
        {"val_accuracy": 0.9, "val_log_loss": float("inf")},
        {"val_accuracy": 0.9, "val_log_loss": -1.0},
        {"val_accuracy": 0.9, "val_log_loss": 0.1, "test_accuracy": 9.0},
    ],
)
def test_figures_that_cant_be_are_not_shown(model, figures):
    change_record(model, figures=figures)
    assert "run.json" in broken_text(listed(model))


def test_nor_those_of_a_training_that_was_interrupted(model):
    interrupted(model)
    (model / "checkpoint").mkdir()
    progress = {"format": 1, "epoch": {"epoch": 2}, "batch_size": 4, "precision": "float32", "best_epoch": 1}
    for measured in ({"best_loss": float("nan"), "best_accuracy": 0.5}, {"best_loss": 0.5, "best_accuracy": 7.0}):
        text = json.dumps({**progress, **measured}).encode()
        np.savez(model / "checkpoint" / "state.npz", progress=np.frombuffer(text, np.uint8))
        assert listed(model).val_accuracy is None
        assert end(ResumeRequest(str(model))).code == ErrorCode.RUN_DAMAGED


# --- Limits -------------------------------------------------------------------------------------------------------


def test_a_record_beyond_the_limit_is_not_read(model):
    os.truncate(model / "run.json", 10**12)
    assert peak_of(lambda: listed(model)) < 50_000_000
    assert "larger than" in broken_text(listed(model))


def test_a_state_whose_progress_is_a_bomb_is_not_read_by_a_list(model):
    interrupted(model)
    (model / "checkpoint").mkdir()
    np.savez(model / "checkpoint" / "state.npz", progress=np.full(40_000_000, 32, np.uint8))
    assert peak_of(lambda: listed(model)) < 10_000_000


def test_compressed_numbers_are_refused_whatever_they_become(model):
    head = RunFolder(model)
    np.savez_compressed(head.head, blocks=np.array([14]), kernel=np.zeros((2048, 2), np.float32), bias=np.zeros(2))
    assert "compressed" in failure_text(end(PredictRequest(str(model), ()))).why


def test_folders_in_folders_without_end_are_not_walked(model, monkeypatch):
    monkeypatch.chdir(model)
    for _ in range(1200):  # deeper than paths can name, and than a walk by recursion gets
        os.mkdir("d" * 60)  # noqa: PTH102
        os.chdir("d" * 60)
    found = listed(model)
    for _ in range(1200):  # as whoever tidies up after tests would stumble over it
        os.chdir("..")
        os.rmdir("d" * 60)  # noqa: PTH106
    assert found.broken is None


def test_a_text_without_end_is_refused(model):
    for fields in ({"device": "x" * 10_000}, {"classes": ["red", "b" * 10_000]}, {"versions": {"x": "y" * 10_000}}):
        change_record(model, **fields)
        assert "run.json" in broken_text(listed(model))


def test_many_classes_and_many_pictures_are_looked_through_once():
    """With a search of all classes for each picture, this would be two billion comparisons."""
    classes = tuple(f"class {number}" for number in range(10_000))
    entries = tuple(
        RecordedPicture(f"{name}/{number}.jpg", "aa" * 32, label)
        for label, name in enumerate(classes)
        for number in range(20)
    )
    record = make_record(classes=classes, split=SplitRecord(entries, ()))
    assert from_json(to_json(record).encode()) == record
    old = {**json.loads(to_json(record)), "format": 1, "escaped": True}
    old["split"] = {part: [entry[:2] for entry in entries] for part, entries in old["split"].items()}
    assert from_json(json.dumps(old).encode()) == record


def test_a_list_of_nothings_costs_nothing(model):
    record = json.loads((model / "run.json").read_text())
    record["split"]["train"] = "@"
    nothings = "[" + ",".join(['["",""]'] * 2_000_000) + "]"
    (model / "run.json").write_text(json.dumps(record).replace('"@"', nothings))
    assert peak_of(lambda: listed(model)) < 50_000_000
    assert "run.json" in broken_text(listed(model))


def test_a_data_set_of_which_no_record_could_be_read_is_refused_beforehand(pictures, tmp_path, monkeypatch):
    monkeypatch.setattr("xception_gui.jobs.training.train.MAX_BYTES", 1000)
    ended = end(TrainRequest(str(pictures), str(tmp_path / "run"), QUICK))
    assert ended.code == ErrorCode.DATASET_TOO_LARGE and list(tmp_path.iterdir()) == []


def peak_of(work) -> int:
    """Bytes that Python takes for something at most."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


# --- Shared models ------------------------------------------------------------------------------------------------


def shared(model: Path, out: Path):
    return end(ShareModelRequest(str(model), str(out)))


@pytest.mark.parametrize(
    "name", ["metrics.csv", "labels.txt", "README.md", "head.npz", "backbone.tflite", "model.keras"]
)
def test_no_file_that_a_link_leads_to_is_given_away(model, private, tmp_path, name):
    if name == "head.npz":
        shutil.move(model / name, private / "key")
    (model / name).unlink(missing_ok=True)
    (model / name).symlink_to(private / "key")
    secret = (private / "key").read_bytes()
    out = tmp_path / "colours.xcmodel"
    ended = shared(model, out)
    if isinstance(ended, Failed):
        assert ended.code == ErrorCode.RUN_DAMAGED and not out.exists()
    else:
        with zipfile.ZipFile(out) as archive:
            assert all(secret not in archive.read(entry) for entry in archive.namelist())


def test_words_that_somebody_wrote_into_a_run_stay_at_home(model, tmp_path):
    for name in ("labels.txt", "README.md", "metrics.csv"):
        (model / name).write_text("call me: 555 1234")
    shared(model, tmp_path / "colours.xcmodel")
    with zipfile.ZipFile(tmp_path / "colours.xcmodel") as archive:
        assert archive.read("labels.txt").decode() == "blue\nred\n"
        assert "555 1234" not in "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def test_a_file_that_appears_meanwhile_is_not_replaced(model, tmp_path, monkeypatch):
    out = tmp_path / "colours.xcmodel"

    def stop() -> bool:
        out.write_text("mine")
        return False

    ended = end(ShareModelRequest(str(model), str(out)), stop)
    assert ended.code == ErrorCode.OUTPUT_EXISTS and out.read_text() == "mine"
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("name", ["head.npz", "backbone.tflite", "model.keras"])
def test_a_file_larger_than_any_of_its_kind_is_not_given_away(model, tmp_path, name):
    with (model / name).open("ab") as file:
        file.truncate(10**11)
    ended = shared(model, tmp_path / "colours.xcmodel")
    assert ended.code == ErrorCode.RUN_DAMAGED and name in failure_text(ended).why
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "row",
    ["1,5,-0.5,0.5,0.5,0.5,0.1,1.0", "1,5,0.5,7,0.5,0.5,0.1,1.0", "1,5,nan,0.5,0.5,0.5,0.1,1.0", "1_0,5,,,,,,", "1,2"],
)
def test_measurements_that_cant_be_are_not_given_on(model, tmp_path, row):
    header = (model / "metrics.csv").read_text().splitlines()[0]
    (model / "metrics.csv").write_text(f"{header}\n{row}\n")
    shared(model, tmp_path / "colours.xcmodel")
    with zipfile.ZipFile(tmp_path / "colours.xcmodel") as archive:
        assert "metrics.csv" not in archive.namelist()


@pytest.mark.skipif(not Path("/proc/self/pagemap").exists(), reason="This system has no files that it makes up")
@pytest.mark.parametrize("name", ["head.npz", "backbone.tflite", "run.json"])
def test_a_link_in_a_run_is_not_followed(model, name):
    (model / name).unlink(missing_ok=True)
    (model / name).symlink_to("/proc/self/pagemap")  # some hundred gigabytes, of which the system says that it is empty
    ended = end(PredictRequest(str(model), ()))
    assert ended.code in (ErrorCode.RUN_DAMAGED, ErrorCode.BACKBONE_UNUSABLE)


@pytest.fixture
def file(model, tmp_path) -> Path:
    assert isinstance(shared(model, tmp_path / "colours.xcmodel"), Finished)
    return tmp_path / "colours.xcmodel"


def with_entries(file: Path, out: Path, **changed: bytes) -> Path:
    """Copy an archive with other entries or more of them."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        entries = {name: old.read(name) for name in old.namelist()}
        for name, data in (entries | {name.replace("_", "."): data for name, data in changed.items()}).items():
            new.writestr(name, data)
    return out


def test_a_copy_that_was_changed_is_not_taken_for_the_genuine_one(file, tmp_path):
    record = json.loads(zipfile.ZipFile(file).read("run.json"))
    other = {**record, "classes": record["classes"][::-1]}
    changed = with_entries(file, tmp_path / "first.xcmodel", run_json=json.dumps(other).encode())
    library = tmp_path / "library"
    first = end(AddModelRequest(str(changed), str(library))).result.run
    second = end(AddModelRequest(str(file), str(library))).result.run
    assert first != second
    assert end(AddModelRequest(str(file), str(library))).result.run == second


def test_the_persons_own_model_comes_back_as_itself(model, file):
    assert end(AddModelRequest(str(file), str(model.parent))).result.run == str(model)


@pytest.mark.parametrize("status", [Status.TRAINING, Status.FAILED])
def test_a_training_comes_from_nobody(file, tmp_path, status):
    record = json.loads(zipfile.ZipFile(file).read("run.json"))
    changed = with_entries(file, tmp_path / "a.xcmodel", run_json=json.dumps({**record, "status": status}).encode())
    ended = end(AddModelRequest(str(changed), str(tmp_path / "library")))
    assert ended.code == ErrorCode.SHARED_MODEL_UNUSABLE and list((tmp_path / "library").iterdir()) == []


def test_labels_and_words_of_a_stranger_are_not_taken_in(file, tmp_path):
    changed = with_entries(
        file, tmp_path / "a.xcmodel", labels_txt=bytes(50_000_000), README_md=b"call me", metrics_csv=b"1,2\n"
    )
    run = Path(end(AddModelRequest(str(changed), str(tmp_path / "library"))).result.run)
    assert (run / "labels.txt").read_text() == "blue\nred\n"
    assert "call me" not in (run / "README.md").read_text()
    assert not (run / "metrics.csv").exists()


@pytest.mark.parametrize("name", ["run.json", "metrics.csv", "head.npz", "backbone.tflite", "model.keras"])
def test_what_would_become_too_large_is_not_unpacked(file, tmp_path, monkeypatch, name):
    monkeypatch.setitem(shared_model.LARGEST, name, 1_000_000)
    bomb = with_entries(file, tmp_path / "a.xcmodel", **{name.replace(".", "_"): bytes(1_000_001)})
    ended = end(AddModelRequest(str(bomb), str(tmp_path / "library")))
    assert ended.code == ErrorCode.SHARED_MODEL_UNUSABLE and name in failure_text(ended).why
    assert list((tmp_path / "library").iterdir()) == []


def test_an_archive_of_nothing_but_names_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xcmodel", "w") as archive:
        for number in range(60_000):
            archive.writestr(f"{number:060}", b"")
    ended = end(AddModelRequest(str(tmp_path / "a.xcmodel"), str(tmp_path / "library")))
    assert ended.code == ErrorCode.SHARED_MODEL_UNUSABLE and "too many files" in failure_text(ended).why
