"""Choice of the costly tests that continuous integration skips, since nothing that they test has changed.

    python -m tests.chosen           print the files to skip, as arguments for pytest
    python -m tests.chosen packages  exit status 0 if the tests of packages must run
    python -m tests.chosen --passed  record in `.ci/passed` that all of them have passed, to be committed

Each group has a fingerprint: one hash of its tests, of what they test (only files in git), and of the program's modules
that these import. In doubt (without git, or without a recorded fingerprint) a group runs.
"""

import ast
import hashlib
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parents[1]
PASSED = PROJECT / ".ci" / "passed"


class Group(NamedTuple):
    """Tests that take minutes, and the files and folders that they test."""

    tests: tuple[str, ...]
    tested: tuple[str, ...]


GROUPS = {
    "benchmarks": Group(
        tests=(
            "tests/stories/test_benchmark_scripts.py",
            "tests/stories/test_training_benchmarks.py",
            "tests/stories/test_prediction_benchmarks.py",
        ),
        tested=("benchmarks", "requirements.lock"),
    ),
    "packages": Group(
        tests=("tests/stories/test_package.py",),
        tested=("build.spec", "release", "resources", "models", "requirements.lock"),
    ),
}


def main(words: list[str]) -> int:
    """Run the command; returns the exit status."""
    match words:
        case []:
            left_out = [test for name, group in GROUPS.items() if not is_chosen(name) for test in group.tests]
            print(*(f"--ignore={test}" for test in left_out))
        case ["--passed"]:
            found = {name: fingerprint(group) for name, group in GROUPS.items()}
            PASSED.write_text("".join(f"{name} {hash_}\n" for name, hash_ in found.items() if hash_), encoding="utf-8")
        case [name] if name in GROUPS:
            return 0 if is_chosen(name) else 1
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


def is_chosen(name: str) -> bool:
    """Return whether a group must run."""
    now = fingerprint(GROUPS[name])
    return now is None or now != passed().get(name)


def passed() -> dict[str, str]:
    """Read the fingerprint with which each group last passed."""
    try:
        return dict(line.split() for line in PASSED.read_text(encoding="utf-8").splitlines())
    except (OSError, ValueError):
        return {}


def fingerprint(group: Group, project: Path = PROJECT) -> str | None:
    """Return a hash of the names and contents of all that a group tests; None if git can't list the project's files."""
    files = _files_of_git(group.tests + group.tested, project)
    if not files:
        return None
    imported = {module for file in files if file.suffix in (".py", ".spec") for module in _modules_in(file, project)}
    whole = hashlib.sha256()
    for file in sorted({*files, *imported}):
        whole.update(f"{file.relative_to(project).as_posix()} {_sha256(file)}\n".encode())
    return whole.hexdigest()


def _files_of_git(places: tuple[str, ...], project: Path) -> list[Path]:
    words = ["git", "ls-files", "-z", "--", *places]
    try:
        listed = subprocess.run(words, cwd=project, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return []
    return [file for name in listed.split("\0") if name and (file := project / name).is_file()]


def _modules_in(file: Path, project: Path) -> set[Path]:
    """Return the program's modules that a script itself imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        match node:
            case ast.ImportFrom(module=str(module), names=names) if module.split(".")[0] == "xception_gui":
                found |= {module, *(f"{module}.{name.name}" for name in names)}
            case ast.Import(names=names):
                found |= {name.name for name in names if name.name.split(".")[0] == "xception_gui"}
    return {path for name in found if (path := project / f"{name.replace('.', '/')}.py").is_file()}


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
