"""Ends a job on a signal: the job is asked to stop first, and ended by force if it doesn't.

Python calls signal handlers only between two of its own instructions, which may be never while native code runs. So a
thread reads the signals' numbers from a pipe, to which the interpreter writes them at once.
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
"""For Python's own handling of a second signal, which removes temporary files as it unwinds."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else []))

_NO_MORE = 0
"""Written to the pipe instead of a signal's number: the listener ends."""


class Stopping:
    """Whether, and how urgently, a job is asked to stop.

    Args:
        patience: seconds without a sign of life after which a job that was asked to stop is ended by force.
        last_words: called right before that.

    Attributes:
        stop: set by every signal.
        leave: set by every signal but Ctrl-C. The process has to end, so a training is saved as it is, to be resumed.
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
        """Note that the job is still working."""
        self._last_sign = time.monotonic()

    def listen(self, descriptor: int) -> None:
        """Read signal numbers from a pipe, one per byte, and act on each, until `_NO_MORE`."""
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
        # A thread, as the job that hangs may hold a lock that the last words need.
        last = threading.Thread(target=self._last_words, daemon=True)
        last.start()
        last.join(SECONDS_FOR_LAST_WORDS)
        os._exit(128 + number)  # the shells' convention for signals


def _usual_answer(signal_number: int, before: Any) -> Any:
    """Return the handler for a second signal. A program that a script started in the background ignores Ctrl-C."""
    if before is not signal.SIG_IGN:
        return before
    return signal.default_int_handler if signal_number == signal.SIGINT else signal.SIG_DFL


@contextlib.contextmanager
def stopped_by_signals(patience: float, last_words: Callable[[], None]) -> Iterator[Stopping]:
    """Have Ctrl-C, SIGTERM and a closed terminal stop a job. The same signal a second time ends the program as usual.

    See `Stopping` for the arguments. Must be called in the main thread.
    """
    stopping = Stopping(patience, last_words)
    reading, writing = os.pipe()
    if hasattr(os, "set_blocking"):
        os.set_blocking(writing, False)  # `set_wakeup_fd` requires it
    listener = threading.Thread(target=stopping.listen, args=(reading,), name="signals", daemon=True)
    listener.start()

    def on_signal(signal_number: int, frame: FrameType | None) -> None:
        """Restore the usual handler; the listener does the rest. Print nothing here: a line may be half written."""
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
