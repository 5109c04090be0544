"""The check of a data set: every file decoded, duplicates found, small classes set aside."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from xception_gui.data.cache.known_files import KnownFile, KnownFiles
from xception_gui.data.dataset.alike import names_alike
from xception_gui.data.dataset.problems import problems_of
from xception_gui.data.file_state import FileState
from xception_gui.data.pictures.open_picture import (
    PictureError,
    content_hash,
    examine,
    looks_like_a_picture,
    open_file,
)
from xception_gui.data.pool import read_ahead
from xception_gui.data.sources.dataset_folder import scan
from xception_gui.data.sources.folder_decision import is_named_like_a_part
from xception_gui.data.sources.listing import Listing
from xception_gui.data.sources.rows import Part, Row
from xception_gui.data.sources.system_names import is_archive, is_sidecar
from xception_gui.domain.errors import ErrorCode, Finding, JobStopped, ProgramError
from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.dataset import LeftOut, Problem
from xception_gui.domain.reasons import Reason, left_out


@dataclass(frozen=True, slots=True)
class Picture(Row):
    """A row whose file contains a usable picture."""

    sha256: str = field(kw_only=True)  # of the file's bytes

    @classmethod
    def of(cls, row: Row, sha256: str) -> "Picture":
        """Return the picture of a row."""
        return cls(row.path, row.relative, row.answers, row.part, row.group, sha256=sha256)


@dataclass(frozen=True, slots=True)
class Dataset:
    """The result of a check: a folder's listing and its usable pictures."""

    root: Path
    has_parts: bool
    pictures: tuple[Picture, ...]  # sorted by relative path
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]
    error: ProgramError | None  # why it can't be trained on
    part_folders: dict[str, Part] = field(default_factory=dict)  # folder → its part, or the part it would be

    @property
    def class_counts(self) -> dict[str, int]:
        """Usable pictures of each class, classes sorted."""
        return dict(sorted(Counter(picture.class_name for picture in self.pictures).items()))


def check_dataset(
    root: Path,
    *,
    folders: Folders = Folders.AUTO,
    for_training: bool = True,
    known_files: KnownFiles | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    stop: Callable[[], bool] = lambda: False,
) -> Dataset:
    """Look through a data set and decode every file in it once.

    Args:
        root: a folder of class folders, or of part folders that contain class folders.
        folders: what its top folders are, if a person has chosen.
        known_files: unchanged files in it aren't read again; the others are added.
        for_training: set classes aside that can't be both learned and tested; measuring a model takes one picture.
        on_progress: called with the number of files checked, and of all files.
        stop: asked after each file.

    Raises:
        ProgramError: DATASET_NOT_FOUND, DATASET_IS_ARCHIVE; PICTURES_GONE, most of them vanished meanwhile.
        JobStopped: `stop` returned true.
    """
    listing = scan(root, folders, for_training=for_training)
    return check_listing(
        listing, for_training=for_training, known_files=known_files, on_progress=on_progress, stop=stop
    )


def check_listing(
    listing: Listing,
    *,
    for_training: bool = True,
    known_files: KnownFiles | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    stop: Callable[[], bool] = lambda: False,
) -> Dataset:
    """Decode every file that a source has listed once; as `check_dataset`."""
    pictures, refused = _examine_all(listing, known_files, on_progress, stop)
    if sum(file.code == Reason.MISSING for file in refused) > len(listing.rows) / 2:
        raise ProgramError(ErrorCode.PICTURES_GONE)
    pictures, duplicates = _without_duplicates(pictures)
    pictures, small = _without_small_classes(listing, pictures) if for_training else (pictures, [])
    all_left_out = sorted([*listing.left_out, *refused, *duplicates, *small], key=lambda file: file.path)
    counts = Counter(picture.class_name for picture in pictures)
    within = _folders_within(listing, pictures)
    return Dataset(
        root=listing.root,
        has_parts=bool(listing.parts),
        pictures=tuple(pictures),
        left_out=tuple(all_left_out),
        problems=tuple(
            problems_of(
                all_left_out,
                counts,
                empty_folders=map(str, listing.empty_folders),
                not_validated=_not_validated(listing, pictures),
                alike=_names_alike(listing),
                shared_inner=_shared(within),
                parts_as_classes=_parts_taken_as_classes(within) if not _shared(within) else {},
            )
        ),
        error=_error(listing, pictures, counts),
        part_folders=listing.decision.possible,
    )


