"""Termination by the system: SIGTERM, a closed terminal, Ctrl-C."""

import os
import signal

from PySide6.QtCore import QObject, QSocketNotifier, Signal

from xception_gui.diagnostics import logger


class Termination(QObject):
    """Turns Unix signals into a Qt signal. Does nothing on Windows.

    A second signal ends the program at once.

    Signals:
        asked: the program should exit.
    """

    asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        if not hasattr(signal, "SIGHUP"):  # Windows closes windows instead
            return
        # Python runs signal handlers only between its own instructions, not in Qt's event loop: this pipe wakes the loop.
        self._read_end, self._write_end = os.pipe()
        for end in (self._read_end, self._write_end):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._write_end, warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._read_end, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_woken)
        for number in self._numbers():
            signal.signal(number, lambda _number, _frame: None)

    @staticmethod
    def _numbers() -> tuple[signal.Signals, ...]:
        return signal.SIGTERM, signal.SIGHUP, signal.SIGINT

    def _on_woken(self) -> None:
        numbers = os.read(self._read_end, 64)
        logger.info("Asked to go by %s", ", ".join(signal.Signals(number).name for number in numbers))
        for number in self._numbers():
            signal.signal(number, signal.SIG_DFL)
        self.asked.emit()
