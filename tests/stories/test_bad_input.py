"""What bad input gets: bad files are left out with a reason, everything else is told in words, and nothing is lost."""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import draw_dataset, draw_picture
from tests.programs import PATIENCE, PROGRAM, json_of, run_program
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Event, Failed, Finished
from xception_gui.domain.messages.dataset import DatasetSplit
from xception_gui.domain.messages.training import Notice, TrainRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.jobs import run_job
from xception_gui.jobs.reporting import never
from xception_gui.words.notices import notice_text

SMALL = ["--image-size", "71"]


def snapshot(root: Path) -> dict[bytes, tuple[str, int]]:
    """Every file below a folder: content and time of change."""
    found = {}
    for folder, _, names in os.walk(os.fsencode(root)):
        for name in names:
            path = os.path.join(folder, name)  # noqa: PTH118 - bytes, for names that are not UTF-8
            with open(path, "rb") as file:  # noqa: PTH123
                found[path] = (hashlib.sha256(file.read()).hexdigest(), os.stat(path).st_mtime_ns)  # noqa: PTH116
    return found


def failure_of(*words: str | Path) -> str:
    """Run a verb that fails with exit status 1, and give the one line that says why."""
    done = run_program(*words)
    assert done.returncode == 1, (words, done.stderr)
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


