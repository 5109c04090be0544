"""Times the window: from process start to painted, and its event loop's longest gap while much goes on.

    .venv/bin/python benchmarks/window.py start
    .venv/bin/python benchmarks/window.py gaps DATASET PICTURES

`gaps` trains Quick on DATASET from an empty cache, drops 2,000 pictures (those of PICTURES, again and again under other
names), and chooses a folder of 20,000 files. A gap is the time between two ticks of a 10 ms timer. Draws off the screen
unless QT_QPA_PLATFORM says otherwise.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import psutil
from machine import describe
from PySide6.QtCore import QEvent, QObject, QTimer

from xception_gui.app import Program, make_application, window_settings
from xception_gui.page_pictures import settle, wait_until
from xception_gui.ui.routing import Page

REPEATS = 9
DROPPED = 2_000
CHOSEN = 20_000
NEVER_LOADED = ("keras", "tensorflow", "ai_edge_litert")


class Gaps:
    """Ticks every 10 ms and remembers the longest time between two ticks."""

    def __init__(self) -> None:
        self._timer = QTimer()
        self._timer.timeout.connect(self._on_tick)
        self.start()

    def start(self) -> None:
        """Begin anew."""
        self.longest = 0.0
        self.over_50 = 0
        self._last = time.perf_counter()
        self._timer.start(10)

    def _on_tick(self) -> None:
        now = time.perf_counter()
        gap = now - self._last
        self.longest = max(self.longest, gap)
        self.over_50 += gap > 0.05
        self._last = now

    def report(self, what: str) -> None:
        """Print and begin anew."""
        print(f"{what}: longest gap {self.longest * 1000:.0f} ms; {self.over_50} over 50 ms", flush=True)
        self.start()


def start() -> None:
    """Time the start of processes of this script that only show the window."""
    print(describe())
    found = []
    for _ in range(REPEATS + 1):
        done = subprocess.run([sys.executable, __file__, "once"], capture_output=True, text=True, check=True)
        seconds, megabytes = (float(word) for word in done.stdout.split())
        found.append((seconds, megabytes))
    seconds = [one for one, _ in found[1:]]  # the first warms the disk cache
    print(
        f"painted after: median {statistics.median(seconds):.2f} s of {REPEATS} ({min(seconds):.2f}–{max(seconds):.2f})"
    )
    print(f"memory then: {max(megabytes for _, megabytes in found):.0f} MB")


def once() -> None:
    """Show the window, and print after how long it was painted and how much memory it takes."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["XCEPTION_GUI_HOME"] = home
        app = make_application()
        program = Program(app, window_settings())
        process = psutil.Process()

        class Painted(QObject):
            def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
                if event.type() is QEvent.Type.Paint:
                    watched.removeEventFilter(self)
                    QTimer.singleShot(0, report)
                return False

        def report() -> None:
            print(time.time() - process.create_time(), process.memory_info().rss / 1e6)
            loaded = [name for name in NEVER_LOADED if name in sys.modules]
            assert not loaded, loaded
            app.exit(0)

        painted = Painted()
        program.window.rail.installEventFilter(painted)
        program.begin([])
        app.exec()
        program.end()


def gaps(dataset: str, pictures: str) -> None:
    """Watch the event loop."""
    print(describe())
    with tempfile.TemporaryDirectory() as place:
        os.environ["XCEPTION_GUI_HOME"] = str(Path(place) / "home")
        app = make_application()
        program = Program(app, window_settings())
        program.begin([])
        wait_until(lambda: program.library.is_known)
        settle(2000)
        ticks = Gaps()
        _train(program, dataset, ticks)
        dropped = _many_files(Path(place) / "dropped", pictures, DROPPED)
        _predict(program, dropped, ticks)
        _check(program, Path(place) / "chosen", pictures, ticks)
        program.end()


def _train(program: Program, dataset: str, ticks: Gaps) -> None:
    program.open_dataset(dataset)
    _wait(lambda: not program.check.state.is_running)
    ticks.report(f"check of {dataset}")
    program.data_page.go_to(3)
    settle(500)
    program.data_page.start()
    _wait(lambda: not program.training.is_running)
    ticks.report(f"Quick on {dataset}")


def _predict(program: Program, files: list[str], ticks: Gaps) -> None:
    run = program.training.state.run if program.training.state is not None else ""
    program.predict_with(run)
    _wait(lambda: program.window.page is Page.PREDICT)
    settle(1000)
    ticks.start()
    program.open_paths(files, Page.PREDICT)
    _wait(lambda: program.predictions.done >= min(400, len(files)) or not program.predictions.is_running)
    ticks.report(f"{len(files)} dropped, the first 400 predicted")
    program.predictions.stop()
    _wait(lambda: not program.predictions.is_running)


def _check(program: Program, folder: Path, pictures: str, ticks: Gaps) -> None:
    for name in ("one", "two"):
        _many_files(folder / name, pictures, CHOSEN // 2)
    ticks.start()
    program.open_dataset(str(folder))
    _wait(lambda: not program.check.state.is_running)
    settle(2000)
    ticks.report(f"{CHOSEN} files chosen and checked")


def _many_files(folder: Path, pictures: str, count: int) -> list[str]:
    """Link pictures again and again under other names."""
    folder.mkdir(parents=True)
    sources = sorted(path for path in Path(pictures).rglob("*") if path.is_file())
    made = []
    for number in range(count):
        source = sources[number % len(sources)]
        target = folder / f"{number}{source.suffix}"
        shutil.copyfile(source, target) if number < len(sources) else target.symlink_to(source.resolve())
        made.append(str(target))
    return made


def _wait(is_so: Callable[[], bool]) -> None:
    while not is_so():
        settle(100)


if __name__ == "__main__":
    verb, *words = sys.argv[1:]
    {"start": start, "once": once, "gaps": gaps}[verb](*words)
