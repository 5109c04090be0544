"""A progress bar that doesn't repaint the window at once."""

from PySide6.QtWidgets import QProgressBar


class ProgressBar(QProgressBar):
    """A progress bar that is painted with everything else.

    Qt's progress bar repaints at once when its value changes, along with everything that waits to be painted: during a
    change of the whole page all of that would be painted twice, and the window would not respond meanwhile.
    """

    def show_progress(self, done: int, total: int) -> None:
        """Show progress; with a total of 0, which means unknown, the bar moves to and fro."""
        if (done, total) == (self.value(), self.maximum()):
            return
        self.setUpdatesEnabled(False)
        self.setRange(0, total)
        self.setValue(done)
        self.setUpdatesEnabled(True)
