"""Progress for people: words for times, plain lines where there is no terminal, a bar where there is one."""

import contextlib
import io
import os
import re
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xception_gui.cli import progress
from xception_gui.cli.progress import BarDisplay, LineDisplay, how_far, make_display, sentence, time_in_words
from xception_gui.domain.messages.base import JobRequest, Message, Phase, PhaseStarted, Progress
from xception_gui.domain.messages.dataset import DatasetChecked, DatasetSplit, LeftOut, Problem
from xception_gui.domain.messages.engine import Hello
from xception_gui.domain.messages.training import (
    BatchFinished,
    EpochFinished,
    Notice,
    NoticeCode,
    ResumeRequest,
    TrainingResumed,
    TrainRequest,
)
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.domain.run_state import reduce, start_of
from xception_gui.domain.time_left import seconds_left
from xception_gui.words.phases import phase_text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (0.4, "0 s"),
        (40, "40 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (200, "3 min 20 s"),
        (3599.4, "59 min 59 s"),
        (3599.6, "1 h 0 min"),
        (7500, "2 h 5 min"),
        (90 * 3600, "90 h 0 min"),
    ],
)
def test_times_are_said_as_people_do(seconds, words):
    assert time_in_words(seconds) == words


@given(seconds=st.floats(0, 1e7))
def test_no_time_is_more_than_a_minute_off(seconds):
    units = {"s": 1, "min": 60, "h": 3600}
    numbers = re.findall(r"(\d+) (s|min|h)", time_in_words(seconds))
    said = sum(int(number) * units[unit] for number, unit in numbers)
    assert abs(said - seconds) <= 0.5 if seconds < 3599 else -0.5 <= seconds - said <= 60
    assert all(int(number) < 60 for number, unit in numbers if unit != "h")


# --- Sentences ----------------------------------------------------------------------------------------------------


def epoch(number: int, **fields: object) -> EpochFinished:
    values = {"images": 80, "loss": 0.5, "accuracy": 0.75, "val_loss": 0.25, "val_accuracy": 1.0}
    values |= {"learning_rate": 1e-3, "seconds": 12.4, "best": False}
    return EpochFinished(number, **{**values, **fields})


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (
            DatasetChecked({"cat": 3, "dog": 2}, (), ()),
            "Found 5 pictures in 2 classes: cat 3, dog 2.",
        ),
        (DatasetChecked({}, (), ()), "Found no pictures."),
        (
            DatasetChecked(
                {"cat": 3}, (LeftOut("a", "empty", reason="It is empty."),) * 2, (Problem("p", (), message="Oh."),)
            ),
            "Found 3 pictures in 1 class: cat 3.\nOh.\n2 files were skipped in total. The command “check” lists the "
            "reasons.",
        ),
        (DatasetSplit(8, 2, 0), "Using 8 pictures for training and 2 for validation."),
        (DatasetSplit(8, 2, 1), "Using 8 pictures for training, 2 for validation and 1 for testing."),
        (Notice(NoticeCode.QUICK_KEPT, text="Quick was better."), "Quick was better."),
        (
            epoch(3, best=True),
            "Epoch 3: training loss 0.500, accuracy 0.750; validation loss 0.250, accuracy 1.000 (best); 12 s.",
        ),
        (epoch(4), "Epoch 4: training loss 0.500, accuracy 0.750; validation loss 0.250, accuracy 1.000; 12 s."),
        (
            epoch(0, learning_rate=None, loss=None, accuracy=None),
            "Quick (before fine-tuning): validation accuracy 1.000, log loss 0.250.",
        ),
        (
            epoch(2, learning_rate=None, preliminary=True),
            "With 80 pictures: validation accuracy 1.000, log loss 0.250.",
        ),
        (epoch(1, learning_rate=None), "Model fitted: validation accuracy 1.000, log loss 0.250."),
        (Hello("1.0"), None),
        (Progress(Phase.TESTING, 1, 2, 0.5), None),
    ],
)
def test_what_is_worth_a_line_is_a_sentence(event, words):
    assert sentence(event) == words


def batch(number: int, step: int) -> BatchFinished:
    return BatchFinished(number, step, 10, 3, 0.5, 0.75, 20.26)


def test_training_counts_steps_over_all_epochs():
    assert how_far(batch(1, 1))[:2] == (1, 30)
    assert how_far(batch(3, 10))[:2] == (30, 30)
    assert how_far(batch(2, 5)) == (15, 30, "epoch 2 of 3, loss 0.500, 20.3 pictures/s")


