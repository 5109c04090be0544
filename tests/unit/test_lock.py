"""One process at a time trains into a run."""

import errno
import os
import signal
import subprocess
import sys

import pytest

from xception_gui.domain.errors import ErrorCode, ProgramError
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
    with RunLock(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="drives of Windows know locks")
def test_a_network_drive_that_knows_no_locks_is_trained_on_all_the_same(tmp_path, monkeypatch):
    def no_locks(*_):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", no_locks)
    with RunLock(tmp_path):
        assert not is_held(tmp_path)
    assert not list(tmp_path.iterdir())
