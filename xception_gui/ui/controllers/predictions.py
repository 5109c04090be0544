"""What pictures show: drops are predicted one after the other, and their results kept."""

from collections import deque
from collections.abc import Sequence
from pathlib import PurePath

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from xception_gui.domain.messages import (
    Event,
    Failed,
    Message,
    Phase,
    PhaseStarted,
    PicturePredicted,
    PicturePrediction,
    PredictRequest,
    Progress,
    RunSummary,
)
from xception_gui.domain.pace import NO_PACE
from xception_gui.ui.controllers.prediction_store import PredictionStore
from xception_gui.ui.engine_client import EngineClient, Job

MILLISECONDS_BETWEEN_CHANGES = 100
"""Results may come faster than a person reads and a list is painted."""


class Predictions(QObject):
    """Has pictures predicted by the predictor, and keeps the results of one model.

    Drops queue up: each is predicted once those before it are. A picture that is dropped again is predicted again,
    since its file may have changed, and its new result takes the place of the old one: nobody expects the same file
    twice in a list or a table. What is dropped before a model is chosen waits for it. After a failure, what is missing
    waits for `retry` or the next drop.

    Signals:
        taken: a drop was taken.
        results_added: list[PicturePrediction], new ones and ones that replace those of the same path, with their three
            most probable classes; at most ten times a second.
        answered: str, the path of the first result of a drop; it was added just before.
        cleared: all results were forgotten.
        changed: something else than the results is another.
    """

    taken = Signal()
    results_added = Signal(list)
    answered = Signal(str)
    cleared = Signal()
    changed = Signal()

    def __init__(self, predictor: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._predictor = predictor
        self._model: RunSummary | None = None
        self._failure: Failed | None = None
        self._results = PredictionStore()
        self._waiting: deque[tuple[str, ...]] = deque()
        self._drop: tuple[str, ...] = ()  # that is being predicted
        self._job: Job | None = None
        self._opening: Job | None = None  # of the model, before there is anything to predict
        self._stop_asked = False
        self.is_preparing = False  # the model is made of what its training had saved, which takes half a minute
        self._last: str | None = None  # path of the drop's newest result
        self._pace = NO_PACE
        self._done = self._total = 0  # pictures of the drop
        self._done_before = 0  # pictures of the drops before it
        self._batch: list[PicturePrediction] = []
        self._answered: str | None = None
        self._publish = QTimer(self)
        self._publish.setSingleShot(True)
        self._publish.setInterval(MILLISECONDS_BETWEEN_CHANGES)
        self._publish.timeout.connect(self._on_publish)

    @property
    def model(self) -> RunSummary | None:
        """The model that predicts."""
        return self._model

    @property
    def classes(self) -> tuple[str, ...]:
        """What the model tells apart."""
        return self._model.classes if self._model else ()

    @property
    def results(self) -> list[PicturePrediction]:
        """All results with all their classes, in the order in which they came."""
        return self._results.all()

    @property
    def has_results(self) -> bool:
        """Whether there are any."""
        return len(self._results) > 0

    @property
    def is_running(self) -> bool:
        """Whether something is being predicted."""
        return self._job is not None

    @property
    def is_stopping(self) -> bool:
        """Whether it was asked to stop and hasn't yet."""
        return self._stop_asked

    @property
    def is_waiting_for_model(self) -> bool:
        """Whether something was dropped and there is no model to predict it."""
        return self._model is None and bool(self._waiting)

    @property
    def failure(self) -> Failed | None:
        """Why what was dropped is not predicted."""
        return self._failure

    @property
    def done(self) -> int:
        """Pictures that were looked at since it began to run."""
        return self._done_before + self._done

    @property
    def total(self) -> int:
        """Pictures to look at since it began to run; a folder that waits counts as one."""
        return self._done_before + self._total + sum(map(len, self._waiting))

    @property
    def images_per_second(self) -> float | None:
        """How fast it goes; None where that can't be said yet."""
        return self._pace.per_second

    @property
    def seconds_left(self) -> float | None:
        """How long it will take; None where that can't be said yet."""
        rate = self.images_per_second
        return (self.total - self.done) / rate if rate else None

    def choose_model(self, summary: RunSummary) -> None:
        """Predict with this model from now on. Results of another one are forgotten, and what it was at is given up."""
        is_another = self._model is not None and _identity(self._model) != _identity(summary)
        if is_another:
            self._give_up_opening()
            self._forget_all()
        self._model = summary
        self._start_next()
        if self._job is None and self._opening is None:  # the first drop finds everything started and opened
            self._open_ahead(summary)
        self.changed.emit()

    def follow_renaming(self, old: str, new: str) -> None:
        """Keep on with the model when its folder has got another name.

        What hasn't opened the model yet is asked for anew: it may wait in the queue, with the old name.
        """
        if self._model is None or self._model.path != old:
            return
        self._model = msgspec.structs.replace(self._model, path=new)
        was_opening = self._opening is not None
        self._give_up_opening()
        job = self._job
        if job is not None and self._last is None and not self._stop_asked:
            self._job = None
            job.stop()  # what it still reports is nobody's
            self._waiting.appendleft(self._drop)
            self._start_next()
        if was_opening and self._job is None:
            self._open_ahead(self._model)
        self.changed.emit()

    def forget_model(self, run: str) -> None:
        """Let go of a model that is not there any more, and of its results."""
        if self._model is not None and self._model.path == run:
            self._give_up_opening()
            self._forget_all()
            self._model = None
            self.changed.emit()

    def predict(self, paths: Sequence[str]) -> None:
        """Predict a drop: files, and folders with everything below them."""
        if not paths:
            return
        self._failure = None
        self._waiting.append(tuple(dict.fromkeys(paths)))
        self.taken.emit()
        self._start_next()
        self.changed.emit()

    def retry(self) -> None:
        """Predict what a failure left."""
        self._failure = None
        self._start_next()
        self.changed.emit()

    def stop(self) -> None:
        """Stop, and keep the results. Drops that wait are forgotten."""
        self._waiting.clear()
        if self._job is not None:
            self._job.stop()
            self._stop_asked = True
        self.changed.emit()

    def clear(self) -> None:
        """Stop, and forget the results."""
        self._forget_all()
        self.changed.emit()

    def _forget_all(self) -> None:
        self._waiting.clear()
        job, self._job = self._job, None
        if job is not None:
            job.stop()  # what it still reports is nobody's
        self._failure = None
        self._results.clear()
        self._end_drop()
        self._publish.stop()
        self._batch.clear()
        self._answered = None
        self.cleared.emit()

    def _start_next(self) -> None:
        if self._job is not None or self._failure is not None or self._model is None or not self._waiting:
            return
        self._drop = self._waiting.popleft()
        self._total = len(self._drop)
        self._job = self._predictor.start(PredictRequest(self._model.path, self._drop))
        self._job.reported.connect(self._on_reported)
        self._job.ended.connect(self._on_ended)

    def _end_drop(self) -> None:
        """Get ready for the next drop; what was counted counts until the last one has ended, or one has failed."""
        goes_on = self._waiting and self._failure is None
        self._done_before = self._done_before + self._done if goes_on else 0
        self._drop, self._last = (), None
        self._done = self._total = 0
        self._stop_asked = False
        self._pace = NO_PACE

    def _open_ahead(self, model: RunSummary) -> None:
        self._opening = self._predictor.start(PredictRequest(model.path, ()))
        self._opening.reported.connect(self._on_opening)
        self._opening.ended.connect(self._on_opened)

    def _give_up_opening(self) -> None:
        """Stop what opens a model that isn't wanted any more; making its best epoch usable takes half a minute."""
        opening, self._opening = self._opening, None
        if opening is not None:
            opening.stop()
            self.is_preparing = False

    def _on_opening(self, event: Event) -> None:
        if isinstance(event, PhaseStarted) and self.sender() is self._opening:
            self.is_preparing = event.phase is Phase.CONVERTING
            self.changed.emit()

    def _on_opened(self) -> None:
        if self.sender() is not self._opening:
            return
        self._opening = None
        if self.is_preparing:
            self.is_preparing = False
            self.changed.emit()

    def _on_reported(self, event: Event) -> None:
        if self.sender() is not self._job:
            return
        match event:
            case PhaseStarted(phase=phase, total=total):
                self._total = total or self._total
                self.is_preparing = phase is Phase.CONVERTING
            case Progress():
                self._on_progress(event)
            case PicturePredicted(prediction=prediction):
                self._on_predicted(prediction)
        if not self._publish.isActive():
            self._publish.start()

    def _on_progress(self, progress: Progress) -> None:
        self._done, self._total = progress.done, progress.total
        self._pace = self._pace.after(progress.seconds, progress.done)

    def _on_predicted(self, prediction: PicturePrediction) -> None:
        if self._last is None:
            self._answered = prediction.path
        self._last = prediction.path
        self._batch.append(self._results.put(prediction))

    def _on_publish(self) -> None:
        batch, self._batch = self._batch, []
        answered, self._answered = self._answered, None
        if batch:
            self.results_added.emit(batch)
        if answered is not None:
            self.answered.emit(answered)
        self.changed.emit()

    def _on_ended(self, end: Message) -> None:
        if self.sender() is not self._job:
            return
        self._job = None
        self.is_preparing = False
        self._publish.stop()
        if isinstance(end, Failed):
            self._failure = end
            self._waiting.extendleft(filter(None, [still_missing(self._drop, self._last)]))
        self._end_drop()
        self._start_next()
        self._on_publish()


def still_missing(paths: Sequence[str], last: str | None) -> tuple[str, ...]:
    """Say what of a drop must be predicted again after it broke off. Results come in the order of the drop.

    A folder in the midst of which it broke off is predicted as a whole: what was embedded before passes in no time.

    Args:
        paths: of the drop, files and folders.
        last: path of the newest result, None if there was none.
    """
    if last is None:
        return tuple(paths)
    newest = PurePath(last)
    at_or_above = {newest, *newest.parents}
    reached = next((number for number, path in enumerate(paths) if PurePath(path) in at_or_above), 0)
    is_the_file = PurePath(paths[reached]) == newest
    return tuple(paths[reached + 1 :] if is_the_file else paths[reached:])


def _identity(model: RunSummary) -> tuple[str, str, tuple[str, ...]]:
    """Say what makes a model this one: its place alone may be another one's by now."""
    return model.path, model.created, model.classes
