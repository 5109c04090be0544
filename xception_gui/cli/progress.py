"""Shows what a job reports: progress bars on a terminal, plain lines elsewhere."""

import time
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, Any, Protocol

from xception_gui.cli.printing import counted, skipped
from xception_gui.domain.messages.base import Event, JobRequest, Message, Phase, PhaseStarted, Progress
from xception_gui.domain.messages.dataset import DatasetChecked, DatasetSplit
from xception_gui.domain.messages.training import (
    BatchFinished,
    EpochFinished,
    LearningOutlook,
    Notice,
    ResumeRequest,
    TrainingResumed,
    TrainRequest,
)
from xception_gui.domain.run_state import start_of
from xception_gui.domain.time_left import TimeLeft
from xception_gui.domain.visible import visible, visible_lines
from xception_gui.words.notices import notice_text
from xception_gui.words.phases import phase_text
from xception_gui.words.problems import problem_text

if TYPE_CHECKING:
    from rich.progress import TaskID

SECONDS_BETWEEN_LINES = 10


class ProgressDisplay(Protocol):
    """Shows events. A context manager, which removes the bar even after an error."""

    def __enter__(self) -> "ProgressDisplay": ...

    def __exit__(self, *error: object) -> None: ...

    def __call__(self, event: Message) -> None:
        """Show an event."""

    def say(self, text: str) -> None:
        """Show a line of text."""


def make_display(stream: IO[str], request: JobRequest[Any] | None = None) -> ProgressDisplay:
    """Return bars for a terminal, lines for anything else.

    Args:
        stream: where to write.
        request: the job; for a training, the time left is that of all its phases.
    """
    return BarDisplay(stream, request) if stream.isatty() else LineDisplay(stream, request)


class _Clock:
    """Follows a job and estimates the time left."""

    def __init__(self, request: JobRequest[Any] | None) -> None:
        self._request = request
        self._left = TimeLeft(start_of(request, time.time()) if isinstance(request, TrainRequest) else None)

    def follow(self, event: Message) -> None:
        if isinstance(event, TrainingResumed) and isinstance(self._request, ResumeRequest):
            begun = TrainRequest(event.dataset, self._request.run, event.recipe)
            self._left = TimeLeft(start_of(begun, time.time()))
        if isinstance(event, Event):
            self._left = self._left.after(event, time.time())

    @property
    def words(self) -> str:
        """The time left, such as “40 s left”; empty if it isn't known yet."""
        seconds = self._left.seconds
        return "" if seconds is None else f"{time_in_words(seconds)} left"


def sentence(event: Message) -> str | None:
    """Return an event as a sentence, None if it has none. Invisible characters in names are escaped."""
    match event:
        case DatasetChecked(classes=classes, left_out=left_out, problems=problems):
            lines = [_found(classes)]
            lines += [visible(problem_text(problem)) for problem in problems]
            if left_out:
                lines.append(f"{skipped(len(left_out))} in total. The command “check” lists the reasons.")
            return "\n".join(lines)
        case DatasetSplit(train_images=train, val_images=val, test_images=test):
            others = f", {val:,} for validation and {test:,} for testing" if test else f" and {val:,} for validation"
            return f"Using {counted(train, 'picture')} for training{others}."
        case Notice():
            return visible(notice_text(event))
        case LearningOutlook(images_then=images, low=low, high=high, class_name=name):
            of_class = f" More pictures of “{visible(name)}” would help most." if name else ""
            accuracy = f"accuracy would probably be between {low:.3f} and {high:.3f}"
            return f"With {images:,} training pictures, {accuracy}.{of_class}"
        case EpochFinished(epoch=epoch, learning_rate=None):
            start = "Quick (before fine-tuning)" if epoch == 0 else "Model fitted"
            if event.preliminary:
                start = f"With {counted(event.images, 'picture')}"
            return f"{start}: validation accuracy {event.val_accuracy:.3f}, log loss {event.val_loss:.3f}."
        case EpochFinished():
            return (
                f"Epoch {event.epoch}: training loss {event.loss:.3f}, accuracy {event.accuracy:.3f}; validation "
                f"loss {event.val_loss:.3f}, accuracy {event.val_accuracy:.3f}{' (best)' if event.best else ''}; "
                f"{event.seconds:.0f} s."
            )
    return None


