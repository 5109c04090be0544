"""Figures: the same as scikit-learn's, for any probabilities."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from xception_gui.domain.metrics import (
    SMALLEST_PROBABILITY,
    ClassMetrics,
    Measured,
    accuracy,
    confusion_matrix,
    log_loss,
    measure_probabilities,
    paired_range,
    per_class,
)


@st.composite
def predictions(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities (N, classes) and labels (N,); some classes may be missing, some never said."""
    class_count, size = draw(st.integers(2, 5)), draw(st.integers(1, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    probabilities = rng.dirichlet(np.full(class_count, draw(st.sampled_from([0.3, 1, 5]))), size)
    probabilities = probabilities.clip(1e-4, None)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    labels = rng.integers(0, draw(st.integers(1, class_count)), size)
    return probabilities.astype(draw(st.sampled_from([np.float32, np.float64]))), labels


@given(data=predictions())
def test_accuracy_is_scikit_learns(data):
    probabilities, labels = data
    assert accuracy(probabilities, labels) == pytest.approx(oracle.accuracy_score(labels, probabilities.argmax(axis=1)))


@given(data=predictions())
def test_log_loss_is_scikit_learns(data):
    probabilities, labels = data
    exact = probabilities.astype(np.float64)
    exact /= exact.sum(axis=1, keepdims=True)  # float32's don't sum to one closely enough for scikit-learn
    wanted = oracle.log_loss(labels, exact, labels=range(probabilities.shape[1]))
    assert log_loss(probabilities, labels) == pytest.approx(wanted, rel=1e-5, abs=1e-6)


@given(data=predictions())
def test_the_confusion_matrix_is_scikit_learns(data):
    probabilities, labels = data
    classes = probabilities.shape[1]
    matrix = confusion_matrix(probabilities, labels, classes)
    wanted = oracle.confusion_matrix(labels, probabilities.argmax(axis=1), labels=range(classes))
    assert matrix.tolist() == wanted.tolist()


@given(data=predictions())
def test_precision_recall_and_f1_are_scikit_learns(data):
    probabilities, labels = data
    classes = probabilities.shape[1]
    ours = per_class(confusion_matrix(probabilities, labels, classes))
    wanted = oracle.precision_recall_fscore_support(
        labels, probabilities.argmax(axis=1), labels=range(classes), zero_division=0
    )
    for position, name in enumerate(("precision", "recall", "f1", "support")):
        assert [getattr(of_class, name) or 0 for of_class in ours] == pytest.approx(wanted[position])
    said = np.bincount(probabilities.argmax(axis=1), minlength=classes)
    for of_class, times_said in zip(ours, said, strict=True):
        assert (of_class.precision is None) == (times_said == 0)
        assert (of_class.recall is None) == (of_class.f1 is None) == (of_class.support == 0)


def test_rows_are_what_it_was_and_columns_what_was_said():
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7]])
    assert confusion_matrix(probabilities, np.array([0, 1, 1]), 2).tolist() == [[1, 0], [1, 1]]


def test_what_would_be_divided_by_nothing_is_no_figure():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = per_class(np.array([[3, 0, 0], [0, 0, 0], [1, 1, 0]]))
    assert found == [
        ClassMetrics(0.75, 1, pytest.approx(6 / 7), 3),
        ClassMetrics(0, None, None, 0),  # there is none of it, and it was said
        ClassMetrics(None, 0, 0, 2),  # never said
    ]


def test_one_impossible_picture_doesnt_make_the_loss_infinite():
    loss = log_loss(np.array([[1.0, 0.0]]), np.array([1]))
    assert loss == pytest.approx(-math.log(SMALLEST_PROBABILITY)) == pytest.approx(7 * math.log(10))
    assert log_loss(np.array([[1.0, 0.0]]), np.array([0])) == 0


def test_accuracy_and_loss_are_measured_together():
    probabilities, labels = np.array([[0.5, 0.5], [0.25, 0.75]]), np.array([0, 0])
    assert measure_probabilities(probabilities, labels) == Measured(0.5, pytest.approx(1.5 * math.log(2)))


def test_figures_are_plain_numbers():
    probabilities, labels = np.array([[0.5, 0.5]], np.float32), np.array([0])
    (first, _) = per_class(confusion_matrix(probabilities, labels, 2))
    assert [type(value) for value in (accuracy(probabilities, labels), log_loss(probabilities, labels))] == [float] * 2
    assert [type(getattr(first, name)) for name in ("precision", "recall", "f1", "support")] == [float] * 3 + [int]


def test_the_range_of_a_paired_difference_holds_its_mean_and_shrinks_with_more_pictures():
    random = np.random.default_rng(1)
    few, many = (random.choice([-1.0, 0.0, 1.0], count, p=[0.1, 0.7, 0.2]) for count in (50, 5000))
    for differences in (few, many):
        low, high = paired_range(differences)
        assert low <= differences.mean() <= high
        expected = 1.96 * differences.std() / np.sqrt(len(differences))
        assert high - low == pytest.approx(2 * expected, rel=0.15)
    assert paired_range(np.zeros(10)) == (0.0, 0.0)