def _examine_all(
    listing: Listing,
    known_files: KnownFiles | None,
    on_progress: Callable[[int, int], None],
    stop: Callable[[], bool],
) -> tuple[list[Picture], list[LeftOut]]:
    """Return the usable pictures, sorted by relative path, and the reasons why other files aren't used."""
    pictures, unknown = _look_up(listing, known_files)
    refused: list[LeftOut] = []
    decoded: list[KnownFile] = []
    if pictures:
        on_progress(len(pictures), len(listing.rows))
    try:
        examined = read_ahead(_examine, unknown)
        for done, (file, found) in enumerate(zip(unknown, examined, strict=True), start=len(pictures) + 1):
            if stop():
                raise JobStopped
            if isinstance(found, LeftOut):
                refused.append(found)
            else:
                decoded.append(found)
                pictures.append(Picture.of(file, found.sha256))
            on_progress(done, len(listing.rows))
    finally:  # after a stop too: keep what was done
        if known_files is not None:
            known_files.remember(decoded)
    return sorted(pictures, key=lambda picture: picture.relative), refused


def _look_up(listing: Listing, known_files: KnownFiles | None) -> tuple[list[Picture], list[Row]]:
    """Divide the files into pictures that were decoded before and files to be opened."""
    if known_files is None:
        return [], list(listing.rows)
    known = known_files.below(listing.root)
    pictures, unknown = [], []
    for file in listing.rows:
        sha256 = known.sha256_of(file.path)
        if sha256 is None:
            unknown.append(file)
        else:
            pictures.append(Picture.of(file, sha256))
    return pictures, unknown


def _examine(file: Row) -> KnownFile | LeftOut:
    try:
        state = FileState.settled(file.path)  # before it is read, so that a change during reading is noticed
        with open_file(file.path) as opened:
            examine(opened)
            return KnownFile(file.path, state, content_hash(opened))
    except PictureError as error:
        return refusal(file.path, error)


_NO_PICTURES = frozenset(
    {
        Reason.NOT_A_PICTURE,
        Reason.EMPTY,
        Reason.FAILED_DOWNLOAD,
        Reason.ONLY_ZEROS,
        Reason.OTHER_FORMAT,
        Reason.OTHER_CONTENT,
    }
)


def refusal(path: Path, error: PictureError) -> LeftOut:
    """Return why a file isn't used: "no picture" becomes "damaged" if its name is that of a picture."""
    if error.reason in _NO_PICTURES and is_sidecar(path.suffix):
        return left_out(str(path), Reason.SIDECAR)
    if error.reason is Reason.NOT_A_PICTURE and is_archive(path.suffix):
        return left_out(str(path), Reason.ARCHIVE, "an archive")
    if error.reason is Reason.NOT_A_PICTURE and looks_like_a_picture(path):
        return left_out(str(path), Reason.DAMAGED, "not a picture, despite its name")
    return left_out(str(path), error.reason, error.detail)


def _without_duplicates(pictures: Iterable[Picture]) -> tuple[list[Picture], list[LeftOut]]:
    """Keep the first of byte-identical pictures by path inside a class, and none if they are in several classes."""
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


def _without_small_classes(listing: Listing, pictures: list[Picture]) -> tuple[list[Picture], list[LeftOut]]:
    """Set aside classes without training pictures, or with fewer than two pictures for training and validation."""
    trained = Counter(picture.class_name for picture in pictures if picture.may_be_learned)
    has_validation = _has_validation_folder(listing)
    counts = Counter(picture.class_name for picture in pictures) if has_validation else trained
    kept, refused = [], []
    for picture in pictures:
        if not trained[picture.class_name]:
            refused.append(left_out(str(picture.path), Reason.CLASS_NOT_TRAINED, picture.class_name))
        elif counts[picture.class_name] < 2:
            refused.append(left_out(str(picture.path), Reason.CLASS_TOO_SMALL, picture.class_name))
        else:
            kept.append(picture)
    return kept, refused


def _has_validation_folder(listing: Listing) -> bool:
    return Part.VAL in listing.parts


def _not_validated(listing: Listing, pictures: list[Picture]) -> list[str]:
    """Return the classes that are missing in a validation folder."""
    if not _has_validation_folder(listing):
        return []
    validated = {picture.class_name for picture in pictures if picture.part is Part.VAL}
    return sorted({picture.class_name for picture in pictures} - validated)


def _class_names(listing: Listing) -> set[str]:
    return {file.class_name for file in listing.rows} | {folder.name for folder in listing.empty_folders}


