"""What a training reported: `events.jsonl`, and its measurements as `metrics.csv`."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import IO, Any

from xception_gui.domain.lines import LineError, decode_event, encode
from xception_gui.domain.messages import (
    BatchFinished,
    EpochFinished,
    Event,
    Failed,
    Finished,
    Message,
    Notice,
    NoticeCode,
    Stopped,
)
from xception_gui.domain.training_progress import TrainingProgress
from xception_gui.runs.atomic import write_text
from xception_gui.runs.run_folder import RunFolder

METRICS = ("epoch", "images", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds")
"""Columns of `metrics.csv`, fields of `EpochFinished`."""


class RunLog:
    """Writes `events.jsonl` and `metrics.csv` while a run goes on."""

    def __init__(self, run: RunFolder) -> None:
        self._events: IO[str] = run.events.open("a", encoding="utf-8", buffering=1)
        self._metrics: IO[str] = run.metrics.open("a", encoding="utf-8", buffering=1, newline="")
        self._rows: Any = csv.DictWriter(self._metrics, METRICS)
        if run.metrics.stat().st_size == 0:
            self._rows.writeheader()

    def write(self, event: Message) -> None:
        """Add an event, and a row if it is a measurement."""
        self._events.write(encode(event) + "\n")
        if isinstance(event, EpochFinished):
            self._rows.writerow(_row(event))

    def close(self) -> None:
        """Close both files."""
        self._events.close()
        self._metrics.close()


def read_log(run: RunFolder) -> Iterator[Event]:
    """Give the events of a run that can be understood: the last line may have been cut off."""
    if not run.events.is_file():  # whoever opened a pipe would wait for ever
        return
    try:
        text = run.events.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    for line in text.splitlines():
        try:
            yield decode_event(line)[1]
        except LineError:
            continue


def until(progress: TrainingProgress | None, events: Iterable[Event]) -> list[Event]:
    """Give the events of a training that was interrupted, up to the state from which it goes on.

    Args:
        progress: that state; None: from the beginning, which tells everything again.
        events: all that were written down.
    """
    if progress is None:
        return []
    kept: list[Event] = []
    for event in events:
        if _is_later(event, progress):
            break
        if not _is_of_an_interruption(event):
            kept.append(event)
    return kept


def _is_of_an_interruption(event: Event) -> bool:
    """Pick out ends that weren't the last, and words on how it went on."""
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
    """Have a log hold these events alone, to be gone on with."""
    events = list(events)
    table = io.StringIO(newline="")
    rows = csv.DictWriter(table, METRICS)
    rows.writeheader()
    rows.writerows(_row(event) for event in events if isinstance(event, EpochFinished))
    write_text(run.events, "".join(f"{encode(event)}\n" for event in events))
    write_text(run.metrics, table.getvalue())


def _row(event: EpochFinished) -> dict[str, Any]:
    return {name: getattr(event, name) for name in METRICS}
