"""A disk that is full: caches give way, a training keeps what it has, and all of it is told in words."""

import sys
from pathlib import Path

import pytest

from tests.disks import small_disk
from tests.programs import WITH_SHORT_NETWORK, Engine, json_of, run_program
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Failed, Finished
from xception_gui.domain.messages.training import EpochFinished, Notice, NoticeCode, ResumeRequest, TrainRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.paths import HOME_VARIABLE
from xception_gui.runs.checkpoint import Checkpoint
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.run_list import list_runs
from xception_gui.words.errors import failure_text

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no file systems are mounted there")

SMALL = ["--image-size", "71"]


def test_where_nothing_can_be_cached_everything_else_works(tiny_dataset, tmp_path, monkeypatch):
    with small_disk(tmp_path / "home", 4) as disk:
        monkeypatch.setenv(HOME_VARIABLE, str(disk.place))
        disk.fill()
        result = json_of("train", tiny_dataset, "--out", tmp_path / "run", *SMALL)
        assert result["val_accuracy"] == 1.0
        assert len(json_of("predict", tmp_path / "run", tiny_dataset)) == 16


def test_a_model_that_finds_no_room_is_refused_in_words_and_leaves_nothing(tiny_dataset, tmp_path):
    with small_disk(tmp_path / "disk", 4) as disk:
        disk.fill()
        refused = run_program("train", tiny_dataset, "--out", disk.place / "run", *SMALL)
        assert refused.returncode == 1
        assert "can't be written" in refused.stderr and "no space left" in refused.stderr
        assert [path.name for path in disk.place.iterdir()] == ["ballast"]
        disk.make_room()
        json_of("train", tiny_dataset, "--out", disk.place / "run", *SMALL)


@pytest.mark.parametrize("export_format", ["keras", "saved-model"])
def test_an_export_that_finds_no_room_is_refused_in_words_and_leaves_nothing(export_format, colours_run, tmp_path):
    with small_disk(tmp_path / "disk", 20) as disk:
        place = disk.place / "new" / "model.keras"
        refused = run_program("export", colours_run, "--format", export_format, "--out", place)
        assert refused.returncode == 1
        assert refused.stderr.splitlines()[-1] == (
            f"xception-gui: “{place}” can't be written. Reason: there is no space left on the disk. Choose "
            "another name or folder, or free some disk space, then try again."
        )
        assert list(disk.place.iterdir()) == []


def test_a_table_that_finds_no_room_is_refused_in_words(colours, colours_run, tmp_path):
    with small_disk(tmp_path / "disk", 1) as disk:
        disk.fill()
        refused = run_program("predict", colours_run, colours, "--csv", disk.place / "table.csv")
        assert refused.returncode == 1 and "no space left" in refused.stderr


def test_a_training_whose_disk_fills_up_keeps_its_last_state_and_goes_on_later(tiny_dataset, tmp_path):
    with small_disk(tmp_path / "disk", 500) as disk:
        run = RunFolder(disk.place / "run")
        recipe = make_recipe(Preset.TUTORIAL, image_size=71, epochs=20, batch_size=4, weights="none")
        engine = Engine(WITH_SHORT_NETWORK)
        engine.send(TrainRequest(str(tiny_dataset), str(run.path), recipe), "1")
        engine.wait_for(EpochFinished)
        engine.wait_for(EpochFinished)  # by now the first is saved
        saved = Checkpoint(run.checkpoint).progress()
        disk.fill()
        end = engine.wait_for_end("1")
        told = [event.code for _, event in engine.events if isinstance(event, Notice)]
        assert NoticeCode.NOT_SAVED in told or isinstance(end, Failed)
        assert isinstance(end, Failed) and end.code in (ErrorCode.CANNOT_WRITE, ErrorCode.SYSTEM_REFUSED)
        assert "space" in failure_text(end).why
        kept = Checkpoint(run.checkpoint).progress()
        assert kept is not None and saved is not None and kept.steps >= saved.steps
        (summary,) = [one for one in list_runs([disk.place]) if one.path == str(run.path)]
        assert summary.resumable

        disk.make_room()
        engine.send(ResumeRequest(str(run.path)), "2")
        end = engine.wait_for_end("2")
        assert isinstance(end, Finished), end
        assert run.read_record().status == "finished"
        assert engine.close_stdin() == 0


def test_a_cache_on_a_full_disk_that_has_room_again_is_used_again(tiny_dataset, tmp_path, monkeypatch):
    with small_disk(tmp_path / "home", 30) as disk:
        monkeypatch.setenv(HOME_VARIABLE, str(disk.place))
        disk.fill()
        json_of("train", tiny_dataset, "--out", tmp_path / "first", *SMALL)
        disk.make_room()
        json_of("train", tiny_dataset, "--out", tmp_path / "second", *SMALL)
        assert _size_below(disk.place / "cache") > 16 * 6712 * 2


def _size_below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