def _names_alike(listing: Listing) -> list[tuple[str, ...]]:
    """Return the groups of classes whose names look alike, in all parts together."""
    return names_alike(_class_names(listing))


def _folders_within(listing: Listing, pictures: list[Picture]) -> dict[str, set[str]]:
    """Return the class folders that keep most of their pictures in subfolders, with these. A stray one doesn't
    count."""
    inside: dict[str, Counter[str]] = defaultdict(Counter)
    for picture in pictures if listing.has_class_folders else ():
        folder, *below = picture.relative.split("/")[:-1]
        inside[folder][below[0] if below else ""] += 1
    return {
        folder: set(counts) - {""} for folder, counts in inside.items() if 2 * counts[""] < counts.total() and counts
    }


def _shared(within: Mapping[str, set[str]]) -> tuple[str, ...]:
    """Return the subfolders that several class folders have in common: these may be the real classes."""
    return tuple(sorted(set.intersection(*within.values()))) if len(within) > 1 else ()


def _parts_taken_as_classes(within: Mapping[str, set[str]]) -> dict[str, tuple[str, ...]]:
    """Return the folders that count as classes but are named like parts, with subfolders that may be the classes."""
    return {
        folder: tuple(sorted(inner))
        for folder, inner in within.items()
        if len(inner) > 1 and is_named_like_a_part(folder)
    }


def _error(listing: Listing, pictures: list[Picture], counts: Counter[str]) -> ProgramError | None:
    if not pictures and not listing.rows:
        return ProgramError(ErrorCode.DATASET_EMPTY, path=listing.root, **_what_lies_there(listing))
    if listing.decision.clash:
        return ProgramError(
            ErrorCode.PARTS_INCOMPLETE,
            path=listing.root,
            found=Finding.FOLDERS_HERE,
            names=listing.decision.clash,
        )
    if len(counts) < 2:
        return ProgramError(
            ErrorCode.TOO_FEW_CLASSES,
            path=listing.root,
            found=Finding.USABLE_CLASSES if counts else Finding.NO_USABLE_CLASSES,
            names=sorted(counts),
            **_a_level_too_high(listing),
        )
    if _has_validation_folder(listing) and not any(picture.part is Part.VAL for picture in pictures):
        return ProgramError(ErrorCode.NO_VALIDATION_PICTURES, path=listing.root, **_spelled_alike(listing))
    return None


def _spelled_alike(listing: Listing) -> dict[str, object]:
    groups = _names_alike(listing)
    return {"found": Finding.CLASSES_LOOK_ALIKE, "names": groups} if groups else {}


def _a_level_too_high(listing: Listing) -> dict[str, object]:
    """Return the details of a hint if the only folder here, or in each part, itself contains folders of pictures."""
    depth = 1 if listing.parts else 0
    inside: dict[str, set[str]] = defaultdict(set)
    for file in listing.rows:
        folders = file.relative.split("/")[:-1]
        inside["/".join(folders[: depth + 1])].update(folders[depth + 1 : depth + 2])
    tops = [top.split("/")[0] for top in inside]
    if not inside or len(set(tops)) < len(tops) or any(len(folders) < 2 for folders in inside.values()):
        return {}
    if listing.parts:
        return {"hint": Finding.A_LEVEL_TOO_DEEP, "inside": sorted(inside)}
    return {"hint": Finding.CHOOSE_THE_FOLDER_IN_IT, "inside": sorted(inside)} if len(inside) == 1 else {}


def _what_lies_there(listing: Listing) -> dict[str, object]:
    """Describe a folder without files in class folders, as details of an error."""
    loose = [Path(file.path) for file in listing.left_out if file.code == Reason.OUTSIDE_CLASSES]
    archives = [path.name for path in loose if is_archive(path.suffix)]
    if archives:
        return {"found": Finding.ARCHIVES, "names": archives}
    if listing.decision.parts and loose:
        where = sorted({path.parent.name for path in loose if path.parent != listing.root})
        return {"found": Finding.LOOSE_PICTURES_IN_PARTS if where else Finding.NO_FILES_IN_PARTS, "names": where}
    if loose:
        found = Finding.ONE_LOOSE_FILE if len(loose) == 1 else Finding.LOOSE_FILES
        return {"found": found, "count": len(loose)}
    return {"found": Finding.NO_FILES_IN_FOLDERS if listing.empty_folders else Finding.NO_FILES}
