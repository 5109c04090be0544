"""Passes on new results in batches: they may arrive faster than a list can be painted."""

from PySide6.QtCore import QObject, QTimer, Signal

from xception_gui.domain.predictions import PicturePrediction

MILLISECONDS_BETWEEN_CHANGES = 100

MAX_AT_ONCE = 4000
"""Results in one batch: listing them takes about 30 ms, during which the window doesn't respond."""


class ResultFeed(QObject):
    """Collects results and emits them in batches.

    Signals:
        results_added: list[PicturePrediction]; at most ten times per second.
        answered: str, the path of the first result of a drop; it was added just before.
        told: after each batch, even an empty one.
    """

    results_added = Signal(list)
    answered = Signal(str)
    told = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._untold: list[PicturePrediction] = []
        self._answered: str | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(MILLISECONDS_BETWEEN_CHANGES)
        self._timer.timeout.connect(self._tell)

    @property
    def is_waiting(self) -> bool:
        """Whether a batch is due."""
        return self._timer.isActive()

    def add(self, result: PicturePrediction, *, answers: bool) -> None:
        """Add a result; `answers`: it is the first one of a drop."""
        self._untold.append(result)
        if answers:
            self._answered = result.path

    def begin_anew(self, results: list[PicturePrediction]) -> None:
        """Replace the results that were not emitted yet by these."""
        self._untold = results
        self._answered = None

    def tell_soon(self) -> None:
        """Emit a batch in a moment."""
        if not self._timer.isActive():
            self._timer.start()

    def tell_now(self) -> None:
        """Emit a batch now; what exceeds it follows in later batches."""
        self._timer.stop()
        self._tell()

    def _tell(self) -> None:
        turn, self._untold = self._untold[:MAX_AT_ONCE], self._untold[MAX_AT_ONCE:]
        if turn:
            self.results_added.emit(turn)
        if self._untold:
            self._timer.start()
        elif self._answered is not None:
            answered, self._answered = self._answered, None
            self.answered.emit(answered)
        self.told.emit()
