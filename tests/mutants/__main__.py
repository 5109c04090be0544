"""Makes small mistakes in the program, one at a time, and reports the share that the unit tests notice.

    python -m tests.mutants [--folders domain runs data inference] [--share 0.25] [--seed 1] [--results FILE]
                            [--workers 2] [--project FOLDER] [--again FILE]
    python -m tests.mutants --survivors FILE [--folders domain]

Takes a sample of all mistakes that could be made (`mistakes.py`), by their hashes: the same seed selects the same ones,
even if the rest of the program has changed. For each, the tests that enter its function run (`selection.py`), except
those that need Keras, in a copy of the project (`trial.py`); a time-out counts as noticed. First prints how many there
are. Results are written to a file line by line, and mistakes that are in it aren't tried again. Ends with one JSON
document on stdout. Needs a system that can fork; tried on Linux.

`--project` uses another checkout. `--again` tries only the mistakes that weren't noticed according to a file of
results, to measure new tests. `--survivors` prints those that weren't noticed, to be read one by one: some don't change
the behaviour.

mutmut 3.8 isn't used because it skips code outside of functions and in decorated ones, 15 % of all here: limits of
headers, defaults of messages, context managers.
"""

import argparse
import contextlib
import difflib
import hashlib
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.printing import print_document, say
from tests.mutants.mistakes import Mistake, applied, mistakes_in, required_arguments
from tests.mutants.selection import PACKAGE, Selection, fingerprint, read_tests
from tests.mutants.trial import TOO_LONG, Outcome, Workplace

PROJECT = Path(__file__).resolve().parents[2]
FOLDERS = ("domain", "runs", "data", "inference")

JUDGED_BY_LOOKING = frozenset({"road_scene.py", "road_vehicles.py", "roadside.py"})
"""Modules that draw the sample pictures: a tree one pixel further to the left is not a mistake."""

NEEDS_OPENVINO = "openvino.py"
"""Skipped if OpenVINO isn't installed, since its tests are skipped then."""

START = 0.7
"""Seconds that a mistake takes besides its tests."""

TAKEN = 0.4
"""Share of the time of all its tests that a mistake takes; most are noticed by one of the first."""

SAID_AFTER = 50


@dataclass(frozen=True)
class Mutant:
    """A file with a mistake."""

    key: str  # a hash, equal in other checkouts if the line and its function are equal
    file: str
    line: int
    before: str  # the whole lines, with the mistake
    after: str
    mistake: Mistake


def main() -> int:
    """Run the command line."""
    arguments = _arguments()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    if arguments.survivors:
        _print_survivors(_read_results(arguments.survivors), arguments.folders)
        return 0
    project, results = arguments.project.resolve(), arguments.results.resolve()
    results.parent.mkdir(parents=True, exist_ok=True)
    everything = [mutant for folder in arguments.folders for mutant in mutants_in(project, folder)]
    chosen = [mutant for mutant in everything if _is_chosen(mutant.key, arguments.seed, arguments.share)]
    if arguments.again:
        survived = {key for key, result in _read_results(arguments.again).items() if not result["noticed"]}
        chosen = [mutant for mutant in everything if mutant.key in survived]
    say(f"{len(chosen)} of {len(everything)} mistakes")
    began = time.monotonic()
    _try_all(project, chosen, results, arguments.workers)
    found = _read_results(results)
    print_document(
        {
            "seed": arguments.seed,
            "share": arguments.share,
            "seconds": round(time.monotonic() - began),
            **_summary([found[mutant.key] for mutant in chosen]),
        }
    )
    return 0


