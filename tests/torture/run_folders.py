"""Damaged models and those of strangers: whatever a folder contains, the window and the command line report it in
words, and nothing outside is changed or disclosed.

    python -m tests.torture.run_folders --cases 2000 --seed 1 [--command-line 100]

Each case is a model with one to three files that are damaged, or are links, pipes, bombs, or records that lead
elsewhere. An engine lists it, predicts with it, measures it, shares it, imports the shared file, and resumes its
training for a moment, as the window does. An engine may die of one: then the window must report that, and the next
request starts another. The command line does the same for some cases. Beside the models is a person's private folder,
which the links lead to: it is listed before and after. Prints the outcomes as JSON; exit status 1 if something was not
reported in words, the private folder was touched, or its secret was found in a shared file.
"""

import argparse
import contextlib
import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from tests.conftest import draw_dataset
from tests.programs import PROGRAM
from tests.torture.mutations import mutated
from tests.unit.test_deletion import listing
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Failed, Finished, JobRequest, Message, Stopped
from xception_gui.domain.messages.models import AddModelRequest, ListRunsRequest, RunsResult, ShareModelRequest
from xception_gui.domain.messages.training import ResumeRequest, TrainRequest
from xception_gui.domain.messages.using import EvaluateRequest, PredictRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.jobs import run_job
from xception_gui.jobs.reporting import never
from xception_gui.ui.engines.engine_client import EngineClient
from xception_gui.words.errors import failure_text

LONGEST = 120.0  # seconds for an answer
SIZE = 71
SECRET = b"-----BEGIN OPENSSH PRIVATE KEY-----"
SMALL = 300_000_000  # bytes: more than any file of these models, less than a bomb
PRIVATE = "private"
"""A person's folder beside the copies of models."""


def make_models(folder: Path) -> tuple[Path, ...]:
    """Train the models to damage: Quick's, one with its own network, and an interrupted one."""
    dataset = draw_dataset(folder / "pictures", {"red": (220, 60, 60), "blue": (60, 60, 220)}, count=6)
    quick, own, interrupted = (folder / name for name in ("quick", "own", "interrupted"))
    whole = make_recipe(Preset.TUTORIAL, image_size=SIZE, epochs=1, batch_size=4, weights="none")
    for run, recipe in ((quick, make_recipe(Preset.QUICK, image_size=SIZE)), (own, whole)):
        run_job(TrainRequest(str(dataset), str(run), recipe), lambda event: None, never)
    words = [sys.executable, "-m", "tests.killed_training", str(dataset), str(interrupted), "fine-tune", "1:2"]
    subprocess.run(words, check=False, capture_output=True)
    return quick, own, interrupted


def damage(model: Path, copy: Path, rng: random.Random) -> list[str]:
    """Copy a model and damage some of its files. Returns which, and how."""
    shutil.copytree(model, copy, copy_function=os.link)  # large files cost nothing until they are changed
    files = sorted(path.relative_to(copy) for path in copy.rglob("*") if path.is_file())
    likely = [file for file in files if file.name in ("run.json", "head.npz", "backbone.tflite", "state.npz")]
    done = []
    if rng.random() < 0.3:
        _look_interrupted(copy)
        done.append("looks interrupted")
    if rng.random() < 0.2:
        way = rng.choice((_link_to_a_private_folder, _make_a_pipe))
        shutil.rmtree(copy / "checkpoint", ignore_errors=True)
        way(copy / "checkpoint", rng)
        done.append(f"checkpoint {way.__name__.strip('_')}")
    for _ in range(rng.randint(1, 3)):
        file = rng.choice(likely if rng.random() < 0.8 else files)
        way = rng.choice(_WAYS)
        if (copy / file).is_file() and not (copy / "checkpoint").is_symlink():
            way(copy / file, rng)
        done.append(f"{file} {way.__name__.strip('_')}")
    if rng.random() < 0.7:
        _tell_its_hash(copy)
    return done


def _tell_its_hash(copy: Path) -> None:
    """Put the present backbone's hash into run.json: otherwise a damaged one is never run."""
    record, backbone = copy / "run.json", copy / "backbone.tflite"
    if not (record.is_file() and backbone.is_file()):
        return
    fields = _fields_of(record)
    if fields is not None and backbone.stat().st_size < SMALL:
        fields["backbone"] = hashlib.sha256(backbone.read_bytes()).hexdigest()
        _write(record, json.dumps(fields).encode())


