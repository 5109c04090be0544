"""Quick's learning curve: it shows how much more pictures would help, costs next to nothing, and changes nothing."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.test_softmax_regression import embeddings_of
from xception_gui.data.dataset.checks import Picture
from xception_gui.data.dataset.split import Split
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.messages.training import EpochFinished
from xception_gui.domain.questions import CLASS
from xception_gui.inference import softmax_regression
from xception_gui.inference.embeddings import Embedded
from xception_gui.jobs.reporting import never
from xception_gui.jobs.training import learning_curve
from xception_gui.jobs.training.figures import Collector, EmbeddedPictures
from xception_gui.jobs.training.learning_curve import GROWTH, SHARE_OF_TIME, LearningCurve
from xception_gui.jobs.training.quick import train_quick

CLASSES = ("a", "b", "c")


def pictures_of(count: int, seed: int = 0) -> list[tuple[Embedded, Picture]]:
    embeddings, labels = embeddings_of(count, len(CLASSES), seed=seed)
    return [
        (Embedded(path, str(index), embeddings[index]), Picture(path, str(path), {CLASS: name}, sha256=str(index)))
        for index, (path, name) in enumerate((Path(f"{i:04}.jpg"), CLASSES[label]) for i, label in enumerate(labels))
    ]


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def instant_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fits that take no time, to look at when they are made."""
    fit = learning_curve.fit_head(XCEPTION, *fit_data(12), len(CLASSES), strength=0.04)
    monkeypatch.setattr(learning_curve, "fit_head", lambda *data, **options: fit)


def collect(found: list[tuple[Embedded, Picture]]) -> EmbeddedPictures:
    collector = Collector(XCEPTION, len(found), CLASSES)
    for embedded, picture in found:
        collector.add(embedded, picture)
    return collector.collected()


def fit_data(count: int) -> tuple[np.ndarray, np.ndarray]:
    pictures = collect(pictures_of(count))
    return pictures.embeddings, pictures.labels


def read(clock: Clock, pictures: int, *, seconds: float, fit_seconds: float = 0.0) -> list[EpochFinished]:
    """Read pictures that take so many seconds each, with fits that take so many."""
    events: list[EpochFinished] = []
    validation = collect(pictures_of(9, seed=1))
    curve = LearningCurve(CLASSES, events.append, clock=clock)
    real = learning_curve.fit_head

    def slow(*data: object, **options: object) -> object:
        clock.now += fit_seconds
        return real(*data, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learning_curve, "fit_head", slow)
        training = Collector(XCEPTION, pictures, CLASSES)
        for embedded, picture in pictures_of(pictures):
            clock.now += seconds
            training.add(embedded, picture)
            curve.advance(training, validation)
    return events


def test_fits_come_at_growing_distances_from_two_pictures_a_class_on(instant_fits):
    events = read(Clock(), 100, seconds=0.1)
    assert [event.images for event in events] == [6, 9, 14, 21, 32, 48, 72]
    assert [event.epoch for event in events] == [1, 2, 3, 4, 5, 6, 7]
    assert all(event.preliminary and event.learning_rate is None for event in events)


def test_best_is_the_lowest_validation_loss_so_far():
    events = read(Clock(), 80, seconds=0.1)
    losses = [event.val_loss for event in events]
    assert [event.best for event in events] == [loss < min(losses[:i], default=9e9) for i, loss in enumerate(losses)]


@given(seconds=st.floats(0.001, 0.2), fit_seconds=st.floats(0.001, 3))
@settings(max_examples=25)
def test_after_the_first_they_take_a_twentieth_of_the_time_at_most(seconds, fit_seconds):
    clock = Clock()
    fit = learning_curve.fit_head(XCEPTION, *fit_data(12), len(CLASSES), strength=0.04)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learning_curve, "fit_head", lambda *data, **options: fit)
        events = read(clock, 120, seconds=seconds, fit_seconds=fit_seconds)
    assert len(events) <= max(1, SHARE_OF_TIME * clock.now / fit_seconds + 1e-6)
    sizes = [event.images for event in events]
    assert all(after >= before * GROWTH for before, after in pairwise(sizes))


def test_classes_of_which_too_little_was_read_are_waited_for(instant_fits):
    found = sorted(pictures_of(60), key=lambda pair: pair[1].class_name)
    events: list[EpochFinished] = []
    clock = Clock()
    curve = LearningCurve(CLASSES, events.append, clock=clock)
    training = Collector(XCEPTION, 60, CLASSES)
    for embedded, picture in found:
        clock.now += 1.0
        training.add(embedded, picture)
        curve.advance(training, collect(found))
    assert events[0].images == 42


def test_the_strength_is_not_chosen_again_for_each_point(monkeypatch):
    monkeypatch.setattr(softmax_regression, "choose_strength", lambda *data: pytest.fail("it was cross-validated"))
    assert read(Clock(), 20, seconds=0.1)


class Reader:
    """In the place of an embedder: gives what is known of each file."""

    architecture = XCEPTION
    own = Path("a backbone that no accelerator has")

    def __init__(self, found: list[tuple[Embedded, Picture]]) -> None:
        self._embedded = {picture.path: embedded for embedded, picture in found}

    def embed(self, files, stop):
        return (self._embedded[path] for path in files)


def trained(monkeypatch: pytest.MonkeyPatch, *, share: float, is_start: bool = False):
    monkeypatch.setattr(learning_curve, "SHARE_OF_TIME", share)
    found = pictures_of(60)
    pictures = [picture for _, picture in found]
    split = Split(train=tuple(pictures[:45]), val=tuple(pictures[45:]), test=())
    events = []
    model = train_quick(split, Reader(found), 3, is_start=is_start, report=events.append, stop=never)
    return model, [event for event in events if isinstance(event, EpochFinished)]


def test_the_model_is_the_same_to_the_bit_with_and_without_a_curve(monkeypatch):
    plain, (only,) = trained(monkeypatch, share=-1.0)
    model, events = trained(monkeypatch, share=1e9)
    assert len(events) > 3
    assert model.head.kernel.tobytes() == plain.head.kernel.tobytes()
    assert model.head.bias.tobytes() == plain.head.bias.tobytes()
    assert (model.validation, model.strength) == (plain.validation, plain.strength)
    assert [event.epoch for event in events] == list(range(1, len(events) + 1))
    assert [event.preliminary for event in events] == [True] * (len(events) - 1) + [False]
    assert events[-1].best
    assert (events[-1].val_loss, events[-1].images) == (only.val_loss, 45)
    assert only.epoch == 1


def test_what_a_network_starts_from_is_epoch_0_and_has_no_curve(monkeypatch):
    _, events = trained(monkeypatch, share=1e9, is_start=True)
    assert [(event.epoch, event.preliminary) for event in events] == [(0, False)]


def test_a_class_without_validation_pictures_counts_as_none(monkeypatch):
    counted = []
    monkeypatch.setattr(learning_curve, "outlook", lambda points, counts, classes: counted.append(counts))
    validation = collect([one for one in pictures_of(12, seed=1) if one[1].class_name != CLASSES[-1]])
    training = collect(pictures_of(12))
    fit = learning_curve.fit_head(XCEPTION, training.embeddings, training.labels, len(CLASSES), strength=0.04)
    LearningCurve(CLASSES, lambda event: None).finish(fit.head, training, validation, 0.0)
    assert counted == [[4, 4, 0]]