def test_bad_files_never_stop_a_training_and_are_listed(tiny_dataset, tmp_path):
    whole = (tiny_dataset / "red" / "red-0.png").read_bytes()
    bad = {
        "cut-short.png": whole[: len(whole) // 2],
        "text.jpg": b"This is no picture.",
        "empty.png": b"",
        "notes.txt": b"Some notes.",
        "Thumbs.db": bytes(range(256)),
    }
    for name, data in bad.items():
        (tiny_dataset / "red" / name).write_bytes(data)
    before = snapshot(tiny_dataset)
    check = json_of("check", tiny_dataset)
    assert check["used"] == 16
    assert {Path(file["path"]).name for file in check["left_out"]} == bad.keys()
    assert all(file["reason"] for file in check["left_out"])
    result = json_of("train", tiny_dataset, "--out", tmp_path / "run", *SMALL)
    assert result["train_images"] + result["val_images"] == 16
    assert snapshot(tiny_dataset) == before


@pytest.mark.parametrize(
    "name",
    ["猫与狗", "Ünïcode", "😀 emoji", "قطط", "two  spaces ", "new\nline", 'quote\'s "q"', "-dash", b"not utf-8 \xff"],
)
def test_names_in_any_script(name, tmp_path):
    raw = os.fsdecode(name)
    root = tmp_path / raw
    try:
        draw_dataset(root, {raw: (220, 60, 60), "blue": (60, 60, 220)}, count=2)
        draw_picture(root / raw / f"{raw}.png", (220, 60, 60), seed=9)
    except (OSError, ValueError):
        pytest.skip("This file system has no such names")
    run = tmp_path / f"run {raw}"
    result = json_of("train", root, "--out", run, *SMALL)
    assert sorted(result["classes"]) == sorted([raw, "blue"])
    assert json_of("evaluate", run)["images"] == result["val_images"]
    found = json_of("predict", run, root / raw)
    assert [one["path"] for one in found] == sorted(str(path) for path in (root / raw).iterdir())
    assert run_program("predict", run, root, "--csv", tmp_path / "table.csv").returncode == 0
    assert run_program("evaluate", run).returncode == 0
    assert run_program("check", root).returncode == 0


def test_folders_that_can_not_be_learned_from(tmp_path):
    empty, one_class, single, rubbish = (tmp_path / name for name in ("empty", "one", "single", "rubbish"))
    empty.mkdir()
    draw_dataset(one_class, {"red": (220, 60, 60)}, count=4)
    draw_dataset(single, {"red": (220, 60, 60), "blue": (60, 60, 220)}, count=1)
    for name in ("a", "b"):
        (rubbish / name).mkdir(parents=True)
        for index in range(3):
            (rubbish / name / f"{index}.jpg").write_text("This is no picture.")
    for folder in (empty, one_class, single, rubbish, tmp_path / "missing"):
        before = snapshot(folder)
        line = failure_of("train", folder, "--out", tmp_path / "run")
        assert str(folder) in line
        assert line.startswith("xception-gui: ")
        assert failure_of("check", folder) == line
        assert not (tmp_path / "run").exists()
        assert snapshot(folder) == before
    check = json.loads(run_program("check", one_class, "--json").stdout)
    assert check["problems"][0]["code"] == "too-few-classes"
    assert check["classes"] == {"red": 4}


def test_places_where_no_run_can_be_kept(tiny_dataset, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    before = snapshot(tmp_path)
    assert "already exists" in failure_of("train", tiny_dataset, "--out", tmp_path / "full", *SMALL)
    assert "already exists" in failure_of("train", tiny_dataset, "--out", tmp_path / "file", *SMALL)
    assert "inside the data set" in failure_of("train", tiny_dataset, "--out", tiny_dataset / "run", *SMALL)
    assert "can't be written" in failure_of("train", tiny_dataset, "--out", tmp_path / "file" / "run", *SMALL)
    assert snapshot(tmp_path) == before


def test_an_empty_folder_made_for_the_run_is_used(tiny_dataset, tmp_path):
    (tmp_path / "run").mkdir()
    assert json_of("train", tiny_dataset, "--out", tmp_path / "run", *SMALL)["stopped"] is False


@pytest.fixture(scope="module")
def small_run(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("small")
    draw_dataset(root / "pictures", {"red": (220, 60, 60), "blue": (60, 60, 220)}, count=8)
    json_of("train", root / "pictures", "--out", root / "run", *SMALL)
    return root / "run"


def test_folders_that_are_no_run_or_a_damaged_one(small_run, tmp_path):
    picture = next((small_run.parent / "pictures").rglob("*.png"))
    (tmp_path / "none").mkdir()
    assert "is not a model of this program" in failure_of("predict", tmp_path / "none", picture)
    assert "is not a model of this program" in failure_of("predict", tmp_path / "missing", picture)
    record = (small_run / "run.json").read_text(encoding="utf-8")
    damages = {
        "run.json": [b"", b"{", b"[]", b"null", b"\xff\xfe", record.replace('"format": 2', '"format": 0').encode()],
        "head.npz": [b"", b"PK rubbish", (small_run / "head.npz").read_bytes()[:200]],
    }
    for name, contents in damages.items():
        for number, content in enumerate(contents):
            copy = tmp_path / f"{name} {number}"
            shutil.copytree(small_run, copy)
            (copy / name).write_bytes(content)
            for verb in (["predict", copy, picture], ["evaluate", copy]):
                line = failure_of(*verb)
                assert name in line
                assert "damaged" in line
    newer = tmp_path / "newer"
    shutil.copytree(small_run, newer)
    (newer / "run.json").write_text(record.replace('"format": 2', '"format": 3'), encoding="utf-8")
    assert "newer version of this program" in failure_of("predict", newer, picture)
    unfinished = tmp_path / "unfinished"
    shutil.copytree(small_run, unfinished)
    (unfinished / "head.npz").unlink()
    assert "contains no finished model" in failure_of("predict", unfinished, picture)


def test_a_backbone_that_is_none_or_another_one(small_run, tmp_path):
    picture = next((small_run.parent / "pictures").rglob("*.png"))
    shutil.copytree(small_run, tmp_path / "run")
    (tmp_path / "run" / "backbone.tflite").write_bytes(b"no network")
    assert "backbone.tflite" in failure_of("predict", tmp_path / "run", picture)
    shutil.copytree(small_run, tmp_path / "other")
    record = json.loads((small_run / "run.json").read_text(encoding="utf-8"))
    (tmp_path / "other" / "run.json").write_text(json.dumps({**record, "backbone": "0" * 64}), encoding="utf-8")
    assert "needs a network that this program doesn't have" in failure_of("predict", tmp_path / "other", picture)


def test_validation_pictures_that_have_moved_or_changed(small_run, tmp_path):
    root = tmp_path / "pictures"
    shutil.copytree(small_run.parent / "pictures", root)
    run = tmp_path / "run"
    json_of("train", root, "--out", run, *SMALL)
    record = json.loads((run / "run.json").read_text(encoding="utf-8"))
    first, second, *_ = (root / relative for relative, *_ in record["split"]["val"])
    first.unlink()
    second.write_bytes((small_run / "labels.txt").read_bytes())
    evaluated = json_of("evaluate", run)
    assert evaluated["images"] == len(record["split"]["val"]) - 2
    assert {file["path"] for file in evaluated["left_out"]} == {str(first), str(second)}
    root.rename(tmp_path / "elsewhere")
    assert "are no longer in" in failure_of("evaluate", run)
    assert json_of("evaluate", run, tmp_path / "elsewhere")["images"] > 0


def test_a_data_set_of_other_classes(small_run, tmp_path):
    draw_dataset(tmp_path / "other", {"green": (60, 220, 60), "grey": (90, 90, 90)}, count=2)
    assert "no usable pictures of this model's classes" in failure_of("evaluate", small_run, tmp_path / "other")
    draw_dataset(tmp_path / "some", {"green": (60, 220, 60), "red": (220, 60, 60)}, count=2)
    evaluated = json_of("evaluate", small_run, tmp_path / "some")
    assert evaluated["images"] == 2
    assert len(evaluated["left_out"]) == 2


def test_parts_of_a_data_set_are_not_taken_for_classes(tmp_path):
    draw_dataset(tmp_path / "data", {"train": (220, 60, 60), "test": (60, 60, 220)}, count=3)
    assert "The pictures in “test”, “train” are not in class folders" in failure_of("check", tmp_path / "data")
    draw_dataset(tmp_path / "training" / "train", {"red": (220, 60, 60), "blue": (60, 60, 220)}, count=3)
    assert "A split needs one training folder" in failure_of("check", tmp_path / "training")
    assert json_of("check", tmp_path / "data", "--folders", "classes")["classes"] == {"test": 3, "train": 3}


def test_a_folder_one_level_too_high(tmp_path):
    draw_dataset(tmp_path / "photos" / "animals", {"cat": (220, 60, 60), "dog": (60, 60, 220)}, count=3)
    assert "Perhaps you meant “animals”" in failure_of("check", tmp_path / "photos")


def test_a_class_that_the_validation_folder_lacks_is_told(tmp_path):
    colours = {"red": (220, 60, 60), "blue": (60, 60, 220)}
    draw_dataset(tmp_path / "data" / "train", colours, count=3)
    draw_dataset(tmp_path / "data" / "val", {"red": (200, 60, 60)}, count=2)
    problems = json_of("check", tmp_path / "data")["problems"]
    assert [problem["code"] for problem in problems] == ["class-not-validated"]
    assert "“blue”" in problems[0]["message"]


def test_a_folder_that_can_not_be_opened_does_not_stop_the_others(small_run, tmp_path):
    picture = next((small_run.parent / "pictures").rglob("*.png"))
    (tmp_path / "loop").symlink_to("loop")
    found = json_of("predict", small_run, tmp_path / "loop", f"{picture.parent}//./{picture.name}")
    assert [one["error"] is None for one in found] == [False, True]
    assert found[1]["path"] == f"{picture.parent}//./{picture.name}"


def test_a_picture_is_never_taken_for_the_table(small_run):
    picture = next((small_run.parent / "pictures").rglob("*.png"))
    before = picture.read_bytes()
    assert "is not a table of this program" in failure_of("predict", small_run, "--csv", picture, picture)
    assert picture.read_bytes() == before
    done = run_program("predict", small_run, picture, "--csv", "/dev/stdout")
    assert done.stdout.startswith("path,class,probability,error")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="This system has no full device")
def test_a_full_disk_under_stdout_is_told_in_words(small_run):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run([*PROGRAM, "evaluate", str(small_run)], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert "The system reported a problem" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_name_is_a_usage_error(small_run):
    assert run_program("predict", small_run, "").returncode == 2


def test_a_data_set_with_a_split_of_its_own_is_used_as_it_is(tmp_path):
    for part, count in {"Training": 6, "valid": 3, "test": 4}.items():
        for index, (name, colour) in enumerate({"red": (220, 60, 60), "blue": (60, 60, 220)}.items()):
            (tmp_path / "data" / part / name).mkdir(parents=True)
            for number in range(count):
                draw_picture(
                    tmp_path / "data" / part / name / f"{number}.png", colour, seed=100 * count + number + index
                )
    result = json_of("train", tmp_path / "data", "--out", tmp_path / "run", *SMALL)
    assert (result["train_images"], result["val_images"], result["test_images"]) == (12, 6, 8)
    assert 0 <= result["test_accuracy"] <= 1
    assert result["test_log_loss"] > 0
    evaluated = json_of("evaluate", tmp_path / "run")
    assert evaluated["images"] == 6
    assert evaluated["accuracy"] == result["val_accuracy"]
    sampled = json_of("train", tmp_path / "data", "--out", tmp_path / "sampled", "--max-per-class", "2", *SMALL)
    assert (sampled["train_images"], sampled["val_images"], sampled["test_images"]) == (4, 4, 4)


@pytest.mark.parametrize("what", ["vanish", "change"])
def test_pictures_that_vanish_or_change_while_they_are_read_are_passed_over(what, tiny_dataset, tmp_path):
    doomed = sorted(tiny_dataset.rglob("*.png"))[::3]
    events: list[Event] = []

    def report(event: Event) -> None:
        events.append(event)
        if isinstance(event, DatasetSplit):  # it has just been checked
            for path in doomed:
                path.unlink() if what == "vanish" else path.write_bytes(b"no picture any more")

    recipe = make_recipe(Preset.QUICK, image_size=71)
    run_job(TrainRequest(str(tiny_dataset), str(tmp_path / "run"), recipe), report, never)
    assert isinstance(events[-1], Finished), events[-1]
    found = json_of("evaluate", tmp_path / "run")
    assert found["images"] + len(found["left_out"]) == events[-1].result.val_images
    (said,) = [notice_text(event) for event in events if isinstance(event, Notice) and event.code == "pictures-changed"]
    assert said.startswith("6 of 16 pictures can't be read any more")
    (said,) = [line for line in (tmp_path / "run" / "README.md").read_text().splitlines() if "Trained on" in line]
    learned = 16 - 6 - found["images"]
    assert f"Trained on {learned} of the training pictures" in said


def test_of_a_drive_that_is_unplugged_while_it_is_read_no_model_is_made(tiny_dataset, tmp_path):
    events: list[Event] = []

    def report(event: Event) -> None:
        events.append(event)
        if isinstance(event, DatasetSplit):
            for path in sorted(tiny_dataset.rglob("*.png")):
                if not path.stem.endswith(("0", "1", "2")):
                    path.unlink()

    run_job(
        TrainRequest(str(tiny_dataset), str(tmp_path / "run"), make_recipe(Preset.QUICK, image_size=71)), report, never
    )
    assert isinstance(events[-1], Failed) and events[-1].code is ErrorCode.PICTURES_GONE


def test_two_trainings_on_one_data_set_at_once(tiny_dataset, tmp_path):
    words = [*PROGRAM, "train", str(tiny_dataset), *SMALL, "--json", "--out"]
    both = [
        subprocess.Popen([*words, str(tmp_path / name)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for name in ("one", "two")
    ]
    results = []
    for process in both:
        out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, err
        results.append(json.loads(out))
    assert results[0]["val_log_loss"] == results[1]["val_log_loss"]


def test_two_trainings_into_one_run_at_once(tiny_dataset, tmp_path):
    words = [*PROGRAM, "train", str(tiny_dataset), *SMALL, "--out", str(tmp_path / "run")]
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    ends = [(process.communicate(timeout=PATIENCE)[1], process.returncode) for process in both]
    assert sorted(status for _, status in ends) == [0, 1]
    (refused,) = (err for err, status in ends if status == 1)
    assert "already exists" in refused and "Traceback" not in refused
    assert json_of("evaluate", tmp_path / "run")["images"] > 0


def test_links_that_lead_in_a_circle_are_told_in_words(tiny_dataset, colours_run, tmp_path):
    circle, other = tmp_path / "circle", tmp_path / "other"
    circle.symlink_to(other)
    other.symlink_to(circle)
    for words in (
        ("check", circle),
        ("train", circle, "--out", tmp_path / "run"),
        ("train", tiny_dataset, "--out", circle),
        ("train", tiny_dataset, "--out", circle / "run"),
        ("train", circle, "--out", colours_run, "--resume"),
        ("predict", circle, tiny_dataset),
        ("predict", colours_run, circle),
        ("predict", colours_run, tiny_dataset, "--csv", circle),
        ("evaluate", colours_run, circle),
        ("export", colours_run, "--format", "keras", "--out", circle),
    ):
        done = run_program(*words)
        assert done.returncode in (1, 2), words
        assert str(circle) in done.stdout + done.stderr, words
        assert "Something unexpected" not in done.stderr, words
    assert circle.is_symlink() and other.is_symlink()
