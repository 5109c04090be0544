"""The training loop, step by step: what is told, kept and measured in which order, and what is left after a power cut.

Steps and predictions are scripted, so that a training is over in a moment, and its weights tell how many steps they
took.
"""

import math
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest

from tests.conftest import draw_picture
from tests.unit.power_cut import cut_after_each_change
from tests.unit.test_training import SIZE, tutorial
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages.base import Event, PhaseStarted
from xception_gui.domain.messages.training import BatchFinished, EpochFinished, Notice, NoticeCode
from xception_gui.domain.metrics import Measured
from xception_gui.domain.recipe import Hyperparameters, Optimizer
from xception_gui.finetune import learning, saving, training
from xception_gui.finetune.batches import LabelledFiles
from xception_gui.finetune.throughput import Throughput
from xception_gui.finetune.training import Outcome
from xception_gui.runs.checkpoint import Checkpoint
from xception_gui.runs.run_log import until
from xception_gui.words.notices import notice_text

TRAINING, VALIDATION = 6, 5
"""Pictures: with batches of four, an epoch has two steps and a validation two batches."""


class Script:
    """What happens: validation losses by epoch, and what is done at a step (from 1) or with a batch of a validation."""

    def __init__(self) -> None:
        self.losses = [0.5, 0.2, 0.3]
        self.at_step: dict[int, Callable[[], None]] = {}
        self.on_validation: Callable[[], None] = lambda: None
        self.validated: list[int] = []  # pictures in each batch of validations
        self.network: keras.Model
        self.step_loss = lambda steps: 1 / steps
        self.fits = 100  # pictures in a step
        self.rates: list[float] = []  # of the steps

    def make_step(self, network: keras.Model):
        def step(pixels, truth, weights) -> tuple[float, float]:
            if len(pixels) > self.fits:
                raise MemoryError
            network.layers[-1].bias.assign_add([1.0, 0.0])
            network.optimizer.iterations.assign_add(1)
            self.rates.append(float(network.optimizer.learning_rate))
            steps = steps_in(network.get_weights())
            self.at_step.get(steps, lambda: None)()
            return self.step_loss(steps), 0.5

        return step

    def make_prediction(self, network: keras.Model):
        def predict(pixels) -> np.ndarray:
            self.validated.append(len(pixels))
            self.on_validation()
            right = math.exp(-self.losses[steps_in(network.get_weights()) // 2 - 1])
            return np.tile(np.array([right, 1 - right], np.float32), (len(pixels), 1))

        return predict


def measured(loss: float) -> float:
    """A loss as it comes out of probabilities in float32."""
    return -math.log(float(np.float32(math.exp(-loss))))


def steps_in(weights: list[np.ndarray]) -> int:
    """How many steps these weights have taken."""
    return int(weights[-1][0])


@pytest.fixture
def script(monkeypatch) -> Script:
    script = Script()
    monkeypatch.setattr(learning, "training_step", script.make_step)
    monkeypatch.setattr(training, "prediction_step", script.make_prediction)
    monkeypatch.setattr(saving, "SECONDS_BETWEEN", 0.0)  # saved with each step
    return script


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("pictures")
    return [draw_picture(folder / f"{number}.png", (220, 60, 60), seed=number) for number in range(TRAINING)]


def network() -> keras.Model:
    """One that says what its two biases are."""
    pooled = keras.layers.GlobalAveragePooling2D()
    head = keras.layers.Dense(2, activation="softmax", kernel_initializer="zeros", name="head")
    return keras.Sequential([keras.Input((SIZE, SIZE, 3)), pooled, head])


def run(
    files: list[Path],
    kept: Path,
    events: list[Event],
    *,
    built: keras.Model | None = None,
    stop: Callable[[], bool] = lambda: False,
    start: Measured | None = None,
    how: Hyperparameters | None = None,
) -> tuple[Outcome, int]:
    """Train, and give how many steps the weights have taken that are there at the end, too."""
    built = built or network()
    outcome = training.fit_network(
        built,
        how or tutorial(epochs=3, batch_size=4),
        LabelledFiles(files, np.zeros(TRAINING, np.int64), 2),
        LabelledFiles(files[:VALIDATION], np.zeros(VALIDATION, np.int64), 2),
        image_size=SIZE,
        seed=0,
        start=start,
        checkpoint=Checkpoint(kept),
        available_memory=None,
        report=events.append,
        stop=stop,
    )
    return outcome, steps_in(built.get_weights())


def epochs(events: list[Event]) -> list[EpochFinished]:
    return [event for event in events if isinstance(event, EpochFinished)]


def course(events: list[Event]) -> list[tuple]:
    """What a curve shows, in order."""
    return [
        (event.epoch, event.step, event.loss) if isinstance(event, BatchFinished) else (event.epoch, event.val_loss)
        for event in events
        if isinstance(event, BatchFinished | EpochFinished)
    ]


# --- Which epoch is the best ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("losses", "start", "best"),
    [
        ([0.5, 0.2, 0.3], None, 2),
        ([0.2, 0.2, 0.2], None, 1),  # no better is not better
        ([0.5, 0.4, 0.3], None, 3),
        ([0.3, 0.2, 0.4], 0.1, 2),  # whether what it starts from is better is decided at the end
        ([0.3, 0.4, 0.5], 9.0, 1),
    ],
)
def test_the_best_epoch_is_told_kept_and_what_is_there_at_the_end(losses, start, best, script, files, tmp_path):
    script.losses, events = losses, []
    losses, start = [measured(loss) for loss in losses], None if start is None else measured(start)
    outcome, steps = run(files, tmp_path, events, start=None if start is None else Measured(0.5, start))
    assert outcome == Outcome(best, 3, any_step=True, stopped=False)
    assert steps == 2 * best
    lowest = [min(losses[:number], default=math.inf) for number in range(3)]
    assert [event.best for event in epochs(events)] == [
        loss < before for loss, before in zip(losses, lowest, strict=True)
    ]
    assert [event.val_loss for event in epochs(events)] == pytest.approx(losses, rel=1e-5)
    progress = Checkpoint(tmp_path).progress()
    assert (progress.best_epoch, progress.epochs, progress.steps, progress.passed) == (best, 3, 6, 3 * TRAINING)
    assert progress.best_loss == pytest.approx(losses[best - 1], rel=1e-5)
    assert steps_in(Checkpoint(tmp_path).load_best(best)) == 2 * best


def test_what_it_starts_from_is_kept_before_the_first_step(script, files, tmp_path):
    kept = []
    script.at_step[1] = lambda: kept.append(Checkpoint(tmp_path).progress())
    run(files, tmp_path, [], start=Measured(0.75, 0.4))
    assert [(one.best_epoch, one.best_loss, one.best_accuracy, one.steps) for one in kept] == [(0, 0.4, 0.75, 0)]


def test_an_epoch_is_told_with_its_figures(script, files, tmp_path):
    events: list[Event] = []
    run(files, tmp_path, events, how=tutorial(epochs=2, batch_size=4, decay=0.5, learning_rate=1.0))
    assert isinstance(events[0], PhaseStarted) and events[0].total == 2 * TRAINING
    assert script.validated == [4, 1] * 2
    for number, event in enumerate(epochs(events), start=1):
        of_epoch = [one for one in events if isinstance(one, BatchFinished) and one.epoch == number]
        assert [(one.step, one.steps, one.images, one.epoch_images) for one in of_epoch] == [(1, 2, 4, 6), (2, 2, 6, 6)]
        assert event.loss == pytest.approx((4 * of_epoch[0].loss + 2 * of_epoch[1].loss) / 6)
        assert (event.images, event.accuracy) == (TRAINING, 0.5)
        assert event.val_accuracy == (1.0 if script.losses[number - 1] < math.log(2) else 0.0)
        assert event.learning_rate == pytest.approx(1 / (1 + 0.5 * 2 * number))
    assert script.rates == pytest.approx([1 / (1 + 0.5 * steps) for steps in range(4)])


def test_an_epoch_takes_its_steps_and_its_validation_and_says_how_much_of_it_that_was(
    script, files, tmp_path, monkeypatch
):
    now, events = [0.0], []

    def take(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(learning.time, "monotonic", lambda: now[0])
    script.at_step = dict.fromkeys(range(1, 7), lambda: take(10.0))
    script.on_validation = lambda: take(1.0)
    run(files, tmp_path, events)
    assert [(event.seconds, event.validation_seconds) for event in epochs(events)] == [(22.0, 2.0)] * 3


def test_a_validation_has_batches_that_fit_by_then(script, files, tmp_path):
    script.fits = 2
    script.losses = [0.5] * 10
    run(files, tmp_path, [], how=tutorial(epochs=1, batch_size=4))
    assert script.validated == [2, 2, 1]


def test_the_rate_goes_by_the_pictures_that_were_passed_also_where_some_are_gone(script, files, tmp_path):
    """It reaches its end with the last picture."""
    how = tutorial(epochs=3, batch_size=4, optimizer=Optimizer.ADAMW, learning_rate=1.0)
    for gone in (0, 2):
        events: list[Event] = []
        script.rates.clear()
        some = [*files[gone:], *(tmp_path / f"{number}.png" for number in range(gone))]
        run(some, tmp_path / f"{gone}", events, how=how)
        progress = Checkpoint(tmp_path / f"{gone}").progress()
        assert (progress.passed, progress.steps) == (3 * TRAINING, 6)
        assert [event.images for event in epochs(events)] == [TRAINING - gone] * 3
        assert epochs(events)[-1].learning_rate == pytest.approx(0, abs=1e-9)
        wanted = [0.5 * (1 + math.cos(math.pi * passed / 18)) for passed in (0, 4, 6, 10, 12, 16)]
        assert script.rates == pytest.approx(wanted, abs=1e-6)


# --- The power is cut -----------------------------------------------------------------------------------------------


def test_whenever_the_power_is_cut_it_goes_on_without_a_gap_and_tells_nothing_twice(script, files, tmp_path):
    script.losses, short = [0.5, 0.3], tutorial(epochs=2, batch_size=4)
    start, whole = Measured(0.5, 0.4), []
    (tmp_path / "whole").mkdir()
    wanted = run(files, tmp_path / "whole", whole, start=start, how=short)
    assert wanted == (Outcome(2, 2, any_step=True, stopped=False), 4)

    def work(folder: Path) -> None:
        told.clear()
        run(files, folder, told, start=start, built=first, how=short)

    def begin(folder: Path) -> None:
        first.set_weights(untrained)

    first, second, told = network(), network(), []
    untrained = first.get_weights()
    (tmp_path / "cut").mkdir()
    for folder, _ in cut_after_each_change(work, tmp_path / "cut", begin):
        second.set_weights(untrained)
        saved = Checkpoint(folder).load()
        before = until(None if saved is None else saved.progress, told)
        if saved is not None:
            steps = sum(isinstance(event, BatchFinished) for event in before)
            assert steps_in(saved.weights) == saved.progress.steps == steps
        again: list[Event] = []
        assert run(files, folder, again, start=start, built=second, how=short) == wanted
        assert course([*before, *again]) == course(whole)


# --- Stopped ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_stopped_after_a_step_it_is_kept_with_this_step_and_has_the_best_before(step, script, files, tmp_path):
    asked, events = [], []
    script.at_step[step] = lambda: asked.append(1)
    outcome, steps = run(files, tmp_path, events, stop=lambda: bool(asked))
    best = 1 if step > 2 else None
    assert outcome == Outcome(best, 1 if step > 2 else 0, any_step=True, stopped=True)
    assert steps == (2 if step > 2 else step)  # without an epoch, what the first steps made of it
    progress = Checkpoint(tmp_path).progress()
    assert (progress.steps, progress.epochs, progress.epoch.steps) == (step, outcome.epochs, step - 2 * outcome.epochs)
    assert [event.epoch for event in epochs(events)] == ([1] if step > 2 else [])
    assert script.validated == ([4, 1] if step > 2 else [])


def test_stopped_long_before_it_would_be_saved_it_is_saved_all_the_same(script, files, tmp_path, monkeypatch):
    monkeypatch.setattr(saving, "SECONDS_BETWEEN", 1e9)
    monkeypatch.setattr(saving, "MIN_INTERVAL_FACTOR", 1e9)
    asked: list[int] = []
    script.at_step[4] = lambda: asked.append(1)
    run(files, tmp_path, [], stop=lambda: bool(asked))
    saved = Checkpoint(tmp_path).progress()
    assert (saved.steps, saved.best_epoch) == (4, 1) and steps_in(Checkpoint(tmp_path).load_best(1)) == 2


def test_stopped_while_it_is_measured_the_epoch_does_not_count(script, files, tmp_path):
    asked, events = [], []
    script.on_validation = lambda: asked.append(1)
    outcome, _ = run(files, tmp_path, events, stop=lambda: bool(asked))
    assert outcome == Outcome(None, 0, any_step=True, stopped=True) and not epochs(events)
    assert script.validated == [4]  # and no further
    progress = Checkpoint(tmp_path).progress()
    assert (progress.steps, progress.epoch.passed, progress.epoch.epoch) == (2, TRAINING, 1)
    script.on_validation = lambda: None
    outcome, steps = run(files, tmp_path, events)
    assert (outcome.best_epoch, outcome.epochs, steps) == (2, 3, 4)
    assert [event.epoch for event in epochs(events)] == [1, 2, 3]


def test_stopped_before_its_first_step_it_leaves_nothing(script, files, tmp_path):
    outcome, steps = run(files, tmp_path, [], stop=lambda: True)
    assert outcome == Outcome(None, 0, any_step=False, stopped=True)
    assert steps == 0 and Checkpoint(tmp_path).progress() is None


# --- Astray -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["in a step", "in a validation"])
def test_a_training_that_goes_astray_ends_with_the_best_before(where, script, files, tmp_path):
    if where == "in a step":
        script.step_loss = lambda steps: 1 / steps if steps < 4 else math.inf
    else:
        script.losses[1] = math.nan
    events: list[Event] = []
    outcome, steps = run(files, tmp_path, events)
    assert outcome == Outcome(1, 1, any_step=True, stopped=False) and steps == 2
    assert isinstance(events[-1], Notice) and events[-1].code == NoticeCode.DIVERGED
    assert [event.epoch for event in epochs(events)] == [1]
    progress = Checkpoint(tmp_path).progress()
    assert (progress.best_epoch, progress.epochs) == (1, 1) and progress.steps < 5


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_with_nothing_to_keep_it_fails(loss, script, files, tmp_path):
    script.step_loss = lambda steps: loss
    with pytest.raises(ProgramError) as caught:
        run(files, tmp_path, [])
    assert caught.value.code is ErrorCode.TRAINING_DIVERGED
    assert Checkpoint(tmp_path).progress() is None


def test_what_is_no_number_is_never_kept(script, files, tmp_path):
    """A state with such a step would be gone on with for ever."""
    script.step_loss = lambda steps: 1 / steps if steps < 2 else math.nan
    with pytest.raises(ProgramError):
        run(files, tmp_path, [])
    assert Checkpoint(tmp_path).progress().steps == 1


# --- An early end ---------------------------------------------------------------------------------------------------


def test_an_early_end_counts_what_was_before_an_interruption(script, files, tmp_path):
    script.losses = [0.2, 0.3, 0.4, 0.1]
    patient = tutorial(epochs=4, batch_size=4, early_stopping=2)
    whole: list[Event] = []
    (tmp_path / "whole").mkdir()
    assert run(files, tmp_path / "whole", whole, how=patient)[0] == Outcome(1, 3, True, False)
    (notice,) = [event for event in whole if isinstance(event, Notice)]
    assert notice.code == NoticeCode.STOPPED_EARLY and "after epoch 3" in notice_text(notice) and whole[-1] == notice
    asked, events = [], []
    script.at_step[5] = lambda: asked.append(1)
    run(files, tmp_path, events, stop=lambda: bool(asked), how=patient)
    assert run(files, tmp_path, events, how=patient) == (Outcome(1, 3, True, False), 2)  # with the best before it
    assert [event for event in events if isinstance(event, Notice)] == [notice]
    assert run(files, tmp_path, events, how=patient)[0] == Outcome(1, 3, True, False)
    assert [event.epoch for event in epochs(events)] == [1, 2, 3]


# --- Pictures that are gone -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["training", "validation"])
def test_where_all_pictures_of_a_part_are_gone_it_fails(part, script, files, tmp_path):
    gone = [tmp_path / f"{number}.png" for number in range(TRAINING)]
    of_part = {"training": [*gone, *files], "validation": [*files, *gone]}[part]
    with pytest.raises(ProgramError) as caught:
        training.fit_network(
            network(),
            tutorial(epochs=1, batch_size=4),
            LabelledFiles(of_part[:TRAINING], np.zeros(TRAINING, np.int64), 2),
            LabelledFiles(of_part[TRAINING:], np.zeros(TRAINING, np.int64), 2),
            image_size=SIZE,
            seed=0,
            start=None,
            checkpoint=Checkpoint(tmp_path / "kept"),
            available_memory=None,
            report=lambda event: None,
            stop=lambda: False,
        )
    assert caught.value.code is ErrorCode.PICTURES_GONE


def test_the_time_of_a_validation_does_not_slow_the_pace_of_the_steps(script, files, tmp_path, monkeypatch):
    now = [0.0]

    def pass_by(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(learning, "Throughput", lambda: Throughput(lambda: now[0]))
    script.at_step = {number: lambda: pass_by(2.0) for number in range(1, 7)}
    script.on_validation = lambda: pass_by(1000.0)
    events: list[Event] = []
    run(files, tmp_path, events, how=tutorial(epochs=3, batch_size=3))
    paces = [event.images_per_second for event in events if isinstance(event, BatchFinished)]
    assert paces == [0.0, *[1.5] * 5]  # the first step compiles
