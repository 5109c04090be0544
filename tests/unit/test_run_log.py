"""What a training reported: written down line by line, read again by whoever goes on with it."""

import csv
import os

import pytest
from msgspec.structs import replace as changed

from xception_gui.domain.lines import encode
from xception_gui.domain.messages.base import Failed, Finished, Phase, PhaseStarted, Stopped
from xception_gui.domain.messages.dataset import PreviewResult
from xception_gui.domain.messages.training import BatchFinished, EpochFinished, LearningOutlook, Notice, NoticeCode
from xception_gui.domain.recipe import Precision
from xception_gui.domain.training_progress import EpochProgress, TrainingProgress
from xception_gui.runs import run_log
from xception_gui.runs.metrics_table import METRICS
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.run_log import RunLog, read_log, rewrite_log, until

PHASE = PhaseStarted(Phase.TRAINING, 80)
BATCH = BatchFinished(1, 1, 5, 3, 0.5, 0.75, 9.0, 16, 80)
EPOCH = EpochFinished(1, 80, 0.5, 0.75, 0.25, 1.0, 1e-3, 2.5, True, False, (1.0, 0.5), 1.5)
OUTLOOK = LearningOutlook(80, 0.8, 160, 0.85, 0.9)


@pytest.fixture
def run(tmp_path) -> RunFolder:
    return RunFolder(tmp_path)


def rows_of(run: RunFolder) -> list[list[str]]:
    with run.metrics.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_what_is_written_is_read_again(run):
    events = [PHASE, BATCH, EPOCH, OUTLOOK]
    for begin in (0, 2):
        log = RunLog(run)
        for event in events[begin : begin + 2]:
            log.write(event)
        assert list(read_log(run)) == events[: begin + 2]  # while it goes on
        log.close()
    assert rows_of(run) == [list(METRICS), ["1", "80", "0.5", "0.75", "0.25", "1.0", "0.001", "2.5"]]
    assert run.events.read_bytes().count(b"\n") == 4


@pytest.mark.skipif(os.name != "posix", reason="Rights are written otherwise here")
def test_both_files_are_closed_and_may_be_read_by_others(run):
    before = os.umask(0o022)
    try:
        log = RunLog(run)
    finally:
        os.umask(before)
    log.close()
    assert log._events.closed and log._metrics.closed
    assert [path.stat().st_mode & 0o777 for path in (run.events, run.metrics)] == [0o644, 0o644]


@pytest.mark.parametrize("name", ["events", "metrics"])
def test_nothing_is_written_where_a_link_leads_to(name, run, tmp_path):
    (tmp_path / "mine").write_text("mine")
    getattr(run, name).symlink_to(tmp_path / "mine")
    with pytest.raises(OSError, match=name):
        RunLog(run)
    assert (tmp_path / "mine").read_text() == "mine"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no pipes with names")
def test_nobody_is_waited_for_at_the_other_end_of_a_pipe(run):
    os.mkfifo(run.events)
    with pytest.raises(OSError, match="events"):
        RunLog(run)


def test_lines_that_are_none_are_passed_over(run):
    lines = [encode(PHASE), "", "{", "[1]", encode(EPOCH), '{"type": "epoch_finished"', "\xff"]
    run.events.write_bytes("\n".join(lines).encode("latin-1") + encode(PHASE)[:-1].encode())
    assert list(read_log(run)) == [PHASE, EPOCH]


def test_without_a_log_nothing_was_told(run, tmp_path):
    assert list(read_log(run)) == []
    (tmp_path / "mine").write_text(encode(PHASE))
    run.events.symlink_to(tmp_path / "mine")
    assert list(read_log(run)) == []


def test_of_a_log_thirty_megabytes_are_read(run, monkeypatch):
    assert run_log.MAX_BYTES == 30_000_000
    run.events.write_text(encode(PHASE))
    for most, found in ((run.events.stat().st_size, [PHASE]), (run.events.stat().st_size - 1, [])):
        monkeypatch.setattr(run_log, "MAX_BYTES", most)
        assert list(read_log(run)) == found


