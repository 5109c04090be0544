"""Log files: one line for each record, whatever strangers call their files and classes."""

import os
import re
import subprocess
import sys
from pathlib import Path

FAKE = "2026-01-01 00:00:00,000 ERROR xception_gui [MainThread] All is lost"

PROGRAM = """
import sys
from xception_gui import diagnostics
from xception_gui.domain.errors import ErrorCode, ProgramError

name = sys.argv[1]
diagnostics.start_log("test")
diagnostics.logger.warning("Left out of this epoch: %s", name)
try:
    raise ProgramError(ErrorCode.RUN_EXISTS, path=name)
except ProgramError:
    diagnostics.logger.exception("A job failed with %s", name)
diagnostics.logger.info("The end")
print(diagnostics.log_file())
"""


def log_with(name: str) -> list[str]:
    """Give the lines of the log of a program that tells of a file, and fails because of it."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, name], capture_output=True, text=True, check=True)
    return Path(done.stdout.strip()).read_bytes().decode().replace(os.linesep, "\n").split("\n")


def test_no_name_begins_a_record_of_its_own():
    lines = log_with(f"cat\n{FAKE}\n")
    records = [line for line in lines if re.match(r"\d{4}-", line)]
    assert [line.partition("] ")[2].split(" ")[0] for line in records] == ["xception-gui", "Left", "A", "The"]
    assert records[1].endswith(f"Left out of this epoch: cat‹U+000A›{FAKE}‹U+000A›")
    assert f"  {FAKE}" in lines  # in the traceback, whose lines all begin with a space


def test_nothing_in_a_name_is_obeyed_by_a_terminal_that_shows_the_log():
    log = "\n".join(log_with("cat\x1b[2J\r\u202egpj.exe"))
    assert log.count("cat‹U+001B›[2J‹U+000D›‹U+202E›gpj.exe") >= 3
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", log)
