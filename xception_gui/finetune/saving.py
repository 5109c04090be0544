"""Saving a training as it goes on, and taking it up again."""

import time
from collections.abc import Callable

import keras
import numpy as np

from xception_gui.diagnostics import logger
from xception_gui.domain.messages.base import Message
from xception_gui.domain.messages.training import Notice, NoticeCode
from xception_gui.domain.training_progress import TrainingProgress
from xception_gui.runs.checkpoint import Arrays, Checkpoint, CheckpointError, TrainingState

SECONDS_BETWEEN = 60.0
"""Of training: the most that an interruption costs."""

MIN_INTERVAL_FACTOR = 33
"""Times as long as saving takes: so it takes 3 % of the time at most."""


class Saver:
    """Keeps a training in a checkpoint: after each epoch, and with the first step after each minute.

    Where epochs are so short that this would take more than a thirtieth of the time, some of them are passed over.

    A disk that is full stops no training: what was kept last stays, a notice says so, and a minute later it is tried
    again.

    Args:
        network: compiled, its optimizer built.
        checkpoint: where to.
        report: told when saving fails.
        clock: seconds.
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
        """Put the network and its optimizer back to where they were kept; None if there is nothing to go on from.

        Raises:
            CheckpointError: what was kept is damaged, or of another network.
        """
        state = self._checkpoint.load()
        if state is None:
            return None
        set_weights(self._network, state.weights)
        _assign(self._network.optimizer.variables, state.optimizer)
        return state.progress

    def best_weights(self, epoch: int) -> Arrays:
        """Give the weights of the best epoch, as they were kept; raises what `restore` does."""
        weights = self._checkpoint.load_best(epoch)
        _refuse_others(self._network.weights, weights)
        return weights

    def save(self, progress: TrainingProgress, best: Arrays | None = None) -> None:
        """Keep the training as it is now, and the weights of an epoch that has just become the best one."""
        if best is not None:
            self._unsaved_best = best
        began = self._clock()
        try:
            self._write(progress)
        except OSError as error:
            logger.warning("The training couldn't be saved: %s", error)
            if not self._is_failing:
                self._report(Notice(NoticeCode.NOT_SAVED, _not_saved_words(error)))
            self._is_failing = True
        else:
            self._is_failing = False
        self._saved = self._clock()
        self._seconds = self._saved - began

    def save_after_epoch(self, progress: TrainingProgress, best: Arrays | None) -> None:
        """Do the same at the end of an epoch, unless it is too soon; the weights are kept with the next time then."""
        if best is not None:
            self._unsaved_best = best
        if self._clock() - self._saved >= min(SECONDS_BETWEEN, MIN_INTERVAL_FACTOR * self._seconds):
            self.save(progress)

    def save_if_due(self, progress: TrainingProgress) -> None:
        """Keep the training as it is now, if a minute has passed since the last time."""
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
    """Put weights that were kept into a network.

    Raises:
        CheckpointError: they are another network's.
    """
    _assign(network.weights, weights)


def _not_saved_words(error: OSError) -> str:
    return (
        f"The training couldn't be saved just now ({error.strerror or error}). It goes on, and what was saved before "
        "is still there. Free some space on the disk: it is tried again every minute."
    )


def _values(variables: list[keras.Variable]) -> Arrays:
    return [keras.ops.convert_to_numpy(variable) for variable in variables]


def _assign(variables: list[keras.Variable], arrays: Arrays) -> None:
    _refuse_others(variables, arrays)
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)


def _refuse_others(variables: list[keras.Variable], arrays: Arrays) -> None:
    wanted = [(tuple(variable.shape), np.dtype(variable.dtype)) for variable in variables]
    if wanted != [(array.shape, array.dtype) for array in arrays]:
        raise CheckpointError("it was saved by a training of another network")
    if not all(np.isfinite(array).all() for array in arrays):
        raise CheckpointError("some of its numbers are not finite")
