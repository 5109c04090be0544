"""What a model says of a picture, by name: the most probable classes first, and no more than are asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xception_gui.cli.documents import named
from xception_gui.domain.messages.base import plain
from xception_gui.domain.messages.using import PicturePredicted
from xception_gui.domain.predictions import PicturePrediction, Prediction, ranked

SHARES = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5]), min_size=2, max_size=9)


@given(shares=SHARES, most=st.none() | st.integers(1, 12))
def test_classes_come_by_probability_and_equal_ones_in_their_own_order(shares, most):
    classes = [f"class {number}" for number in range(len(shares))]
    found = ranked(classes, shares, most)
    wanted = sorted(zip(classes, shares, strict=True), key=lambda one: -one[1])[:most]
    assert [(one.class_name, one.probability) for one in found] == wanted


def test_a_picture_that_cant_be_read_has_no_classes():
    assert ranked(("cat", "dog"), ()) == ()


@pytest.mark.parametrize("most", [1, 2, None])
def test_the_command_line_names_them_and_says_why_a_picture_has_none(most):
    told = (PicturePredicted("a.jpg", (0.25, 0.75)), PicturePredicted("b", error="archive", detail="a ZIP archive"))
    first, second = named(told, ("cat", "dog"), most)
    assert first == PicturePrediction("a.jpg", (Prediction("dog", 0.75), Prediction("cat", 0.25))[:most])
    assert plain(second) == {
        "path": "b",
        "predictions": (),
        "error": "The file is a ZIP archive. Unpack it and use the pictures inside.",
    }
