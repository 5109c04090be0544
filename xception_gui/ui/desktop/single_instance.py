"""One window for each user and data folder: a second start passes its arguments to the first."""

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
"""Milliseconds in which the first instance must answer; otherwise the second start opens a window itself."""

LONGEST_MESSAGE = 16 * 2**20
"""Bytes; more than the JSON of any system's longest command line."""

ACKNOWLEDGED = b"xception-gui has them\n"


class Answer(Enum):
    """Result of passing arguments to the first instance."""

    TAKEN = auto()
    NOBODY = auto()  # no first instance, or only the socket of a dead one
    SILENCE = auto()  # a first instance that doesn't answer


class SingleInstance(QObject):
    """Detects whether the program runs already, and listens for later starts.

    Signals:
        started_again: list[str], the arguments of a later start, its paths absolute.
    """

    started_again = Signal(object)  # not list: Qt would damage names that aren't UTF-8

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = server_name()
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def claim(self, arguments: list[str]) -> bool:
        """Become the first instance, or pass the arguments to it.

        The event loop answers later starts.

        Args:
            arguments: without the program's name. All but options are paths, relative to this process's folder.

        Returns:
            False if the first instance has taken the arguments, so that this one isn't needed; True otherwise, also if
            the first instance hangs.
        """
        lock = QLockFile(_lock_path(self._name))
        lock.tryLock(PATIENCE)  # two simultaneous starts take turns
        try:
            return self._claim([_absolute(argument) for argument in arguments])
        finally:
            lock.unlock()

    def release(self) -> None:
        """Stop listening: a closing window can't open anything."""
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
        delete_socket(Path(self._name))  # left by a dead instance
        if not self._server.listen(self._name):
            logger.warning("Later starts get windows of their own: %s", self._server.errorString())

    def _on_connection(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            # One byte more than allowed shows that a message is too long.
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
        socket.flush()  # at once: opening the files may take longer than the other side waits
        socket.disconnectFromServer()
        self.started_again.emit(arguments)


def hand_over(name: str, arguments: list[str]) -> Answer:
    """Send arguments to the instance that listens at `name`, and wait for the acknowledgement."""
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
    """Parse a message. Returns None if it is invalid, or expired: then its sender has opened a window itself."""
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
    """Return the name of the socket or pipe, different for each user and data folder."""
    place = hashlib.sha256(os.fsencode(data_folder().absolute())).hexdigest()[:16]
    if not hasattr(os, "getuid"):  # Windows: a pipe
        return f"xception-gui-{os.environ.get('USERNAME', '')}-{place}"
    return str(_socket_folder() / f"xception-gui-{os.getuid()}-{place}")


def _socket_folder() -> Path:
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or os.devnull)
    with contextlib.suppress(OSError):
        # After `su` the variable still names the other user's folder.
        if runtime.is_dir() and runtime.stat().st_uid == os.getuid():
            return runtime
    return Path(tempfile.gettempdir())


def _lock_path(name: str) -> str:
    return str(Path(tempfile.gettempdir()) / name) + ".lock"  # an absolute name replaces the temporary folder


def _belongs_to_another_person(name: str) -> bool:
    """Return whether the socket belongs to another user: the temporary folder is writable for all."""
    if not hasattr(os, "getuid"):
        return False
    try:
        return os.lstat(name).st_uid != os.getuid()
    except OSError:
        return False
