"""Looking through a folder: every file is found in its class, or accounted for with a reason."""

import contextlib
import multiprocessing
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import disks
from tests.disks import NOBODY
from xception_gui.data.sources.dataset_folder import scan
from xception_gui.data.sources.listing import Listing
from xception_gui.data.sources.rows import Part
from xception_gui.data.sources.walker import files_below
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.folders import Folders
from xception_gui.domain.reasons import Reason
from xception_gui.words.errors import text_of
from xception_gui.words.reasons import reason_text


def make_files(root: Path, *names: str) -> Path:
    """Make files of a few bytes, with the folders that they lie in."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode("utf-8", "surrogateescape"))
    return root


def classes_of(listing: Listing) -> dict[str, str]:
    """Each file that was found → its class."""
    return {file.relative: file.class_name for file in listing.rows}


def parts_of(listing: Listing) -> dict[str, Part]:
    return {file.relative: file.part for file in listing.rows}


def reasons_of(listing: Listing) -> dict[str, str]:
    """Each file that was left out, below the folder → why."""
    return {os.path.relpath(file.path, listing.root): file.code for file in listing.left_out}


# --- Class folders ------------------------------------------------------------------------------------------------


def test_each_folder_is_a_class(tmp_path):
    make_files(tmp_path, "cat/1.jpg", "dog/2.jpg", "dog/1.jpg")
    listing = scan(tmp_path)
    assert classes_of(listing) == {"cat/1.jpg": "cat", "dog/1.jpg": "dog", "dog/2.jpg": "dog"}
    assert not listing.parts
    assert set(parts_of(listing).values()) == {None}
    assert listing.left_out == ()


def test_files_are_listed_in_the_same_order_everywhere(tmp_path):
    make_files(tmp_path, "b/2", "b/10", "a/ü", "a/z", "a/inside/1", "B/1")
    wanted = ["B/1", "a/inside/1", "a/z", "a/ü", "b/10", "b/2"]
    assert [file.relative for file in scan(tmp_path).rows] == wanted


def test_paths_are_the_data_sets_own_joined_with_what_lies_below(tmp_path, monkeypatch):
    make_files(tmp_path, "cat/1.jpg")
    monkeypatch.chdir(tmp_path.parent)
    (file,) = scan(Path(tmp_path.name)).rows
    assert str(file.path) == str(Path(tmp_path.name, "cat", "1.jpg"))


def test_pictures_deeper_down_belong_to_the_class_folder_at_the_top(tmp_path):
    make_files(tmp_path, "cat/2023/may/1.jpg", "cat/dog/2.jpg", "dog/1.jpg")
    assert classes_of(scan(tmp_path)) == {"cat/2023/may/1.jpg": "cat", "cat/dog/2.jpg": "cat", "dog/1.jpg": "dog"}


def test_folders_may_lie_very_deep(tmp_path):
    depth = 1_500  # deeper than Python's recursion goes
    with contextlib.chdir(tmp_path):
        for _ in range(depth):  # step by step: no system takes so long a path at once
            Path("d").mkdir()
            os.chdir("d")
        Path("deep.jpg").touch()
    try:
        (file,) = scan(tmp_path).rows
        assert (file.class_name, file.path.name) == ("d", "deep.jpg")
    finally:
        with contextlib.chdir(tmp_path.joinpath(*["d"] * depth)):
            Path("deep.jpg").unlink()
            for _ in range(depth):
                os.chdir("..")
                Path("d").rmdir()


def test_files_of_any_kind_are_listed_without_being_opened(tmp_path):
    make_files(tmp_path, "cat/notes.txt", "cat/1.jpg")
    (tmp_path / "cat" / "empty.png").touch()
    assert set(classes_of(scan(tmp_path))) == {"cat/1.jpg", "cat/empty.png", "cat/notes.txt"}


def test_files_beside_the_class_folders_are_left_out(tmp_path):
    make_files(tmp_path, "cat/1.jpg", "dog/1.jpg", "readme.txt", "stray.jpg")
    listing = scan(tmp_path)
    assert set(classes_of(listing)) == {"cat/1.jpg", "dog/1.jpg"}
    assert reasons_of(listing) == {"readme.txt": Reason.OUTSIDE_CLASSES, "stray.jpg": Reason.OUTSIDE_CLASSES}


def test_hidden_files_and_folders_are_left_out_at_any_depth(tmp_path):
    make_files(tmp_path, ".git/a", ".DS_Store", "cat/.DS_Store", "cat/.thumbs/1.jpg", "cat/1.jpg", "cat/x/.y/z")
    listing = scan(tmp_path)
    assert set(classes_of(listing)) == {"cat/1.jpg"}
    assert reasons_of(listing) == dict.fromkeys(
        [".git", ".DS_Store", "cat/.DS_Store", "cat/.thumbs", "cat/x/.y"], Reason.HIDDEN
    )


def test_class_folders_without_files_are_named(tmp_path):
    make_files(tmp_path, "cat/1.jpg", "bird/.hidden")
    (tmp_path / "dog" / "inside").mkdir(parents=True)
    assert scan(tmp_path).empty_folders == (tmp_path / "bird", tmp_path / "dog")


def test_an_empty_folder_holds_nothing(tmp_path):
    listing = scan(tmp_path)
    assert (listing.rows, listing.left_out, listing.empty_folders) == ((), (), ())


# --- Train and validation folders ---------------------------------------------------------------------------------


@pytest.mark.parametrize("train", ["train", "training", "Train", "TRAINING"])
@pytest.mark.parametrize("val", ["val", "valid", "validation", "Val", "VALIDATION"])
def test_train_and_validation_folders_are_told_by_their_names(tmp_path, train, val):
    make_files(tmp_path, f"{train}/cat/1", f"{train}/dog/x/2", f"{val}/cat/3")
    listing = scan(tmp_path)
    assert listing.parts
    assert parts_of(listing) == {f"{train}/cat/1": Part.TRAIN, f"{train}/dog/x/2": Part.TRAIN, f"{val}/cat/3": Part.VAL}
    assert sorted(classes_of(listing).values()) == ["cat", "cat", "dog"]


@pytest.mark.parametrize("test", ["test", "testing", "Test"])
def test_a_test_folder_may_lie_beside_them(tmp_path, test):
    make_files(tmp_path, "train/cat/1", "val/cat/2", f"{test}/cat/3")
    assert parts_of(scan(tmp_path)) == {"train/cat/1": Part.TRAIN, "val/cat/2": Part.VAL, f"{test}/cat/3": Part.TEST}


@pytest.mark.parametrize(
    "names",
    [
        ("train",),
        ("val", "test"),
        ("train", "training", "val"),
        ("train", "val", "valid"),
        ("train", "val", "test", "testing"),
        ("trains", "val"),
        ("train", "bus", "car"),
    ],
)
def test_any_other_set_of_folders_is_taken_for_classes(tmp_path, names):
    make_files(tmp_path, *(f"{name}/cat/1.jpg" for name in names))
    listing = scan(tmp_path)
    assert not listing.parts
    assert classes_of(listing) == {f"{name}/cat/1.jpg": name for name in names}


def test_what_lies_beside_the_parts_is_left_out_as_one_thing_each(tmp_path):
    make_files(tmp_path, "train/cat/1", "valid/cat/2", "sample/train/cat/3", "sample/valid/cat/4", "runs/1/a", "x.csv")
    (tmp_path / "empty").mkdir()
    listing = scan(tmp_path)
    assert parts_of(listing) == {"train/cat/1": Part.TRAIN, "valid/cat/2": Part.VAL}
    assert reasons_of(listing) == {
        **dict.fromkeys(["empty", "runs", "sample"], Reason.OUTSIDE_PARTS),
        "x.csv": Reason.OUTSIDE_CLASSES,
    }


def test_a_person_may_say_what_the_folders_are(tmp_path):
    make_files(tmp_path, "train/cat/1.jpg", "test/cat/2.jpg")
    assert set(classes_of(scan(tmp_path, Folders.CLASSES)).values()) == {"train", "test"}
    assert scan(tmp_path, Folders.PARTS).parts and scan(tmp_path).parts


def test_files_and_folders_of_systems_are_left_out_at_any_depth(tmp_path):
    make_files(tmp_path, "cat/1.jpg", "cat/@eaDir/1.jpg/SYNOPHOTO_THUMB_M.jpg", "cat/x/Thumbs.db", "dog/1.jpg")
    make_files(tmp_path, "#recycle/old.jpg", "$RECYCLE.BIN/S-1-5/1.jpg", "__MACOSX/cat/1.jpg", "lost+found/1.jpg")
    listing = scan(tmp_path)
    assert classes_of(listing) == {"cat/1.jpg": "cat", "dog/1.jpg": "dog"}
    outside = ["#recycle", "$RECYCLE.BIN", "__MACOSX", "lost+found", "cat/@eaDir", "cat/x/Thumbs.db"]
    assert reasons_of(listing) == dict.fromkeys(outside, Reason.SYSTEM)
    files, others = files_below(tmp_path)
    assert [path.name for path in files] == ["1.jpg", "1.jpg"] and len(others) == len(outside)


def test_files_and_hidden_folders_beside_train_and_val_change_nothing(tmp_path):
    make_files(tmp_path, "train/cat/1", "val/cat/2", "labels.csv", ".cache/x", "train/stray.jpg", "val/.DS_Store")
    listing = scan(tmp_path)
    assert listing.parts
    assert set(parts_of(listing)) == {"train/cat/1", "val/cat/2"}
    assert reasons_of(listing) == {
        "labels.csv": Reason.OUTSIDE_CLASSES,
        ".cache": Reason.HIDDEN,
        "train/stray.jpg": Reason.OUTSIDE_CLASSES,
        "val/.DS_Store": Reason.HIDDEN,
    }


def test_a_class_that_is_empty_in_one_part_only_is_named_with_its_part(tmp_path):
    make_files(tmp_path, "train/cat/1", "val/cat/2", "val/dog/3")
    (tmp_path / "train" / "dog").mkdir()
    assert scan(tmp_path).empty_folders == (tmp_path / "train" / "dog",)


# --- Links, and what is no file -----------------------------------------------------------------------------------


def test_links_to_files_and_folders_are_followed(tmp_path):
    elsewhere = make_files(tmp_path / "elsewhere", "many/1.jpg", "one.jpg")
    data = make_files(tmp_path / "data", "cat/own.jpg")
    (data / "cat" / "link.jpg").symlink_to(elsewhere / "one.jpg")
    (data / "dog").symlink_to(elsewhere / "many", target_is_directory=True)
    assert classes_of(scan(data)) == {"cat/link.jpg": "cat", "cat/own.jpg": "cat", "dog/1.jpg": "dog"}


def test_links_that_lead_in_a_circle_end(tmp_path):
    make_files(tmp_path, "cat/1.jpg", "cat/deep/2.jpg")
    (tmp_path / "cat" / "deep" / "up").symlink_to(tmp_path / "cat")
    (tmp_path / "cat" / "top").symlink_to(tmp_path)
    (tmp_path / "cat" / "itself").symlink_to(tmp_path / "cat" / "itself")
    listing = scan(tmp_path)
    assert set(classes_of(listing)) == {"cat/1.jpg", "cat/deep/2.jpg"}
    assert reasons_of(listing) == {
        "cat/deep/up": Reason.LINK_LOOP,
        "cat/top": Reason.LINK_LOOP,
        "cat/itself": Reason.BROKEN_LINK,
    }


def test_a_class_keeps_its_pictures_where_another_class_links_to_it(tmp_path):
    make_files(tmp_path, "a/1.jpg", "b/2.jpg")
    (tmp_path / "a" / "link").symlink_to(tmp_path / "b")
    (tmp_path / "alias of b").symlink_to(tmp_path / "b")
    listing = scan(tmp_path)
    assert classes_of(listing) == {"a/1.jpg": "a", "b/2.jpg": "b"}
    assert reasons_of(listing) == {"a/link": Reason.LINK_LOOP, "alias of b": Reason.LINK_LOOP}


def test_the_same_folder_as_train_and_val_is_read_once(tmp_path):
    make_files(tmp_path, "train/cat/1.jpg")
    (tmp_path / "val").symlink_to(tmp_path / "train")
    listing = scan(tmp_path)
    assert parts_of(listing) == {"train/cat/1.jpg": Part.TRAIN}
    assert reasons_of(listing) == {"val": Reason.LINK_LOOP}


def test_broken_links_are_left_out(tmp_path):
    make_files(tmp_path, "cat/1.jpg")
    (tmp_path / "cat" / "gone.jpg").symlink_to(tmp_path / "nowhere")
    (tmp_path / "dog").symlink_to(tmp_path / "nowhere")
    listing = scan(tmp_path)
    assert set(classes_of(listing)) == {"cat/1.jpg"}
    assert reasons_of(listing) == {"cat/gone.jpg": Reason.BROKEN_LINK, "dog": Reason.OUTSIDE_CLASSES}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no pipes with names")
def test_pipes_and_sockets_are_never_opened(tmp_path, monkeypatch):
    make_files(tmp_path, "cat/1.jpg")
    os.mkfifo(tmp_path / "cat" / "pipe.jpg")  # whoever opened it would wait for a writer
    os.mkfifo(tmp_path / "pipe.jpg")
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("cat/socket.jpg")
        listing = scan(tmp_path)
    assert set(classes_of(listing)) == {"cat/1.jpg"}
    assert reasons_of(listing) == {
        "cat/pipe.jpg": Reason.NOT_A_FILE,
        "cat/socket.jpg": Reason.NOT_A_FILE,
        "pipe.jpg": Reason.OUTSIDE_CLASSES,
    }


# --- What can't be read -------------------------------------------------------------------------------------------


def scan_as_nobody(root: Path, answers: "multiprocessing.Queue[object]") -> None:
    """In a process of its own: root may read everything, so become somebody else first."""
    if os.getuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    try:
        listing = scan(root)
        answers.put((set(classes_of(listing)), reasons_of(listing), [reason_text(file) for file in listing.left_out]))
    except ProgramError as error:
        answers.put(error.code)


def answer_of_nobody(root: Path) -> object:
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[object] = context.Queue()
    process = context.Process(target=scan_as_nobody, args=(root, answers))
    process.start()
    try:
        return answers.get(timeout=60)
    finally:
        process.join()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody can reach."""
    with disks.open_folder() as folder:
        yield folder


