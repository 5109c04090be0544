"""Nothing that the program does opens a connection: looked at from outside, by all of its processes' system calls."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs import PROGRAM, WITH_SHORT_NETWORK

PATIENCE = 900  # seconds: each system call is stopped at

WINDOW = """
import sys
from xception_gui import app
from xception_gui.domain.messages.training import TrainRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.ui.predict.feature import PREDICT

class TrainingProgram(app.Program):
    def begin(self, arguments):
        super().begin(arguments)
        self.queue = self[PREDICT].queue
        self.services.training.ended.connect(self.then_predict)
        self.services.training.start(TrainRequest(*sys.argv[1:], make_recipe(Preset.QUICK, image_size=71)))

    def then_predict(self, state):
        self.queue.changed.connect(self.then_go)
        self.navigator.open_model(state.run, sys.argv[1:2])

    def then_go(self):
        if self.queue.has_results and not self.queue.is_running:
            print("has predicted", flush=True)
            self.leaving.leave_wanted.emit()

app.Program = TrainingProgram
sys.exit(app.run_window([]))
"""


@pytest.fixture(scope="module", autouse=True)
def strace() -> str:
    """The tracer, where there is one that may trace."""
    found = shutil.which("strace")
    if found is None:
        pytest.skip("strace isn't installed")
    if subprocess.run([found, "-o", os.devnull, "true"], check=False, capture_output=True).returncode != 0:
        pytest.skip("Processes may not be traced here")
    return found


def sockets_of(strace: str, place: Path, *words: str | Path) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run a program; give what it and all its children said to the system about networks."""
    trace = place / "trace"
    done = subprocess.run(
        [strace, "-f", "-qq", "-e", "trace=network", "-o", str(trace), *map(str, words)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    return done, trace.read_text(errors="replace")


def test_it_would_be_seen(strace, tmp_path):
    code = "import socket; socket.socket(socket.AF_INET); socket.socket(socket.AF_INET6)"
    _, trace = sockets_of(strace, tmp_path, sys.executable, "-c", code)
    assert "AF_INET" in trace


SMALL = ("--image-size", "71")


@pytest.mark.parametrize(
    "words",
    [
        ("demo", "--headless"),
        ("doctor",),
        ("check", "PICTURES"),
        ("train", "PICTURES", "--out", "NEW", *SMALL),
        ("train", "PICTURES", "--out", "NEW", *SMALL, "--recipe", "fine-tune", "--epochs", "1"),
        ("predict", "RUN", "PICTURES"),
        ("evaluate", "RUN"),
        ("export", "RUN", "--format", "litert", "--out", "NEW"),
    ],
    ids=lambda words: " ".join(words[:1] + words[6:8]),
)
def test_no_command_opens_a_connection(words, strace, colours, colours_run, tmp_path):
    places = {"PICTURES": colours, "RUN": colours_run, "NEW": tmp_path / "new.tflite"}
    program = WITH_SHORT_NETWORK if "fine-tune" in words else PROGRAM
    done, trace = sockets_of(strace, tmp_path, *program, *(places.get(word, word) for word in words))
    assert done.returncode == 0, done.stderr
    assert "AF_INET" not in trace


def test_the_window_and_its_engines_open_no_connection(strace, tiny_dataset, tmp_path):
    done, trace = sockets_of(strace, tmp_path, sys.executable, "-c", WINDOW, tiny_dataset, tmp_path / "run")
    assert done.returncode == 0 and "has predicted" in done.stdout, done.stderr
    assert "AF_INET" not in trace
