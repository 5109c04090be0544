"""What the program ends with."""

from enum import IntEnum


class ExitStatus(IntEnum):
    """Exit statuses of the command line."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    STOPPED = 130  # as shells have it for Ctrl-C
