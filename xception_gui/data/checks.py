"""What of a data set can be used: every file opened, duplicates found, small classes set aside."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from xception_gui.data.images import (
    UNKNOWN_SUFFIXES,
    PictureError,
    content_hash,
    examine,
    looks_like_a_picture,
    open_file,
)
from xception_gui.data.known_files import FileState, KnownFile, KnownFiles
from xception_gui.data.pool import read_ahead
from xception_gui.data.problems import problems_of
from xception_gui.data.scan import PART_NAMES, FoundFile, Listing, Part, scan
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.messages import LeftOut, Problem
from xception_gui.domain.reasons import Reason, left_out


@dataclass(frozen=True, slots=True)
class Picture:
    """A file that can be used."""

    path: Path
    relative: str  # below the data set, with slashes
    class_name: str
    part: Part  # TRAIN where the folders don't say
    sha256: str  # of its bytes


@dataclass(frozen=True, slots=True)
class Dataset:
    """A folder that was looked through, and what can be used of it."""

    root: Path
    has_parts: bool
    pictures: tuple[Picture, ...]  # sorted by relative path
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]
    error: ProgramError | None  # why it can't be trained on

    @property
    def class_counts(self) -> dict[str, int]:
        """Usable pictures of each class, classes sorted."""
        return dict(sorted(Counter(picture.class_name for picture in self.pictures).items()))


def check_dataset(
    root: Path,
    *,
    for_training: bool = True,
    known_files: KnownFiles | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    stop: Callable[[], bool] = lambda: False,
) -> Dataset:
    """Look through a data set and decode every file in it once.

    Args:
        root: a folder of class folders, or of train and validation folders that hold class folders.
        known_files: files decoded before that haven't changed aren't read again; told of the others.
        for_training: set classes aside that can't be both learned and tested; to measure a model, one picture will do.
        on_progress: called with files looked at, and files in all.
        stop: asked after each file.

    Raises:
        ProgramError: DATASET_NOT_FOUND.
        JobStopped: `stop` said so.
    """
    listing = scan(root)
    pictures, refused = _examine_all(listing, known_files, on_progress, stop)
    pictures, duplicates = _without_duplicates(pictures)
    pictures, small = _without_small_classes(pictures) if for_training else (pictures, [])
    all_left_out = sorted([*listing.left_out, *refused, *duplicates, *small], key=lambda file: file.path)
    counts = Counter(picture.class_name for picture in pictures)
    return Dataset(
        root=root,
        has_parts=listing.has_parts,
        pictures=tuple(pictures),
        left_out=tuple(all_left_out),
        problems=tuple(
            problems_of(
                all_left_out,
                counts,
                empty_folders=map(str, listing.empty_folders),
                not_validated=_not_validated(listing, pictures),
            )
        ),
        error=_error(listing, pictures, counts),
    )


def _examine_all(
    listing: Listing,
    known_files: KnownFiles | None,
    on_progress: Callable[[int, int], None],
    stop: Callable[[], bool],
) -> tuple[list[Picture], list[LeftOut]]:
    """Find the pictures among the files, sorted by relative path, and say what is none."""
    pictures, unknown = _look_up(listing, known_files)
    refused: list[LeftOut] = []
    decoded: list[KnownFile] = []
    if pictures:
        on_progress(len(pictures), len(listing.files))
    try:
        examined = read_ahead(_examine, unknown)
        for done, (file, found) in enumerate(zip(unknown, examined, strict=True), start=len(pictures) + 1):
            if stop():
                raise JobStopped
            if isinstance(found, LeftOut):
                refused.append(found)
            else:
                decoded.append(found)
                pictures.append(_picture(file, found.sha256))
            on_progress(done, len(listing.files))
    finally:  # also what was done before a stop
        if known_files is not None:
            known_files.remember(decoded)
    return sorted(pictures, key=lambda picture: picture.relative), refused


def _look_up(listing: Listing, known_files: KnownFiles | None) -> tuple[list[Picture], list[FoundFile]]:
    """Tell pictures that were decoded before from files to be opened."""
    if known_files is None:
        return [], list(listing.files)
    known = known_files.below(listing.root)
    pictures, unknown = [], []
    for file in listing.files:
        sha256 = known.sha256_of(file.path)
        if sha256 is None:
            unknown.append(file)
        else:
            pictures.append(_picture(file, sha256))
    return pictures, unknown


def _examine(file: FoundFile) -> KnownFile | LeftOut:
    try:
        state = FileState.of(file.path)  # before it is read: a change while it is read is a change
        with open_file(file.path) as opened:
            examine(opened)
            return KnownFile(file.path, state, content_hash(opened))
    except PictureError as error:
        return refusal(file.path, error)


def _picture(file: FoundFile, sha256: str) -> Picture:
    return Picture(file.path, file.relative, file.class_name, file.part, sha256)


def refusal(path: Path, error: PictureError) -> LeftOut:
    """Say why a file gives no picture; a picture's name that promised one makes "no picture" a damaged one."""
    promised = looks_like_a_picture(path) and path.suffix.lower() not in UNKNOWN_SUFFIXES
    if error.reason is Reason.NOT_A_PICTURE and promised:
        return left_out(str(path), Reason.DAMAGED, "its contents are not a picture, though its name says so")
    return left_out(str(path), error.reason, error.detail)


