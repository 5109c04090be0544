"""Tries mistakes in a private copy of the project: each in its own process, forked from one that has loaded the
libraries but not the program. Each has its own home, temporary files and limits, and so does no harm outside.
"""

import contextlib
import importlib
import math
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from functools import cached_property
from importlib.util import cache_from_source
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.mutants.mistakes import Mistake, applied
from tests.mutants.selection import PACKAGE, UNIT_TESTS, Chosen, Recorder, read_tests

LIBRARIES = ("numpy", "PIL.Image", "hypothesis", "msgspec", "psutil", "filelock", "ai_edge_litert.interpreter")
TOO_SLOW = ("keras", "tensorflow", "h5py")
"""Modules that can't be imported while tests run, which excludes the tests that need them."""

NOT_COPIED = (".*", "__pycache__", "build", "dist", "results")

LEAST_SECONDS = 5.0
"""Lower limit of a trial's processor time; otherwise a multiple of what its tests usually take."""

MEMORY = 4_000_000_000
"""Limit of a process's data. Limiting its address space would be wrong, since libraries reserve much of it."""

LEAST_FREE = 2_000_000_000
"""Bytes of the disk that must stay free. Limiting file sizes would be wrong, since tests make large sparse files."""

TOO_LONG = "time limit"
"""The result if the tests ran for ever, or filled the disk."""

PASSED = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)

Run = Callable[[Path], int]
"""What a forked process does in its own folder; returns the exit status."""


class Outcome(NamedTuple):
    """The result of a mistake."""

    noticed: bool
    by: str  # the failing test, or what else ended the tests
    seconds: float


class Workplace:
    """A copy of the project, in which mistakes are made one after another."""

    def __init__(self, project: Path, folder: Path, record: Path) -> None:
        """Copy the project into a new folder.

        The record of its tests exists already, or `record_tests` makes it.
        """
        self._folder = folder
        self._record = record
        self._copy = folder / "project"
        shutil.copytree(project, self._copy, ignore=shutil.ignore_patterns(*NOT_COPIED), symlinks=True)
        os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", PYTHONPATH=str(self._copy))
        os.environ.pop("CI", None)  # under CI, skipped tests fail
        for library in LIBRARIES:
            with contextlib.suppress(ImportError):
                importlib.import_module(library)

    @cached_property
    def _tests(self) -> dict[str, float]:
        return {test.name: test.seconds for test in read_tests(self._record)}

    def record_tests(self) -> None:
        """Run all unit tests without a mistake, and record what each enters.

        Raises:
            RuntimeError: they can't be run.
        """

        def run(place: Path) -> int:
            words = [UNIT_TESTS, "--continue-on-collection-errors"]
            return _run_pytest(words, Recorder(self._copy, self._record))

        _, why = self._fork(run, seconds=3600)
        if not self._record.exists():
            raise RuntimeError(f"The unit tests can't be run: {why}")

    def attempt(self, file: str, mistake: Mistake, names: list[str]) -> Outcome:
        """Make a mistake in a file of the program, run the tests with these names, and undo the mistake."""
        chosen = {name: self._tests[name] for name in names}

        def run(place: Path) -> int:
            files = dict.fromkeys(name.split("::")[0] for name in names)
            return _run_pytest([*files, "-x"], Chosen(chosen, frozenset(self._tests), place / "noticed"))

        began = time.monotonic()
        source = self._copy / file
        right = source.read_bytes()
        _write(source, applied(right, mistake))
        try:
            status, by = self._fork(run, LEAST_SECONDS + 3 * sum(chosen.values()))
        finally:
            _write(source, right)
        return Outcome(status not in PASSED, by, round(time.monotonic() - began, 2))

    def _fork(self, run: Run, seconds: float) -> tuple[int | None, str]:
        """Fork a process; return its exit status, and the failing test or what else ended it."""
        place = self._folder / str(time.monotonic_ns())
        place.mkdir()
        process = os.fork()
        if process == 0:
            os._exit(_do(run, self._copy, place, math.ceil(seconds)))
        try:
            status = _wait(process, 3 * seconds, place)
            return status, _what_ended(status, place)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process, signal.SIGKILL)
            shutil.rmtree(place, ignore_errors=True)


def _write(source: Path, content: bytes) -> None:
    """Write source and delete its bytecode, which Python would use if size and second are unchanged."""
    source.write_bytes(content)
    Path(cache_from_source(source)).unlink(missing_ok=True)


def _wait(process: int, seconds: float, place: Path) -> int | None:
    """Wait for a process; return its exit status, or None if time or disk ran out and it was killed."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and shutil.disk_usage(place).free > LEAST_FREE:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.killpg(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return None


def _what_ended(status: int | None, place: Path) -> str:
    if status in (None, -signal.SIGXCPU):
        return TOO_LONG
    with contextlib.suppress(OSError):
        return (place / "noticed").read_text(encoding="utf-8")
    return "" if status in PASSED else f"exit status {status}: {(place / 'output').read_text(errors='replace')[-500:]}"


# --- In the forked process ------------------------------------------------------------------------------------------


def _do(run: Run, copy: Path, place: Path, seconds: int) -> int:
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        output = os.open(place / "output", os.O_WRONLY | os.O_CREAT)
        for stream in (1, 2):
            os.dup2(output, stream)
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        _move_to(copy, place)
        return run(place)
    except BaseException:
        traceback.print_exc()
        return pytest.ExitCode.INTERNAL_ERROR
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _move_to(copy: Path, place: Path) -> None:
    """Import everything from the copy from now on, and write everything into the place."""
    for variable in ("HOME", "TMPDIR", "XCEPTION_GUI_HOME"):
        folder = place / variable.lower()
        folder.mkdir()
        os.environ[variable] = str(folder)
    tempfile.tempdir = None
    os.chdir(copy)
    sys.path.insert(0, str(copy))
    for name in [name for name in sys.modules if name.partition(".")[0] in ("tests", "benchmarks", PACKAGE)]:
        del sys.modules[name]
    for name in TOO_SLOW:
        sys.modules[name] = None  # type: ignore[assignment]  # which is how an import is refused


def _run_pytest(words: list[str], plugin: object) -> int:
    """Run tests without explanations of failed comparisons, which can take longer than the tests."""
    options = ["-q", "--tb=no", "--assert=plain", "-o", "addopts="]
    without = [word for name in ("cacheprovider", "pytest-qt", "xdist") for word in ("-p", f"no:{name}")]
    return pytest.main([*options, *without, *words], plugins=[plugin])
