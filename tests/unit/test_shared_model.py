"""A model as one file: what is in it, what is refused, and what is taken out again."""

import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.unit.test_run_folder import make_record
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.runs import shared_model
from xception_gui.runs.metrics_table import METRICS
from xception_gui.runs.record_json import to_json
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.schema import Figures, Status
from xception_gui.runs.shared_model import LARGEST, unpack_shared_model, unusable, without_places, write_shared_model
from xception_gui.words.errors import text_of

METRICS_TEXT = ",".join(METRICS) + "\r\n1,8,0.5,1.0,0.5,1.0,,2.0\r\n"
NUMBERS = ("head.npz", "backbone.tflite", "model.keras")
WRITTEN = ("README.md", "labels.txt", "metrics.csv", "run.json")


@pytest.fixture
def run(tmp_path) -> RunFolder:
    """A finished model with all that one can have."""
    run = RunFolder(tmp_path / "cats & dogs")
    run.create(make_record(status=Status.FINISHED, figures=Figures(0.75, 0.5)))
    run.write_head((14,), np.zeros((2048, 2), np.float32), np.zeros(2, np.float32))
    run.backbone.write_bytes(b"a network" * 1000)
    run.keras_model.write_bytes(b"the same for Keras" * 1000)
    run.metrics.write_text(METRICS_TEXT, newline="")
    for name in ("events.jsonl", "notes.txt"):
        (run.path / name).write_text("mine")
    return run


@pytest.fixture
def file(run, tmp_path) -> Path:
    write_shared_model(run, tmp_path / "a.xcmodel")
    return tmp_path / "a.xcmodel"


def rewritten(file: Path, **changed: bytes | None) -> Path:
    """The archive with other entries; None leaves one out."""
    with zipfile.ZipFile(file) as old:
        entries = {name: old.read(name) for name in old.namelist()}
    entries |= {name.replace("_", "."): data for name, data in changed.items()}
    with zipfile.ZipFile(file, "w") as new:
        for name, data in entries.items():
            if data is not None:
                new.writestr(name, data)
    return file


def refused(work, *arguments) -> ProgramError:
    with pytest.raises(ProgramError) as caught:
        work(*arguments)
    return caught.value


def unpacked(file: Path, to: Path) -> RunFolder:
    run = RunFolder(to)
    unpack_shared_model(file, run)
    return run


def test_there_and_back_it_is_the_same_model_without_its_places(run, file, tmp_path):
    there = unpacked(file, tmp_path / "there")
    assert sorted(path.name for path in there.path.iterdir()) == sorted((*NUMBERS, *WRITTEN))
    assert there.read_record() == run.read_record().replaced(
        dataset="pictures", recipe=make_recipe(Preset.FINE_TUNE, seed=3, weights="w.h5")
    )
    for name in (*NUMBERS, "metrics.csv", "labels.txt"):
        assert (there.path / name).read_bytes() == (run.path / name).read_bytes()
    assert there.card.read_text(encoding="utf-8").startswith("# there\n")


def test_texts_are_compressed_and_numbers_are_stored(file):
    with zipfile.ZipFile(file) as archive:
        ways = {info.filename: info.compress_type for info in archive.infolist()}
        assert archive.read("README.md").startswith(b"# cats & dogs\n")
        assert json.loads(archive.read("run.json"))["dataset"] == "pictures"
    assert ways == dict.fromkeys(WRITTEN, zipfile.ZIP_DEFLATED) | dict.fromkeys(NUMBERS, zipfile.ZIP_STORED)


@pytest.mark.parametrize("name", ["backbone.tflite", "model.keras", "metrics.csv"])
def test_what_a_model_has_not_it_doesnt_take_along(name, run, tmp_path):
    (run.path / name).unlink()
    write_shared_model(run, tmp_path / "a.xcmodel")
    with zipfile.ZipFile(tmp_path / "a.xcmodel") as archive:
        assert sorted(archive.namelist()) == sorted({*NUMBERS, *WRITTEN} - {name})
    assert not (unpacked(tmp_path / "a.xcmodel", tmp_path / "there").path / name).exists()


