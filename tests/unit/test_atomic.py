"""Files that appear whole or not at all, with the rights that other files have, and leave nothing behind."""

import errno
import os
import re
from pathlib import Path

import psutil
import pytest

from tests.unit.power_cut import PowerCutError
from xception_gui.domain.errors import ErrorCode, Finding, cannot_write
from xception_gui.files import atomic
from xception_gui.files.atomic import making, place, replacing, write_private, write_text
from xception_gui.files.own_names import CACHE, CACHE_FOLDERS, HOME, RUN

posix = pytest.mark.skipif(os.name != "posix", reason="Rights are written otherwise here")
both = pytest.mark.parametrize("write", [replacing, making])


@both
def test_what_is_written_lies_hidden_beside_it_until_it_is_whole(write, tmp_path):
    with write(tmp_path / "a.txt") as temporary:
        assert temporary.parent == tmp_path and temporary.name.startswith(".") and temporary.name.endswith(".a.txt")
        temporary.write_text("new")
        assert not (tmp_path / "a.txt").exists()
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.txt", "new")]


@both
@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
def test_what_fails_is_told_and_leaves_nothing(write, failure, tmp_path):
    with pytest.raises(failure), write(tmp_path / "a.txt") as temporary:
        temporary.write_text("half")
        raise failure
    assert list(tmp_path.iterdir()) == []


def test_only_one_of_them_takes_the_place_of_what_is_there(tmp_path):
    (tmp_path / "a").write_text("old")
    with pytest.raises(FileExistsError), making(tmp_path / "a") as temporary:
        temporary.write_text("new")
    assert (tmp_path / "a").read_text() == "old"
    with replacing(tmp_path / "a") as temporary:
        temporary.write_text("new")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a", "new")]


@posix
@both
@pytest.mark.parametrize(("umask", "rights"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_rights_are_those_of_other_files_and_what_takes_them_away_stays(write, umask, rights, tmp_path):
    before = os.umask(umask)
    try:
        with write(tmp_path / "a"):
            pass
        assert os.umask(umask) == umask
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == rights


@posix
def test_what_is_kept_of_a_person_s_pictures_is_for_their_eyes(tmp_path):
    before = os.umask(0o022)
    try:
        write_private(tmp_path / "new folder" / "a", b"new")
    finally:
        os.umask(before)
    assert (tmp_path / "new folder" / "a").stat().st_mode & 0o777 == 0o600


def test_the_cache_doesnt_wait_for_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(atomic.os, "fsync", lambda descriptor: pytest.fail("waited"))
    write_private(tmp_path / "a", b"new")
    with replacing(tmp_path / "b", durable=False) as temporary:
        temporary.write_bytes(b"new")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("names", "name"),
    [
        (RUN, "run.json"),
        (CACHE, "steps-per-second.json"),
        (HOME.folders["settings"], "preferences.json"),
        (CACHE_FOLDERS["previews"], f"{'0a' * 16}.jpg"),
        (CACHE_FOLDERS["compiled"], f"{'0a' * 8}-0.blob"),
        (CACHE_FOLDERS["backbones"], f"{'0a' * 32}.tflite"),
    ],
)
def test_what_is_left_of_a_file_is_known_as_the_program_s_own(names, name, tmp_path):
    with pytest.raises(PowerCutError), replacing(tmp_path / name) as temporary:
        half_written = temporary.name
        raise PowerCutError
    for left in (name, half_written):
        assert any(re.fullmatch(pattern, left) for pattern in names.files), left


@posix
@both
def test_other_threads_write_with_the_umask_that_they_know(write, tmp_path, monkeypatch):
    """It is the whole process's: who sets it, if only for a moment, opens what another thread makes to all."""
    monkeypatch.setattr(os, "umask", lambda mask: pytest.fail(f"umask({mask:o})"))
    with write(tmp_path / "a"):
        pass


@posix
def test_no_file_stays_open(tmp_path):
    before = psutil.Process().num_fds()
    for write in (replacing, making):
        with write(tmp_path / write.__name__):
            pass
    assert psutil.Process().num_fds() == before


def test_a_drive_that_brings_no_folder_to_the_disk_is_written_to_all_the_same(tmp_path, monkeypatch):
    really = os.fsync

    def fsync(descriptor: int) -> None:
        if os.path.isdir(descriptor):  # noqa: PTH112 - of an open folder
            raise OSError(errno.EINVAL, "Invalid argument")
        really(descriptor)

    monkeypatch.setattr(atomic.os, "fsync", fsync)
    write_text(tmp_path / "a", "new")
    assert (tmp_path / "a").read_text() == "new"


def made(folder: Path) -> Path:
    folder.mkdir()
    (folder / "one").touch()
    return folder


@pytest.mark.parametrize("kind", ["file", "folder", "empty folder", "link"])
@pytest.mark.parametrize("is_folder", [False, True])
def test_nothing_takes_the_place_of_what_is_there(kind, is_folder, tmp_path):
    new, there = tmp_path / "new", tmp_path / "there"
    made(new) if is_folder else new.write_text("new")
    if kind == "link":
        there.symlink_to("nowhere")
    elif kind == "file":
        there.write_text("mine")
    elif kind == "folder":
        made(there)
    else:
        there.mkdir()
    before = there.lstat()
    with pytest.raises(FileExistsError):
        place(new, there)
    assert (there.lstat().st_ino, there.lstat().st_mode) == (before.st_ino, before.st_mode) and new.exists()


@pytest.mark.parametrize("is_folder", [False, True])
def test_what_gets_a_name_is_there_under_it_alone(is_folder, tmp_path):
    new = tmp_path / "new"
    made(new) if is_folder else new.write_text("new")
    place(new, tmp_path / "name")
    assert [path.name for path in tmp_path.iterdir()] == ["name"]
    assert (tmp_path / "name" / "one").exists() if is_folder else (tmp_path / "name").read_text() == "new"


@pytest.mark.skipif(os.name == "nt", reason="Windows moves a folder in one step")
def test_a_folder_that_cant_be_moved_takes_no_name(tmp_path, monkeypatch):
    new = made(tmp_path / "new")

    def rename(*_: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(OSError, match="cross-device"):
        place(new, tmp_path / "name")
    assert [path.name for path in tmp_path.iterdir()] == ["new"] and (new / "one").exists()


def test_texts_are_utf8_and_what_isnt_is_written_out(tmp_path):
    write_text(tmp_path / "a", "猫\n\udce9\r\n")
    assert (tmp_path / "a").read_bytes() == "猫\n\\udce9\r\n".encode()


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (OSError(errno.ENOSPC, "Nichts mehr frei"), Finding.SYSTEM_NO_SPACE),
        (OSError(errno.ELOOP, "Too many links"), "Too many links"),
        (OSError("its folder is gone"), "its folder is gone"),
    ],
)
def test_what_cant_be_written_is_said_with_what_the_system_says(error, found):
    told = cannot_write(Path("a"), error)
    assert told.code is ErrorCode.CANNOT_WRITE and told.details["path"] == "a" and told.details["found"] == found


@pytest.mark.skipif(os.name == "nt", reason="There nothing is put in the place before")
def test_a_file_that_cant_get_its_name_leaves_no_empty_one(tmp_path, monkeypatch):
    (tmp_path / "new").write_bytes(b"new")

    def fail(*words: object) -> None:
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="quota"):
        place(tmp_path / "new", tmp_path / "name")
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
