"""L-BFGS: directions as the formulas give them, steps that meet the Wolfe conditions, and an end where one is due."""

import itertools
from collections import deque

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xception_gui.inference import lbfgs
from xception_gui.inference.lbfgs import _first_step, _line_search, _two_loop_recursion, minimize


def steps_of(seed: int, size: int, count: int) -> "deque[tuple[np.ndarray, np.ndarray]]":
    """Steps on a quadratic, and how its gradient changes along them."""
    random = np.random.default_rng(seed)
    root = random.normal(0, 1, (size, size))
    matrix = root @ root.T + np.eye(size)
    return deque((step, matrix @ step) for step in random.normal(0, 1, (count, size)))


@given(seed=st.integers(0, 1000), size=st.integers(1, 6), count=st.integers(0, 6))
def test_a_direction_is_that_of_the_inverse_hessian_written_out(seed, size, count):
    """Equations 7.16, 7.17 and 7.20, with whole matrices."""
    pairs = steps_of(seed, size, count)
    inverse = np.eye(size)
    if pairs:
        s, y = pairs[-1]
        inverse *= (s @ y) / (y @ y)
    for s, y in pairs:
        v = np.eye(size) - np.outer(y, s) / (y @ s)
        inverse = v.T @ inverse @ v + np.outer(s, s) / (y @ s)
    gradient = np.random.default_rng(seed + 1).normal(0, 1, size)
    before = gradient.copy()
    np.testing.assert_allclose(_two_loop_recursion(gradient, pairs), -inverse @ gradient, rtol=1e-6, atol=1e-9)
    np.testing.assert_array_equal(gradient, before)


class Recorded:
    """A function of one variable, and where it was asked for."""

    def __init__(self, function, slope) -> None:
        self.asked: list[float] = []
        self._function, self._slope = function, slope

    def __call__(self, x: np.ndarray) -> tuple[float, np.ndarray]:
        self.asked.append(float(x[0]))
        return float(self._function(x[0])), np.array([self._slope(x[0])], float)


def search(function: Recorded, first: float, direction: float = 1.0):
    start = np.zeros(1)
    value, gradient = function(start)
    function.asked.clear()
    return _line_search(function, start, value, gradient, np.array([direction]), first=first)


def bowl(bottom: float) -> Recorded:
    return Recorded(lambda x: (x - bottom) ** 2, lambda x: 2 * (x - bottom))


@pytest.mark.parametrize(
    ("bottom", "first", "asked"),
    [
        (1.0, 1.0, [1.0]),
        (1.0, 0.06, [0.06, 0.12]),  # the slope is down to 0.94 of what it was, which isn't enough
        (1.0, 0.04, [0.04, 0.08, 0.16]),
        (1.0, 0.11, [0.11]),
        (1.0, 1.9, [1.9]),
        (1.0, 2.5, [2.5, 1.25]),
        (1.0, 9.0, [9.0, 4.5, 2.25, 1.125]),
        (8.0, 0.25, [0.25, 0.5, 1.0]),
    ],
)
def test_a_step_is_doubled_while_it_is_too_short_and_halved_where_it_is_too_long(bottom, first, asked):
    function = bowl(bottom)
    found = search(function, first)
    assert function.asked == pytest.approx(asked)
    assert found is not None
    assert found[0][0] == pytest.approx(asked[-1])
    assert (found[1], found[2][0]) == pytest.approx(((asked[-1] - bottom) ** 2, 2 * (asked[-1] - bottom)))


def test_between_a_step_too_short_and_one_too_long_the_middle_is_tried():
    """A wall behind the bottom: 1 is too short, 2 and 1.5 are too long."""
    function = Recorded(lambda x: -x if x < 1.3 else 100.0, lambda x: -1.0 if x < 1.2 else 0.0)
    found = search(function, 0.5)
    assert function.asked == [0.5, 1.0, 2.0, 1.5, 1.25]
    assert found is not None and found[0][0] == 1.25


