"""Whenever the power is cut: what was there stays whole, and what is new is there whole or not at all."""

import os
import shutil
import stat
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.unit.power_cut import cut_after_each_change
from tests.unit.test_library import listed
from tests.unit.test_run_folder import make_record
from xception_gui import paths
from xception_gui.data.cache.limit import Preferences, load_preferences, save_preferences
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages.models import AddModelRequest, ShareModelRequest
from xception_gui.domain.predictions import PicturePrediction, Prediction
from xception_gui.files import atomic
from xception_gui.files.atomic import making, replacing, write_private, write_text
from xception_gui.inference.classifier import Classifier
from xception_gui.jobs.models.add_model import add_model
from xception_gui.jobs.models.share_model import share_model
from xception_gui.jobs.reporting import never
from xception_gui.paths import HOME_VARIABLE
from xception_gui.runs.prediction_table import table, write_csv
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.schema import Figures, Status


def ignore(event: object) -> None:
    """A report that nobody reads."""


def write_head(run: RunFolder, number: float) -> None:
    run.write_head(
        XCEPTION.embedding_blocks,
        np.full((XCEPTION.embedding_size, 2), number, np.float32),
        np.full(2, number, np.float32),
    )


def make_model(path: Path) -> RunFolder:
    """A finished run with a head that says nothing."""
    run = RunFolder(path)
    backbone = paths.shipped_sha256(paths.shipped_backbone())
    run.create(make_record(status=Status.FINISHED, figures=Figures(0.75, 0.5), backbone=backbone, dataset="pictures"))
    write_head(run, 0.0)
    return run


@pytest.fixture
def model(tmp_path) -> RunFolder:
    return make_model(tmp_path / "model")


