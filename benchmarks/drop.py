"""Times drops on the window, from the drop of a picture to its painted row, compared with engines without a window.

    .venv/bin/python -m benchmarks.drop RUN PICTURES [--repeats 15] [--fresh 5]

Each drop alternates with the same request to an engine without a window, timed from the line of the request to the line
of the result: right after the start of both, and with the model open. No picture is in either's cache. Draws off screen
unless QT_QPA_PLATFORM is set.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QApplication

from benchmarks.printing import print_document, say
from benchmarks.processes import PROGRAM, environment
from xception_gui.app import Program, make_application, window_settings
from xception_gui.data.pictures.open_picture import looks_like_a_picture
from xception_gui.domain.lines import decode_event, encode
from xception_gui.domain.messages.base import Finished
from xception_gui.domain.messages.using import PicturePredicted, PredictRequest
from xception_gui.page_pictures import settle, wait_until
from xception_gui.paths import HOME_VARIABLE
from xception_gui.ui.predict.feature import PREDICT


def drop(run: str, pictures: Path, repeats: int, fresh: int) -> dict[str, object]:
    """Time drops, in seconds; the first of each kind is a warm-up and doesn't count."""
    files = sorted(str(path) for path in pictures.rglob("*") if looks_like_a_picture(path))
    seconds: dict[str, list[float]] = {name: [] for name in ("fresh_engine", "fresh_window", "engine", "window")}
    with tempfile.TemporaryDirectory() as place:
        app = _application(Path(place))
        for turn, file in enumerate(files[: fresh + 1]):
            engine = Engine(Path(place) / f"engine {turn}")
            seconds["fresh_engine"].append(engine.seconds_to_predict(run, file))
            engine.end()
            program = _program(app, Path(place) / f"window {turn}")
            program.services.models.open(run, program[PREDICT].queue.choose_model)
            _wait_for_model(program)
            seconds["fresh_window"].append(_seconds_to_row(program, file))
            program.end()
        engine = Engine(Path(place) / "engine")
        program = _program(app, Path(place) / "window")
        program.navigator.predict_with(run)
        _wait_for_model(program)
        settle(3000)  # until the model is open
        for file in files[: repeats + 1]:
            seconds["engine"].append(engine.seconds_to_predict(run, file))
            seconds["window"].append(_seconds_to_row(program, file))
            settle(300)
        engine.end()
        program.end()
    counted = {name: times[1:] for name, times in seconds.items()}
    medians = {name: statistics.median(times) for name, times in counted.items()}
    return {
        "median_seconds": medians,
        "of_the_window": {
            "fresh": medians["fresh_window"] - medians["fresh_engine"],
            "opened": medians["window"] - medians["engine"],
        },
        "seconds": counted,
    }


class Engine:
    """An engine without a window."""

    def __init__(self, home: Path) -> None:
        self._process = subprocess.Popen(
            [*PROGRAM, "--engine"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(home)
        )

    def seconds_to_predict(self, run: str, file: str) -> float:
        """Time a request from its line to the line of its result."""
        began = time.perf_counter()
        print(encode(PredictRequest(run, (file,)), "1"), file=self._process.stdin, flush=True)
        self._read_until(PicturePredicted)
        seconds = time.perf_counter() - began
        self._read_until(Finished)
        return seconds

    def end(self) -> None:
        """End the process."""
        self._process.communicate()

    def _read_until(self, kind: type) -> None:
        assert self._process.stdout is not None
        while not isinstance(decode_event(self._process.stdout.readline())[1], kind):
            pass


def _application(place: Path) -> QApplication:
    os.environ[HOME_VARIABLE] = str(place / "application")
    return make_application()


def _program(app: QApplication, home: Path) -> Program:
    os.environ[HOME_VARIABLE] = str(home)
    program = Program(app, window_settings())
    program.begin([])
    wait_until(lambda: program.services.models.is_known)
    settle(1000)
    return program


def _wait_for_model(program: Program) -> None:
    while program[PREDICT].queue.model is None:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def _seconds_to_row(program: Program, file: str) -> float:
    painted: list[float] = []
    began = time.perf_counter()

    def on_added(_results: list[object]) -> None:
        program.window.repaint()
        painted.append(time.perf_counter() - began)

    program[PREDICT].queue.results_added.connect(on_added)
    program.navigator.open_paths([file])
    while not painted:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    program[PREDICT].queue.results_added.disconnect(on_added)
    wait_until(lambda: not program[PREDICT].queue.is_running)
    return painted[0]


def main() -> None:
    parser = argparse.ArgumentParser(description="Time drops on the window.")
    parser.add_argument("run", help="a model")
    parser.add_argument("pictures", type=Path)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--fresh", type=int, default=5, help="drops right after the start")
    arguments = parser.parse_args()
    found = drop(arguments.run, arguments.pictures, arguments.repeats, arguments.fresh)
    say(f"of the window: {found['of_the_window']}")
    print_document(found)


if __name__ == "__main__":
    main()
