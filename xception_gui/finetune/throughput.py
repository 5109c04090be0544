"""How fast a training is at the moment."""

import time
from collections import deque
from collections.abc import Callable

WINDOW = 15.0
"""Seconds of steps that count: long enough to be steady, short enough to follow what else the machine has to do."""


class Throughput:
    """Pictures a second over the last seconds of steps, waiting for pictures included, pauses and first steps not."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._recent: deque[tuple[float, int]] = deque()  # seconds, pictures
        self.restart()

    def resume(self) -> None:
        """Begin or go on after a pause: time counts from now on."""
        self._last = self._clock()

    def restart(self) -> None:
        """Forget what was measured: the next step is a first one, which may compile."""
        self._recent.clear()
        self._seconds = 0.0
        self._images = 0
        self._compiles = True
        self._last = self._clock()

    def step(self, images: int) -> float:
        """Count a step that has just ended. Gives pictures a second; 0 as long as there was only a first one."""
        now = self._clock()
        seconds, self._last = now - self._last, now
        if self._compiles:
            self._compiles = False
            return 0.0
        self._recent.append((seconds, images))
        self._seconds += seconds
        self._images += images
        while self._seconds - self._recent[0][0] >= WINDOW:
            oldest, pictures = self._recent.popleft()
            self._seconds -= oldest
            self._images -= pictures
        return self._images / max(self._seconds, 1e-9)