def _without_duplicates(pictures: Iterable[Picture]) -> tuple[list[Picture], list[LeftOut]]:
    """Of pictures alike to the byte, keep the first by path inside a class, and none across classes."""
    copies: dict[str, list[Picture]] = defaultdict(list)
    for picture in pictures:
        copies[picture.sha256].append(picture)
    kept, refused = [], []
    for first, *others in copies.values():
        stranger = next((other for other in others if other.class_name != first.class_name), None)
        if stranger is None:
            kept.append(first)
            refused += [left_out(str(other.path), Reason.DUPLICATE, first.relative) for other in others]
            continue
        for picture in (first, *others):
            elsewhere = stranger if picture.class_name == first.class_name else first
            refused.append(left_out(str(picture.path), Reason.DUPLICATE_ACROSS_CLASSES, elsewhere.relative))
    return sorted(kept, key=lambda picture: picture.relative), refused


def _without_small_classes(pictures: list[Picture]) -> tuple[list[Picture], list[LeftOut]]:
    """Set aside classes with nothing to learn from, or with less than two pictures."""
    counts = Counter(picture.class_name for picture in pictures)
    trained = Counter(picture.class_name for picture in pictures if picture.part is Part.TRAIN)
    kept, refused = [], []
    for picture in pictures:
        if not trained[picture.class_name]:
            refused.append(left_out(str(picture.path), Reason.CLASS_NOT_TRAINED))
        elif counts[picture.class_name] < 2:
            refused.append(left_out(str(picture.path), Reason.CLASS_TOO_SMALL))
        else:
            kept.append(picture)
    return kept, refused


def _not_validated(listing: Listing, pictures: list[Picture]) -> list[str]:
    """Name the classes that a validation folder lacks."""
    if not listing.has_parts:
        return []
    validated = {picture.class_name for picture in pictures if picture.part is Part.VAL}
    return sorted({picture.class_name for picture in pictures} - validated)


def _error(listing: Listing, pictures: list[Picture], counts: Counter[str]) -> ProgramError | None:
    if not pictures and not listing.files:
        return ProgramError(ErrorCode.DATASET_EMPTY, path=listing.root, found=_what_lies_there(listing))
    if not listing.has_parts and counts and all(name.casefold() in PART_NAMES for name in counts):
        found = ", ".join(f"“{name}”" for name in sorted(counts))
        return ProgramError(ErrorCode.PARTS_INCOMPLETE, path=listing.root, found=f"Here are: {found}.")
    if len(counts) < 2:
        found = ", ".join(f"“{name}”" for name in sorted(counts)) or "none"
        found = f"Usable classes here: {found}. {_a_level_too_high(listing)}"
        return ProgramError(ErrorCode.TOO_FEW_CLASSES, path=listing.root, found=found)
    if listing.has_parts and not any(picture.part is Part.VAL for picture in pictures):
        return ProgramError(ErrorCode.NO_VALIDATION_PICTURES, path=listing.root)
    return None


def _a_level_too_high(listing: Listing) -> str:
    """Say so if the only folder here holds folders of pictures itself."""
    inside: dict[str, set[str]] = defaultdict(set)
    for file in listing.files:
        folder, *below = file.relative.split("/")[:-1]
        inside[folder].update(below[:1])
    if len(inside) == 1 and all(len(folders) >= 2 for folders in inside.values()):
        return f"Perhaps the folder to choose is “{next(iter(inside))}”, which holds folders itself."
    return ""


def _what_lies_there(listing: Listing) -> str:
    outside = sum(file.code == Reason.OUTSIDE_CLASSES for file in listing.left_out)
    if outside:
        return f"Here {outside} files lie beside the class folders, and none in them."
    return "Here are no files in class folders."
