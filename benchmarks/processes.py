"""Runs processes, and measures their time and memory."""

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xception_gui.edition import console_command
from xception_gui.paths import HOME_VARIABLE

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = tuple(console_command())
BETWEEN_LOOKS = 0.02
"""Seconds between two measurements of a process' memory."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A process that has succeeded."""

    seconds: float  # from its start to its end
    peak_mb: float | None  # peak resident memory with mapped files; None if unknown
    own_mb: float | None  # peak anonymous memory, sampled; None if unknown
    stdout: str


def run_process(command: Sequence[str], *, home: Path | None = None, is_quiet: bool = True) -> Ran:
    """Run a process of this source tree to its end.

    Args:
        command: the command and its arguments.
        home: where the program keeps models and cache.
        is_quiet: stderr is only shown if the process fails; else it is passed on.

    Raises:
        RuntimeError: the process failed; contains the end of its stderr.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stderr=err if is_quiet else None, env=environment(home))
        with _MemoryWatch(process.pid) as watch:
            process.wait()
        seconds = time.monotonic() - began
        out.seek(0), err.seek(0)
        stdout, stderr = (stream.read().decode("utf-8", "replace") for stream in (out, err))
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {stderr[-2000:]}")
    return Ran(seconds, watch.most.get("VmHWM"), watch.most.get("RssAnon"), stdout)


def environment(home: Path | None = None) -> Mapping[str, str]:
    """Return an environment with this source tree first in the import path, and with a home if one is given."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    found = {**os.environ, "PYTHONPATH": path}
    if home is not None:
        found[HOME_VARIABLE] = str(home)
    return found


class _MemoryWatch:
    """Samples the memory of a process on a thread; on Linux only.

    `ru_maxrss` isn't suitable: a child starts with the value of its parent.
    """

    def __init__(self, pid: int) -> None:
        self.most: dict[str, float] = {}  # line of /proc/…/status → MB
        self._status = Path(f"/proc/{pid}/status")
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "_MemoryWatch":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(BETWEEN_LOOKS):
            try:
                lines = self._status.read_text(encoding="ascii", errors="replace").splitlines()
            except OSError:
                return
            for name, _, value in (line.partition(":") for line in lines):
                if name in ("VmHWM", "RssAnon"):
                    self.most[name] = max(self.most.get(name, 0.0), int(value.split()[0]) * 1024 / 1e6)
