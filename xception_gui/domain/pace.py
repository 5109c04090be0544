"""The current speed of work on pictures."""

from dataclasses import dataclass

SECONDS_OF_PACE = 5.0
"""Length of the recent past that determines the pace: earlier pictures may have come from a cache, much faster."""

SECONDS_OF_MEMORY = 15.0
"""Length of the longer past that smooths the pace, as other programs make a computer slower now and then."""

CALMING = 1.4
"""Largest factor by which the longer past may change the pace, so that a cache in it has little effect."""

Mark = tuple[float, int]
"""Seconds since the work began, and the number of pictures done by then."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace of some work, from the marks of the last seconds."""

    marks: tuple[Mark, ...] = ((0.0, 0),)

    def after(self, seconds: float, done: int) -> "Pace":
        """Return the pace with one more mark. Of the marks that are too old, the newest is kept as the start."""
        return Pace(_last((*self.marks, (seconds, done)), SECONDS_OF_MEMORY))

    @property
    def per_second(self) -> float | None:
        """Pictures per second; None if not known yet."""
        now, before = _rate(_last(self.marks, SECONDS_OF_PACE)), _rate(self.marks)
        if now is None or before is None:
            return now
        return min(max(before, now / CALMING), now * CALMING)

    def seconds_for(self, pictures: int) -> float | None:
        """Return the seconds for a number of pictures; None if not known yet."""
        rate = self.per_second
        return pictures / rate if rate else None


def _last(marks: tuple[Mark, ...], seconds: float) -> tuple[Mark, ...]:
    """Return the marks of the last `seconds`, and the newest mark before them."""
    old = sum(before <= marks[-1][0] - seconds for before, _ in marks)
    return marks[max(0, old - 1) :]


def _rate(marks: tuple[Mark, ...]) -> float | None:
    (began, before), (now, done) = marks[0], marks[-1]
    return (done - before) / (now - began) if now > began and done > before else None


NO_PACE = Pace()
"""The pace of work that has just begun."""
