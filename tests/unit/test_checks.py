"""Checking a data set: what can be used of it, what can't and why, and nothing in it is ever changed."""

import hashlib
import os
import sys
import threading
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from xception_gui.data import file_state
from xception_gui.data.cache.known_files import KnownFiles
from xception_gui.data.dataset import checks
from xception_gui.data.dataset.checks import Dataset, check_dataset, refusal
from xception_gui.data.dataset.problems import problems_of
from xception_gui.data.pictures import open_picture as images
from xception_gui.data.pictures.open_picture import PictureError, content_hash
from xception_gui.data.sources.rows import Part, Row
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.dataset import LeftOut
from xception_gui.domain.reasons import Reason
from xception_gui.words.errors import text_of
from xception_gui.words.problems import problem_text
from xception_gui.words.reasons import reason_text


def draw(root: Path, *names: str) -> Path:
    """Draw a picture for each name, every one another."""
    for seed, name in enumerate(names):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        noise = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
        Image.fromarray(noise).save(root / name)
    return root


def copy(root: Path, name: str, *copies: str) -> None:
    for other in copies:
        (root / other).parent.mkdir(parents=True, exist_ok=True)
        (root / other).write_bytes((root / name).read_bytes())


def two_classes(root: Path) -> Path:
    return draw(root, "cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png")


def two_parts(root: Path) -> Path:
    return draw(root, *(f"{part}/{name}/{i}.png" for part in ("train", "val") for name in ("cat", "dog") for i in "12"))


def check(root: Path, **options: object) -> Dataset:
    return check_dataset(root, **options)


def used(dataset: Dataset) -> list[str]:
    return [picture.relative for picture in dataset.pictures]


def left_out(dataset: Dataset) -> dict[str, str]:
    """Each file that isn't used, below the folder → why."""
    return {Path(file.path).relative_to(dataset.root).as_posix(): file.code for file in dataset.left_out}


def problems(dataset: Dataset) -> dict[str, int]:
    """Each problem → how many paths it names."""
    return {problem.code: len(problem.paths) for problem in dataset.problems}


# --- What is used -------------------------------------------------------------------------------------------------


def test_a_good_data_set_is_used_whole(tmp_path):
    dataset = check(two_classes(tmp_path))
    assert used(dataset) == ["cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png"]
    assert dataset.class_counts == {"cat": 2, "dog": 2}
    assert (dataset.left_out, dataset.problems, dataset.error) == ((), (), None)


def test_each_picture_is_known_by_its_path_class_part_and_content(tmp_path):
    draw(tmp_path, "train/cat/1.png", "train/cat/2.png", "train/dog/1.png", "val/dog/x/1.png")
    picture = check(tmp_path).pictures[-1]
    assert picture.path == tmp_path / "val" / "dog" / "x" / "1.png"
    assert (picture.relative, picture.class_name, picture.part) == ("val/dog/x/1.png", "dog", Part.VAL)
    assert picture.sha256 == content_hash(picture.path.read_bytes())


