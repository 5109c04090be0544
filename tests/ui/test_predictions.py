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
from xception_gui.ui.predict.predictions import Predictions


@pytest.fixture
def fake() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def predictions(qapp, fake):
    made = Predictions(fake)
    made.choose_model(MODEL)
    return made


def paths(predictions):
    return [result.path for result in predictions.results]


def test_a_drop_is_predicted_with_the_chosen_model(predictions, fake):
    predictions.predict(["/a.jpg", "/folder"])
    assert fake.job.request == PredictRequest("/models/bottles", ("/a.jpg", "/folder"))
    assert predictions.is_running
    assert predictions.classes == CLASSES
    finish(fake.job)
    assert not predictions.is_running


def test_a_model_that_is_chosen_is_opened_before_the_first_drop(qapp, fake):
    predictions = Predictions(fake)
    predictions.choose_model(MODEL)
    assert not fake.jobs  # nobody looks at it yet
    predictions.prepare()
    predictions.prepare()
    assert [job.request for job in fake.jobs] == [PredictRequest(MODEL.path, ())]
    assert not predictions.is_running
    finish(fake.job)
    assert not predictions.is_running and predictions.failure is None


def test_it_says_while_a_model_is_made_of_what_its_training_had_saved(qapp, fake):
    predictions = Predictions(fake)
    predictions.choose_model(MODEL)
    predictions.prepare()
    opening = fake.job
    opening.say(PhaseStarted(Phase.CONVERTING))
    assert predictions.is_preparing
    predictions.predict(["/a.jpg"])
    assert predictions.is_preparing  # it waits behind that
    finish(opening)
    assert not predictions.is_preparing
    fake.job.say(PhaseStarted(Phase.PREDICTING, 1))
    assert not predictions.is_preparing and predictions.total == 1


def test_a_drop_that_waits_for_its_model_is_predicted_at_once(qapp, fake):
    predictions = Predictions(fake)
    predictions.predict(["/a.jpg"])
    predictions.choose_model(MODEL)
    assert [job.request.paths for job in fake.jobs] == [("/a.jpg",)]


def test_results_come_in_batches_and_whole(qtbot, predictions, fake):
    batches = []
    predictions.results_added.connect(batches.append)
    results = [said(f"/{n}.jpg", CLASSES[n % 3], 0.5 + n / 5000) for n in range(2000)]
    predictions.predict(["/folder"])
    report(fake.job, results)
    assert not batches  # nobody is told of every single one
    qtbot.waitUntil(lambda: bool(batches))
    finish(fake.job)
    assert [result.path for batch in batches for result in batch] == [result.path for result in results]
    assert len(batches) <= 2
    assert predictions.results == results


def test_a_list_gets_three_classes_and_a_table_all_of_them(predictions, fake):
    many = tuple(f"class {n:03d}" for n in range(120))
    batches = []
    predictions.results_added.connect(batches.append)
    result = said("/a.jpg", "class 077", 0.6, many)
    predict_all(predictions, fake, [result, unreadable("/b.jpg")])
    assert [one.class_name for one in batches[0][0].predictions] == ["class 077", "class 000", "class 001"]
    assert predictions.results == [result, unreadable("/b.jpg")]


def test_several_drops_are_predicted_one_after_the_other(predictions, fake):
    predictions.predict(["/a.jpg"])
    predictions.predict(["/b.jpg", "/c.jpg"])
    assert len(fake.jobs) == 1
    report(fake.job, [said("/a.jpg")])
    assert (predictions.done, predictions.total) == (1, 3)
    finish(fake.job)
    assert fake.job.request.paths == ("/b.jpg", "/c.jpg")
    report(fake.job, [said("/b.jpg")], total=2)
    assert (predictions.done, predictions.total) == (2, 3)
    report(fake.job, [said("/b.jpg"), said("/c.jpg")])
    finish(fake.job)
    assert paths(predictions) == ["/a.jpg", "/b.jpg", "/c.jpg"]
    predictions.predict(["/d.jpg"])
    assert (predictions.done, predictions.total) == (0, 1)  # counted anew


