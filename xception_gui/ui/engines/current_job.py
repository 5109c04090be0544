"""One job at a time, as controllers follow them."""

from typing import Any

from PySide6.QtCore import QObject, Signal

from xception_gui.domain.messages.base import JobRequest, Message
from xception_gui.ui.engines.engine_client import EngineClient, Job


class CurrentJob(QObject):
    """The job that a controller has asked an engine for last. What one before it still says is heard by nobody: it is
    about something else, or an older try.

    Signals:
        reported: an event that isn't the end.
        ended: Finished, Stopped or Failed; it doesn't run any more then.
    """

    reported = Signal(object)
    ended = Signal(object)

    def __init__(self, engine: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._job: Job | None = None

    @property
    def is_running(self) -> bool:
        """Whether there is one that has not ended yet."""
        return self._job is not None

    def start(self, request: JobRequest[Any]) -> None:
        """Ask for a job; one that still runs is given up."""
        self.give_up()
        self._job = self._engine.start(request)
        self._job.reported.connect(self.reported)
        self._job.ended.connect(self._on_ended)

    def stop(self) -> None:
        """Ask it to stop, politely; its end is told. Nothing happens if none runs."""
        if self._job is not None:
            self._job.stop()

    def give_up(self) -> None:
        """Ask it to stop, and listen to it no more. Nothing happens if none runs."""
        job, self._job = self._job, None
        if job is not None:
            job.reported.disconnect(self.reported)
            job.ended.disconnect(self._on_ended)
            job.stop()

    def _on_ended(self, end: Message) -> None:
        self._job = None
        self.ended.emit(end)
