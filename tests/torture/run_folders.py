"""Damaged models: whatever a stranger's folder holds, the window and the command line say so in words.

    python -m tests.torture.run_folders --cases 2000 --seed 1 [--command-line 100]

Each case is a model with one to three damaged files, which an engine lists, predicts with and measures, as the window
has it do. An engine may die of one: then the window's end of it must tell, and the next request finds another. Of some
cases the command line does the same. Prints what became of them as JSON; exit status 1 if anything was not told in
words.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from tests.conftest import draw_dataset
from tests.programs import PROGRAM
from tests.torture.mutations import mutated
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages import (
    EvaluateRequest,
    Failed,
    Finished,
    JobRequest,
    ListRunsRequest,
    Message,
    PredictRequest,
    RunsResult,
    TrainRequest,
)
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.jobs import run_job
from xception_gui.jobs.reporting import never
from xception_gui.ui.engine_client import EngineClient

LONGEST = 120.0  # seconds that an answer may take
SIZE = 71


def make_models(folder: Path) -> tuple[Path, ...]:
    """Train the models that are damaged: Quick's, one with a network of its own, one that was interrupted."""
    dataset = draw_dataset(folder / "pictures", {"red": (220, 60, 60), "blue": (60, 60, 220)}, count=6)
    quick, own, interrupted = (folder / name for name in ("quick", "own", "interrupted"))
    whole = make_recipe(Preset.TUTORIAL, image_size=SIZE, epochs=1, batch_size=4, weights="none")
    for run, recipe in ((quick, make_recipe(Preset.QUICK, image_size=SIZE)), (own, whole)):
        run_job(TrainRequest(str(dataset), str(run), recipe), lambda event: None, never)
    words = [sys.executable, "-m", "tests.killed_training", str(dataset), str(interrupted), "fine-tune", "1:2"]
    subprocess.run(words, check=False, capture_output=True)
    return quick, own, interrupted


def damage(model: Path, copy: Path, rng: random.Random) -> list[str]:
    """Copy a model and damage some of its files. Says which, and how."""
    shutil.copytree(model, copy, copy_function=os.link)  # large files cost nothing until they are changed
    files = sorted(path.relative_to(copy) for path in copy.rglob("*") if path.is_file())
    likely = [file for file in files if file.name in ("run.json", "head.npz", "backbone.tflite", "state.npz")]
    done = []
    for _ in range(rng.randint(1, 3)):
        file = rng.choice(likely if rng.random() < 0.8 else files)
        way = rng.choice(_WAYS)
        if (copy / file).is_file():
            way(copy / file, rng)
        done.append(f"{file} {way.__name__.strip('_')}")
    if rng.random() < 0.7:
        _tell_its_hash(copy)
    return done


def _tell_its_hash(copy: Path) -> None:
    """Have run.json name the backbone that is there now: else a damaged one is never run."""
    record, backbone = copy / "run.json", copy / "backbone.tflite"
    if not (record.is_file() and backbone.is_file()):
        return
    try:
        fields = json.loads(record.read_text(encoding="utf-8"))
        fields["backbone"] = hashlib.sha256(backbone.read_bytes()).hexdigest()
        _write(record, json.dumps(fields).encode())
    except (OSError, ValueError, TypeError):
        return


def _write(path: Path, data: bytes) -> None:
    path.unlink()  # it is a link to the whole one
    path.write_bytes(data)


def _mutate(path: Path, rng: random.Random) -> None:
    _write(path, mutated(path.read_bytes(), rng))


