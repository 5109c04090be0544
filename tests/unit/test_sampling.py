"""A few out of many."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from xception_gui.domain.sampling import spread_evenly


@given(total=st.integers(0, 200), count=st.integers(1, 20))
def test_they_are_in_order_different_and_from_all_over(total, count):
    chosen = spread_evenly(range(total), count)
    assert list(chosen) == sorted(set(chosen))
    assert len(chosen) == min(total, count)
    ends = [*chosen, total]
    assert max((b - a for a, b in pairwise(ends)), default=0) <= -(-total // count)
