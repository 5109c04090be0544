"""Some hundreds of damaged pictures; `tests.torture.pictures` does as many as one likes."""

import pytest

from tests.torture.pictures import damaged_picture, outcome
from tests.unit.test_images import EXAMPLES

pytestmark = pytest.mark.filterwarnings(r"ignore:::PIL\.")  # the program ignores them too


@pytest.mark.parametrize("part", range(10))
def test_damaged_pictures_give_pixels_or_a_listed_reason_within_seconds(part):
    found = {outcome(damaged_picture(2, case)[1]) for case in range(part * 60, (part + 1) * 60)}
    assert {"pixels", "damaged"} <= found  # else the damage is too small or too large to say anything


def test_each_kind_of_picture_is_among_them():
    assert {damaged_picture(2, case)[0] for case in range(600)} == set(EXAMPLES)
