"""Times the window: from process start until it is painted, and the longest gap of its event loop under load.

    .venv/bin/python -m benchmarks.window start [--repeats 9]
    .venv/bin/python -m benchmarks.window gaps DATASET PICTURES [--dropped 2000] [--chosen 100000]

`gaps` trains Quick on DATASET with an empty cache, drops 2,000 pictures (those of PICTURES, repeated under other
names), and chooses two folders of 100,000 files: in one all files are different, and are read ahead for a while; in the
other nearly all are duplicates, which makes the list of skipped files as long as possible. A gap is the time between
two ticks of a 10 ms timer. Draws off screen unless QT_QPA_PLATFORM is set.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QTimer

from benchmarks.printing import print_document, say
from benchmarks.processes import environment
from xception_gui.app import Program, make_application, window_settings
from xception_gui.page_pictures import settle, wait_until
from xception_gui.ui.dataset.feature import DATA
from xception_gui.ui.predict.feature import PREDICT

MILLISECONDS_OF_READING = 5000

PREDICTED = 400
"""Number of the dropped pictures to wait for."""


class Gaps:
    """Measures the longest time between two ticks of a 10 ms timer.

    Attributes:
        found: for each activity, the longest gap and the most processor time of the window's thread within a gap; for
            the rest of a long gap, the thread waited for a processor.
    """

    def __init__(self) -> None:
        self.found: list[dict[str, Any]] = []
        self._timer = QTimer()
        self._timer.timeout.connect(self._on_tick)
        self.start()

    def start(self) -> None:
        """Start measuring again."""
        self.longest = 0.0
        self.computed = 0.0
        self.over_50 = 0
        self._last, self._last_computed = time.perf_counter(), time.thread_time()
        self._timer.start(10)

    def _on_tick(self) -> None:
        now, computed = time.perf_counter(), time.thread_time()
        gap = now - self._last
        self.longest = max(self.longest, gap)
        self.computed = max(self.computed, computed - self._last_computed)
        self.over_50 += gap > 0.05
        self._last, self._last_computed = now, computed

    def report(self, what: str, pictures: int) -> None:
        """Record the gaps of an activity, and start again."""
        found = {
            "what": what,
            "pictures": pictures,
            "longest_ms": self.longest * 1000,
            "computed_ms": self.computed * 1000,
            "over_50_ms": self.over_50,
        }
        say(
            f"{what}, {pictures} pictures: longest gap {found['longest_ms']:.0f} ms; {self.over_50} over 50 ms; "
            f"computing at most {found['computed_ms']:.0f} ms"
        )
        self.found.append(found)
        self.start()


def start(repeats: int) -> None:
    """Time processes that only show the window."""
    found = []
    for _ in range(repeats + 1):
        command = [sys.executable, "-m", "benchmarks.painted"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment())
        seconds, megabytes = (float(word) for word in done.stdout.split())
        found.append((seconds, megabytes))
    seconds = [one for one, _ in found[1:]]  # the first warms the disk cache
    say(f"painted after {statistics.median(seconds):.2f} s ({min(seconds):.2f}–{max(seconds):.2f})")
    print_document(
        {
            "painted_seconds": statistics.median(seconds),
            "all_seconds": seconds,
            "memory_mb": max(megabytes for _, megabytes in found),
        }
    )


def gaps(dataset: str, pictures: str, dropped: int, chosen: int) -> None:
    """Watch the event loop."""
    with tempfile.TemporaryDirectory() as place:
        os.environ["XCEPTION_GUI_HOME"] = str(Path(place) / "home")
        app = make_application()
        program = Program(app, window_settings())
        program.begin([])
        wait_until(lambda: program.services.models.is_known)
        settle(2000)
        ticks = Gaps()
        _train(program, dataset, ticks)
        _predict(program, _many_files(Path(place) / "dropped", pictures, dropped), ticks)
        different, copies = Path(place) / "different", Path(place) / "copies"
        for number, name in enumerate(("one", "two")):
            _different_files(different / name, range(number * chosen // 2, (number + 1) * chosen // 2))
            _many_files(copies / name, pictures, chosen // 2)
        _check(program, different, "chosen", chosen, ticks)
        _check(program, copies, "chosen, copies", chosen, ticks)
        program.end()
    print_document({"dataset": Path(dataset).name, "gaps": ticks.found})


def _train(program: Program, dataset: str, ticks: Gaps) -> None:
    program.navigator.open_dataset(dataset)
    _wait(lambda: not program[DATA].check.state.is_running)
    count = sum(program[DATA].check.state.result.classes.values())
    ticks.report("check", count)
    program[DATA].page.go_to(3)
    settle(500)
    program[DATA].page.start()
    _wait(lambda: not program.services.training.is_running)
    ticks.report("Quick", count)


def _predict(program: Program, files: list[str], ticks: Gaps) -> None:
    run = program.services.training.state.run if program.services.training.state is not None else ""
    program.navigator.predict_with(run)
    _wait(lambda: program.window.page == "predict")
    settle(1000)
    ticks.start()
    program.navigator.open_paths(files)
    _wait(lambda: program[PREDICT].queue.done >= min(PREDICTED, len(files)) or not program[PREDICT].queue.is_running)
    ticks.report("dropped", len(files))
    program[PREDICT].queue.stop()
    _wait(lambda: not program[PREDICT].queue.is_running)


def _check(program: Program, folder: Path, what: str, chosen: int, ticks: Gaps) -> None:
    settle(1000)
    ticks.start()
    program.navigator.open_dataset(str(folder))
    _wait(lambda: not program[DATA].check.state.is_running)
    settle(MILLISECONDS_OF_READING)
    ticks.report(what, chosen)


def _different_files(folder: Path, numbers: range) -> None:
    """Write tiny pictures whose pixels encode a number each."""
    folder.mkdir(parents=True)
    for number in numbers:
        Image.frombytes("RGB", (4, 4), number.to_bytes(48, "big")).save(folder / f"{number}.bmp")


def _many_files(folder: Path, pictures: str, count: int) -> list[str]:
    """Copy the pictures, then link them repeatedly under other names."""
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


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the window.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    starting = verbs.add_parser("start")
    starting.add_argument("--repeats", type=int, default=9)
    watching = verbs.add_parser("gaps")
    watching.add_argument("dataset")
    watching.add_argument("pictures")
    watching.add_argument("--dropped", type=int, default=2_000)
    watching.add_argument("--chosen", type=int, default=100_000)
    words = vars(parser.parse_args())
    {"start": start, "gaps": gaps}[words.pop("verb")](**words)


if __name__ == "__main__":
    main()
