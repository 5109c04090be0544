"""What is deleted: the program's own files in folders that it made, and nothing else, whatever lies there."""

import ast
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import xception_gui
from xception_gui.files import deletion
from xception_gui.files.deletion import (
    MARKER,
    OwnNames,
    claim,
    delete_files,
    delete_folder,
    delete_folders_in,
    delete_made_folder,
    delete_written,
    make_folder,
    own_files,
    temporary_folder,
)
from xception_gui.files.own_names import CHECKPOINT

DELETING = frozenset(
    {"unlink", "rmdir", "rmtree", "removedirs", "os.remove", "TemporaryDirectory", "NamedTemporaryFile", "removeServer"}
)
"""Names of what deletes, in Python and Qt."""

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no pipes with names")


def listing(folder: Path) -> dict[str, object]:
    """All that is below a folder: what it is, and what is in it."""
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = ("link", path.readlink())
        else:
            found[name] = path.read_bytes() if path.is_file() else path.lstat().st_mode
    return found


@pytest.fixture
def private(tmp_path: Path) -> Path:
    """A person's folder, in which some files have the program's names."""
    folder = tmp_path / "private"
    (folder / ".ssh").mkdir(parents=True)
    (folder / "best-3").mkdir()
    for name in (".ssh/id_ed25519", "best-1.npz", "state.npz", "best-3/head.npz", ".config"):
        (folder / name).write_text("mine")
    return folder


def test_nothing_in_the_program_deletes_but_this_module():
    root = Path(xception_gui.__file__).parent
    found = set()
    for file in root.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = getattr(node, "attr", None) or getattr(node, "id", None) or getattr(node, "name", None)
            if not DELETING.isdisjoint((name, ast.unparse(node))):
                found.add(f"{file.relative_to(root)}: {ast.unparse(node)}")
    assert {one.partition(":")[0] for one in found} == {"files/deletion.py"}, sorted(found)


def test_of_a_folder_of_the_program_its_own_goes_and_everything_else_stays(tmp_path):
    folder = tmp_path / "checkpoint"
    make_folder(folder)
    (folder / "best-3").mkdir()
    (folder / "best-4").mkdir()
    for name in ("state.npz", "best-1.npz", ".abcd1234.state.npz", "best-3/head.npz", "best-4/head.npz"):
        (folder / name).write_text("the program's")
    (folder / ".ssh").mkdir()
    for name in ("notes.txt", "best.npz", "state.npz.bak", ".ssh/id_ed25519", "best-3/cat.jpg"):
        (folder / name).write_text("mine")
    deletion._made.clear()  # as after another start
    delete_folder(folder, CHECKPOINT)
    left = {name for name, content in listing(folder).items() if content == b"mine"}
    assert left == {"notes.txt", "best.npz", "state.npz.bak", ".ssh/id_ed25519", "best-3/cat.jpg"}
    assert not (folder / "state.npz").exists() and not (folder / "best-4").exists()
    assert (folder / "best-3" / "head.npz").exists()  # somebody has made that folder for cat.jpg, too
    assert (folder / MARKER).exists()  # it is still the program's


def test_a_folder_with_nothing_else_in_it_goes_altogether(tmp_path):
    make_folder(tmp_path / "checkpoint")
    (tmp_path / "checkpoint" / "state.npz").touch()
    delete_folder(tmp_path / "checkpoint", CHECKPOINT)
    assert list(tmp_path.iterdir()) == []


def delete_in_all_ways(folder: Path) -> None:
    claim(folder, CHECKPOINT)
    delete_files(folder, CHECKPOINT)
    delete_folders_in(folder, CHECKPOINT, lambda name: True)
    delete_folder(folder, CHECKPOINT)
    delete_written(folder)


def test_nothing_is_reached_by_a_link(tmp_path, private):
    before = listing(private)
    (tmp_path / "checkpoint").symlink_to(private)
    delete_in_all_ways(tmp_path / "checkpoint")
    assert os.path.lexists(tmp_path / "checkpoint")
    make_folder(tmp_path / "own")
    (tmp_path / "own" / "state.npz").symlink_to(private / "state.npz")
    (tmp_path / "own" / "best-3").symlink_to(private / "best-3")
    delete_in_all_ways(tmp_path / "own")
    assert listing(private) == before
    assert os.path.lexists(tmp_path / "own" / "best-3")


