"""Saving a training at intervals, and restoring it."""

import time
from collections.abc import Callable

import keras
import numpy as np

from xception_gui.diagnostics import logger
from xception_gui.domain.errors import system_finding
from xception_gui.domain.messages.base import Message
from xception_gui.domain.messages.training import Notice, NoticeCode
from xception_gui.domain.training_progress import TrainingProgress
from xception_gui.runs.checkpoint import Arrays, Checkpoint, CheckpointError, TrainingState

SECONDS_BETWEEN = 60.0
"""Seconds of training that an interruption costs at most."""

MIN_INTERVAL_FACTOR = 33
"""The interval between two saves is at least this many times as long as a save, which takes 3 % of the time at most."""


class Saver:
    """Saves a training to a checkpoint: after each epoch, and with the first step after each minute.

    If epochs are so short that this would take more than a thirtieth of the time, some of them are skipped.

    A full disk doesn't stop a training: the last checkpoint stays, a notice is reported, and the next attempt follows a
    minute later.

    Args:
        network: compiled, with its optimizer built.
        checkpoint: the checkpoint.
        report: called when saving fails.
        clock: returns seconds.
    """

    def __init__(
        self,
        network: keras.Model,
        checkpoint: Checkpoint,
        report: Callable[[Message], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._network = network
        self._checkpoint = checkpoint
        self._report = report
        self._clock = clock
        self._saved = clock()
        self._seconds = 0.0  # that saving took
        self._unsaved_best: Arrays | None = None
        self._is_failing = False

    def restore(self) -> TrainingProgress | None:
        """Restore the network and its optimizer, and return the progress; None if nothing was saved.

        Raises:
            CheckpointError: the checkpoint is damaged, or of another network.
        """
        state = self._checkpoint.load()
        if state is None:
            return None
        set_weights(self._network, state.weights)
        _assign(self._network.optimizer.variables, state.optimizer)
        return state.progress

    def best_weights(self, epoch: int) -> Arrays:
        """Return the saved weights of the best epoch. Raises as `restore` does."""
        weights = self._checkpoint.load_best(epoch)
        _refuse_others(self._network.weights, weights)
        return weights

    def save(self, progress: TrainingProgress, best: Arrays | None = None) -> None:
        """Save the training as it is now, and the weights of an epoch that has just become the best one."""
        if best is not None:
            self._unsaved_best = best
        began = self._clock()
        try:
            self._write(progress)
        except OSError as error:
            logger.warning("The training couldn't be saved: %s", error)
            if not self._is_failing:
                self._report(Notice(NoticeCode.NOT_SAVED, {"found": system_finding(error)}))
            self._is_failing = True
        else:
            self._is_failing = False
        self._saved = self._clock()
        self._seconds = self._saved - began

    def save_after_epoch(self, progress: TrainingProgress, best: Arrays | None) -> None:
        """Save at the end of an epoch, unless it is too soon; the weights are then saved the next time."""
        if best is not None:
            self._unsaved_best = best
        if self._clock() - self._saved >= min(SECONDS_BETWEEN, MIN_INTERVAL_FACTOR * self._seconds):
            self.save(progress)

    def save_if_due(self, progress: TrainingProgress) -> None:
        """Save the training if a minute has passed since the last time."""
        if self._clock() - self._saved >= SECONDS_BETWEEN:
            self.save(progress)

    def _write(self, progress: TrainingProgress) -> None:
        if self._unsaved_best is not None:  # before the state that names it
            assert progress.best_epoch is not None
            self._checkpoint.save_best(progress.best_epoch, self._unsaved_best)
            self._unsaved_best = None
        optimizer = _values(self._network.optimizer.variables)
        self._checkpoint.save(TrainingState(progress, self._network.get_weights(), optimizer))


def set_weights(network: keras.Model, weights: Arrays) -> None:
    """Set the weights of a network to saved ones.

    Raises:
        CheckpointError: they are another network's.
    """
    _assign(network.weights, weights)


def _values(variables: list[keras.Variable]) -> Arrays:
    return [keras.ops.convert_to_numpy(variable) for variable in variables]


def _assign(variables: list[keras.Variable], arrays: Arrays) -> None:
    _refuse_others(variables, arrays)
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)


def _refuse_others(variables: list[keras.Variable], arrays: Arrays) -> None:
    wanted = [(tuple(variable.shape), np.dtype(variable.dtype)) for variable in variables]
    if wanted != [(array.shape, array.dtype) for array in arrays]:
        raise CheckpointError("saved by a training of another network")
    if not all(np.isfinite(array).all() for array in arrays):
        raise CheckpointError("some numbers are not finite")
