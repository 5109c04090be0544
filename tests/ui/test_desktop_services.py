"""Notifications and a computer that stays awake, against mocks of the desktop's services on buses of the tests' own.

The mocks are python-dbusmock's, run as a program: Debian's package python3-dbusmock has it, and the bus is dbus-daemon.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QProcess
from pytestqt.qtbot import QtBot

from tests.programs import PATIENCE
from xception_gui.ui.desktop.notifications import notify
from xception_gui.ui.desktop.sleep import SleepInhibitor

jeepney = pytest.importorskip("jeepney", reason="D-Bus is for Linux")
blocking = pytest.importorskip("jeepney.io.blocking")

SYSTEM_PYTHON = "/usr/bin/python3"
MOCK = "org.freedesktop.DBus.Mock"
NOTIFICATIONS = "org.freedesktop.Notifications"
LOGIND = "org.freedesktop.login1"
SCREEN_SAVER = "org.freedesktop.ScreenSaver"


class PrivateBus:
    """A bus, and what runs on it."""

    def __init__(self, folder: Path) -> None:
        self._daemon = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address", f"--address=unix:dir={folder}"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._daemon.stdout is not None
        self.address = self._daemon.stdout.readline().strip()
        self._processes = [self._daemon]
        self._connection = blocking.open_dbus_connection(self.address)

    def start_mock(self, *arguments: str, name: str) -> subprocess.Popen[str]:
        """Start a mock and wait until it has its name on the bus."""
        owner = jeepney.MatchRule(
            type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged", path="/org/freedesktop/DBus"
        )
        owner.add_arg_condition(0, name)
        blocking.Proxy(jeepney.message_bus, self._connection).AddMatch(owner)
        environment = {"DBUS_SYSTEM_BUS_ADDRESS": self.address, "DBUS_SESSION_BUS_ADDRESS": self.address}
        with self._connection.filter(owner) as owners:
            mock = subprocess.Popen([SYSTEM_PYTHON, "-m", "dbusmock", *arguments], env=environment, text=True)
            self._processes.append(mock)
            self._connection.recv_until_filtered(owners, timeout=PATIENCE)
        return mock

    def call(self, name: str, path: str, interface: str, method: str, signature: str = "", *arguments: object) -> Any:
        """Call a method of a mock and give what it returns."""
        address = jeepney.DBusAddress(path, bus_name=name, interface=interface)
        message = jeepney.new_method_call(address, method, signature or None, arguments)
        reply = self._connection.send_and_get_reply(message, timeout=PATIENCE)
        assert reply.header.message_type is jeepney.MessageType.method_return, reply.body
        return reply.body[0] if reply.body else None

    def calls_of(self, name: str, method: str) -> list[list[Any]]:
        """Give the arguments of each call of a mock's method."""
        path = "/" + name.replace(".", "/")
        calls = self.call(name, path, MOCK, "GetMethodCalls", "s", method)
        return [[value for _, value in arguments] for _, arguments in calls]

    def close(self) -> None:
        """End the bus and all that runs on it."""
        self._connection.close()
        processes, self._processes = self._processes, []
        for process in reversed(processes):
            process.kill()
            process.communicate(timeout=PATIENCE)


@pytest.fixture(scope="session")
def dbusmock() -> None:
    """Say why there is no test where there is nothing to test against."""
    if shutil.which("dbus-daemon") is None:
        pytest.skip("dbus-daemon is not here (Debian: apt install dbus-daemon)")
    tried = subprocess.run([SYSTEM_PYTHON, "-c", "import dbusmock"], capture_output=True, check=False, env={})
    if tried.returncode != 0:
        pytest.skip("python3-dbusmock is not here (Debian: apt install python3-dbusmock)")


@pytest.fixture
def make_bus(dbusmock: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], PrivateBus]]:
    buses: list[PrivateBus] = []

    def make(kind: str) -> PrivateBus:
        bus = PrivateBus(tmp_path)
        buses.append(bus)
        monkeypatch.setenv(f"DBUS_{kind}_BUS_ADDRESS", bus.address)
        return bus

    yield make
    for bus in buses:
        bus.close()


@pytest.fixture
def session_bus(make_bus: Callable[[str], PrivateBus]) -> PrivateBus:
    """The bus of the person's session, without any service."""
    return make_bus("SESSION")