@pytest.mark.parametrize("status", Status)
def test_what_has_ended_is_shared_and_taken(status, run, file, tmp_path):
    record = run.read_record().replaced(status=status)
    run.write_record(record)
    ended = status in (Status.FINISHED, Status.STOPPED)
    rewritten(file, run_json=to_json(record).encode())
    if ended:
        write_shared_model(run, tmp_path / "b.xcmodel")
        assert unpacked(file, tmp_path / "there").read_record().status is status
        return
    error = refused(write_shared_model, run, tmp_path / "b.xcmodel")
    assert (error.code, error.details) == (ErrorCode.RUN_NOT_ENDED, {"path": str(run.path), "status": status})
    error = refused(unpacked, file, tmp_path / "there")
    assert error.code is ErrorCode.SHARED_MODEL_UNUSABLE and f"(status: {status})" in error.details["found"]


def test_without_a_head_or_with_a_damaged_one_there_is_no_model(run, tmp_path):
    run.head.write_bytes(b"PK")
    assert refused(write_shared_model, run, tmp_path / "b.xcmodel").code is ErrorCode.RUN_DAMAGED
    run.head.unlink()
    error = refused(write_shared_model, run, tmp_path / "b.xcmodel")
    assert (error.code, error.details["path"]) == (ErrorCode.RUN_WITHOUT_MODEL, str(run.path))
    assert "the file head.npz is missing" in text_of(error).why
    assert not (tmp_path / "b.xcmodel").exists()


@pytest.mark.parametrize("name", NUMBERS)
def test_files_of_before_1980_are_no_hindrance(name, run, tmp_path):
    os.utime(run.path / name, (0, 0))
    write_shared_model(run, tmp_path / "b.xcmodel")


@pytest.mark.parametrize("name", NUMBERS)
def test_a_file_may_be_as_large_as_any_of_its_kind_on_both_sides(name, run, file, tmp_path, monkeypatch):
    size = (run.path / name).stat().st_size
    monkeypatch.setitem(LARGEST, name, size)
    write_shared_model(run, tmp_path / "b.xcmodel")
    unpacked(file, tmp_path / "there")
    monkeypatch.setitem(LARGEST, name, size - 1)
    error = refused(write_shared_model, run, tmp_path / "c.xcmodel")
    assert (error.code, error.details["file"]) == (ErrorCode.RUN_DAMAGED, name)
    error = refused(unpacked, file, tmp_path / "elsewhere")
    assert error.code is ErrorCode.SHARED_MODEL_UNUSABLE and name in error.details["found"]
    assert not (tmp_path / "elsewhere").exists()


def test_the_limits_are_those_that_are_documented(file, tmp_path, monkeypatch):
    assert shared_model.MAX_UNPACKED_BYTES == 1_000_000_000
    assert {name: most // 1_000_000 for name, most in LARGEST.items()} == {
        "run.json": 100,
        "metrics.csv": 5,
        "head.npz": 300,
        "backbone.tflite": 50,
        "model.keras": 500,
    }
    with zipfile.ZipFile(file) as archive:
        size = sum(info.file_size for info in archive.infolist())
    for most, name in ((size, "there"), (size - 1, "elsewhere")):
        monkeypatch.setattr(shared_model, "MAX_UNPACKED_BYTES", most)
        if name == "there":
            unpacked(file, tmp_path / name)
        else:
            assert refused(unpacked, file, tmp_path / name).code is ErrorCode.SHARED_MODEL_UNUSABLE


@pytest.mark.parametrize("name", ["backbone.tflite", "model.keras"])
def test_a_link_and_a_folder_in_the_place_of_a_file_are_not_given_away(name, run, tmp_path):
    (run.path / name).rename(tmp_path / "private")
    (run.path / name).symlink_to(tmp_path / "private")
    error = refused(write_shared_model, run, tmp_path / "b.xcmodel")
    assert error.code is ErrorCode.RUN_DAMAGED and "a link, which" in error.details["found"]
    (run.path / name).unlink()
    (run.path / name).mkdir()
    with pytest.raises(OSError, match="not a regular file"):
        write_shared_model(run, tmp_path / "c.xcmodel")


