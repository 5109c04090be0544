"""A model as one file: given to somebody, opened by them; and what strangers may put into such a file."""

import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import draw_dataset
from tests.programs import json_of
from xception_gui import paths
from xception_gui.domain.messages.base import Failed, Finished, Stopped
from xception_gui.domain.messages.models import AddModelRequest, ShareModelRequest
from xception_gui.domain.messages.training import TrainRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.inference.classifier import Classifier
from xception_gui.jobs import run_job
from xception_gui.runs import free_name as names
from xception_gui.runs import shared_model
from xception_gui.words.errors import failure_text


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A small real model, and the pictures that it has learned from."""
    root = tmp_path_factory.mktemp("trained")
    pictures = draw_dataset(root / "my pictures", {"red": (220, 60, 60), "blue": (60, 60, 220)}, count=6)
    end(TrainRequest(str(pictures), str(root / "colours"), make_recipe(Preset.QUICK, image_size=71)))
    return root


@pytest.fixture(scope="module")
def shared(trained):
    """The model as one file."""
    file = trained / "colours.xcmodel"
    assert isinstance(end(ShareModelRequest(str(trained / "colours"), str(file))), Finished)
    return file


def end(request, stop=lambda: False):
    events = []
    run_job(request, events.append, stop)
    return events[-1]


def added(file: Path, folder: Path):
    return end(AddModelRequest(str(file), str(folder)))


def refused(file: Path, folder: Path) -> str:
    """Add what can't be added: nothing is left, and the words say what it was."""
    ended = added(file, folder)
    assert isinstance(ended, Failed), ended
    told = failure_text(ended)
    assert "Something unexpected" not in told.what
    assert list(folder.iterdir()) == []
    assert str(file) in told.what and str(folder) not in told.what + told.why
    return ended.code


