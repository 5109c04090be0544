"""When an exported model counts as the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xception_gui.domain.agreement import TOLERANCE, Agreement, agreement


def said(*rows: tuple[float, ...]) -> np.ndarray:
    return np.array(rows, np.float32)


def test_what_is_equal_agrees():
    found = agreement(said((0.7, 0.3), (0.1, 0.9)), said((0.7, 0.3), (0.1, 0.9)))
    assert (found.pictures, found.largest_difference, found.same_top_class) == (2, 0.0, 2)
    assert found.is_close


def test_one_picture_with_one_probability_too_far_off_is_refused():
    expected = said((0.7, 0.3), (0.1, 0.9))
    found = agreement(expected, expected + said((0, 0), (0.011, -0.011)))
    assert found.same_top_class == 2
    assert not found.is_close


def test_classes_that_are_equally_probable_may_change_places():
    found = agreement(said((0.503, 0.497)), said((0.497, 0.503)))
    assert found.same_top_class == 1
    assert found.is_close


def test_another_top_class_is_refused_although_no_probability_is_far_off():
    found = agreement(said((0.506, 0.494)), said((0.498, 0.502)))
    assert found.largest_difference <= TOLERANCE
    assert found.same_top_class == 0
    assert not found.is_close


@pytest.mark.parametrize(
    ("difference", "same", "is_close"), [(0.01, 5, True), (0.01001, 5, False), (0.01, 4, False), (0.0, 5, True)]
)
def test_a_hundredth_is_close_and_no_more(difference, same, is_close):
    assert Agreement(5, difference, same).is_close == is_close


@pytest.mark.parametrize(("behind", "same"), [(0.0, 1), (0.01, 1), (0.01001, 0)])
def test_a_class_that_is_a_hundredth_behind_is_as_probable(behind, same):
    assert agreement(np.array([[behind, 0.0]]), np.array([[0.0, 1.0]])).same_top_class == same


def test_numbers_that_are_none_are_refused():
    assert not agreement(said((0.5, 0.5), (0.5, 0.5)), said((0.5, 0.5), (np.nan, np.nan))).is_close


def test_other_classes_are_no_case_for_a_comparison():
    with pytest.raises(ValueError, match="same shape"):
        agreement(said((0.5, 0.5)), said((0.5, 0.3, 0.2)))


@given(st.integers(2, 6), st.integers(1, 9), st.integers(0, 10**6), st.floats(0, 0.0049))
def test_noise_below_half_the_tolerance_never_makes_a_difference(classes, pictures, seed, noise):
    random = np.random.default_rng(seed)
    expected = random.dirichlet(np.ones(classes), pictures)
    found = agreement(expected, expected + random.uniform(-noise, noise, expected.shape))
    assert found.is_close
    assert found.largest_difference <= noise
