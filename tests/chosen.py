"""Which costly tests continuous integration leaves out, as nothing that they test has changed since they passed.

    python -m tests.chosen           what to give to pytest: files to leave out
    python -m tests.chosen packages  exit status 0 if the tests of packages are to be run
    python -m tests.chosen --passed  write down that all of them have passed, in `.ci/passed`, to be committed

Each group has a fingerprint: one hash of its tests, of what they test (git's files only), and of the modules of the
program that these import. In doubt (without git, or where none is written down) a group is run.
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
    """Tests that take minutes, and what they test: files and folders."""

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
    """Do what the words ask for; gives the exit status."""
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
    """Say whether a group is to be run."""
    now = fingerprint(GROUPS[name])
    return now is None or now != passed().get(name)


def passed() -> dict[str, str]:
    """Read the fingerprint with which each group has passed."""
    try:
        return dict(line.split() for line in PASSED.read_text(encoding="utf-8").splitlines())
    except (OSError, ValueError):
        return {}


def fingerprint(group: Group, project: Path = PROJECT) -> str | None:
    """Hash the names and contents of all that a group tests; None where git doesn't say what belongs to the project."""
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
    """Find the modules of the program that a script imports itself."""
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
