"""Whether pictures may be mirrored: only if predictions on mirrored ones are as good, beyond what chance explains."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xception_gui.domain.metrics import is_as_good, is_clearly_lower

LABELS = np.arange(60) % 2


def said(right: np.ndarray, sure: float = 0.9) -> np.ndarray:
    """Probabilities of a model that is right or wrong about each picture."""
    of_actual = np.where(right, sure, 1 - sure)
    found = np.empty((len(LABELS), 2))
    found[np.arange(len(LABELS)), LABELS] = of_actual
    found[np.arange(len(LABELS)), 1 - LABELS] = 1 - of_actual
    return found


def right_but(errors: int, start: int = 0) -> np.ndarray:
    right = np.ones(len(LABELS), bool)
    right[start : start + errors] = False
    return right


def test_letters_may_not_be_mirrored_and_cats_may():
    plain = said(right_but(5))
    assert not is_as_good(plain, said(right_but(25)), LABELS)
    assert is_as_good(plain, said(right_but(5, start=30)), LABELS)


def test_the_same_classes_with_much_less_certainty_are_worse():
    assert not is_as_good(said(right_but(5)), said(right_but(5), sure=0.6), LABELS)


@given(st.integers(0, 60), st.floats(0.5, 0.99))
def test_pictures_that_dont_change_may_be_mirrored(errors, sure):
    plain = said(right_but(errors), sure)
    assert is_as_good(plain, plain, LABELS)


@pytest.mark.parametrize("errors", [0, 10])
def test_what_gets_better_may_be_mirrored(errors):
    assert is_as_good(said(right_but(20)), said(right_but(errors)), LABELS)


# --- Whether losses are clearly lower -------------------------------------------------------------------------------

LOSSES = np.random.default_rng(0).exponential(0.5, 400)


def test_what_chance_explains_is_not_clearly_lower():
    others = LOSSES + np.random.default_rng(1).normal(0, 0.5, 400)
    assert not is_clearly_lower(LOSSES, LOSSES)
    assert not is_clearly_lower(LOSSES, others - others.mean() + LOSSES.mean() + 0.02)


def test_a_difference_that_most_pictures_share_is_clear():
    assert is_clearly_lower(LOSSES, LOSSES + 0.02 + np.random.default_rng(1).normal(0, 0.05, 400))
    assert not is_clearly_lower(LOSSES + 0.02, LOSSES)


@pytest.mark.parametrize(("one", "other"), [(None, LOSSES), (LOSSES, None), (LOSSES, LOSSES[1:] + 1)])
def test_what_is_not_known_of_the_same_pictures_is_not_clear(one, other):
    assert not is_clearly_lower(one, other)