def _change_a_value(path: Path, rng: random.Random) -> None:
    """Put something else into a JSON document; bytes are mutated where it is none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        _mutate(path, rng)
        return
    place: Any = document
    while isinstance(place, dict | list) and place:
        key: Any = rng.choice(list(place) if isinstance(place, dict) else range(len(place)))
        if not isinstance(place[key], dict | list) or not place[key] or rng.random() < 0.3:
            place[key] = rng.choice(_VALUES)
            break
        place = place[key]
    _write(path, json.dumps(document).encode())


def _remove(path: Path, rng: random.Random) -> None:
    path.unlink()


def _empty(path: Path, rng: random.Random) -> None:
    _write(path, b"")


def _make_a_folder(path: Path, rng: random.Random) -> None:
    path.unlink()
    path.mkdir()


def _link_in_a_circle(path: Path, rng: random.Random) -> None:
    path.unlink()
    path.symlink_to(path.name)


def _make_a_pipe(path: Path, rng: random.Random) -> None:
    path.unlink()
    os.mkfifo(path)


_WAYS: tuple[Callable[[Path, random.Random], None], ...] = (
    *(_mutate,) * 4,
    *(_change_a_value,) * 4,
    _remove,
    _empty,
    _make_a_folder,
    _link_in_a_circle,
    _make_a_pipe,
)
_VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        -1,
        1e308,
        2**63,
        2**200,
        "",
        "x",
        "\0",
        "../..",
        "/etc/passwd",
        [],
        {},
        [[]],
        {"a": {}},
        ["a"] * 9,
    ),
    *("nan", "finished", "training", "é" * 5000, [["../../a.png", "0" * 64]], 10_000, 70, 0.5),
)


class Asked:
    """An engine, asked as the window asks."""

    def __init__(self) -> None:
        self._client = EngineClient("asked")

    def end_of(self, request: JobRequest) -> Message | None:
        """Give how a request ends, None if it doesn't."""
        loop, ends = QEventLoop(), []
        job = self._client.start(request)
        job.ended.connect(ends.append)
        job.ended.connect(loop.quit)
        timer = QTimer()
        timer.setSingleShot(True)
        timer.timeout.connect(loop.quit)
        timer.start(int(1000 * LONGEST))
        loop.exec()
        if not ends:
            self._client.end_by_force()
        return ends[0] if ends else None

    def close(self) -> None:
        """End it."""
        self._client.close()


def outcomes(asked: Asked, copy: Path, picture: Path) -> list[str]:
    """Say what becomes of listing, using and measuring a model."""
    found = []
    listed = asked.end_of(ListRunsRequest((str(copy.parent),)))
    found.append(_outcome(listed))
    if isinstance(listed, Finished) and isinstance(listed.result, RunsResult):
        names = [Path(run.path).name for run in listed.result.runs]
        if names != ([copy.name] if os.path.lexists(copy / "run.json") else []):
            found.append("not listed")
    requests = (PredictRequest(str(copy), (str(picture),)), EvaluateRequest(str(copy)))
    return found + [_outcome(asked.end_of(request)) for request in requests]


def _outcome(end: Message | None) -> str:
    if end is None:
        return "no answer"
    if isinstance(end, Finished):
        return "done"
    if not isinstance(end, Failed) or not (end.what and end.why and end.fix):
        return "no words"
    return str(end.code)


def of_the_command_line(copy: Path, picture: Path) -> list[str]:
    """Say what becomes of using and measuring a model in a terminal."""
    found = []
    for words in (["predict", copy, picture], ["evaluate", copy]):
        done = subprocess.run(
            [*PROGRAM, *map(os.fspath, words)], capture_output=True, text=True, timeout=LONGEST, check=False
        )
        in_words = done.returncode == 0 or (done.returncode == 1 and "xception-gui: " in done.stderr)
        if "Traceback" in done.stderr or "mistake in the program" in done.stderr or not in_words:
            print(f"{words}: {done.returncode} {done.stderr[-500:]}", file=sys.stderr)
            found.append("command line: not in words")
        else:
            found.append(f"command line: exit status {done.returncode}")
    return found


BAD = ("no answer", "no words", "not listed", "command line: not in words", str(ErrorCode.UNEXPECTED))


def main() -> int:
    """Do all cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--command-line", type=int, default=100, help="cases that it does too")
    arguments = parser.parse_args()
    app = QCoreApplication([])
    counts: Counter[str] = Counter()
    asked = Asked()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        models = make_models(folder)
        picture = next((folder / "pictures").rglob("*.png"))
        for case in range(arguments.cases):
            copy = folder / "copies" / f"case {case}"
            done = damage(models[case % len(models)], copy, random.Random(f"{arguments.seed} {case}"))
            found = outcomes(asked, copy, picture)
            if case < arguments.command_line:
                found += of_the_command_line(copy, picture)
            counts.update(found)
            if any(one in BAD or one == ErrorCode.ENGINE_DIED for one in found):
                print(f"Case {case} ({models[case % len(models)].name}; {done}): {found}", file=sys.stderr)
            shutil.rmtree(copy)
            if case % 100 == 99:
                print(json.dumps(counts), file=sys.stderr)
    asked.close()
    del app
    print(json.dumps({"seed": arguments.seed, "cases": arguments.cases, **counts}))
    return int(any(counts[one] for one in BAD))


if __name__ == "__main__":
    sys.exit(main())
