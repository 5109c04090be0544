"""A running job, as shown at the bottom of the rail."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunningJob:
    """One line: words and progress."""

    words: str
    done: int
    total: int  # 0: not known
    is_long: bool = False  # jobs of the trainer, which take minutes or hours, are shown first
