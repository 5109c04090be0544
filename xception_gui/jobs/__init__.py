"""The work itself: check, train, predict, evaluate, export. One function each, the same for every caller."""

from xception_gui.jobs.run_job import run_job

__all__ = ["run_job"]
