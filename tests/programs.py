"""The program as a person or the window starts it: real processes, with their input and output."""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from xception_gui.domain.lines import decode_event, encode
from xception_gui.domain.messages.base import Event, Failed, Finished, Message, PhaseStarted, Stopped
from xception_gui.edition import console_command

PROGRAM = console_command()
NOT_ISOLATED = [sys.executable, "-c", "import sys; from xception_gui.__main__ import main; sys.exit(main())"]
WITH_SHORT_NETWORK = [sys.executable, "-m", "tests.short_network"]  # for tests that don't depend on what is learned
PATIENCE = 240  # seconds, enough for a slow machine: a longer wait is a failure


def run_program(
    *words: str | Path, program: Sequence[str] = PROGRAM, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run a command of the program until it ends."""
    return subprocess.run(
        [*program, *map(os.fspath, words)], capture_output=True, text=True, timeout=PATIENCE, check=False, **options
    )


def json_of(*words: str | Path, program: Sequence[str] = PROGRAM) -> Any:
    """Run a command that must succeed, and return the one JSON document that it prints."""
    done = run_program(*words, "--json", program=program)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@contextlib.contextmanager
def running(words: Sequence[str], **options: Any) -> Iterator["subprocess.Popen[str]"]:
    """Start a process, and kill it at the end if it is still running."""
    with subprocess.Popen(words, text=True, **options) as process:
        try:
            yield process
        finally:
            process.kill()


class Engine:
    """An engine process, with the events read so far."""

    def __init__(self, program: Sequence[str] = PROGRAM) -> None:
        self.process = subprocess.Popen(
            [*program, "--engine"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.events: list[tuple[str | None, Event]] = []
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def send(self, request: Message, request_id: str) -> None:
        """Send a request."""
        self.send_line(encode(request, request_id))

    def send_line(self, line: str) -> None:
        """Send any line."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def wait_for(self, wanted: Callable[[Event], bool] | type) -> Event:
        """Read events until a wanted one, and return it."""
        matches = wanted if not isinstance(wanted, type) else lambda event: isinstance(event, wanted)
        while True:
            event = self.next_event()
            assert event is not None, f"The engine has ended; its events: {self.events}"
            if matches(event):
                return event

    def wait_for_end(self, request_id: str) -> Finished | Stopped | Failed:
        """Read events until the job with this id has ended; return the last."""
        while True:
            event = self.next_event()
            assert event is not None, "The engine has ended before the job"
            if self.events[-1][0] == request_id and isinstance(event, Finished | Stopped | Failed):
                return event

    def wait_for_phase(self, phase: str) -> Event:
        """Read events until a phase begins."""
        return self.wait_for(lambda event: isinstance(event, PhaseStarted) and event.phase == phase)

    def next_event(self) -> Event | None:
        """Read the next event; None once the engine has closed its stdout. An invalid line fails the test."""
        line = self._lines.get(timeout=PATIENCE)
        if line is None:
            return None
        request_id, event = decode_event(line)
        self.events.append((request_id, event))
        return event

    def ends_of(self, request_id: str) -> list[Event]:
        """Return all ends of a job among the events read so far."""
        return [e for found, e in self.events if found == request_id and isinstance(e, Finished | Stopped | Failed)]

    def close_stdin(self) -> int:
        """Close the engine's stdin, as a window does when it closes, read the rest, and return the exit status."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.wait()

    def wait(self) -> int:
        """Read the remaining events, wait for the end and return the exit status."""
        while self.next_event() is not None:
            pass
        status = self.process.wait(timeout=PATIENCE)
        self.end()
        return status

    def end(self) -> None:
        """Kill the process if it is still running, and close the pipes."""
        self.process.kill()
        self.process.wait()
        self._reader.join()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):  # output that wasn't read
                pipe.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put(None)
