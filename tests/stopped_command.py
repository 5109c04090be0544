"""The command line with an invented job to be stopped by signals: `python -m tests.stopped_command JOB PATIENCE WORDS…`

`hanging` computes in native code for ever, `python` in Python; `alive` continues for two seconds after the request to
stop, and keeps reporting.
"""

import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from tests.strange_networks import endless_network, write
from xception_gui import jobs
from xception_gui.cli import running, stopping
from xception_gui.cli.main import run_command_line
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.messages.base import JobRequest, Phase, PhaseStarted, Progress, Stopped
from xception_gui.inference.backbone import LiteRTBackbone
from xception_gui.jobs.reporting import Report, Stop


def tell_when_asked(report: Report, stop: Stop) -> None:
    def tell() -> None:
        while not stop():
            time.sleep(0.01)
        report(PhaseStarted(Phase.PREDICTING))

    threading.Thread(target=tell, daemon=True).start()


def in_python(request: JobRequest, report: Report, stop: Stop, leave: Stop) -> None:
    tell_when_asked(report, stop)
    report(PhaseStarted(Phase.PREDICTING))
    while True:
        time.sleep(0.01)


def hanging(request: JobRequest, report: Report, stop: Stop, leave: Stop) -> None:
    with tempfile.TemporaryDirectory() as folder:
        network = write(Path(folder) / "backbone.tflite", endless_network())
        backbone = LiteRTBackbone(XCEPTION, network, 71, sha256="of a stranger")
    tell_when_asked(report, stop)
    report(PhaseStarted(Phase.PREDICTING))
    backbone.embed(np.zeros((71, 71, 3), np.uint8))


def alive(request: JobRequest, report: Report, stop: Stop, leave: Stop) -> None:
    report(PhaseStarted(Phase.PREDICTING))
    while not stop():
        time.sleep(0.01)
    end = time.monotonic() + 2
    while time.monotonic() < end:
        report(Progress(Phase.PREDICTING, 1, 1, 1.0))
        time.sleep(0.5)
    report(Stopped())


if __name__ == "__main__":
    job, patience, *words = sys.argv[1:]
    jobs.run_job = {"hanging": hanging, "python": in_python, "alive": alive}[job]
    running.SECONDS_TO_STOP = float(patience)
    stopping.SECONDS_TO_UNWIND = 0.2
    sys.exit(run_command_line(words))