def with_entries(file: Path, out: Path, **changed: bytes | None) -> Path:
    """Copy an archive with other entries; None leaves one out."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = changed.pop(name.replace(".", "_"), old.read(name))
            if data is not None:
                new.writestr(name, data)
    assert not changed
    return out


def test_a_shared_model_says_the_same_elsewhere(trained, shared, tmp_path):
    ended = added(shared, tmp_path)
    assert ended.result.run == str(tmp_path / "colours")
    pictures = trained / "my pictures"
    before, after = (json_of("predict", run, pictures) for run in (trained / "colours", tmp_path / "colours"))
    assert before == after


def test_it_tells_nobody_where_the_pictures_were_and_holds_none(trained, shared, tmp_path):
    with zipfile.ZipFile(shared) as archive:
        names = archive.namelist()
        everything = b"".join(map(archive.read, names))
    assert sorted(names) == ["README.md", "head.npz", "labels.txt", "metrics.csv", "run.json"]
    assert str(trained).encode() not in everything
    assert json.loads(zipfile.ZipFile(shared).read("run.json"))["dataset"] == "my pictures"


def test_with_the_pictures_at_hand_it_can_be_measured(trained, shared, tmp_path):
    run = Path(added(shared, tmp_path).result.run)
    before = json_of("evaluate", trained / "colours")
    assert json_of("evaluate", run, trained / "my pictures")["trained_on"] == len(
        json.loads((run / "run.json").read_text())["split"]["train"]
    )
    assert before["classes"] == json_of("evaluate", run, trained / "my pictures")["classes"]


def test_opened_twice_it_is_there_once(shared, tmp_path):
    assert added(shared, tmp_path).result == added(shared, tmp_path).result
    assert [path.name for path in tmp_path.iterdir()] == ["colours"]
    (tmp_path / "colours").rename(tmp_path / "renamed since")
    assert added(shared, tmp_path).result.run == str(tmp_path / "renamed since")


def test_another_model_of_the_same_name_stays(trained, shared, tmp_path):
    (tmp_path / "colours").mkdir()
    (tmp_path / "colours" / "precious.txt").write_text("mine")
    assert added(shared, tmp_path).result.run == str(tmp_path / "colours 2")
    assert (tmp_path / "colours" / "precious.txt").read_text() == "mine"


def test_a_name_that_somebody_takes_between_look_and_move_is_passed_by(shared, tmp_path, monkeypatch):
    really = names.free_name

    def taken(folder: Path, name: str) -> str:
        found = really(folder, name)
        if found == "colours":
            (folder / found).mkdir()
        return found

    monkeypatch.setattr(names, "free_name", taken)
    assert added(shared, tmp_path).result.run == str(tmp_path / "colours 2")
    assert list((tmp_path / "colours").iterdir()) == []


def test_a_model_that_is_renamed_while_it_is_shared_is_not_shared_in_part(trained, tmp_path, monkeypatch):
    run = tmp_path / "run"
    shutil.copytree(trained / "colours", run)
    really = shared_model.metrics_text
    monkeypatch.setattr(shared_model, "metrics_text", lambda path: (really(path), run.rename(tmp_path / "new"))[0])
    ended = end(ShareModelRequest(str(run), str(tmp_path / "out.xcmodel")))
    assert isinstance(ended, Failed) and ended.code == "not-a-run" and str(run) in failure_text(ended).what
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_a_file_is_never_replaced(trained, shared):
    before = shared.read_bytes()
    ended = end(ShareModelRequest(str(trained / "colours"), str(shared)))
    assert ended.code == "output-exists" and shared.read_bytes() == before


def test_a_training_that_has_not_ended_is_not_shared(trained, tmp_path):
    shutil.copytree(trained / "colours", tmp_path / "run")
    record = json.loads((tmp_path / "run" / "run.json").read_text())
    (tmp_path / "run" / "run.json").write_text(json.dumps({**record, "status": "training"}))
    ended = end(ShareModelRequest(str(tmp_path / "run"), str(tmp_path / "out.xcmodel")))
    assert ended.code == "run-not-ended"
    assert not (tmp_path / "out.xcmodel").exists()


def test_stopped_in_between_nothing_is_left(trained, shared, tmp_path):
    out = tmp_path / "out" / "it.xcmodel"
    out.parent.mkdir()
    ends = [
        end(ShareModelRequest(str(trained / "colours"), str(out)), stop=lambda: True),
        end(AddModelRequest(str(shared), str(out.parent)), stop=lambda: True),
    ]
    assert ends == [Stopped(), Stopped()]
    assert list(out.parent.iterdir()) == []


def test_a_model_with_a_network_of_its_own_takes_it_along(trained, tmp_path):
    """As after Fine-tune; the shipped network stands for the trained one."""
    run = tmp_path / "colours"
    shutil.copytree(trained / "colours", run)
    shutil.copyfile(paths.shipped_backbone(), run / "backbone.tflite")
    (run / "model.keras").write_bytes(b"as Keras has it")
    file = tmp_path / "colours.xcmodel"
    assert isinstance(end(ShareModelRequest(str(run), str(file))), Finished)
    (tmp_path / "elsewhere").mkdir()
    there = Path(added(file, tmp_path / "elsewhere").result.run)
    for name in ("backbone.tflite", "model.keras"):
        assert (there / name).read_bytes() == (run / name).read_bytes()


def test_no_place_on_anybody_s_machine_travels(trained, tmp_path):
    run, file = tmp_path / "run", tmp_path / "it.xcmodel"
    shutil.copytree(trained / "colours", run)
    record = json.loads((run / "run.json").read_text())
    record["dataset"], record["recipe"]["weights"] = "C:\\Users\\Ada\\pets", "/home/ada/mine.h5"
    (run / "run.json").write_text(json.dumps(record))
    end(ShareModelRequest(str(run), str(file)))
    shared_record = json.loads(zipfile.ZipFile(file).read("run.json"))
    assert (shared_record["dataset"], shared_record["recipe"]["weights"]) == ("pets", "mine.h5")
    evil = with_entries(file, tmp_path / "evil.xcmodel", run_json=json.dumps(record).encode())
    (tmp_path / "models").mkdir()
    there = json.loads(Path(added(evil, tmp_path / "models").result.run, "run.json").read_text())
    assert (there["dataset"], there["recipe"]["weights"]) == ("pets", "mine.h5")


def test_pictures_of_before_1980_are_no_hindrance(trained, tmp_path):
    shutil.copytree(trained / "colours", tmp_path / "run")
    os.utime(tmp_path / "run" / "labels.txt", (0, 0))
    assert isinstance(end(ShareModelRequest(str(tmp_path / "run"), str(tmp_path / "it.xcmodel"))), Finished)


def test_names_that_no_folder_can_have_become_plain(shared, tmp_path):
    file = tmp_path / " .xcmodel"
    shutil.copy(shared, file)
    (tmp_path / "models").mkdir()
    assert Path(added(file, tmp_path / "models").result.run).name == "model"


def test_what_is_no_model_is_said_to_be_none(shared, tmp_path):
    place = tmp_path / "models"
    place.mkdir()
    (tmp_path / "text.xcmodel").write_text("hello")
    (tmp_path / "empty.xcmodel").write_bytes(b"")
    with zipfile.ZipFile(tmp_path / "other.xcmodel", "w") as archive:
        archive.writestr("something.txt", "else")
    for name in ("text", "empty", "other", "missing"):
        assert refused(tmp_path / f"{name}.xcmodel", place) == "shared-model-unusable"
    cut = tmp_path / "cut.xcmodel"
    cut.write_bytes(shared.read_bytes()[:-200])
    assert refused(cut, place) == "shared-model-unusable"


def test_nothing_climbs_out_and_nothing_that_is_not_asked_for_is_unpacked(shared, tmp_path):
    place = tmp_path / "models"
    place.mkdir()
    climbing = with_entries(shared, tmp_path / "climbing.xcmodel")
    with zipfile.ZipFile(climbing, "a") as archive:
        archive.writestr("../../out.txt", "out")
    assert refused(climbing, place) == "shared-model-unusable"
    more = with_entries(shared, tmp_path / "more.xcmodel")
    with zipfile.ZipFile(more, "a") as archive:
        archive.writestr("start.sh", "rm -r")
        archive.writestr("checkpoint/state.npz", "x")
    run = Path(added(more, place).result.run)
    assert sorted(path.name for path in run.iterdir()) == [
        "README.md",
        "head.npz",
        "labels.txt",
        "metrics.csv",
        "run.json",
    ]


def test_what_would_fill_the_disk_is_refused_unopened(shared, tmp_path):
    place = tmp_path / "models"
    place.mkdir()
    bomb = with_entries(shared, tmp_path / "bomb.xcmodel")
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("backbone.tflite", "w") as entry:
        for _ in range(1100):
            entry.write(bytes(1_000_000))
    assert bomb.stat().st_size < 3_000_000
    assert refused(bomb, place) == "shared-model-unusable"


def test_a_model_that_does_not_fit_its_record_is_refused(shared, tmp_path):
    place = tmp_path / "models"
    place.mkdir()
    record = json.loads(zipfile.ZipFile(shared).read("run.json"))
    for number, (changed, code) in enumerate(
        (
            ({"head_npz": None}, "shared-model-unusable"),
            ({"head_npz": b"PK"}, "shared-model-unusable"),
            ({"run_json": b"{"}, "shared-model-unusable"),
            ({"run_json": json.dumps({**record, "backbone": "0" * 64}).encode()}, "backbone-missing"),
            ({"run_json": json.dumps({**record, "format": 99}).encode()}, "run-of-newer-release"),
        )
    ):
        assert refused(with_entries(shared, tmp_path / f"{number}.xcmodel", **changed), place) == code


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_bytes_are_flipped_it_is_added_whole_or_refused_in_words(shared, tmp_path_factory, data):
    content = bytearray(shared.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    place = tmp_path_factory.mktemp("flipped")
    (place / "flipped.xcmodel").write_bytes(content)
    (place / "models").mkdir()
    ended = added(place / "flipped.xcmodel", place / "models")
    if isinstance(ended, Failed):
        assert ended.code != "unexpected" and not list((place / "models").iterdir())
    else:
        assert isinstance(Classifier.open(Path(ended.result.run)), Classifier)