def test_a_folder_that_somebody_else_made_is_left_alone(private):
    before = listing(private)
    delete_in_all_ways(private)
    assert own_files(private, CHECKPOINT) == []
    assert listing(private) == before


def test_a_marker_that_is_no_file_marks_nothing(private, tmp_path):
    (tmp_path / "marker").touch()
    (private / MARKER).symlink_to(tmp_path / "marker")
    before = listing(private)
    delete_in_all_ways(private)
    assert listing(private) == before


def test_a_folder_of_the_first_release_is_known_by_what_is_in_it(tmp_path):
    for name in ("state.npz", "best-1.npz", ".DS_Store"):
        (tmp_path / name).touch()
    claim(tmp_path, CHECKPOINT)
    delete_files(tmp_path, CHECKPOINT, lambda name: name == "best-1.npz")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".DS_Store", MARKER, "state.npz"]


def test_what_took_the_place_of_a_folder_made_just_now_stays_whatever_it_is(tmp_path):
    """A run, say, that was finished under the name of one that is stopped."""
    make_folder(tmp_path / "own")
    (tmp_path / "own").rename(tmp_path / "away")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "state.npz").touch()
    claim(tmp_path / "own", CHECKPOINT)
    delete_made_folder(tmp_path / "own", CHECKPOINT)
    assert (tmp_path / "own" / "state.npz").exists()
    delete_made_folder(tmp_path / "away", CHECKPOINT)
    assert not (tmp_path / "away").exists()


def test_a_pipe_is_no_file_to_delete(tmp_path):
    make_folder(tmp_path / "own")
    os.mkfifo(tmp_path / "own" / "state.npz")
    delete_in_all_ways(tmp_path / "own")
    assert (tmp_path / "own" / "state.npz").exists()


def test_a_folder_that_was_swapped_is_another(tmp_path, private):
    """A folder that this process made, with somebody's folder in its place since."""
    before = listing(private)
    with temporary_folder(tmp_path, ".converting-", CHECKPOINT) as folder:
        folder.rename(tmp_path / "away")
        private.rename(folder)
    assert listing(folder) == before


def test_what_is_made_for_the_time_being_is_gone_afterwards_also_after_a_failure(tmp_path):
    names = OwnNames(("a",), {"b": OwnNames(("c",))})
    with pytest.raises(KeyError), temporary_folder(tmp_path, ".making-", names) as folder:
        assert folder.stat().st_mode & 0o077 == 0
        (folder / "a").touch()
        (folder / "b").mkdir()
        (folder / "b" / "c").touch()
        raise KeyError
    assert list(tmp_path.iterdir()) == []


@given(
    names=st.lists(
        st.sampled_from(["state.npz", "best-1.npz", "best-12.npz", "head.npz", "a.txt", ".ssh", "best-2", "x", ".a"]),
        unique=True,
    ),
    kinds=st.lists(st.sampled_from(["file", "folder", "link", "pipe"]), min_size=9, max_size=9),
)
def test_whatever_lies_there_only_files_of_own_names_can_go(tmp_path_factory, names, kinds):
    root = tmp_path_factory.mktemp("any")
    (root / "elsewhere").mkdir()
    (root / "elsewhere" / "state.npz").write_text("mine")
    folder = root / "own"
    make_folder(folder)
    for name, kind in zip(names, kinds, strict=False):
        match kind:
            case "file":
                (folder / name).write_text("?")
            case "folder":
                (folder / name).mkdir()
            case "link":
                (folder / name).symlink_to(root / "elsewhere")
            case "pipe":
                os.mkfifo(folder / name)
    own = {name for name, kind in zip(names, kinds, strict=False) if kind == "file" and CHECKPOINT.has_file(name)}
    own |= {name for name, kind in zip(names, kinds, strict=False) if kind == "folder" and CHECKPOINT.folder(name)}
    delete_folder(folder, CHECKPOINT)
    left = {path.name for path in folder.iterdir()} - {MARKER} if folder.exists() else set()
    assert left == {name for name, _ in zip(names, kinds, strict=False)} - own
    assert (root / "elsewhere" / "state.npz").read_text() == "mine"
    shutil.rmtree(root)