needs_users = pytest.mark.skipif(not hasattr(os, "setuid"), reason="This system knows no user ids")


@needs_users
def test_a_folder_that_may_not_be_read_is_left_out_with_the_systems_word(open_folder):
    make_files(open_folder, "cat/1.jpg", "cat/closed/2.jpg", "dog/3.jpg")
    (open_folder / "cat" / "closed").chmod(0)
    (open_folder / "dog").chmod(0)
    found, reasons, sentences = answer_of_nobody(open_folder)
    assert found == {"cat/1.jpg"}
    assert reasons == {"cat/closed": Reason.UNREADABLE, "dog": Reason.UNREADABLE}
    assert sentences == ["The file can't be read: permission denied."] * 2


@needs_users
def test_a_data_set_that_may_not_be_read_is_refused(open_folder):
    make_files(open_folder, "data/cat/1.jpg")
    (open_folder / "data").chmod(0)
    assert answer_of_nobody(open_folder / "data") == ErrorCode.DATASET_NOT_FOUND


def test_what_is_no_folder_is_refused_by_its_name(tmp_path):
    file = make_files(tmp_path, "a.jpg") / "a.jpg"
    for path in (tmp_path / "no such folder", file, file / "below", Path("a\0b"), Path("\ud800")):
        with pytest.raises(ProgramError) as caught:
            scan(path)
        assert caught.value.code is ErrorCode.DATASET_NOT_FOUND
        assert str(path) in text_of(caught.value).what


