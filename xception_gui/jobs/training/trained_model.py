"""The result of every recipe."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xception_gui.domain.metrics import Measured
from xception_gui.domain.recipe import Precision
from xception_gui.inference.embedder import Embedder
from xception_gui.inference.head import Head


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model with its figures."""

    head: Head
    embedder: Embedder
    validation: Measured  # by the predictor, on the validation pictures
    stopped: bool
    epochs: int | None = None  # trained; None for Quick
    best_epoch: int | None = None  # 0: the model that training started from
    strength: float | None = None  # L2, of a head that was fitted
    unseen_losses: NDArray[np.float64] | None = None  # of such a head: see `Fit`
    rests_on: int | None = None  # number of training pictures used, if not all were
    precision: Precision | None = None  # of the training; None for Quick
