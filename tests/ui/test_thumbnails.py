"""Small pictures, made by a real engine and kept by the window."""

import os
import signal

import pytest

from tests.conftest import draw_dataset, draw_picture
from tests.programs import PATIENCE
from tests.ui.engines import FakeEngine
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.dataset import PreviewReady, PreviewRequest, PreviewResult
from xception_gui.ui.pictures import thumbnails as module
from xception_gui.ui.pictures.thumbnails import AT_ONCE, SIZE, Thumbnails

LONG = 1000 * PATIENCE  # milliseconds


@pytest.fixture
def fake():
    return FakeEngine()


@pytest.fixture
def drawn(tmp_path):
    """A file that previews can be loaded from."""
    return str(draw_picture(tmp_path / "preview.png", (200, 30, 30), seed=1))


def answer(job, drawn):
    """Have a job make all that it was asked for."""
    job.say(*(PreviewReady(path, drawn) for path in job.request.paths))
    job.finish(PreviewResult())


def wait_for_request(qtbot, fake, number=1):
    qtbot.waitUntil(lambda: len(fake.jobs) == number)
    return fake.job


def test_pictures_come_as_squares(qtbot, engine, tiny_dataset):
    thumbnails, ready = Thumbnails(engine), []
    thumbnails.thumbnail_ready.connect(ready.append)
    paths = [str(path) for path in sorted(tiny_dataset.rglob("*.png"))]
    assert [thumbnails.pixmap(path) for path in paths] == [None] * 16
    qtbot.waitUntil(lambda: len(ready) == 16, timeout=LONG)
    assert sorted(ready) == paths
    for path in paths:
        found = thumbnails.pixmap(path)
        assert found.width() == found.height() <= SIZE
        middle = found.toImage().pixelColor(found.width() // 2, found.height() // 2)
        assert (middle.red() > middle.blue()) == ("red" in path)
    assert len(ready) == 16  # nothing was asked for twice


def test_a_file_that_is_no_picture_is_said_to_be_none_until_it_is_looked_at_again(qtbot, engine, tmp_path):
    thumbnails, ready = Thumbnails(engine), []
    thumbnails.thumbnail_ready.connect(ready.append)
    file = tmp_path / "a.png"
    file.write_text("no picture")
    path = str(file)
    assert thumbnails.pixmap(path) is None and not thumbnails.has_failed(path)
    qtbot.waitUntil(lambda: ready == [path], timeout=LONG)
    assert thumbnails.has_failed(path) and thumbnails.pixmap(path) is None
    draw_picture(file, (30, 200, 30), seed=2)
    thumbnails.look_again()
    assert thumbnails.pixmap(path) is None
    qtbot.waitUntil(lambda: len(ready) == 2, timeout=LONG)
    assert thumbnails.pixmap(path) is not None and not thumbnails.has_failed(path)


def test_an_engine_that_dies_leaves_question_marks_and_the_next_makes_the_rest(qtbot, engine, tmp_path):
    paths = [str(p) for p in draw_dataset(tmp_path / "p", {"red": (220, 60, 60)}, count=20).rglob("*.png")]
    thumbnails, ready = Thumbnails(engine), []
    thumbnails.thumbnail_ready.connect(ready.append)

    def kill(busy):
        if busy and not ready:
            os.kill(engine.process_id(), signal.SIGKILL)

    for path in paths:
        thumbnails.pixmap(path)
    qtbot.waitUntil(lambda: bool(engine.process_id()))
    kill(True)
    qtbot.waitUntil(lambda: len(ready) == 20, timeout=LONG)
    failed = [path for path in paths if thumbnails.has_failed(path)]
    assert len(failed) == AT_ONCE  # each is told of, so that it is painted anew
    assert all(thumbnails.pixmap(path) is not None for path in paths if path not in failed)


def test_what_one_painting_asks_for_is_asked_for_together_the_newest_first(qtbot, fake, drawn):
    thumbnails = Thumbnails(fake.client)
    paths = [f"/p/{number}.jpg" for number in range(40)]
    for path in paths * 2:  # painted twice
        thumbnails.pixmap(path)
    job = wait_for_request(qtbot, fake)
    assert job.request == PreviewRequest(tuple(paths[:-17:-1]), SIZE)
    thumbnails.pixmap(paths[-1])  # asked for already
    answer(job, drawn)
    job = wait_for_request(qtbot, fake, 2)
    assert job.request.paths == tuple(paths[-17:-33:-1])
    answer(job, drawn)
    answer(wait_for_request(qtbot, fake, 3), drawn)
    assert sorted(path for job in fake.jobs for path in job.request.paths) == sorted(paths)


def test_what_scrolled_out_of_sight_long_ago_is_not_made(qtbot, fake, drawn, monkeypatch):
    monkeypatch.setattr(module, "MAX_WAITING", 20)
    thumbnails = Thumbnails(fake.client)
    for number in range(100):
        thumbnails.pixmap(f"/p/{number}.jpg")
    answer(wait_for_request(qtbot, fake), drawn)
    answer(wait_for_request(qtbot, fake, 2), drawn)
    asked = {path for job in fake.jobs for path in job.request.paths}
    assert asked == {f"/p/{number}.jpg" for number in range(80, 100)}


def test_those_looked_at_last_are_kept(qtbot, fake, drawn, monkeypatch):
    monkeypatch.setattr(module, "KEPT", 10)
    thumbnails = Thumbnails(fake.client)
    for number in range(10):
        thumbnails.pixmap(str(number))
    answer(wait_for_request(qtbot, fake), drawn)
    again, oldest = fake.job.request.paths[:2]
    assert thumbnails.pixmap(again) is not None
    thumbnails.pixmap("another")
    answer(wait_for_request(qtbot, fake, 2), drawn)
    assert thumbnails.pixmap(again) is not None
    assert thumbnails.pixmap("another") is not None
    assert thumbnails.pixmap(oldest) is None


def test_a_preview_that_vanished_from_the_cache_is_a_failure_and_no_crash(qtbot, fake):
    thumbnails = Thumbnails(fake.client)
    thumbnails.pixmap("a")
    job = wait_for_request(qtbot, fake)
    job.say(PreviewReady("a", "/there/is/no/such.jpg"))
    job.fail(ErrorCode.ENGINE_DIED, found="")
    assert thumbnails.has_failed("a")


def test_a_picture_that_is_edited_shows_what_it_is_now_once_it_is_looked_at_again(qtbot, engine, tmp_path):
    thumbnails, ready = Thumbnails(engine), []
    thumbnails.thumbnail_ready.connect(ready.append)
    path = str(draw_picture(tmp_path / "a.png", (220, 30, 30), seed=1))
    thumbnails.pixmap(path)
    qtbot.waitUntil(lambda: ready == [path], timeout=LONG)
    draw_picture(tmp_path / "a.png", (30, 30, 220), seed=1)
    thumbnails.look_again()
    old = thumbnails.pixmap(path)
    assert old is not None  # until there is a new one
    qtbot.waitUntil(lambda: len(ready) == 2, timeout=LONG)
    colour = thumbnails.pixmap(path).toImage().pixelColor(20, 20)
    assert colour.blue() > colour.red()


def test_looking_again_asks_once_and_what_is_as_it_was_stays(qtbot, fake, drawn):
    thumbnails, ready = Thumbnails(fake.client), []
    thumbnails.thumbnail_ready.connect(ready.append)
    thumbnails.pixmap("a")
    answer(wait_for_request(qtbot, fake), drawn)
    first = thumbnails.pixmap("a")
    thumbnails.look_again()
    assert thumbnails.pixmap("a") is first
    answer(wait_for_request(qtbot, fake, 2), drawn)
    assert thumbnails.pixmap("a") is first and ready == ["a"]
    assert not thumbnails._waiting  # nothing is asked for again and again


def test_an_answer_to_an_older_look_doesnt_count_for_a_newer_one(qtbot, fake, drawn):
    thumbnails = Thumbnails(fake.client)
    thumbnails.pixmap("a")
    job = wait_for_request(qtbot, fake)
    thumbnails.look_again()
    answer(job, drawn)
    assert thumbnails.pixmap("a") is not None
    assert wait_for_request(qtbot, fake, 2).request == PreviewRequest(("a",), SIZE)


def test_what_an_engine_died_of_keeps_its_old_thumbnail_and_isnt_asked_for_without_end(qtbot, fake, drawn):
    thumbnails = Thumbnails(fake.client)
    thumbnails.pixmap("a")
    answer(wait_for_request(qtbot, fake), drawn)
    thumbnails.look_again()
    thumbnails.pixmap("a")
    wait_for_request(qtbot, fake, 2).fail(ErrorCode.ENGINE_DIED, found="")
    assert thumbnails.pixmap("a") is not None and not thumbnails.has_failed("a") and not thumbnails._waiting


def test_who_looks_again_before_a_request_has_ended_is_answered_without_another_repaint(qtbot, fake, drawn):
    """The answer has come, but not the end of the request: nothing repaints the picture after that."""
    thumbnails = Thumbnails(fake.client)
    thumbnails.pixmap("a")
    job = wait_for_request(qtbot, fake)
    job.say(PreviewReady("a", drawn))
    thumbnails.look_again()
    thumbnails.pixmap("a")
    job.finish(PreviewResult())
    assert wait_for_request(qtbot, fake, 2).request == PreviewRequest(("a",), SIZE)
