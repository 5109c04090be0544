"""The jobs, such as check, train and predict: one function each, shared by the command line and the engine."""

from xception_gui.jobs.run_job import run_job

__all__ = ["run_job"]
