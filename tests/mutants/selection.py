"""Selection of the unit tests that can notice a mistake: those that enter its function.

Outside of functions: those that enter a function, of the program or of the tests, that mentions the changed name, or
another constant or class that is defined by it.
"""

import ast
import hashlib
import json
import sys
import threading
from collections import defaultdict
from collections.abc import Generator, Iterable
from itertools import accumulate
from pathlib import Path
from types import CodeType, FrameType
from typing import NamedTuple

import pytest
from hypothesis import Phase, settings

from tests.mutants.mistakes import Mistake, names_bound

PACKAGE = "xception_gui"
UNIT_TESTS = "tests/unit"

LONGEST = 20.0
"""Seconds of tests for one mistake. Only constants and types that are used everywhere have tests that take longer: then
those that mention the name itself come first, and the slowest of the others are skipped."""

PREPARES_ALL_TESTS = "own_home"
"""The fixture that every test uses. The functions that it enters don't select every test."""


class Test(NamedTuple):
    """The record of a test."""

    name: str  # pytest's node id
    passes: bool  # without a mistake; false if it is skipped
    seconds: float
    entered: frozenset[str]  # functions, as `path.py:Class.method`


# --- In the process that runs all tests once ------------------------------------------------------------------------


class Recorder:
    """A pytest plugin that records which functions of the project each test enters."""

    def __init__(self, project: Path, file: Path) -> None:
        self._file = file
        self._prefix = f"{project}/"
        self._codes: dict[int, CodeType] = {}
        self._of_fixture: dict[object, set[str]] = defaultdict(set)
        self._entered: dict[str, set[str]] = {}
        self._seconds: dict[str, float] = defaultdict(float)
        self._failed: set[str] = set()

    def _trace(self, frame: FrameType, event: str, argument: object) -> None:
        self._codes[id(frame.f_code)] = frame.f_code

    def _take(self) -> set[str]:
        """Return the functions entered since the last call."""
        codes, self._codes = self._codes, {}
        return {
            f"{code.co_filename.removeprefix(self._prefix)}:{code.co_qualname.split('.<locals>')[0]}"
            for code in codes.values()
            if code.co_filename.startswith(self._prefix)
        }

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Record what the test enters, and what its shared fixtures do."""
        self._take()
        threading.settrace(self._trace)
        sys.settrace(self._trace)
        done = yield
        sys.settrace(None)
        threading.settrace(None)
        fixtures = item._fixtureinfo.name2fixturedefs.values()  # type: ignore[attr-defined]
        self._entered[item.nodeid] = self._take().union(*(self._of_fixture[found[-1]] for found in fixtures))
        return done

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: "pytest.FixtureDef[object]") -> Generator[None, object, object]:
        """Record what a shared fixture enters: it is set up once, for the first test that uses it."""
        if fixturedef.scope == "function":
            return (yield)
        before = self._codes
        self._codes = {}
        done = yield
        entered = self._take()
        if fixturedef.argname != PREPARES_ALL_TESTS:
            self._of_fixture[fixturedef] |= entered
        self._codes = before
        return done

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Record the duration, and whether the test passes."""
        self._seconds[report.nodeid] += report.duration
        if not report.passed:
            self._failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Write the records to a file."""
        tests = [
            (name, name not in self._failed, self._seconds[name], sorted(entered))
            for name, entered in self._entered.items()
        ]
        self._file.write_text(json.dumps(tests), encoding="utf-8")


def read_tests(file: Path) -> list[Test]:
    """Read the file that a recorder wrote."""
    noted = json.loads(file.read_text(encoding="utf-8"))
    return [Test(name, passes, seconds, frozenset(entered)) for name, passes, seconds, entered in noted]


# --- In the process that tries one mistake ----------------------------------------------------------------------------


class Chosen:
    """A pytest plugin that runs the chosen tests, the fastest files and tests first, and reports which one fails."""

    def __init__(self, seconds: dict[str, float], known: frozenset[str], file: Path) -> None:
        """Choose tests, given with their seconds, among all known ones; the name of a failing one goes into the
        file."""
        self._seconds = seconds
        self._known = known
        self._file = file
        self._of_file: dict[str, float] = defaultdict(float)
        for name, time in seconds.items():
            self._of_file[_file_of(name)] += time

    def pytest_collection(self) -> None:
        """Stop at the first failing example of a property: searching for the smallest one takes long."""
        settings.register_profile("any example", settings(), phases=(Phase.explicit, Phase.generate))
        settings.load_profile("any example")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Select tests; an unknown test is one whose parameters have changed with the mistake."""
        chosen = [item for item in items if item.nodeid in self._seconds or item.nodeid not in self._known]
        items[:] = sorted(chosen, key=self._place)

    def _place(self, item: pytest.Item) -> tuple[float, str, float]:
        file = _file_of(item.nodeid)
        return self._of_file[file], file, self._seconds.get(item.nodeid, 0.0)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Write down the test that notices the mistake."""
        if report.failed:
            self._file.write_text(report.nodeid, encoding="utf-8")

    pytest_collectreport = pytest_runtest_logreport


# --- Which tests for which mistake ------------------------------------------------------------------------------------


class Selection:
    """Finds the tests that can notice a mistake."""

    def __init__(self, project: Path, tests: list[Test]) -> None:
        self._tests = sorted((test for test in tests if test.passes), key=lambda test: test.seconds)
        self._mentions: dict[str, frozenset[str]] = {}  # function → names mentioned in it
        self._made_of: list[tuple[list[str], frozenset[str]]] = []  # constants and classes, names in them
        for file in sources_of(project):
            relative = file.relative_to(project).as_posix()
            self._read(ast.parse(file.read_bytes()).body, f"{relative}:")

    def _read(self, statements: Iterable[ast.stmt], prefix: str) -> None:
        for statement in statements:
            match statement:
                case ast.FunctionDef(name=name):
                    self._mentions[f"{prefix}{name}"] = _names_in([statement])
                case ast.ClassDef(name=name, body=body):
                    functions = [part for part in body if isinstance(part, ast.FunctionDef)]
                    own = [*statement.bases, *(part for part in body if part not in functions)]
                    self._made_of.append(([name], _names_in(own)))
                    self._read(functions, f"{prefix}{name}.")
                case _:
                    self._made_of.append((names_bound(statement), _names_in([statement])))

    def tests_for(self, file: str, mistake: Mistake) -> list[Test]:
        """Return the tests for a mistake in a file."""
        if mistake.function:
            return _cut(self._entering({f"{file}:{mistake.function}"}))
        names = set(mistake.names)
        found = dict.fromkeys([*self._mentioning(names), *self._mentioning(self._with_what_is_made_of(names))])
        listed = list(found) or [test for test in self._tests if any(one.startswith(file) for one in test.entered)]
        return _cut(sorted(listed, key=lambda test: test.seconds))

    def _mentioning(self, names: set[str]) -> list[Test]:
        return self._entering({function for function, found in self._mentions.items() if found & names})

    def _entering(self, functions: set[str]) -> list[Test]:
        return [test for test in self._tests if not functions.isdisjoint(test.entered)]

    def _with_what_is_made_of(self, names: set[str]) -> set[str]:
        names = set(names)
        while True:
            made = {name for bound, mentioned in self._made_of if mentioned & names for name in bound}
            if made <= names:
                return names
            names |= made


def sources_of(project: Path) -> list[Path]:
    """Return the files of the program and of its unit tests."""
    return sorted(
        [*(project / PACKAGE).rglob("*.py"), *(project / UNIT_TESTS).glob("*.py"), *(project / "tests").glob("*.py")]
    )


def fingerprint(project: Path) -> str:
    """Return a hash of the program and its unit tests."""
    whole = hashlib.sha256()
    for file in sources_of(project):
        whole.update(file.read_bytes())
    return whole.hexdigest()[:16]


def _cut(tests: list[Test]) -> list[Test]:
    """Return the first tests, up to the time limit for a mistake."""
    ends = accumulate(test.seconds for test in tests)
    return [test for test, end in zip(tests, ends, strict=True) if end <= LONGEST]


def _file_of(test: str) -> str:
    return test.split("::")[0]


def _names_in(nodes: Iterable[ast.AST]) -> frozenset[str]:
    found: set[str] = set()
    for node in (inner for outer in nodes for inner in ast.walk(outer)):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)) | ast.alias(name=name):
                found.add(name)
    return frozenset(found)
