"""Finds the pictures of a run again."""

from collections.abc import Iterable
from pathlib import Path

from xception_gui.data.cache import stores as cache
from xception_gui.data.dataset.checks import Picture
from xception_gui.data.dataset.split import Split
from xception_gui.data.pictures.open_picture import PictureError, hash_file
from xception_gui.data.pool import read_ahead
from xception_gui.data.sources.rows import Part
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.messages.base import Phase
from xception_gui.domain.messages.dataset import DatasetSplit, LeftOut
from xception_gui.domain.messages.training import Notice, NoticeCode
from xception_gui.domain.reasons import Reason, left_out
from xception_gui.jobs.reporting import PhaseReport, Report, Stop
from xception_gui.runs.schema import RecordedPicture, RunRecord


def find_pictures(
    record: RunRecord, pictures: Iterable[RecordedPicture], part: Part, progress: PhaseReport, stop: Stop
) -> list[Picture | LeftOut]:
    """Return the pictures of a run; for those that are missing or have changed, the reason.

    Pictures that the cache doesn't know are hashed, which may take minutes.

    Raises:
        JobStopped: `stop()` was true.
    """
    known_files = cache.known_files()

    def find(picture: RecordedPicture) -> Picture | LeftOut:
        path = record.place_of(picture.relative)
        if path is None:
            return left_out(picture.relative, Reason.MISSING)
        try:
            if known_files.sha256_of(path) != picture.sha256 and hash_file(path) != picture.sha256:
                return left_out(str(path), Reason.CHANGED)
        except PictureError as error:
            return left_out(str(path), error.reason, error.detail)
        return _as_recorded(picture, path, record, part)

    found = []
    for one in read_ahead(find, pictures):
        if stop():
            raise JobStopped
        found.append(one)
        progress.advance()
    return found


def recorded_split(record: RunRecord, report: Report, stop: Stop) -> Split:
    """Return the split of a run that is resumed. It also contains missing pictures, so that the order stays the same;
    the training skips them.

    Raises:
        ProgramError: TRAINING_PICTURES_MOVED.
        JobStopped: `stop()` was true; the run is unchanged, and can be resumed later.
    """
    recorded = {Part.TRAIN: record.split.train, Part.VAL: record.split.val, Part.TEST: record.split.test}
    progress = PhaseReport(report, Phase.CHECKING, sum(map(len, recorded.values())))
    try:
        found = {part: find_pictures(record, entries, part, progress, stop) for part, entries in recorded.items()}
    except JobStopped as stopped:
        raise JobStopped(resumable=True) from stopped
    missing = sum(isinstance(one, LeftOut) for part in found.values() for one in part)
    if not any(isinstance(one, Picture) for one in found[Part.TRAIN]):
        raise ProgramError(ErrorCode.TRAINING_PICTURES_MOVED, path=record.dataset)
    if missing:
        report(Notice(NoticeCode.PICTURES_CHANGED, {"count": missing}))
    report(DatasetSplit(*(len(entries) for entries in recorded.values())))

    root = Path(record.dataset)

    def pictures_of(part: Part) -> tuple[Picture, ...]:
        return tuple(_as_recorded(picture, root / picture.relative, record, part) for picture in recorded[part])

    return Split(pictures_of(Part.TRAIN), pictures_of(Part.VAL), pictures_of(Part.TEST))


def _as_recorded(picture: RecordedPicture, path: Path, record: RunRecord, part: Part) -> Picture:
    """Return a picture with its label from the training, wherever its file is now."""
    answers = {record.question: record.classes[picture.label]}
    return Picture(path, picture.relative, answers, part, sha256=picture.sha256)
