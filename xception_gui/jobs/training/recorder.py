"""Records the events of a training, and passes them on."""

import contextlib

from xception_gui.diagnostics import logger
from xception_gui.domain.messages.base import Message
from xception_gui.jobs.reporting import Report
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.run_log import RunLog


class Recorder:
    """Writes events to `events.jsonl` and passes them on; those before the run's folder exists are written later."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._early: list[Message] = []
        self._log: RunLog | None = None

    def __call__(self, event: Message) -> None:
        """Record an event, then pass it on: when the end is reported, it is already in the run.

        If the log can't be written, as on a full disk, the training continues.
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
            logger.warning("An event couldn't be recorded: %s", error)

    def open(self, run: RunFolder) -> None:
        """Start writing into the folder of `run`."""
        self._log = RunLog(run)
        for event in self._early:
            self._log.write(event)
        self._early.clear()

    def close(self) -> None:
        """Close the log."""
        if self._log is not None:
            with contextlib.suppress(OSError):
                self._log.close()
            self._log = None