SHARES = [(EPOCH, "accuracy"), (EPOCH, "val_accuracy"), (EPOCH, "recalls"), (BATCH, "accuracy")]
SHARES += [(OUTLOOK, name) for name in ("accuracy", "low", "high")]
LOSSES = [(EPOCH, name) for name in ("loss", "val_loss", "seconds", "validation_seconds")] + [(BATCH, "loss")]


@pytest.mark.parametrize(
    ("event", "name", "values"),
    [
        *((event, name, ((0.0, True), (1.0, True), (-0.001, False), (1.001, False))) for event, name in SHARES),
        *((event, name, ((0.0, True), (1e300, True), (-0.001, False))) for event, name in LOSSES),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cant_have_been_measured_is_passed_over(run, event, name, values):
    for value, can_be in values:
        told = changed(event, **{name: (0.5, value) if name == "recalls" else value})
        run.events.write_text(encode(told) + "\n")
        assert list(read_log(run)) == ([told] if can_be else []), value


def test_what_is_not_known_can_have_been(run):
    unknown = changed(EPOCH, loss=None, accuracy=None, learning_rate=None)
    run.events.write_text(encode(unknown))
    assert list(read_log(run)) == [unknown]


# --- Going on -----------------------------------------------------------------------------------------------------


def batch(epoch: int, step: int) -> BatchFinished:
    return changed(BATCH, epoch=epoch, step=step)


def epoch(number: int, rate: float | None = 1e-3) -> EpochFinished:
    return changed(EPOCH, epoch=number, learning_rate=rate)


START = epoch(0, rate=None)
TOLD = [PHASE, START, batch(1, 1), batch(1, 5), epoch(1), batch(2, 1), batch(2, 2), batch(2, 3), epoch(2), batch(3, 1)]


def kept_until(number: int, steps: int, events: list) -> list:
    return until(TrainingProgress(EpochProgress(number, steps=steps), 4, Precision.FLOAT32), events)


@pytest.mark.parametrize(
    ("number", "steps", "count"), [(1, 0, 2), (1, 1, 3), (1, 5, 4), (2, 0, 5), (2, 2, 7), (2, 3, 8), (3, 0, 9)]
)
def test_what_was_told_after_the_state_is_told_again(number, steps, count):
    assert kept_until(number, steps, TOLD) == TOLD[:count]


def test_without_a_state_everything_is_told_again():
    assert until(None, TOLD) == []


def test_fits_of_quick_are_no_epochs_of_the_training():
    fits = [epoch(number, rate=None) for number in range(1, 9)]
    assert kept_until(1, 0, [PHASE, *fits, START, batch(1, 1)]) == [PHASE, *fits, START]


def test_ends_that_were_not_the_last_are_left_out_and_words_about_them():
    failed, resumed = (
        Failed("unexpected", what="W.", why="Y.", fix="F."),
        Notice(NoticeCode.RESUMED, text="It goes on."),
    )
    kept = Notice(NoticeCode.NOT_SAVED, text="Full.")
    events = [Finished(PreviewResult()), batch(1, 1), Stopped(), failed, resumed, kept, batch(1, 2)]
    assert kept_until(1, 2, events) == [batch(1, 1), kept, batch(1, 2)]


def test_a_log_that_is_written_anew_is_gone_on_with(run):
    log = RunLog(run)
    for event in TOLD:
        log.write(event)
    log.close()
    rewrite_log(run, iter(TOLD[:5]))
    assert list(read_log(run)) == TOLD[:5]
    log = RunLog(run)
    log.write(epoch(2))
    log.close()
    assert list(read_log(run)) == [*TOLD[:5], epoch(2)]
    assert [row[0] for row in rows_of(run)] == ["epoch", "0", "1", "2"]
    assert rows_of(run)[2] == ["1", "80", "0.5", "0.75", "0.25", "1.0", "0.001", "2.5"]
