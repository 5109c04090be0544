"""A second start of the program: real processes that meet at a real socket."""

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.programs import PATIENCE
from xception_gui.paths import HOME_VARIABLE
from xception_gui.ui.desktop.single_instance import LONGEST_MESSAGE, server_name

START = """
import json, sys
from PySide6.QtCore import QCoreApplication
from xception_gui.ui.desktop.single_instance import SingleInstance

app = QCoreApplication([])
instance = SingleInstance()
instance.started_again.connect(lambda arguments: print(json.dumps(arguments), flush=True))
instance.started_again.connect(lambda arguments: "--take-long" in arguments and sys.stdin.readline())
is_first = instance.claim(sys.argv[1:])
print(json.dumps([is_first, sorted(name for name in sys.modules if name.startswith("PySide6.QtW"))]), flush=True)
sys.exit(app.exec() if is_first else 0)
"""

Start = Callable[..., "Program"]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="These tests speak to the socket as it is on Linux and macOS")


class Program:
    """A start of the program, as far as it concerns others."""

    def __init__(self, *arguments: str | bytes, folder: Path | None = None, home: Path | None = None) -> None:
        root = Path(__file__).resolve().parents[2]
        environment = os.environ | {"PYTHONPATH": str(root)} | ({HOME_VARIABLE: str(home)} if home else {})
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,
            env=environment,
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._listen)
        self._reader.start()

    def read(self) -> list:
        """Read the next line that it says; first of all whether it is the first instance."""
        line = self._lines.get(timeout=PATIENCE)
        assert line, "It has ended"
        return json.loads(line)

    def is_first(self) -> bool:
        """Whether it has become the first instance; asked once."""
        return self.read()[0]

    def end(self, by: int = signal.SIGKILL) -> None:
        """End it, if it hasn't ended, and all that belongs to it."""
        self.process.send_signal(by)
        self._reader.join()
        self.process.communicate(timeout=PATIENCE)

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put("")


@pytest.fixture(autouse=True)
def meeting_place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for the socket, which is left behind by who is killed. Paths of sockets have to be short."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


@pytest.fixture
def start(meeting_place: Path) -> Iterator[Start]:
    started: list[Program] = []

    def start_one(*arguments: str | bytes, **options: Path) -> Program:
        started.append(Program(*arguments, **options))
        return started[-1]

    yield start_one
    for program in started:
        program.end()


def say(message: bytes) -> bytes:
    """Say something to the first instance, and hear all that it answers."""
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.settimeout(PATIENCE)
        stranger.connect(server_name())
        try:
            stranger.sendall(message)
            return stranger.recv(1000)
        except (BrokenPipeError, ConnectionResetError):
            return b""


def test_a_second_start_hands_its_arguments_to_the_first_and_ends(start: Start, tmp_path: Path) -> None:
    first = start()
    assert first.is_first()

    second = start("models/cats", "--some-option", "/else/where", "", folder=tmp_path)

    assert not second.is_first()
    assert second.process.wait(PATIENCE) == 0
    assert first.read() == [str(tmp_path / "models/cats"), "--some-option", "/else/where", ""]


def test_names_that_are_not_unicode_arrive_as_they_are(start: Start, tmp_path: Path) -> None:
    first = start()
    assert first.is_first()

    assert not start(b"/pictures/\xff\n\xc3\xa9.png").is_first()

    assert os.fsencode(first.read()[0]) == b"/pictures/\xff\n\xc3\xa9.png"


def test_thousands_of_files_arrive(start: Start) -> None:
    files = [f"/pictures/{number:05}-with-quite-a-long-name-{'x' * 50}.png" for number in range(10_000)]
    first = start()
    assert first.is_first()

    assert not start(*files).is_first()

    assert first.read() == files


def test_it_is_answered_before_anything_is_opened(start: Start) -> None:
    first = start()
    assert first.is_first()

    assert not start("--take-long").is_first()

    assert first.read() == ["--take-long"]


def test_programs_with_different_homes_do_not_meet(start: Start, tmp_path: Path) -> None:
    assert start(home=tmp_path / "a").is_first()
    assert start(home=tmp_path / "b").is_first()
    assert not start(home=tmp_path / "b").is_first()


def test_what_a_killed_instance_left_is_taken_over(start: Start) -> None:
    first = start()
    assert first.is_first()
    first.end(by=signal.SIGKILL)
    assert Path(server_name()).exists()

    second = start()
    assert second.is_first()

    assert not start("/a").is_first()
    assert second.read() == ["/a"]


def test_beside_an_instance_that_hangs_another_window_opens(start: Start) -> None:
    first = start()
    assert first.is_first()
    first.process.send_signal(signal.SIGSTOP)

    assert start("/its-own").is_first()

    # Once it is back it is the first again, and doesn't open what has been opened.
    first.process.send_signal(signal.SIGCONT)
    assert not start("/later").is_first()
    assert first.read() == ["/later"]


def test_of_starts_at_the_same_time_one_is_the_first(start: Start) -> None:
    programs = [start(f"/{number}") for number in range(5)]

    firsts = [program for program in programs if program.is_first()]

    assert len(firsts) == 1
    handed_over = {firsts[0].read()[0] for _ in range(4)}
    assert handed_over == {f"/{number}" for number in range(5) if programs[number] is not firsts[0]}


@pytest.mark.parametrize(
    "message",
    [
        b"\xff\xfe garbage\n",
        b"[" * 100_000 + b"\n",
        b"[]\n",
        b'{"arguments": "not a list", "until": 9e99}\n',
        b'{"arguments": [1], "until": 9e99}\n',
        b'{"arguments": ["/too-late"], "until": 1.0}\n',
        b'{"arguments": ["/for-ever"], "until": "x"}\n',
        b"x" * (LONGEST_MESSAGE + 100_000),
    ],
    ids=lambda message: message[:20].decode(errors="replace").strip(),
)
def test_other_messages_are_ignored(start: Start, message: bytes) -> None:
    first = start()
    assert first.is_first()

    assert say(message) == b""

    assert not start("/good").is_first()
    assert first.read() == ["/good"]


def test_only_this_person_can_speak_to_it(start: Start, meeting_place: Path) -> None:
    assert start().is_first()

    assert Path(server_name()).parent == meeting_place
    assert Path(server_name()).stat().st_mode & 0o077 == 0


def test_without_a_folder_of_its_own_it_meets_among_temporary_files(
    start: Start, monkeypatch: pytest.MonkeyPatch, meeting_place: Path
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(meeting_place / "gone"))
    monkeypatch.setenv("TMPDIR", str(meeting_place))
    first = start()
    assert first.is_first()

    assert not start("/a").is_first()

    assert first.read() == ["/a"]
    assert [path.name.startswith("xception-gui-") for path in meeting_place.iterdir()] == [True]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="Only root can give a file to somebody else")
def test_a_socket_of_somebody_else_is_left_alone(start: Start) -> None:
    first = start()
    assert first.is_first()
    os.chown(server_name(), 12345, -1)

    assert start("/private").is_first()

    os.chown(server_name(), 0, -1)
    assert not start("/for-the-first").is_first()
    assert first.read() == ["/for-the-first"]


def test_it_is_found_out_before_widgets_are_loaded(start: Start) -> None:
    assert start().read() == [True, []]
