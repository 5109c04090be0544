"""A training on disk: all that it needs to go on after it was interrupted, at any moment.

checkpoint/
    state.npz         how far it is, the network's weights, the optimizer's variables: one file, replaced as a whole
    best-EPOCH.npz    the weights of the best epoch so far, which `state.npz` names
    best-EPOCH/       the same as a model, if somebody wanted to use it: head, backbone, model.keras, run.json
    head.npz          the model that the training started from, with its backbone if that isn't the shipped one
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from xception_gui.domain.training_progress import TrainingProgress
from xception_gui.runs.archives import refuse_archive
from xception_gui.runs.atomic import replacing

Arrays = list[NDArray[Any]]

FORMAT = 1

MOST_BYTES = 2_000_000_000
"""Of a state, unpacked: Xception with its optimizer takes a quarter of a gigabyte."""

PROGRESS = "progress"
"""Name of the array that holds the progress, as JSON."""


class CheckpointError(ValueError):
    """What was kept of a training can't be used."""


@dataclass(frozen=True, slots=True)
class TrainingState:
    """A training between two steps."""

    progress: TrainingProgress
    weights: Arrays  # of the network, in Keras' order
    optimizer: Arrays  # its variables, in Keras' order


class Checkpoint:
    """The folder of a run that a training is kept in while it goes on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._state = folder / "state.npz"

    def progress(self) -> TrainingProgress | None:
        """Say how far the training is that was kept here; None if there is none.

        Raises:
            CheckpointError: it is damaged, or of another release.
        """
        return _progress(_read(self._state, {PROGRESS})) if self._state.is_file() else None

    def save(self, state: TrainingState) -> None:
        """Keep a state in place of the one before; the best weights that it names are kept already.

        Raises:
            OSError: the disk is full, say; the state before is still there.
        """
        text = json.dumps({"format": FORMAT, **asdict(state.progress)})
        progress = {PROGRESS: np.frombuffer(text.encode(), np.uint8)}
        self._write(self._state, progress | _named("weights", state.weights) | _named("optimizer", state.optimizer))
        self._forget_all_but(state.progress.best_epoch)

    def load(self) -> TrainingState | None:
        """Give the state that was kept last; None if there is none.

        Raises:
            CheckpointError: it is damaged, or of another release.
        """
        if not self._state.is_file():
            return None
        arrays = _read(self._state)
        return TrainingState(_progress(arrays), _numbered("weights", arrays), _numbered("optimizer", arrays))

    def save_best(self, epoch: int, weights: Arrays) -> None:
        """Keep the weights after an epoch beside those that the state names.

        Raises:
            OSError: the disk is full, say.
        """
        self._write(self._best(epoch), _named("weights", weights))

    def load_best(self, epoch: int) -> Arrays:
        """Give the weights after an epoch.

        Raises:
            CheckpointError: they are missing or damaged.
        """
        return _numbered("weights", _read(self._best(epoch)))

    def converted(self, epoch: int) -> Path:
        """Say where the model of an epoch lies, once somebody has wanted to use it."""
        return self._folder / f"best-{epoch}"

    def remove_leftovers(self) -> None:
        """Delete what was being written when the training was interrupted."""
        for path in self._folder.glob(".*"):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)

    def remove(self) -> None:
        """Delete it: the training has ended."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _best(self, epoch: int) -> Path:
        return self._folder / f"best-{epoch}.npz"

    def _forget_all_but(self, epoch: int | None) -> None:
        for path in self._folder.glob("best-*.npz"):
            if epoch is None or path != self._best(epoch):
                path.unlink(missing_ok=True)

    def _write(self, path: Path, arrays: dict[str, NDArray[Any]]) -> None:
        self._folder.mkdir(exist_ok=True)
        with replacing(path) as temporary, temporary.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]  # numpy's stubs think of its other arguments


def _named(name: str, arrays: Sequence[NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {f"{name}-{number}": array for number, array in enumerate(arrays)}


def _numbered(name: str, arrays: dict[str, NDArray[Any]]) -> Arrays:
    count = sum(key.startswith(f"{name}-") for key in arrays)
    try:
        return [arrays[f"{name}-{number}"] for number in range(count)]
    except KeyError as error:
        raise CheckpointError(f"{error} is missing") from error


def _progress(arrays: dict[str, NDArray[Any]]) -> TrainingProgress:
    try:
        fields = json.loads(arrays[PROGRESS].tobytes())
        if fields.pop("format") != FORMAT:
            raise CheckpointError("it was written by another release of this program")
        return msgspec.convert(fields, TrainingProgress)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise CheckpointError(str(error)) from error


def _read(path: Path, names: set[str] | None = None) -> dict[str, NDArray[Any]]:
    """Read arrays, these or all of them."""
    try:
        refuse_archive(path, MOST_BYTES)
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files if names is None or name in names}
    except Exception as error:  # numpy and zipfile meet damaged files with almost any exception
        raise CheckpointError(f"{path.name}: {error}") from error
