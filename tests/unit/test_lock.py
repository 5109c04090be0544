"""One process at a time trains into a run, renames it or writes its record."""

import errno
import json
import os
import platform
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from filelock import FileLock

from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.runs import lock
from xception_gui.runs.lock import RunLock, Work, is_held, move_run
from xception_gui.words.errors import text_of

HOLD = """
import sys
from pathlib import Path
from xception_gui.runs.lock import RunLock
with RunLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the run `tmp_path`."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_whoever_comes_second_is_told_who_holds_it(tmp_path, holder):
    assert is_held(tmp_path)
    with pytest.raises(ProgramError) as caught, RunLock(tmp_path):
        pass
    assert caught.value.code is ErrorCode.RUN_IN_USE
    assert f"Process {holder.pid}" in str(text_of(caught.value))


def test_a_holder_that_dies_holds_nothing(tmp_path, holder):
    os.kill(holder.pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    holder.wait()
    assert not is_held(tmp_path)
    with RunLock(tmp_path):
        assert is_held(tmp_path)


def test_a_lock_leaves_nothing_behind(tmp_path):
    assert not is_held(tmp_path)
    held = RunLock(tmp_path)
    with held:
        pass
    assert list(tmp_path.iterdir()) == [] and not held._lock.is_locked


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes the file when it is given free")
def test_its_files_are_gone_before_it_is_given_free(tmp_path, monkeypatch):
    """Else they would be those of whoever has waited for it."""
    left = []
    really = FileLock.release

    def release(self, *words, **options):
        left.append([path.name for path in tmp_path.iterdir()])
        really(self, *words, **options)

    with RunLock(tmp_path):
        assert {path.name for path in tmp_path.iterdir()} == {".training.lock", ".training.json"}
        monkeypatch.setattr(FileLock, "release", release)
    assert left[0] == []


def test_whoever_comes_second_changes_nothing(tmp_path, holder, monkeypatch):
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    monkeypatch.setattr(lock, "PATIENCE", 0)
    for _ in range(2):
        with pytest.raises(ProgramError), RunLock(tmp_path):
            pass
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert is_held(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="drives of Windows know locks")
def test_a_network_drive_that_knows_no_locks_is_trained_on_all_the_same(tmp_path, monkeypatch):
    def no_locks(*_):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", no_locks)
    with RunLock(tmp_path):
        assert not is_held(tmp_path)
    assert not list(tmp_path.iterdir())


def test_it_says_which_process_on_which_computer_holds_it_since_when(tmp_path):
    before = datetime.now().astimezone().replace(microsecond=0)
    with RunLock(tmp_path) as held:
        assert isinstance(held, RunLock)
        said = json.loads((tmp_path / ".training.json").read_text())
    assert (said["process"], said["computer"]) == (os.getpid(), platform.node())
    since = datetime.fromisoformat(said["since"])
    assert before <= since <= datetime.now().astimezone() and since.microsecond == 0


NO_LOCKS = sorted({errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP})
WORDS = {"process": 7, "computer": "server", "since": "noon"}


@pytest.mark.parametrize(
    ("content", "holder"),
    [
        (json.dumps(WORDS), "Process 7 on “server” has been training this model since noon."),
        (json.dumps(WORDS).ljust(10_000), "Process 7 on “server” has been training this model since noon."),
        (json.dumps(WORDS).ljust(10_001), "Another process is using this model."),
        (json.dumps({"process": 7}), "Another process is using this model."),
        (
            json.dumps(WORDS | {"work": "converting"}),
            "Process 7 on “server” has been preparing this model for use since noon.",
        ),
        (json.dumps(WORDS | {"work": "{process}"}), "Another process is using this model."),
        ("", "Another process is using this model."),
        ("[7]", "Another process is using this model."),
        ("[" * 9_999, "Another process is using this model."),
        (None, "Another process is using this model."),
    ],
    ids=lambda value: str(value)[:10],
)
def test_whoever_holds_it_is_told_in_words_whatever_is_written_there(content, holder, tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "PATIENCE", 0)
    with RunLock(tmp_path):
        (tmp_path / ".training.json").unlink()
        if content is not None:
            (tmp_path / ".training.json").write_text(content)
        with pytest.raises(ProgramError) as caught, RunLock(tmp_path):
            pass
    assert (caught.value.details["path"], text_of(caught.value).why) == (str(tmp_path), holder)


@pytest.mark.parametrize("error", [NotImplementedError(), *(OSError(number, "") for number in NO_LOCKS)])
def test_where_no_locks_are_known_it_is_trained_and_never_held(error, tmp_path, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise error

    (tmp_path / ".training.lock").touch()
    monkeypatch.setattr(FileLock, "acquire", refuse)
    assert not is_held(tmp_path)
    with RunLock(tmp_path):
        assert (tmp_path / ".training.json").exists()


def test_another_refusal_of_the_system_is_told(tmp_path, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(FileLock, "acquire", refuse)
    with pytest.raises(PermissionError), RunLock(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_lock_that_is_a_link_is_none(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    with RunLock(tmp_path / "elsewhere"):
        (tmp_path / ".training.lock").symlink_to(tmp_path / "elsewhere" / ".training.lock")
        assert is_held(tmp_path / "elsewhere") and not is_held(tmp_path)


# --- A folder that moves ------------------------------------------------------------------------------------------


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_run_that_another_process_trains_stays_where_it_is(tmp_path, holder, monkeypatch):
    monkeypatch.setattr(lock, "PATIENCE", 0)
    with pytest.raises(ProgramError) as caught:
        move_run(tmp_path, lambda: pytest.fail("It was moved"))
    assert caught.value.code is ErrorCode.RUN_IN_USE and f"Process {holder.pid}" in str(text_of(caught.value))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows moves no folder in which a file is open")
def test_a_run_is_held_until_it_has_moved_and_nothing_of_the_lock_moves_along(tmp_path):
    old, new, seen = tmp_path / "old", tmp_path / "new", []
    old.mkdir()

    def move() -> Path:
        with pytest.raises(ProgramError, match="being-moved"), RunLock(old, Work.TRAINING, patience=0):
            pass
        seen.append(names_in(old))
        return old.rename(new)

    move_run(old, move)
    assert seen == [{".training.lock", ".training.json"}]
    assert names_in(tmp_path) == {"new"} and names_in(new) == set() and not is_held(new)


def test_a_run_that_could_not_be_moved_is_free_again(tmp_path):
    for move in (lambda: tmp_path, lambda: tmp_path / "nowhere", lambda: tmp_path.parent):
        move_run(tmp_path, move)
        assert names_in(tmp_path) == set() and not is_held(tmp_path)
    with pytest.raises(FileExistsError):
        move_run(tmp_path, lambda: (tmp_path / "a").mkdir() or (tmp_path / "a").mkdir())
    assert names_in(tmp_path) == {"a"}


def test_of_a_link_that_is_moved_the_folder_stays_as_it_was(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "trash").mkdir()
    (tmp_path / "link").symlink_to("run")
    move_run(tmp_path / "link", lambda: (tmp_path / "link").rename(tmp_path / "trash" / "link"))
    assert names_in(tmp_path / "run") == set() and names_in(tmp_path) == {"run", "trash"}


def test_a_run_that_is_gone_is_not_made_again(tmp_path):
    with pytest.raises(ProgramError) as caught, RunLock(tmp_path / "gone"):
        pass
    assert caught.value.code is ErrorCode.NOT_A_RUN and names_in(tmp_path) == set()


def test_whoever_waited_for_a_run_that_was_moved_holds_neither_it_nor_another(tmp_path, monkeypatch):
    """The other one was renamed to the name that was waited for."""
    old, really = tmp_path / "old", FileLock.acquire
    old.mkdir()

    def acquire(self, *words, **options):
        old.rename(tmp_path / "new")
        old.mkdir()
        return really(self, *words, **options)

    monkeypatch.setattr(FileLock, "acquire", acquire)
    with pytest.raises(ProgramError) as caught, RunLock(old):
        pass
    assert caught.value.code is ErrorCode.NOT_A_RUN
    monkeypatch.undo()
    assert names_in(old) == names_in(tmp_path / "new") == set() and not is_held(old)


def test_another_folder_that_has_the_name_by_then_keeps_its_own_lock(tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    with RunLock(run):
        run.rename(tmp_path / "away")
        run.mkdir()
        for name in (".training.lock", ".training.json"):
            (run / name).write_text("of somebody else")
    assert names_in(run) == {".training.lock", ".training.json"}


def test_on_a_full_disk_a_run_can_be_held_and_so_thrown_away(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(lock, "write_text", full)
    with RunLock(tmp_path):
        assert is_held(tmp_path)
    assert names_in(tmp_path) == set()


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_what_may_only_be_read_can_be_moved_and_not_trained_into(number, tmp_path, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(FileLock, "acquire", refuse)
    moved = []
    move_run(tmp_path, lambda: moved.append(tmp_path) or tmp_path)
    assert moved == [tmp_path]
    with pytest.raises(OSError, match=os.strerror(number)), RunLock(tmp_path):
        pass
