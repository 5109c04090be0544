"""Uses the window at random for a given time, kills its engines meanwhile, and checks whether anything was lost.

    .venv/bin/python -m benchmarks.soak DATASET [--minutes 30] [--seed 1] [--disk-mb 3000]

A sample of DATASET's pictures, and some files that aren't pictures, are copied. The window checks them, trains, stops,
closes, opens again, resumes, predicts, evaluates and deletes models, has its engines killed and its disk filled, all in
random order, which the seed determines. It stays open for the last half of the time, in which its memory is observed.
At the end, all interrupted trainings are resumed. Prints counts as JSON. The exit status is 1 if a model was lost or
can't be used, one of the person's files was changed, a process was left behind, an unexpected error occurred, or the
window's memory has grown.

Each window is a process of its own, started with `--window`.

With --disk-mb the program's folder is a file system in memory, which only root can mount.
"""

import argparse
import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TypedDict, cast

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import psutil

from benchmarks.machine import machine
from benchmarks.printing import last_document, print_document, say
from xception_gui import diagnostics
from xception_gui.app import Program, make_application, window_settings
from xception_gui.data.pictures.open_picture import looks_like_a_picture
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.models import RunSummary
from xception_gui.domain.messages.training import TrainRequest
from xception_gui.domain.recipe import Preset, Recipe, make_recipe
from xception_gui.domain.run_state import RunState
from xception_gui.page_pictures import settle, wait_until
from xception_gui.paths import HOME_VARIABLE
from xception_gui.runs.free_name import free_name
from xception_gui.ui.features import PAGES
from xception_gui.ui.predict.feature import PREDICT
from xception_gui.words.errors import failure_text

PER_CLASS = 10
MAX_MODELS = 6
PATIENCE = 300  # seconds for each training that is resumed at the end
MAX_GROWTH = 1.25
"""Largest growth of the window's memory from the second to the last quarter of the time in which it stays open."""

RECIPES: tuple[Recipe, ...] = (
    make_recipe(Preset.QUICK, image_size=160),
    make_recipe(Preset.FINE_TUNE, image_size=71, epochs=3, batch_size=8),
    make_recipe(Preset.TUTORIAL, image_size=71, epochs=3, batch_size=8),
    make_recipe(Preset.TUTORIAL, image_size=71, epochs=200, batch_size=8, weights="none"),
)


class Life(TypedDict):
    """What a window's process reports when it ends."""

    counts: dict[str, int]  # of actions and outcomes
    memory: list[float]  # megabytes, sampled
    begun: list[str]  # models that must not be lost


