"""The head of a trained network: the one that was trained with it, or one fitted again to its embeddings."""

import numpy as np

from xception_gui.domain.metrics import Measured
from xception_gui.inference.head import Head
from xception_gui.inference.softmax_regression import fit_head
from xception_gui.jobs.training.figures import EmbeddedPictures, measure_head


def choose_head(trained: Head, training: EmbeddedPictures, validation: EmbeddedPictures) -> tuple[Head, Measured]:
    """Return the head with the lowest log loss on the validation pictures, and its figures there.

    A head that is fitted again, as Quick's is, knows the training pictures as they are, not as augmentation showed
    them; which of the two is better differs between data sets, and the mean of both is often better than either.

    Args:
        trained: the head that was trained with the network.
        training: embeddings of the training pictures by the trained network.
        validation: of the validation pictures.

    Raises:
        FloatingPointError: the network's outputs aren't finite.
    """
    fitted = fit_head(training.architecture, training.embeddings, training.labels, len(trained.bias)).head
    heads = (trained, fitted, _mean(trained, fitted)) if fitted.blocks == trained.blocks else (trained,)
    measured = [(head, measure_head(head, validation)) for head in heads]
    return min(measured, key=lambda one: one[1].log_loss)


def _mean(one: Head, other: Head) -> Head:
    half = np.float32(0.5)
    return Head(one.architecture, one.blocks, half * (one.kernel + other.kernel), half * (one.bias + other.bias))
