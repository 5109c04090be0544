"""Keeps the computer awake while a training runs."""

import os
import subprocess
import sys
from collections.abc import Callable

from xception_gui.diagnostics import logger

PROGRAM = "Xception GUI"

Undo = Callable[[], object]


class SleepInhibitor:
    """Keeps the computer from falling asleep by itself.

    The screen may still turn off and lock, and closing the lid still puts a laptop to sleep. The lock is released however
    the program exits.

    Linux: a logind lock, or else the desktop's screen saver service; both tested against mocks.
    Windows (SetThreadExecutionState) and macOS (caffeinate) are untested.
    """

    def __init__(self) -> None:
        self._undo: Undo | None = None

    @property
    def is_active(self) -> bool:
        """Whether the computer is kept awake."""
        return self._undo is not None

    def inhibit(self, reason: str) -> bool:
        """Keep the computer awake from now on; a second call changes nothing. On Windows, release on the same thread.

        Args:
            reason: shown by the system when asked what keeps it awake.

        Returns:
            Whether the computer is kept awake. If not, the work continues anyway.
        """
        ways = {"win32": [_by_execution_state], "darwin": [_by_caffeinate]}.get(
            sys.platform, [_by_logind, _by_screen_saver]
        )
        for way in ways:
            if self._undo is None:
                self._undo = _try(way, reason)
        return self.is_active

    def release(self) -> None:
        """Let the computer sleep again; does nothing without a lock."""
        undo, self._undo = self._undo, None
        if undo is None:
            return
        try:
            undo()
        except Exception as error:  # a lost connection has released the lock already
            logger.info("Letting the computer sleep again: %r", error)


def _try(way: Callable[[str], Undo], reason: str) -> Undo | None:
    try:
        return way(reason)
    except Exception as error:
        logger.info("The computer may fall asleep: %r", error)
        return None


def _by_logind(reason: str) -> Undo:
    from jeepney import DBusAddress

    from xception_gui.ui.desktop.bus import Bus, bus_text

    manager = "org.freedesktop.login1.Manager"
    service = DBusAddress("/org/freedesktop/login1", bus_name="org.freedesktop.login1", interface=manager)
    with Bus("SYSTEM", descriptors=True) as bus:
        # “sleep” blocks automatic suspension by logind and by the desktop. “idle” would also keep some desktops from locking
        # the screen.
        (lock,) = bus.call(service, "Inhibit", "ssss", "sleep", PROGRAM, bus_text(reason), "block")
    descriptor = lock.to_raw_fd()
    # The lock lasts while any process has the descriptor: engines started later must not inherit it.
    os.set_inheritable(descriptor, False)
    return lambda: os.close(descriptor)


def _by_screen_saver(reason: str) -> Undo:
    from jeepney import DBusAddress

    from xception_gui.ui.desktop.bus import Bus, bus_text

    name = "org.freedesktop.ScreenSaver"
    service = DBusAddress("/org/freedesktop/ScreenSaver", bus_name=name, interface=name)
    bus = Bus("SESSION")  # kept open: the lock ends with the connection
    try:
        (cookie,) = bus.call(service, "Inhibit", "ss", PROGRAM, bus_text(reason))
    except BaseException:
        bus.close()
        raise

    def undo() -> None:
        with bus:
            bus.tell(service, "UnInhibit", "u", cookie)

    return undo


def _by_execution_state(reason: str) -> Undo:
    if sys.platform != "win32":
        raise OSError("available on Windows only")
    import ctypes

    continuous, system_required = 0x80000000, 0x00000001
    set_state = ctypes.windll.kernel32.SetThreadExecutionState
    if not set_state(continuous | system_required):
        raise OSError("SetThreadExecutionState refused")
    return lambda: set_state(continuous)


def _by_caffeinate(reason: str) -> Undo:
    process = subprocess.Popen(["/usr/bin/caffeinate", "-i", "-w", str(os.getpid())])

    def undo() -> None:
        process.terminate()
        process.wait(timeout=2)

    return undo