def test_training_counts_pictures_where_they_are_told_and_no_pace_that_is_not_known():
    event = BatchFinished(2, 5, 10, 3, 0.5, 0.75, 0.0, images=75, epoch_images=150)
    assert how_far(event) == (150 + 75, 3 * 150, "epoch 2 of 3, loss 0.500")
    assert how_far(Progress(Phase.TESTING, 3, 7, 1.0)) == (3, 7, "")
    assert how_far(Hello("1.0")) is None


# --- Plain lines --------------------------------------------------------------------------------------------------


def lines_of(*events: Message, request: JobRequest | None = None) -> list[str]:
    stream = io.StringIO()
    with make_display(stream, request) as display:
        assert isinstance(display, LineDisplay)
        for event in events:
            display(event)
    return stream.getvalue().splitlines()


def test_where_there_is_no_terminal_there_are_plain_lines():
    assert lines_of(
        PhaseStarted(Phase.CHECKING, 120),
        PhaseStarted(Phase.LOADING),
        PhaseStarted(Phase.TRAINING, 96),
        DatasetSplit(8, 2, 0),
        Hello("1.0"),
    ) == [
        f"{phase_text(Phase.CHECKING)} (120)…",
        f"{phase_text(Phase.LOADING)}…",
        f"{phase_text(Phase.TRAINING)}…",
        "Using 8 pictures for training and 2 for validation.",
    ]


def test_short_phases_show_no_steps():
    steps = [Progress(Phase.CHECKING, i, 1000, i / 1000) for i in range(1, 1001)]
    assert lines_of(PhaseStarted(Phase.CHECKING, 1000), *steps) == [f"{phase_text(Phase.CHECKING)} (1,000)…"]


def test_long_phases_say_how_far_they_are(monkeypatch):
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0)
    lines = lines_of(PhaseStarted(Phase.CHECKING, 4), Progress(Phase.CHECKING, 3, 4, 9.0))
    assert lines[1] == f"{phase_text(Phase.CHECKING)}: 3 of 4, 3 s left"


@pytest.mark.parametrize("way", ["begun", "gone on with"])
def test_a_training_says_how_long_it_takes_to_its_end_as_the_window_does(way, monkeypatch):
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0)
    request = TrainRequest("pictures", "run", make_recipe(Preset.TUTORIAL, epochs=3))
    events = [DatasetSplit(100, 20, 0), PhaseStarted(Phase.TRAINING, 300), batch(2, 5)]
    if way == "begun":
        lines = lines_of(*events, request=request)
    else:
        lines = lines_of(TrainingResumed("pictures", request.recipe), *events, request=ResumeRequest("run"))
    state = start_of(request, 0.0)
    for event in events:
        state = reduce(state, event, 0.0)
    left = time_in_words(seconds_left(state))
    assert lines[-1] == f"Training: 15 of 30, {left} left; epoch 2 of 3, loss 0.500, 20.3 pictures/s"


def test_no_time_left_is_shown_before_the_first_picture(monkeypatch):
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0)
    assert len(lines_of(PhaseStarted(Phase.CHECKING, 4), Progress(Phase.CHECKING, 0, 4, 0.0))) == 1


# --- Bars ---------------------------------------------------------------------------------------------------------


def read_to_the_end(screen: int, shown: bytearray) -> None:
    with contextlib.suppress(OSError):  # so says Linux that nobody writes there any more
        while data := os.read(screen, 4096):
            shown += data


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="This system has no such terminals")
def test_on_a_terminal_there_is_a_bar_and_names_arent_taken_for_markup():
    ours, theirs = os.openpty()
    read = bytearray()
    reader = threading.Thread(target=read_to_the_end, args=(ours, read))
    reader.start()
    with os.fdopen(theirs, "w", encoding="utf-8") as stream, make_display(stream) as display:
        assert isinstance(display, BarDisplay)
        display(PhaseStarted(Phase.FITTING))
        display(DatasetChecked({"[red]cat": 3, ":smile:": 2}, (), ()))
        display.say("Stopping.\x1b]0;")
        display(PhaseStarted(Phase.CHECKING, 4))
        display(Progress(Phase.CHECKING, 2, 4, 1.0))
    reader.join()
    os.close(ours)
    shown = read.decode()
    drawn_last = shown.rpartition("2/4")[0].rpartition("\x1b[2K")[2]  # since a line was last cleared
    assert drawn_last.startswith(phase_text(Phase.CHECKING))  # the bar of the phase before is gone
    assert "[red]cat 3, :smile: 2." in shown
    assert "Stopping.‹U+001B›]0;" in shown and "\x1b]0;" not in shown  # no text commands the terminal
    assert shown.count("\x1b[?25l") == shown.count("\x1b[?25h")  # the cursor is there again
