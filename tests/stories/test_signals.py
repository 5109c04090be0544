"""Ctrl-C, SIGTERM and a closed terminal end every command, whatever it does just then."""

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.programs import PATIENCE
from xception_gui.cli.running import SECONDS_TO_SAVE, SECONDS_TO_STOP, patience_for
from xception_gui.domain.export_formats import ExportFormat
from xception_gui.domain.messages.dataset import CheckRequest
from xception_gui.domain.messages.exporting import ExportRequest
from xception_gui.domain.messages.training import ResumeRequest, TrainRequest
from xception_gui.domain.messages.using import EvaluateRequest, PredictRequest
from xception_gui.domain.recipe import Preset, make_recipe

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are not sent like this there")


@pytest.fixture
def command() -> Iterator:
    """Start the command line with a job of its own; gives the process once that has begun."""
    started = []

    def start(job: str, patience: float) -> subprocess.Popen[str]:
        words = [sys.executable, "-m", "tests.stopped_command", job, str(patience), "check", "pictures"]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stderr.readline().startswith("Classifying")
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_a_job_that_hangs_in_native_code_is_ended(asked, command):
    process = command("hanging", patience=0.3)
    process.send_signal(asked)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 128 + asked
    assert out == ""
    assert "did not stop, so it was ended by force" in err


@pytest.mark.parametrize("job", ["hanging", "python"])
@pytest.mark.parametrize("at_the_start", [signal.SIG_DFL, signal.SIG_IGN], ids=["usual", "ignored"])
def test_a_second_ctrl_c_ends_a_job_at_once_whatever_it_does(job, at_the_start, command):
    """Also where the program was started in the background by a script, which has it ignore Ctrl-C."""
    before = signal.signal(signal.SIGINT, at_the_start)
    try:
        process = command(job, patience=PATIENCE)
    finally:
        signal.signal(signal.SIGINT, before)
    process.send_signal(signal.SIGINT)
    assert "Press Ctrl-C again" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 130


def test_a_job_that_shows_life_may_take_longer_and_several_signals_are_one(command):
    process = command("alive", patience=1.5)
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGHUP)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "Stopping. A result would need all pictures, so there is none. Press Ctrl-C again" in err
    assert "Stopped before there was anything to keep" in err


def test_what_has_something_to_save_or_to_tidy_up_has_longer():
    trainings = [TrainRequest("pictures", "run", make_recipe(Preset.QUICK)), ResumeRequest("run")]
    export = ExportRequest("run", ExportFormat.LITERT, "out.tflite")
    others = [CheckRequest("pictures"), PredictRequest("run", ()), EvaluateRequest("run")]
    assert {patience_for(request) for request in others} == {SECONDS_TO_STOP}
    assert {patience_for(request) for request in trainings} == {SECONDS_TO_SAVE}
    assert SECONDS_TO_STOP < patience_for(export) < SECONDS_TO_SAVE
