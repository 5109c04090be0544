"""Writes down what a training reports, and passes it on."""

from xception_gui.domain.messages import Message
from xception_gui.jobs.reporting import Report
from xception_gui.runs.run_folder import RunFolder, RunLog


class Recorder:
    """Passes events on, and keeps them for `events.jsonl` from the first one, before the run's folder exists."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._early: list[Message] = []
        self._log: RunLog | None = None

    def __call__(self, event: Message) -> None:
        """Pass an event on and write it down."""
        if self._log is not None:
            self._log.write(event)
        else:
            self._early.append(event)
        self._report(event)

    def open(self, run: RunFolder) -> None:
        """Begin to write into the folder of `run`."""
        self._log = RunLog(run)
        for event in self._early:
            self._log.write(event)
        self._early.clear()

    def close(self) -> None:
        """End writing."""
        if self._log is not None:
            self._log.close()
            self._log = None
