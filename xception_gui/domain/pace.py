"""How fast work goes by now."""

from dataclasses import dataclass

SECONDS_OF_PACE = 5.0
"""What counts: pictures that came from a cache before that are no measure for those that don't."""

SECONDS_OF_MEMORY = 15.0
"""What calms it: a machine that does other things too is now faster, now slower."""

CALMING = 1.4
"""The factor by which the memory may move the pace: a cache in it moves it no further."""

Mark = tuple[float, int]
"""Seconds since the work began, and pictures done by then."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Marks of the last seconds."""

    marks: tuple[Mark, ...] = ((0.0, 0),)

    def after(self, seconds: float, done: int) -> "Pace":
        """Return the pace with one more mark; of those too old to count, the newest stays to count from."""
        return Pace(_last((*self.marks, (seconds, done)), SECONDS_OF_MEMORY))

    @property
    def per_second(self) -> float | None:
        """Pictures a second; None where that can't be said yet."""
        now, before = _rate(_last(self.marks, SECONDS_OF_PACE)), _rate(self.marks)
        if now is None or before is None:
            return now
        return min(max(before, now / CALMING), now * CALMING)

    def seconds_for(self, pictures: int) -> float | None:
        """Return how long so many pictures take; None where that can't be said yet."""
        rate = self.per_second
        return pictures / rate if rate else None


def _last(marks: tuple[Mark, ...], seconds: float) -> tuple[Mark, ...]:
    """Return the marks of the last seconds, and the newest one before them."""
    old = sum(before <= marks[-1][0] - seconds for before, _ in marks)
    return marks[max(0, old - 1) :]


def _rate(marks: tuple[Mark, ...]) -> float | None:
    (began, before), (now, done) = marks[0], marks[-1]
    return (done - before) / (now - began) if now > began and done > before else None


NO_PACE = Pace()
"""Of work that has just begun."""
