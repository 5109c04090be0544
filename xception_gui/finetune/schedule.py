"""Learning rate schedules."""

import math

from xception_gui.domain.recipe import Hyperparameters, Optimizer


def learning_rate(training: Hyperparameters, *, steps: int, progress: float) -> float:
    """Return the learning rate of the next step.

    SGD: inverse time decay, rate / (1 + decay · steps), what `decay` meant in the Keras of the tutorial. AdamW: cosine
    decay (Loshchilov & Hutter 2017, arXiv 1608.03983) after a linear rise, by the share of pictures used so far, so
    that it reaches zero with the last picture even if batches become smaller on the way.

    Args:
        training: the recipe.
        steps: steps taken so far.
        progress: share of the pictures of all epochs used so far, 0..1.
    """
    if training.optimizer is Optimizer.SGD:
        return training.learning_rate / (1 + training.decay * steps)
    if progress < training.warm_up:
        return training.learning_rate * progress / training.warm_up
    return (
        training.learning_rate * 0.5 * (1 + math.cos(math.pi * (progress - training.warm_up) / (1 - training.warm_up)))
    )