# --- Names --------------------------------------------------------------------------------------------------------

NAMES = {
    "Chinese": "猫和狗",
    "emoji": "🐈‍⬛",
    "right to left": "قطة‏",
    "spaces": "  two  spaces ",
    "line ends": "two\nlines\r",
    "as long as may be": "é" * 125,
    "markup": "[red]{x}%s<b>",
    "like an option": "--json",
    "backslash": "a\\b",
    "not UTF-8": os.fsdecode(b"caf\xe9 \xff"),
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_any_name_that_the_system_takes_can_name_classes_and_pictures(tmp_path, name):
    try:
        make_files(tmp_path, f"{name}/{name}", "other/1.jpg")
    except OSError as error:
        pytest.skip(f"This file system refuses the name: {error}")
    listing = scan(tmp_path)
    assert classes_of(listing) == {f"{name}/{name}": name, "other/1.jpg": "other"}
    (file,) = (file for file in listing.rows if file.class_name == name)
    assert file.path.read_bytes() == f"{name}/{name}".encode("utf-8", "surrogateescape")


# --- Everything is accounted for ----------------------------------------------------------------------------------

NAME = st.sampled_from(["cat", "dog", ".hidden", "train", "val", "Test", "1.jpg", "ü b"])
TREE = st.recursive(
    st.sampled_from(["file", "link up", "link to a class", "broken link", "pipe"]),
    lambda inside: st.dictionaries(NAME, inside, max_size=4),
    max_leaves=25,
)
TREES = st.dictionaries(NAME, TREE, max_size=5)


def grow(folder: Path, tree: dict[str, object], root: Path) -> None:
    for name, what in tree.items():
        path = folder / name
        match what:
            case dict():
                path.mkdir()
                grow(path, what, root)
            case "file":
                path.touch()
            case "link up":
                path.symlink_to(folder, target_is_directory=True)
            case "link to a class":
                path.symlink_to(root / "cat")
            case "broken link":
                path.symlink_to(root / "nowhere")
            case "pipe":
                os.mkfifo(path)


def everything_in(root: Path) -> set[str]:
    """All that lies below a folder and is no folder; links count as themselves."""
    return {str(path) for path in root.rglob("*") if path.is_symlink() or not path.is_dir()}


def lies_in(path: str, folders: set[str]) -> bool:
    return any(path == folder or path.startswith(folder + os.sep) for folder in folders)


def lies_in_any(folder: str, paths: list[str]) -> bool:
    return any(path.startswith(folder + os.sep) for path in paths)


def leads_to_nothing(link: str) -> bool:
    return Path(link).is_dir() and not everything_in(Path(link).resolve())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no pipes with names")
@given(tree=TREES)
def test_everything_is_used_or_left_out_and_nothing_twice(tree):
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        grow(root, tree, root)
        listing = scan(root)
        found = [str(file.path) for file in listing.rows]
        left_out = [file.path for file in listing.left_out]
        assert len({(os.path.realpath(file.path.parent), file.path.name) for file in listing.rows}) == len(found)
        assert len(set(left_out)) == len(left_out)
        # A hidden folder stands for all that is in it, a link to a folder for what was found by way of it: or nothing.
        links = {path for path in everything_in(root) if Path(path).is_symlink()}
        followed = {path for path in links if lies_in_any(path, [*found, *left_out]) or leads_to_nothing(path)}
        for path in everything_in(root) - followed:
            assert (path in found) != lies_in(path, set(left_out)), path


# --- Folders of pictures to predict -------------------------------------------------------------------------------


def test_all_files_below_a_folder_are_listed_in_order(tmp_path):
    make_files(tmp_path, "b.jpg", "a/2.jpg", "a/1.jpg", ".hidden", "a/.hidden/3.jpg")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    files, others = files_below(tmp_path)
    assert files == [tmp_path / name for name in ("a/1.jpg", "a/2.jpg", "b.jpg")]
    assert {Path(other.path).name: other.code for other in others} == {
        ".hidden": "hidden", "up": "link-loop", "gone": "broken-link",
    }  # fmt: skip


def test_a_folder_that_can_not_be_opened_is_an_answer_too(tmp_path):
    files, (other,) = files_below(tmp_path / "nowhere")
    assert files == []
    assert (other.path, other.code) == (str(tmp_path / "nowhere"), "unreadable")
