"""`check`: finds the classes of a data set, and files that can't be used."""

from collections import defaultdict
from pathlib import Path

from xception_gui.data.cache import stores as cache
from xception_gui.data.dataset.checks import Dataset, check_dataset
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.base import Phase
from xception_gui.domain.messages.dataset import CheckRequest, CheckResult, Problem, ProblemCode
from xception_gui.domain.sampling import spread_evenly
from xception_gui.inference.embedder import Embedder
from xception_gui.jobs.reporting import PhaseReport, Report, Stop

SAMPLES_PER_CLASS = 8
"""Pictures per class that are named in the result, to be shown as examples."""


def check(request: CheckRequest, report: Report, stop: Stop) -> CheckResult:
    """Check a data set.

    Raises:
        ProgramError: DATASET_NOT_FOUND, DATASET_IS_ARCHIVE, PICTURES_GONE.
    """
    dataset = read_dataset(request.dataset, report, stop, folders=request.folders)
    embeddings = Embedder(XCEPTION, XCEPTION.default_image_size).cache
    problems = dataset.problems
    if dataset.error is not None:
        problems = (
            Problem(dataset.error.code, (), "error", dataset.error.details),
            *(problem for problem in problems if not _says_the_same(problem, dataset.error)),
        )
    return CheckResult(
        classes=dataset.class_counts,
        used=len(dataset.pictures),
        left_out=dataset.left_out,
        problems=problems,
        samples=_samples(dataset),
        embedded=sum(picture.sha256 in embeddings for picture in dataset.pictures),
        has_parts=dataset.has_parts,
        part_folders={folder: part.value for folder, part in dataset.part_folders.items()},
    )


def _says_the_same(problem: Problem, error: ProgramError) -> bool:
    """Return whether a problem repeats the error that all files are outside of class folders."""
    return error.code is ErrorCode.DATASET_EMPTY and problem.code in (
        ProblemCode.OUTSIDE_CLASSES,
        ProblemCode.EMPTY_CLASS,
    )


def _samples(dataset: Dataset) -> dict[str, tuple[str, ...]]:
    """Return some pictures of each class, evenly spread over it."""
    paths: dict[str, list[str]] = defaultdict(list)
    for picture in dataset.pictures:
        paths[picture.class_name].append(str(picture.path))
    return {name: spread_evenly(of_class, SAMPLES_PER_CLASS) for name, of_class in sorted(paths.items())}


def read_dataset(
    folder: str, report: Report, stop: Stop, *, folders: Folders = Folders.AUTO, for_training: bool = True
) -> Dataset:
    """Read a data set and report progress. Pictures that were decoded before aren't decoded again."""
    progress: PhaseReport | None = None
    reached = 0

    def on_progress(done: int, total: int) -> None:
        nonlocal progress, reached
        progress = progress or PhaseReport(report, Phase.CHECKING, total)
        progress.advance(done - reached)
        reached = done

    return check_dataset(
        Path(folder),
        folders=folders,
        for_training=for_training,
        known_files=cache.known_files(),
        on_progress=on_progress,
        stop=stop,
    )