class Soak:
    """Acts on one window at random.

    Args:
        dataset: the pictures.
        rng: decides what is done.
        begun: models of earlier windows that must not be lost.

    Attributes:
        counts: of actions and outcomes.
        is_closed: whether the window was closed.
    """

    def __init__(self, dataset: Path, rng: random.Random, begun: Iterable[str]) -> None:
        self.counts: Counter[str] = Counter()
        self._memory: list[float] = []
        self._dataset = dataset
        self._files = sorted(path for path in dataset.rglob("*") if path.is_file())
        self._rng = rng
        self._app = make_application()
        self._begun = set(begun)
        self._engines: dict[int, psutil.Process] = {}
        self._ballast = Path(os.environ[HOME_VARIABLE]) / "ballast"
        self.is_closed = False
        self._program = self._open()
        self._actions: tuple[tuple[int, Callable[[], None]], ...] = (
            (4, self.check),
            (8, self.train),
            (4, self.resume),
            (2, self.stop),
            (8, self.kill_an_engine),
            (8, self.predict),
            (3, self.measure),
            (4, self.look_around),
            (2, self.close),
            (2, self.delete),
            (2, self.fill_the_disk),
        )

    def go_on_until(self, end: float, *, stays_open: bool) -> None:
        """Act until the time is over or the window was closed."""
        weights = [0 if stays_open and action == self.close else weight for weight, action in self._actions]
        while time.monotonic() < end and not self.is_closed:
            (_, action) = self._rng.choices(self._actions, weights)[0]
            what = action.__name__.replace("_", " ")
            self.counts[what] += 1
            say(f"{end - time.monotonic():.0f} s left: {what}")
            action()
            if not self.is_closed:
                settle(self._rng.randint(50, 4000))
                self._look()

    @property
    def life(self) -> Life:
        """The report of this window."""
        return Life(counts=dict(self.counts), memory=self._memory, begun=sorted(self._begun))

    def end(self) -> None:
        """Resume and finish all interrupted trainings, and check that every model still exists and can be used."""
        self._empty_the_disk()
        self._stop_training()
        self._refresh()
        for run in [run for run in self._program.services.models.runs if run.resumable]:
            self._finish(run)
        self._refresh()
        runs = {run.path: run for run in self._program.services.models.runs}
        self.counts["models at the end"] = len(runs)
        for path in sorted(self._begun - runs.keys()):
            self._blame("lost", f"{path} is gone")
        for run in runs.values():
            self._use(run)

    # --- Actions --------------------------------------------------------------------------------------

    def check(self) -> None:
        """Choose the folder."""
        self._program.navigator.open_dataset(str(self._dataset))

    def train(self) -> None:
        """Start a training, unless there is one already."""
        if self._program.services.training.is_running:
            return
        models = self._program.services.models.folder()
        recipe = self._rng.choice(RECIPES)
        out = models / free_name(models, str(recipe.preset))
        self._program.navigator.start_training(TrainRequest(str(self._dataset), str(out), recipe), None)

    def resume(self) -> None:
        """Resume an interrupted training."""
        runs = [run for run in self._program.services.models.runs if run.resumable]
        if runs:
            self._program.navigator.resume_training(self._rng.choice(runs).path)

    def stop(self) -> None:
        """Stop the training."""
        self._program.services.training.stop()

    def kill_an_engine(self) -> None:
        """Kill an engine, as a system that is out of memory does."""
        number = self._rng.choice(self._program.engines.all).process_id()
        if number:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
                self.counts["killed"] += 1

    def predict(self) -> None:
        """Drop some files, pictures or not, sometimes after choosing another model."""
        models = self._program.services.models.with_models()
        if models and self._rng.random() < 0.5:
            self._program.navigator.predict_with(self._rng.choice(models).path)
        self._program.navigator.predict([str(path) for path in self._rng.sample(self._files, 5)])

    def measure(self) -> None:
        """Show a model's results."""
        models = self._program.services.models.with_models()
        if models:
            self._program.navigator.show_results(self._rng.choice(models).path)

    def look_around(self) -> None:
        """Go to another page."""
        self._program.window.show_page(self._rng.choice(PAGES).name)

    def close(self) -> None:
        """Close the window, whatever is in progress."""
        self._look()
        self._program.end()
        self.is_closed = True
        _, alive = psutil.wait_procs(list(self._engines.values()), timeout=60)
        for process in alive:
            self._blame("orphans", f"process {process.pid} is still there")
        self.counts["engines"] += len(self._engines)

    def delete(self) -> None:
        """Delete the oldest model, if there are many."""
        runs = [run for run in self._program.services.models.runs if not run.in_training]
        if len(runs) >= MAX_MODELS and not self._program.services.training.is_running:
            self._begun.discard(runs[-1].path)
            shutil.rmtree(runs[-1].path, ignore_errors=True)
            self._program.services.models.refresh()

    def fill_the_disk(self) -> None:
        """Fill the disk, or free it again."""
        if self._ballast.exists():
            self._empty_the_disk()
        elif os.path.ismount(os.environ[HOME_VARIABLE]):
            with contextlib.suppress(OSError), self._ballast.open("wb") as file:
                while True:
                    file.write(bytes(2**20))

    # --- Outcomes ----------------------------------------------------------------------------------------

    def _open(self) -> Program:
        program = Program(self._app, window_settings())
        program.services.training.ended.connect(self._on_training_ended)
        program.begin([])
        with contextlib.suppress(TimeoutError):
            wait_until(lambda: program.services.models.is_known)
        return program

    def _look(self) -> None:
        """Record engines, models and the window's memory."""
        for engine in self._program.engines.all:
            number = engine.process_id()
            if number and number not in self._engines:
                with contextlib.suppress(psutil.Error):
                    self._engines[number] = psutil.Process(number)
        models = self._program.services.models.folder()
        if models.is_dir():
            self._begun.update(str(run.parent) for run in models.glob("*/run.json"))
        self._memory.append(psutil.Process().memory_info().rss / 1e6)

    def _on_training_ended(self, state: RunState) -> None:
        if state.failure is not None:
            self.counts[f"training failed: {state.failure.code}"] += 1
            if state.failure.code == ErrorCode.UNEXPECTED:
                self._blame("unexpected", failure_text(state.failure).what)
            return
        self.counts["training stopped" if state.result is None or state.result.stopped else "training finished"] += 1
        if (
            state.result is None and not Path(state.run, "run.json").exists()
        ):  # it was stopped before there was anything to keep
            self._begun.discard(state.run)

    def _finish(self, run: RunSummary) -> None:
        say(f"resuming {Path(run.path).name}")
        self._program.navigator.resume_training(run.path)
        end = time.monotonic() + PATIENCE
        while self._program.services.training.is_running and time.monotonic() < end:
            settle(500)
            state = self._program.services.training.state
            if state is not None and len(state.epochs) > 1:  # some recipes have two hundred
                self._program.services.training.stop()
        state = self._program.services.training.state
        if state is None or state.run != run.path or state.result is None:
            self._blame("lost", f"{run.path} can't be resumed: {state.failure if state else None}")
        self.counts["gone on with at the end"] += 1

    def _use(self, run: RunSummary) -> None:
        if run.broken or run.val_accuracy is None:
            self._blame("unusable", f"{run.path}: {run.broken or 'no model'}")
            return
        self._program.navigator.predict_with(run.path)
        pictures = [str(path) for path in self._files if looks_like_a_picture(path)][:2]
        self._program[PREDICT].queue.clear()
        self._program.navigator.predict(pictures)
        with contextlib.suppress(TimeoutError):
            wait_until(lambda: not self._program[PREDICT].queue.is_running)
        if self._program[PREDICT].queue.failure is not None or not self._program[PREDICT].queue.has_results:
            self._blame("unusable", f"{run.path}: {self._program[PREDICT].queue.failure}")

    def _stop_training(self) -> None:
        self._program.services.training.stop()
        with contextlib.suppress(TimeoutError):
            wait_until(lambda: not self._program.services.training.is_running)

    def _refresh(self) -> None:
        self._program.services.models.refresh()
        settle(3000)

    def _empty_the_disk(self) -> None:
        self._ballast.unlink(missing_ok=True)

    def _blame(self, what: str, why: str) -> None:
        say(f"{what}: {why}")
        self.counts[what] += 1


