"""The head of a trained network: the mean of the one trained with it and one fitted again to its embeddings."""

import numpy as np

from xception_gui.inference.head import Head
from xception_gui.inference.softmax_regression import fit_head
from xception_gui.jobs.training.figures import EmbeddedPictures


def refitted(trained: Head, training: EmbeddedPictures, strength: float) -> Head:
    """Return the mean of a network's head and of one that is fitted to the embeddings by the trained network.

    A head that is fitted again, as Quick's is, knows the training pictures as they are, not as augmentation showed
    them. Which of the two is better differs between data sets; the mean of both was as good as the better one on all
    that were measured, so nothing has to be chosen on few validation pictures.

    Args:
        trained: the head that was trained with the network. One that doesn't see all blocks stays as it is.
        training: embeddings of the training pictures by the trained network.
        strength: L2, that of Quick's head on these pictures. The network has learned from all of them, so
            cross-validation among its embeddings would find that hardly any is needed.
    """
    if trained.blocks != training.architecture.embedding_blocks:
        return trained
    classes = len(trained.bias)
    fitted = fit_head(training.architecture, training.embeddings, training.labels, classes, strength=strength).head
    half = np.float32(0.5)
    kernel, bias = half * (trained.kernel + fitted.kernel), half * (trained.bias + fitted.bias)
    return Head(trained.architecture, trained.blocks, kernel, bias)
