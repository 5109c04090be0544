"""Progress of classifying, with a button to stop."""

from pathlib import PurePath

from PySide6.QtWidgets import QWidget

from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import row
from xception_gui.ui.kit.labels import ElidedLabel
from xception_gui.ui.kit.progress_bar import ProgressBar
from xception_gui.ui.predict.predict_words import progress_words, quoted
from xception_gui.ui.predict.prediction_list import ROOM_FOR_SCROLLING
from xception_gui.ui.predict.prediction_queue import PredictionQueue


class ProgressLine(QWidget):
    """A bar, words and a button; hidden while nothing is classified."""

    def __init__(self, queue: PredictionQueue) -> None:
        super().__init__()
        self._queue = queue
        self._bar = ProgressBar()
        self._bar.setObjectName("predict_progress")
        self._bar.setAccessibleName(self.tr("Progress"))
        self._bar.setTextVisible(False)
        self._pace = ElidedLabel("", "label")
        self._pace.setObjectName("predict_pace")
        self._stop = button(self.tr("Stop"), "predict_stop", "link", queue.stop)
        line = row(self._bar, self._pace, self._stop)
        line.setContentsMargins(0, 0, ROOM_FOR_SCROLLING, 20)
        self.setLayout(line)

    def show_progress(self) -> None:
        """Show the current progress."""
        now = self._queue
        self.setVisible(now.is_running)
        self._bar.show_progress(now.done, max(1, now.total))
        words = progress_words(now.done, now.total, now.images_per_second, now.seconds_left)
        at_work = now.model_at_work
        if at_work is not None and at_work is not now.model:
            words = f"“{quoted(PurePath(at_work.path).name)}” · {words}"
        self._pace.setText(self.tr("Stopping…") if now.is_stopping else words)
        self._stop.setEnabled(not now.is_stopping)
