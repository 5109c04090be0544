"""Writes down what a training reports, and passes it on."""

import contextlib

from xception_gui.diagnostics import logger
from xception_gui.domain.messages.base import Message
from xception_gui.jobs.reporting import Report
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.run_log import RunLog


class Recorder:
    """Passes events on and keeps them for `events.jsonl` from the first one, before the run's folder exists."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._early: list[Message] = []
        self._log: RunLog | None = None

    def __call__(self, event: Message) -> None:
        """Write an event down, and then pass it on: whoever hears of the end finds it in the run.

        A log that can't be written, on a full disk say, stops nothing.
        """
        self._write_down(event)
        self._report(event)

    def _write_down(self, event: Message) -> None:
        if self._log is None:
            self._early.append(event)
            return
        try:
            self._log.write(event)
        except OSError as error:
            logger.warning("An event couldn't be written down: %s", error)

    def open(self, run: RunFolder) -> None:
        """Begin to write into the folder of `run`."""
        self._log = RunLog(run)
        for event in self._early:
            self._log.write(event)
        self._early.clear()

    def close(self) -> None:
        """End writing."""
        if self._log is not None:
            with contextlib.suppress(OSError):
                self._log.close()
            self._log = None
