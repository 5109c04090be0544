"""New results, told some at a time: they may come faster than a person reads and a list is painted."""

from PySide6.QtCore import QObject, QTimer, Signal

from xception_gui.domain.predictions import PicturePrediction

MILLISECONDS_BETWEEN_CHANGES = 100

MAX_AT_ONCE = 4000
"""Results that are told at once: so many are listed in some 30 ms, in which the window stands still."""


class ResultFeed(QObject):
    """Keeps what isn't told yet.

    Signals:
        results_added: list[PicturePrediction]; at most ten times a second.
        answered: str, the path of the first result of a drop; it was added just before.
        told: after each turn, also where there was nothing to add.
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
        """Whether something will be told in a moment."""
        return self._timer.isActive()

    def add(self, result: PicturePrediction, *, answers: bool) -> None:
        """Take a result; `answers`: it is the first one of a drop."""
        self._untold.append(result)
        if answers:
            self._answered = result.path

    def begin_anew(self, results: list[PicturePrediction]) -> None:
        """Forget what isn't told, and have these told in its place."""
        self._untold = results
        self._answered = None

    def tell_soon(self) -> None:
        """Tell what there is at the next turn."""
        if not self._timer.isActive():
            self._timer.start()

    def tell_now(self) -> None:
        """Tell what there is at once; what is too much for that, in the next turns."""
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
