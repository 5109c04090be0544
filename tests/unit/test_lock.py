"""One process at a time trains into a run."""

import errno
import json
import os
import platform
import signal
import subprocess
import sys
from datetime import datetime

import pytest

from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.runs import lock
from xception_gui.runs.lock import RunLock, is_held

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
    assert f"Process {holder.pid}" in str(caught.value)


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
    really = lock.FileLock.release

    def release(self, *words, **options):
        left.append([path.name for path in tmp_path.iterdir()])
        really(self, *words, **options)

    with RunLock(tmp_path):
        assert {path.name for path in tmp_path.iterdir()} == {".training.lock", ".training.json"}
        monkeypatch.setattr(lock.FileLock, "release", release)
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
        (json.dumps(WORDS), "Process 7 on “server” has trained it since noon."),
        (json.dumps(WORDS).ljust(10_000), "Process 7 on “server” has trained it since noon."),
        (json.dumps(WORDS).ljust(10_001), "Another process trains it."),
        (json.dumps({"process": 7}), "Another process trains it."),
        ("", "Another process trains it."),
        ("[7]", "Another process trains it."),
        ("[" * 9_999, "Another process trains it."),
        (None, "Another process trains it."),
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
    assert caught.value.details == {"path": str(tmp_path), "holder": holder}


@pytest.mark.parametrize("error", [NotImplementedError(), *(OSError(number, "") for number in NO_LOCKS)])
def test_where_no_locks_are_known_it_is_trained_and_never_held(error, tmp_path, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise error

    (tmp_path / ".training.lock").touch()
    monkeypatch.setattr(lock.FileLock, "acquire", refuse)
    assert not is_held(tmp_path)
    with RunLock(tmp_path):
        assert (tmp_path / ".training.json").exists()


def test_another_refusal_of_the_system_is_told(tmp_path, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(lock.FileLock, "acquire", refuse)
    with pytest.raises(PermissionError), RunLock(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_lock_that_is_a_link_is_none(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    with RunLock(tmp_path / "elsewhere"):
        (tmp_path / ".training.lock").symlink_to(tmp_path / "elsewhere" / ".training.lock")
        assert is_held(tmp_path / "elsewhere") and not is_held(tmp_path)
