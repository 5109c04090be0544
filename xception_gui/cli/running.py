"""Runs a job in this process, shows its progress on stderr and handles Ctrl-C."""

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
"""Seconds without a sign of life after which a stopped job is ended by force, if it has nothing to save."""

SECONDS_TO_CONVERT = 60.0
"""The same for an export: TensorFlow can't interrupt a conversion, and ending it would leave temporary files behind."""

SECONDS_TO_SAVE = 120.0
"""The same for a training, which saves its model or its progress."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """The streams of results (`out`) and of everything else (`err`). Output of native libraries doesn't reach them."""

    out: IO[str]
    err: IO[str]

    def print_json(self, document: Any) -> None:
        """Print one JSON document. Lone surrogates and invisible characters are written as JSON escapes.

        Raises:
            ValueError: a number isn't finite, which JSON can't express; nothing is printed.
        """
        print(escaped_in_json(json.dumps(document, ensure_ascii=False, allow_nan=False)), file=self.out)

    def print_table(self, table: str) -> None:
        """Print comma-separated values; on a terminal, invisible characters in cells are escaped."""
        if not self.out.isatty():
            self.out.write(table)
            return
        rows = csv.reader(io.StringIO(table, newline=""))
        csv.writer(self.out, lineterminator="\n").writerows([visible(cell) for cell in row] for row in rows)

    def print_failure(self, error: ProgramError) -> None:
        """Print an error on one line: what happened, why, and what to do."""
        print(f"xception-gui: {visible(' '.join(str(text_of(error)).split()))}", file=self.err)


def result_of(
    request: JobRequest[AnyResult],
    terminal: Terminal,
    on_event: Callable[[Message], None] = lambda event: None,
) -> AnyResult:
    """Run a job and return its result, also if it was stopped with one.

    Paths in the request are made absolute here; paths in the result or the error are spelled as they were given.

    Args:
        request: the job, with paths as they were given.
        terminal: where progress is shown.
        on_event: called with every event but the last, which hold absolute paths.

    Raises:
        ProgramError: the job failed.
        JobStopped: it was stopped before it had a result, or was saved so that it can be resumed.
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
    """Classify pictures, and return the prediction of each as well. Raises what `result_of` raises."""
    predictions: list[PicturePredicted] = []

    absolute = tuple(map(absolute_path, request.paths))

    def collect(event: Message) -> None:
        if isinstance(event, PicturePredicted):
            path = below(request.paths[event.given], absolute[event.given], event.path)
            predictions.append(msgspec.structs.replace(event, path=path))

    result = result_of(request, terminal, collect)
    return result, tuple(predictions)


def patience_for(request: JobRequest[Any]) -> float:
    """Return after how many seconds without a sign of life a stopped job is ended by force."""
    match request:
        case TrainRequest() | ResumeRequest():
            return SECONDS_TO_SAVE
        case ExportRequest():
            return SECONDS_TO_CONVERT
    return SECONDS_TO_STOP


def words_on_stopping(request: JobRequest[Any]) -> str:
    """Return what happens to a job that is asked to stop, in words."""
    match request:
        case TrainRequest() | ResumeRequest():
            return "Stopping. What was learned so far is kept."
        case PredictRequest():
            return "Stopping. You get the predictions made so far."
        case CheckRequest() | EvaluateRequest():
            return "Stopping. A result would need all pictures, so there is none."
        case ExportRequest():
            return "Stopping. An incomplete export is deleted."
        case DrawSamplesRequest():
            return "Stopping. The sample pictures drawn so far are kept; the next demo draws the rest."
    return "Stopping."


def _run(request: JobRequest[Any], display: ProgressDisplay, on_event: Callable[[Message], None]) -> End:
    from xception_gui.jobs import run_job

    ends: list[End] = []

    def last_words() -> None:
        logger.error("The job did not stop when it was asked to, and was ended by force")
        display.__exit__()
        display.say("The command did not stop, so it was ended by force.")

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