def test_a_picture_that_is_dropped_again_is_predicted_again_and_takes_the_place_of_its_former_result(predictions, fake):
    predict_all(predictions, fake, [said("/a.jpg", "glass"), said("/b.jpg", "paper")])
    predict_all(predictions, fake, [said("/a.jpg", "metal")])
    assert len(fake.jobs) == 2
    assert predictions.results == [said("/a.jpg", "metal"), said("/b.jpg", "paper")]


def test_it_says_how_fast_it_goes_and_how_long_it_takes(predictions, fake):
    predictions.predict(["/folder"])
    assert predictions.images_per_second is None
    assert predictions.seconds_left is None
    report(fake.job, [said(f"/folder/{n}.jpg") for n in range(10)], total=30)
    assert predictions.images_per_second == pytest.approx(2)
    assert predictions.seconds_left == pytest.approx(10)


def test_the_pace_is_that_of_the_last_seconds(predictions, fake):
    """400 pictures that were embedded before pass at once; what follows takes half a second each."""
    from xception_gui.domain.messages.base import Phase, PhaseStarted, Progress

    predictions.predict(["/folder"])
    fake.job.reported.emit(PhaseStarted(Phase.PREDICTING, 500))
    fake.job.reported.emit(Progress(Phase.PREDICTING, 400, 500, 1.0))
    for step in range(1, 41):
        fake.job.reported.emit(Progress(Phase.PREDICTING, 400 + step, 500, 1.0 + step / 2))
    assert predictions.images_per_second == pytest.approx(2)
    assert predictions.seconds_left == pytest.approx(30)


def test_stopping_keeps_the_results_and_forgets_what_waits(predictions, fake):
    predictions.predict(["/folder"])
    predictions.predict(["/z.jpg"])
    report(fake.job, [said("/folder/a.jpg")], total=9)
    predictions.stop()
    assert fake.job.stop_asked
    assert predictions.is_stopping
    stopped(fake.job)
    assert not predictions.is_running
    assert not predictions.is_stopping
    assert len(fake.jobs) == 1
    assert paths(predictions) == ["/folder/a.jpg"]


def test_a_drop_after_stop_is_not_lost(predictions, fake):
    predictions.predict(["/folder"])
    predictions.stop()
    predictions.predict(["/new.jpg"])
    stopped(fake.jobs[0])
    assert fake.job.request.paths == ("/new.jpg",)


def test_clearing_forgets_results_and_what_still_comes(predictions, fake):
    cleared = []
    predictions.cleared.connect(lambda: cleared.append(True))
    predictions.predict(["/folder"])
    report(fake.job, [said("/folder/a.jpg")], total=9)
    predictions.clear()
    assert fake.job.stop_asked
    assert cleared
    assert not predictions.is_running
    report(fake.job, [said("/folder/b.jpg")], total=9)
    stopped(fake.job)
    assert predictions.results == []


def listed(predictions):
    """What a list shows that follows the signals; kept up to date from now on."""
    shown = {}
    predictions.switched.connect(shown.clear)
    predictions.cleared.connect(shown.clear)
    predictions.results_added.connect(lambda results: shown.update((one.path, one) for one in results))
    return shown


def test_each_model_keeps_its_results_while_others_are_looked_at(predictions, fake):
    shown = listed(predictions)
    predict_all(predictions, fake, [said("/a.jpg"), unreadable("/b.jpg")])
    predictions.choose_model(MODEL)
    assert paths(predictions) == ["/a.jpg", "/b.jpg"]
    predictions.choose_model(OTHER)
    assert predictions.results == [] and shown == {}
    assert predictions.classes == OTHER.classes
    predict_all(predictions, fake, [said("/c.jpg", "oak", others=OTHER.classes)])
    assert fake.job.request.run == "/models/leaves" and list(shown) == ["/c.jpg"]
    predictions.choose_model(MODEL)
    assert predictions.results == [said("/a.jpg"), unreadable("/b.jpg")]
    assert list(shown) == ["/a.jpg", "/b.jpg"]


