"""How far something is."""

from PySide6.QtWidgets import QProgressBar


class ProgressBar(QProgressBar):
    """A bar that is painted when everything else is.

    Qt's paints itself at once when its value changes, and with it whatever waits to be painted: in the midst of a change
    to the whole page all of that would be painted twice, and the window would stand still for so long.
    """

    def show_progress(self, done: int, total: int) -> None:
        """Show that so much is done of a total; if that is 0, it isn't known, and the bar moves to and fro."""
        if (done, total) == (self.value(), self.maximum()):
            return
        self.setUpdatesEnabled(False)
        self.setRange(0, total)
        self.setValue(done)
        self.setUpdatesEnabled(True)
