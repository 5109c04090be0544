"""One window for each person and place of models: a second start hands its arguments to the first."""

import contextlib
import hashlib
import json
import os
import tempfile
import time
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from xception_gui.diagnostics import logger
from xception_gui.files.absolute_paths import absolute_path
from xception_gui.files.deletion import delete_socket
from xception_gui.paths import data_folder

PATIENCE = 2000
"""Milliseconds that the first instance has to answer. Whoever double-clicks must get a window."""

LONGEST_MESSAGE = 16 * 2**20
"""Bytes; more than a command line of any system, written as JSON."""

ACKNOWLEDGED = b"xception-gui has them\n"


class Answer(Enum):
    """What became of handing arguments over."""

    TAKEN = auto()
    NOBODY = auto()  # no first instance, or only what a dead one left
    SILENCE = auto()  # somebody is there and doesn't answer


class SingleInstance(QObject):
    """Finds out whether the program runs already, and listens for later starts.

    Signals:
        started_again: list[str], the arguments of a later start, its paths absolute.
    """

    started_again = Signal(object)  # as a list, it would cost names that aren't UTF-8 some of their letters

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = server_name()
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def claim(self, arguments: list[str]) -> bool:
        """Become the first instance, or hand the arguments to it.

        Later starts are answered by the event loop.

        Args:
            arguments: without the program's name. All but options are paths; relative ones mean this process's folder.

        Returns:
            False where the first instance has taken the arguments and this one isn't needed. A first instance that
            hangs has not: then this one goes on alone.
        """
        lock = QLockFile(_lock_path(self._name))
        lock.tryLock(PATIENCE)  # of two starts at once, one comes after the other
        try:
            return self._claim([_absolute(argument) for argument in arguments])
        finally:
            lock.unlock()

    def release(self) -> None:
        """Listen no more: a window that is closing can't take anything."""
        self._server.close()

    def _claim(self, arguments: list[str]) -> bool:
        if _belongs_to_another_person(self._name):
            logger.warning("%s belongs to another person: starting without it", self._name)
            return True
        answer = hand_over(self._name, arguments)
        if answer is Answer.SILENCE:
            logger.warning("The program runs already and doesn't answer: starting another window")
        if answer is Answer.NOBODY:
            self._listen()
        return answer is not Answer.TAKEN

    def _listen(self) -> None:
        delete_socket(Path(self._name))  # a dead instance's; nobody answers there
        if not self._server.listen(self._name):
            logger.warning("Later starts get windows of their own: %s", self._server.errorString())

    def _on_connection(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            # One byte more than allowed is enough to know that it is too much.
            socket.setReadBufferSize(LONGEST_MESSAGE + 1)
            socket.readyRead.connect(lambda socket=socket: self._on_readable(socket))
            socket.disconnected.connect(socket.deleteLater)
            self._on_readable(socket)

    def _on_readable(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > LONGEST_MESSAGE:
                socket.abort()
            return
        arguments = _arguments_in(bytes(socket.readLine().data()))
        if arguments is None:
            socket.abort()
            return
        socket.write(ACKNOWLEDGED)
        socket.flush()  # at once: to open what was handed over may take longer than the other side waits
        socket.disconnectFromServer()
        self.started_again.emit(arguments)


def hand_over(name: str, arguments: list[str]) -> Answer:
    """Return arguments to whoever listens at `name`, and wait for the acknowledgement."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(PATIENCE):
        nobody = (
            QLocalSocket.LocalSocketError.ServerNotFoundError,
            QLocalSocket.LocalSocketError.ConnectionRefusedError,
        )
        return Answer.NOBODY if socket.error() in nobody else Answer.SILENCE
    message = {"arguments": arguments, "until": time.time() + PATIENCE / 1000}
    socket.write(json.dumps(message).encode("ascii") + b"\n")
    deadline = QDeadlineTimer(PATIENCE)
    while not socket.canReadLine():
        if not socket.waitForReadyRead(deadline.remainingTime()):
            return Answer.SILENCE
    return Answer.TAKEN if bytes(socket.readLine().data()) == ACKNOWLEDGED else Answer.SILENCE


def _arguments_in(line: bytes) -> list[str] | None:
    """Read a message; None where it is something else, or its sender waits no longer and has opened a window itself."""
    try:
        message = json.loads(line)
        arguments, until = message["arguments"], message["until"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    if not isinstance(arguments, list) or not all(isinstance(argument, str) for argument in arguments):
        return None
    return arguments if isinstance(until, float) and time.time() < until else None


def _absolute(argument: str) -> str:
    if not argument or argument.startswith("-"):
        return argument
    return absolute_path(argument)


def server_name() -> str:
    """Name the meeting place: another one for each person, and for each place of models."""
    place = hashlib.sha256(os.fsencode(data_folder().absolute())).hexdigest()[:16]
    if not hasattr(os, "getuid"):  # Windows: a pipe
        return f"xception-gui-{os.environ.get('USERNAME', '')}-{place}"
    return str(_socket_folder() / f"xception-gui-{os.getuid()}-{place}")


def _socket_folder() -> Path:
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or os.devnull)
    with contextlib.suppress(OSError):
        # After `su` it still names the other person's.
        if runtime.is_dir() and runtime.stat().st_uid == os.getuid():
            return runtime
    return Path(tempfile.gettempdir())


def _lock_path(name: str) -> str:
    return str(Path(tempfile.gettempdir()) / name) + ".lock"  # of an absolute name, the name alone counts


def _belongs_to_another_person(name: str) -> bool:
    """Return whether somebody else waits at our name in a folder that all may write to."""
    if not hasattr(os, "getuid"):
        return False
    try:
        return os.lstat(name).st_uid != os.getuid()
    except OSError:
        return False