def test_what_was_dropped_for_a_model_goes_on_when_another_one_is_chosen(predictions, fake):
    shown = listed(predictions)
    predictions.predict(["/a.jpg", "/b.jpg"])
    predictions.predict(["/c.jpg"])
    first = fake.job
    report(first, [said("/a.jpg")], total=2)
    predictions.choose_model(OTHER)
    predictions.predict(["/leaf.jpg"])
    assert not first.stop_asked and predictions.is_running
    assert predictions.model_at_work == MODEL and predictions.total == 4
    report(first, [said("/a.jpg"), said("/b.jpg")])
    finish(first)
    assert shown == {} and paths(predictions) == []  # they are another model's
    assert fake.job.request == PredictRequest(OTHER.path, ("/leaf.jpg",))  # which somebody is looking at
    finish(fake.job)
    assert fake.job.request == PredictRequest(MODEL.path, ("/c.jpg",))
    finish(fake.job)
    predictions.choose_model(MODEL)
    assert paths(predictions) == list(shown) == ["/a.jpg", "/b.jpg"]


def test_the_same_pictures_are_offered_to_the_model_that_is_chosen(predictions, fake):
    predict_all(predictions, fake, [said("/a.jpg"), unreadable("/b.jpg")])
    assert predictions.offer is None
    predictions.choose_model(OTHER)
    assert predictions.offer == Offer(MODEL, ("/a.jpg", "/b.jpg"))
    predictions.follow_renaming(MODEL.path, "/models/jars")
    assert predictions.offer.model.path == "/models/jars"
    predictions.take_offer()
    assert predictions.offer is None
    assert fake.job.request == PredictRequest(OTHER.path, ("/a.jpg", "/b.jpg"))
    report(fake.job, [said("/b.jpg", "oak", others=OTHER.classes)])
    finish(fake.job)
    predictions.choose_model(replace(MODEL, path="/models/jars"))
    assert predictions.offer is None  # it has all of the other's
    predictions.choose_model(OTHER)
    assert predictions.offer.pictures == ("/a.jpg",)  # which the other one lacks still
    predictions.decline_offer()
    assert predictions.offer is None


def test_an_offer_is_for_the_last_model_that_had_results_and_ends_with_the_next_drop(predictions, fake):
    third = replace(OTHER, path="/models/third")
    predict_all(predictions, fake, [said("/a.jpg")])
    predictions.choose_model(OTHER)
    predictions.choose_model(third)
    assert predictions.offer == Offer(MODEL, ("/a.jpg",))
    predictions.predict(["/new.jpg"])
    assert predictions.offer is None


def test_results_of_a_model_that_has_trained_on_stay_and_are_offered_to_be_made_again(predictions, fake):
    predict_all(predictions, fake, [said("/a.jpg")])
    better = replace(MODEL, val_accuracy=0.9)
    predictions.choose_model(better)
    assert paths(predictions) == ["/a.jpg"]
    assert predictions.offer == Offer(better, ("/a.jpg",), is_older=True)
    predictions.take_offer()
    report(fake.job, [said("/a.jpg", "paper")])
    finish(fake.job)
    predictions.choose_model(better)
    assert predictions.offer is None and predictions.results == [said("/a.jpg", "paper")]


def test_a_model_in_the_place_of_another_one_has_no_results(predictions, fake):
    predict_all(predictions, fake, [said("/a.jpg")])
    predictions.choose_model(replace(MODEL, created="2026-01-01T10:00:00+01:00"))
    assert predictions.results == []


def test_a_model_that_is_thrown_away_leaves_its_pictures_to_the_next(predictions, fake):
    predict_all(predictions, fake, [said("/a.jpg")])
    predictions.predict(["/b.jpg"])
    predictions.forget_model(MODEL.path)
    assert fake.job.stop_asked and predictions.model is None and not predictions.is_running
    predictions.choose_model(OTHER)
    assert predictions.offer == Offer(MODEL, ("/a.jpg",))


