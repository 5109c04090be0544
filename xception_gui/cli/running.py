"""Running a job in this process, with progress on stderr and a polite answer to Ctrl-C."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

import msgspec

from xception_gui.cli.given_paths import GivenPaths, below
from xception_gui.cli.progress import ProgressDisplay, make_display
from xception_gui.cli.stopping import stopped_by_signals
from xception_gui.diagnostics import logger
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.messages.base import AnyResult, End, Failed, Finished, JobRequest, Message, Stopped
from xception_gui.domain.messages.dataset import CheckRequest, DrawSamplesRequest
from xception_gui.domain.messages.exporting import ExportRequest
from xception_gui.domain.messages.training import ResumeRequest, TrainRequest
from xception_gui.domain.messages.using import (
    EvaluateRequest,
    PicturePredicted,
    PredictRequest,
    PredictResult,
)
from xception_gui.domain.visible import escaped_in_json, visible
from xception_gui.files.absolute_paths import absolute_path
from xception_gui.words.errors import text_of

SECONDS_TO_STOP = 10.0
"""Without a sign of life, after which a job that was asked to stop is ended by force: it has nothing to save."""

SECONDS_TO_CONVERT = 60.0
"""The same for an export. TensorFlow converts a network in one piece, and half of it would be left behind."""

SECONDS_TO_SAVE = 120.0
"""The same for a training, which keeps or saves what it has learned."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where results (`out`) and everything else (`err`) go. Native libraries don't write there."""

    out: IO[str]
    err: IO[str]

    def print_json(self, document: Any) -> None:
        """Print one JSON document; what UTF-8 doesn't have or nobody sees is written as JSON escapes.

        Raises:
            ValueError: it holds a number that isn't finite, which JSON doesn't have; nothing is printed.
        """
        print(escaped_in_json(json.dumps(document, ensure_ascii=False, allow_nan=False)), file=self.out)

    def print_table(self, table: str) -> None:
        """Print comma-separated values as they are; on a terminal, what can't be seen in a cell is written out."""
        if not self.out.isatty():
            self.out.write(table)
            return
        rows = csv.reader(io.StringIO(table, newline=""))
        csv.writer(self.out, lineterminator="\n").writerows([visible(cell) for cell in row] for row in rows)

    def print_failure(self, error: ProgramError) -> None:
        """Print on one line what happened, why, and what to do."""
        print(f"xception-gui: {visible(' '.join(str(text_of(error)).split()))}", file=self.err)


def result_of(
    request: JobRequest[AnyResult],
    terminal: Terminal,
    on_event: Callable[[Message], None] = lambda event: None,
) -> AnyResult:
    """Run a job and give its result, also when it was stopped with one. This is the door at which paths are made
    absolute; those of the result, or of what went wrong, are told as they were given.

    Args:
        request: what to do, with paths as they were given.
        terminal: where progress is shown.
        on_event: told of every event but the end, with absolute paths.

    Raises:
        ProgramError: the job failed.
        JobStopped: it was stopped before it had reached anything, or was saved to be gone on with.
    """
    given = GivenPaths()
    end = _run(given.absolute(request), make_display(terminal.err, request), on_event)
    if isinstance(end, Failed):
        raise ProgramError(ErrorCode(end.code), **given.told(end.details))
    if end.result is None:
        raise JobStopped(resumable=isinstance(end, Stopped) and end.resumable)
    result: AnyResult = given.told(end.result)
    return result


def predictions_of(request: PredictRequest, terminal: Terminal) -> tuple[PredictResult, tuple[PicturePredicted, ...]]:
    """Predict, and give what was said of each picture too. Raises what `result_of` does."""
    predictions: list[PicturePredicted] = []

    absolute = tuple(map(absolute_path, request.paths))

    def collect(event: Message) -> None:
        if isinstance(event, PicturePredicted):
            path = below(request.paths[event.given], absolute[event.given], event.path)
            predictions.append(msgspec.structs.replace(event, path=path))

    result = result_of(request, terminal, collect)
    return result, tuple(predictions)


def patience_for(request: JobRequest[Any]) -> float:
    """Return how many seconds without a sign of life a job has once it was asked to stop."""
    match request:
        case TrainRequest() | ResumeRequest():
            return SECONDS_TO_SAVE
        case ExportRequest():
            return SECONDS_TO_CONVERT
    return SECONDS_TO_STOP


def words_on_stopping(request: JobRequest[Any]) -> str:
    """Return what becomes of a job that is asked to stop."""
    match request:
        case TrainRequest() | ResumeRequest():
            return "Stopping; what was learned so far is kept."
        case PredictRequest():
            return "Stopping; you get what was predicted so far."
        case CheckRequest() | EvaluateRequest():
            return "Stopping; there is no result until all pictures were looked at."
        case ExportRequest():
            return "Stopping; nothing is left of an export that isn't complete."
        case DrawSamplesRequest():
            return "Stopping; the sample pictures that are drawn stay, and the next demo goes on with them."
    return "Stopping."


def _run(request: JobRequest[Any], display: ProgressDisplay, on_event: Callable[[Message], None]) -> End:
    from xception_gui.jobs import run_job

    ends: list[End] = []

    def last_words() -> None:
        logger.error("The job did not stop when it was asked to, and was ended by force")
        display.__exit__()
        display.say("The job did not stop, so it was ended by force.")

    with display, stopped_by_signals(patience_for(request), last_words) as stopping:
        said = False

        def report(event: Message) -> None:
            nonlocal said
            stopping.show_life()
            if stopping.stop.is_set() and not said:
                said = True
                display.say(f"{words_on_stopping(request)} Press Ctrl-C again to end at once.")
            if isinstance(event, Finished | Stopped | Failed):
                ends.append(event)
            else:
                display(event)
                on_event(event)

        run_job(request, report, stopping.stop.is_set, stopping.leave.is_set)
    return ends[0]
