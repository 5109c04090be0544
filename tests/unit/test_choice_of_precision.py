"""Which precision a training computes in, from how long a step takes in each."""

import pytest

from xception_gui.domain.choice_of_precision import fastest, gain
from xception_gui.domain.recipe import Precision

FLOAT32, BFLOAT16, FLOAT16 = Precision.FLOAT32, Precision.BFLOAT16, Precision.FLOAT16


@pytest.mark.parametrize(
    ("seconds", "wanted"),
    [
        ({FLOAT32: 1.0, BFLOAT16: 0.5}, BFLOAT16),
        ({FLOAT32: 1.1, BFLOAT16: 1.0}, BFLOAT16),
        ({FLOAT32: 1.099, BFLOAT16: 1.0}, FLOAT32),  # not worth it
        ({FLOAT32: 1.0, BFLOAT16: 1.5}, FLOAT32),
        ({FLOAT32: 1.0, BFLOAT16: 0.5, FLOAT16: 0.4}, FLOAT16),
        ({FLOAT32: 1.0, FLOAT16: 0.4, BFLOAT16: 0.3}, BFLOAT16),
        ({BFLOAT16: 0.5}, BFLOAT16),  # a step of float32 doesn't fit in memory
        ({}, FLOAT32),
    ],
)
def test_the_fastest_is_chosen_if_it_is_worth_it(seconds, wanted):
    assert fastest(seconds) is wanted


def test_the_gain_is_against_float32():
    assert gain({FLOAT32: 3.0, BFLOAT16: 1.5}, BFLOAT16) == 2
    assert gain({FLOAT32: 3.0, BFLOAT16: 1.5}, FLOAT32) == gain({}, BFLOAT16) == 1
    assert gain({BFLOAT16: 1.5}, BFLOAT16) == float("inf")
