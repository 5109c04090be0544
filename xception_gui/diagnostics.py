"""Logging: one log file per process, which also receives the tracebacks of crashes in native code."""

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
"""Bytes read from the end of a log for its last lines."""

logger = logging.getLogger("xception_gui")

_log_file: Path | None = None


def start_log(name: str) -> None:
    """Open this process's log file, with `name` in its file name, and delete all but the newest of the others.

    If no log can be written, the program works without one.
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
    logging.raiseExceptions = False  # don't print errors of logging itself, as on a full disk
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_OneLine("%(asctime)s %(levelname)s %(name)s [%(threadName)s] %(message)s"))
    logging.getLogger().addHandler(handler)
    logger.setLevel(logging.INFO)
    faulthandler.enable(stream)
    logger.info("xception-gui %s, Python %s, %s", __version__, sys.version.split()[0], sys.platform)


class _OneLine(logging.Formatter):
    """Formats each record as one line; lines of tracebacks are indented.

    Invisible characters are escaped: a line break in a file's name could otherwise fake a record of the log.
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
    """Return this process's log file, None if there is none."""
    return _log_file


def last_lines(process: int, count: int = 40) -> str:
    """Return the last lines of the log of another process of this program; "" if it has no log."""
    for path in log_folder().glob(f"*-{process}.log"):
        with contextlib.suppress(OSError), open_regular(path) as file:
            file.seek(max(0, path.stat().st_size - LONGEST_END))
            return "\n".join(file.read().decode(errors="backslashreplace").splitlines()[-count:])
    return ""


def divert_native_output(*descriptors: int) -> None:
    """Redirect file descriptors (1: stdout, 2: stderr), to which native libraries print, to the log."""
    with contextlib.suppress(OSError):
        target = os.open(_log_file or os.devnull, os.O_WRONLY | os.O_APPEND)
        for descriptor in descriptors:
            os.dup2(target, descriptor)
        os.close(target)


def keep_stdout() -> IO[str]:
    """Return a private copy of stdout as a line-buffered stream, and redirect the original to the log.

    File names that aren't UTF-8 are written with backslashes.
    """
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="backslashreplace", buffering=1)
    divert_native_output(1)
    return stream


def keep_stderr() -> IO[str]:
    """Do the same for stderr. Writing never fails, even after its reader has gone."""
    binary = os.fdopen(os.dup(2), "wb")
    stream = _WrittenInVain(binary, encoding="utf-8", errors="backslashreplace", line_buffering=True)
    divert_native_output(2)
    return stream


class _WrittenInVain(io.TextIOWrapper):
    """A stream that ignores errors of writing."""

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            super().flush()


def _is_written(log: str) -> bool:
    """Return whether the process that writes this log is still alive."""
    import psutil

    return bool(psutil.pid_exists(int(Path(log).stem.rpartition("-")[2])))