BAD = ("lost", "unusable", "orphans", "unexpected", "mistakes", "files changed")


def main() -> int:
    """Run the soak test."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--disk-mb", type=int, default=0)
    parser.add_argument("--window", choices=("opens", "stays"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.window:
        print_document(_live(arguments.dataset, arguments.minutes, arguments.seed, arguments.window == "stays"))
        return 0
    with tempfile.TemporaryDirectory() as name, _home(Path(name) / "home", arguments.disk_mb):
        pictures = Path(name) / "pictures"
        _copy_some(arguments.dataset, pictures, random.Random(arguments.seed))
        before = _hashes(pictures)
        counts, memory = _soak(pictures, arguments.minutes, arguments.seed)
        counts["files changed"] = len(before.items() ^ _hashes(pictures).items())
    quarter = max(1, len(memory) // 4)
    second, last = (statistics.median(part) for part in (memory[quarter : 2 * quarter + 1], memory[-quarter:]))
    print_document(
        {
            "machine": machine(),
            "minutes": arguments.minutes,
            "seed": arguments.seed,
            "disk_mb": arguments.disk_mb,
            "window_mb": {"second quarter": second, "last quarter": last},
            "counts": dict(counts),
        }
    )
    return int(last > second * MAX_GROWTH or any(counts[one] for one in BAD))


def _soak(pictures: Path, minutes: float, seed: int) -> tuple[Counter[str], list[float]]:
    """Open one window after the other, the last for half of the time. Returns counts, and the memory of the last."""
    counts: Counter[str] = Counter()
    begun: list[str] = []
    half = time.monotonic() + minutes * 30
    while (left := half - time.monotonic()) > 0:
        life = _window(pictures, left / 60, seed + counts["windows"], "opens", begun)
        counts.update(life["counts"])
        begun = life["begun"]
        counts["windows"] += 1
    life = _window(pictures, minutes / 2, seed + counts["windows"], "stays", begun)
    counts.update(life["counts"])
    counts["windows"] += 1
    return counts, life["memory"]


def _window(pictures: Path, minutes: float, seed: int, kind: str, begun: list[str]) -> Life:
    """Start a process with a window, and return its report."""
    options = ["--minutes", str(minutes), "--seed", str(seed), "--window", kind]
    command = [sys.executable, "-m", "benchmarks.soak", str(pictures), *options]
    ended = subprocess.run(command, input=json.dumps(begun), stdout=subprocess.PIPE, text=True, check=True)
    return cast(Life, last_document(ended.stdout))


def _live(pictures: Path, minutes: float, seed: int, stays_open: bool) -> Life:
    """Run such a process. The window that stays open finishes what the others have left."""
    diagnostics.start_log("soak")
    soak = Soak(pictures, random.Random(seed), json.load(sys.stdin))
    sys.excepthook = lambda *error: _count_mistake(soak, *error)
    soak.go_on_until(time.monotonic() + minutes * 60, stays_open=stays_open)
    if stays_open:
        soak.end()
    if not soak.is_closed:
        soak.close()
    return soak.life


@contextlib.contextmanager
def _home(place: Path, megabytes: int) -> Iterator[None]:
    """Set the program's home to a folder, with a small file system of its own if a size is given."""
    place.mkdir()
    os.environ[HOME_VARIABLE] = str(place)
    if not megabytes:
        yield
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def _copy_some(dataset: Path, to: Path, rng: random.Random) -> None:
    """Copy a few pictures of each class, and add files that aren't pictures."""
    for folder in sorted(path for path in dataset.iterdir() if path.is_dir()):
        pictures = sorted(path for path in folder.rglob("*") if looks_like_a_picture(path))
        (to / folder.name).mkdir(parents=True)
        for path in rng.sample(pictures, min(PER_CLASS, len(pictures))):
            shutil.copyfile(path, to / folder.name / path.name)
        whole = next((to / folder.name).iterdir()).read_bytes()
        (to / folder.name / "cut short.jpg").write_bytes(whole[: len(whole) // 3])
        (to / folder.name / "notes.txt").write_text("Bought on Monday.", encoding="utf-8")


def _hashes(folder: Path) -> dict[str, str]:
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def _count_mistake(soak: Soak, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    say("".join(traceback.format_exception(kind, error, trace)))
    soak.counts["mistakes"] += 1


if __name__ == "__main__":
    sys.exit(main())
