"""A job as the foot of the rail shows it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunningJob:
    """A line about something that is going on."""

    words: str
    done: int
    total: int  # 0: it can't be said
    is_long: bool = False  # the trainer's: minutes or hours; these are shown first