def _fields_of(record: Path) -> dict[str, Any] | None:
    """Read a record, if it can still be read."""
    try:
        if not record.is_file() or record.stat().st_size > SMALL:
            return None
        fields = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None


def _look_interrupted(copy: Path) -> None:
    """Set the status in run.json to training, so that it can be resumed."""
    fields = _fields_of(copy / "run.json")
    if fields is not None:
        _write(copy / "run.json", json.dumps({**fields, "status": "training"}).encode())


def make_private(folder: Path) -> Path:
    """Make a person's folder, which also contains files with names of the program's own."""
    private = folder / PRIVATE
    for name in ("key", ".ssh/id_ed25519", ".config/a", "best-1.npz", "best-2/head.npz", "state.npz", ".x/run.json"):
        (private / name).parent.mkdir(parents=True, exist_ok=True)
        (private / name).write_bytes(SECRET)
    return private


def _write(path: Path, data: bytes) -> None:
    path.unlink(missing_ok=True)  # a hard link to the intact file
    path.write_bytes(data)


def _mutate(path: Path, rng: random.Random) -> None:
    if path.is_symlink() or path.stat().st_size > SMALL:  # damaged enough already
        return
    _write(path, mutated(path.read_bytes(), rng))


def _change_a_value(path: Path, rng: random.Random) -> None:
    """Change a value in a JSON document; mutate the bytes of any other file."""
    if path.stat().st_size > SMALL:
        return
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
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
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def _private_above(path: Path) -> Path:
    return next(folder / PRIVATE for folder in path.parents if (folder / PRIVATE).is_dir())


def _link_to_a_private_file(path: Path, rng: random.Random) -> None:
    path.unlink()
    path.symlink_to(_private_above(path) / "key")


def _link_to_a_private_folder(path: Path, rng: random.Random) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(_private_above(path))


def _make_a_bomb(path: Path, rng: random.Random) -> None:
    """Replace a file by one that is small on the disk and large in memory."""
    bombs = (_sparse_bomb, _zip_bomb, _header_bomb, _text_bomb)
    rng.choice(bombs)(path)


def _sparse_bomb(path: Path) -> None:
    _write(path, path.read_bytes() if path.stat().st_size < SMALL else b"")
    os.truncate(path, 50_000_000_000)


def _zip_bomb(path: Path) -> None:
    _write(path, _bytes_of_a_zip_bomb())


@cache
def _bytes_of_a_zip_bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("progress.npy", "kernel.npy", "blocks.npy", "model.weights.h5"):
            archive.writestr(name, bytes(200_000_000))
    return file.getvalue()


def _header_bomb(path: Path) -> None:
    """Write an archive that claims terabytes of numbers."""
    _write(path, b"")
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f4", "fortran_order": False, "shape": (2**40, 2)})
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("progress.npy", "kernel.npy", "blocks.npy", "weights-0.npy"):
            archive.writestr(name, header.getvalue())


def _text_bomb(path: Path) -> None:
    _write(path, b"[" * 1_000_000 + b'["",""],' * 5_000_000)


def _lead_elsewhere(path: Path, rng: random.Random) -> None:
    """Make the record name paths of other systems, on the network, and above its folders."""
    record = path.with_name("run.json")
    fields = _fields_of(record)
    if fields is None:
        return
    with contextlib.suppress(TypeError, KeyError):
        part = rng.choice(("train", "val"))
        fields["split"][part] = [[rng.choice(_PLACES), "00" * 32, 0], *fields["split"][part]]
        fields["dataset"] = rng.choice((fields["dataset"], "//server/share", "pictures", "C:\\pictures", "/dev", "."))
        _write(record, json.dumps(fields).encode())


