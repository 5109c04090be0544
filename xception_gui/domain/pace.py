"""How fast work goes by now."""

from dataclasses import dataclass

SECONDS_OF_PACE = 3.0
"""What counts: pictures that came from a cache before that are no measure for those that don't."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Marks of the last few seconds: seconds since the work began, and pictures done by then."""

    marks: tuple[tuple[float, int], ...] = ((0.0, 0),)

    def after(self, seconds: float, done: int) -> "Pace":
        """Give the pace with one more mark; of those too old to count, the newest stays to count from."""
        marks = (*self.marks, (seconds, done))
        old = sum(before <= seconds - SECONDS_OF_PACE for before, _ in marks)
        return Pace(marks[max(0, old - 1) :])

    @property
    def per_second(self) -> float | None:
        """Pictures a second; None where that can't be said yet."""
        (began, before), (now, done) = self.marks[0], self.marks[-1]
        return (done - before) / (now - began) if now > began and done > before else None


NO_PACE = Pace()
"""Of work that has just begun."""