def test_what_was_cleared_comes_back_and_what_was_at_work_goes_on(predictions, fake):
    shown = listed(predictions)
    predictions.predict(["/a.jpg", "/b.jpg", "/c.jpg"])
    predictions.predict(["/d.jpg"])
    report(fake.job, [said("/a.jpg"), said("/b.jpg")], total=3)
    predictions.clear()
    assert (predictions.can_undo, predictions.cleared_count, predictions.total, shown) == (True, 2, 0, {})
    predictions.undo_clear()
    assert paths(predictions) == list(shown) == ["/a.jpg", "/b.jpg"]
    assert fake.job.request.paths == ("/c.jpg",) and predictions.total == 2
    finish(fake.job)
    assert fake.job.request.paths == ("/d.jpg",)
    assert not predictions.can_undo


def test_clearing_can_be_undone_until_the_next_drop_and_where_it_was_done(predictions, fake):
    predict_all(predictions, fake, [said("/a.jpg")])
    predictions.clear()
    predictions.clear()  # of nothing
    predictions.choose_model(OTHER)
    predictions.undo_clear()
    assert not predictions.can_undo and predictions.results == []
    predictions.choose_model(MODEL)
    assert predictions.can_undo
    predictions.predict(["/b.jpg"])
    assert not predictions.can_undo
    predictions.undo_clear()
    assert predictions.results == []


def test_a_failure_of_one_model_keeps_no_other_one_waiting(predictions, fake):
    predictions.predict(["/a.jpg"])
    fake.job.ended.emit(DIED)
    predictions.choose_model(OTHER)
    assert predictions.failure is None
    predict_all(predictions, fake, [said("/b.jpg", "oak", others=OTHER.classes)])
    assert not predictions.is_running
    predictions.choose_model(MODEL)
    assert predictions.failure == DIED
    predictions.give_up()
    assert predictions.failure is None
    predictions.retry()
    assert not predictions.is_running  # there is nothing left to do


def test_thousands_of_results_come_back_in_pieces(qtbot, predictions, fake):
    predict_all(predictions, fake, [said(f"/{n}.jpg") for n in range(9000)])
    qtbot.waitUntil(lambda: not predictions._feed.is_waiting)
    batches = []
    predictions.results_added.connect(batches.append)
    predictions.choose_model(OTHER)
    predictions.choose_model(MODEL)
    assert 0 < len(batches[0]) < 9000
    qtbot.waitUntil(lambda: sum(map(len, batches)) == 9000)
    assert [one.path for batch in batches for one in batch] == [f"/{n}.jpg" for n in range(9000)]


def test_results_outlive_the_renaming_of_their_model(predictions, fake):
    predict_all(predictions, fake, [said("/a.jpg")])
    predictions.follow_renaming("/models/bottles", "/models/jars")
    assert paths(predictions) == ["/a.jpg"]
    predictions.predict(["/b.jpg"])
    assert fake.job.request.run == "/models/jars"


def test_a_drop_that_waits_while_its_model_is_renamed_is_asked_for_where_that_is_now(predictions, fake):
    predictions.predict(["/a.jpg"])
    predictions.predict(["/b.jpg"])
    predictions.follow_renaming("/models/bottles", "/models/jars")
    old, new = fake.jobs
    assert old.stop_asked and new.request == PredictRequest("/models/jars", ("/a.jpg",))
    old.ended.emit(DIED)
    assert predictions.failure is None and predictions.is_running
    report(new, [said("/a.jpg")], total=1)
    finish(new)
    assert fake.job.request == PredictRequest("/models/jars", ("/b.jpg",))


def test_a_drop_whose_results_come_in_goes_on_when_its_model_is_renamed(predictions, fake):
    predictions.predict(["/a.jpg", "/b.jpg"])
    report(fake.job, [said("/a.jpg")], total=2)
    predictions.follow_renaming("/models/bottles", "/models/jars")
    assert len(fake.jobs) == 1 and not fake.job.stop_asked


