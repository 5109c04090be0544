"""Exit statuses of the program."""

from enum import IntEnum


class ExitStatus(IntEnum):
    """Exit statuses of the command line."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    STOPPED = 130  # the shells' convention for Ctrl-C