def test_a_full_disk_is_none_of_the_archives_faults(file, tmp_path, monkeypatch):
    def fill(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shared_model.shutil, "copyfileobj", fill)
    with pytest.raises(OSError, match="No space"):
        unpacked(file, tmp_path / "there")


def test_numbers_that_were_damaged_on_their_way_are_refused(file, tmp_path):
    content = bytearray(file.read_bytes())
    content[content.index(b"a network" * 9) + 40] ^= 1
    file.write_bytes(content)
    error = refused(unpacked, file, tmp_path / "there")
    assert error.code is ErrorCode.SHARED_MODEL_UNUSABLE and "CRC" in error.details["found"]
    assert error.details["path"] == str(file)


@pytest.mark.parametrize(
    ("changed", "found"),
    [({"run_json": None}, "contains no run.json"), ({"metrics_csv": b"mine"}, ""), ({"labels_txt": b"mine"}, "")],
)
def test_what_an_archive_needs_is_its_record(changed, found, file, run, tmp_path):
    rewritten(file, **changed)
    if found:
        error = refused(unpacked, file, tmp_path / "there")
        assert (error.code, error.details["found"]) == (ErrorCode.SHARED_MODEL_UNUSABLE, found)
        assert not (tmp_path / "there").exists()
        return
    there = unpacked(file, tmp_path / "there")
    assert there.labels.read_text() == "cat\ndog\n"
    assert there.metrics.exists() == ("metrics_csv" not in changed)


def test_what_a_record_and_measurements_tell_is_written_anew(file, run, tmp_path):
    record = to_json(run.read_record()).replace(" ", "  ")
    assert "/pictures" in record
    rewritten(file, run_json=record.encode(), metrics_csv=METRICS_TEXT.replace("\r", "").encode())
    there = unpacked(file, tmp_path / "there")
    assert there.record_file.read_text(encoding="utf-8") == to_json(without_places(run.read_record()))
    assert there.metrics.read_bytes() == METRICS_TEXT.encode()


def test_a_person_may_name_an_archive_by_a_link(file, tmp_path):
    (tmp_path / "link").symlink_to(file)
    assert unpacked(tmp_path / "link", tmp_path / "there").head.exists()


@pytest.mark.parametrize("content", [b"", b"words", b"PK\x03\x04"])
def test_what_is_no_archive_is_refused(content, tmp_path):
    (tmp_path / "a.xcmodel").write_bytes(content)
    for name in ("a.xcmodel", "missing.xcmodel"):
        error = refused(unpacked, tmp_path / name, tmp_path / "there")
        assert (error.code, error.details["path"]) == (ErrorCode.SHARED_MODEL_UNUSABLE, str(tmp_path / name))
    assert not (tmp_path / "there").exists()


def test_nothing_is_unpacked_into_what_is_there(file, run):
    with pytest.raises(FileExistsError):
        unpack_shared_model(file, run)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/home/ada/pets", "pets"),
        ("/home/ada/pets/", "pets"),
        ("C:\\Users\\Ada\\pets", "pets"),
        ("pets", "pets"),
        ("/", "pictures"),
        ("C:\\", "pictures"),
        ("", "pictures"),
    ],
)
def test_of_a_place_its_last_part_is_told(path, name):
    record = make_record(dataset=path, recipe=make_recipe(Preset.QUICK, weights=path or None))
    shared = without_places(record)
    assert (shared.dataset, shared.recipe.weights) == (name, name if path else None)
    assert shared.replaced(dataset=path, recipe=record.recipe) == record


def test_what_is_found_is_told_in_one_short_line():
    error = unusable(Path("a.xcmodel"), "a\n  b\t" + "c" * 300)
    assert error.details == {"path": "a.xcmodel", "found": "a b " + "c" * 196}
