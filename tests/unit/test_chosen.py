"""What continuous integration runs and what it leaves out, and that nothing is skipped there unnoticed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chosen import GROUPS, PROJECT, Group, fingerprint

GROUP = Group(tests=("tests/test_scripts.py",), tested=("scripts",))


@pytest.fixture
def project(tmp_path) -> Path:
    """A small project under git, whose script uses one module of the program."""
    for name, text in {
        "tests/test_scripts.py": "import scripts.one",
        "scripts/one.py": "from xception_gui.data.dataset import scan",
        "xception_gui/data/dataset/scan.py": "",
        "xception_gui/data/dataset/split.py": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "is_run_again"),
    [
        ("scripts/one.py", True),
        ("tests/test_scripts.py", True),
        ("xception_gui/data/dataset/scan.py", True),  # the script imports it
        ("xception_gui/data/dataset/split.py", False),
    ],
)
def test_tests_are_run_again_when_what_they_test_has_changed(changed, is_run_again, project):
    before = fingerprint(GROUP, project)
    with (project / changed).open("a") as file:
        file.write("\n# changed\n")
    assert (fingerprint(GROUP, project) != before) is is_run_again


def test_so_they_are_when_something_is_added_or_gone(project):
    before = fingerprint(GROUP, project)
    (project / "scripts" / "notes.txt").write_text("nothing that git knows")
    assert fingerprint(GROUP, project) == before
    subprocess.run(["git", "add", "."], cwd=project, check=True)
    added = fingerprint(GROUP, project)
    assert added != before
    (project / "scripts" / "one.py").unlink()
    assert fingerprint(GROUP, project) not in (before, added)


def test_without_git_it_is_in_doubt(tmp_path):
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "one.py").touch()
    assert fingerprint(GROUP, tmp_path) is None


def test_the_groups_name_what_is_there():
    named = [PROJECT / name for group in GROUPS.values() for name in (*group.tests, *group.tested)]
    assert [path for path in named if not path.exists()] == []


@pytest.mark.parametrize("ci", ["true", ""])
def test_a_test_that_is_skipped_fails_on_continuous_integration_unless_its_reason_is_on_the_list(ci, tmp_path):
    (tmp_path / "test_skipping.py").write_text(
        "import pytest\n"
        "def test_lacks_a_program(): pytest.skip('strace is not installed')\n"
        "@pytest.mark.skipif(True, reason='There may be an accelerator')\n"
        "def test_is_for_others(): pass\n"
        "@pytest.mark.xfail\n"
        "def test_is_known_to_fail(): assert False\n"
    )
    (tmp_path / "test_whole_file.py").write_text("import pytest\npytest.importorskip('no_such_module')\n")
    options = ["-p", "tests.skips", "-p", "no:cacheprovider", "-c", os.devnull, "--continue-on-collection-errors"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tmp_path)],
        env={**os.environ, "CI": ci, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )
    end = done.stdout.splitlines()[-1]
    if ci:
        assert "1 failed, 1 skipped, 1 xfailed, 1 error" in end and done.returncode == 1
        assert "strace is not installed" in done.stdout and "no_such_module" in done.stdout
    else:
        assert "3 skipped, 1 xfailed" in end and done.returncode == 0
