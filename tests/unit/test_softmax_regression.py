"""Quick's head: the same solution as scikit-learn's, by whichever way it is found."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from xception_gui.domain import metrics
from xception_gui.domain.embedding import CHANNELS, EMBEDDING_BLOCKS, EMBEDDING_SIZE
from xception_gui.inference.head import Head, columns_of, probabilities
from xception_gui.inference.lbfgs import minimize
from xception_gui.inference.scaling import as_float32, measure_scaling
from xception_gui.inference.softmax_regression import (
    STRENGTHS,
    Span,
    choose_strength,
    fit_head,
    fit_in_blocks,
    fit_in_span,
)


def embeddings_of(
    pictures: int, classes: int, *, size: int = EMBEDDING_SIZE, seed: int = 0, noise: float = 2.0
) -> tuple[np.ndarray, np.ndarray]:
    """Embeddings with a few directions that tell the classes apart, non-negative and unevenly scaled like real ones."""
    random = np.random.default_rng(seed)
    labels = np.arange(pictures) % classes
    centres = random.normal(0, 1, (classes, 12))
    factors = centres[labels] + random.normal(0, noise, (pictures, 12))
    mixed = factors @ random.normal(0, 1, (12, size)) + random.normal(0, 1, (pictures, size))
    scales = random.lognormal(-2, 1, size)
    return np.maximum(mixed * scales, 0).astype(np.float16), labels


def loss_of(standardised: np.ndarray, labels: np.ndarray, kernel: np.ndarray, bias: np.ndarray, strength: float):
    """Mean cross-entropy + ½ · strength · ‖kernel‖², written down once more."""
    logits = standardised @ kernel + bias
    shifted = logits - logits.max(axis=1, keepdims=True)
    likelihoods = shifted[np.arange(len(labels)), labels] - np.log(np.exp(shifted).sum(axis=1))
    return -likelihoods.mean() + 0.5 * strength * np.square(kernel).sum()


@pytest.mark.parametrize("strength", STRENGTHS)
def test_the_loss_is_scikit_learns_with_and_without_the_rotation(strength):
    embeddings, labels = embeddings_of(90, 5, size=400)
    scaling = measure_scaling(embeddings)
    standardised = scaling.apply(embeddings)
    oracle = LogisticRegression(C=1 / (strength * len(labels)), tol=1e-8, max_iter=1000).fit(standardised, labels)
    wanted = loss_of(standardised, labels, oracle.coef_.T, oracle.intercept_, strength)
    span = Span.of(standardised)
    rotated = loss_of(standardised, labels, *fit_in_span(span, labels, 5, strength), strength)
    # From a third of the pictures to all of them: other axes, another start, the same bottom.
    few = Span.of(standardised[:30])
    start = np.zeros((401, 5))
    blocks = fit_in_blocks(embeddings, labels, 5, strength, scaling, few, start)
    direct = loss_of(standardised, labels, *blocks, strength)
    assert abs(rotated - wanted) <= 1e-5
    assert abs(direct - wanted) <= 1e-5


def test_a_head_for_raw_embeddings_says_what_the_fit_on_standardised_ones_says():
    embeddings, labels = embeddings_of(60, 3)
    scaling = measure_scaling(embeddings)
    kernel, bias = fit_in_span(Span.of(scaling.apply(embeddings)), labels, 3, 0.04)
    logits = scaling.apply(embeddings) @ kernel + bias
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    head = fit_head(embeddings, labels, 3, strength=0.04).head
    np.testing.assert_allclose(probabilities(head, embeddings), expected, atol=1e-4)


def test_it_learns_what_can_be_learned():
    embeddings, labels = embeddings_of(400, 4, noise=0.5)
    fit = fit_head(embeddings[:300], labels[:300], 4)
    said = probabilities(fit.head, embeddings[300:])
    assert metrics.accuracy(said, labels[300:]) > 0.95
    assert fit.strength in STRENGTHS


def test_noise_asks_for_more_regularisation_than_clear_differences():
    clear = embeddings_of(150, 3, noise=0.3)
    noisy = embeddings_of(150, 3, noise=8.0)
    spans = [(Span.of(measure_scaling(x).apply(x)), y) for x, y in (clear, noisy)]
    chosen = [choose_strength(span.coordinates, y, 3) for span, y in spans]
    assert chosen[0] < chosen[1]


def test_two_pictures_a_class_are_enough_to_fit():
    embeddings, labels = embeddings_of(4, 2)
    head = fit_head(embeddings, labels, 2).head
    assert metrics.accuracy(probabilities(head, embeddings), labels) == 1.0


def test_numbers_that_never_change_and_pictures_that_are_alike_do_no_harm():
    embeddings, labels = embeddings_of(40, 2)
    embeddings[:, :100] = 0.25
    embeddings[20:] = embeddings[:20]
    head = fit_head(embeddings, labels, 2).head
    assert np.isfinite(head.kernel).all()
    assert np.isfinite(head.bias).all()


def test_more_pictures_than_the_rotation_takes_give_a_fit_too(monkeypatch):
    embeddings, labels = embeddings_of(120, 3)
    rotated = fit_head(embeddings, labels, 3, strength=0.16)
    monkeypatch.setattr("xception_gui.inference.softmax_regression.ROTATED_PICTURES", 100)
    monkeypatch.setattr("xception_gui.inference.scaling.BLOCK_OF_PICTURES", 50)
    in_blocks = fit_head(embeddings, labels, 3, strength=0.16)
    np.testing.assert_allclose(
        probabilities(in_blocks.head, embeddings), probabilities(rotated.head, embeddings), atol=2e-3
    )


def test_a_head_of_block_14_alone_looks_at_the_last_2048_numbers():
    embeddings, _ = embeddings_of(5, 2)
    kernel = np.random.default_rng(0).normal(0, 0.1, (CHANNELS[14], 2)).astype(np.float32)
    head = Head((14,), kernel, np.zeros(2, np.float32))
    logits = embeddings[:, -2048:].astype(np.float32) @ kernel
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(probabilities(head, embeddings), expected, atol=1e-5)


def test_the_columns_of_all_blocks_are_all_columns():
    np.testing.assert_array_equal(columns_of(EMBEDDING_BLOCKS), np.arange(EMBEDDING_SIZE))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(1, 30))
def test_l_bfgs_finds_the_bottom_of_any_quadratic(seed, size):
    random = np.random.default_rng(seed)
    root = random.normal(0, 1, (size, size))
    matrix, target = root @ root.T + np.eye(size), random.normal(0, 3, size)

    def quadratic(x: np.ndarray) -> tuple[float, np.ndarray]:
        difference = matrix @ (x - target)
        return float((x - target) @ difference) / 2, difference

    found = minimize(quadratic, np.zeros(size), gradient_tolerance=1e-9)
    np.testing.assert_allclose(found, target, atol=1e-6)


def test_every_number_of_float16_becomes_the_same_number_of_float32():
    numbers = np.arange(2**16, dtype=np.uint16).view(np.float16).reshape(64, 1024)
    np.testing.assert_array_equal(as_float32(numbers), numbers.astype(np.float32))


def test_mean_and_deviation_are_right_also_far_from_zero():
    embeddings = (np.random.default_rng(0).normal(0, 0.5, (700, 50)) + 200).astype(np.float16)
    scaling = measure_scaling(embeddings)
    np.testing.assert_allclose(scaling.mean, embeddings.astype(np.float64).mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(scaling.deviation, embeddings.astype(np.float64).std(axis=0), rtol=1e-3)


def test_a_fit_that_is_stopped_gives_a_head_that_works(monkeypatch):
    embeddings, labels = embeddings_of(120, 3, noise=0.5)
    monkeypatch.setattr("xception_gui.inference.softmax_regression.ROTATED_PICTURES", 30)
    head = fit_head(embeddings, labels, 3, strength=0.04, stop=lambda: True).head
    assert metrics.accuracy(probabilities(head, embeddings), labels) > 0.9


def test_l_bfgs_stops_at_a_point_that_is_the_bottom_already():
    start = np.array([1.0, 2.0])
    found = minimize(lambda x: (0.0, np.zeros_like(x)), start)
    np.testing.assert_array_equal(found, start)