def test_what_opens_a_model_is_stopped_when_another_is_chosen_and_only_then(qapp, fake):
    """Making the best epoch of an interrupted training usable takes half a minute, in which the other would wait."""
    predictions = Predictions(fake)
    predictions.choose_model(MODEL)
    predictions.prepare()
    first = fake.job
    first.say(PhaseStarted(Phase.CONVERTING))
    predictions.choose_model(MODEL)
    predictions.prepare()
    predictions.clear()
    assert fake.jobs == [first] and not first.stop_asked and predictions.is_preparing
    predictions.choose_model(OTHER)
    assert first.stop_asked and not predictions.is_preparing
    predictions.prepare()
    assert fake.job.request == PredictRequest(OTHER.path, ())
    first.say(PhaseStarted(Phase.CONVERTING))
    assert not predictions.is_preparing
    first.be_stopped()
    fake.job.say(PhaseStarted(Phase.CONVERTING))
    assert predictions.is_preparing
    predictions.forget_model(OTHER.path)
    assert fake.job.stop_asked and not predictions.is_preparing


def test_a_model_that_is_renamed_while_it_is_opened_is_opened_where_it_is_now(qapp, fake):
    predictions = Predictions(fake)
    predictions.choose_model(MODEL)
    predictions.prepare()
    predictions.follow_renaming(MODEL.path, "/models/jars")
    assert fake.jobs[0].stop_asked and fake.job.request == PredictRequest("/models/jars", ())


def test_what_is_dropped_before_a_model_is_chosen_waits_for_it(qapp, fake):
    predictions = Predictions(fake)
    predictions.predict(["/a.jpg"])
    assert predictions.is_waiting_for_model
    assert not fake.jobs
    predictions.choose_model(MODEL)
    assert not predictions.is_waiting_for_model
    assert fake.job.request == PredictRequest("/models/bottles", ("/a.jpg",))


def test_after_its_engine_died_only_what_is_missing_is_predicted_again(predictions, fake):
    predictions.predict(["/a.jpg", "/b.jpg", "/c.jpg"])
    predictions.predict(["/d.jpg"])
    report(fake.job, [said("/a.jpg"), said("/b.jpg")], total=3)
    fake.job.ended.emit(DIED)
    assert predictions.failure == DIED
    assert not predictions.is_running
    assert paths(predictions) == ["/a.jpg", "/b.jpg"]
    predictions.retry()
    assert predictions.failure is None
    assert fake.job.request.paths == ("/c.jpg",)
    report(fake.job, [said("/c.jpg")])
    finish(fake.job)
    assert fake.job.request.paths == ("/d.jpg",)


def test_a_drop_after_a_failure_takes_up_what_was_left(predictions, fake):
    predictions.predict(["/a.jpg"])
    fake.job.ended.emit(DIED)
    predictions.predict(["/b.jpg"])
    assert predictions.failure is None
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


def test_it_says_where_the_results_of_a_drop_begin(predictions, fake):
    answered = []
    predictions.answered.connect(answered.append)
    predict_all(predictions, fake, [said("/a.jpg"), said("/b.jpg")])
    predict_all(predictions, fake, [said("/c.jpg"), said("/d.jpg")])
    assert answered == ["/a.jpg", "/c.jpg"]


def test_an_engine_that_is_killed_is_a_failure_in_words(qtbot, engine, tmp_path: Path):
    """A real one."""
    import psutil

    from xception_gui.ui.kit import texts

    predictions = Predictions(engine)
    predictions.choose_model(MODEL)
    predictions.predict([str(tmp_path)])
    psutil.Process(engine.process_id()).kill()
    qtbot.waitUntil(lambda: predictions.failure is not None, timeout=60_000)
    assert "ended unexpectedly" in texts.failure_text(predictions.failure).what
    assert not predictions.is_running
