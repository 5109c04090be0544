"""The head of a trained network: the one that validation pictures speak for."""

import numpy as np

from xception_gui.domain.architecture import XCEPTION
from xception_gui.inference.head import Head, probabilities
from xception_gui.inference.softmax_regression import fit_head
from xception_gui.jobs.training.figures import EmbeddedPictures, measure_head
from xception_gui.jobs.training.head_choice import choose_head

CLASSES = 3
CENTRES = np.random.default_rng(0).normal(0, 0.04, (CLASSES, XCEPTION.embedding_size))


def pictures(count: int, seed: int) -> EmbeddedPictures:
    random = np.random.default_rng(seed)
    labels = np.arange(count) % CLASSES
    embeddings = CENTRES[labels] + random.normal(0, 1, (count, XCEPTION.embedding_size))
    return EmbeddedPictures(XCEPTION, embeddings.astype(np.float16), labels, ())


TRAINING, VALIDATION = pictures(120, 1), pictures(60, 2)
FITTED = fit_head(XCEPTION, TRAINING.embeddings, TRAINING.labels, CLASSES).head


def head(scale: float) -> Head:
    """A head that was trained for some other embeddings (scale 0), or for these (1)."""
    kernel = np.float32(scale) * FITTED.kernel
    return Head(XCEPTION, XCEPTION.embedding_blocks, kernel, np.float32(scale) * FITTED.bias)


def test_a_useless_head_is_replaced_by_one_that_is_fitted_again():
    useless = Head(XCEPTION, XCEPTION.embedding_blocks, -10 * FITTED.kernel, FITTED.bias)
    chosen, measured = choose_head(useless, TRAINING, VALIDATION)
    np.testing.assert_array_equal(chosen.kernel, FITTED.kernel)
    assert measured == measure_head(FITTED, VALIDATION)


def test_the_mean_of_both_heads_is_chosen_where_it_is_better_than_either():
    best = min(np.linspace(0.5, 3, 26), key=lambda scale: measure_head(head(scale), VALIDATION).log_loss)
    assert abs(best - 1) > 0.05  # else the fitted head would be as good
    chosen, _ = choose_head(head(2 * best - 1), TRAINING, VALIDATION)
    np.testing.assert_allclose(chosen.kernel, best * FITTED.kernel, rtol=1e-5)


def test_no_choice_is_worse_than_the_head_that_was_trained():
    for scale in (0.0, 0.5, 1.0, 1.5, 3.0):
        trained = head(scale)
        _, measured = choose_head(trained, TRAINING, VALIDATION)
        assert measured.log_loss <= measure_head(trained, VALIDATION).log_loss


def test_a_head_of_fewer_blocks_is_kept():
    columns = XCEPTION.columns_of(14)
    small = Head(XCEPTION, (14,), FITTED.kernel[columns], FITTED.bias)
    chosen, _ = choose_head(small, TRAINING, VALIDATION)
    assert chosen is small
    assert probabilities(chosen, VALIDATION.embeddings).shape == (60, CLASSES)