@pytest.fixture
def system_bus(make_bus: Callable[[str], PrivateBus]) -> PrivateBus:
    """The bus of the computer, without any service."""
    return make_bus("SYSTEM")


@pytest.fixture
def logind(system_bus: PrivateBus) -> PrivateBus:
    system_bus.start_mock("--template", "logind", name=LOGIND)
    return system_bus


def locks(bus: PrivateBus) -> list[tuple[str, ...]]:
    """What keeps the computer awake: what, who, why, mode."""
    return [lock[:4] for lock in bus.call(LOGIND, "/org/freedesktop/login1", f"{LOGIND}.Manager", "ListInhibitors")]


def ends_in_time(function: Callable[[], object]) -> object:
    """Call a function that may hang on a thread of its own: the test is to fail, not to hang too."""
    results: list[object] = []
    thread = threading.Thread(target=lambda: results.append(function()), daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive(), "It hangs"
    return results[0]


@pytest.fixture
def hanging_bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A bus that lets programs in and never says another word."""
    path = tmp_path / "hanging"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()
    connections = []

    def let_in() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connections.append(connection)
            connection.recv(1000)
            connection.sendall(b"OK 00000000000000000000000000000000\r\n")

    thread = threading.Thread(target=let_in)
    thread.start()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={path}")
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={path}")
    yield
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()
    for connection in connections:
        connection.close()


# --- Notifications ------------------------------------------------------------------------------------------------


def test_a_notification_reaches_the_desktop(session_bus: PrivateBus) -> None:
    session_bus.start_mock("--template", "notification_daemon", name=NOTIFICATIONS)

    assert notify("Training finished", "It is right in 97 of 100 pictures.")

    [[program, replaces, icon, title, text, actions, hints, expires]] = session_bus.calls_of(NOTIFICATIONS, "Notify")
    assert (program, title, text) == ("Xception GUI", "Training finished", "It is right in 97 of 100 pictures.")
    assert (replaces, icon, actions, expires) == (0, "xception-gui", [], -1)
    assert hints == {"desktop-entry": ("s", "xception-gui")}


@pytest.mark.parametrize(
    ("capabilities", "shown"),
    [("body body-markup", '“&lt;b&gt; &amp; "c"” is ready'), ("body", '“<b> & "c"” is ready')],
)
def test_names_are_never_read_as_markup(session_bus: PrivateBus, capabilities: str, shown: str) -> None:
    parameters = f'{{"capabilities": "{capabilities}"}}'
    session_bus.start_mock("--template", "notification_daemon", "-p", parameters, name=NOTIFICATIONS)

    assert notify("Ready", '“<b> & "c"” is ready')

    assert session_bus.calls_of(NOTIFICATIONS, "Notify")[0][4] == shown


def test_a_name_that_is_not_unicode_is_shown_as_well_as_it_can_be(session_bus: PrivateBus) -> None:
    session_bus.start_mock("--template", "notification_daemon", name=NOTIFICATIONS)

    assert notify("Ready", os.fsdecode(b"\xff.png") + "\0")

    assert session_bus.calls_of(NOTIFICATIONS, "Notify")[0][4] == "?.png"


def test_what_can_not_be_seen_in_a_name_is_written_out(session_bus: PrivateBus) -> None:
    session_bus.start_mock("--template", "notification_daemon", name=NOTIFICATIONS)

    assert notify("“cat\u202egpj” is ready", "\u2066dog")

    assert session_bus.calls_of(NOTIFICATIONS, "Notify")[0][3:5] == ["“cat‹U+202E›gpj” is ready", "‹U+2066›dog"]


def test_a_desktop_without_notifications_is_no_error(session_bus: PrivateBus) -> None:
    assert not notify("Training finished", "")


@pytest.mark.parametrize("address", [None, "unix:path=/there/is/none", "tcp:host=localhost", "nonsense"])
def test_no_bus_is_no_error(monkeypatch: pytest.MonkeyPatch, address: str | None) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    if address is not None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)

    assert not notify("Training finished", "")


def test_nobody_waits_for_a_notification_service_that_hangs(session_bus: PrivateBus) -> None:
    service = session_bus.start_mock("--template", "notification_daemon", name=NOTIFICATIONS)
    service.send_signal(signal.SIGSTOP)

    assert ends_in_time(lambda: notify("Training finished", "")) is False


def test_nobody_waits_for_a_bus_that_hangs(hanging_bus: None) -> None:
    assert ends_in_time(lambda: notify("Training finished", "")) is False
    assert ends_in_time(lambda: SleepInhibitor().inhibit("Training")) is False


# --- Sleep --------------------------------------------------------------------------------------------------------


def test_the_computer_stays_awake_until_it_is_released(logind: PrivateBus, qtbot: QtBot) -> None:
    inhibitor = SleepInhibitor()

    assert inhibitor.inhibit("Training “cats”")
    assert inhibitor.inhibit("Training “dogs”")

    assert inhibitor.is_active
    assert locks(logind) == [("sleep", "Xception GUI", "Training “cats”", "block")]

    inhibitor.release()
    inhibitor.release()

    assert not inhibitor.is_active
    qtbot.waitUntil(lambda: locks(logind) == [], timeout=PATIENCE * 1000)
    assert inhibitor.inhibit("Training “dogs”")
    assert locks(logind) == [("sleep", "Xception GUI", "Training “dogs”", "block")]
    inhibitor.release()


def test_an_engine_started_meanwhile_does_not_keep_the_computer_awake(logind: PrivateBus, qtbot: QtBot) -> None:
    inhibitor = SleepInhibitor()
    assert inhibitor.inhibit("Training")
    engine = QProcess()
    engine.start(sys.executable, ["-c", "input()"])
    assert engine.waitForStarted()

    inhibitor.release()

    qtbot.waitUntil(lambda: locks(logind) == [], timeout=PATIENCE * 1000)
    assert engine.state() is QProcess.ProcessState.Running
    engine.kill()
    assert engine.waitForFinished()


def test_a_program_that_is_killed_leaves_no_lock(logind: PrivateBus, qtbot: QtBot) -> None:
    code = (
        "from xception_gui.ui.desktop.sleep import SleepInhibitor\n"
        "lock = SleepInhibitor()\n"
        "print(lock.inhibit('Training'), flush=True)\n"
        "input()"
    )
    program = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    assert program.stdout.readline() == "True\n"
    assert len(locks(logind)) == 1

    program.kill()
    program.communicate()

    qtbot.waitUntil(lambda: locks(logind) == [], timeout=PATIENCE * 1000)


def test_without_logind_the_screen_saver_service_is_asked(
    system_bus: PrivateBus, session_bus: PrivateBus, qtbot: QtBot
) -> None:
    path = "/org/freedesktop/ScreenSaver"
    session_bus.start_mock(SCREEN_SAVER, path, SCREEN_SAVER, name=SCREEN_SAVER)
    for name, takes, gives, code in (("Inhibit", "ss", "u", "ret = 7"), ("UnInhibit", "u", "", "")):
        session_bus.call(SCREEN_SAVER, path, MOCK, "AddMethod", "sssss", SCREEN_SAVER, name, takes, gives, code)
    inhibitor = SleepInhibitor()

    assert inhibitor.inhibit("Training")
    assert session_bus.calls_of(SCREEN_SAVER, "Inhibit") == [["Xception GUI", "Training"]]
    assert session_bus.calls_of(SCREEN_SAVER, "UnInhibit") == []

    inhibitor.release()
    qtbot.waitUntil(lambda: session_bus.calls_of(SCREEN_SAVER, "UnInhibit") == [[7]], timeout=PATIENCE * 1000)


def test_a_computer_that_cannot_be_kept_awake_is_no_error(system_bus: PrivateBus, session_bus: PrivateBus) -> None:
    inhibitor = SleepInhibitor()

    assert not inhibitor.inhibit("Training")
    assert not inhibitor.is_active
    inhibitor.release()


def test_a_bus_that_has_gone_meanwhile_is_no_error(logind: PrivateBus, session_bus: PrivateBus) -> None:
    path = "/org/freedesktop/ScreenSaver"
    inhibitor = SleepInhibitor()
    assert inhibitor.inhibit("Training")
    logind.close()
    inhibitor.release()

    session_bus.start_mock(SCREEN_SAVER, path, SCREEN_SAVER, name=SCREEN_SAVER)
    session_bus.call(SCREEN_SAVER, path, MOCK, "AddMethod", "sssss", SCREEN_SAVER, "Inhibit", "ss", "u", "ret = 7")
    assert inhibitor.inhibit("Training")
    session_bus.close()
    inhibitor.release()

    assert not inhibitor.is_active
