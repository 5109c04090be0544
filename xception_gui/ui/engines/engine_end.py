"""Describes how an engine ended unexpectedly, with the last lines of its log."""

import signal

from xception_gui.diagnostics import last_lines
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Details, Failed
from xception_gui.ui.kit.failure_log import LOG

_CRASHES = frozenset(
    getattr(signal, name) for name in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE") if hasattr(signal, name)
)


def failure(code: ErrorCode, found: str, log: str = "") -> Failed:
    """Return the failure of an engine's jobs."""
    details: Details = {"found": found, **({LOG: log} if log else {})}
    return Failed(code, details)


def died(name: str, process: int, exit_code: int, *, crashed: bool, said: str) -> Failed:
    """Return the failure of an engine that died.

    Args:
        name: of the engine.
        process: ID of the process, part of the name of its log.
        exit_code: or the number of the signal.
        crashed: whether a signal ended the process.
        said: what the process wrote on stderr, used if there is no log.
    """
    how = _words_on_signal(exit_code) if crashed else f"ended with exit status {exit_code}"
    return failure(ErrorCode.ENGINE_DIED, f"The process “{name}” {how}.", last_lines(process) or said)


def ended_as_it_hung(name: str, process: int) -> Failed:
    """Return the failure of an engine that was ended because it hung."""
    found = f"The process “{name}” no longer responded and was ended."
    return failure(ErrorCode.ENGINE_DIED, found, last_lines(process))


def _words_on_signal(number: int) -> str:
    try:
        found = signal.Signals(number)
    except ValueError:  # on Windows the number is a status
        return f"crashed ({number})"
    if found in _CRASHES:
        return f"crashed ({found.name}): usually a file is damaged, or a library has a bug"
    if found.name == "SIGKILL":
        return "was killed (SIGKILL): usually because memory ran out"
    return f"was ended by another program ({found.name})"