def test_files_that_are_no_pictures_are_left_out_each_with_its_reason(tmp_path):
    two_classes(tmp_path)
    good = (tmp_path / "cat" / "1.png").read_bytes()
    (tmp_path / "cat" / "cut.png").write_bytes(good[: len(good) // 2])
    (tmp_path / "cat" / "empty.png").touch()
    (tmp_path / "cat" / "words.jpg").write_text("These are words.")
    (tmp_path / "dog" / "notes.txt").write_text("These are words.")
    (tmp_path / "dog" / "phone.HEIC").write_bytes(b"\0\0\0\x18ftypheic" + bytes(40))
    (tmp_path / "stray.png").write_bytes(good)
    dataset = check(tmp_path)
    assert left_out(dataset) == {
        "cat/cut.png": Reason.DAMAGED,
        "cat/empty.png": Reason.EMPTY,
        "cat/words.jpg": Reason.OTHER_CONTENT,
        "dog/notes.txt": Reason.SIDECAR,
        "dog/phone.HEIC": Reason.DAMAGED,
        "stray.png": Reason.OUTSIDE_CLASSES,
    }
    assert used(dataset) == ["cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png"]
    assert problems(dataset) == {"unreadable": 4, "system-files": 1, "outside-classes": 1}
    assert dataset.error is None
    assert all(reason_text(file).endswith(".") and "{" not in reason_text(file) for file in dataset.left_out)


def test_a_picture_may_have_any_name(tmp_path):
    two_classes(tmp_path)
    (tmp_path / "cat" / "1.png").rename(tmp_path / "cat" / "a picture.txt")
    assert "cat/a picture.txt" in used(check(tmp_path))


def test_a_name_that_promises_a_picture_makes_unknown_contents_damaged():
    error = PictureError(Reason.NOT_A_PICTURE)
    assert refusal(Path("a.jpg"), error).code == Reason.DAMAGED
    assert refusal(Path("a.svg"), error).code == Reason.NOT_A_PICTURE
    assert refusal(Path("a.heic"), error).code == Reason.DAMAGED
    assert refusal(Path("a.jpg"), PictureError(Reason.EMPTY)).code == Reason.EMPTY


# --- Duplicates ---------------------------------------------------------------------------------------------------


def test_of_copies_in_a_class_the_first_by_path_is_used(tmp_path):
    two_classes(tmp_path)
    copy(tmp_path, "cat/1.png", "cat/3.png", "cat/0/9.png")
    dataset = check(tmp_path)
    assert used(dataset) == ["cat/0/9.png", "cat/2.png", "dog/1.png", "dog/2.png"]
    assert left_out(dataset) == {"cat/1.png": Reason.DUPLICATE, "cat/3.png": Reason.DUPLICATE}
    assert {reason_text(file) for file in dataset.left_out} == {"The file is an exact duplicate of “cat/0/9.png”."}
    assert problems(dataset) == {"duplicates": 2}


def test_of_copies_in_different_classes_none_is_used(tmp_path):
    draw(tmp_path, *(f"{name}/{i}.png" for name in ("bird", "cat", "dog") for i in "123"))
    copy(tmp_path, "cat/1.png", "dog/copy.png", "cat/copy.png", "bird/copy.png")
    dataset = check(tmp_path)
    copies = ["bird/copy.png", "cat/1.png", "cat/copy.png", "dog/copy.png"]
    assert left_out(dataset) == dict.fromkeys(copies, Reason.DUPLICATE_ACROSS_CLASSES)
    assert not set(used(dataset)) & set(copies)
    assert problems(dataset) == {"duplicates-across-classes": 4}
    for file in dataset.left_out:  # each names a copy in another class
        named = reason_text(file).split("“")[1].split("”")[0]
        assert named in copies
        assert named.split("/")[0] != Path(file.path).parent.name


def test_a_copy_is_never_on_both_sides_of_a_split(tmp_path):
    two_parts(tmp_path)
    copy(tmp_path, "train/cat/1.png", "val/cat/copy.png")
    copy(tmp_path, "val/dog/1.png", "train/dog/copy.png")
    copy(tmp_path, "train/cat/2.png", "val/dog/copy.png")
    dataset = check(tmp_path)
    assert left_out(dataset) == {
        "val/cat/copy.png": Reason.DUPLICATE,
        "val/dog/1.png": Reason.DUPLICATE,
        "train/cat/2.png": Reason.DUPLICATE_ACROSS_CLASSES,
        "val/dog/copy.png": Reason.DUPLICATE_ACROSS_CLASSES,
    }
    hashes = [picture.sha256 for picture in dataset.pictures]
    assert len(set(hashes)) == len(hashes)


# --- Classes ------------------------------------------------------------------------------------------------------


def test_a_class_with_one_picture_is_set_aside(tmp_path):
    draw(two_classes(tmp_path), "bird/1.jpg")
    dataset = check(tmp_path)
    assert dataset.class_counts == {"cat": 2, "dog": 2}
    assert left_out(dataset) == {"bird/1.jpg": Reason.CLASS_TOO_SMALL}
    assert problems(dataset) == {"class-too-small": 1}
    assert dataset.error is None


def test_a_class_that_only_copies_made_large_is_set_aside(tmp_path):
    draw(two_classes(tmp_path), "bird/1.jpg")
    copy(tmp_path, "bird/1.jpg", "bird/2.jpg", "bird/3.jpg")
    assert check(tmp_path).class_counts == {"cat": 2, "dog": 2}


def test_to_measure_a_model_one_picture_will_do(tmp_path):
    draw(tmp_path, "cat/1.png", "dog/1.jpg", "dog/2.png")
    dataset = check(tmp_path, for_training=False)
    assert dataset.class_counts == {"cat": 1, "dog": 2}
    assert dataset.left_out == ()


def test_to_measure_a_model_classes_need_no_training_folder(tmp_path):
    draw(two_parts(tmp_path), "val/bird/1.jpg")
    assert check(tmp_path, for_training=False).class_counts == {"bird": 1, "cat": 4, "dog": 4}


def test_a_class_that_the_training_folder_doesnt_have_is_left_out(tmp_path):
    two_parts(tmp_path)
    draw(tmp_path, "val/bird/1.jpg", "val/bird/2.jpg")
    dataset = check(tmp_path)
    assert dataset.class_counts == {"cat": 4, "dog": 4}
    assert left_out(dataset) == dict.fromkeys(["val/bird/1.jpg", "val/bird/2.jpg"], Reason.CLASS_NOT_TRAINED)
    assert problems(dataset) == {"class-not-trained": 2}


def test_empty_class_folders_are_named(tmp_path):
    two_classes(tmp_path)
    (tmp_path / "bird").mkdir()
    (problem,) = check(tmp_path).problems
    assert (problem.code, problem.paths) == ("empty-class", (str(tmp_path / "bird"),))


def test_empty_class_folders_of_a_part_are_named_with_it(tmp_path):
    two_parts(tmp_path)
    (tmp_path / "val" / "bird").mkdir()
    (problem,) = check(tmp_path).problems
    assert (problem.code, problem.paths) == ("empty-class", (str(tmp_path / "val" / "bird"),))


def test_unequal_classes_are_worth_a_word_from_four_times_as_many(tmp_path):
    draw(tmp_path, "cat/1.png", "cat/2.png", *(f"dog/{i}.png" for i in range(7)))
    assert check(tmp_path).problems == ()
    draw(tmp_path, "dog/7.jpg")
    (problem,) = check(tmp_path).problems
    assert problem.code == "unequal-classes"
    assert problem_text(problem) == "Few pictures of “cat” (2, against 8 “dog”). It may be missed more often."


def test_problems_are_warnings_in_whole_sentences_with_real_paths(tmp_path):
    two_classes(tmp_path)
    copy(tmp_path, "cat/1.png", "cat/copy.png")
    (tmp_path / "dog" / "empty.png").touch()
    (tmp_path / "bird").mkdir()
    for problem in check(tmp_path).problems:
        assert problem.severity == "warning"
        assert problem_text(problem).endswith(".")
        assert "{" not in problem_text(problem)
        assert all(Path(path).exists() for path in problem.paths)


# --- What can't be trained on -------------------------------------------------------------------------------------


def error_of(root: Path) -> ProgramError:
    error = check(root).error
    assert error is not None
    assert error.details["path"] == str(root)
    return error


def test_an_empty_folder_cant_be_trained_on(tmp_path):
    assert error_of(tmp_path).code is ErrorCode.DATASET_EMPTY


def test_pictures_without_class_folders_are_counted_in_the_explanation(tmp_path):
    error = error_of(draw(tmp_path, "1.png", "2.png", "3.png"))
    assert error.code is ErrorCode.DATASET_EMPTY
    assert "All 3 files are in one folder" in text_of(error).why


def test_one_class_cant_be_trained_on(tmp_path):
    error = error_of(draw(tmp_path, "cat/1.png", "cat/2.png", "dog/1.jpg"))
    assert error.code is ErrorCode.TOO_FEW_CLASSES
    assert "“cat”" in text_of(error).why
    assert "dog" not in text_of(error).why


def test_files_that_are_no_pictures_cant_be_trained_on(tmp_path):
    for name in ("cat", "dog"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(name)
    error = error_of(tmp_path)
    assert error.code is ErrorCode.TOO_FEW_CLASSES
    assert "no usable classes" in text_of(error).why


def test_a_validation_folder_without_pictures_of_the_classes_is_refused(tmp_path):
    draw(tmp_path, "train/cat/1.png", "train/cat/2.png", "train/dog/1.png", "train/dog/2.png", "val/bird/1.png")
    assert error_of(tmp_path).code is ErrorCode.NO_VALIDATION_PICTURES


def test_a_folder_that_isnt_there_is_refused(tmp_path):
    with pytest.raises(ProgramError) as caught:
        check(tmp_path / "nowhere")
    assert caught.value.code is ErrorCode.DATASET_NOT_FOUND


# --- How it goes about it -----------------------------------------------------------------------------------------


def state_of(root: Path) -> dict[str, tuple[str, int, int]]:
    """All that is below a folder: its bytes, its time, its rights."""
    return {
        path.relative_to(root).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder",
            path.stat().st_mtime_ns,
            path.stat().st_mode,
        )
        for path in [root, *root.rglob("*")]
    }


def test_the_persons_folder_is_left_exactly_as_it_was(tmp_path):
    two_parts(tmp_path)
    copy(tmp_path, "train/cat/1.png", "val/cat/copy.png", "train/dog/copy.png")
    (tmp_path / "train" / "cat" / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / "train" / "bird").mkdir()
    before = state_of(tmp_path)
    check(tmp_path)
    assert state_of(tmp_path) == before


@pytest.fixture
def settled(monkeypatch):
    """Files count as unchanged as soon as they are written."""
    monkeypatch.setattr(file_state, "COARSEST_CLOCK", 0)


def opened_in(check_again, monkeypatch) -> list[str]:
    """Name the files that a check opens."""
    opened = []
    really = checks.open_file
    monkeypatch.setattr(checks, "open_file", lambda path: opened.append(path.name) or really(path))
    check_again()
    monkeypatch.setattr(checks, "open_file", really)
    return sorted(opened)


def test_a_file_that_has_not_changed_is_not_opened_again(tmp_path, settled, monkeypatch):
    dataset = two_parts(tmp_path / "pictures")
    known_files = KnownFiles(tmp_path / "files.sqlite3")
    first = check(dataset, known_files=known_files)
    again = []
    assert opened_in(lambda: again.append(check(dataset, known_files=known_files)), monkeypatch) == []
    assert again == [first]


def written_over(picture: Path, contents: bytes) -> None:
    picture.write_bytes(contents)


def put_in_its_place(picture: Path, contents: bytes) -> None:
    (picture.parent / "new").write_bytes(contents)
    (picture.parent / "new").replace(picture)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows doesn't tell when a file was written over in place")
@pytest.mark.parametrize("rewrite", [written_over, put_in_its_place])
def test_a_picture_rewritten_with_its_size_and_its_time_is_another_one(tmp_path, settled, rewrite):
    dataset = two_parts(tmp_path / "pictures")
    known_files = KnownFiles(tmp_path / "files.sqlite3")
    check(dataset, known_files=known_files)
    picture = dataset / "train" / "cat" / "1.png"
    status = picture.stat()
    rewrite(picture, b"x" * status.st_size)
    os.utime(picture, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert left_out(check(dataset, known_files=known_files)) == {"train/cat/1.png": Reason.OTHER_CONTENT}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows doesn't tell when a file was renamed")
def test_two_pictures_that_swap_their_names_swap_what_they_hold(tmp_path, settled):
    dataset = two_parts(tmp_path / "pictures")
    one, other = dataset / "train" / "cat" / "1.png", dataset / "train" / "dog" / "1.png"
    one.write_bytes(one.read_bytes().ljust(10_000, b"x"))
    other.write_bytes(other.read_bytes().ljust(10_000, b"x"))
    for file in (one, other):
        os.utime(file, (10**9, 10**9))
    known_files = KnownFiles(tmp_path / "files.sqlite3")
    before = {picture.relative: picture.sha256 for picture in check(dataset, known_files=known_files).pictures}
    one.rename(dataset / "between")
    other.rename(one)
    (dataset / "between").rename(other)
    after = {picture.relative: picture.sha256 for picture in check(dataset, known_files=known_files).pictures}
    assert after["train/cat/1.png"] == before["train/dog/1.png"] != before["train/cat/1.png"]


def test_a_large_picture_that_is_rewritten_while_it_is_read_is_not_taken_for_what_it_was(tmp_path, monkeypatch):
    picture = tmp_path / "a.png"
    noise = np.random.default_rng(0).integers(0, 256, (1200, 1200, 3), np.uint8)
    Image.fromarray(noise).save(picture)
    assert picture.stat().st_size > images.READ_AT_ONCE
    really = checks.examine

    def examine_and_rewrite(file) -> None:
        really(file)
        Image.fromarray(noise[::-1]).save(picture)

    monkeypatch.setattr(checks, "examine", examine_and_rewrite)
    found = checks._examine(Row(picture, "a.png", {"class": "a"}))
    assert isinstance(found, LeftOut) and found.code == Reason.UNREADABLE and "changed while" in reason_text(found)


def test_a_file_with_another_time_or_size_is_opened_again(tmp_path, settled):
    dataset = two_parts(tmp_path / "pictures")
    known_files = KnownFiles(tmp_path / "files.sqlite3")
    check(dataset, known_files=known_files)
    (dataset / "train" / "cat" / "1.png").write_bytes(b"no picture")
    assert left_out(check(dataset, known_files=known_files)) == {"train/cat/1.png": Reason.OTHER_CONTENT}


def test_a_file_that_changed_just_now_is_opened_again(tmp_path):
    dataset = two_parts(tmp_path / "pictures")
    known_files = KnownFiles(tmp_path / "files.sqlite3")
    check(dataset, known_files=known_files)
    assert known_files.sha256_of(dataset / "train" / "cat" / "1.png") is None


@pytest.mark.parametrize("step", ["examine", "content_hash"])
def test_a_file_that_changes_while_it_is_read_is_opened_again(tmp_path, monkeypatch, settled, step):
    """What is known of a file goes with how it was before anything of it was read."""
    dataset = two_parts(tmp_path / "pictures")
    picture = dataset / "train" / "cat" / "1.png"
    whole = picture.read_bytes()
    known_files = KnownFiles(tmp_path / "files.sqlite3")
    really = getattr(checks, step)

    def changing(*given):
        found = really(*given)
        if picture.read_bytes() == whole:  # somebody writes another version of it just now
            picture.write_bytes(b"no picture")
        return found

    monkeypatch.setattr(checks, step, changing)
    monkeypatch.setattr(checks, "read_ahead", lambda work, files: map(work, files))
    check(dataset, known_files=known_files)
    monkeypatch.setattr(checks, step, really)
    assert known_files.sha256_of(picture) is None
    assert left_out(check(dataset, known_files=known_files)) == {"train/cat/1.png": Reason.OTHER_CONTENT}


def test_what_was_looked_at_before_a_stop_is_known(tmp_path, settled):
    dataset = two_parts(tmp_path / "pictures")
    known_files = KnownFiles(tmp_path / "files.sqlite3")
    answers = iter([False, True])
    with pytest.raises(JobStopped):
        check(dataset, known_files=known_files, stop=lambda: next(answers))
    assert known_files.sha256_of(dataset / "train" / "cat" / "1.png") is not None
    assert known_files.sha256_of(dataset / "val" / "dog" / "2.png") is None


def test_progress_counts_every_file_once(tmp_path):
    two_classes(tmp_path)
    (tmp_path / "dog" / "notes.txt").write_text("no picture")
    (tmp_path / "stray.txt").touch()
    steps: list[tuple[int, int]] = []
    check(tmp_path, on_progress=lambda done, total: steps.append((done, total)))
    assert steps == [(i, 5) for i in range(1, 6)]


def test_a_check_can_be_stopped_between_two_files(tmp_path):
    two_classes(tmp_path)
    threads = threading.active_count()
    answers = iter([False, False, True])
    steps: list[int] = []
    with pytest.raises(JobStopped):
        check(tmp_path, stop=lambda: next(answers), on_progress=lambda done, total: steps.append(done))
    assert steps == [1, 2]
    assert threading.active_count() == threads


# --- In which words --------------------------------------------------------------------------------------------------


def found_in(root: Path) -> tuple[ErrorCode, str]:
    error = error_of(root)
    return error.code, text_of(error).why


def test_a_training_folder_alone_is_no_data_set_and_its_names_are_told(tmp_path):
    draw(tmp_path, "train/cat/1.png", "train/cat/2.png", "train/dog/1.png", "train/dog/2.png")
    assert found_in(tmp_path) == (
        ErrorCode.PARTS_INCOMPLETE,
        "Folders found: “train”. A split needs one training folder, and a validation folder, a test folder or both.",
    )
    draw(tmp_path, "cat/1.png", "cat/2.png", "train/cat/1.png", "train/cat/2.png")
    assert check(tmp_path).error is None  # two classes, whatever they are called


@pytest.mark.parametrize(
    ("names", "hint"),
    [
        (["pets/cat/1.png", "pets/dog/1.png"], "Perhaps you meant “pets”, which contains folders itself."),
        (["pets/cat/a/1.png", "pets/cat/b/1.png"], ""),  # one class
        (["pets/cat/a/1.png", "pets/1.png"], ""),
        (["pets/cat/1.png", "pets/dog/1.png", "more/1.png"], ""),
    ],
)
def test_a_folder_that_lies_a_level_too_high_is_told_as_that(tmp_path, names, hint):
    error = error_of(draw(tmp_path, *names))
    assert error.code is ErrorCode.TOO_FEW_CLASSES
    assert text_of(error).why.endswith(f"Usable classes: “pets”. {hint}".strip())


def test_no_usable_class_is_told_as_none(tmp_path):
    (tmp_path / "cat").mkdir()
    (tmp_path / "cat" / "1.png").write_bytes(b"words")
    code, found = found_in(tmp_path)
    assert code is ErrorCode.TOO_FEW_CLASSES and found.endswith(" There are no usable classes.")


def test_a_folder_without_files_in_classes_says_what_lies_there(tmp_path):
    assert found_in(tmp_path) == (ErrorCode.DATASET_EMPTY, "This folder is empty.")
    (tmp_path / "cat").mkdir()
    assert found_in(tmp_path) == (ErrorCode.DATASET_EMPTY, "The folders inside contain no files.")
    draw(tmp_path, "1.png", "2.png")
    assert "All 2 files are in one folder" in str(found_in(tmp_path)[1])
    (tmp_path / "pets.zip").touch()
    assert "unpack “pets.zip” first" in str(found_in(tmp_path)[1])
    draw(tmp_path, "train/1.png", "test/2.png")
    (tmp_path / "pets.zip").unlink()
    assert "The pictures in “test”, “train” are not in class folders." in str(found_in(tmp_path)[1])


def test_each_copy_is_told_with_the_picture_that_it_is_a_copy_of(tmp_path):
    draw(tmp_path, "cat/b.png", "dog/1.png", "dog/2.png", "cat/x.png", "cat/y.png")
    copy(tmp_path, "cat/b.png", "cat/c.png", "cat/d.png")
    copy(tmp_path, "cat/x.png", "cat/z.png", "dog/x.png", "eel/x.png")
    dataset = check(tmp_path)
    told = {Path(file.path).relative_to(tmp_path).as_posix(): file for file in dataset.left_out}
    assert {name: file.code for name, file in told.items()} == {
        **dict.fromkeys(["cat/c.png", "cat/d.png"], Reason.DUPLICATE),
        **dict.fromkeys(["cat/x.png", "cat/z.png", "dog/x.png", "eel/x.png"], Reason.DUPLICATE_ACROSS_CLASSES),
    }
    for name, other in {"c": "cat/b.png", "x": "dog/x.png", "z": "dog/x.png"}.items():
        assert other in reason_text(told[f"cat/{name}.png"])
    assert "cat/x.png" in reason_text(told["dog/x.png"]) and "cat/x.png" in reason_text(told["eel/x.png"])
    assert [file.path for file in dataset.left_out] == sorted(file.path for file in dataset.left_out)
    assert used(dataset) == ["cat/b.png", "cat/y.png", "dog/1.png", "dog/2.png"]


def test_classes_that_the_validation_folder_lacks_are_named_in_order(tmp_path):
    names = [f"train/{name}/{i}.png" for name in ("eel", "dog", "cat") for i in "12"]
    draw(tmp_path, *names, "val/dog/3.png")
    (problem,) = check(tmp_path).problems
    assert (problem.code, problem.details) == ("class-not-validated", {"names": ("cat", "eel")})
    assert problem_text(problem).startswith("Accuracy can't be measured for “cat”, “eel”: ")


def test_classes_are_unequal_by_the_largest_and_the_smallest_of_them():
    listed = problems_of([], Counter(cat=3, dog=8, eel=2), empty_folders=["a", "b"], not_validated=[])
    assert [(problem.code, problem.paths) for problem in listed] == [
        ("empty-class", ("a", "b")),
        ("unequal-classes", ()),
    ]
    assert listed[0].details == {"count": 2}
    assert listed[1].details == {"most": "dog", "many": 8, "least": "eel", "few": 2}
    for counts in (Counter(cat=3, dog=7, eel=2), Counter(cat=9), Counter[str]()):
        assert problems_of([], counts, empty_folders=[], not_validated=[]) == []


@pytest.mark.parametrize(
    ("group", "reasons"),
    [
        ("duplicates", ["DUPLICATE"]),
        ("duplicates-across-classes", ["DUPLICATE_ACROSS_CLASSES"]),
        ("class-too-small", ["CLASS_TOO_SMALL"]),
        ("class-not-trained", ["CLASS_NOT_TRAINED"]),
        ("outside-classes", ["OUTSIDE_CLASSES"]),
        ("system-files", ["SYSTEM", "SIDECAR"]),
        (None, ["CLASS_SPELLED_DIFFERENTLY", "HIDDEN", "LINK_LOOP", "CLASS_UNKNOWN", "CHANGED"]),
        ("unreadable", None),
    ],
)
def test_every_reason_has_its_group(group, reasons):
    others = {"DUPLICATE", "DUPLICATE_ACROSS_CLASSES", "CLASS_TOO_SMALL", "CLASS_NOT_TRAINED", "OUTSIDE_CLASSES"}
    others |= {
        "SYSTEM",
        "SIDECAR",
        "OUTSIDE_PARTS",
        "CLASS_SPELLED_DIFFERENTLY",
        "HIDDEN",
        "LINK_LOOP",
        "CLASS_UNKNOWN",
        "CHANGED",
    }
    reasons = reasons or [reason.name for reason in Reason if reason.name not in others]
    files = [LeftOut(f"{name}.png", Reason[name]) for name in reasons]
    found = problems_of(files, Counter(), empty_folders=[], not_validated=[])
    if group is None:
        assert found == []
        return
    (problem,) = found
    assert (problem.code, problem.paths) == (group, tuple(file.path for file in files))
    assert problem.details["count"] == len(files) and str(len(files)) in problem_text(problem)


# --- What its folders are taken for ----------------------------------------------------------------------------------


def test_folders_beside_the_parts_are_named(tmp_path):
    two_parts(tmp_path)
    draw(tmp_path, "sample/train/cat/1.png", "runs/1.png")
    dataset = check(tmp_path)
    assert set(dataset.class_counts) == {"cat", "dog"} and dataset.error is None
    (problem,) = dataset.problems
    assert (problem.code, problem.details) == ("outside-parts", {"names": ("runs", "sample")})
    assert problem.paths == (str(tmp_path / "runs"), str(tmp_path / "sample"))
    assert dataset.part_folders == {"train": Part.TRAIN, "val": Part.VAL}


def test_folders_that_were_said_to_be_classes_are(tmp_path):
    two_parts(tmp_path)
    dataset = check(tmp_path, folders=Folders.CLASSES)
    assert not dataset.has_parts and set(dataset.class_counts) == {"train", "val"}
    assert dataset.part_folders == {"train": Part.TRAIN, "val": Part.VAL}  # so that it can be said otherwise
    assert problems(dataset) == {"same-inner-folders": 0}


def test_without_a_validation_folder_a_class_needs_two_pictures_to_train_on(tmp_path):
    names = [f"train/{name}/{i}.png" for name in ("cat", "dog") for i in "12"]
    draw(tmp_path, *names, "train/eel/1.png", "test/cat/3.png", "test/eel/2.png", "test/eel/3.png")
    dataset = check(tmp_path)
    assert set(dataset.class_counts) == {"cat", "dog"} and dataset.error is None
    assert left_out(dataset)["train/eel/1.png"] == Reason.CLASS_TOO_SMALL


@pytest.mark.parametrize(
    ("names", "inner"),
    [
        (["cats/indoor", "dogs/indoor"], ("indoor",)),
        (["one/cats", "one/dogs", "two/cats", "two/dogs", "two/eels"], ("cats", "dogs")),
        (["cats/indoor", "dogs/outdoor"], None),
        (["cats/indoor", "dogs", "dogs/indoor"], None),
        (["trainval/cats", "trainval/dogs", "holdout/cats", "holdout/dogs", "for later"], ("cats", "dogs")),
    ],
)
def test_folders_that_every_class_folder_holds_are_told(tmp_path, names, inner):
    draw(tmp_path, *(f"{name}/{i}.png" for name in names for i in "12"))
    told = {problem.code: problem.details["names"] for problem in check(tmp_path).problems}
    assert told == ({"same-inner-folders": inner} if inner else {})


def test_a_stray_picture_hides_no_folders_that_class_folders_hold(tmp_path):
    draw(tmp_path, *(f"{name}/indoor/{i}.png" for name in ("cats", "dogs") for i in "12"), "cats/stray.png")
    assert problems(check(tmp_path)) == {"same-inner-folders": 0}


def test_a_training_folder_that_counts_as_a_class_is_told(tmp_path):
    draw(tmp_path, *(f"{name}/{i}.png" for name in ("train/cats", "train/dogs", "for later") for i in "12"))
    (problem,) = check(tmp_path).problems
    assert (problem.code, problem.details) == ("part-as-class", {"folder": "train", "names": ("cats", "dogs")})
    assert "choose “train” instead" in problem_text(problem)


def test_vehicles_may_be_trains_of_several_years(tmp_path):
    draw(tmp_path, *(f"train/2020/{i}.png" for i in "12"), "train/3.png", "car/1.png", "car/2.png")
    assert check(tmp_path).problems == ()


def test_class_folders_a_level_too_deep_in_the_parts_are_told(tmp_path):
    draw(tmp_path, *(f"seg_{p}/seg_{p}/{name}/{i}.png" for p in ("train", "test") for name in ("a", "b") for i in "12"))
    code, found = found_in(tmp_path)
    assert code is ErrorCode.TOO_FEW_CLASSES
    assert "one level too deep, in “seg_test/seg_test”, “seg_train/seg_train”" in str(found)


# --- Names that look alike -------------------------------------------------------------------------------------------


def test_classes_whose_names_look_alike_are_told_and_stay_what_they_are(tmp_path):
    draw(tmp_path, *(f"{name}/{i}.png" for name in ("Cat", "cat", "dog", "dog ") for i in "12"))
    dataset = check(tmp_path)
    (problem,) = dataset.problems
    assert (problem.code, problem.details) == ("class-names-alike", {"names": (("Cat", "cat"), ("dog", "dog "))})
    assert set(dataset.class_counts) == {"Cat", "cat", "dog", "dog "} and dataset.error is None


def test_a_validation_part_that_is_lost_by_its_spelling_is_told(tmp_path):
    names = [f"train/{name}/{i}.png" for name in ("Cat", "caf\u00e9") for i in "12"]
    draw(tmp_path, *names, "val/cat/3.png", "val/cafe\u0301/3.png")
    code, found = found_in(tmp_path)
    assert code is ErrorCode.NO_VALIDATION_PICTURES and "“Cat”, “cat”" in str(found)
    assert "class-names-alike" in problems(check(tmp_path))


# --- What isn't a picture, and nobody's fault ------------------------------------------------------------------------


def test_files_of_systems_and_about_pictures_take_one_line_and_archives_say_what_to_do(tmp_path):
    two_classes(tmp_path)
    draw(tmp_path, "cat/@eaDir/1.png", "#recycle/1.png")
    for name in ("cat/1.json", "cat/1.png.xmp", "dog/Thumbs.db", "dog/labels.csv"):
        (tmp_path / name).write_text("words")
    (tmp_path / "dog" / "empty.txt").touch()
    (tmp_path / "dog" / "more.tar.gz").write_bytes(b"\x1f\x8b words")
    dataset = check(tmp_path)
    assert problems(dataset) == {"unreadable": 1, "system-files": 7}
    assert left_out(dataset)["dog/more.tar.gz"] == Reason.ARCHIVE
    assert used(dataset) == ["cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png"]


def test_an_archive_in_the_place_of_a_folder_is_to_be_unpacked(tmp_path):
    (tmp_path / "pets.zip").write_bytes(b"PK")
    with pytest.raises(ProgramError) as caught:
        check(tmp_path / "pets.zip")
    assert caught.value.code is ErrorCode.DATASET_IS_ARCHIVE and "Unpack" in text_of(caught.value).fix


# --- A folder that vanishes ------------------------------------------------------------------------------------------


def test_pictures_that_vanish_while_they_are_looked_at_are_told_as_gone(tmp_path):
    draw(tmp_path, *(f"{name}/{i}.png" for name in ("cat", "dog") for i in range(100)))

    def unplug(done: int, total: int) -> None:
        if done == 1:
            (tmp_path / "cat").rename(tmp_path.parent / f"{tmp_path.name} cat")
            (tmp_path / "dog").rename(tmp_path.parent / f"{tmp_path.name} dog")

    with pytest.raises(ProgramError) as caught:
        check(tmp_path, on_progress=unplug)
    assert caught.value.code is ErrorCode.PICTURES_GONE
