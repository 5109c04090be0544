"""The list of models with a real engine and real folders: listed, found elsewhere, renamed, thrown away, located."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.conftest import draw_dataset
from tests.programs import PATIENCE
from tests.ui.engines import FakeEngine
from tests.ui.predicted import MODEL
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.models import ListRunsRequest, RenameRunResult, RunsResult
from xception_gui.domain.messages.training import TrainRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.runs.lock import RunLock, is_held
from xception_gui.ui.engines.engine_client import EngineClient
from xception_gui.ui.models.model_list import OTHER_PLACES, ModelList
from xception_gui.words.errors import broken_text, failure_text

LONG = 1000 * PATIENCE  # milliseconds


@pytest.fixture(scope="module")
def trained(qapp, tmp_path_factory):
    """A real model, made once."""

    root = tmp_path_factory.mktemp("trained")
    pictures = draw_dataset(root / "pictures", {"red": (220, 60, 60), "blue": (60, 60, 220)}, count=6)
    engine, ends = EngineClient("maker"), []
    job = engine.start(TrainRequest(str(pictures), str(root / "run"), make_recipe(Preset.QUICK, image_size=71)))
    job.ended.connect(lambda end: (ends.append(end), qapp.exit()))
    qapp.exec()
    engine.close()
    assert ends[0].result.run == str(root / "run")
    return root


@pytest.fixture
def library(qapp, qtbot, engine, settings, tmp_path, monkeypatch):
    """An empty models folder, and a trash of its own on the same disk."""
    monkeypatch.setattr(ModelList, "folder", staticmethod(lambda: tmp_path / "models"))
    (tmp_path / "models").mkdir()
    return ModelList(engine, engine, settings, qapp)


def listed(qtbot, library, *names):
    """Read the list until it is as expected."""
    library.refresh()
    qtbot.waitUntil(lambda: [run.path.rsplit("/", 1)[1] for run in library.runs] == list(names), timeout=LONG)


def copy(trained, folder):
    shutil.copytree(trained / "run", folder)
    return str(folder)


def test_models_are_listed_and_broken_ones_are_said_to_be_broken(qtbot, library, trained, tmp_path):
    copy(trained, tmp_path / "models" / "good")
    broken = copy(trained, tmp_path / "models" / "bad")
    (tmp_path / "models" / "bad" / "run.json").write_text("{")
    (tmp_path / "models" / "no model").mkdir()
    assert not library.is_known
    listed(qtbot, library, "good", "bad")
    assert library.is_known
    assert [run.path for run in library.with_models()] == [str(tmp_path / "models" / "good")]
    assert "damaged" in broken_text(library.find(broken))
    assert library.find(str(tmp_path / "no")) is None


def test_a_model_that_lies_elsewhere_is_opened_and_remembered(qtbot, library, engine, settings, trained, tmp_path):
    outside = copy(trained, tmp_path / "elsewhere")
    opened = []
    library.open(outside, lambda summary: opened.append(summary.path))
    qtbot.waitUntil(lambda: opened == [outside], timeout=LONG)
    library.open(outside, lambda summary: opened.append(summary.path))  # known by now, so at once
    assert opened == [outside] * 2
    another_start = ModelList(engine, engine, settings, library.parent())
    listed(qtbot, another_start, "elsewhere")


@pytest.mark.parametrize("what", ["nothing", "empty", "broken", "unfinished"])
def test_what_holds_no_model_is_not_opened_and_it_is_said_why(qtbot, library, trained, tmp_path, what):
    folder = tmp_path / "models" / what
    if what == "empty":
        folder.mkdir()
    elif what != "nothing":
        copy(trained, folder)
    if what == "broken":
        (folder / "run.json").write_text("[]")
    if what == "unfinished":
        (folder / "head.npz").unlink()
    said = []
    library.cant_be_opened.connect(lambda run, why: said.append((run, why)))
    library.open(str(folder), lambda summary: pytest.fail("It was opened"))
    qtbot.waitUntil(lambda: bool(said), timeout=LONG)
    ((run, why),) = said
    assert run == str(folder)
    words = {"nothing": "no model", "empty": "no model", "broken": "damaged", "unfinished": "no finished model"}
    assert words[what] in why


def test_a_renamed_model_is_listed_under_its_new_name(qtbot, library, trained, tmp_path):
    old = copy(trained, tmp_path / "models" / "old")
    listed(qtbot, library, "old")
    with qtbot.waitSignal(library.renamed, timeout=LONG) as renamed:
        library.rename(old, "猫 2")
    assert renamed.args == [old, str(tmp_path / "models" / "猫 2")]
    listed(qtbot, library, "猫 2")


def test_a_model_outside_keeps_being_listed_when_it_is_renamed(qtbot, library, settings, trained, tmp_path):
    outside = copy(trained, tmp_path / "elsewhere")
    library.remember(outside)
    listed(qtbot, library, "elsewhere")
    with qtbot.waitSignal(library.renamed, timeout=LONG):
        library.rename(outside, "new")
    listed(qtbot, library, "new")


def test_a_name_that_is_taken_fails_in_words_and_nothing_is_lost(qtbot, library, trained, tmp_path):
    first = copy(trained, tmp_path / "models" / "first")
    copy(trained, tmp_path / "models" / "second")
    with qtbot.waitSignal(library.failed, timeout=LONG) as failed:
        library.rename(first, "second")
    assert failed.args[0].code == ErrorCode.RUN_EXISTS
    assert (tmp_path / "models" / "first" / "run.json").exists()


def test_a_model_that_is_thrown_away_lies_in_the_trash_and_leaves_the_list_at_once(
    qtbot, library, trained, tmp_path, monkeypatch
):
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    run = copy(trained, tmp_path / "models" / "old")
    listed(qtbot, library, "old")
    assert library.throw_away(run)
    assert library.runs == ()
    assert not (tmp_path / "models" / "old").exists()
    assert list((tmp_path / "data" / "Trash").rglob("run.json"))
    assert not library.throw_away(run)  # it is gone


def test_a_model_that_another_process_trains_is_not_thrown_away(qtbot, library, trained, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    run = copy(trained, tmp_path / "models" / "pets")
    failed, refused = [], []
    library.failed.connect(failed.append)
    library.trash_refused.connect(refused.append)
    with RunLock(Path(run)):
        assert not library.throw_away(run)
    assert [failure.code for failure in failed] == [ErrorCode.RUN_IN_USE] and refused == []
    assert f"Process {os.getpid()}" in failure_text(failed[0]).why
    assert (tmp_path / "models" / "pets" / "run.json").exists()
    assert library.throw_away(run)
    (thrown,) = (tmp_path / "Trash" / "files").iterdir()
    assert not [path.name for path in thrown.iterdir() if path.name.startswith(".")]


def test_where_the_system_has_no_trash_that_is_told_and_the_model_stays_free(library, trained, tmp_path, monkeypatch):
    monkeypatch.setattr("xception_gui.ui.models.model_list.to_trash", lambda path: (False, Path(path)))
    run, refused = copy(trained, tmp_path / "models" / "pets"), []
    library.trash_refused.connect(refused.append)
    assert not library.throw_away(run)
    assert refused == [run] and not is_held(Path(run))


@pytest.mark.parametrize("what", ["nothing", "empty", "broken"])
def test_a_folder_that_holds_no_model_is_not_remembered(what, qtbot, library, settings, trained, tmp_path):
    """Neither one that was opened, nor the place of a training that came to nothing."""
    folder = tmp_path / "elsewhere"
    if what == "empty":
        folder.mkdir()
    if what == "broken":
        copy(trained, folder)
        (folder / "run.json").write_text("[]")
    with qtbot.waitSignal(library.cant_be_opened, timeout=LONG):
        library.open(str(folder), lambda summary: pytest.fail("It was opened"))
    library.remember(str(folder))
    qtbot.waitUntil(lambda: not library.is_listing, timeout=LONG)
    assert settings.value(OTHER_PLACES) is None


def test_a_model_that_is_asked_for_while_it_is_renamed_is_opened_and_remembered_where_it_is_now(qapp, settings):
    fake, opened = FakeEngine(), []
    library = ModelList(fake.client, fake.client, settings, qapp)
    library.rename(MODEL.path, "jars")
    library.open(MODEL.path, opened.append)
    renaming, listing = fake.jobs
    renaming.finish(RenameRunResult("/models/jars"))
    listing.finish(RunsResult(()))
    renamed = msgspec.structs.replace(MODEL, path="/models/jars")
    fake.job.finish(RunsResult((renamed,)))
    assert opened == [renamed] and settings.value(OTHER_PLACES) == ["/models/jars"]


REMEMBER = """
import sys
from PySide6.QtCore import QSettings
settings = QSettings(sys.argv[1], QSettings.Format.IniFormat)
settings.setValue(sys.argv[2], [sys.argv[3]])
settings.sync()
"""


def test_what_another_window_has_remembered_meanwhile_stays(qapp, settings):
    fake = FakeEngine()
    library = ModelList(fake.client, fake.client, settings, qapp)
    library.remember("/elsewhere/a")
    subprocess.run([sys.executable, "-c", REMEMBER, settings.fileName(), OTHER_PLACES, "/elsewhere/b"], check=True)
    fake.job.finish(RunsResult((msgspec.structs.replace(MODEL, path="/elsewhere/a"),)))
    assert settings.value(OTHER_PLACES) == ["/elsewhere/b", "/elsewhere/a"]


def test_a_model_is_told_where_its_pictures_are_now(qtbot, library, trained, tmp_path):
    run = copy(trained, tmp_path / "models" / "pets")
    moved = tmp_path / "moved"
    shutil.copytree(trained / "pictures", moved)
    with qtbot.waitSignal(library.located, timeout=LONG) as located:
        library.locate(run, str(moved))
    assert located.args[:2] == [run, str(moved)]
    assert located.args[2].found == located.args[2].total > 0
    listed(qtbot, library, "pets")
    assert library.find(run).dataset == str(moved) and library.find(run).dataset_found


def test_a_folder_with_other_pictures_is_refused_in_words(qtbot, library, trained, tmp_path):
    run = copy(trained, tmp_path / "models" / "pets")
    (tmp_path / "other").mkdir()
    with qtbot.waitSignal(library.failed, timeout=LONG) as failed:
        library.locate(run, str(tmp_path / "other"))
    assert failed.args[0].code == ErrorCode.DATASET_DOESNT_MATCH


def test_several_wishes_for_the_list_are_one_after_the_other(qapp, settings):
    fake = FakeEngine()
    library = ModelList(fake.client, fake.client, settings, qapp)
    for _ in range(5):
        library.refresh()
    assert len(fake.jobs) == 1
    fake.job.finish(RunsResult(()))
    assert len(fake.requests(ListRunsRequest)) == 2
    fake.job.finish(RunsResult(()))
    assert len(fake.jobs) == 2


def test_a_list_that_can_not_be_read_is_a_failure_and_the_old_one_stays(qapp, settings):
    fake = FakeEngine()
    library = ModelList(fake.client, fake.client, settings, qapp)
    library.refresh()
    fake.job.fail(ErrorCode.ENGINE_DIED, found="")
    assert library.failure.code == ErrorCode.ENGINE_DIED and library.is_known
    library.refresh()
    fake.job.finish(RunsResult(()))
    assert library.failure is None


def test_a_model_that_waits_to_be_opened_is_looked_for_in_a_list_that_was_asked_for_after_it(qapp, settings):
    """The list that was on its way by then can't have it."""
    engine, opened, refused = FakeEngine(), [], []
    library = ModelList(engine.client, engine.client, settings, qapp)
    library.cant_be_opened.connect(lambda run, why: refused.append(run))
    library.refresh()
    library.open(MODEL.path, opened.append)
    engine.job.finish(RunsResult(()))
    assert not opened and not refused
    engine.job.finish(RunsResult((MODEL,)))
    assert opened == [MODEL] and not refused
