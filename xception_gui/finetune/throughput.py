"""The current speed of a training."""

import time
from collections import deque
from collections.abc import Callable

WINDOW = 15.0
"""Seconds of steps that are averaged: long enough to be steady, short enough to follow the load of the machine."""


class Throughput:
    """Pictures a second over the last seconds of steps: with waits for pictures, without pauses and first steps."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._recent: deque[tuple[float, int]] = deque()  # seconds, pictures
        self.restart()

    def resume(self) -> None:
        """Begin, or continue after a pause: time counts from now on."""
        self._last = self._clock()

    def restart(self) -> None:
        """Discard all measurements: the next step is a first one, which may compile."""
        self._recent.clear()
        self._seconds = 0.0
        self._images = 0
        self._compiles = True
        self._last = self._clock()

    def step(self, images: int) -> float:
        """Count a step that has just ended. Returns pictures a second; 0 after a first step."""
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
