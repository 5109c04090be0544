"""Predictions: drops queue up, results come in batches, and nothing is lost when an engine dies."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.ui.engines import FakeEngine
from tests.ui.predicted import CLASSES, DIED, MODEL, OTHER, finish, predict_all, report, said, stopped, unreadable
from xception_gui.domain.messages.base import Phase, PhaseStarted
from xception_gui.domain.messages.using import PredictRequest
from xception_gui.ui.predict.drops import still_missing
from xception_gui.ui.predict.model_predictions import Offer
from xception_gui.ui.predict.prediction_queue import PredictionQueue


@pytest.fixture
def fake() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def queue(qapp, fake):
    made = PredictionQueue(fake)
    made.choose_model(MODEL)
    return made


def paths(queue):
    return [result.path for result in queue.results]


def test_a_drop_is_predicted_with_the_chosen_model(queue, fake):
    queue.predict(["/a.jpg", "/folder"])
    assert fake.job.request == PredictRequest("/models/bottles", ("/a.jpg", "/folder"))
    assert queue.is_running
    assert queue.classes == CLASSES
    finish(fake.job)
    assert not queue.is_running


def test_a_model_that_is_chosen_is_opened_before_the_first_drop(qapp, fake):
    queue = PredictionQueue(fake)
    queue.choose_model(MODEL)
    assert not fake.jobs  # nobody looks at it yet
    queue.prepare()
    queue.prepare()
    assert [job.request for job in fake.jobs] == [PredictRequest(MODEL.path, ())]
    assert not queue.is_running
    finish(fake.job)
    assert not queue.is_running and queue.failure is None


def test_it_says_while_a_model_is_made_of_what_its_training_had_saved(qapp, fake):
    queue = PredictionQueue(fake)
    queue.choose_model(MODEL)
    queue.prepare()
    opening = fake.job
    opening.say(PhaseStarted(Phase.CONVERTING))
    assert queue.is_preparing
    queue.predict(["/a.jpg"])
    assert queue.is_preparing  # it waits behind that
    finish(opening)
    assert not queue.is_preparing
    fake.job.say(PhaseStarted(Phase.PREDICTING, 1))
    assert not queue.is_preparing and queue.total == 1


def test_a_drop_that_waits_for_its_model_is_predicted_at_once(qapp, fake):
    queue = PredictionQueue(fake)
    queue.predict(["/a.jpg"])
    queue.choose_model(MODEL)
    assert [job.request.paths for job in fake.jobs] == [("/a.jpg",)]


def test_results_come_in_batches_and_whole(qtbot, queue, fake):
    batches = []
    queue.results_added.connect(batches.append)
    results = [said(f"/{n}.jpg", CLASSES[n % 3], 0.5 + n / 5000) for n in range(2000)]
    queue.predict(["/folder"])
    report(fake.job, results)
    assert not batches  # nobody is told of every single one
    qtbot.waitUntil(lambda: bool(batches))
    finish(fake.job)
    assert [result.path for batch in batches for result in batch] == [result.path for result in results]
    assert len(batches) <= 2
    assert queue.results == results


def test_a_list_gets_three_classes_and_a_table_all_of_them(queue, fake):
    many = tuple(f"class {n:03d}" for n in range(120))
    batches = []
    queue.results_added.connect(batches.append)
    result = said("/a.jpg", "class 077", 0.6, many)
    predict_all(queue, fake, [result, unreadable("/b.jpg")])
    assert [one.class_name for one in batches[0][0].predictions] == ["class 077", "class 000", "class 001"]
    assert queue.results == [result, unreadable("/b.jpg")]


def test_several_drops_are_predicted_one_after_the_other(queue, fake):
    queue.predict(["/a.jpg"])
    queue.predict(["/b.jpg", "/c.jpg"])
    assert len(fake.jobs) == 1
    report(fake.job, [said("/a.jpg")])
    assert (queue.done, queue.total) == (1, 3)
    finish(fake.job)
    assert fake.job.request.paths == ("/b.jpg", "/c.jpg")
    report(fake.job, [said("/b.jpg")], total=2)
    assert (queue.done, queue.total) == (2, 3)
    report(fake.job, [said("/b.jpg"), said("/c.jpg")])
    finish(fake.job)
    assert paths(queue) == ["/a.jpg", "/b.jpg", "/c.jpg"]
    queue.predict(["/d.jpg"])
    assert (queue.done, queue.total) == (0, 1)  # counted anew


def test_a_picture_that_is_dropped_again_is_predicted_again_and_takes_the_place_of_its_former_result(queue, fake):
    predict_all(queue, fake, [said("/a.jpg", "glass"), said("/b.jpg", "paper")])
    predict_all(queue, fake, [said("/a.jpg", "metal")])
    assert len(fake.jobs) == 2
    assert queue.results == [said("/a.jpg", "metal"), said("/b.jpg", "paper")]


def test_it_says_how_fast_it_goes_and_how_long_it_takes(queue, fake):
    queue.predict(["/folder"])
    assert queue.images_per_second is None
    assert queue.seconds_left is None
    report(fake.job, [said(f"/folder/{n}.jpg") for n in range(10)], total=30)
    assert queue.images_per_second == pytest.approx(2)
    assert queue.seconds_left == pytest.approx(10)


def test_the_pace_is_that_of_the_last_seconds(queue, fake):
    """400 pictures that were embedded before pass at once; what follows takes half a second each."""
    from xception_gui.domain.messages.base import Phase, PhaseStarted, Progress

    queue.predict(["/folder"])
    fake.job.reported.emit(PhaseStarted(Phase.PREDICTING, 500))
    fake.job.reported.emit(Progress(Phase.PREDICTING, 400, 500, 1.0))
    for step in range(1, 41):
        fake.job.reported.emit(Progress(Phase.PREDICTING, 400 + step, 500, 1.0 + step / 2))
    assert queue.images_per_second == pytest.approx(2)
    assert queue.seconds_left == pytest.approx(30)


def test_stopping_keeps_the_results_and_forgets_what_waits(queue, fake):
    queue.predict(["/folder"])
    queue.predict(["/z.jpg"])
    report(fake.job, [said("/folder/a.jpg")], total=9)
    queue.stop()
    assert fake.job.stop_asked
    assert queue.is_stopping
    stopped(fake.job)
    assert not queue.is_running
    assert not queue.is_stopping
    assert len(fake.jobs) == 1
    assert paths(queue) == ["/folder/a.jpg"]


def test_a_drop_after_stop_is_not_lost(queue, fake):
    queue.predict(["/folder"])
    queue.stop()
    queue.predict(["/new.jpg"])
    stopped(fake.jobs[0])
    assert fake.job.request.paths == ("/new.jpg",)


def test_clearing_forgets_results_and_what_still_comes(queue, fake):
    cleared = []
    queue.cleared.connect(lambda: cleared.append(True))
    queue.predict(["/folder"])
    report(fake.job, [said("/folder/a.jpg")], total=9)
    queue.clear()
    assert fake.job.stop_asked
    assert cleared
    assert not queue.is_running
    report(fake.job, [said("/folder/b.jpg")], total=9)
    stopped(fake.job)
    assert queue.results == []


def listed(queue):
    """What a list shows that follows the signals; kept up to date from now on."""
    shown = {}
    queue.switched.connect(shown.clear)
    queue.cleared.connect(shown.clear)
    queue.results_added.connect(lambda results: shown.update((one.path, one) for one in results))
    return shown


def test_each_model_keeps_its_results_while_others_are_looked_at(queue, fake):
    shown = listed(queue)
    predict_all(queue, fake, [said("/a.jpg"), unreadable("/b.jpg")])
    queue.choose_model(MODEL)
    assert paths(queue) == ["/a.jpg", "/b.jpg"]
    queue.choose_model(OTHER)
    assert queue.results == [] and shown == {}
    assert queue.classes == OTHER.classes
    predict_all(queue, fake, [said("/c.jpg", "oak", others=OTHER.classes)])
    assert fake.job.request.run == "/models/leaves" and list(shown) == ["/c.jpg"]
    queue.choose_model(MODEL)
    assert queue.results == [said("/a.jpg"), unreadable("/b.jpg")]
    assert list(shown) == ["/a.jpg", "/b.jpg"]


def test_what_was_dropped_for_a_model_goes_on_when_another_one_is_chosen(queue, fake):
    shown = listed(queue)
    queue.predict(["/a.jpg", "/b.jpg"])
    queue.predict(["/c.jpg"])
    first = fake.job
    report(first, [said("/a.jpg")], total=2)
    queue.choose_model(OTHER)
    queue.predict(["/leaf.jpg"])
    assert not first.stop_asked and queue.is_running
    assert queue.model_at_work == MODEL and queue.total == 4
    report(first, [said("/a.jpg"), said("/b.jpg")])
    finish(first)
    assert shown == {} and paths(queue) == []  # they are another model's
    assert fake.job.request == PredictRequest(OTHER.path, ("/leaf.jpg",))  # which somebody is looking at
    finish(fake.job)
    assert fake.job.request == PredictRequest(MODEL.path, ("/c.jpg",))
    finish(fake.job)
    queue.choose_model(MODEL)
    assert paths(queue) == list(shown) == ["/a.jpg", "/b.jpg"]


def test_the_same_pictures_are_offered_to_the_model_that_is_chosen(queue, fake):
    predict_all(queue, fake, [said("/a.jpg"), unreadable("/b.jpg")])
    assert queue.offer is None
    queue.choose_model(OTHER)
    assert queue.offer == Offer(MODEL, ("/a.jpg", "/b.jpg"))
    queue.follow_renaming(MODEL.path, "/models/jars")
    assert queue.offer.model.path == "/models/jars"
    queue.take_offer()
    assert queue.offer is None
    assert fake.job.request == PredictRequest(OTHER.path, ("/a.jpg", "/b.jpg"))
    report(fake.job, [said("/b.jpg", "oak", others=OTHER.classes)])
    finish(fake.job)
    queue.choose_model(replace(MODEL, path="/models/jars"))
    assert queue.offer is None  # it has all of the other's
    queue.choose_model(OTHER)
    assert queue.offer.pictures == ("/a.jpg",)  # which the other one lacks still
    queue.decline_offer()
    assert queue.offer is None


def test_an_offer_is_for_the_last_model_that_had_results_and_ends_with_the_next_drop(queue, fake):
    third = replace(OTHER, path="/models/third")
    predict_all(queue, fake, [said("/a.jpg")])
    queue.choose_model(OTHER)
    queue.choose_model(third)
    assert queue.offer == Offer(MODEL, ("/a.jpg",))
    queue.predict(["/new.jpg"])
    assert queue.offer is None


def test_results_of_a_model_that_has_trained_on_stay_and_are_offered_to_be_made_again(queue, fake):
    predict_all(queue, fake, [said("/a.jpg")])
    better = replace(MODEL, val_accuracy=0.9)
    queue.choose_model(better)
    assert paths(queue) == ["/a.jpg"]
    assert queue.offer == Offer(better, ("/a.jpg",), is_older=True)
    queue.take_offer()
    report(fake.job, [said("/a.jpg", "paper")])
    finish(fake.job)
    queue.choose_model(better)
    assert queue.offer is None and queue.results == [said("/a.jpg", "paper")]


def test_a_model_in_the_place_of_another_one_has_no_results(queue, fake):
    predict_all(queue, fake, [said("/a.jpg")])
    queue.choose_model(replace(MODEL, created="2026-01-01T10:00:00+01:00"))
    assert queue.results == []


def test_a_model_that_is_thrown_away_leaves_its_pictures_to_the_next(queue, fake):
    predict_all(queue, fake, [said("/a.jpg")])
    queue.predict(["/b.jpg"])
    queue.forget_model(MODEL.path)
    assert fake.job.stop_asked and queue.model is None and not queue.is_running
    queue.choose_model(OTHER)
    assert queue.offer == Offer(MODEL, ("/a.jpg",))


def test_what_was_cleared_comes_back_and_what_was_at_work_goes_on(queue, fake):
    shown = listed(queue)
    queue.predict(["/a.jpg", "/b.jpg", "/c.jpg"])
    queue.predict(["/d.jpg"])
    report(fake.job, [said("/a.jpg"), said("/b.jpg")], total=3)
    queue.clear()
    assert (queue.can_undo, queue.cleared_count, queue.total, shown) == (True, 2, 0, {})
    queue.undo_clear()
    assert paths(queue) == list(shown) == ["/a.jpg", "/b.jpg"]
    assert fake.job.request.paths == ("/c.jpg",) and queue.total == 2
    finish(fake.job)
    assert fake.job.request.paths == ("/d.jpg",)
    assert not queue.can_undo


def test_clearing_can_be_undone_until_the_next_drop_and_where_it_was_done(queue, fake):
    predict_all(queue, fake, [said("/a.jpg")])
    queue.clear()
    queue.clear()  # of nothing
    queue.choose_model(OTHER)
    queue.undo_clear()
    assert not queue.can_undo and queue.results == []
    queue.choose_model(MODEL)
    assert queue.can_undo
    queue.predict(["/b.jpg"])
    assert not queue.can_undo
    queue.undo_clear()
    assert queue.results == []


def test_a_failure_of_one_model_keeps_no_other_one_waiting(queue, fake):
    queue.predict(["/a.jpg"])
    fake.job.ended.emit(DIED)
    queue.choose_model(OTHER)
    assert queue.failure is None
    predict_all(queue, fake, [said("/b.jpg", "oak", others=OTHER.classes)])
    assert not queue.is_running
    queue.choose_model(MODEL)
    assert queue.failure == DIED
    queue.give_up()
    assert queue.failure is None
    queue.retry()
    assert not queue.is_running  # there is nothing left to do


def test_thousands_of_results_come_back_in_pieces(qtbot, queue, fake):
    predict_all(queue, fake, [said(f"/{n}.jpg") for n in range(9000)])
    qtbot.waitUntil(lambda: not queue._feed.is_waiting)
    batches = []
    queue.results_added.connect(batches.append)
    queue.choose_model(OTHER)
    queue.choose_model(MODEL)
    assert 0 < len(batches[0]) < 9000
    qtbot.waitUntil(lambda: sum(map(len, batches)) == 9000)
    assert [one.path for batch in batches for one in batch] == [f"/{n}.jpg" for n in range(9000)]


def test_results_outlive_the_renaming_of_their_model(queue, fake):
    predict_all(queue, fake, [said("/a.jpg")])
    queue.follow_renaming("/models/bottles", "/models/jars")
    assert paths(queue) == ["/a.jpg"]
    queue.predict(["/b.jpg"])
    assert fake.job.request.run == "/models/jars"


def test_a_drop_that_waits_while_its_model_is_renamed_is_asked_for_where_that_is_now(queue, fake):
    queue.predict(["/a.jpg"])
    queue.predict(["/b.jpg"])
    queue.follow_renaming("/models/bottles", "/models/jars")
    old, new = fake.jobs
    assert old.stop_asked and new.request == PredictRequest("/models/jars", ("/a.jpg",))
    old.ended.emit(DIED)
    assert queue.failure is None and queue.is_running
    report(new, [said("/a.jpg")], total=1)
    finish(new)
    assert fake.job.request == PredictRequest("/models/jars", ("/b.jpg",))


def test_a_drop_whose_results_come_in_goes_on_when_its_model_is_renamed(queue, fake):
    queue.predict(["/a.jpg", "/b.jpg"])
    report(fake.job, [said("/a.jpg")], total=2)
    queue.follow_renaming("/models/bottles", "/models/jars")
    assert len(fake.jobs) == 1 and not fake.job.stop_asked


def test_what_opens_a_model_is_stopped_when_another_is_chosen_and_only_then(qapp, fake):
    """Making the best epoch of an interrupted training usable takes half a minute, in which the other would wait."""
    queue = PredictionQueue(fake)
    queue.choose_model(MODEL)
    queue.prepare()
    first = fake.job
    first.say(PhaseStarted(Phase.CONVERTING))
    queue.choose_model(MODEL)
    queue.prepare()
    queue.clear()
    assert fake.jobs == [first] and not first.stop_asked and queue.is_preparing
    queue.choose_model(OTHER)
    assert first.stop_asked and not queue.is_preparing
    queue.prepare()
    assert fake.job.request == PredictRequest(OTHER.path, ())
    first.say(PhaseStarted(Phase.CONVERTING))
    assert not queue.is_preparing
    first.be_stopped()
    fake.job.say(PhaseStarted(Phase.CONVERTING))
    assert queue.is_preparing
    queue.forget_model(OTHER.path)
    assert fake.job.stop_asked and not queue.is_preparing


def test_a_model_that_is_renamed_while_it_is_opened_is_opened_where_it_is_now(qapp, fake):
    queue = PredictionQueue(fake)
    queue.choose_model(MODEL)
    queue.prepare()
    queue.follow_renaming(MODEL.path, "/models/jars")
    assert fake.jobs[0].stop_asked and fake.job.request == PredictRequest("/models/jars", ())


def test_what_is_dropped_before_a_model_is_chosen_waits_for_it(qapp, fake):
    queue = PredictionQueue(fake)
    queue.predict(["/a.jpg"])
    assert queue.is_waiting_for_model
    assert not fake.jobs
    queue.choose_model(MODEL)
    assert not queue.is_waiting_for_model
    assert fake.job.request == PredictRequest("/models/bottles", ("/a.jpg",))


def test_after_its_engine_died_only_what_is_missing_is_predicted_again(queue, fake):
    queue.predict(["/a.jpg", "/b.jpg", "/c.jpg"])
    queue.predict(["/d.jpg"])
    report(fake.job, [said("/a.jpg"), said("/b.jpg")], total=3)
    fake.job.ended.emit(DIED)
    assert queue.failure == DIED
    assert not queue.is_running
    assert paths(queue) == ["/a.jpg", "/b.jpg"]
    queue.retry()
    assert queue.failure is None
    assert fake.job.request.paths == ("/c.jpg",)
    report(fake.job, [said("/c.jpg")])
    finish(fake.job)
    assert fake.job.request.paths == ("/d.jpg",)


def test_a_drop_after_a_failure_takes_up_what_was_left(queue, fake):
    queue.predict(["/a.jpg"])
    fake.job.ended.emit(DIED)
    queue.predict(["/b.jpg"])
    assert queue.failure is None
    assert fake.job.request.paths == ("/a.jpg",)
    finish(fake.job)
    assert fake.job.request.paths == ("/b.jpg",)


@pytest.mark.parametrize(
    ("last", "missing"),
    [
        (None, ("/a.jpg", "/folder/", "/z.jpg")),
        ("/a.jpg", ("/folder/", "/z.jpg")),
        ("/folder/below/b.jpg", ("/folder/", "/z.jpg")),
        ("/z.jpg", ()),
    ],
)
def test_a_folder_that_was_begun_is_predicted_as_a_whole(last, missing):
    assert still_missing(("/a.jpg", "/folder/", "/z.jpg"), last) == missing


@given(st.lists(st.text("ab/.", min_size=1), min_size=1, max_size=5, unique=True), st.integers(0, 4))
def test_of_files_exactly_those_after_the_last_result_are_missing_or_more(drop, number):
    last = drop[number % len(drop)]
    missing = still_missing(drop, last)
    assert set(drop[drop.index(last) + 1 :]) <= set(missing)


def test_it_says_where_the_results_of_a_drop_begin(queue, fake):
    answered = []
    queue.answered.connect(answered.append)
    predict_all(queue, fake, [said("/a.jpg"), said("/b.jpg")])
    predict_all(queue, fake, [said("/c.jpg"), said("/d.jpg")])
    assert answered == ["/a.jpg", "/c.jpg"]


def test_an_engine_that_is_killed_is_a_failure_in_words(qtbot, engine, tmp_path: Path):
    """A real one."""
    import psutil

    from xception_gui.ui.kit import texts

    queue = PredictionQueue(engine)
    queue.choose_model(MODEL)
    queue.predict([str(tmp_path)])
    psutil.Process(engine.process_id()).kill()
    qtbot.waitUntil(lambda: queue.failure is not None, timeout=60_000)
    assert "ended unexpectedly" in texts.failure_text(queue.failure).what
    assert not queue.is_running
