"""An engine that has ended without being asked to: how, in words, and what it wrote down last."""

import signal

from xception_gui.diagnostics import last_lines
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Details, Failed
from xception_gui.ui.kit.failure_log import LOG

_CRASHES = frozenset(
    getattr(signal, name) for name in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE") if hasattr(signal, name)
)


def failure(code: ErrorCode, found: str, log: str = "") -> Failed:
    """Return for an engine that can't what has become of it."""
    details: Details = {"found": found, **({LOG: log} if log else {})}
    return Failed(code, details)


def died(name: str, process: int, exit_code: int, *, crashed: bool, said: str) -> Failed:
    """Return how an engine died.

    Args:
        name: of the engine.
        process: its number, which its log has in its name.
        exit_code: or the number of the signal that it died of.
        crashed: it died of a signal.
        said: what it wrote on stderr before it had a log.
    """
    how = _words_on_signal(exit_code) if crashed else f"It gave up with exit status {exit_code}."
    return failure(ErrorCode.ENGINE_DIED, f"{how} (Engine “{name}”.)", last_lines(process) or said)


def ended_as_it_hung(name: str, process: int) -> Failed:
    """Return that an engine was ended because nothing was heard of it."""
    found = f"Nothing was heard of it any more, so it was ended. (Engine “{name}”.)"
    return failure(ErrorCode.ENGINE_DIED, found, last_lines(process))


def _words_on_signal(number: int) -> str:
    try:
        found = signal.Signals(number)
    except ValueError:  # on Windows it is a status
        return f"It crashed ({number})."
    if found in _CRASHES:
        return f"It crashed ({found.name}): most often a file is damaged, or a library has a mistake."
    if found.name == "SIGKILL":
        return "It was ended by force (SIGKILL): most often the system does that when memory runs out."
    return f"It was ended by another program ({found.name})."
