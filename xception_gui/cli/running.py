"""Running a job in this process, with progress on stderr and a polite answer to Ctrl-C."""

import contextlib
import json
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import IO, Any, TypeVar

from xception_gui.cli.progress import ProgressDisplay, make_display
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.messages import (
    End,
    Failed,
    Finished,
    JobRequest,
    Message,
    PicturePredicted,
    PicturePrediction,
    PredictRequest,
    PredictResult,
    Result,
    Stopped,
)

AnyResult = TypeVar("AnyResult", bound=Result)


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where results (`out`) and everything else (`err`) go. Native libraries don't write there."""

    out: IO[str]
    err: IO[str]

    def print_json(self, document: Any) -> None:
        """Print one JSON document; names that UTF-8 doesn't have stay as JSON escapes."""
        print(json.dumps(document, ensure_ascii=False), file=self.out)

    def print_failure(self, error: ProgramError) -> None:
        """Say on one line what happened, why, and what to do."""
        print(f"xception-gui: {' '.join(str(error).split())}", file=self.err)


def result_of(
    request: JobRequest,
    kind: type[AnyResult],
    terminal: Terminal,
    on_event: Callable[[Message], None] = lambda event: None,
) -> AnyResult:
    """Run a job and give its result, also when it was stopped with one.

    Args:
        request: what to do.
        kind: what its result is.
        terminal: where progress is shown.
        on_event: told of every event but the end.

    Raises:
        ProgramError: the job failed.
        JobStopped: it was stopped before it had reached anything, or was saved to be gone on with.
    """
    end = _run(request, make_display(terminal.err), on_event)
    if isinstance(end, Failed):
        raise ProgramError(ErrorCode(end.code), **end.details)
    if not isinstance(end.result, kind):
        raise JobStopped(resumable=isinstance(end, Stopped) and end.resumable)
    return end.result


def predictions_of(request: PredictRequest, terminal: Terminal) -> tuple[PredictResult, tuple[PicturePrediction, ...]]:
    """Predict, and give what was said of each picture too. Raises what `result_of` does."""
    predictions: list[PicturePrediction] = []

    def collect(event: Message) -> None:
        if isinstance(event, PicturePredicted):
            predictions.append(event.prediction)

    result = result_of(request, PredictResult, terminal, collect)
    return result, tuple(predictions)


def _run(request: JobRequest, display: ProgressDisplay, on_event: Callable[[Message], None]) -> End:
    from xception_gui.jobs import run_job

    ends: list[End] = []

    with display, _stop_on_signals() as (stop, leave):
        said = False

        def report(event: Message) -> None:
            nonlocal said
            if stop.is_set() and not said:
                said = True
                display.say("Stopping; what was reached is kept. Press Ctrl-C again to end at once.")
            if isinstance(event, Finished | Stopped | Failed):
                ends.append(event)
            else:
                display(event)
                on_event(event)

        run_job(request, report, stop.is_set, leave.is_set)
    return ends[0]


@contextlib.contextmanager
def _stop_on_signals() -> Iterator[tuple[threading.Event, threading.Event]]:
    """Turn the first Ctrl-C, SIGTERM or closed terminal into a polite stop; the second one ends the program as usual.

    The handler says nothing: it may be called in the middle of a line that is being written.

    Gives what is set by all of them, and what is set by all but Ctrl-C, by which nobody at the terminal decides how a
    training ends.
    """
    stop, leave = threading.Event(), threading.Event()

    def on_signal(signal_number: int, frame: FrameType | None) -> None:
        if signal_number != signal.SIGINT:
            leave.set()
        stop.set()
        signal.signal(signal_number, before[signal.Signals(signal_number)])

    numbers = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before = {number: signal.signal(number, on_signal) for number in numbers}
    try:
        yield stop, leave
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