def seen_in(folder: Path) -> list[str]:
    """What a person sees in a folder."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


# --- Files --------------------------------------------------------------------------------------------------------


def replace_a_text(folder: Path) -> None:
    write_text(folder / "text", "new")


def replace_a_small_file_of_the_cache(folder: Path) -> None:
    write_private(folder / "text", b"new")


@pytest.mark.parametrize("work", [replace_a_text, replace_a_small_file_of_the_cache])
def test_a_file_is_as_it_was_or_as_it_shall_be(work, tmp_path):
    def begin(folder: Path) -> None:
        (folder / "text").write_text("old")

    found = [(folder / "text").read_text() for folder, _ in cut_after_each_change(work, tmp_path, begin)]
    assert set(found) == {"old", "new"} and found == sorted(found, reverse=True)


def test_a_new_file_has_its_name_and_nothing_in_it_or_all(tmp_path):
    def make(folder: Path) -> None:
        with making(folder / "text") as temporary:
            temporary.write_text("whole")

    for folder, is_done in cut_after_each_change(make, tmp_path):
        assert seen_in(folder) in ([], ["text"])
        if seen_in(folder):
            assert (folder / "text").read_text() in ("", "whole")
        if is_done:
            assert (folder / "text").read_text() == "whole" and len(list(folder.iterdir())) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows brings no folder to the disk")
def test_what_gets_a_name_is_on_the_disk_before_and_its_name_after(tmp_path, monkeypatch):
    """Else a power cut could leave the name with nothing behind it."""
    done = []

    def brought(descriptor: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")

    def placed(old, new, **options):
        done.append("name")
        return replace(old, new, **options)

    replace = atomic.os.replace
    monkeypatch.setattr(atomic.os, "fsync", brought)
    monkeypatch.setattr(atomic.os, "replace", placed)
    for write in (replacing, making):
        with write(tmp_path / write.__name__) as temporary:
            temporary.write_text("new")
    assert done == ["file", "name", "folder"] * 2


def test_preferences_are_the_old_ones_or_the_new_ones(tmp_path, monkeypatch):
    def begin(folder: Path) -> None:
        monkeypatch.setenv(HOME_VARIABLE, str(folder))
        save_preferences(Preferences(2_000_000_000))

    def change(folder: Path) -> None:
        save_preferences(Preferences(3_000_000_000))

    found = [load_preferences().cache_bytes for _ in cut_after_each_change(change, tmp_path, begin)]
    assert set(found) == {2_000_000_000, 3_000_000_000} and found == sorted(found)


def test_a_table_that_is_replaced_is_the_old_one_or_the_new_one(tmp_path):
    def write(folder: Path, count: int) -> None:
        write_csv(folder / "table.csv", pictures[:count], ("cat", "dog"))

    pictures = [PicturePrediction(name, (Prediction("cat", 0.75), Prediction("dog", 0.25))) for name in "ab"]
    whole = [table(pictures[:count], ("cat", "dog")).encode() for count in (1, 2)]
    moments = cut_after_each_change(lambda folder: write(folder, 2), tmp_path, lambda folder: write(folder, 1))
    found = [whole.index((folder / "table.csv").read_bytes()) for folder, _ in moments]
    assert set(found) == {0, 1} and found == sorted(found)


# --- Models -------------------------------------------------------------------------------------------------------


def test_a_run_is_there_with_its_record_or_not_at_all(tmp_path):
    def create(folder: Path) -> None:
        RunFolder(folder / "models" / "run").create(make_record())

    for folder, is_done in cut_after_each_change(create, tmp_path):
        runs = listed(folder / "models")
        assert [run.broken for run in runs] in ([], [None])
        if runs:
            assert runs[0].resumable and RunFolder(Path(runs[0].path)).labels.read_text() == "cat\ndog\n"
        else:
            create(folder)  # nothing that was left is in its way
        if is_done:
            assert [path.name for path in (folder / "models").iterdir()] == ["run"]


def test_a_record_says_what_it_said_or_what_it_shall_say(tmp_path, model):
    def begin(folder: Path) -> None:
        model.write_record(model.read_record().replaced(status=Status.FINISHED))

    def change(folder: Path) -> None:
        model.write_record(model.read_record().replaced(status=Status.STOPPED))

    found = [model.read_record().status for _ in cut_after_each_change(change, tmp_path, begin)]
    assert set(found) == {"finished", "stopped"} and found == sorted(found)


def test_a_head_is_the_old_one_or_the_new_one(tmp_path, model):
    """The old one also where writing the new one breaks off in its middle."""

    def write(folder: Path) -> None:
        write_head(model, 1.0)

    found = [float(model.read_head(XCEPTION, 2)[2][0]) for _ in cut_after_each_change(write, tmp_path)]
    assert set(found) == {0.0, 1.0} and found == sorted(found)


def test_a_head_whose_writing_fails_leaves_the_old_one_and_nothing_else(model, monkeypatch):
    def half(file, **arrays):
        file.write(b"PK half")
        raise OSError(28, "No space left on device")

    before = {path.name: path.read_bytes() for path in model.path.iterdir()}
    monkeypatch.setattr(np, "savez", half)
    with pytest.raises(OSError, match="No space"):
        write_head(model, 1.0)
    assert {path.name: path.read_bytes() for path in model.path.iterdir()} == before


def test_a_model_that_is_renamed_is_there_under_one_name(tmp_path, model):
    def begin(folder: Path) -> None:
        shutil.copytree(model.path, folder / "old")

    def rename(folder: Path) -> None:
        RunFolder(folder / "old").rename("new")

    names = []
    for folder, _ in cut_after_each_change(rename, tmp_path, begin):
        (run,) = listed(folder)
        assert run.broken is None and run.val_accuracy is not None
        names.append(Path(run.path).name)
    assert set(names) == {"old", "new"} and names == sorted(names, reverse=True)


def test_a_model_that_is_shared_is_a_whole_file_or_none(tmp_path, model):
    def share(folder: Path) -> None:
        share_model(ShareModelRequest(str(model.path), str(folder / "it.xcmodel")), ignore, never)

    for folder, is_done in cut_after_each_change(share, tmp_path):
        file = folder / "it.xcmodel"
        if file.exists() and file.stat().st_size:  # its name is taken before it
            assert zipfile.ZipFile(file).testzip() is None
        assert seen_in(folder) in ([], ["it.xcmodel"])
        assert not is_done or file.stat().st_size


def test_a_model_that_is_taken_in_is_a_whole_one_or_none(tmp_path, model):
    def add(folder: Path) -> None:
        add_model(AddModelRequest(str(file), str(folder / "models")), ignore, never)

    file = tmp_path / "it.xcmodel"
    share_model(ShareModelRequest(str(model.path), str(file)), ignore, never)
    for folder, is_done in cut_after_each_change(add, tmp_path):
        runs = listed(folder / "models")
        for run in runs:
            assert run.broken is None and Classifier.open(Path(run.path)).record.classes == ("cat", "dog")
        assert len(runs) <= 1 and (runs or not is_done)
        if is_done:
            assert [path.name for path in (folder / "models").iterdir()] == ["it"]


# --- What comes into the way meanwhile ----------------------------------------------------------------------------


def test_a_file_that_came_meanwhile_is_not_replaced(tmp_path):
    with pytest.raises(FileExistsError), making(tmp_path / "text") as temporary:
        temporary.write_text("new")
        (tmp_path / "text").write_text("mine")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("text", "mine")]


def test_a_shared_model_does_not_replace_what_came_meanwhile(tmp_path, model):
    out = tmp_path / "it.xcmodel"

    def stop() -> bool:
        out.write_text("mine")
        return False

    with pytest.raises(ProgramError) as caught:
        share_model(ShareModelRequest(str(model.path), str(out)), ignore, stop)
    assert caught.value.code is ErrorCode.OUTPUT_EXISTS
    assert out.read_text() == "mine" and sorted(path.name for path in tmp_path.iterdir()) == ["it.xcmodel", "model"]


def test_a_run_does_not_replace_what_came_meanwhile(tmp_path, monkeypatch):
    for kind in ("file", "folder"):
        path = tmp_path / kind
        place = atomic.place

        def come_first(made, path, place=place, kind=kind):
            if kind == "file":
                path.write_text("mine")
            else:
                path.mkdir()
                (path / "mine").touch()
            place(made, path)

        monkeypatch.setattr("xception_gui.runs.run_folder.place", come_first)
        with pytest.raises(ProgramError) as caught:
            RunFolder(path).create(make_record())
        assert caught.value.code is ErrorCode.RUN_EXISTS
    assert (tmp_path / "file").read_text() == "mine" and seen_in(tmp_path / "folder") == ["mine"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]
