"""What is predicted, in which order, and what is passed over."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from tests.answers import answers_in
from tests.conftest import draw_dataset, draw_picture
from xception_gui.domain.messages.base import Event, Finished, PhaseStarted, Progress, Stopped
from xception_gui.domain.messages.training import TrainRequest
from xception_gui.domain.messages.using import PicturePredicted, PredictRequest, PredictResult
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.jobs import run_job
from xception_gui.jobs.reporting import never


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("predicted")
    draw_dataset(root / "pictures", {"red": (220, 60, 60), "blue": (60, 60, 220)}, count=4)
    events: list[Event] = []
    recipe = make_recipe(Preset.QUICK, image_size=71)
    run_job(TrainRequest(str(root / "pictures"), str(root / "run"), recipe), events.append, never)
    assert isinstance(events[-1], Finished), events[-1]
    return root / "run"


@pytest.fixture
def mixed(tmp_path) -> Path:
    """Names that numbers, words, capitals and depth sort differently, and what is no picture between them."""
    names = ["10.png", "9.png", "B.png", "a.png", "deep/er/1.png", "deep.png"]
    for seed, name in enumerate(names):
        path = tmp_path / "mixed" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        draw_picture(path, (220, 60, 60) if seed % 2 else (60, 60, 220), seed=seed)
    (tmp_path / "mixed" / "notes.txt").write_text("no picture, and nobody said so")
    (tmp_path / "mixed" / "broken.jpg").write_text("no picture, though it says so")
    (tmp_path / "mixed" / ".hidden.png").write_bytes((tmp_path / "mixed" / "a.png").read_bytes())
    return tmp_path / "mixed"


IN_ORDER = ["10.png", "9.png", "B.png", "a.png", "broken.jpg", "deep.png", "deep/er/1.png"]


def predicted(run: Path, *given: str | Path, stop=never) -> tuple[list[Event], list]:
    events: list[Event] = []
    run_job(PredictRequest(str(run), tuple(map(str, given))), events.append, stop)
    return events, answers_in(events)


def test_folders_are_read_in_the_order_of_their_paths_and_files_as_they_are_given(run, mixed):
    first, last = mixed / "notes.txt", mixed / "9.png"
    events, told = predicted(run, last, mixed, first, last)
    assert [one.path for one in told] == [
        str(last), *(f"{mixed}/{name}" for name in IN_ORDER), str(first), str(last),
    ]  # fmt: skip
    told_of = [event.given for event in events if isinstance(event, PicturePredicted)]
    assert told_of == [0, *(1 for _ in IN_ORDER), 2, 3]
    assert events[-1] == Finished(PredictResult(("blue", "red"), pictures=10, unreadable=2))
    errors = {Path(one.path).name: one.error for one in told if one.error}
    assert set(errors) == {"broken.jpg", "notes.txt"} and "a text file, not a picture" in errors["broken.jpg"]


def test_each_picture_has_its_own_answer_with_all_classes_the_most_probable_first(run, mixed):
    _, told = predicted(run, mixed)
    looks = {"10.png": "blue", "9.png": "red", "B.png": "blue", "a.png": "red", "1.png": "blue", "deep.png": "red"}
    for one in told:
        if one.error:
            assert one.predictions == ()
            continue
        assert one.predictions[0].class_name == looks[Path(one.path).name]
        assert {said.class_name for said in one.predictions} == {"blue", "red"}
        said = [said.probability for said in one.predictions]
        assert said == sorted(said, reverse=True) and sum(said) == pytest.approx(1, abs=1e-6)


def test_what_is_passed_over_counts_as_looked_at(run, mixed):
    events, told = predicted(run, mixed)
    (phase,) = [event for event in events if isinstance(event, PhaseStarted)]
    assert (phase.phase, phase.total, len(told)) == ("predicting", 8, 7)
    last = [event for event in events if isinstance(event, Progress)][-1]
    assert (last.done, last.total) == (8, 8)


def test_what_systems_leave_among_pictures_is_passed_over_in_folders_and_told_where_it_was_named(run, mixed):
    """A shell names all that lies in a folder: then a folder of previews isn't looked into."""
    preview = mixed / "@eaDir" / "a.png" / "SYNOPHOTO_THUMB_M.jpg"
    preview.parent.mkdir(parents=True)
    shutil.copyfile(mixed / "a.png", preview)
    (mixed / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more")
    _, told = predicted(run, mixed)
    assert [one.path for one in told] == [str(mixed / name) for name in IN_ORDER]
    named = [mixed / name for name in ("@eaDir", "a.png", "Thumbs.db", "desktop.ini", "9.png")]
    _, told = predicted(run, *named)
    assert [Path(one.path) for one in told] == named
    assert [one.error for one in told] == [
        "The file belongs to the system or to another program.",
        None,
        "This is a text or data file, not a picture.",
        "The file doesn't exist.",
        None,
    ]
    _, told = predicted(run, mixed / "@eaDir")
    assert [(one.path, one.error) for one in told] == [(str(preview), None)]  # nobody names it alone by mistake


def test_an_archive_is_to_be_unpacked(run, mixed):
    (mixed / "more.zip").write_bytes(b"PK\x03\x04 and more")
    _, (told,) = predicted(run, mixed / "more.zip")
    assert told.error == "The file is a ZIP archive. Unpack it and use the pictures inside."


def test_a_folder_that_may_not_be_opened_is_an_answer(run, mixed, monkeypatch):
    def scandir(folder):
        if Path(folder).name == "er":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return really(folder)

    really = os.scandir
    monkeypatch.setattr(os, "scandir", scandir)
    events, told = predicted(run, mixed)
    assert told[-1].path == str(mixed / "deep" / "er") and "permission denied" in told[-1].error
    assert events[-1].result == PredictResult(("blue", "red"), pictures=7, unreadable=2)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_stop_keeps_what_was_said_before_it(run, mixed, count):
    said: list[int] = []
    events, told = predicted(run, mixed, stop=lambda: len(said) >= count or bool(said.append(1)))
    assert isinstance(events[-1], Stopped) and not events[-1].resumable
    assert events[-1].result == PredictResult(("blue", "red"), pictures=len(told), unreadable=0, stopped=True)
    assert [Path(one.path).name for one in told] == IN_ORDER[:count]


def test_without_pictures_the_model_is_opened_and_nothing_else(run, monkeypatch):
    from xception_gui.inference.embedder import Embedder

    opened = []
    monkeypatch.setattr(Embedder, "open_backbone", lambda self: opened.append(self.image_size))
    events, told = predicted(run)
    assert events[-1] == Finished(PredictResult(("blue", "red"), pictures=0, unreadable=0))
    assert (told, opened) == ([], [71])