def _found(classes: Mapping[str, int]) -> str:
    if not classes:
        return "Found no pictures."
    found = f"{counted(sum(classes.values()), 'picture')} in {counted(len(classes), 'class', 'classes')}"
    return f"Found {found}: {', '.join(f'{visible(name)} {count:,}' for name, count in classes.items())}."


def how_far(event: Message) -> tuple[int, int, str] | None:
    """Return the progress that an event tells: done, total, and a remark; None if it tells none."""
    match event:
        case Progress(done=done, total=total):
            return done, total, ""
        case BatchFinished(epoch=epoch, step=step, steps=steps, epochs=epochs):
            remark = f"epoch {epoch} of {epochs}, loss {event.loss:.3f}"
            if event.images_per_second:
                remark += f", {event.images_per_second:.1f} pictures/s"
            if event.epoch_images:  # the batch size may be reduced during training
                step, steps = event.images, event.epoch_images
            return (epoch - 1) * steps + step, epochs * steps, remark
    return None


def time_in_words(seconds: float) -> str:
    """Return a time in words: 40 s, 3 min 20 s, 2 h 5 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


class LineDisplay:
    """Plain lines: one at the start of each phase, then its progress every ten seconds."""

    def __init__(self, stream: IO[str], request: JobRequest[Any] | None = None) -> None:
        self._stream = stream
        self._clock = _Clock(request)
        self._phase = ""
        self._shown = time.monotonic()

    def __enter__(self) -> "LineDisplay":
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.flush()

    def __call__(self, event: Message) -> None:
        """Show an event."""
        self._clock.follow(event)
        if isinstance(event, PhaseStarted):
            self._phase = phase_text(event.phase)
            self._shown = time.monotonic()
            pictures = f" ({event.total:,})" if event.total and event.phase is not Phase.TRAINING else ""
            self.say(f"{self._phase}{pictures}…")
        elif (progress := how_far(event)) is not None:
            self._show_progress(*progress)
        elif (text := sentence(event)) is not None:
            self.say(text)

    def say(self, text: str) -> None:
        """Show a line of text."""
        print(visible_lines(text), file=self._stream)

    def _show_progress(self, done: int, total: int, remark: str) -> None:
        now, left = time.monotonic(), self._clock.words
        if not left or now - self._shown < SECONDS_BETWEEN_LINES:
            return
        self._shown = now
        remark = f"; {remark}" if remark else ""
        self.say(f"{self._phase}: {done} of {total}, {left}{remark}")


class BarDisplay:
    """A bar for the current phase with the time left; sentences are printed above it."""

    def __init__(self, stream: IO[str], request: JobRequest[Any] | None = None) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bars

        self._console = Console(file=stream, markup=False, highlight=False, emoji=False)
        self._bars = Bars(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[left]}", markup=False),
            TextColumn("{task.fields[remark]}", markup=False, style="dim"),
            console=self._console,
            transient=True,
        )
        self._clock = _Clock(request)
        self._task: TaskID | None = None

    def __enter__(self) -> "BarDisplay":
        self._bars.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bars.stop()

    def __call__(self, event: Message) -> None:
        """Show an event."""
        self._clock.follow(event)
        if isinstance(event, PhaseStarted):
            if self._task is not None:
                self._bars.remove_task(self._task)
            self._task = self._bars.add_task(phase_text(event.phase), total=event.total, left="", remark="")
        elif (progress := how_far(event)) is not None and self._task is not None:
            done, total, remark = progress
            self._bars.update(self._task, completed=done, total=total, left=self._clock.words, remark=remark)
        elif (text := sentence(event)) is not None:
            self.say(text)

    def say(self, text: str) -> None:
        """Show a line of text."""
        self._console.print(visible_lines(text))
