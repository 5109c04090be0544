"""The speed of this computer, measured while a recipe is chosen."""

from PySide6.QtCore import QObject, Signal

from xception_gui.domain.messages.base import Failed, Finished, Message
from xception_gui.domain.messages.machine import MeasureSpeedRequest, SpeedResult
from xception_gui.ui.engines.engine_client import EngineClient, Job


class MachineSpeed(QObject):
    """Measures once: first the speed of Quick, in the reader process, then a training step, in the trainer. Trainings
    and exports come first.

    Signals:
        changed: a result, or a failure, has come.
    """

    changed = Signal()

    def __init__(self, reader: EngineClient, trainer: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._trainer = trainer
        self._job: Job | None = None
        self.result: SpeedResult | None = None
        self.has_failed = False
        self._is_stopping = False
        trainer.job_started.connect(self._on_job_of_trainer)

    @property
    def is_measuring(self) -> bool:
        """Whether a measurement is running, which other work would disturb."""
        return self._job is not None

    @property
    def is_wanted(self) -> bool:
        """Whether there is something left to measure."""
        return not self.has_failed and (self.result is None or self.result.training_seconds is None)

    def measure(self) -> None:
        """Measure, unless the speed is known or being measured."""
        if self._job is None and self.is_wanted:
            training = self.result is not None
            self._start(self._trainer if training else self._reader, training=training)

    def stop(self) -> None:
        """Stop: something more important needs the computer."""
        if self._job is not None:
            self._is_stopping = True
            self._job.stop()

    def _start(self, engine: EngineClient, *, training: bool) -> None:
        self._is_stopping = False
        self._job = engine.start(MeasureSpeedRequest(training=training))
        self._job.ended.connect(lambda end: self._on_ended(end, training))

    def _on_job_of_trainer(self, job: Job) -> None:
        """Stop: another job of the trainer comes first, as someone waits for it."""
        if job is not self._job:
            self.stop()

    def _on_ended(self, end: Message, training: bool) -> None:
        self._job = None
        if isinstance(end, Finished) and isinstance(end.result, SpeedResult):
            self.result = end.result
            if not training and not self._is_stopping:
                self.measure()
            self.changed.emit()
        elif isinstance(end, Failed):  # such as without Keras; after a stop, it is measured another time
            self.has_failed = True
            self.changed.emit()