def test_both_conditions_hold_at_their_limits():
    """c1 = 0.0001 and c2 = 0.9, equations 3.6: a step that meets them exactly is taken."""
    for fall, taken in ((1e-4, True), (0.99e-4, False)):
        function = Recorded(lambda x, fall=fall: -fall * x if x else 0.0, lambda x: -1.0 if x == 0 else 0.0)
        assert (search(function, 1.0) is not None) is taken
        assert len(function.asked) == (1 if taken else 30)
    for slope, count in ((-0.9, 1), (-0.91, 2)):
        function = Recorded(lambda x: -x, lambda x, slope=slope: slope if x == 1 else -1.0 if x == 0 else 0.0)
        assert search(function, 1.0) is not None
        assert len(function.asked) == count


def test_where_no_step_leads_down_there_is_none_after_thirty_trials():
    function = Recorded(lambda x: abs(x), lambda x: -1.0)
    assert search(function, 1.0) is None
    assert len(function.asked) == 30
    assert np.isfinite(function.asked).all()
    function = Recorded(lambda x: np.nan if x else 0.0, lambda x: -1.0)
    assert search(function, 1.0) is None


@pytest.mark.parametrize(("gradient", "step"), [([3.0, 4.0], 0.2), ([0.0, 0.5], 2.0), ([0.0, 0.0], 1e12)])
def test_the_first_step_has_the_length_one(gradient, step):
    assert _first_step(np.array(gradient)) == pytest.approx(step)


def valley(x: np.ndarray) -> tuple[float, np.ndarray]:
    """A long narrow one: its bottom is at 1, 2, …"""
    weights = 10.0 ** np.arange(len(x))
    difference = x - np.arange(1, len(x) + 1)
    return float(weights @ difference**2) / 2, weights * difference


def test_it_ends_where_no_part_of_the_gradient_is_larger_than_the_tolerance():
    asked: list[float] = []

    def watched(x: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = valley(x)
        asked.append(float(np.abs(gradient).max()))
        return value, gradient

    start = np.zeros(4)
    for tolerance in (1.0, 1e-3, 1e-6):
        asked.clear()
        found = minimize(watched, start, gradient_tolerance=tolerance)
        assert np.abs(valley(found)[1]).max() <= tolerance
        assert asked[-1] <= tolerance < min(asked[:-1])
        assert len(asked) < 60
    assert (start == 0).all()
    asked.clear()
    minimize(watched, found, gradient_tolerance=asked[-1] if asked else float(np.abs(valley(found)[1]).max()))
    assert len(asked) == 1  # as large as the tolerance is small enough


def test_it_gives_up_after_so_many_steps_or_when_asked_to_with_the_best_so_far():
    values = [valley(minimize(valley, np.zeros(4), max_iterations=count))[0] for count in range(8)]
    assert values[0] == valley(np.zeros(4))[0]
    assert all(later < before for before, later in itertools.pairwise(values))
    answers = iter([False, False, True])
    assert valley(minimize(valley, np.zeros(4), stop=lambda: next(answers)))[0] == values[2]
    assert (minimize(valley, np.zeros(4), stop=lambda: True) == 0).all()


def test_ten_steps_are_remembered(monkeypatch):
    kept: list[int] = []
    recursion = lbfgs._two_loop_recursion
    monkeypatch.setattr(
        lbfgs, "_two_loop_recursion", lambda gradient, pairs: kept.append(len(pairs)) or recursion(gradient, pairs)
    )
    minimize(valley, np.zeros(8), gradient_tolerance=1e-12)
    assert kept[:13] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10]


def test_after_the_first_step_each_is_tried_at_its_whole_length(monkeypatch):
    firsts: list[float] = []
    line_search = lbfgs._line_search
    monkeypatch.setattr(
        lbfgs, "_line_search", lambda *words, first: firsts.append(first) or line_search(*words, first=first)
    )
    minimize(valley, np.zeros(3))
    assert firsts[0] == pytest.approx(1 / np.linalg.norm(valley(np.zeros(3))[1]))
    assert set(firsts[1:]) == {1.0}


def test_nothing_to_find_and_nowhere_to_go_end_at_once():
    assert minimize(lambda x: (0.0, x), np.zeros(0)).shape == (0,)
    stuck = minimize(lambda x: (float(np.abs(x).sum()), -np.ones_like(x)), np.zeros(2))
    assert (stuck == 0).all()
