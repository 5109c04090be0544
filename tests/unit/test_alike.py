"""Names that look alike and are different."""

import pytest

from xception_gui.data.dataset.alike import names_alike


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cat", "cat"),
        ("dog", "dog "),
        ("caf\u00e9", "cafe\u0301"),
        ("cat", "\uff43\uff41\uff54"),
        ("traffic light", "traffic_light"),
        ("traffic light", "Traffic-Light"),
        ("cat", "cat\u200b"),
        ("cat", "c\u0430t"),
        ("stra\u00dfe", "STRASSE"),
    ],
)
def test_names_that_look_alike_are_found(one, other):
    assert names_alike([one, "another", other]) == [tuple(sorted((one, other)))]


def test_names_that_can_be_told_apart_are_left_alone():
    assert names_alike(["cat", "cats", "cat 1", "cat 2", "cat", "cafe", "caf\u00e9", "red", "green"]) == []
