"""A training on disk: all that is needed to resume after an interruption at any moment.

checkpoint/
    state.npz         progress, the network's weights, the optimizer's variables: one file, replaced as a whole
    best-EPOCH.npz    weights of the best epoch so far, which `state.npz` names
    best-EPOCH/       the same as a model, if it has been used: head, backbone, model.keras, run.json
    head.npz          the model that the training started from, with its backbone if that isn't the shipped one
"""

import errno
import json
import math
import os
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from xception_gui.domain.training_progress import TrainingProgress
from xception_gui.files.atomic import replacing
from xception_gui.files.deletion import (
    claim,
    delete_files,
    delete_folder,
    delete_folders_in,
    is_real_folder,
    make_folder,
)
from xception_gui.files.own_names import CHECKPOINT
from xception_gui.files.regular_files import is_regular
from xception_gui.runs.arrays import open_arrays

Arrays = list[NDArray[Any]]

FORMAT = 1

MAX_BYTES = 2_000_000_000
"""Limit of an unpacked state: Xception with its optimizer takes a quarter of a gigabyte."""

MAX_BYTES_OF_PROGRESS = 1_000_000
"""Limit of the progress, which takes a few hundred bytes."""

_BEST = re.compile(r"best-\d+\.npz")

PROGRESS = "progress"
"""Name of the array that contains the progress, as JSON."""


class CheckpointError(ValueError):
    """A saved training can't be used."""


@dataclass(frozen=True, slots=True)
class TrainingState:
    """A training between two steps."""

    progress: TrainingProgress
    weights: Arrays  # of the network, in Keras' order
    optimizer: Arrays  # its variables, in Keras' order


class Checkpoint:
    """The folder in a run that a training is saved in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._state = folder / "state.npz"

    def refuse_other_than_a_folder(self) -> None:
        """Check that the checkpoint's path isn't taken by something else than a folder of the run.

        Raises:
            CheckpointError: it is a link, which leads out of the run, or a file.
        """
        if os.path.lexists(self._folder) and not is_real_folder(self._folder):
            raise CheckpointError("not a folder")

    def make_folder(self) -> None:
        """Make the folder if it doesn't exist.

        Raises:
            OSError: for instance, the disk is full, or the name is taken by something else.
        """
        make_folder(self._folder)
        if not is_real_folder(self._folder):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(self._folder))

    def progress(self) -> TrainingProgress | None:
        """Return the saved progress; None if there is none.

        Raises:
            CheckpointError: it is damaged, or of another release.
        """
        self.refuse_other_than_a_folder()
        return _read_progress(self._state) if is_regular(self._state) else None

    def save(self, state: TrainingState) -> None:
        """Replace the saved state; the best weights that it names must be saved already.

        Raises:
            OSError: for instance, the disk is full; the previous state is still there.
        """
        text = json.dumps({"format": FORMAT, **asdict(state.progress)})
        progress = {PROGRESS: np.frombuffer(text.encode(), np.uint8)}
        self._write(self._state, progress | _named("weights", state.weights) | _named("optimizer", state.optimizer))
        self._forget_all_but(state.progress.best_epoch)

    def load(self) -> TrainingState | None:
        """Return the last saved state; None if there is none.

        Raises:
            CheckpointError: it is damaged, or of another release.
        """
        progress = self.progress()
        if progress is None:
            return None
        arrays = _read(self._state)
        return TrainingState(progress, _numbered("weights", arrays), _numbered("optimizer", arrays))

    def save_best(self, epoch: int, weights: Arrays) -> None:
        """Save the weights after an epoch; those that the saved state names stay.

        Raises:
            OSError: for instance, the disk is full.
        """
        self._write(self._best(epoch), _named("weights", weights))

    def load_best(self, epoch: int) -> Arrays:
        """Return the saved weights of an epoch.

        Raises:
            CheckpointError: they are missing or damaged.
        """
        return _numbered("weights", _read(self._best(epoch)))

    def converted(self, epoch: int) -> Path:
        """Return the folder for the model of an epoch, which is made when the model is first used."""
        return self._folder / f"best-{epoch}"

    def delete_leftovers(self) -> None:
        """Delete temporary files of an interrupted save."""
        claim(self._folder, CHECKPOINT)
        delete_files(self._folder, CHECKPOINT, _is_hidden)
        delete_folders_in(self._folder, CHECKPOINT, _is_hidden)

    def delete(self) -> None:
        """Delete the checkpoint: the training has ended."""
        delete_folder(self._folder, CHECKPOINT)

    def _best(self, epoch: int) -> Path:
        return self._folder / f"best-{epoch}.npz"

    def _forget_all_but(self, epoch: int | None) -> None:
        kept = None if epoch is None else self._best(epoch).name
        delete_files(self._folder, CHECKPOINT, lambda name: _BEST.fullmatch(name) is not None and name != kept)

    def _write(self, path: Path, arrays: dict[str, NDArray[Any]]) -> None:
        self.make_folder()
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


def _read_progress(state: Path) -> TrainingProgress:
    try:
        with open_arrays(state, MAX_BYTES) as arrays:
            if arrays.describe(PROGRESS).bytes > MAX_BYTES_OF_PROGRESS:
                raise CheckpointError("contains more than a saved state")
            fields = json.loads(arrays.read(PROGRESS).tobytes())
        if fields.pop("format") != FORMAT:
            raise CheckpointError("written by another version of this program")
        progress = msgspec.convert(fields, TrainingProgress)
        if not _makes_sense(progress):
            raise CheckpointError("contains impossible numbers")
        return progress
    except Exception as error:  # numpy and zipfile raise almost any exception for damaged files
        raise CheckpointError(f"{state.name}: {error}") from error


def _makes_sense(progress: TrainingProgress) -> bool:
    """Return whether the numbers that are shown or computed with are possible in a training."""
    epoch = progress.epoch
    of_epoch = (epoch.epoch - 1, epoch.steps, epoch.passed, epoch.images)
    counts = (*of_epoch, progress.steps, progress.passed, progress.best_epoch or 0, progress.batch_size - 1)
    measured = (epoch.losses, epoch.right, epoch.seconds, progress.best_loss or 0.0)
    return (
        all(0 <= count < 2**31 for count in counts)
        and all(0 <= number < math.inf for number in measured)
        and 0 <= (progress.best_accuracy or 0.0) <= 1
    )


def _read(path: Path) -> dict[str, NDArray[Any]]:
    """Read all arrays except the progress."""
    try:
        with open_arrays(path, MAX_BYTES) as arrays:
            return {name: arrays.read(name) for name in arrays.names if name != PROGRESS}
    except Exception as error:  # as above
        raise CheckpointError(f"{path.name}: {error}") from error


def _is_hidden(name: str) -> bool:
    return name.startswith(".")
