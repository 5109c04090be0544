"""What is written down in case something goes wrong: a log file for each process, with crashes of native code too."""

import contextlib
import faulthandler
import io
import logging
import os
import sys
import time
from pathlib import Path
from textwrap import indent
from typing import IO, Any

from xception_gui import __version__
from xception_gui.domain.visible import visible, visible_lines
from xception_gui.files.deletion import claim, delete_files, own_files
from xception_gui.files.own_names import LOGS
from xception_gui.files.regular_files import open_regular
from xception_gui.paths import log_folder

KEPT_LOGS = 20

LONGEST_END = 16_384
"""Bytes of a log that are looked at for its last lines."""

logger = logging.getLogger("xception_gui")

_log_file: Path | None = None


def start_log(name: str) -> None:
    """Open this process's log file, `name` in its own name, and remove all but the newest others.

    A machine where no log can be written is no reason not to work: then the log is dropped.
    """
    global _log_file
    try:
        folder = log_folder()
        _delete_old_logs(folder)
        path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{name}-{os.getpid()}.log"
        stream = path.open("a", encoding="utf-8", errors="backslashreplace", buffering=1)
    except OSError:
        logger.addHandler(logging.NullHandler())
        return
    _log_file = path
    logging.raiseExceptions = False  # a full disk is no news to whoever drives this process
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_OneLine("%(asctime)s %(levelname)s %(name)s [%(threadName)s] %(message)s"))
    logging.getLogger().addHandler(handler)
    logger.setLevel(logging.INFO)
    faulthandler.enable(stream)
    logger.info("xception-gui %s, Python %s, %s", __version__, sys.version.split()[0], sys.platform)


class _OneLine(logging.Formatter):
    """Gives each record one line, whatever names are in it, and what a traceback adds lines that begin with a space.

    Names are strangers': with a line end in one, what follows would pass for a record of this program's.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's names
        return visible(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return indent(visible_lines(super().formatException(ei)), "  ")


def _delete_old_logs(folder: Path) -> None:
    claim(folder, LOGS)
    logs = sorted(own_files(folder, LOGS), key=lambda log: log.changed, reverse=True)
    old = {log.name for log in logs[KEPT_LOGS - 1 :] if not _is_written(log.name)}
    if old:
        delete_files(folder, LOGS, old.__contains__)


def log_file() -> Path | None:
    """Where this process logs, None where it can't."""
    return _log_file


def last_lines(process: int, count: int = 40) -> str:
    """Return the end of the log of another process of this program; nothing if it has none."""
    for path in log_folder().glob(f"*-{process}.log"):
        with contextlib.suppress(OSError), open_regular(path) as file:
            file.seek(max(0, path.stat().st_size - LONGEST_END))
            return "\n".join(file.read().decode(errors="backslashreplace").splitlines()[-count:])
    return ""


def divert_native_output(*descriptors: int) -> None:
    """Point file descriptors (1: stdout, 2: stderr) at the log: native libraries print there as they like."""
    with contextlib.suppress(OSError):
        target = os.open(_log_file or os.devnull, os.O_WRONLY | os.O_APPEND)
        for descriptor in descriptors:
            os.dup2(target, descriptor)
        os.close(target)


def keep_stdout() -> IO[str]:
    """Return a private copy of stdout as a stream of lines, then point the original at the log.

    File names that aren't UTF-8 are written with backslashes.
    """
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="backslashreplace", buffering=1)
    divert_native_output(1)
    return stream


def keep_stderr() -> IO[str]:
    """Do the same for stderr. Whoever listens there may go away: that is no reason to stop working."""
    binary = os.fdopen(os.dup(2), "wb")
    stream = _WrittenInVain(binary, encoding="utf-8", errors="backslashreplace", line_buffering=True)
    divert_native_output(2)
    return stream


class _WrittenInVain(io.TextIOWrapper):
    """A stream whose writes may fail without anybody noticing."""

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            super().flush()


def _is_written(log: str) -> bool:
    """Return whether the process that the log belongs to still runs."""
    import psutil

    return bool(psutil.pid_exists(int(Path(log).stem.rpartition("-")[2])))