_WAYS: tuple[Callable[[Path, random.Random], None], ...] = (
    *(_mutate,) * 4,
    *(_change_a_value,) * 4,
    _remove,
    _empty,
    _make_a_folder,
    _link_in_a_circle,
    _make_a_pipe,
    *(_link_to_a_private_file,) * 2,
    _link_to_a_private_folder,
    *(_make_a_bomb,) * 2,
    *(_lead_elsewhere,) * 2,
)
_PLACES = (
    r"\\server\share/red/1.png",
    "C:/red/1.png",
    r"red/..\..\1.png",
    "red//1.png",
    "red/a:b.png",
    "red/../../1.png",
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
    """An engine that receives requests as from the window."""

    def __init__(self) -> None:
        self._client = EngineClient("asked")

    def end_of(self, request: JobRequest, stopped_after: float | None = None) -> Message | None:
        """Return the end of a request, or None if there is none in time. It may be stopped after some seconds."""
        loop, ends = QEventLoop(), []
        job = self._client.start(request)
        if stopped_after is not None:
            QTimer.singleShot(int(1000 * stopped_after), job.stop)
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
        """Stop the engine."""
        self._client.close()


def outcomes(asked: Asked, copy: Path, picture: Path) -> list[str]:
    """Return the outcomes of listing, using and measuring a model."""
    found = []
    listed = asked.end_of(ListRunsRequest((str(copy.parent),)))
    found.append(_outcome(listed))
    if isinstance(listed, Finished) and isinstance(listed.result, RunsResult):
        names = [Path(run.path).name for run in listed.result.runs]
        if names != ([copy.name] if os.path.lexists(copy / "run.json") else []):
            found.append("not listed")
    requests = (PredictRequest(str(copy), (str(picture),)), EvaluateRequest(str(copy)))
    found += [_outcome(asked.end_of(request)) for request in requests]
    file = copy.parent / "shared.xcmodel"
    found.append(_outcome(asked.end_of(ShareModelRequest(str(copy), str(file)))))
    if file.exists():
        found.append(_outcome(asked.end_of(AddModelRequest(str(file), str(copy.parent / "added")))))
        found += ["secret shared"] * (SECRET in file.read_bytes() or SECRET in _unpacked(file))
        file.unlink()
    found.append(_outcome(asked.end_of(ResumeRequest(str(copy)), stopped_after=1.0)))
    return found


def _unpacked(file: Path) -> bytes:
    with zipfile.ZipFile(file) as archive:
        return b"".join(map(archive.read, archive.namelist()))


def _outcome(end: Message | None) -> str:
    if end is None:
        return "no answer"
    if isinstance(end, Finished | Stopped):
        return "done"
    if not isinstance(end, Failed) or not (failure_text(end).what and failure_text(end).why and failure_text(end).fix):
        return "no words"
    return str(end.code)


def of_the_command_line(copy: Path, picture: Path) -> list[str]:
    """Return the outcomes of using and measuring a model in a terminal."""
    found = []
    for words in (["predict", copy, picture], ["evaluate", copy]):
        done = subprocess.run(
            [*PROGRAM, *map(os.fspath, words)], capture_output=True, text=True, timeout=LONGEST, check=False
        )
        in_words = done.returncode == 0 or (done.returncode == 1 and "xception-gui: " in done.stderr)
        if "Traceback" in done.stderr or "bug in the program" in done.stderr or not in_words:
            print(f"{words}: {done.returncode} {done.stderr[-500:]}", file=sys.stderr)
            found.append("command line: not in words")
        else:
            found.append(f"command line: exit status {done.returncode}")
    return found


BAD = (
    "private folder touched",
    "secret shared",
    "no answer",
    "no words",
    "not listed",
    "command line: not in words",
    str(ErrorCode.UNEXPECTED),
)


def main() -> int:
    """Run all cases."""
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
        private = listing(make_private(folder))
        for case in range(arguments.cases):
            copy = folder / "copies" / f"case {case}"
            done = damage(models[case % len(models)], copy, random.Random(f"{arguments.seed} {case}"))
            found = outcomes(asked, copy, picture)
            if case < arguments.command_line:
                found += of_the_command_line(copy, picture)
            if listing(folder / PRIVATE) != private:
                found.append("private folder touched")
                shutil.rmtree(folder / PRIVATE)
                make_private(folder)
            counts.update(found)
            if any(one in BAD or one == ErrorCode.ENGINE_DIED for one in found):
                print(f"Case {case} ({models[case % len(models)].name}; {done}): {found}", file=sys.stderr)
            shutil.rmtree(copy.parent)
            if case % 100 == 99:
                print(json.dumps(counts), file=sys.stderr)
    asked.close()
    del app
    print(json.dumps({"seed": arguments.seed, "cases": arguments.cases, **counts}))
    return int(any(counts[one] for one in BAD))


if __name__ == "__main__":
    sys.exit(main())