def _end(number: int, frame: object) -> None:
    """Exit, after the workers; further signals are ignored."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.splitlines()[0])
    parser.add_argument("--folders", nargs="+", choices=FOLDERS, default=FOLDERS)
    parser.add_argument("--share", type=float, default=0.25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--results", type=Path, default=PROJECT / "build" / "mutants.jsonl")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--project", type=Path, default=PROJECT)
    parser.add_argument("--again", type=Path, metavar="FILE")
    parser.add_argument("--survivors", type=Path, metavar="FILE")
    return parser.parse_args()


# --- Which mistakes -------------------------------------------------------------------------------------------------


def mutants_in(project: Path, folder: str) -> Iterator[Mutant]:
    """Yield all mistakes that can be made in a folder of the package."""
    package = project / PACKAGE
    required = required_arguments(file.read_bytes() for file in sorted(package.rglob("*.py")))
    for file in sorted((package / folder).rglob("*.py")):
        if file.name not in JUDGED_BY_LOOKING and (file.name != NEEDS_OPENVINO or find_spec("openvino")):
            yield from _mutants_of(file.relative_to(project).as_posix(), file.read_bytes(), required)


def _mutants_of(file: str, source: bytes, required: dict[str, frozenset[str]]) -> Iterator[Mutant]:
    seen: Counter[str] = Counter()
    for mistake in mistakes_in(source, required):
        begin, end = source.rfind(b"\n", 0, mistake.begin) + 1, source.find(b"\n", mistake.end)
        before = source[begin:end].decode()
        changed = applied(source, mistake)
        after = changed[begin : end + len(changed) - len(source)].decode()
        name = f"{file}\n{mistake.function}\n{before.strip()}\n{after.strip()}"
        seen[name] += 1
        key = hashlib.sha256(f"{name}\n{seen[name]}".encode()).hexdigest()[:16]
        yield Mutant(key, file, source.count(b"\n", 0, mistake.begin) + 1, before, after, mistake)


def _is_chosen(key: str, seed: int, share: float) -> bool:
    number = int(hashlib.sha256(f"{seed} {key}".encode()).hexdigest()[:8], 16)
    return number < share * 2**32


# --- Trying them ----------------------------------------------------------------------------------------------------


def _try_all(project: Path, chosen: list[Mutant], results: Path, workers: int) -> None:
    record = results.with_suffix(f".{fingerprint(project)}.json")
    known = _read_results(results)
    chosen = sorted(chosen, key=lambda mutant: mutant.key)  # so that the first ones are a fair sample
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, _pool(project, folder, record, workers) as pool:
        Path(folder).chmod(0o755)  # like the system's folder for temporary files: some tests become another user
        if not record.exists():
            say("Running all unit tests once …")
            pool.submit(_record_tests).result()
        selection = Selection(project, read_tests(record))
        planned = {
            mutant: selection.tests_for(mutant.file, mutant.mistake) for mutant in chosen if mutant.key not in known
        }
        seconds = sum(START + TAKEN * sum(test.seconds for test in tests) for tests in planned.values()) / workers
        say(f"{len(planned)} to be tried; that may take {seconds / 60:.0f} minutes")
        running = {
            pool.submit(_attempt, mutant.file, mutant.mistake, [test.name for test in tests]): mutant
            for mutant, tests in planned.items()
        }
        with results.open("a", encoding="utf-8") as file:
            for number, done in enumerate(as_completed(running), start=1):
                mutant = running[done]
                print(_as_line(mutant, done.result(), len(planned[mutant])), file=file, flush=True)
                if number % SAID_AFTER == 0:
                    say(f"{number} of {len(running)}")


@contextlib.contextmanager
def _pool(project: Path, folder: str, record: Path, workers: int) -> Iterator[ProcessPoolExecutor]:
    fork = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(workers, mp_context=fork, initializer=_set_up, initargs=(project, folder, record))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)  # after an interruption, don't wait for the rest


_workplaces: list[Workplace] = []
"""The workplace of this process, if it is a worker."""


def _set_up(project: Path, folder: str, record: Path) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):  # the parent, when signalled, ends the workers
        signal.signal(number, signal.SIG_IGN)
    _workplaces.append(Workplace(project, Path(folder) / str(os.getpid()), record))


def _record_tests() -> None:
    _workplaces[0].record_tests()


def _attempt(file: str, mistake: Mistake, tests: list[str]) -> Outcome:
    if not tests:
        return Outcome(noticed=False, by="", seconds=0.0)
    return _workplaces[0].attempt(file, mistake, tests)


# --- What came of it ------------------------------------------------------------------------------------------------


def _as_line(mutant: Mutant, outcome: Outcome, tests: int) -> str:
    said = {"key": mutant.key, "file": mutant.file, "line": mutant.line, "function": mutant.mistake.function}
    said |= {"before": mutant.before, "after": mutant.after, "tests": tests, **outcome._asdict()}
    return json.dumps(said, ensure_ascii=False)


def _read_results(file: Path) -> dict[str, dict[str, Any]]:
    """Read the results so far; the last line may be cut off."""
    found = {}
    if file.exists():
        for line in file.read_text(encoding="utf-8").splitlines():
            with contextlib.suppress(ValueError):
                result = json.loads(line)
                found[result["key"]] = result
    return found


def _summary(results: list[dict[str, Any]]) -> dict[str, Any]:
    folders = sorted({_folder_of(result["file"]) for result in results})
    of_folder = {name: [one for one in results if _folder_of(one["file"]) == name] for name in folders}
    return {"folders": {name: _counts(some) for name, some in of_folder.items()}, "all": _counts(results)}


def _counts(results: list[dict[str, Any]]) -> dict[str, Any]:
    noticed = sum(result["noticed"] for result in results)
    return {
        "tried": len(results),
        "noticed": noticed,
        "noticed by the time limit": sum(result["by"] == TOO_LONG for result in results),
        "entered by no test": sum(not result["tests"] for result in results),
        "share noticed": round(noticed / len(results), 4) if results else None,
    }


def _print_survivors(results: dict[str, dict[str, Any]], folders: list[str]) -> None:
    tried = [one for one in results.values() if _folder_of(one["file"]) in folders]
    survivors = [one for one in tried if not one["noticed"]]
    for one in sorted(survivors, key=lambda one: (one["file"], one["line"], one["after"])):
        tests = f"{one['tests']} tests enter it" if one["tests"] else "no test enters it"
        print(f"{one['file']}:{one['line']} {one['function']} ({tests})")
        lines = difflib.unified_diff(one["before"].splitlines(), one["after"].splitlines(), n=0, lineterm="")
        print(*(line for line in lines if not line.startswith(("---", "+++", "@@"))), sep="\n", end="\n\n")
    print(f"{len(survivors)} of {len(tried)} not noticed")


def _folder_of(file: str) -> str:
    return file.split("/")[1]


if __name__ == "__main__":
    sys.exit(main())
