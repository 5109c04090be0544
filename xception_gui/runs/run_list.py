"""Summaries of runs for a list."""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from xception_gui.domain.errors import JobStopped, ProgramError
from xception_gui.domain.messages.models import RunSummary
from xception_gui.runs.checkpoint import Checkpoint, CheckpointError
from xception_gui.runs.lock import is_held
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.schema import Figures, RunHead, Status

COUNTED = 1_000
"""Limit of files and folders that are counted: a run has some thirty."""


def list_runs(
    folders: Iterable[Path], runs: Iterable[Path] = (), stop: Callable[[], bool] = lambda: False
) -> tuple[RunSummary, ...]:
    """List runs, the newest first, broken ones at the end by path.

    Args:
        folders: whose subfolders are searched; those that aren't runs, hidden ones too, are skipped.
        runs: further runs elsewhere; those that no longer exist are skipped.
        stop: asked before each run.

    Raises:
        JobStopped: `stop` returned true.
    """
    found = []
    for run in _different([*(run for folder in folders for run in _runs_in(folder)), *filter(_is_run, runs)]):
        if stop():
            raise JobStopped
        found.append(_summary(run))
    working = [run for run in found if run.broken is None]
    broken = [run for run in found if run.broken is not None]
    return (
        *sorted(working, key=lambda run: _time_of(run.created), reverse=True),
        *sorted(broken, key=lambda run: run.path),
    )


def _runs_in(folder: Path) -> list[Path]:
    try:
        entries = sorted(folder.iterdir())
    except (OSError, ValueError):  # no such folder
        return []
    return [entry for entry in entries if not entry.name.startswith(".") and _is_run(entry)]


def _is_run(folder: Path) -> bool:
    return os.path.lexists(RunFolder(folder).record_file)


def _different(runs: Iterable[Path]) -> Iterator[Path]:
    """Yield each run once, even if several paths lead to it."""
    seen = set()
    for run in runs:
        real = os.path.realpath(run)
        if real not in seen:
            seen.add(real)
            yield run


def _summary(path: Path) -> RunSummary:
    run = RunFolder(path)
    try:
        head, outline = run.read_outline()
    except ProgramError as error:
        return RunSummary(str(path), _bytes_below(path), broken=error.code, details=error.details)
    in_training = head.status is Status.TRAINING and is_held(path)
    figures = _figures(run, head)
    return RunSummary(
        path=str(path),
        bytes=_bytes_below(path),
        status=head.status,
        preset=head.recipe.preset,
        classes=head.classes,
        images=outline.train + outline.val + outline.test,
        train_images=outline.train,
        rests_on=figures.rests_on if figures else None,
        val_images=outline.val,
        val_accuracy=figures.val_accuracy if figures else None,
        val_log_loss=figures.val_log_loss if figures else None,
        created=head.created,
        in_training=in_training,
        resumable=not in_training and _is_resumable(run, head),
        dataset=head.dataset,
        dataset_found=any(map(_is_there, _places_of(outline.looked_for, head))),
        samples=tuple(map(str, _places_of(outline.samples, head))),
        has_quick=_is_there(RunFolder(run.quick).head),
        kept_quick=head.recipe.starts_from_quick and figures is not None and figures.best_epoch == 0,
    )


def _is_resumable(run: RunFolder, head: RunHead) -> bool:
    """Return whether a training was interrupted: it ended without notice, or failed after it was saved."""
    return head.status is Status.TRAINING or (head.status is Status.FAILED and _is_there(run.checkpoint))


def _figures(run: RunFolder, head: RunHead) -> Figures | None:
    """Return the figures of the model that a run now contains; None if there is none.

    For an interrupted training, those of its best epoch, as measured during training.
    """
    if head.status in (Status.TRAINING, Status.FAILED):
        with contextlib.suppress(CheckpointError):
            so_far = Checkpoint(run.checkpoint).progress()
            epoch = so_far.best_so_far(head.figures.val_log_loss if head.figures else None) if so_far else None
            if so_far is not None and so_far.best_loss is not None and epoch is not None:
                return Figures(so_far.best_accuracy or 0.0, so_far.best_loss, best_epoch=epoch)
    return head.figures if _is_there(run.model(head.status).head) else None


def _places_of(pictures: Iterable[str], head: RunHead) -> list[Path]:
    places = (head.place_of(relative) for relative in pictures)
    return [place for place in places if place is not None]


def _is_there(path: Path) -> bool:
    try:
        path.stat()
    except (OSError, ValueError):  # ValueError: an impossible name, for instance with a null character
        return False
    return True


def _bytes_below(folder: Path) -> int:
    """Return the total size of files, up to the number that a run can have; those that can't be accessed don't
    count."""
    return sum(islice(_sizes_below(folder), COUNTED))


def _sizes_below(folder: Path) -> Iterator[int]:
    """Yield the size of each file and 0 for each folder, at any depth."""
    folders = [os.fspath(folder)]
    while folders:
        with contextlib.suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                is_folder = entry.is_dir(follow_symlinks=False)
                if is_folder:
                    folders.append(entry.path)
                yield 0 if is_folder else entry.stat(follow_symlinks=False).st_size


def _time_of(created: str) -> float:
    """Return a time in seconds; 0 if it is invalid."""
    try:
        return datetime.fromisoformat(created).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0
