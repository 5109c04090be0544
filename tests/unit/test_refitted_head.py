"""The head of a trained network: halfway between the one trained with it and one fitted to the pictures as they are."""

import numpy as np
import pytest

from xception_gui.domain.architecture import XCEPTION
from xception_gui.inference.head import Head, probabilities
from xception_gui.inference.softmax_regression import fit_head
from xception_gui.jobs.training.figures import EmbeddedPictures, measure_head
from xception_gui.jobs.training.refitted_head import refitted

CLASSES = 3
CENTRES = np.random.default_rng(0).normal(0, 0.04, (CLASSES, XCEPTION.embedding_size))


def pictures(count: int, seed: int) -> EmbeddedPictures:
    random = np.random.default_rng(seed)
    labels = np.arange(count) % CLASSES
    embeddings = CENTRES[labels] + random.normal(0, 1, (count, XCEPTION.embedding_size))
    return EmbeddedPictures(XCEPTION, embeddings.astype(np.float16), labels, ())


TRAINING, VALIDATION = pictures(120, 1), pictures(60, 2)
STRENGTH = 0.04
FITTED = fit_head(XCEPTION, TRAINING.embeddings, TRAINING.labels, CLASSES, strength=STRENGTH).head


@pytest.mark.parametrize("scale", [0.0, -0.5], ids=["knows nothing", "is wrong"])
def test_a_poor_head_gets_better(scale):
    poor = Head(XCEPTION, XCEPTION.embedding_blocks, np.float32(scale) * FITTED.kernel, FITTED.bias)
    mean = refitted(poor, TRAINING, STRENGTH)
    assert measure_head(mean, VALIDATION).log_loss < measure_head(poor, VALIDATION).log_loss


def test_a_head_that_was_fitted_so_already_stays_as_it_is():
    mean = refitted(FITTED, TRAINING, STRENGTH)
    np.testing.assert_allclose(mean.kernel, FITTED.kernel, rtol=1e-6)
    np.testing.assert_allclose(mean.bias, FITTED.bias, rtol=1e-6)


def test_a_head_of_fewer_blocks_is_kept():
    small = Head(XCEPTION, (14,), FITTED.kernel[XCEPTION.columns_of(14)], FITTED.bias)
    kept = refitted(small, TRAINING, STRENGTH)
    assert kept is small
    assert probabilities(kept, VALIDATION.embeddings).shape == (60, CLASSES)
