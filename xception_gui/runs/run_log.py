"""Events of a training, `events.jsonl`, and its measurements, `metrics.csv`."""

import contextlib
import csv
import io
import math
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from xception_gui.domain.lines import LineError, decode_event, encode
from xception_gui.domain.messages.base import Event, Failed, Finished, Message, Stopped
from xception_gui.domain.messages.training import BatchFinished, EpochFinished, LearningOutlook, Notice, NoticeCode
from xception_gui.domain.training_progress import TrainingProgress
from xception_gui.files.atomic import write_text
from xception_gui.files.regular_files import read_regular
from xception_gui.runs.metrics_table import METRICS
from xception_gui.runs.run_folder import RunFolder

MAX_BYTES = 30_000_000
"""Limit of `events.jsonl`: some 200,000 steps, hours of training at ten events a second."""


class RunLog:
    """Writes `events.jsonl` and `metrics.csv` during a run."""

    def __init__(self, run: RunFolder) -> None:
        with contextlib.ExitStack() as opened:  # opening the second file may fail
            self._events = opened.enter_context(_appended(run.events))
            self._metrics = opened.enter_context(_appended(run.metrics))
            self._rows: Any = csv.DictWriter(self._metrics, METRICS)
            if run.metrics.stat().st_size == 0:
                self._rows.writeheader()
            opened.pop_all()

    def write(self, event: Message) -> None:
        """Append an event, and a row if it is a measurement."""
        self._events.write(encode(event) + "\n")
        if isinstance(event, EpochFinished):
            self._rows.writerow(_row(event))

    def close(self) -> None:
        """Close both files."""
        self._events.close()
        self._metrics.close()


def _appended(path: Path) -> IO[str]:
    """Open a file for appending, but not through a link."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    return os.fdopen(os.open(path, flags, 0o666), "a", encoding="utf-8", buffering=1, newline="")


def read_log(run: RunFolder) -> Iterator[Event]:
    """Yield the valid events of a run: the last line may be cut off, and the file may be a stranger's."""
    try:
        text = read_regular(run.events, MAX_BYTES).decode(errors="replace")
    except (OSError, ValueError):
        return
    for line in text.splitlines():
        with contextlib.suppress(LineError):
            event = decode_event(line)[1]
            if _can_have_been(event):
                yield event


def _can_have_been(event: Event) -> bool:
    """Return whether the numbers for a curve are possible: the log may be a stranger's."""
    match event:
        case EpochFinished():
            losses = (event.loss, event.val_loss, event.seconds, event.validation_seconds)
            return _are_shares(event.accuracy, event.val_accuracy, *event.recalls) and _are_finite(*losses)
        case BatchFinished():
            return _are_shares(event.accuracy) and _are_finite(event.loss)
        case LearningOutlook():
            return _are_shares(event.accuracy, event.low, event.high)
    return True


def _are_shares(*numbers: float | None) -> bool:
    return all(number is None or 0 <= number <= 1 for number in numbers)


def _are_finite(*numbers: float | None) -> bool:
    return all(number is None or 0 <= number < math.inf for number in numbers)


def until(progress: TrainingProgress | None, events: Iterable[Event]) -> list[Event]:
    """Return the events of an interrupted training, up to the state from which it resumes.

    Args:
        progress: that state; None: from the beginning, where everything but the forecast is reported again.
        events: all events in the log.
    """
    if progress is None:
        return [event for event in events if isinstance(event, Notice) and event.code is NoticeCode.FORECAST]
    kept: list[Event] = []
    for event in events:
        if _is_later(event, progress):
            break
        if not _is_of_an_interruption(event):
            kept.append(event)
    return kept


def _is_of_an_interruption(event: Event) -> bool:
    """Return whether an event is an end that wasn't the last, or a notice about resuming."""
    return isinstance(event, Finished | Stopped | Failed) or (
        isinstance(event, Notice) and event.code is NoticeCode.RESUMED
    )


def _is_later(event: Event, progress: TrainingProgress) -> bool:
    match event:
        case EpochFinished(learning_rate=float()):
            return event.epoch > progress.epochs
        case BatchFinished():
            return (event.epoch, event.step) > (progress.epoch.epoch, progress.epoch.steps)
    return False


def rewrite_log(run: RunFolder, events: Iterable[Message]) -> None:
    """Replace the log by these events, to append further ones."""
    events = list(events)
    table = io.StringIO(newline="")
    rows = csv.DictWriter(table, METRICS)
    rows.writeheader()
    rows.writerows(_row(event) for event in events if isinstance(event, EpochFinished))
    write_text(run.events, "".join(f"{encode(event)}\n" for event in events))
    write_text(run.metrics, table.getvalue())


def _row(event: EpochFinished) -> dict[str, Any]:
    return {name: getattr(event, name) for name in METRICS}
