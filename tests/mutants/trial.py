"""Tries mistakes in a private copy of the project: each in a process of its own, forked from one that has the libraries
in memory but not the program. These have homes, temporary files and limits of their own, and so do no harm beside it.
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
"""What is not to be had while tests run, which leaves out those that need it."""

NOT_COPIED = (".*", "__pycache__", "build", "dist", "results")

LEAST_SECONDS = 5.0
"""Of a processor, that tests may take at least; else a few times what they usually take."""

MEMORY = 4_000_000_000
"""Bytes of data that a process may have. All of its addresses would be the wrong measure: libraries reserve many."""

LEAST_FREE = 2_000_000_000
"""Bytes that are left to the disk; a limit to files would be the wrong measure, as tests make large ones with holes."""

TOO_LONG = "time limit"
"""What is said of a mistake with which tests went on for ever, or filled the disk."""

PASSED = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)

Run = Callable[[Path], int]
"""What a process does, with a folder of its own; gives its exit status."""


class Outcome(NamedTuple):
    """What became of a mistake."""

    noticed: bool
    by: str  # the test that fails, or what else ended the tests
    seconds: float


class Workplace:
    """A copy of the project, in which one mistake after the other is made."""

    def __init__(self, project: Path, folder: Path, record: Path) -> None:
        """Copy the project into a folder that isn't there yet.

        The record of its tests is there already, or `record_tests` makes it.
        """
        self._folder = folder
        self._record = record
        self._copy = folder / "project"
        shutil.copytree(project, self._copy, ignore=shutil.ignore_patterns(*NOT_COPIED), symlinks=True)
        os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", PYTHONPATH=str(self._copy))
        os.environ.pop("CI", None)  # where tests may not be skipped
        for library in LIBRARIES:
            with contextlib.suppress(ImportError):
                importlib.import_module(library)

    @cached_property
    def _tests(self) -> dict[str, float]:
        return {test.name: test.seconds for test in read_tests(self._record)}

    def record_tests(self) -> None:
        """Run all unit tests without a mistake, and write down what each enters.

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
        """Make a mistake in a file of the program, run the tests of these names, and take it out again."""
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
        """Have a process do something; gives its exit status, and the test that failed or what else ended it."""
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
    """Write source, and forget its compiled form, which Python would believe if size and second haven't changed."""
    source.write_bytes(content)
    Path(cache_from_source(source)).unlink(missing_ok=True)


def _wait(process: int, seconds: float, place: Path) -> int | None:
    """Wait for a process; gives its exit status, or none if time or disk run out, and it is ended by force."""
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
    """Have all that is imported from now on come from the copy, and all that is written go into the place."""
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
    """Run tests; what they compare isn't explained, which can take longer than the tests."""
    options = ["-q", "--tb=no", "--assert=plain", "-o", "addopts="]
    without = [word for name in ("cacheprovider", "pytest-qt", "xdist") for word in ("-p", f"no:{name}")]
    return pytest.main([*options, *without, *words], plugins=[plugin])
