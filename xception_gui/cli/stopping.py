"""Ending a job when a signal asks for it: politely at first, and by force if nothing comes of that.

Python answers signals between two of its own instructions. While native code runs, that may be never. So a thread reads
which signals have come from a pipe, which the interpreter writes to at once, wherever the program is.
"""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

SECONDS_FOR_LAST_WORDS = 1.0

SECONDS_TO_UNWIND = 2.0
"""For Python's own answer to a second signal, which removes temporary files on its way out."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else []))

_NO_MORE = 0
"""Instead of the number of a signal: there is nothing left to listen to."""


class Stopping:
    """How far a job is asked to stop.

    Args:
        patience: seconds without a sign of life after which a job that was asked to stop is ended by force.
        last_words: called before that.

    Attributes:
        stop: set by every signal.
        leave: set by all but Ctrl-C: nobody at the terminal has decided how a training is to end.
    """

    def __init__(self, patience: float, last_words: Callable[[], None]) -> None:
        self.stop = threading.Event()
        self.leave = threading.Event()
        self._patience = patience
        self._last_words = last_words
        self._last_sign = time.monotonic()
        self._over = threading.Event()
        self._signals: set[int] = set()

    def show_life(self) -> None:
        """Say that the job does something."""
        self._last_sign = time.monotonic()

    def listen(self, descriptor: int) -> None:
        """Read the numbers of signals from a pipe, one a byte, and act on them, until nothing more comes."""
        while (number := os.read(descriptor, 1)[0]) != _NO_MORE:
            self._take(number)
        self._over.set()

    def _take(self, number: int) -> None:
        if number != signal.SIGINT:
            self.leave.set()
        self.stop.set()
        if number in self._signals:
            self._watch(number, SECONDS_TO_UNWIND)
        elif not self._signals:
            self._watch(number, self._patience)
        self._signals.add(number)

    def _watch(self, number: int, patience: float) -> None:
        threading.Thread(target=self._end_if_silent, args=(number, patience), name="patience", daemon=True).start()

    def _end_if_silent(self, number: int, patience: float) -> None:
        """Wait for the end of the job, or end the program after `patience` seconds without a sign of life."""
        self.show_life()
        while (left := self._last_sign + patience - time.monotonic()) > 0:
            if self._over.wait(left):
                return
        # Whatever hangs may hold a lock that the last words need.
        last = threading.Thread(target=self._last_words, daemon=True)
        last.start()
        last.join(SECONDS_FOR_LAST_WORDS)
        os._exit(128 + number)  # as shells say it of a signal


def _usual_answer(signal_number: int, before: Any) -> Any:
    """Return what a second signal does. Started in the background by a script, a program ignores Ctrl-C at first."""
    if before is not signal.SIG_IGN:
        return before
    return signal.default_int_handler if signal_number == signal.SIGINT else signal.SIG_DFL


@contextlib.contextmanager
def stopped_by_signals(patience: float, last_words: Callable[[], None]) -> Iterator[Stopping]:
    """Have Ctrl-C, SIGTERM and a closed terminal stop a job; the second time the same one ends the program as usual.

    See `Stopping` for the arguments. Needs the main thread.
    """
    stopping = Stopping(patience, last_words)
    reading, writing = os.pipe()
    if hasattr(os, "set_blocking"):
        os.set_blocking(writing, False)  # the interpreter insists
    listener = threading.Thread(target=stopping.listen, args=(reading,), name="signals", daemon=True)
    listener.start()

    def on_signal(signal_number: int, frame: FrameType | None) -> None:
        """The listener has done the rest. This may be called in the middle of a line that is being written."""
        signal.signal(signal_number, _usual_answer(signal_number, before[signal.Signals(signal_number)]))

    before = {number: signal.getsignal(number) or signal.SIG_DFL for number in _SIGNALS}
    heard_before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in _SIGNALS:
        signal.signal(number, on_signal)
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(heard_before)
        os.write(writing, bytes([_NO_MORE]))
        listener.join()
        os.close(reading)
        os.close(writing)
