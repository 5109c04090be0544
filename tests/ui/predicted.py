"""Predictions without an engine: what it would report is said by the test."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QPixmap

from tests.ui.engines import FakeEngine, FakeJob
from xception_gui.domain.messages.base import Failed, Finished, Phase, PhaseStarted, Progress, Stopped
from xception_gui.domain.messages.models import RunSummary
from xception_gui.domain.messages.using import ModelOpened, PicturePredicted, PredictResult
from xception_gui.domain.predictions import PicturePrediction, Prediction
from xception_gui.domain.reasons import Reason
from xception_gui.ui.predict.prediction_queue import PredictionQueue

CLASSES = ("glass", "metal", "paper")
MODEL = RunSummary("/models/bottles", 1000, classes=CLASSES, val_accuracy=0.842, status="finished", preset="quick")
OTHER = RunSummary("/models/leaves", 1000, classes=("oak", "elm"), val_accuracy=0.9, status="finished", preset="quick")
DIED = Failed("engine-died", {"found": "Signal 9."})
CANNOT = "The file is empty (0 bytes). Copy or download it again."


def said(
    path: str, best: str = "glass", probability: float = 0.9, others: Sequence[str] = CLASSES
) -> PicturePrediction:
    """Make a result: the best class, the others sharing what is left."""
    rest = [name for name in others if name != best]
    shares = [(1 - probability) / len(rest)] * len(rest)
    ranked = [Prediction(best, probability), *map(Prediction, rest, shares)]
    return PicturePrediction(path, tuple(ranked))


def unreadable(path: str) -> PicturePrediction:
    """Make the result of a file that can't be read."""
    return PicturePrediction(path, (), CANNOT)


def told_of(result: PicturePrediction, classes: Sequence[str]) -> PicturePredicted:
    """Tell a result as an engine does."""
    shares = {one.class_name: one.probability for one in result.predictions}
    if not shares:
        return PicturePredicted(result.path, error=Reason.EMPTY)
    return PicturePredicted(result.path, tuple(shares[name] for name in classes))


def report(job: FakeJob, results: Sequence[PicturePrediction], total: int | None = None) -> None:
    """Report results as an engine does, a picture in half a second."""
    total = len(results) if total is None else total
    classes = tuple(sorted({one.class_name for result in results for one in result.predictions}))
    job.reported.emit(ModelOpened(classes))
    job.reported.emit(PhaseStarted(Phase.PREDICTING, total))
    for number, result in enumerate(results, start=1):
        job.reported.emit(Progress(Phase.PREDICTING, number, total, number / 2))
        job.reported.emit(told_of(result, classes))


def finish(job: FakeJob) -> None:
    """End a job well."""
    job.ended.emit(Finished(PredictResult(CLASSES, 0, 0)))


def stopped(job: FakeJob) -> None:
    """End a job that was asked to stop."""
    job.ended.emit(Stopped(PredictResult(CLASSES, 0, 0, stopped=True)))


def predict_all(queue: PredictionQueue, engine: FakeEngine, results: Sequence[PicturePrediction]) -> None:
    """Have pictures predicted from the drop to the end."""
    queue.predict([result.path for result in results])
    report(engine.job, results)
    finish(engine.job)


class FakeThumbnails(QObject):
    """Green squares for all, and a note of what was asked for."""

    thumbnail_ready = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.failed: set[str] = set()
        self.square = QPixmap(208, 208)
        self.square.fill(QColor("#00ff00"))

    def pixmap(self, path: str) -> QPixmap | None:
        self.asked.append(path)
        return None if path in self.failed else self.square

    def has_failed(self, path: str) -> bool:
        return path in self.failed
